"""Panes: the three parts of the browser: which has the focus, and how they share the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.layout import (
    WIDE,
    Details,
    Layout,
    Pane,
    arrange,
    has_details,
    narrowed_sidebar,
)
from fs_tui.tui.browser.subject import Subject

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

    from fs_tui.tui.browser.inspector import Inspector
    from fs_tui.tui.browser.sidebar import Sidebar
    from fs_tui.tui.browser.situation import Focus
    from fs_tui.tui.browser.views import Views
    from fs_tui.tui.options import Memory
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["Panes"]


class Panes:
    """Moves the focus between the panes, arranges them, and knows what is looked at.

    Args:
        screen: Has the focus, and the classes that arrange its panes.
        memory: Keeps how the panes are arranged.
        sidebar: The libraries.
        views: The faces of one, or what stands in their place.
        inspector: The details.
    """

    def __init__(
        self,
        screen: Screen[None],
        memory: Memory,
        sidebar: Sidebar,
        views: Views,
        inspector: Inspector,
    ) -> None:
        self._screen = screen
        self._memory = memory
        self._sidebar = sidebar
        self._views = views
        self._inspector = inspector
        self._in_libraries = True
        self._layout = Layout.remembered(memory)
        self._zoomed = False
        self._narrowed: int | None = None
        self._classes: frozenset[str] = frozenset()

    def has_focus(self, pane: Widget) -> bool:
        """Whether the focus is in a pane; its own `has_focus` learns of a move only later."""
        focused = self._screen.focused
        return focused is not None and pane in focused.ancestors_with_self

    @property
    def focus(self) -> Focus:
        """What has the focus, in the words of the last line."""
        if self.has_focus(self._sidebar):
            return "libraries"
        if self.has_focus(self._inspector):
            return "details"
        return "filter" if self.has_focus(self._views.pane.prompt) else "faces"

    @property
    def _pane(self) -> Pane:
        """The pane with the focus; without one that of the list that had it last."""
        if self.has_focus(self._inspector):
            return Pane.DETAILS
        in_libraries = self.has_focus(self._sidebar) or (
            self._in_libraries and not self.has_focus(self._views.pane)
        )
        return Pane.LIBRARIES if in_libraries else Pane.FACES

    def move_focus(self, by: int) -> None:
        """Move the focus some panes on; details that are not on screen are passed over."""
        panes: list[Widget] = [self._sidebar, self._views.pane.table]
        size = self._screen.app.size
        if self._zoomed or has_details(self._layout, *size):
            panes.append(self._inspector)
        here = (place for place, pane in enumerate(panes) if self.has_focus(pane))
        now = next(here, 1 if by < 0 else 0)
        self._screen.set_focus(panes[(now + by) % len(panes)])

    # --- how they share the screen ---------------------------------------------------------------

    def arrange(self) -> None:
        """Give each pane its place, or none; the one with the focus always has one."""
        width, height = self._screen.app.size
        classes = arrange(self._layout, width, height, self._pane, zoomed=self._zoomed)
        is_alone = any(name.startswith("-only-") for name in classes)
        faces = self._views.pane.table.least_width
        narrowed = None if is_alone else narrowed_sidebar(self._layout, width, faces)
        if narrowed != self._narrowed:
            self._narrowed = self._sidebar.styles.width = narrowed
        if classes != self._classes:
            if self._screen.is_attached:
                # Both at once: each change of the classes lays the screen out anew.
                self._screen.classes = (self._screen.classes - self._classes) | classes
            else:
                self._screen.add_class(*classes, update=False)
            self._classes = classes

    def turn_details(self) -> Details:
        """Put the details below the faces, beside them, or away; returns where they are."""
        place = self._layout.turn_details(self._screen.app.size.width)
        if self.has_focus(self._inspector):
            self._screen.set_focus(self._views.pane.table)
        self._settle()
        return place

    def turn_sidebar(self) -> None:
        """Hide the libraries or show them; as a drawer, open it or close it."""
        if self._screen.app.size.width < WIDE:
            in_drawer = self.has_focus(self._sidebar)
            self._screen.set_focus(self._views.pane.table if in_drawer else self._sidebar)
            return
        self._layout.sidebar = not self._layout.sidebar
        if not self._layout.sidebar and self.has_focus(self._sidebar):
            self._screen.set_focus(self._views.pane.table)
        self._settle()

    def choose_columns(self) -> None:
        """Ask which columns of the faces are shown, and how wide."""
        from fs_tui.tui.browser.column_choice import ask_columns

        def take(choice: dict[str, str]) -> None:
            self._layout.columns = choice
            self._layout.remember(self._memory)
            self.show_columns()

        ask_columns(self._screen.app, self._layout.columns, take)

    def show_columns(self) -> None:
        """Show the columns that were chosen."""
        if self._layout.columns:
            from fs_tui.tui.browser.column_choice import chosen_columns

            self._views.faces.table.set_columns(chosen_columns(self._layout.columns))
            for view in self._views:
                view.show_columns(self._layout.columns)

    def turn_zoom(self, *, on: bool | None = None) -> bool:
        """Give the pane with the focus the whole screen, or the others their place again.

        Returns:
            Whether anything changed.
        """
        before, self._zoomed = self._zoomed, not self._zoomed if on is None else on
        self.arrange()
        return before != self._zoomed

    def _settle(self) -> None:
        self._zoomed = False
        self._layout.remember(self._memory)
        self.arrange()

    @property
    def moved(self) -> Sidebar | PagedDataTable | Inspector:
        """The pane that movements are for; the three share the names of their actions."""
        if self.has_focus(self._sidebar):
            return self._sidebar
        return self._inspector if self.has_focus(self._inspector) else self._views.pane.table

    def note_focus(self) -> None:
        """The list that has the focus is what is looked at; details show what was before."""
        if self.has_focus(self._views.pane):
            self._in_libraries = False
            self._views.pane.table.show_cursor = True
        elif self.has_focus(self._sidebar):
            self._in_libraries = True
        self.arrange()

    @property
    def looks_at_rows(self) -> bool:
        """Whether the rows had the focus last, and not the libraries."""
        return not self._in_libraries

    def look_at_face(self, *, has_row: bool) -> None:
        """Look at the face that the cursor is on, or at its details where no row shows it."""
        self._in_libraries = False
        self._screen.set_focus(self._views.pane.table if has_row else self._inspector)

    @property
    def subject(self) -> Subject:
        """What is looked at, in the list that had the focus last; an empty one's library stands in.

        Details and copies go by it, whatever the order in which messages come.
        """
        library = self._sidebar.current
        if not self._in_libraries:
            subject = self._views.pane.subject
            is_of = library is not None and library.group_id == subject.group_id
            shows = subject.face is not None or subject.card is not None or subject.position
            if shows or subject.loading or not is_of:
                return subject
        return Subject() if library is None else Subject(library.group_id, library)
