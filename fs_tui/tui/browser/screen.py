"""BrowserScreen: libraries, faces and details side by side, and what the keys do there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from fs_tui.tui.bindings import bindings
from fs_tui.tui.browser.faces_pane import FacesPane
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.inspector import Inspector
from fs_tui.tui.browser.keyhints import KeyHints
from fs_tui.tui.browser.navigator import Navigator
from fs_tui.tui.browser.sidebar import Sidebar
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.browser.titlebar import TitleBar
from fs_tui.tui.browser.waits import Waits
from fs_tui.tui.host import Job
from fs_tui.tui.keys import shown
from fs_tui.tui.messages import CopyWanted
from fs_tui.tui.terminal.policy import room_wanted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from fs_tui.faces.query import Order
    from fs_tui.gateway import Event, Session
    from fs_tui.models import Face, Library, RetryWait
    from fs_tui.tui.browser.statusline import Kind
    from fs_tui.tui.dialogs.create import DraftTexts
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["BrowserScreen"]

_NOT_IN_PALETTE = {"palette", "quit", "back", "down", "up", "page_down", "page_up"}


class BrowserScreen(Screen[None]):
    """The page that one works on. Siblings never meet: every message passes through here.

    Sidebar ──Highlighted, Opened──► Navigator ──► the FacesPane lists, the Inspector asks
    Sidebar, FacesPane ──► subject ──► details, copies
    Inspector ──FaceGone──► FacesPane
    """

    AUTO_FOCUS = "Sidebar"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (116, "-broad")]  # noqa: RUF012  Textual's own type
    VERTICAL_BREAKPOINTS = [(0, "-low"), (22, "-high")]  # noqa: RUF012  Textual's own type

    def __init__(self, host: Host) -> None:
        super().__init__()
        self._host = host
        self._texts: DraftTexts | None = None
        for binding in bindings(host.options.actions):
            self._bindings.key_to_bindings[binding.key] = [binding]
        self._session: Session | None = None
        self._focus_before: Widget | None = None
        self._in_libraries = True
        self._waits = Waits(
            self.set_interval, lambda words: self.say(words, "wait"), lambda: self.is_active
        )

    def compose(self) -> ComposeResult:
        """Title, three panes, keys."""
        # Known before the first layout, or the first frame would be laid out and painted twice.
        for size, breakpoints in zip(
            self.app.size, (self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS), strict=True
        ):
            self.add_class(next(name for least, name in reversed(breakpoints) if size >= least))
        yield TitleBar()
        yield KeyHints(
            [action for action in self._host.options.actions if self.check_action(action.name, ())]
        )
        yield Sidebar()
        yield FacesPane(self._host)
        yield Inspector(self._host)
        yield Static("", id="too-small", markup=False)

    def on_mount(self) -> None:
        """Keep the parts at hand: they are used at each key."""
        self._titlebar = self.query_one(TitleBar)
        self._sidebar = self.query_one(Sidebar)
        self._faces = self.query_one(FacesPane)
        self._inspector = self.query_one(Inspector)
        self._navigator = Navigator(self._sidebar, self._faces, self._inspector)
        self._titlebar.describe("connecting …")
        if self._host.options.auto_reload > 0:
            self.set_interval(self._host.options.auto_reload, self._auto_reload)

    def on_resize(self, event: events.Resize) -> None:
        """Below the smallest useful size one sentence is all there is; the focus waits."""
        sentence = room_wanted(event.size.width, event.size.height)
        if sentence:
            self.query_one("#too-small", Static).update(Content(sentence))
        if sentence and not self.has_class("-too-small"):
            self._focus_before = self.focused
        elif not sentence and self.has_class("-too-small") and self._focus_before is not None:
            # What is hidden loses the focus.
            self.call_after_refresh(self.set_focus, self._focus_before)
        self.set_class(bool(sentence), "-too-small")

    # --- what the app says ---------------------------------------------------------------------

    def attach(self, session: Session) -> None:
        """Use a session: show where it leads and load its libraries."""
        self._session = session
        self._navigator.attach(session.gateway)
        self._inspector.attach(session.gateway)
        self._titlebar.describe(
            session.profile if session.profile != "default" else "",
            session.endpoint,
            session.source,
            "read-only" if self._host.options.read_only else "",
        )
        self.badge("source", session.warning)
        library = self._host.options.library
        if library:
            # Beside the list: over a slow link each round trip counts.
            self._navigator.open(Place(library))
        self._load_libraries(select=library)

    def badge(self, name: str, text: str) -> None:
        """Show a lasting notice in the title bar."""
        self._titlebar.badge(name, text)

    def show_offline(self, badge: str) -> None:
        """Say since when the service is out of reach, and how old what is shown is; "" ends it."""
        self.badge("offline", badge)
        self._faces.show_age(on=bool(badge))
        if not badge and self._inspector.failed:
            self._inspector.ask_again()

    def say(self, message: str, kind: Kind = "note") -> None:
        """Show a message in the status line."""
        self._faces.say(message, kind)

    def withdraw(self, message: str) -> None:
        """Show a message no longer."""
        self._faces.withdraw(message)

    def on_gateway_event(self, event: Event) -> None:
        """Pass on what the gateway tells."""
        self._faces.on_gateway_event(event)

    def show_wait(self, wait: RetryWait, until: float | None) -> None:
        """Count down to the next attempt; `until` is monotonic seconds, None ends it."""
        if until is None:
            self._waits.end(wait)
        else:
            self._waits.begin(wait, until)

    # --- libraries -----------------------------------------------------------------------------

    def _load_libraries(self, *, select: str = "", said: str = "") -> None:
        """Ask for the libraries, and open the selected one; `said` is then said about it."""
        session = self._session
        if session is None:
            return

        async def load() -> None:
            try:
                libraries = await session.gateway.libraries()
            finally:
                self._sidebar.tell_count()
            self._show_libraries(libraries, select)
            if said:
                self.say(said, "brief")

        self._sidebar.border_subtitle = Content("loading …")
        self._host.work(Job.LIBRARIES, load())

    def _show_libraries(self, libraries: Sequence[Library], select: str) -> None:
        self._sidebar.show(libraries, select=select)
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
            self.say(f"There is no library {select}.", "error")

    def on_sidebar_highlighted(self) -> None:
        """Show a library's details at once, its faces when the highlight rests on it."""
        self._look()
        self._navigator.follow()

    def on_sidebar_opened(self, event: Sidebar.Opened) -> None:
        """Go to the faces of a library."""
        self._navigator.enter(event.group_id)

    # --- what is looked at ---------------------------------------------------------------------

    @property
    def subject(self) -> Subject:
        """What is looked at, in the list that had the focus last; an empty one's library stands in.

        Details and copies go by it, whatever the order in which messages come.
        """
        library = self._sidebar.current
        if not self._in_libraries:
            subject = self._faces.cursor.subject
            is_of = library is not None and library.group_id == subject.group_id
            if subject.face is not None or subject.position or subject.loading or not is_of:
                return subject
        return Subject() if library is None else Subject(library.group_id, library)

    def _look(self) -> None:
        self._inspector.look_at(self.subject)

    def watch_focused(self) -> None:
        """What has the focus is what is looked at; details that have it show what was before."""
        if not self.is_mounted:
            return
        in_faces = self._is_in(self._faces)
        if in_faces or self._is_in(self._sidebar):
            self._in_libraries = not in_faces
        if in_faces:
            self._navigator.settle()
            self._faces.table.show_cursor = True
        self._look()

    def on_faces_pane_changed(self) -> None:
        """Show what the cursor is on now."""
        self._look()

    def on_inspector_face_gone(self, event: Inspector.FaceGone) -> None:
        """Offer a reload: the list is not what the service has any more."""
        if event.group_id == self._faces.group_id:
            self._faces.note_change("a listed face is no longer there")

    def on_faces_pane_filtered(self, event: FacesPane.Filtered) -> None:
        """A filter that is kept is a step of the way."""
        self._navigator.note_filter(event.before)

    def on_faces_pane_left(self) -> None:
        """Esc in the table with nothing to undo: back to the libraries."""
        self._sidebar.focus()

    # --- actions -------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002  Textual's signature
        """What this run may not do is refused."""
        return self._host.options.allows(action)

    def action_digit(self, digit: str) -> None:
        """Begin or continue a position for `G`."""
        if self._is_in(self._faces):
            self._faces.type_digit(digit)

    def action_palette(self) -> None:
        """Open the command palette."""
        self.app.action_command_palette()

    async def action_quit(self) -> None:
        """Leave."""
        await self.app.action_quit()

    def commands(self) -> Iterable[SystemCommand]:
        """Every action of the browser for the palette."""
        for action in self._host.options.offered:
            if action.name in _NOT_IN_PALETTE or not self.check_action(action.name, ()):
                continue

            async def run(name: str = action.name) -> None:
                await self.run_action(name)

            yield SystemCommand(action.label, f"Key: {shown(action.keys[0])}", run)
        yield SystemCommand("Go to position", "Show the face at a position", self.go_to_position)

    def action_help(self) -> None:
        """Show what the keys do."""
        from fs_tui.tui.dialogs.help import Help

        self.app.push_screen(Help(self._host.options.offered))

    def action_back(self) -> None:
        """One step back; never out of the program."""
        if self._waits:
            self.action_cancel()
        elif self._is_in(self._inspector):
            self._faces.focus_table()
        elif self._is_in(self._faces):
            self._faces.step_back()
        else:
            self.say("")

    def action_cancel(self) -> None:
        """Stop what runs: waits, loads, scans, searches, exports."""
        self._faces.cancel()
        self._inspector.cancel()
        self._host.cancel(Job.LIBRARIES, Job.CONNECT, Job.CREATE)
        self._waits.clear()
        self.say("cancelled", "brief")

    def _is_in(self, pane: Widget) -> bool:
        """Whether the focus is in a pane; `has_focus` learns of a move only later."""
        return self.focused is not None and pane in self.focused.ancestors_with_self

    def _panes(self) -> list[Widget]:
        return [self._sidebar, self._faces.table, self._inspector]

    def action_next_pane(self) -> None:
        """Move the focus to the next pane."""
        self._focus_pane(1)

    def action_previous_pane(self) -> None:
        """Move the focus to the previous pane."""
        self._focus_pane(-1)

    def _focus_pane(self, by: int) -> None:
        panes = self._panes()
        now = next((i for i, pane in enumerate(panes) if self._is_in(pane)), 1 if by < 0 else 0)
        self.set_focus(panes[(now + by) % len(panes)])

    @property
    def _moved(self) -> Sidebar | PagedDataTable | Inspector:
        """The pane that movements are for; the three share the names of their actions."""
        if self._is_in(self._sidebar):
            return self._sidebar
        return self._inspector if self._is_in(self._inspector) else self._faces.table

    def action_down(self) -> None:
        """Down one row."""
        self._moved.action_cursor_down()

    def action_up(self) -> None:
        """Up one row."""
        self._moved.action_cursor_up()

    def action_page_down(self) -> None:
        """A page down."""
        self._moved.action_page_down()

    def action_page_up(self) -> None:
        """A page up."""
        self._moved.action_page_up()

    def action_first(self) -> None:
        """To the first row."""
        pane = self._moved
        if isinstance(pane, (Sidebar, Inspector)):
            pane.action_first()
        else:
            self._faces.cursor.to_first()

    def action_last(self) -> None:
        """To the last row, or to the position that was typed."""
        pane = self._moved
        if isinstance(pane, (Sidebar, Inspector)):
            pane.action_last()
        else:
            self._faces.last()

    def action_open(self) -> None:
        """From the library to its faces, from a face to its details."""
        if self._is_in(self._sidebar):
            if self._sidebar.current is not None:
                self._navigator.enter(self._sidebar.current.group_id)
        elif self._is_in(self._faces):
            self.set_focus(self._inspector)

    def action_history_back(self) -> None:
        """To what was looked at before."""
        if not self._navigator.back():
            self.say("There is nothing further back.", "brief")

    def action_history_forward(self) -> None:
        """Forward again."""
        if not self._navigator.forward():
            self.say("There is nothing further on.", "brief")

    def action_filter(self) -> None:
        """Open the filter prompt."""
        self._navigator.settle()
        self._faces.open_filter()

    def action_order(self) -> None:
        """Choose an order."""
        from fs_tui.tui.dialogs.order import OrderPicker

        self._navigator.settle()
        listing = self._faces.listing
        if listing is None:
            return

        def chosen(order: Order | None) -> None:
            if order is not None:
                self._faces.order(order)

        self.app.push_screen(OrderPicker(listing.status.view.order), chosen)

    def action_load_all(self) -> None:
        """Load the whole library, pause, resume."""
        self._navigator.settle()
        self._faces.load_all()

    def action_mark(self) -> None:
        """Mark the row."""
        self._faces.mark()

    def action_mark_range(self) -> None:
        """Mark a range."""
        self._faces.mark_range()

    def action_reload(self) -> None:
        """Reload what has the focus."""
        if self._session is None:
            self._host.connect()
            return
        self._navigator.settle()
        if self._is_in(self._sidebar):
            self._load_libraries()
        self._inspector.ask_again()
        self._faces.reloader.reload()

    def _auto_reload(self) -> None:
        if not self._faces.reloader.busy:
            self._faces.reloader.recheck()
            if self._inspector.failed:
                self._inspector.ask_again()

    def go_to_position(self) -> None:
        """Ask for a position and go there."""
        from fs_tui.tui.dialogs.goto import GoToPosition

        self._navigator.settle()
        listing = self._faces.listing
        if listing is None:
            return

        def chosen(position: int | None) -> None:
            if position is not None:
                self._faces.focus_table()
                self._faces.cursor.to_position(position)

        self.app.push_screen(GoToPosition(last=listing.status.total), chosen)

    def action_jump(self) -> None:
        """Ask for a token and show its face."""
        from fs_tui.tui.dialogs.jump import JumpToFace

        self._navigator.settle()
        if self._session is None or not self._faces.group_id:
            return

        def found(face: Face | None) -> None:
            if face is not None:
                self._host.work(Job.MOVE, self._show_face(face))

        self.app.push_screen(JumpToFace(self._session.gateway, self._faces.group_id), found)

    async def _show_face(self, face: Face) -> None:
        """Go to the face's row; where there is none, the details are all there is to see."""
        has_row = await self._faces.go_to_face(face)
        self._in_libraries = False
        self.set_focus(self._faces.table if has_row else self._inspector)

    def action_new_library(self) -> None:
        """Open the create form."""
        from fs_tui.tui.browser.creating import ask_library

        def created(library: Library) -> None:
            self._load_libraries(
                select=library.group_id, said=f"Library {library.group_id} was created."
            )

        if self._session is not None:
            ask_library(self, self._host, self.draft, self._session.gateway, created)

    @property
    def draft(self) -> DraftTexts:
        """What was typed into the create form and not sent yet."""
        from fs_tui.tui.dialogs.create import DraftTexts

        if self._texts is None:
            self._texts = DraftTexts()
        return self._texts

    def action_errors(self) -> None:
        """Show all errors of this run."""
        self._host.show_errors()

    def action_request_log(self) -> None:
        """Show the requests of this run."""
        self._host.show_requests()

    def action_copy(self) -> None:
        """Copy the token of the face, or the id of the library, that is looked at."""
        subject = self.subject
        if subject.face is not None:
            self.post_message(CopyWanted(subject.face.face_token, "the face token"))
        elif subject.library is not None:
            self.post_message(CopyWanted(subject.group_id, "the library id"))
        else:
            self.say("There is no face to copy.", "brief")

    def action_copy_menu(self) -> None:
        """Choose what to copy."""
        from fs_tui.tui.browser.copying import copy_menu

        self._navigator.settle()
        if self._faces.listing is not None:
            copy_menu(self._faces, self._host, self._faces.listing, self._faces.cursor.subject.face)

    def action_export(self) -> None:
        """Choose what to export, and where to."""
        from fs_tui.tui.browser.exporting import export_menu

        self._navigator.settle()
        if self._faces.listing is not None:
            export_menu(self._faces, self._host, self._faces.listing)
