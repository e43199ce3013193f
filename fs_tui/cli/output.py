"""How records reach standard output: a table for people, or JSON, JSON Lines and CSV for programs.

rows ──► Table on a terminal: fitted, folded, made safe     ──► standard output
     ├─► CSV on a terminal: unwrapped, made safe             ──►
     └─► Tabs, JSON, JSON Lines or CSV: raw and unwrapped    ──► standard output, or a file

Field names are the API's own, times are ISO 8601 in UTC. JSON escapes what is not printable: it
holds the raw values and is safe on a terminal.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from datetime import UTC
from enum import Enum
from functools import wraps
from typing import TYPE_CHECKING, Protocol, TextIO

import click

from fs_tui.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from typing import Any

    from rich.console import Console

    from fs_tui.models import Library

__all__ = [
    "LIBRARY_FIELDS",
    "Format",
    "Row",
    "Writer",
    "format_options",
    "library_row",
    "stdout",
    "write_document",
    "write_one",
    "writer",
]

Row = tuple["str | None", ...]
"""One record's values, in the order of its fields; None is JSON's null and an empty cell."""

LIBRARY_FIELDS = ("group_id", "group_name", "group_data", "model_version", "add_time")


class Format(Enum):
    """The forms of output."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def format_options(*, lists: bool) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add --json, and for lists --jsonl and --csv, to a command as its `form` parameter."""
    # Any: click's decorators pass functions of every signature through.
    texts = {"json": "one JSON document", "jsonl": "one JSON object a line", "csv": "CSV, RFC 4180"}
    names = tuple(texts) if lists else ("json",)

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def formed(**given: Any) -> Any:
            return command(form=_one_form([name for name in names if given.pop(name)]), **given)

        added: Callable[..., Any] = formed
        for name in reversed(names):
            added = click.option(f"--{name}", is_flag=True, help=f"Write {texts[name]}.")(added)
        return added

    return add


def _one_form(asked: Sequence[str]) -> str | None:
    """Return the form that was asked for; each flag alone has a meaning."""
    if len(asked) > 1:
        flags = " and ".join(f"--{name}" for name in asked)
        raise UsageError(f"{flags} exclude each other.", hint="Take one of them.")
    return asked[0] if asked else None


