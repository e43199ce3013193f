"""Panes: the three parts of the browser that can have the focus, and which of them has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.tui.browser.subject import Subject

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

    from fs_tui.tui.browser.inspector import Inspector
    from fs_tui.tui.browser.sidebar import Sidebar
    from fs_tui.tui.browser.situation import Focus
    from fs_tui.tui.browser.views import Views
    from fs_tui.tui.table.paged_table import PagedDataTable

__all__ = ["Panes"]


class Panes:
    """Moves the focus between the panes, and knows what is looked at.

    Args:
        screen: Has the focus.
        sidebar: The libraries.
        views: The faces of one, or what stands in their place.
        inspector: The details.
    """

    def __init__(
        self, screen: Screen[None], sidebar: Sidebar, views: Views, inspector: Inspector
    ) -> None:
        self._screen = screen
        self._sidebar = sidebar
        self._views = views
        self._inspector = inspector
        self._in_libraries = True

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

    def move_focus(self, by: int) -> None:
        """Move the focus some panes on; from nowhere to the first or the last one."""
        panes = (self._sidebar, self._views.pane.table, self._inspector)
        here = (place for place, pane in enumerate(panes) if self.has_focus(pane))
        now = next(here, 1 if by < 0 else 0)
        self._screen.set_focus(panes[(now + by) % len(panes)])

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

    def look_at_rows(self) -> None:
        """Look at the rows, though the details may have the focus."""
        self._in_libraries = False

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
