"""Verification: whether tokens are in a library, each asked with face_info, without a scan.

a token that the list shows ──► face_info ──► found: the service's 'no' means something
each token                  ──► face_info ──► there, not there, not known
the list's token once more  ──► face_info ──► found: it still did at the end

INVALID_FACE_TOKEN says 'not in this library' and 'no token at all' in the same words (page 002, and
API.md section 3). So it counts as 'not there' only for a token of the same form as the library's
own, and only where the same run has found a face that is known to be there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from fs_tui.errors import (
    AuthenticationError,
    AuthorizationError,
    FaceNotFoundError,
    FsTuiError,
    LibraryNotFoundError,
    NetworkError,
    ServiceError,
)
from fs_tui.models import RequestRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fs_tui.gateway import Event, Gateway

__all__ = ["Answer", "Presence", "Verification", "token_form", "verify"]

_SAMPLE = 100
"""Faces of the list whose tokens show what a token of this library looks like."""

_ENOUGH = 3
"""Failures in a row of the network after which the rest is not asked."""

_FINAL = (LibraryNotFoundError, AuthenticationError, AuthorizationError)
"""What would be answered to every other token too."""


class Presence(Enum):
    """What was found out about a token."""

    THERE = "there"
    NOT_THERE = "not there"
    NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said about one token.

    Attributes:
        face_token: Without the blanks around it.
        state: What it means.
        asked_at: When it was asked, aware, UTC; None where it was not.
        request_id: The service's name for the request, where it gave one.
        error: The title of the error that makes it not known, or why it is not; empty otherwise.
        failure: That error, where there is one.
    """

    face_token: str
    state: Presence
    asked_at: datetime | None = None
    request_id: str | None = None
    error: str = ""
    failure: FsTuiError | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found out about all tokens.

    Attributes:
        group_id: The library.
        answers: One a token, in the order in which they were given, each token once.
        repeated: How many more times tokens were given.
        known: What was asked of a face that the library lists, first and last; empty where it
            lists none.
        started: When the first request was sent, aware, UTC.
        ended: When the last answer came.
        doubt: Why no 'no' of the service means anything; empty where it does.
    """

    group_id: str
    answers: tuple[Answer, ...]
    repeated: int
    known: tuple[Answer, ...]
    started: datetime
    ended: datetime
    doubt: str = ""

    def count(self, state: Presence) -> int:
        """How many tokens are in a state."""
        return sum(answer.state is state for answer in self.answers)


async def verify(
    gateway: Gateway,
    group_id: str,
    tokens: Iterable[str],
    *,
    progress: Callable[[int], None] = lambda _done: None,
) -> Verification:
    """Ask about each token, one request at a time.

    A failure of one token makes that one not known; what would fail for all of them, and a network
    that fails three times in a row, ends the asking, and the rest is not known.

    Args:
        gateway: Is asked.
        group_id: The library.
        tokens: Blanks around them are taken off; empty ones are passed over.
        progress: Is told how many tokens were asked.
    """
    given = [token for token in (one.strip() for one in tokens) if token]
    return await _Run(gateway, group_id, progress).verify(given)


class _Run:
    """One verification while it runs."""

    def __init__(self, gateway: Gateway, group_id: str, progress: Callable[[int], None]) -> None:
        self._gateway = gateway
        self._group_id = group_id
        self._progress = progress
        self._request_id: str | None = None
        self._sample: tuple[str, ...] = ()
        gateway.listen(self._note)

    async def verify(self, given: Sequence[str]) -> Verification:
        started = datetime.now(UTC)
        tokens = list(dict.fromkeys(given))
        doubt = await self._take_sample()
        known = [await self._ask_known()] if self._sample else []
        answers = await self._ask_all(tokens)
        if self._sample and answers:
            known.append(await self._ask_known())
        if any(answer.state is not Presence.THERE for answer in known):
            doubt = doubt or "the service does not find a face that its own list shows"
        if doubt:
            answers = [_doubted(answer, doubt) for answer in answers]
        ended = datetime.now(UTC)
        repeated = len(given) - len(tokens)
        return Verification(
            self._group_id, tuple(answers), repeated, tuple(known), started, ended, doubt
        )

    def _note(self, event: Event) -> None:
        if isinstance(event, RequestRecord) and event.call == "face_info":
            self._request_id = event.request_id

    async def _take_sample(self) -> str:
        """Read some of the library's own tokens; returns why that could not be done."""
        try:
            page = await self._gateway.faces(self._group_id, start=1, limit=_SAMPLE)
        except FsTuiError as error:
            return f"no face that is known to be there could be listed: {error.title}"
        self._sample = tuple(face.face_token for face in page.faces)
        return ""

    async def _ask_known(self) -> Answer:
        """Ask about the list's first face; where it is gone by now, about the next ones."""
        answer = await self._ask(self._sample[0])
        for token in self._sample[1:3]:
            if answer.state is Presence.THERE:
                break
            answer = await self._ask(token)
        return answer

    async def _ask_all(self, tokens: Sequence[str]) -> list[Answer]:
        answers: list[Answer] = []
        failed = 0
        for token in tokens:
            answer = await self._ask(token)
            answers.append(answer)
            self._progress(len(answers))
            failed = failed + 1 if isinstance(answer.failure, NetworkError) else 0
            if failed >= _ENOUGH or isinstance(answer.failure, _FINAL):
                reason = f"not asked: {answer.error}"
                failure = answer.failure
                rest = tokens[len(answers) :]
                answers += [
                    Answer(one, Presence.NOT_KNOWN, error=reason, failure=failure) for one in rest
                ]
                break
        return answers

    async def _ask(self, token: str) -> Answer:
        self._request_id = None
        asked_at = datetime.now(UTC)
        try:
            face = await self._gateway.face(self._group_id, token)
        except FaceNotFoundError as error:
            request_id = error.request_id or self._request_id
            if not self._looks_like_one(token):
                reason = "it does not look like a token of this library"
                return Answer(token, Presence.NOT_KNOWN, asked_at, request_id, reason)
            return Answer(token, Presence.NOT_THERE, asked_at, request_id)
        except FsTuiError as error:
            request_id = error.request_id if isinstance(error, ServiceError) else self._request_id
            return Answer(token, Presence.NOT_KNOWN, asked_at, request_id, error.title, error)
        if face.face_token != token:
            reason = "the service answered about another token"
            return Answer(token, Presence.NOT_KNOWN, asked_at, self._request_id, reason)
        return Answer(token, Presence.THERE, asked_at, self._request_id)

    def _looks_like_one(self, token: str) -> bool:
        """Whether a token has the length and the letters of one that the list shows."""
        return not self._sample or any(
            token_form(token) == token_form(known) for known in self._sample
        )


def token_form(token: str) -> tuple[int, frozenset[str]]:
    """A token's length and the kinds of its characters; the digits of a to f are digits."""
    return len(token), frozenset(map(_kind, token))


def _kind(character: str) -> str:
    if character in "0123456789abcdef":
        return "hexadecimal"
    if character in "ABCDEF":
        return "upper hexadecimal"
    if not character.isascii() or not character.isalnum():
        return character
    return "upper letter" if character.isupper() else "lower letter"


def _doubted(answer: Answer, doubt: str) -> Answer:
    """The same answer where the service's 'no' means nothing."""
    if answer.state is not Presence.NOT_THERE:
        return answer
    return replace(answer, state=Presence.NOT_KNOWN, error=doubt)