def _iso(time: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, to the second, or to the millisecond where it has any."""
    if time is None:
        return None
    spec = "milliseconds" if time.microsecond else "seconds"
    return time.astimezone(UTC).isoformat(timespec=spec).replace("+00:00", "Z")


def library_row(library: Library) -> Row:
    """Return a library in the order of LIBRARY_FIELDS."""
    return (
        library.group_id,
        library.group_name,
        library.group_data,
        library.model_version,
        _iso(library.add_time),
    )


def stdout() -> TextIO:
    """Return standard output, ready for any text: UTF-8 in a pipe, and never an encoding error."""
    stream = sys.stdout
    if hasattr(stream, "reconfigure"):
        encoding = None if stream.isatty() else "utf-8"
        # A lone surrogate becomes \udcxx, which is what JSON writes for it too.
        stream.reconfigure(encoding=encoding, errors="backslashreplace")
    return stream


class Writer(Protocol):
    """Takes rows in portions; each portion is on its way when `write` returns."""

    def write(self, rows: Iterable[Row]) -> None:
        """Write some rows."""

    def close(self) -> None:
        """Write what belongs after the last row."""


def writer(form: Format, fields: Sequence[str], stream: TextIO) -> Writer:
    """Return the writer of a form; a table is fitted to the stream where that is a terminal."""
    match form:
        case Format.JSON:
            return _Json(fields, stream)
        case Format.JSONL:
            return _JsonLines(fields, stream)
        case Format.CSV:
            return _Csv(fields, stream)
        case Format.TABLE if stream.isatty():
            return _Table(fields, stream)
        case Format.TABLE:
            return _Tabs(fields, stream)


def write_one(form: Format, fields: Sequence[str], row: Row) -> None:
    """Write one record to standard output: an object, or a line a field."""
    stream = stdout()
    if form is Format.JSON:
        write_document(dict(zip(fields, row, strict=True)))
    elif stream.isatty():
        _fields_on_terminal(fields, row, stream)
    else:
        stream.writelines(
            f"{field}\t{_line(value)}\n" for field, value in zip(fields, row, strict=True)
        )
    stream.flush()


def write_document(value: object) -> None:
    """Write one JSON document to standard output."""
    stream = stdout()
    stream.write(_json(value, indent=2) + "\n")
    stream.flush()


def _json(value: object, indent: int | None = None) -> str:
    """Return JSON in which nothing controls a terminal: in ASCII when a text is not printable."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    printable = all(map(str.isprintable, text.split("\n")))
    return text if printable else json.dumps(value, indent=indent)


class _Json:
    """One array."""

    def __init__(self, fields: Sequence[str], stream: TextIO) -> None:
        self._fields = fields
        self._stream = stream
        self._before = "[\n"

    def write(self, rows: Iterable[Row]) -> None:
        for row in rows:
            text = _json(dict(zip(self._fields, row, strict=True)))
            self._stream.write(f"{self._before}  {text}")
            self._before = ",\n"
        self._stream.flush()

    def close(self) -> None:
        self._stream.write("[]\n" if self._before == "[\n" else "\n]\n")
        self._stream.flush()


class _JsonLines:
    def __init__(self, fields: Sequence[str], stream: TextIO) -> None:
        self._fields = fields
        self._stream = stream

    def write(self, rows: Iterable[Row]) -> None:
        self._stream.write(
            "".join(_json(dict(zip(self._fields, row, strict=True))) + "\n" for row in rows)
        )
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class _Csv:
    """RFC 4180: CRLF, quotes where they are needed, a header; raw, but on a terminal."""

    def __init__(self, fields: Sequence[str], stream: TextIO) -> None:
        self._stream = stream
        self._csv = csv.writer(stream)
        self._csv.writerow(fields)

    def write(self, rows: Iterable[Row]) -> None:
        self._csv.writerows(map(_shown, rows) if self._stream.isatty() else rows)
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class _Tabs:
    """A line a record, tabs between the values, a header."""

    def __init__(self, fields: Sequence[str], stream: TextIO) -> None:
        self._stream = stream
        self._stream.write("\t".join(fields) + "\n")

    def write(self, rows: Iterable[Row]) -> None:
        self._stream.write("".join("\t".join(map(_line, row)) + "\n" for row in rows))
        self._stream.flush()

    def close(self) -> None:
        self._stream.flush()


class _Table:
    """A table for a terminal; the first portion decides how wide the columns are."""

    def __init__(self, fields: Sequence[str], stream: TextIO) -> None:
        self._fields = fields
        self._console = _console(stream)
        self._widths: list[int] | None = None

    def write(self, rows: Iterable[Row]) -> None:
        from fs_tui.visible import cell_width

        shown = [_shown(row) for row in rows]
        first = self._widths is None
        if self._widths is None:
            natural = [
                max(map(cell_width, column)) for column in zip(self._fields, *shown, strict=True)
            ]
            firm = [index for index, field in enumerate(self._fields) if field in _FIRM]
            self._widths = _fitted(natural, firm, self._console.width)
        _print_table(self._console, self._fields if first else None, shown, self._widths)

    def close(self) -> None:
        if self._widths is None:
            self.write(())


def _shown(row: Row) -> tuple[str, ...]:
    """Return a record's values as a terminal may have them."""
    from fs_tui.visible import visible

    return tuple(visible(value or "") for value in row)


_GAP = 2
"""Cells between two columns."""

_FIRM = ("group_id", "add_time")
"""Fields that are of use in one piece."""

_LEAST = 8
"""Cells below which a column does not shrink while a firm one still can."""


def _fitted(natural: Sequence[int], firm: Sequence[int], room: int) -> list[int]:
    """Return the columns' widths: the widest give way until all fit, the firm ones at last."""
    widths = list(natural)
    spare = room - _GAP * (len(widths) - 1)
    while sum(widths) > spare and max(widths) > 1:
        soft = [index for index in range(len(widths)) if index not in firm]
        soft = [index for index in soft if widths[index] > _LEAST] or list(range(len(widths)))
        widths[max(soft, key=widths.__getitem__)] -= 1
    return widths


def _print_table(
    console: Console,
    header: Sequence[str] | None,
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=None,
        show_header=header is not None,
        pad_edge=False,
        padding=(0, _GAP, 0, 0),
        header_style="bold",
    )
    for index, width in enumerate(widths):
        title = Text(header[index] if header is not None else "")
        table.add_column(title, width=width, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    console.print(table)


def _fields_on_terminal(fields: Sequence[str], row: Row, stream: TextIO) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, _GAP, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for field, value in zip(fields, _shown(row), strict=True):
        table.add_row(Text(field), Text(value))
    _console(stream).print(table)


def _console(stream: TextIO) -> Console:
    """Return a console that reads no markup, and that styles nothing where NO_COLOR is set."""
    from rich.console import Console

    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM", "") in {"", "dumb"}
    return Console(
        file=stream,
        markup=False,
        emoji=False,
        highlight=False,
        color_system=None if plain else "auto",
    )


def _line(value: str | None) -> str:
    """Return a value raw, but for the three signs that would break the line or the column."""
    text = value or ""
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
