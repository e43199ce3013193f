"""AnySizeList: Textual's OptionList, which also takes page keys in a terminal of one cell."""

from __future__ import annotations

from textual.widgets import OptionList

__all__ = ["AnySizeList"]


class AnySizeList(OptionList):
    """A list without room for a line has no pages; Textual's own ends the program there."""

    def action_page_up(self) -> None:
        """Move the highlight up one page."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call] # Textual's own

    def action_page_down(self) -> None:
        """Move the highlight down one page."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call] # Textual's own
