"""A scrollbar that writes to the terminal only when it would look different."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from textual.scrollbar import ScrollBar
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.geometry import Region

__all__ = ["CalmScrollBar"]

_STEPS = 8
"""The bar's ends are drawn to an eighth of a cell."""


class CalmScrollBar(ScrollBar):
    """In a table of millions one row is far less than what the bar can show.

    Textual repaints it for each change of its position or of the table's length: over a slow link
    that is a third of what scrolling by a line has to send, and it would never rest in a scan.
    """

    _picture: tuple[object, ...] = ()

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Repaint, unless the picture would be the same."""
        picture = self._what_it_shows()
        if picture == self._picture and not (layout or recompose):
            return self
        self._picture = picture
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _what_it_shows(self) -> tuple[object, ...]:
        """Everything that the drawing depends on: the thumb in eighths of a cell, the colours."""
        thumb: tuple[int, int] | None = None
        size = self.size.height if self.vertical else self.size.width
        total, window = self.window_virtual_size, self.window_size
        if size and 0 < window < total:
            length = max(1.0, window * size / total)
            start = int((size - length) * self.position / (total - window) * _STEPS)
            thumb = (start, start + int(length * _STEPS))
        colours: tuple[object, ...] = ()
        if isinstance(self.parent, Widget):
            styles = self.parent.styles
            colours = (
                self.parent.background_colors,
                styles.scrollbar_color,
                styles.scrollbar_color_hover,
                styles.scrollbar_color_active,
                styles.scrollbar_background,
                styles.scrollbar_background_hover,
                styles.scrollbar_background_active,
            )
        return (self.size, thumb, self.mouse_over, self.grabbed is not None, colours)
