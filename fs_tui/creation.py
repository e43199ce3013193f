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
    "DATA_CHARACTERS",
    "ID_BYTES",
    "NAME_CHARACTERS",
    "check_draft",
    "check_group_data",
    "check_group_id",
    "check_group_name",
    "check_model_version",
    "count_bytes",
    "count_characters",
    "create_library",
    "create_unless_there",
    "find_created",
    "make_draft",
]

ID_BYTES = 48
"""The most bytes of a `group_id` (page 004)."""

NAME_CHARACTERS = 60
"""The most characters of a `group_name` (page 004)."""

DATA_CHARACTERS = 128
"""The most characters of a `group_data` (page 004)."""

_FOREIGN = re.compile(r"[^A-Za-z0-9\-%@#&_]")
"""What an id may not hold. 'Letters' is read as ASCII letters: the limit is told in bytes, and an
id can never be changed, so what is doubtful is refused."""


def count_bytes(text: str) -> int:
    """Return how much of `ID_BYTES` a group_id takes."""
    return len(text.encode("utf-8", "replace"))


def count_characters(text: str) -> int:
    """Return how much of `NAME_CHARACTERS` or `DATA_CHARACTERS` a text takes."""
    return len(text)


def check_group_id(text: str) -> DraftError | None:
    """Return what is wrong with a group_id: 1 to 48 bytes of letters, digits and `-%@#&_`."""
    field = "group_id"
    if not text:
        return DraftError(field, "The id is missing.", hint="Type an id; it can never be changed.")
    if foreign := _FOREIGN.search(text):
        shown = {" ": "a space", ".": "a dot"}.get(foreign[0], f"'{foreign[0]}'")
        return DraftError(
            field,
            f"The id holds {shown}, at character {foreign.start() + 1}.",
            hint="Use the letters a-z and A-Z, the digits 0-9, and - % @ # & _ only.",
        )
    if (size := count_bytes(text)) > ID_BYTES:
        return DraftError(field, f"The id has {size} bytes.", hint=f"Use at most {ID_BYTES} bytes.")
    return None


def check_group_name(text: str) -> DraftError | None:
    """Return what is wrong with a group_name: 1 to 60 characters."""
    if not text:
        return DraftError("group_name", "The name is missing.", hint="Type a name.")
    return _check_text("group_name", "name", text, NAME_CHARACTERS)


def check_group_data(text: str) -> DraftError | None:
    """Return what is wrong with a group_data: at most 128 characters."""
    return _check_text("group_data", "data", text, DATA_CHARACTERS)


def check_model_version(text: str) -> DraftError | None:
    """Return what is wrong with a model_version: free text, if it is text at all."""
    return _check_text("model_version", "model version", text, None)


def _check_text(field: str, noun: str, text: str, most: int | None) -> DraftError | None:
    if not _is_text(text):
        return DraftError(
            field, f"The {noun} holds bytes that are not text.", hint="Type it again as UTF-8."
        )
    if most is not None and (count := count_characters(text)) > most:
        return DraftError(
            field, f"The {noun} has {count} characters.", hint=f"Use at most {most} characters."
        )
    return None


def _is_text(text: str) -> bool:
    """Whether it can be sent: undecodable bytes of an argument become lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def make_draft(
    group_id: str, group_name: str, group_data: str = "", model_version: str = ""
) -> LibraryDraft:
    """Make a draft from typed texts; an empty optional one is not sent."""
    return LibraryDraft(group_id, group_name, group_data or None, model_version or None)


def check_draft(draft: LibraryDraft) -> tuple[DraftError, ...]:
    """Return all that is wrong with a draft, at most one error a field, in the form's order."""
    found = (
        check_group_id(draft.group_id),
        check_group_name(draft.group_name),
        check_group_data(draft.group_data or ""),
        check_model_version(draft.model_version or ""),
    )
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
    """Find out what became of a create that was cancelled on its way.

    Raises:
        NotCreatedError: The library is not there.
        OutcomeUnknownError: Nothing certain can be said.
    """
    return await _resolve(
        gateway, draft, f"The create of {draft.group_id} was cancelled on its way", None
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
        raise NotCreatedError(f"{story}, and the library is not there.") from lost
    except FsTuiError as error:
        raise OutcomeUnknownError(
            f"{story}, and the library's details cannot be had ({_clause(str(error))})."
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
        return f"The answer cannot be used ({why})"
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
            "A library with this id exists, perhaps by the earlier try, and its details cannot be"
            f" had ({_clause(str(error))})."
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
