"""Owns the creation of a library: the rules of each field, and what became of a lost answer.

create ──► answered ──► the library
   │
   ├──► refused, or nothing was sent ──► that error
   │
   └──► sent, lost or failed ──► group_info ──► as it was drafted ───► the library
                                     ├──► no such library ──► NotCreatedError: try again
                                     └──► anything else ──► OutcomeUnknownError

Create is never sent a second time from here (API.md section 4, 11).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fs_tui.errors import (
    ConnectError,
    DraftError,
    FsTuiError,
    LibraryExistsError,
    LibraryNotFoundError,
    NetworkError,
    NotCreatedError,
    OutcomeUnknownError,
    ProtocolError,
    ResourceError,
    ServiceFailureError,
    TLSError,
)
from fs_tui.models import Library, LibraryDraft

if TYPE_CHECKING:
    from fs_tui.gateway import Gateway

__all__ = [
    "RULES",
    "Rule",
    "check_draft",
    "create_library",
    "create_unless_there",
    "find_created",
    "make_draft",
]

_FOREIGN = re.compile(r"[^A-Za-z0-9\-%@#&_]")
"""What an id may not hold. 'Letters' is read as ASCII letters: the limit is told in bytes, and an
id can never be changed, so what is doubtful is refused."""

_NO_TEXT = re.compile(r"[\ud800-\udfff]")
"""What cannot be sent: undecodable bytes of an argument become lone surrogates."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a field of a new library may hold.

    Attributes:
        field: The API's name of it.
        noun: What it is called.
        most: The most that it may be long; None where it may be of any length.
        unit: What its length is counted in: `characters` or `bytes`.
        missing: What to do when it is empty; empty where it may be.
        foreign: What it may not hold.
    """

    field: str
    noun: str
    most: int | None = None
    unit: str = "characters"
    missing: str = ""
    foreign: re.Pattern[str] | None = None

    def length(self, text: str) -> int:
        """Return how much of `most` a text takes."""
        return len(text.encode("utf-8", "replace") if self.unit == "bytes" else text)

    def check(self, text: str) -> DraftError | None:
        """Return what is wrong with a text; None when nothing is."""
        if (wrong := self._wrong(text)) is None:
            return None
        detail, hint = wrong
        return DraftError(self.field, f"The {self.noun} {detail}.", hint=hint)

    def _wrong(self, text: str) -> tuple[str, str] | None:
        if self.missing and not text:
            return "is missing", self.missing
        if self.foreign and (found := self.foreign.search(text)):
            shown = {" ": "a space", ".": "a dot"}.get(found[0], f"'{found[0]}'")
            hint = "Use the letters a-z and A-Z, the digits 0-9, and - % @ # & _ only."
            return f"holds {shown}, at character {found.start() + 1}", hint
        if _NO_TEXT.search(text):
            return "holds bytes that are not text", "Type it again as UTF-8."
        if self.most is not None and (length := self.length(text)) > self.most:
            return f"has {length} {self.unit}", f"Use at most {self.most} {self.unit}."
        return None


RULES = (
    Rule("group_id", "id", 48, "bytes", "Type an id; it can never be changed.", _FOREIGN),
    Rule("group_name", "name", 60, missing="Type a name."),
    Rule("group_data", "data", 128),
    Rule("model_version", "model version"),
)
"""All of them, in the API's order (page 004)."""


def make_draft(
    group_id: str, group_name: str, group_data: str = "", model_version: str = ""
) -> LibraryDraft:
    """Make a draft from typed texts; an empty optional one is not sent."""
    return LibraryDraft(group_id, group_name, group_data or None, model_version or None)


def check_draft(draft: LibraryDraft) -> tuple[DraftError, ...]:
    """Return all that is wrong with a draft, at most one error a field, in the form's order."""
    found = (rule.check(getattr(draft, rule.field) or "") for rule in RULES)
    return tuple(error for error in found if error is not None)


