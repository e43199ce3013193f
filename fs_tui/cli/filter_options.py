"""The options by which only some faces are meant: an expression, or a file that holds one."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

import click

from fs_tui.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from fs_tui.faces.query import Query

__all__ = ["filter_options"]


# Any: click's decorators pass functions of every signature through.
def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --filter and --filter-from to a command, as its `query`."""
    options = [
        click.option(
            "--filter",
            "expression",
            metavar="EXPR",
            help="Only faces with these words; user:, data:, token:, after:, before:, -not, a|b.",
        ),
        click.option(
            "--filter-from",
            "source",
            metavar="FILE",
            help="Take EXPR from FILE; - is standard input.",
        ),
    ]

    @wraps(command)
    def with_filter(expression: str | None, source: str | None, **given: Any) -> Any:
        return command(query=_query(expression, source), **given)

    added: Callable[..., Any] = with_filter
    for option in reversed(options):
        added = option(added)
    return added


def _query(expression: str | None, source: str | None) -> Query | None:
    from fs_tui.faces.filter_language import parse

    if source is None:
        return None if expression is None else parse(expression)
    if expression is not None:
        raise UsageError("--filter and --filter-from cannot be combined.", hint="Use one of them.")
    from fs_tui.account.id_files import read_lines

    query = parse(" ".join(line for _, line in read_lines(source)))
    if query is None:
        raise UsageError("There is no expression in what --filter-from names.")
    return query
