"""The filter language: what a user types, as a Query.

filter := term*                             every term is met
term   := ["-"] choice ("|" choice)*        one of the choices is met; with "-" none of them
choice := [field ":"] ["="] text            "=": the field holds this text and nothing else
        | ("after" | "before") ":" time     see filter_times
field  := "user" | "data" | "token"         without: that of the choice before, or else all three
text   := word | '"' anything '"'           a quote within quotes is written twice
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fs_tui.errors import FilterError
from fs_tui.faces.filter_times import SPACED_TIME, milliseconds
from fs_tui.faces.query import ANYWHERE, Added, Query, Term, Text
from fs_tui.models import FACE_FIELDS
from fs_tui.suggestion import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SYNTAX", "of_user", "parse"]

SYNTAX = (
    (("dewi", "dewi chua"), "anywhere in user id, user data or token; each of the words"),
    (("user:+6580", 'data:"gate 4"', "token:9eab"), "in one field; quotes keep spaces together"),
    (("user:=E31", 'user:=""'), "exactly this; those without one"),
    (("-visitor", "-user:=E31"), "without"),
    (("user:=E31|E32", "dewi|data:visitor"), "either"),
    (
        ("after:2026-02-01", "before:2026-03-01T12:30"),
        "added on that day or later, before that time",
    ),
    (("after:2026-02", "before:2026"), "from a month on, before a year"),
    (("after:yesterday", "before:12h", "after:7d"), "counted back from when the filter is entered"),
)
"""What can be typed, and what it means."""

MAX_FILTER = 1_000
"""Characters of a filter; SQLite's patterns have a limit of their own beyond it."""

_FIELDS = {field.word: (field.name,) for field in FACE_FIELDS if field.word}
_BOUNDS = ("after", "before")

_PREFIX = re.compile(r"(?:([A-Za-z_]+):)?(=?)")
_TEXT = re.compile(r'"((?:[^"]|"")*)("?)|([^\s"|]*)')
_BLANKS, _MINUS, _EITHER = re.compile(r"\s*"), re.compile("-?"), re.compile(r"\|?")
_END = re.compile(r"[\s|]|$")
_REST_OF_TIME = re.compile(r"\s+(\d{1,2}:\d\d\S*|[+-]\d\d:?\d\d(?!\S))", re.ASCII)
_PLAIN = re.compile(r'[^\s"|]+')
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def parse(text: str, now: datetime | None = None) -> Query | None:
    """Read a filter; None when it is blank.

    Words without capitals ignore the case of the letters a to z; a capital, or `=`, makes them
    exact. Times that are relative are reckoned here, once.

    Args:
        text: What was typed.
        now: What relative times are reckoned from, aware; the machine's clock when not given.

    Raises:
        FilterError: It cannot be read; the detail says where.
    """
    if len(text) > MAX_FILTER:
        raise FilterError(f"it is longer than {MAX_FILTER:,} characters")
    if _LONE_SURROGATE.search(text):
        raise FilterError("it holds bytes that are not text", hint="Type it again as UTF-8.")
    reader = _Reader(text, now or datetime.now(UTC))
    terms = list(reader.terms())
    # Times first: comparing numbers is cheaper than searching texts.
    terms.sort(key=lambda term: any(isinstance(choice, Text) for choice in term.choices))
    return Query(text.strip(), tuple(terms)) if terms else None


def of_user(user_id: str) -> str:
    """Return the filter for the faces of one user id, and nothing else."""
    if user_id and _PLAIN.fullmatch(user_id):
        return f"user:={user_id}"
    return f'user:="{user_id.replace(chr(34), chr(34) * 2)}"'


class _Reader:
    """Goes through the text; `_field` and `_whole` are what the next choice goes by."""

    def __init__(self, text: str, now: datetime) -> None:
        self._text = text
        self._now = now
        self._at = 0
        self._field = ""
        self._whole = False

    def terms(self) -> Iterator[Term]:
        """All of them."""
        while self._take(_BLANKS).end() < len(self._text):
            excluded = bool(self._take(_MINUS)[0])
            self._field, self._whole = "", False
            choices = [self._choice()]
            while self._take(_EITHER)[0]:
                if self._text.startswith("-", self._at):
                    raise FilterError(
                        "- excludes a word with all its choices, and stands before the first one"
                    )
                choices.append(self._choice())
            if self._at < len(self._text) and not self._text[self._at].isspace():
                raise FilterError(
                    f"the quote at character {self._at + 1} is in the middle of a word: put quotes"
                    " around the whole of it, and write a quote within them twice"
                )
            yield Term(tuple(choices), excluded)

    def _choice(self) -> Text | Added:
        name, equals = self._take(_PREFIX).groups()
        if name:
            self._field, self._whole = name.lower(), bool(equals)
        self._whole = self._whole or bool(equals)
        if self._field in _BOUNDS:
            return self._bound()
        if self._field and self._field not in _FIELDS:
            near = nearest(self._field, [*_FIELDS, *_BOUNDS])
            meant = f"did you mean {near}:?" if near else "quote the text to look for it literally"
            raise FilterError(f'there is no field "{name}:"; {meant}')
        prefix = f"{name or ''}{':' if name else ''}{equals}"
        return Text(_FIELDS.get(self._field, ANYWHERE), self._value(prefix), self._whole)

    def _bound(self) -> Added:
        if self._whole:
            raise FilterError(f'{self._field}: takes no "="')
        spaced = SPACED_TIME.match(self._text, self._at)
        if spaced is not None and _END.match(self._text, spaced.end()):
            self._at = spaced.end()
            moment = spaced[0]
        else:
            moment = self._value(f"{self._field}:")
        bound = Added(self._field == "after", milliseconds(moment, self._now))
        if (rest := _REST_OF_TIME.match(self._text, self._at)) is not None:
            raise FilterError(
                f"{rest[1]} would be looked for as a text: a day and its time stand in one pair of"
                " quotes, or with a T between them"
            )
        return bound

    def _value(self, prefix: str) -> str:
        """The text that comes now, behind a prefix that was read."""
        began = self._at
        quoted, closing, word = self._take(_TEXT).groups()
        if quoted is not None and not closing:
            raise FilterError(f"the quote at character {began + 1} is not closed")
        if quoted is not None and (quoted or self._whole):
            return quoted.replace('""', '"')
        if word:
            return word
        if quoted is not None:
            raise FilterError("there is nothing between the quotes")
        missing = f"after {prefix}" if prefix else f"at character {began + 1}"
        raise FilterError(
            f"a text is missing {missing}; put text that is meant literally in quotes"
        )

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """Go behind a pattern that matches everywhere, be it nothing."""
        match = pattern.match(self._text, self._at)
        if match is None:
            raise AssertionError
        self._at = match.end()
        return match
