"""Query and Order: which faces are meant and how they follow each other, as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fs_tui.models import FACE_FIELDS

if TYPE_CHECKING:
    from fs_tui.models import Face

__all__ = ["ANYWHERE", "PLAIN", "Added", "Order", "Query", "Term", "Text"]

ANYWHERE = tuple(field.name for field in reversed(FACE_FIELDS) if field.word)
"""The fields of a face that hold text; the token, in which least is looked for, last."""

_FOLD = str.maketrans({chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)})


class Order(NamedTuple):
    """An order of rows; equal ones follow by position. Descending is the exact reverse.

    Attributes:
        field: The name of a field of a face; empty for the position.
    """

    field: str = ""
    descending: bool = False


PLAIN = Order()
"""The service's own order."""


class Text(NamedTuple):
    """A text that stands in one of some fields.

    Attributes:
        fields: Of ANYWHERE.
        text: What is looked for.
        whole: The field holds this text and nothing else.
    """

    fields: tuple[str, ...]
    text: str
    whole: bool = False

    @property
    def ignores_case(self) -> bool:
        """Whether the letters a to z match both cases; a capital in the text ends that."""
        return not self.whole and self.text == self.text.lower()

    def matches(self, face: Face) -> bool:
        """Whether a face holds it."""
        values = (getattr(face, field) for field in self.fields)
        if self.whole:
            return self.text in values
        if self.ignores_case:
            values = (
                value.lower() if value.isascii() else value.translate(_FOLD) for value in values
            )
        return any(self.text in value for value in values)

    def spans(self, shown: str) -> list[tuple[int, int]]:
        """Where it stands in a text, as first sign and the one behind the last."""
        if self.whole or not self.text:
            return [(0, len(shown))] if shown and shown == self.text else []
        # Sign for sign, so that what is found stands where it is shown.
        text = shown.translate(_FOLD) if self.ignores_case else shown
        found, at = [], text.find(self.text)
        while at >= 0:
            found.append((at, at + len(self.text)))
            at = text.find(self.text, at + len(self.text))
        return found


class Added(NamedTuple):
    """A bound of the time at which a face was added; a face without a time does not pass.

    Attributes:
        after: From the bound on, or else earlier than it.
        bound_ms: Milliseconds since 1970 UTC.
    """

    after: bool
    bound_ms: int

    def matches(self, face: Face) -> bool:
        """Whether a face was added then."""
        return face.added_ms is not None and (face.added_ms >= self.bound_ms) is self.after


class Term(NamedTuple):
    """What one of some choices must meet, or where `excluded` none of them may."""

    choices: tuple[Text | Added, ...]
    excluded: bool = False

    def matches(self, face: Face) -> bool:
        """Whether a face meets it."""
        return any(choice.matches(face) for choice in self.choices) is not self.excluded


class Query(NamedTuple):
    """A filter that was understood: every term is met.

    Attributes:
        text: As it was typed, without blanks around it.
    """

    text: str
    terms: tuple[Term, ...]

    def spans(self, field: str, shown: str) -> list[tuple[int, int]]:
        """Where in a field's text stands what is looked for; in order, none in another."""
        found = sorted(
            span
            for term in self.terms
            if not term.excluded
            for choice in term.choices
            if isinstance(choice, Text) and field in choice.fields
            for span in choice.spans(shown)
        )
        apart: list[tuple[int, int]] = []
        for first, end in found:
            if not apart or first >= apart[-1][1]:
                apart.append((first, end))
        return apart

    def matches(self, face: Face) -> bool:
        """Whether a face passes."""
        return all(term.matches(face) for term in self.terms)
