"""What the sandbox answers: an HTTP answer before it is sent, or an error code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "Refusal"]

_STATUS = {
    "AUTHENTICATION_ERROR": 401,
    "AUTHORIZATION_ERROR": 403,
    "CONCURRENCY_LIMIT_EXCEEDED": 403,
    "API_NOT_FOUND": 404,
    "INTERNAL_ERROR": 500,
}
"""The HTTP status that goes with an error code (shared/API.md, section 3); 400 with others."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer before it is sent.

    Attributes:
        headers: Without Content-Length, which is set when it is sent.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]

    def but(self, status: int, body: bytes, **headers: str) -> Answer:
        """This answer with another status and body; `_` in a header's name stands for `-`."""
        changed = {name.replace("_", "-"): value for name, value in headers.items()}
        return Answer(status, body, {**self.headers, **changed})


class Refusal(Exception):  # noqa: N818 - an answer, not a mistake
    """The call is answered with an error code.

    Args:
        status: The HTTP status; that of the code when not given.
    """

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        name = code.partition(":")[0].strip()
        self.status = _STATUS.get(name, 400) if status is None else status
