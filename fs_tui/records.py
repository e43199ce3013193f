"""Rows as text: the fields of a row, and the output formats with their encoders.

rows ──► Field.column ──► texts, numbers, None ──► Encoder ──► bytes in UTF-8

Field names are the API's own. Columns and not rows are what is worked on: five million faces pass
through here, and a loop in C over a column takes a tenth of one in Python over its rows.
"""

from __future__ import annotations

import re
from copy import copy
from enum import Enum
from functools import partial
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, Union

from fs_tui.times import iso_column
from fs_tui.visible import masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = [
    "CSV",
    "FORMATS",
    "JSON",
    "JSONL",
    "PERSONAL",
    "Encoder",
    "Field",
    "Format",
    "Kind",
    "Tabs",
    "Value",
    "behind_mask",
    "document",
    "escaped",
    "record",
    "row_maker",
    "text_of",
    "texts",
    "unguarded",
]

PERSONAL = frozenset(
    f"{name}{side}" for name in ("face_token", "user_id", "user_data") for side in ("", "_a", "_b")
)
"""What tells of a person: the API's names, in whatever row, and those of the sides of `diff`."""

Value = Union[str, int, float, None, "Sequence[str]"]
"""What a row holds under a name; None is JSON's null and an empty cell."""


class Kind(Enum):
    """What a field holds: this is how it is written."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"  # milliseconds since 1970 UTC, or an aware datetime; ISO 8601
    WORDS = "words"  # several texts; separated by spaces where there are no lists


class Field:
    """One field of a type of rows; not changed once it is made.

    No dataclass, which takes a hundred times as long to make: this one is read at each start.

    Attributes:
        name: The API's own name.
        attribute: Where a row has it, if under another name; with dots in a part of the row.
        kind: What it holds.
        firm: It is an id: in a narrow table all other columns give way first.
        mask: It is written masked: its last three characters.
    """

    __slots__ = ("attribute", "firm", "kind", "mask", "name")

    def __init__(
        self,
        name: str,
        attribute: str = "",
        kind: Kind = Kind.TEXT,
        *,
        firm: bool = False,
        mask: bool = False,
    ) -> None:
        self.name, self.attribute, self.kind = name, attribute, kind
        self.firm, self.mask = firm, mask

    @property
    def source(self) -> str:
        """The attribute of a row that holds it."""
        return self.attribute or self.name

    def column(self, rows: Iterable[object]) -> Sequence[Any]:  # by the kind
        """The values of some rows, times as text.

        Rows that lie in columns give them by a method `column`, and are not made for that.
        """
        column = getattr(rows, "column", None)
        values = list(map(attrgetter(self.source), rows)) if column is None else column(self.source)
        if self.mask:
            return [value and masked(value) for value in values]
        return iso_column(values) if self.kind is Kind.TIME else values


FieldT = TypeVar("FieldT", bound=Field)


def behind_mask(fields: Iterable[FieldT]) -> tuple[FieldT, ...]:
    """Return fields of which those that tell of a person are written masked."""
    return tuple(_masked(field) if field.name in PERSONAL else field for field in fields)


def _masked(field: FieldT) -> FieldT:
    field = copy(field)
    field.mask = True
    return field


def row_maker(fields: Iterable[Field]) -> Callable[..., object]:
    """Return what makes a row of values by attribute; what is not among them is None."""
    return partial(SimpleNamespace, **dict.fromkeys(field.source for field in fields))


def record(fields: Sequence[Field], row: object) -> dict[str, Value]:
    """One row as values by their names."""
    return {field.name: field.column([row])[0] for field in fields}


class Encoder:
    """Makes bytes of rows; one object for one output.

    Args:
        fields: What is written, in this order.
        guard: The output is a file that people open (see Csv).
    """

    def __init__(self, fields: Sequence[Field], *, guard: bool = False) -> None:
        self.fields = tuple(fields)
        self.guard = guard

    def head(self) -> bytes:
        """What comes before the first row."""
        return b""

    def rows(self, rows: Sequence[object]) -> bytes:
        """Some rows, each with its line end."""
        raise NotImplementedError

    def foot(self) -> bytes:
        """What comes after the last row of a whole output."""
        return b""

    def names(self) -> list[str]:
        return [field.name for field in self.fields]


class JsonLines(Encoder):
    """One JSON object a line, raw values.

    Nothing in it controls a terminal: an object that holds what is not printable is in ASCII.
    """

    def __init__(self, fields: Sequence[Field], *, guard: bool = False) -> None:
        import msgspec

        super().__init__(fields, guard=guard)
        self._object = msgspec.defstruct("Row", self.names(), gc=False)
        self._lines = msgspec.json.Encoder().encode_lines

    def rows(self, rows: Sequence[object]) -> bytes:
        """Some objects; those that msgspec does not take, or that are not printable, one by one."""
        columns = [field.column(rows) for field in self.fields]
        if all(map(_is_printable, self.fields, columns)):
            try:
                return self._lines(list(map(self._object, *columns)))
            except (UnicodeEncodeError, OverflowError):
                pass
        names = self.names()
        objects = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
        return "".join(f"{_json(each)}\n" for each in objects).encode()


class Json(JsonLines):
    """One JSON array, an object a line; whole only with its foot."""

    _before = b""

    def head(self) -> bytes:
        return b"["

    def rows(self, rows: Sequence[object]) -> bytes:
        """Some objects, each after its comma."""
        if not rows:
            return b""
        # A line feed within a text is escaped.
        lines = super().rows(rows)[:-1].replace(b"\n", b",\n")
        text, self._before = self._before + b"\n" + lines, b","
        return text

    def foot(self) -> bytes:
        return b"\n]\n" if self._before else b"]\n"


class Csv(Encoder):
    r"""RFC 4180: CRLF, quotes where they are needed, a header line.

    With `guard` a text that a spreadsheet would run as a formula (it begins with = + - @ tab or CR)
    has a `'` before it, as OWASP advises; so has one with such characters before a formula already,
    so that `unguarded` gives the raw text. Without, all texts are raw: for pipes.
    """

    def head(self) -> bytes:
        return ",".join(self.names()).encode() + b"\r\n"

    def rows(self, rows: Sequence[object]) -> bytes:
        if not rows:
            return b""
        columns = [self._cells(field, rows) for field in self.fields]
        if len(columns) == 1:
            # An empty line would be none.
            columns[0] = [cell or '""' for cell in columns[0]]
        lines = list(map(",".join, zip(*columns, strict=True)))
        try:
            # Line by line: one character beyond ASCII makes the encoding of the whole text slow.
            return b"\r\n".join([*map(str.encode, lines), b""])
        except UnicodeEncodeError:
            return "\r\n".join([*lines, ""]).encode(errors="backslashreplace")

    def _cells(self, field: Field, rows: Sequence[object]) -> list[str]:
        """A column; the module `csv` takes three times as long."""
        cells = texts(field, rows)
        if field.kind not in {Kind.TEXT, Kind.WORDS}:
            return cells
        if self.guard:
            cells = [
                f"'{cell}" if cell[:1] in _FORMULA_HEADS and _FORMULA.match(cell) else cell
                for cell in cells
            ]
        text = "".join(cells)
        lines = "\n" in text or "\r" in text
        if lines or '"' in text or "," in text:
            # In the loop itself: a call for each cell takes as long again.
            cells = [
                _quoted(cell)
                if '"' in cell or "," in cell or (lines and ("\n" in cell or "\r" in cell))
                else cell
                for cell in cells
            ]
        return cells


class Tabs(Encoder):
    """A line a row, tabs between raw values, a header: a table that is read by a program."""

    def head(self) -> bytes:
        return "\t".join(self.names()).encode() + b"\n"

    def rows(self, rows: Sequence[object]) -> bytes:
        """Some lines; what would break a line or a column is escaped."""
        columns = [map(escaped, texts(field, rows)) for field in self.fields]
        lines = ("\t".join(row) + "\n" for row in zip(*columns, strict=True))
        return "".join(lines).encode(errors="backslashreplace")


def unguarded(cell: str) -> str:
    """Return the text of a cell of a file that was written with `guard`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


