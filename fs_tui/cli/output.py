"""How rows reach standard output or a file: a table for people, or a format for programs.

rows ──► Table on a terminal: fitted, folded, made safe     ──► standard output
     ├─► CSV on a terminal: unwrapped, made safe             ──►
     └─► Tabs, or a format of `records`: raw and unwrapped   ──► standard output, or a file
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TextIO

from fs_tui.cli.ending import tell
from fs_tui.errors import FsTuiError
from fs_tui.export import WholeFile, export
from fs_tui.records import Kind, Tabs, document, escaped, record, text_of, texts
from fs_tui.visible import cell_width, visible
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

    from rich.console import Console
    from rich.table import Table

    from fs_tui.cli.output_options import Output
    from fs_tui.records import Encoder, Field, Value

__all__ = [
    "stdout",
    "write_all",
    "write_document",
    "write_facts",
    "write_row",
    "write_rows",
]


def stdout() -> TextIO:
    """Return standard output, ready for any text: UTF-8 in a pipe, and never an encoding error."""
    stream = sys.stdout
    if hasattr(stream, "reconfigure"):
        encoding = None if stream.isatty() else "utf-8"
        # A lone surrogate becomes \udcxx, which is what JSON writes for it too.
        stream.reconfigure(encoding=encoding, errors="backslashreplace")
    return stream


async def write_rows(
    output: Output,
    chunks: AsyncGenerator[Sequence[object], None],
    *,
    noun: tuple[str, ...],
    told: Callable[[int], None] = lambda _rows: None,
) -> None:
    """Write rows as they come: to standard output, or into a file that appears when it is whole.

    Args:
        output: Where to, and how.
        chunks: The rows; closed in any case.
        noun: What one of them is, and several where that is not the same with an s.
        told: Is told how many rows are on their way so far.

    Raises:
        FsTuiError: The rows' own; what came before it is written. Nothing is written where it
            comes before the first rows.
        FileError: The file cannot be written.
    """
    if output.path is None or output.form is None:
        await _write_out(output, chunks, told)
        return
    file = WholeFile(output.path, overwrite=output.overwrite)
    if file.path != output.path:
        tell(f"{output.path} is a link; what is written is {file.path}")
    masked = "; user ids, user data and tokens in it are masked" if output.mask else ""
    encoder = output.form.encoder(output.fields, guard=True)
    written = 0

    def progressed(rows: int) -> None:
        nonlocal written
        written = rows
        told(rows)

    try:
        result = await export(chunks, file, encoder, progressed)
    except (asyncio.CancelledError, SystemExit):
        if written:
            tell(f"stopped; {file.partial} holds {count(written, *noun)}")
        raise
    holds = f"{result.path} holds {count(result.rows, *noun)}"
    if result.error is not None:
        if result.path is not None:
            tell(f"stopped; {holds}")
        raise result.error
    tell(f"{holds}{masked}")


async def write_all(output: Output, rows: Sequence[object], *, noun: tuple[str, ...]) -> None:
    """Write rows that are all there."""

    async def chunks() -> AsyncGenerator[Sequence[object], None]:
        yield rows

    await write_rows(output, chunks(), noun=noun)


async def _write_out(
    output: Output,
    chunks: AsyncGenerator[Sequence[object], None],
    told: Callable[[int], None],
) -> None:
    stream = stdout()
    sink: _Encoded | _Table | None = None
    written = 0
    try:
        async with aclosing(chunks):
            async for rows in chunks:
                sink = sink or _sink(output, stream)
                sink.write(rows)
                stream.flush()
                written += len(rows)
                told(written)
    except FsTuiError:
        if sink is not None:
            sink.close()
            stream.flush()
        raise
    (sink or _sink(output, stream)).close()
    stream.flush()


def write_row(fields: Sequence[Field], row: object, *, as_json: bool) -> None:
    """Write one row to standard output: an object, or a line a field."""
    write_facts(record(fields, row), as_json=as_json)


def write_facts(facts: Mapping[str, Value], *, as_json: bool) -> None:
    """Write values under their names to standard output: an object, or a line each."""
    if as_json:
        write_document(facts)
        return
    stream = stdout()
    if stream.isatty():
        _facts_on_terminal(facts, stream)
    else:
        lines = (f"{name}\t{escaped(text_of(value))}\n" for name, value in facts.items())
        stream.writelines(lines)
    stream.flush()


def write_document(value: object) -> None:
    """Write one JSON document to standard output."""
    stream = stdout()
    stream.write(document(value))
    stream.flush()


def _sink(output: Output, stream: TextIO) -> _Encoded | _Table:
    if output.form is not None:
        return _Encoded(output.form.encoder(output.fields), stream, safe=output.form.is_safe)
    if stream.isatty():
        return _Table(output.fields, stream)
    return _Encoded(Tabs(output.fields), stream)


class _Encoded:
    """A format: raw, but made safe where it goes to a terminal and is not safe by itself."""

    def __init__(self, encoder: Encoder, stream: TextIO, *, safe: bool = False) -> None:
        self._encoder = encoder
        self._stream = stream
        self._safe = safe
        self._bytes = None if stream.isatty() else getattr(stream, "buffer", None)
        self._put(encoder.head())

    def write(self, rows: Sequence[object]) -> None:
        self._put(self._encoder.rows(rows))

    def close(self) -> None:
        self._put(self._encoder.foot())

    def _put(self, data: bytes) -> None:
        if self._bytes is not None:
            self._bytes.write(data)
            return
        text = data.decode()
        if not self._safe:
            text = "\r\n".join(visible(line, limit=None) for line in text.split("\r\n"))
        self._stream.write(text)


class _Table:
    """A table for a terminal; the first portion decides how wide the columns are, and a longer id.

    Where there is no room for all, data gives way first, then numbers and times, then ids: a column
    of data that would be folded to shreds is cut.
    """

    def __init__(self, fields: Sequence[Field], stream: TextIO) -> None:
        self._fields = fields
        self._console = _console(stream)
        self._natural: list[int] = []
        self._heads = [len(field.name) for field in fields]

    def write(self, rows: Sequence[object]) -> None:
        from rich.text import Text

        columns = [list(map(visible, texts(field, rows))) for field in self._fields]
        needed = [max(map(cell_width, column), default=0) for column in columns]
        header = None if self._natural else [field.name for field in self._fields]
        if header is not None:
            self._natural = needed
        elif any(
            field.firm and wide > known
            for field, wide, known in zip(self._fields, needed, self._natural, strict=True)
        ):
            self._natural = list(map(max, needed, self._natural))
        worths = list(map(_worth, self._fields))
        widths = _fitted(self._natural, self._heads, worths, self._console.width)
        for field, column, width in zip(self._fields, columns, widths, strict=True):
            if _worth(field) == 0 and width < _FOLDED:
                column[:] = [visible(text, limit=width) for text in column]
        table = _grid(show_header=header is not None, header_style="bold")
        for index, width in enumerate(widths):
            title = visible(header[index], limit=width) if header is not None else ""
            table.add_column(Text(title), width=width, overflow="fold")
        for row in zip(*columns, strict=True):
            table.add_row(*map(Text, row))
        self._console.print(table)

    def close(self) -> None:
        if not self._natural:
            self.write(())


_GAP = 2
"""Cells between two columns."""

_LEAST = (4, 13)
"""Cells below which a column of a worth does not shrink while one of a higher worth still can."""

_FOLDED = 16
"""Cells from which data is folded and not cut."""


def _worth(field: Field) -> int:
    """How much it matters that a column is in one piece: data, numbers and times, ids."""
    return 2 if field.firm else int(field.kind is not Kind.TEXT)


def _fitted(
    natural: Sequence[int], heads: Sequence[int], worths: Sequence[int], room: int
) -> list[int]:
    """Return the columns' widths: headings give way, then the widest columns of the least worth."""
    widths = list(map(max, natural, heads))
    spare = room - _GAP * (len(widths) - 1)
    columns = range(len(widths))
    while sum(widths) > spare and max(widths) > 1:
        headings = [i for i in columns if widths[i] > max(natural[i], _LEAST[0])]
        by_worth = [
            [i for i in columns if worths[i] == worth and widths[i] > least]
            for worth, least in enumerate(_LEAST)
        ]
        giving = next(filter(None, [headings, *by_worth, list(columns)]))
        widths[max(giving, key=widths.__getitem__)] -= 1
    return widths


def _facts_on_terminal(facts: Mapping[str, Value], stream: TextIO) -> None:
    from rich.text import Text

    table = _grid(show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in facts.items():
        table.add_row(Text(name), Text(visible(text_of(value))))
    _console(stream).print(table)


def _grid(**style: Any) -> Table:  # Any: rich's own options
    """Return a table without lines."""
    from rich.table import Table

    return Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), **style)


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
