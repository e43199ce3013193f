"""A query as a condition of SQL; it says the same as the query's own `matches`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fs_tui.faces.query import Added, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.faces.query import Query, Term

__all__ = ["condition"]


def condition(query: Query, *, nul: bool) -> tuple[str, tuple[str | int, ...]]:
    """The condition over the columns of the table `faces`, and its parameters.

    Args:
        query: What a face must pass.
        nul: Whether there are texts with a NUL among the faces, at which LIKE would end.
    """
    parameters: list[str | int] = []
    return _joined([_term(term, parameters, nul=nul) for term in query.terms], "AND"), tuple(
        parameters
    )


def _term(term: Term, parameters: list[str | int], *, nul: bool) -> str:
    tests: list[str] = []
    for choice in term.choices:
        if isinstance(choice, Added):
            # Never NULL, which would stay NULL where the term is excluded.
            tests.append(f"added_ms IS NOT NULL AND added_ms {'>=' if choice.after else '<'} ?")
            parameters.append(choice.bound_ms)
        else:
            test, parameter = _test(choice, nul=nul)
            tests += [test.format(column) for column in choice.fields]
            parameters += [parameter] * len(choice.fields)
    either = _joined(tests, "OR")
    return f"NOT {either}" if term.excluded else either


def _test(text: Text, *, nul: bool) -> tuple[str, str]:
    """The test of one column, and its parameter."""
    if text.whole:
        return "{} = ?", text.text
    if not text.ignores_case:
        return "instr({}, ?)", text.text
    if nul or "\0" in text.text:
        return "instr(lower({}), ?)", text.text
    # As fast as instr (0.85 s over five million rows); lower() takes three times as long.
    return "{} LIKE ? ESCAPE '\\'", "%" + re.sub(r"([\\%_])", r"\\\1", text.text) + "%"


def _joined(parts: Sequence[str], operator: str) -> str:
    """The parts in brackets, halved again and again: SQLite takes no more than 1,000 in a row."""
    if len(parts) == 1:
        return f"({parts[0]})"
    half = len(parts) // 2
    return f"({_joined(parts[:half], operator)} {operator} {_joined(parts[half:], operator)})"
