"""The filter language and the orders: what a user types, as a condition that SQL and Python agree on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from fs_tui.errors import FilterError

if TYPE_CHECKING:
    from fs_tui.models import Face

__all__ = ["Field", "FilterSyntaxError", "Order", "Query", "parse"]


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


class Query:
    """A filter that was understood; immutable, equal when it was typed equally.

    Attributes:
        text: As it was typed.
    """

    text: str

    def matches(self, face: Face) -> bool:
        """Whether a face passes; says the same as the SQL condition."""
        raise NotImplementedError

    def condition(self) -> tuple[str, tuple[str | int, ...]]:
        """The condition over the columns of the store's table `faces`, and its parameters."""
        raise NotImplementedError


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
    raise NotImplementedError
