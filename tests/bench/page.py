"""The pages that show the tables: README.md here shows all of them, the project's some lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.program import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["write_tables"]

_PAGE = Path(__file__).with_name("README.md")
_SECTION = re.compile(r"^### (\w+): .*?(?=^### |\Z)", re.MULTILINE | re.DOTALL)
"""A group's heading and table; the first one ends what is written by hand."""

_SHORT = PROJECT / "README.md"
_LINE = re.compile(r"^\| (.+?) +\|.*$", re.MULTILINE)


def write_tables(tables: Mapping[str, str]) -> None:
    """Replace the tables of the groups that were measured, and keep those of the others.

    A line of the project's README is replaced where a line of this one has the same name.
    """
    page = _PAGE.read_text("utf-8")
    kept = {found[1]: f"{found[0].rstrip()}\n" for found in _SECTION.finditer(page)}
    first = _SECTION.search(page)
    text = page[: first.start()] if first else f"{page.rstrip()}\n\n"
    text += "\n".join(table for _, table in sorted({**kept, **tables}.items()))
    _PAGE.write_text(text, "utf-8")
    lines = {found[1]: _tight(found[0]) for found in _LINE.finditer(text)}
    short = _LINE.sub(lambda found: lines.get(found[1], found[0]), _SHORT.read_text("utf-8"))
    _SHORT.write_text(short, "utf-8")


def _tight(line: str) -> str:
    """A line without what aligns it."""
    return re.sub(r" {2,}(?=\|)", " ", line)
