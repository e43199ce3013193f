"""Sidebar: the libraries of the account, name over id."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from fs_tui.models import MOST_LIBRARIES
from fs_tui.tui.browser.progress import known, news, running
from fs_tui.tui.forms.any_size_list import AnySizeList
from fs_tui.tui.table.table_columns import fit
from fs_tui.visible import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fs_tui.faces.status import ListingStatus
    from fs_tui.models import Library

__all__ = ["Sidebar"]

_LINES = 2
"""Of each library."""
_PADDING = 2
"""Cells beside each of them."""
_CHART_LINES = 3
"""Of the growth."""
_LEAST_NAME = 6
"""Cells of a name that stay where a number stands beside it."""
_NOTHING = ("", "", "")
"""What is said of a library that was not looked at."""


class Sidebar(AnySizeList):
    """The list of libraries; tells which one is highlighted, and which one was opened.

    Attributes:
        libraries: What is listed, in the service's order.
    """

    DEFAULT_CSS = """
    Sidebar {
        border: round $foreground 50%;
        border-title-color: $foreground;
        background: $background;
        border-subtitle-color: $text-muted;
        padding: 0;
        scrollbar-size-vertical: 1;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { border: round $border; background-tint: $foreground 0%; }
        &:focus:nocolor { border: heavy $foreground; }
        &:ansi > .option-list--option-highlighted { text-style: bold underline; }
        & > .option-list--option { padding: 0 1; }
        & > .sidebar--growth { color: $text-muted; }
        & > .option-list--option-hover { background: $background; }
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"sidebar--growth"}

    class Highlighted(Message):
        """The highlight came to another library: `current` says which."""

        def can_replace(self, message: Message) -> bool:
            """What is highlighted is asked when it is handled."""
            return isinstance(message, Sidebar.Highlighted)

    class Opened(Message):
        """A click asks for the faces of a library."""

        def __init__(self, group_id: str) -> None:
            super().__init__()
            self.group_id = group_id

    highlighted: reactive[int | None] = reactive(None, repaint=False)
    """Textual's own repaints the whole list."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.border_title = Content("Libraries")
        self.libraries: tuple[Library, ...] = ()
        self._growth: dict[str, Callable[[int], Sequence[str]]] = {}
        self._known: dict[str, tuple[str, str, str]] = {}

    @property
    def current(self) -> Library | None:
        """The highlighted library."""
        index = self.highlighted
        return None if index is None or index >= len(self.libraries) else self.libraries[index]

    def show(self, libraries: Sequence[Library], *, select: str = "") -> None:
        """List the libraries; the highlighted one stays, or `select` is, or the first."""
        wanted = select or (self.current.group_id if self.current else "")
        self.libraries = tuple(libraries)
        ids = [library.group_id for library in libraries]
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options(Option(self._prompt(library)) for library in libraries)
            if ids:
                self.highlighted = ids.index(wanted) if wanted in ids else 0
        self.tell_count()
        if self.current is not None:
            self.post_message(self.Highlighted())

    def tell_count(self) -> None:
        """Say at the border how many there are, of as many as an account may have."""
        known = len(self.libraries)
        self.border_subtitle = Content(f"{known} of {MOST_LIBRARIES}" if known else "")

    def select(self, group_id: str) -> None:
        """Put the highlight on a library, if it is listed."""
        for index, library in enumerate(self.libraries):
            if library.group_id == group_id:
                self.highlighted = index

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say it in the field's words."""
        event.stop()
        if self.current is not None:
            self.post_message(self.Highlighted())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Say it in the field's words."""
        event.stop()
        self.post_message(self.Opened(self.libraries[event.option_index].group_id))

    def note(self, status: ListingStatus) -> None:
        """Show how many faces a library has, how far its loading is, and what came and went."""
        kept = status.kept
        came = "" if kept is None else news(kept.added, kept.gone)
        self._say(status.group_id, (known(status), running(status), came))

    def note_news(self, group_id: str, added: int, gone: int) -> None:
        """Show what came to a library that was not looked at, and what went."""
        number, progress, _ = self._known.get(group_id, _NOTHING)
        self._say(group_id, (number, progress, news(added, gone)))

    def _say(self, group_id: str, words: tuple[str, str, str]) -> None:
        if words != self._known.get(group_id, _NOTHING):
            self._known[group_id] = words
            self._repaint(group_id)

    def show_growth(self, group_id: str, lines: Callable[[int], Sequence[str]]) -> None:
        """Show below the list, where there is room, how a library grew, while it is highlighted.

        Args:
            group_id: The library.
            lines: Gives the lines for so many cells.
        """
        self._growth[group_id] = lines
        if self.current is not None and self.current.group_id == group_id:
            self.refresh(self._chart_region)

    def watch_highlighted(self, before: int | None, highlighted: int | None) -> None:  # type: ignore[override]  # one more, which Textual gives
        """Paint the libraries between which the highlight moved, and the growth."""
        super().watch_highlighted(highlighted)
        moved = [self._region(index) for index in (before, highlighted) if index is not None]
        self.refresh(*moved, *[self._chart_region] * bool(self._growth))

    @property
    def _chart_region(self) -> Region:
        height = min(_CHART_LINES, self.size.height)
        return Region(0, self.size.height - height, self.size.width, height)

    def _region(self, index: int) -> Region:
        """Where a library is drawn."""
        return Region(0, index * _LINES - self.scroll_offset.y, self.size.width, _LINES)

    def _chart(self) -> Sequence[str]:
        """The lines of the highlighted library's growth."""
        lines = None if self.current is None else self._growth.get(self.current.group_id)
        return () if lines is None else lines(self.scrollable_content_region.width - _PADDING)

    def render_line(self, y: int) -> Strip:
        """Draw a line of the list, or, below its last one, of the growth."""
        below = len(self.libraries) * _LINES
        lines = self._chart() if y > below else ()
        first = self.size.height - len(lines)
        if not lines or y < first or first <= below:
            return super().render_line(y)
        text = f" {lines[y - first]}"
        strip = Strip([Segment(text, self.get_component_rich_style("sidebar--growth"))])
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    def on_resize(self) -> None:
        """Fit names and numbers to the width."""
        for index, library in enumerate(self.libraries):
            self.replace_option_prompt_at_index(index, self._prompt(library))

    def _repaint(self, group_id: str) -> None:
        """Draw one library anew; Textual's own way paints the whole list."""
        for index, library in enumerate(self.libraries):
            if library.group_id == group_id:
                self.get_option_at_index(index)._set_prompt(self._prompt(library))  # noqa: SLF001
                self._option_render_cache.clear()
                self.refresh(self._region(index))

    def _prompt(self, library: Library) -> Content:
        """Name over id, each on one line with what is known; an id stands alone without a name."""
        number, progress, came = self._known.get(library.group_id, _NOTHING)
        name = visible(library.group_name, limit=60)
        group_id = visible(library.group_id, limit=60)
        first, second = (name, group_id) if name else (group_id, "no name")
        muted = "$text-muted"
        below = (progress, muted) if progress else (came, "$success")
        lines = [self._line(first, "bold", number, muted), self._line(second, muted, *below)]
        return Content("\n").join(lines)

    def _line(self, text: str, style: str, right: str, right_style: str) -> Content:
        """A text, cut where it must be, and a word at the right end."""
        width = self.scrollable_content_region.width - _PADDING
        if not right or width < len(right) + _LEAST_NAME:
            return Content.styled(text, style)
        fitted = fit(text, width - len(right) - 1)
        return Content.assemble((fitted, style), " ", (right, right_style))
