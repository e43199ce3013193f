"""How a table looks: the parts that have colours of their own, and those colours."""

from __future__ import annotations

__all__ = ["CSS", "PARTS"]

PARTS = {
    "paged-table--header",
    "paged-table--odd",
    "paged-table--even",
    "paged-table--cursor",
    "paged-table--placeholder",
    "paged-table--marked",
    "paged-table--found",
}
"""
| Class | Description |
| :- | :- |
| `paged-table--header` | The line of titles. |
| `paged-table--odd` | Rows 1, 3, 5, … as a person counts them. |
| `paged-table--even` | Rows 2, 4, 6, … |
| `paged-table--cursor` | The row with the cursor. |
| `paged-table--placeholder` | A row that is not loaded; on top of odd or even. |
| `paged-table--marked` | A row that the user has marked; on top of odd or even. |
| `paged-table--found` | What is looked for in a row; on top of its style. |
"""

CSS = """
PagedDataTable {
    width: 1fr;
    height: 1fr;
    background: $surface;
    color: $foreground;
    overflow-x: hidden;
    overflow-y: auto;
    scrollbar-size-vertical: 1;
    scrollbar-gutter: stable;

    & > .paged-table--header {
        background: $panel;
        color: $foreground;
        text-style: bold;
    }
    & > .paged-table--even { background: $foreground 6%; }
    & > .paged-table--placeholder {
        color: $text-muted;
    }
    & > .paged-table--marked {
        text-style: bold;
    }
    & > .paged-table--found {
        text-style: bold underline;
    }
    & > .paged-table--cursor {
        background: $block-cursor-blurred-background;
        color: $block-cursor-blurred-foreground;
        text-style: $block-cursor-blurred-text-style;
    }
    &:focus > .paged-table--cursor {
        background: $block-cursor-background;
        color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }

    /* The terminal's own colours: it has no shades, so symbols and reverse video. */
    &:ansi > .paged-table--header {
        background: ansi_default;
        color: ansi_default;
        text-style: bold underline;
    }
    &:ansi > .paged-table--even {
        background: ansi_default;
    }
    &:ansi > .paged-table--placeholder {
        color: ansi_default;
    }
    &:ansi > .paged-table--cursor {
        background: ansi_default;
        color: ansi_default;
        text-style: underline;
    }
    &:ansi:focus > .paged-table--cursor {
        background: ansi_default;
        color: ansi_default;
        text-style: reverse;
    }
    &:nocolor > .paged-table--cursor {
        text-style: underline;
    }
    &:nocolor:focus > .paged-table--cursor {
        text-style: reverse;
    }
}
"""
