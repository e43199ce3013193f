"""A query as a condition of SQL; it says the same as the query's own `matches`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.faces.query import Added, Text
from fs_tui.models import FACE_TOKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.faces.query import Query, Term

__all__ = ["Contents", "condition"]

_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_LETTER = re.compile("[a-zA-Z]")
_WILD = re.compile("[%_]")
_SPECIAL = re.compile(r"[\\%_]")


class Contents(NamedTuple):
    """What is known of all texts of a table.

    Attributes:
        nul: Some hold a NUL, at which LIKE would end.
        hex_tokens: Every face token is made of hexadecimal digits: most texts need not be looked
            for in them, which is a third of the work.
    """

    nul: bool = False
    hex_tokens: bool = False


def condition(query: Query, contents: Contents) -> tuple[str, tuple[str | int, ...]]:
    """The condition over the columns of the table `faces`, and its parameters."""
    parameters: list[str | int] = []
    return _joined([_term(term, parameters, contents) for term in query.terms], "AND"), tuple(
        parameters
    )


def _term(term: Term, parameters: list[str | int], contents: Contents) -> str:
    tests: list[str] = []
    for choice in term.choices:
        if isinstance(choice, Added):
            # Never NULL, which would stay NULL where the term is excluded.
            tests.append(f"added_ms IS NOT NULL AND added_ms {'>=' if choice.after else '<'} ?")
            parameters.append(choice.bound_ms)
        else:
            test, parameter = _test(choice, nul=contents.nul)
            columns = [column for column in choice.fields if _may_hold(column, choice, contents)]
            tests += [test.format(column) for column in columns]
            parameters += [parameter] * len(columns)
    either = _joined(tests or ["0"], "OR")
    return f"NOT {either}" if term.excluded else either


def _may_hold(column: str, text: Text, contents: Contents) -> bool:
    """Whether a column can hold a text."""
    is_hex = set(text.text) <= _HEX_DIGITS
    return is_hex or column != FACE_TOKEN.source or not contents.hex_tokens


def _test(text: Text, *, nul: bool) -> tuple[str, str]:
    """The test of one column, and its parameter: the fastest that there is."""
    if text.whole:
        return "{} = ?", text.text
    if not text.ignores_case or not _LETTER.search(text.text):
        return "instr({}, ?)", text.text
    if nul or "\0" in text.text:
        return "instr(lower({}), ?)", text.text
    # A tenth slower than instr, where lower() takes three times as long; as much again with ESCAPE.
    if _WILD.search(text.text):
        return "{} LIKE ? ESCAPE '\\'", "%" + _SPECIAL.sub(r"\\\g<0>", text.text) + "%"
    return "{} LIKE ?", f"%{text.text}%"


def _joined(parts: Sequence[str], operator: str) -> str:
    """The parts in brackets, halved again and again: SQLite takes no more than 1,000 in a row."""
    if len(parts) == 1:
        return f"({parts[0]})"
    half = len(parts) // 2
    return f"({_joined(parts[:half], operator)} {operator} {_joined(parts[half:], operator)})"