async def create_library(
    gateway: Gateway, draft: LibraryDraft, *, in_doubt: bool = False
) -> Library:
    """Create a library and find out what became of it if the answer is lost.

    Args:
        gateway: Where to create it.
        draft: What to create.
        in_doubt: An earlier try of the same draft was cancelled, or ended in OutcomeUnknownError or
            NotCreatedError, so that 'exists already' may mean that it worked after all.

    Raises:
        DraftError: A field breaks a rule; nothing was sent.
        NotCreatedError: The answer was lost or a failure, and the library is not there: try again.
        OutcomeUnknownError: The answer was lost or a failure, and nothing certain can be said.
        FsTuiError: The service refused, or nothing was sent.
    """
    for error in check_draft(draft):
        raise error
    try:
        return await gateway.create(draft)
    except (ConnectError, TLSError):
        raise  # nothing was sent
    except LibraryExistsError as exists:
        if in_doubt and (found := await _find_same(gateway, draft, exists)):
            return found
        raise
    except (NetworkError, ProtocolError, ResourceError, ServiceFailureError) as lost:
        return await _resolve(gateway, draft, _what_happened(lost), lost)


async def create_unless_there(gateway: Gateway, draft: LibraryDraft) -> tuple[Library, bool]:
    """Create a library, or take the one that is there when it is as drafted.

    Name and data are to be the same, and the model version where one is given.

    Returns:
        The library, and whether it was created now.

    Raises:
        LibraryExistsError: A library with this id is there, and it is another one.
        FsTuiError: As for `create_library`.
    """
    try:
        return await create_library(gateway, draft), True
    except LibraryExistsError as error:
        there = await gateway.library(draft.group_id)
        if not (differs := _difference(there, draft)):
            return there, False
        raise LibraryExistsError(
            error.code,
            http_status=error.http_status,
            request_id=error.request_id,
            detail=f"It has another {differs}.",
        ) from error


async def find_created(gateway: Gateway, draft: LibraryDraft) -> Library:
    """Find out what became of a create that was cancelled while the request was under way.

    Raises:
        NotCreatedError: The library is not there.
        OutcomeUnknownError: Nothing certain can be said.
    """
    return await _resolve(
        gateway,
        draft,
        f"The create of {draft.group_id} was cancelled while the request was under way",
        None,
    )


async def _resolve(
    gateway: Gateway, draft: LibraryDraft, story: str, lost: FsTuiError | None
) -> Library:
    """Find out what became of a create that was sent.

    Args:
        gateway: Where it was sent to.
        draft: What was to be created.
        story: Why its outcome is not known, without a stop.
        lost: The error that it ended with; its request id is what a ticket needs.
    """
    try:
        there = await gateway.library(draft.group_id)
    except LibraryNotFoundError:
        raise NotCreatedError(f"{story}, and the library does not exist.") from lost
    except FsTuiError as error:
        raise OutcomeUnknownError(
            f"{story}, and the library's details could not be fetched ({_clause(str(error))})."
        ) from lost or error
    if not (differs := _difference(there, draft)):
        return there
    raise OutcomeUnknownError(
        f"{story}. A library with this id is there, with another {differs}.",
        hint="Somebody else may have created it. Look at its details, or choose another id.",
    ) from lost


def _what_happened(lost: FsTuiError) -> str:
    """Say why the outcome is not known, as a sentence without its stop."""
    why = _clause(lost.detail or lost.title)
    if isinstance(lost, ServiceFailureError):
        return f"The service failed ({why})"
    if isinstance(lost, ProtocolError):
        return f"The answer is unusable ({why})"
    return f"The answer was lost ({why})"


def _clause(sentence: str) -> str:
    """A sentence as a part of another one."""
    return sentence.removesuffix(".")


async def _find_same(
    gateway: Gateway, draft: LibraryDraft, exists: LibraryExistsError
) -> Library | None:
    """Return the library that is there, if it is the one that was drafted."""
    try:
        there = await gateway.library(draft.group_id)
    except LibraryNotFoundError:
        return None
    except FsTuiError as error:
        raise OutcomeUnknownError(
            "A library with this id exists, perhaps created by the earlier try; its details could"
            f" not be fetched ({_clause(str(error))})."
        ) from exists
    return None if _difference(there, draft) else there


def _difference(there: Library, draft: LibraryDraft) -> str:
    """Name the first thing in which the library that is there is not the drafted one."""
    if there.group_name != draft.group_name:
        return "name"
    if there.group_data != (draft.group_data or ""):
        return "data"
    # Without one in the draft the service has chosen its own.
    return "model version" if draft.model_version not in {None, there.model_version} else ""
