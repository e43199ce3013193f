"""What crosses the borders between the rooms: libraries, faces, pages, records; frozen, no I/O.

Named tuples where that will do: making a dataclass takes three times as long, at each start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from fs_tui.records import Field, Kind
from fs_tui.times import moment_of

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "FACE_FIELDS",
    "FACE_TOKEN",
    "LIBRARY_FIELDS",
    "MOST_LIBRARIES",
    "ClockDrift",
    "ColumnWidth",
    "Face",
    "FaceField",
    "FacePage",
    "FaceRows",
    "Library",
    "LibraryDraft",
    "RequestRecord",
    "RetryWait",
]


MOST_LIBRARIES = 10
"""As many as an account may have (page 004)."""


class Library(NamedTuple):
    """A face library (group), as group_list, group_info and create give it.

    Attributes:
        add_time: When it was created, aware; None where the service does not say (create).
    """

    group_id: str
    group_name: str = ""
    group_data: str = ""
    model_version: str = ""
    add_time: datetime | None = None


LIBRARY_FIELDS = (
    Field("group_id", firm=True),
    Field("group_name"),
    Field("group_data"),
    Field("model_version"),
    Field("add_time", kind=Kind.TIME),
)
"""What is written of a library."""


class LibraryDraft(NamedTuple):
    """A library that is to be created; None means that the parameter is not sent."""

    group_id: str
    group_name: str
    group_data: str | None = None
    model_version: str | None = None


class Face(NamedTuple):
    """One face, as group/list and face_info give it. `user_id` and `user_data` are personal data.

    A tuple and not a dataclass, because five million of them pass through here: a page of them is
    made, and laid flat for the database, in a third of the time. Its texts can be encoded: what the
    service sends of half a surrogate pair is U+FFFD here.

    Attributes:
        added_ms: When it was added, in milliseconds since 1970 UTC; None when not given. A number
            and not a datetime for the same reason.
    """

    face_token: str
    user_id: str = ""
    user_data: str = ""
    added_ms: int | None = None

    @property
    def add_time(self) -> datetime | None:
        """When it was added, as an aware datetime in UTC."""
        return None if self.added_ms is None else moment_of(self.added_ms)


class ColumnWidth(NamedTuple):
    """How a column takes its part of the room of a table; in terminal cells.

    Attributes:
        least: Narrower than this it is not drawn.
        most: Wider than this it does not become.
        worth: Columns stand in this order, the highest first; where the room does not do for all,
            the one with the lowest goes first.
        cut: What of its texts may be cut: `end`; `never` anything, unless they are very long;
            `prefix` shows their first `least` signs, or all of them.
    """

    least: int
    most: int
    worth: int
    cut: Literal["end", "never", "prefix"] = "end"


class FaceField(Field):
    """One field of a face: all that commands and browser know about it.

    Attributes:
        title: What heads its column and names it in menus.
        label: The same in the details; eight cells at most.
        word: What stands before the colon of a filter that looks in this field alone; empty for
            what is no text.
        ordered: What comes first in its two orders, in words; empty where it has none.
        width: Of its column.
    """

    __slots__ = ("label", "ordered", "title", "width", "word")

    def __init__(
        self,
        name: str,
        attribute: str = "",
        kind: Kind = Kind.TEXT,
        *,
        title: str,
        label: str,
        width: ColumnWidth,
        word: str = "",
        ordered: tuple[str, str] | tuple[()] = (),
        firm: bool = False,
    ) -> None:
        super().__init__(name, attribute, kind, firm=firm)
        self.title, self.label, self.word = title, label, word
        self.ordered, self.width = ordered, width


FACE_TOKEN = FaceField(
    name="face_token",
    firm=True,
    title="Face token",
    label="token",
    word="token",
    width=ColumnWidth(8, 32, worth=1, cut="prefix"),
)
"""What names a face, and is never empty."""

FACE_FIELDS = (
    FACE_TOKEN,
    FaceField(
        name="user_id",
        firm=True,
        title="User id",
        label="user id",
        word="user",
        ordered=("a to z", "z to a"),
        width=ColumnWidth(9, 128, worth=4, cut="never"),
    ),
    FaceField(
        name="user_data",
        title="User data",
        label="data",
        word="data",
        width=ColumnWidth(9, 160, worth=3),
    ),
    FaceField(
        name="add_time",
        attribute="added_ms",
        kind=Kind.TIME,
        title="Added",
        label="added",
        ordered=("the oldest first", "the newest first"),
        width=ColumnWidth(16, 16, worth=2),
    ),
)
"""The fields of a face, in the order of Face, of columns and of output."""


class FaceRows(Sequence[Face]):
    """Faces that are made when they are asked for: a scan lays their columns into a table at once.

    Attributes:
        columns: The values of each field of Face, one a face.
    """

    __slots__ = ("columns",)

    def __init__(self, columns: Sequence[Sequence[Any]]) -> None:
        self.columns = columns

    def column(self, attribute: str) -> Sequence[Any]:
        """What the faces hold under a name, without making them."""
        return self.columns[Face._fields.index(attribute)]

    def __len__(self) -> int:
        return len(self.columns[0])

    @overload
    def __getitem__(self, index: int) -> Face: ...
    @overload
    def __getitem__(self, index: slice) -> FaceRows: ...
    def __getitem__(self, index: int | slice) -> Face | FaceRows:
        if isinstance(index, slice):
            if index.indices(len(self)) == (0, len(self), 1):
                return self
            return FaceRows([column[index] for column in self.columns])
        return _make([column[index] for column in self.columns])

    def __iter__(self) -> Iterator[Face]:
        return map(_make, zip(*self.columns, strict=True))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == (tuple(other) if isinstance(other, FaceRows) else other)

    __hash__ = None  # type: ignore[assignment] # as a list has none

    @classmethod
    def like(cls, rows: Sequence[Any]) -> FaceRows:  # objects with the attributes of Face
        """Faces of what objects say that have their attributes."""
        # By name: any other way takes twice as long.
        return cls(
            (
                [row.face_token for row in rows],
                [row.user_id for row in rows],
                [row.user_data for row in rows],
                [row.added_ms for row in rows],
            )
        )

    @staticmethod
    def columns_of(faces: Sequence[Face]) -> Sequence[Sequence[Any]]:
        """The columns of some faces, of whatever kind the sequence is; of none there are none."""
        if isinstance(faces, FaceRows):
            return faces.columns
        return tuple(zip(*faces, strict=True))

    @staticmethod
    def tokens_of(faces: Sequence[Face]) -> Sequence[str]:
        """The tokens of some faces."""
        if isinstance(faces, FaceRows):
            tokens: Sequence[str] = faces.columns[FACE_FIELDS.index(FACE_TOKEN)]
            return tokens
        return [face.face_token for face in faces]


_make = partial(tuple.__new__, Face)
"""What Face._make does, in half the time."""


class FacePage(NamedTuple):
    """One answer of group/list.

    Attributes:
        start: The 1-based position that was asked for, which is that of the first face.
        limit: The number of rows that was asked for, 1 to 1000; the service may send fewer.
        faces: The rows in the service's order (time of creation); a tuple or FaceRows.
        next: The position that the service names as the next one; None where it names none.
        request_id: The service's name for the request, when given.
    """

    start: int
    limit: int
    faces: Sequence[Face]
    next: int | None = None
    request_id: str | None = None


class RequestRecord(NamedTuple):
    """One attempt of one call, for the request log.

    Attributes:
        at: When it was sent, aware, UTC.
        call: The last part of the path: group_list, group_info, list, face_info or create.
        group_id: The library that it was about; empty for group_list.
        attempt: 1 for the first try of a call.
        round_trip_ms: Milliseconds from sending to the end of the answer, or to the failure.
        http_status: None when no answer came.
        code: The service's raw error code; empty when there was none.
        error: The title of our error; empty when it succeeded.
        time_used_ms: The service's own time_used, when given.
        request_id: The service's name for the request, when given.
        bytes_sent: Size of the form body.
        bytes_received: Size of the answer's body.
        form: The form fields that were sent, in order; sign redacted. Holds personal data: shown on
            screen only, never written.
    """

    at: datetime
    call: str
    group_id: str
    attempt: int
    round_trip_ms: int
    http_status: int | None
    code: str
    error: str
    time_used_ms: int | None
    request_id: str | None
    bytes_sent: int
    bytes_received: int
    form: tuple[tuple[str, str], ...] = ()


class RetryWait(NamedTuple):
    """A call failed and will be tried again.

    Attributes:
        call: As in RequestRecord.
        group_id: As in RequestRecord.
        attempt: The number of the attempt that failed.
        seconds: How long it waits from now on; 0 says that the wait is over.
        reason: The title of the error that caused it.
        error: That error, an FsTuiError; None when the wait is over.
    """

    call: str
    group_id: str
    attempt: int
    seconds: float
    reason: str
    error: Exception | None = None


class ClockDrift(NamedTuple):
    """The local clock is off, and signs are corrected by as much.

    Attributes:
        seconds: Service time minus local time; 0 says that the clock is right again.
    """

    seconds: float
