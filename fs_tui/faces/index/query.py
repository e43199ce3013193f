"""The filter language and the orders: what a user types, as a condition for SQL and for Python.

filter := term*                 every term must be met
term   := [field ":"] text      field: user, data, token; none of them looks in all three
        | ("after" | "before") ":" time
text   := word | '"' anything but a quote '"'
time   := YYYY-MM-DD [T hh:mm [:ss]] [Z | ±hh:mm]      local time unless an offset is given
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, NoReturn

from fs_tui.errors import FilterError

if TYPE_CHECKING:
    from fs_tui.models import Face

__all__ = ["PLAIN", "Field", "FilterSyntaxError", "Order", "Query", "parse"]

MAX_FILTER = 1_000
"""Characters of a filter; SQLite's patterns have a limit of their own beyond it."""

_FIELDS = {"user": ("user_id",), "data": ("user_data",), "token": ("face_token",)}
_EVERYWHERE = ("user_id", "user_data", "face_token")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_TERM = re.compile(r'(?:([A-Za-z_]+):)?(?:"([^"]*)("|$)|([^\s"]*))')
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[Tt]\d\d:\d\d(?::\d\d)?(?:[Zz]|[+-]\d\d:\d\d)?)?")
_FOLD = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


class FilterSyntaxError(FilterError):
    """A filter that cannot be read.

    Attributes:
        position: The 0-based character of the typed text at which it is wrong.
    """

    def __init__(self, detail: str, *, position: int) -> None:
        super().__init__(detail)
        self.position = position


class Field(Enum):
    """What rows can be ordered by."""

    POSITION = "position"
    USER_ID = "user_id"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows; equal ones follow by position. Descending is the exact reverse."""

    field: Field = Field.POSITION
    descending: bool = False


PLAIN = Order()
"""The service's own order."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that one of some columns must contain."""

    columns: tuple[str, ...]
    text: str

    @property
    def exact(self) -> bool:
        """A capital makes the text exact; without one, the letters a to z match both cases."""
        return self.text != self.text.lower()

    def matches(self, face: Face) -> bool:
        values = (getattr(face, column) for column in self.columns)
        if self.exact:
            return any(self.text in value for value in values)
        return any(self.text in value.translate(_FOLD) for value in values)

    def condition(self) -> tuple[str, tuple[str | int, ...]]:
        if self.exact:
            test, parameter = "instr({}, ?)", self.text
        else:
            # As fast as instr (0.85 s over five million rows); lower() would cost three times it.
            test = "{} LIKE ? ESCAPE '\\'"
            parameter = "%" + re.sub(r"([\\%_])", r"\\\1", self.text) + "%"
        condition = " OR ".join(test.format(column) for column in self.columns)
        return f"({condition})", (parameter,) * len(self.columns)


@dataclass(frozen=True, slots=True)
class _Time:
    """A bound of the time at which a face was added; a face without a time does not pass."""

    after: bool
    bound_ms: int

    def matches(self, face: Face) -> bool:
        if face.added_ms is None:
            return False
        return (face.added_ms >= self.bound_ms) is self.after

    def condition(self) -> tuple[str, tuple[str | int, ...]]:
        return f"added_ms {'>=' if self.after else '<'} ?", (self.bound_ms,)


@dataclass(frozen=True, slots=True)
class Query:
    """A filter that was understood; equal when it was typed equally.

    Attributes:
        text: As it was typed, without blanks around it.
    """

    text: str
    _terms: tuple[_Text | _Time, ...]

    def matches(self, face: Face) -> bool:
        """Whether a face passes; says the same as the SQL condition."""
        return all(term.matches(face) for term in self._terms)

    def condition(self) -> tuple[str, tuple[str | int, ...]]:
        """The condition over the columns of the store's table `faces`, and its parameters."""
        parts = [term.condition() for term in self._terms]
        return " AND ".join(part for part, _ in parts), tuple(p for _, ps in parts for p in ps)


def parse(text: str) -> Query | None:
    """Read a filter; None when it is blank.

    Words are separated by spaces, and all of them must be met; "quotes" keep spaces together.
    A word without a field is looked for in user id, user data and token. `user:`, `data:` and
    `token:` look in one field. `after:2026-02-01` and `before:2026-02-01` (also with a time:
    2026-02-01T12:30) mean the local time zone: from that moment on, and earlier than it. Words
    without capitals ignore the case of the letters a to z; a capital makes the word exact.

    Raises:
        FilterSyntaxError: With the place and what is wrong there.
    """
    if len(text) > MAX_FILTER:
        raise FilterSyntaxError(f"it is longer than {MAX_FILTER} characters", position=MAX_FILTER)
    terms: list[_Text | _Time] = []
    position = 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position == len(text):
            break
        term, position = _term(text, position)
        terms.append(term)
    # Times first: comparing numbers is cheaper than searching texts.
    terms.sort(key=lambda term: isinstance(term, _Text))
    return Query(text.strip(), tuple(terms)) if terms else None


def _term(text: str, position: int) -> tuple[_Text | _Time, int]:
    """The term that begins at a position, and where it ends."""
    match = _TERM.match(text, position)
    if match is None:  # Every part of the pattern may be empty.
        raise AssertionError
    field, quoted, closing, word = match.groups()
    if quoted is not None and not closing:
        _wrong("this quote is not closed", match.start(2) - 1)
    if match.end() < len(text) and not text[match.end()].isspace():
        _wrong("a quote stands at the beginning of a text or at its end", match.end())
    value = word if quoted is None else quoted
    if field is None:
        if not value:
            _wrong("there is nothing between the quotes", position)
        return _Text(_EVERYWHERE, value), match.end()
    if not value:
        _wrong(f"a text is missing after {field}:", match.end(1) + 1)
    if (columns := _FIELDS.get(field.lower())) is not None:
        return _Text(columns, value), match.end()
    if field.lower() not in {"after", "before"}:
        _wrong(f'there is no field "{field}:"; quote the text to look for it as it is', position)
    return _Time(field.lower() == "after", _moment(value, match.end(1) + 1)), match.end()


def _moment(value: str, position: int) -> int:
    """A time in milliseconds since 1970 UTC."""
    how = "write the day as 2026-02-01, with a time as 2026-02-01T12:30"
    if _TIME.fullmatch(value) is None:
        _wrong(how, position)
    try:
        moment = datetime.fromisoformat(value.upper()).astimezone()
    except (ValueError, OverflowError):
        _wrong(how, position)
    return (moment - _EPOCH) // _MILLISECOND


def _wrong(detail: str, position: int) -> NoReturn:
    raise FilterSyntaxError(detail, position=position)
