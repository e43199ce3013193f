"""What is known of a person: one row a user id, its fields, and the orders of people."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from fs_tui.records import Field, Kind

__all__ = ["PERSON_FIELDS", "REPEATED", "SECONDS_MS", "PeopleOrder", "PersonRow"]

PERSON_FIELDS = (
    Field("user_id", firm=True),
    Field("faces", kind=Kind.NUMBER, firm=True),
    Field("first_added", "first_ms", kind=Kind.TIME, firm=True),
    Field("last_added", "last_ms", kind=Kind.TIME, firm=True),
)
"""What is written of a person. An empty user id is the row of the faces without one."""

REPEATED = Field("repeated", "enrolled_again")
"""The same of whether it is a repeated enrolment: to find that out takes longer."""

SECONDS_MS = 10_000
"""Faces of one person that came closer together are a repeated enrolment."""


class PeopleOrder(Enum):
    """The orders of people; equal ones follow by user id, and faces without one come last."""

    USER_ID = "user_id"
    FACES = "faces"  # the most first
    FIRST = "first"  # the earliest first; without a time last
    LAST = "last"  # the latest first; without a time last

    @property
    def words(self) -> str:
        """What they are ordered by."""
        return {"user_id": "user id", "faces": "faces"}.get(self.value, f"{self.value} added")


class PersonRow(NamedTuple):
    """The faces of one user id.

    Attributes:
        user_id: Empty for the faces without one, which are no person.
        faces: How many they are, at least 1.
        first_ms: When the first was added, in milliseconds since 1970 UTC; None where none of them
            has a time.
        last_ms: The same of the last.
        repeated: Whether some came within seconds of each other; never for those of nobody.
    """

    user_id: str
    faces: int
    first_ms: int | None
    last_ms: int | None
    repeated: bool = False

    @property
    def enrolled_again(self) -> str:
        """The same as `yes` or `no`; empty for those of nobody."""
        return ("yes" if self.repeated else "no") if self.user_id else ""
