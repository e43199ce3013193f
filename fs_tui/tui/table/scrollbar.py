"""A scrollbar that writes to the terminal only when it would look different."""

from __future__ import annotations

import math
from typing import Self

from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.widget import Widget

__all__ = ["CalmScrollBar"]

_STEPS = 8
"""The bar's ends are drawn to an eighth of a cell."""


class CalmScrollBar(ScrollBar):
    """In a table of millions one row is far less than what the bar can show.

    Textual repaints it for each change of its position or of the table's length: over a slow link
    that is a third of what scrolling by a line has to send, and it would never rest in a scan.
    """

    _thumb: tuple[int, int] | None = None
    _looks: tuple[object, ...] = ()

    def on_mount(self) -> None:
        """Paint anew: what changed since the first painting was lost."""
        self.refresh()

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        """Repaint what would look different; nothing when the picture is the same."""
        if not self.is_mounted:
            # Textual forgets what is to be painted until then; so it counts as never painted.
            return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        thumb, looks = self._where_the_thumb_is(), self._what_it_looks_like()
        before, same = self._thumb, looks == self._looks and not (layout or recompose)
        self._thumb, self._looks = thumb, looks
        if same and thumb == before:
            return self
        if same and thumb and before:
            regions = tuple(
                self._cells(*sorted(ends))
                for ends in zip(before, thumb, strict=True)
                if ends[0] != ends[1]
            )
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _where_the_thumb_is(self) -> tuple[int, int] | None:
        """Its ends in eighths of a cell; None when there is none."""
        size = self.size.height if self.vertical else self.size.width
        total, window = self.window_virtual_size, self.window_size
        if not size or not 0 < window < total:
            return None
        length = max(1.0, window * size / total)
        start = int((size - length) * self.position / (total - window) * _STEPS)
        return start, start + math.ceil(length * _STEPS)

    def _what_it_looks_like(self) -> tuple[object, ...]:
        """Everything else that the drawing depends on."""
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
        return (self.size, self.mouse_over, self.grabbed is not None, colours)

    def _cells(self, first: int, last: int) -> Region:
        """The cells between two ends, with those that hold them."""
        start, end = first // _STEPS, last // _STEPS + 1
        if self.vertical:
            return Region(0, start, self.size.width, end - start)
        return Region(start, 0, end - start, self.size.height)
