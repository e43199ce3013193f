"""BrowserScreen: libraries, faces and details on one page, and what goes on between them."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from fs_tui.gateway import GoneFacesGateway
from fs_tui.tui.bindings import bindings
from fs_tui.tui.browser.connectivity import Connectivity
from fs_tui.tui.browser.faces_pane import FacesPane
from fs_tui.tui.browser.growth_chart import GrowthChart
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.inspector import Inspector
from fs_tui.tui.browser.jumps import Jumps
from fs_tui.tui.browser.keyhints import KeyHints
from fs_tui.tui.browser.navigator import Navigator
from fs_tui.tui.browser.overview import Overview
from fs_tui.tui.browser.panes import Panes
from fs_tui.tui.browser.progress import standing
from fs_tui.tui.browser.sidebar import Sidebar
from fs_tui.tui.browser.situation import Situation
from fs_tui.tui.browser.titlebar import TitleBar
from fs_tui.tui.browser.views import Views
from fs_tui.tui.browser.waits import Waits
from fs_tui.tui.host import Job
from fs_tui.tui.terminal.policy import room_wanted
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.geometry import Size
    from textual.timer import Timer
    from textual.widget import Widget

    from fs_tui.gateway import Session
    from fs_tui.models import Library
    from fs_tui.tui.browser.data_pane import DataPane
    from fs_tui.tui.browser.view_pane import ViewPane
    from fs_tui.tui.host import Host, Kind

__all__ = ["BrowserScreen"]

_MOMENT = 0.1
"""Seconds that the first answers may take and still be painted together."""


class BrowserScreen(Screen[None]):
    """The page that one works on. Siblings never meet: every message passes through here.

    What its keys do is in `actions`.

    Sidebar ──Highlighted, Opened──► Navigator ──► the FacesPane lists, the Inspector asks
    Sidebar, FacesPane ──► subject ──► details, copies
    Inspector ──FaceGone──► FacesPane
    """

    AUTO_FOCUS = "Sidebar"

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._session: Session | None = None
        self._sidebar = Sidebar()
        self._faces = FacesPane(host)
        self._inspector = Inspector(host, self._faces.of_person)
        self._views = Views(self, host, self._faces)
        memory = host.options.memory
        self._panes = Panes(self, memory, self._sidebar, self._views, self._inspector)
        self._overview = Overview(host, self._faces, self._inspector)
        self._navigator = Navigator(self._sidebar, self._faces, self._views, self._inspector)
        self._jumps = Jumps(self, host, self._navigator, self._panes, self._faces)
        self._waits = Waits(host, self)
        self._titlebar = TitleBar()
        self._connectivity = Connectivity(self._titlebar, self._waits, self._faces, self._inspector)
        self._keyhints = KeyHints(host.options.offered)
        self._whole = ""
        self._chart = GrowthChart(host, self._sidebar)
        self._focus_before: Widget | None = None
        self._is_new = True
        self._held = ExitStack()
        self._holding: Timer | None = None
        for binding in bindings(host.options.actions):
            self._bindings.key_to_bindings[binding.key] = [binding]

    def place_panes(self) -> None:
        """Give the panes their places; before the first layout, or all would be styled twice."""
        self._panes.arrange()

    def compose(self) -> ComposeResult:
        """Title, three panes, keys."""
        if self._host.options.library:
            # At once there: what gets the focus later is styled three times over.
            self._faces.table.has_focus = True
            self.focused = self._faces.table
        yield self._titlebar
        yield self._keyhints
        yield self._sidebar
        yield self._faces
        yield self._inspector
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Say what is waited for."""
        self._titlebar.describe("connecting …")
        self._panes.show_columns()
        if self._host.masked:
            self.show_mask()
        if self._host.options.library:
            self._panes.note_focus()
        if self._host.options.auto_reload > 0:
            self.set_interval(self._host.options.auto_reload, self._auto_reload)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Style nothing twice: when it is shown first, everything has its styles from its mount."""
        event.refresh_styles = event.refresh_styles and not self._is_new
        self._is_new = False

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest useful size one sentence is all there is; the focus waits."""
        if event.size == self.outer_size:
            # At the start Textual tells the size several times over, and paints all for each.
            event.prevent_default()
        else:
            # What is laid out anew while nothing is painted would never be painted.
            self._paint()
        sentence = room_wanted(event.size.width, event.size.height)
        if sentence:
            self.query_one("#too-small", Static).update(Content(sentence))
        if sentence and not self.has_class("-too-small"):
            self._focus_before = self.focused
        elif not sentence and self.has_class("-too-small") and self._focus_before is not None:
            # What is hidden loses the focus.
            self.call_after_refresh(self.set_focus, self._focus_before)
        self.set_class(bool(sentence), "-too-small")
        self._panes.arrange()

    def set_focus(
        self,
        widget: Widget | None,
        scroll_visible: bool = False,  # noqa: ARG002, FBT001, FBT002  Textual's signature
        from_app_focus: bool = False,  # noqa: FBT001, FBT002  the same
    ) -> None:
        """Move the focus; a pane that is not on screen is given its place, not scrolled to."""
        super().set_focus(widget, scroll_visible=False, from_app_focus=from_app_focus)

    # --- what the app says ---------------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Use a session: show where it leads and load its libraries."""
        session.gateway.listen(self._connectivity.on_event)
        gateway = GoneFacesGateway(session.gateway, self._faces.listings.note_gone)
        session = session._replace(gateway=gateway)
        self._session = session
        self._navigator.attach(session.gateway)
        self._inspector.attach(session.gateway)
        words = (
            session.profile if session.profile != "default" else "",
            session.endpoint.removeprefix("https://"),
            session.source,
            "read-only" if self._host.options.read_only else "",
        )
        # What is said already is not said again: the demo's profile and source are one.
        self._titlebar.describe(*dict.fromkeys(words))
        self._titlebar.badge("source", session.warning)
        self.hold()
        library = self._host.options.library
        if library:
            # Beside the list: over a slow link each round trip counts.
            self._navigator.open(Place(library))
        self.load_libraries(select=library, said=self._host.options.greeting)

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:  # noqa: FBT001, FBT002  Textual's signature
        """Paint once what is to be laid out and to be painted anew: Textual paints it for each.

        It overrides Textual's own; the pin in pyproject.toml is for that too.
        """
        if self._repaint_required and not self.app._batch_count:  # noqa: SLF001 - no public way
            self._repaint_required = False
            self._dirty_widgets.add(self)
        super()._refresh_layout(size, scroll)

    def hold(self, seconds: float = _MOMENT) -> None:
        """Paint nothing for a moment from now: placeholders cost as much as faces."""
        if self._holding is None:
            self._held.enter_context(self.app.batch_update())
        else:
            self._holding.stop()
        self._holding = self.set_timer(seconds, self._paint)

    def _paint(self) -> None:
        """Paint what is there, and from now on everything as it comes."""
        if self._holding is not None:
            self._holding.stop()
            self._holding = None
            self._held.close()
            self.check_idle()

    def show_mask(self) -> None:
        """Show everything as the mask is now, and say that it is on for as long as it is."""
        self._titlebar.badge("mask", "masked" if self._host.masked else "")
        self._faces.show_mask()
        for view in self._views:
            view.show_mask()
        self._inspector.show_known()

    def say(self, message: str, kind: Kind = "note") -> None:
        """Show a message in the last line; a range is begun and forgotten with one."""
        self._keyhints.say(message, kind)
        self.show_keys()

    def withdraw(self, message: str) -> None:
        """Show a message no longer."""
        self._keyhints.withdraw(message)

    def forget_message(self) -> None:
        """A key came: what was said before it is over."""
        self._keyhints.forget()

    # --- libraries -----------------------------------------------------------------------------

    def load_libraries(self, *, select: str = "", said: str = "", again: bool = False) -> None:
        """Ask for the libraries, and open the selected one.

        Args:
            select: The id of the one to be selected; empty for the one that is.
            said: Is said once they are there.
            again: Say so where they are the same as before.
        """
        session = self._session
        before = self._sidebar.libraries
        if session is None:
            return

        async def load() -> None:
            try:
                libraries = await session.gateway.libraries()
            finally:
                self._sidebar.tell_count()
            self._show_libraries(libraries, select)
            if said:
                self._host.say(said)
            elif again and libraries == before:
                known = count(len(libraries), "library", "libraries")
                self._host.say(f"Read again: the same {known} as before.")
            await self._tell_news()

        self._sidebar.border_subtitle = Content("loading …")
        self._host.work(Job.LIBRARIES, load())

    def _show_libraries(self, libraries: Sequence[Library], select: str) -> None:
        self._sidebar.show(libraries, select=select)
        self._faces.note_libraries(libraries)
        current = self._sidebar.current
        if current is None:
            creating = self._host.options.allows("new_library")
            how = ": press n to create the first one." if creating else "."
            self._faces.clear(f"No libraries yet{how}")
            self._look()
        elif current.group_id == self._faces.group_id:
            self._inspector.ask_library(current.group_id)
        else:
            self._navigator.open(Place(current.group_id))
        if select and (current is None or current.group_id != select):
            self._host.say(f"There is no library {select}.", "error")

    async def _tell_news(self) -> None:
        """Show beside libraries what came and went; those that are open tell it themselves."""
        keeping = self._host.options.keeping
        for group_id, news in (await keeping.news()).items() if keeping is not None else ():
            if self._faces.listings.visited(group_id) is None:
                self._sidebar.note_news(group_id, *news)

    def on_sidebar_highlighted(self) -> None:
        """Show a library's details at once, its faces when the highlight rests on it."""
        self._look()
        self._navigator.follow()

    def on_sidebar_opened(self, event: Sidebar.Opened) -> None:
        """Go to the faces of a library."""
        self._navigator.enter(event.group_id)

    # --- what is looked at ---------------------------------------------------------------------

    def _look(self) -> None:
        subject = self._panes.subject
        self._inspector.look_at(subject)
        self._overview.look_at(subject)
        self.show_keys()

    def show_keys(self) -> None:
        """Show what one may do where one is, now that something began or ended."""
        if self.is_mounted:
            self._keyhints.show(self.situation().hints())

    def situation(self) -> Situation:
        """What one may do where one is."""
        pane, view, listing = self._views.pane, self._views.view, self._faces.listing
        here = Situation(
            self._panes.focus,
            marked=pane.sheet.counts.marked,
            keys=pane.sheet.kind.keys,
            in_range=pane.marker.in_range,
            has_rows=pane.table.row_count > 0,
            runs=pane.busy,
        )
        if view is not None:
            return here._replace(view_hints=view.hints)
        if listing is None:
            return here._replace(has_rows=False)
        return here._replace(
            loads_all=listing.status.scan is not None,
            rests=self._faces.rests,
            whole=listing.status.complete,
            filtered=pane.prompt.is_open,
            wrong=pane.prompt.is_wrong,
            astray=self._faces.cursor.is_astray,
        )

    def watch_focused(self) -> None:
        """What has the focus is what is looked at; details that have it show what was before."""
        if not self.is_mounted:
            return
        if self._panes.has_focus(self._views.pane):
            self._navigator.settle()
        self._panes.note_focus()
        self._look()

    def on_paged_data_table_columns_measured(self) -> None:
        """Give the columns the room that they need."""
        self._panes.arrange()

    def on_data_pane_changed(self) -> None:
        """Show what the cursor is on now; what is whole now may hold more of its person."""
        self._look()
        listing = self._faces.listing
        whole = "" if listing is None or not listing.status.complete else listing.group_id
        if whole != self._whole:
            self._whole = whole
            self._inspector.count_person()

    def on_faces_pane_known(self, event: FacesPane.Known) -> None:
        """Show how much is known of a library, whether it is looked at or not."""
        self._sidebar.note(event.status)
        if event.status.loaded:
            self._paint()
        if event.status.group_id == self._faces.group_id:
            self._titlebar.place(event.status.group_id, standing(event.status))
            if self._faces.listing is not None:
                self._chart.look_at(self._faces.listing)

    def on_inspector_face_gone(self, event: Inspector.FaceGone) -> None:
        """Offer a reload: the list is not what the service has any more."""
        self._faces.note_gone(event.subject)

    def on_inspector_face_said(self, event: Inspector.FaceSaid) -> None:
        """Correct what is kept."""
        self._faces.note_said(event.subject, event.face)

    def on_data_pane_searched(self, event: DataPane.Searched) -> None:
        """A filter that is kept, or another search, is a step of the way."""
        self._navigator.note_filter(event.before)

    # --- what views say ------------------------------------------------------------------------

    def on_view_pane_place_wanted(self, event: ViewPane.PlaceWanted) -> None:
        """A row leads to some faces."""
        self._navigator.lead_to(event.place)

    def on_view_pane_face_wanted(self, event: ViewPane.FaceWanted) -> None:
        """A row leads to a face."""
        self._jumps.to_row(event)

    def _auto_reload(self) -> None:
        if not self._faces.reloader.busy:
            self._faces.reloader.recheck()
            if self._inspector.failed:
                self._inspector.ask_again()
