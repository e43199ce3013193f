"""Host: how the parts of the browser reach the app that they run in."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence

    from fs_tui.errors import FsTuiError
    from fs_tui.tui.options import BrowserOptions

__all__ = ["Host", "Job", "Kind", "Offer"]

Kind = Literal["note", "wait", "error"]
"""Of a message: `wait` is about what runs, and stays until that ends; an error is red."""


class Job(Enum):
    """What runs in the background, as the list of errors calls it; the newest of a kind runs."""

    CONNECT = "connect"
    LIBRARIES = "group_list"
    LIBRARY = "group_info"
    FACE = "face_info"
    PERSON = "person"
    MOVE = "go to"
    FILTER = "filter"
    ORDER = "order"
    RECHECK = "recheck"
    FOLLOW = "follow"
    KEEP = "keep"
    FORGET = "forget"
    COPY = "copy"
    MARK = "mark"
    EXPORT = "export"
    FIND = "find"
    LOAD = "load all"
    COUNT = "count"
    GROWTH = "growth"
    OUTLINE = "chart"
    SUMMARY = "summary"
    CREATE = "create"


class Offer(NamedTuple):
    """Something that can be taken.

    Attributes:
        title: What it is called; may be text from outside, raw.
        note: Its key, or what it is; a few words of ours.
        run: Does it.
        is_first: It goes before others that match as well as it does.
    """

    title: str
    note: str
    run: Callable[[], Awaitable[object] | object]
    is_first: bool = False


class Host(Protocol):
    """The app, as the parts of the browser see it.

    Attributes:
        masked: Whether of user ids, user data and tokens the last three characters are shown only.
        page_seconds: How long a page of faces takes, by what the last ones took.
    """

    masked: bool
    page_seconds: float

    @property
    def options(self) -> BrowserOptions:
        """The choices of this run."""

    def connect(self) -> None:
        """Open a session in the background; ask for credentials when there are none."""

    def work(
        self,
        job: Job,
        task: Coroutine[Any, Any, object],  # Any: nothing is sent into it
        *,
        group_id: str = "",
    ) -> None:
        """Run something in the background instead of what runs under the same job.

        Args:
            job: What is being done.
            task: What is to be awaited; its errors are reported.
            group_id: The library that it is about.
        """

    def cancel(self, *jobs: Job) -> bool:
        """End what runs under these jobs; returns whether anything did."""

    def runs(self, job: Job) -> bool:
        """Whether something runs under a job."""

    def report(self, call: str, error: FsTuiError, group_id: str = "") -> None:
        """Remember an error and say it."""

    def withdraw(self, error: FsTuiError) -> None:
        """Say an error no longer: what it was about has succeeded since."""

    def say(self, message: str, kind: Kind = "note") -> None:
        """Show a message in the last line, or with an empty text none; notes are kept for `!`."""

    def unsay(self, message: str) -> None:
        """Show a message no longer, unless another one has taken its place."""

    def tell(self, sentence: str) -> None:
        """Say something where the user is: in the last line, or over another page."""

    async def confirm(
        self, question: str, detail: str, *, yes: str = "Yes", no: str = "No"
    ) -> bool:
        """Ask something that has two answers; in something that `work` runs."""

    def show_palette(self) -> None:
        """Offer everything by name."""

    def choose(self, title: str, offers: Sequence[Offer]) -> None:
        """Let one of some things be taken by its name."""

    def show_errors(self) -> None:
        """Show all errors of this run."""

    def show_requests(self) -> None:
        """Show the requests of this run."""
