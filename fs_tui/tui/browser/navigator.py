"""Navigator: goes to libraries and to places in them, and remembers the way back and forward."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.history import Place, Trail

if TYPE_CHECKING:
    from textual.timer import Timer

    from fs_tui.gateway import Gateway
    from fs_tui.tui.browser.faces_pane import FacesPane
    from fs_tui.tui.browser.inspector import Inspector
    from fs_tui.tui.browser.sidebar import Sidebar
    from fs_tui.tui.browser.view_pane import Reach, ViewPane
    from fs_tui.tui.browser.views import Views

__all__ = ["Navigator"]

_LIBRARY_REST = 0.15
"""Seconds that the highlight rests on a library before its faces are asked for."""


class Navigator:
    """Takes the panes to a place together: its faces are listed, its library is confirmed beside.

    Args:
        sidebar: Its highlight follows on the way back and forward.
        faces: Lists the faces, and knows where one is.
        views: Shows views in their place.
        inspector: Asks about the library.
    """

    def __init__(
        self, sidebar: Sidebar, faces: FacesPane, views: Views, inspector: Inspector
    ) -> None:
        self._sidebar = sidebar
        self._faces = faces
        self._views = views
        self._inspector = inspector
        self._gateway: Gateway | None = None
        self._trail = Trail()
        self._resting: Timer | None = None

    def attach(self, gateway: Gateway) -> None:
        """Go to the libraries of this service."""
        self._gateway = gateway

    def open(self, place: Place) -> None:
        """Go somewhere new."""
        self._trail.remember(self._views.pane.place())
        self._trail.visit(place)
        self._go(place)

    def open_view(self, view: ViewPane) -> None:
        """Show what a view's key shows."""
        reach = self._reach
        if reach is None or (place := view.begin(reach)) is None:
            return
        self.open(place)
        view.focus_table()
        view.begun()

    def leave_view(self) -> None:
        """From a view to the faces before it, or to those of its library."""
        before, now = self._trail.before, self._trail.now
        if before is not None and now is not None and before.view != now.view:
            self.back()
        else:
            self.open(self._faces.place())

    def back_to_what_led_here(self) -> bool:
        """Back to the row or the face that led here; False where none did, or that is left."""
        now = self._trail.now
        return now is not None and now.led and self.is_at(now) and self.back()

    def enter(self, group_id: str) -> None:
        """Go to a library and into its faces, at once: more keys may follow."""
        self.open(Place(group_id))
        self._faces.focus_table()

    def lead_to(self, place: Place) -> None:
        """Show some faces, from where esc leads back here."""
        self._sidebar.select(place.group_id)
        self.open(place._replace(led=True))
        self._faces.focus_table()

    def show_library(self, group_id: str) -> None:
        """Show a library's faces, if something else is shown."""
        if group_id != self._faces.group_id or self._views.view is not None:
            self.lead_to(Place(group_id))

    def is_at(self, place: Place) -> bool:
        """Whether a place is what is shown."""
        return place.key == self._views.pane.place().key

    def follow(self) -> None:
        """Go to the highlighted library when the highlight rests: running along asks nothing."""
        self._rest_no_more()
        if not self._faces.group_id:
            self.settle()
        elif self._is_elsewhere:
            self._resting = self._faces.set_timer(_LIBRARY_REST, self.settle)

    def settle(self) -> None:
        """Go to the highlighted library now: its faces are what the next key is for."""
        library = self._sidebar.current
        if library is not None and self._is_elsewhere:
            shown = self._views.pane.place()
            # What is shown of one library is shown of the next one too.
            self.open(Place(library.group_id, view=shown.view if shown.group_id else ""))

    @property
    def _is_elsewhere(self) -> bool:
        """Whether the faces are not those of the highlighted library."""
        library = self._sidebar.current
        return library is not None and library.group_id != self._faces.group_id

    def note_filter(self, before: Place) -> None:
        """A filter that is kept is a step; where one was `before` it is the step before."""
        self._trail.remember(before)
        self._trail.visit(self._views.pane.place())

    def back(self) -> bool:
        """To what was looked at before; False where this is the first."""
        self._remember_now()
        return self._travel(self._trail.back())

    def forward(self) -> bool:
        """Forward again; False where this is the last."""
        self._remember_now()
        return self._travel(self._trail.forward())

    def _remember_now(self) -> None:
        self.settle()
        self._trail.remember(self._views.pane.place())

    def _travel(self, place: Place | None) -> bool:
        if place is not None:
            if place.group_id:
                self._sidebar.select(place.group_id)
            self._go(place)
        return place is not None

    def _go(self, place: Place) -> None:
        self._rest_no_more()
        if self._gateway is None:
            return
        if not place.view:
            # Before the focus moves there: what it comes to is what the sidebar shows by then.
            self._faces.open(self._gateway, place)
            self._views.show_faces()
        elif place.group_id and place.group_id != self._faces.group_id:
            self._faces.open(self._gateway, Place(place.group_id))
        if place.view and (reach := self._reach) is not None:
            self._views.show(place, reach)
        if place.group_id:
            self._inspector.ask_library(place.group_id)

    @property
    def _reach(self) -> Reach | None:
        """What a view may look at now; views are imported when one is wanted."""
        from fs_tui.tui.browser.view_pane import Reach

        if self._gateway is None:
            return None
        return Reach(
            self._gateway,
            tuple(self._sidebar.libraries),
            self._faces.listing,
            self._faces.prompt.text if self._views.view is None else "",
            self._faces.listings,
        )

    def _rest_no_more(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = None
