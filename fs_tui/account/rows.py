"""What is written of several libraries: hits, libraries and periods, with their fields."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING

from fs_tui.models import FACE_FIELDS, MOST_LIBRARIES
from fs_tui.records import Field, Kind
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.faces.reports.growth import Growth
    from fs_tui.faces.reports.summary import Summary
    from fs_tui.faces.status import ListingStatus

__all__ = [
    "COUNT_FIELDS",
    "HIT_FIELDS",
    "HIT_TOKEN",
    "PERIOD_FIELDS",
    "PER_PERSON_FIELDS",
    "SUMMARY_FIELDS",
    "LibraryRow",
    "PeriodRow",
    "is_counted",
    "library_row",
    "of_the_account",
    "period_rows",
]

_MOST_FACES = 5_000_000
"""What page 004 says that there may be."""

HIT_TOKEN, *_others = (
    Field(one.name, f"face.{one.source}", one.kind, firm=one.firm) for one in FACE_FIELDS
)
HIT_FIELDS = (Field("group_id", firm=True), HIT_TOKEN, *_others)
"""What is written of a face that was found."""

PER_PERSON_FIELDS = tuple(
    Field(f"persons_with_{some}", kind=Kind.NUMBER)
    for some in ("1", "2", "3", "4", "5_to_9", "10_or_more")
)

SUMMARY_FIELDS = (
    Field("group_id", firm=True),
    Field("faces", kind=Kind.NUMBER, firm=True),
    Field("complete", firm=True),
    Field("added", kind=Kind.NUMBER),
    Field("gone", kind=Kind.NUMBER),
    Field("persons", kind=Kind.NUMBER, firm=True),
    Field("faces_without_user_id", kind=Kind.NUMBER),
    Field("faces_without_data", kind=Kind.NUMBER),
    *PER_PERSON_FIELDS,
    Field("persons_enrolled_again", kind=Kind.NUMBER),
    Field("tokens_met_twice", kind=Kind.NUMBER),
    Field("first_added", kind=Kind.TIME, firm=True),
    Field("last_added", kind=Kind.TIME, firm=True),
)
"""What is written of a library."""

COUNT_FIELDS = SUMMARY_FIELDS[:5]
"""Those of them for which nothing is to be read."""

PERIOD_FIELDS = (
    Field("group_id", firm=True),
    Field("period", firm=True),
    Field("faces", kind=Kind.NUMBER, firm=True),
    Field("persons", kind=Kind.NUMBER, firm=True),
    Field("zone"),
)
"""What is written of a day, a week, a month or a year."""


class LibraryRow(SimpleNamespace):
    """A library as a whole, an attribute a field; None is what was not counted."""

    group_id: str
    faces: int | None
    complete: str

    def __init__(
        self, group_id: str, faces: int | None, complete: str, **counted: int | None
    ) -> None:
        super().__init__(**dict.fromkeys(field.name for field in SUMMARY_FIELDS))
        vars(self).update(counted, group_id=group_id, faces=faces, complete=complete)


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """What came in a period, which its first day names."""

    group_id: str
    period: str
    faces: int
    persons: int
    zone: str


def period_rows(group_id: str, found: Growth, zone: str) -> list[PeriodRow]:
    """Return the periods of a library."""
    return [
        PeriodRow(group_id, period.first_day.isoformat(), period.faces, period.persons, zone)
        for period in found.periods
    ]


def library_row(
    status: ListingStatus, found: int | Summary | None, *, complete: bool
) -> LibraryRow:
    """Return a library's row.

    Args:
        status: What is known of its faces.
        found: How many they are, or what they say; None where nothing could be read.
        complete: Whether that is true of all of them.
    """
    said = "yes" if complete else "no"
    kept = status.kept
    looked = kept is not None and kept.up_to_date and not kept.fresh
    added, gone = (kept.added, kept.gone) if kept is not None and looked else (None, None)
    if found is None or isinstance(found, int):
        return LibraryRow(status.group_id, found, said, added=added, gone=gone)
    names = (field.name for field in PER_PERSON_FIELDS)
    return LibraryRow(
        status.group_id,
        found.faces,
        said,
        added=added,
        gone=gone,
        persons=found.persons,
        faces_without_user_id=found.without_user_id,
        faces_without_data=found.without_data,
        **dict(zip(names, found.per_person, strict=True)),
        persons_enrolled_again=found.repeated,
        tokens_met_twice=status.twice,
        first_added=found.first_ms,
        last_added=found.last_ms,
    )


def is_counted(status: ListingStatus) -> bool:
    """Whether it is proven how many faces a library has; `highest` is at least so many."""
    kept = status.kept
    doubted = kept is not None and (kept.doubt or not (kept.up_to_date or kept.fresh))
    return status.total is not None and not status.changed and not doubted


def of_the_account(libraries: int, counted: Sequence[LibraryRow]) -> str:
    """Say how much of what the documents allow is there.

    Args:
        libraries: How many there are.
        counted: Those that were counted so far.
    """
    whole = len(counted) == libraries and all(row.complete == "yes" for row in counted)
    faces = sum(row.faces or 0 for row in counted)
    return (
        f"{libraries} of {MOST_LIBRARIES} libraries; {'' if whole else 'at least '}"
        f"{count(faces, 'face')}, of {_MOST_FACES:,} (the documents do not say whether"
        " that is the limit of a library or of the account)"
    )