class Format(NamedTuple):
    """A form of output for programs and files.

    Attributes:
        name: Its option, and the suffix of its files.
        title: Its name in a form.
        summary: What is written, a few words.
        encoder: Makes the encoder of one output.
        is_safe: Nothing in it controls a terminal.
    """

    name: str
    title: str
    summary: str
    encoder: type[Encoder]
    is_safe: bool


CSV = Format("csv", "CSV", "CSV, RFC 4180", Csv, is_safe=False)
JSONL = Format("jsonl", "JSON Lines", "one JSON object a line", JsonLines, is_safe=True)
JSON = Format("json", "JSON", "one JSON document", Json, is_safe=True)

FORMATS = (CSV, JSONL, JSON)
"""All of them; options, file names and forms are made from this list."""


def document(value: Any) -> str:  # any JSON value
    """Return a JSON document in the layout of the others: an array has a line for each item."""
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(map(_json, value)) + "\n]\n"
    return f"{_json(value)}\n"


def texts(field: Field, rows: Iterable[object]) -> list[str]:
    """Return a column as texts, for what knows nothing else."""
    column = field.column(rows)
    if field.kind in {Kind.NUMBER, Kind.WORDS}:
        return list(map(text_of, column))
    return [value or "" for value in column]


def text_of(value: Value) -> str:
    """Return a value as a text; a missing one is empty."""
    if value is None or isinstance(value, str):
        return value or ""
    return str(value) if isinstance(value, int | float) else " ".join(value)


def escaped(text: str) -> str:
    """Return a text in which nothing ends a line or a column of a table."""
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_FORMULA_HEADS = frozenset("'=+-@\t\r")


def _is_printable(field: Field, column: Sequence[Any]) -> bool:
    """Whether a column has nothing that msgspec would write raw and a terminal would obey."""
    if field.kind is Kind.WORDS:
        column = [text for texts in column for text in texts]
    elif field.kind is not Kind.TEXT:
        return True
    text = "".join(filter(None, column))
    # The controls of ASCII are escaped, but for DEL. It is looked for in a tenth of the time.
    return "\x7f" not in text if text.isascii() else text.isprintable()


def _json(value: Any) -> str:  # any JSON value
    """JSON on one line, by the standard library: it takes what msgspec refuses."""
    import json  # the browser's first frame needs none

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isprintable() else json.dumps(value, separators=(",", ":"))


def _quoted(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'
