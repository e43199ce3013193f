"""Owns one exchange: a signed form out, an answer in, and all that is learnt on the way."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar, cast

from fs_tui.api import wire
from fs_tui.api.failures import FOREIGN, forget_frames, translate
from fs_tui.api.http import httpx
from fs_tui.api.http_client import form_request
from fs_tui.api.refusals import read_http_date, read_retry_after, refusal
from fs_tui.api.signing import SIGN_VERSION, Signer
from fs_tui.errors import DeadlineError, ProtocolError, UsageError
from fs_tui.models import RequestRecord

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Mapping

    from fs_tui.api.proxies import Proxy
    from fs_tui.errors import FsTuiError

__all__ = ["Exchange", "Form"]

_T = TypeVar("_T")

_REDACTED = "[redacted]"

_LONGEST_TARGET = 300
"""Characters of a redirect's target that are shown; a name has 253 at most."""

_LONGEST_LENGTH = 20
"""Digits of a Content-Length that are read as a number."""


class Form:
    """The signed form of one request; shows the sign to nobody but the wire.

    Attributes:
        host: Host and port that it goes to.
        request: Ready to be sent.
        size: Bytes of its body.
        shown: The fields in order, sign redacted.

    Raises:
        UsageError: A field holds bytes that are not text.
    """

    def __init__(
        self,
        url: httpx.URL,
        fields: Mapping[str, str],
        signer: Signer,
        *,
        offset: float,
        timeout: httpx.Timeout,
    ) -> None:
        self._signer = signer
        self._sign = signer.sign(offset=offset)
        self.host = url.netloc.decode()
        whole = {"sign": self._sign, "sign_version": SIGN_VERSION, **fields}
        try:
            parts = {name: text.encode() for name, text in whole.items()}
        except UnicodeEncodeError:
            raise UsageError("An id, a token or a text holds bytes that are not UTF-8.") from None
        self.request = form_request(url, parts, timeout)
        self.size = len(self.request.content)
        self.shown = (("sign", _REDACTED), *list(whole.items())[1:])

    def __repr__(self) -> str:
        return "<Form>"

    def redact(self, text: str) -> str:
        """Take sign, key and secret out of a text that came from outside."""
        return self._signer.redact(text.replace(self._sign, _REDACTED))


class Exchange:
    """One attempt of one call.

    Attributes:
        clock_used: The offset of the clock that its sign was made with.
        http_status: None until an answer begins.
        date: The answer's `Date` in Unix seconds, if it has one.
        sent_at: Local Unix seconds.
        received_at: Local Unix seconds at which the answer began.
        retry_after: Seconds that the service asked to wait, if it did.
    """

    def __init__(
        self,
        form: Form,
        *,
        clock: Callable[[], float],
        clock_used: float,
        proxy: Proxy | None = None,
    ) -> None:
        self._form = form
        self._proxy = proxy
        self._is_held_up = False  # by the proxy, which has not let it through yet
        self._clock = clock
        self._begun = time.perf_counter()
        self._received = 0
        self._code = ""
        self._request_id: str | None = None
        self._time_used: int | None = None
        self.clock_used = clock_used
        self.sent_at = self.received_at = clock()
        self.date: float | None = None
        self.http_status: int | None = None
        self.retry_after: float | None = None

    async def run(
        self,
        connections: httpx.AsyncBaseTransport,
        decode: Callable[[wire.Object], _T],
        *,
        limit: int,
    ) -> _T:
        """Send the form and read the answer.

        Args:
            connections: What sends it.
            decode: What reads an answer without an error.
            limit: The most bytes of an answer, unpacked.

        Raises:
            FsTuiError: Whatever went wrong.
        """
        if self._proxy is not None:
            self._form.request.extensions["trace"] = self._follow
        try:
            response = await connections.handle_async_request(self._form.request)
            self._read_head(response)
            try:
                body = await self._read_body(response, limit)
            finally:
                await response.aclose()
        except FOREIGN as error:
            ours = self._translate(error)
            forget_frames(error)
            raise ours from error
        return self._read(body, response, decode)

    def late(self, error: TimeoutError, deadline: float) -> FsTuiError:
        """Return our error for an exchange that was ended after so many seconds."""
        if self._is_held_up:
            return self._translate(httpx.ConnectTimeout(str(error)))
        return DeadlineError(f"{self._form.host} gave no whole answer within {deadline:g} s.")

    def _translate(self, error: Exception) -> FsTuiError:
        return translate(error, self._form.host, self._proxy if self._is_held_up else None)

    async def _follow(self, step: str, _details: object) -> None:
        """Note how far a connection has come that goes through a proxy."""
        if step == "connection.connect_tcp.started":
            self._is_held_up = True
        elif step == "proxy.start_tls.started":
            self._is_held_up = False

    def record(self, call: str, group_id: str, attempt: int, error: str) -> RequestRecord:
        """What the request log is told about it."""
        return RequestRecord(
            at=datetime.fromtimestamp(self.sent_at, UTC),
            call=call,
            group_id=group_id,
            attempt=attempt,
            round_trip_ms=round((time.perf_counter() - self._begun) * 1000),
            http_status=self.http_status,
            code=self._code,
            error=error,
            time_used_ms=self._time_used,
            request_id=self._request_id,
            bytes_sent=self._form.size,
            bytes_received=self._received,
            form=self._form.shown,
        )

    def _read_head(self, response: httpx.Response) -> None:
        self.received_at = self._clock()
        self.http_status = response.status_code
        self.date = read_http_date(response.headers.get("date"))
        now = self.received_at if self.date is None else self.date
        self.retry_after = read_retry_after(response.headers.get("retry-after"), now)

    async def _read_body(self, response: httpx.Response, limit: int) -> bytes:
        """Read the body, unpacked, up to the limit."""
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:_LONGEST_LENGTH]) > limit:
            raise self._too_large(limit)
        encoding = response.headers.get("content-encoding", "")
        if "," in encoding:
            # Each layer unfolds a thousandfold, before a byte of it can be counted.
            raise ProtocolError(
                "The answer is compressed more than once.", http_status=self.http_status
            )
        # What is not compressed comes as it is: its bytes pass through half as many hands.
        stream = cast("AsyncIterable[bytes]", response.stream)  # of an asynchronous transport
        pieces: list[bytes] = []
        async for piece in response.aiter_bytes() if encoding else stream:
            self._received += len(piece)
            if self._received > limit:
                raise self._too_large(limit)
            pieces.append(piece)
        return b"".join(pieces)

    def _too_large(self, limit: int) -> ProtocolError:
        return ProtocolError(
            f"The answer is larger than {limit // 2**20} MiB.", http_status=self.http_status
        )

    def _read(
        self, body: bytes, response: httpx.Response, decode: Callable[[wire.Object], _T]
    ) -> _T:
        status = response.status_code
        if response.is_redirect:
            raise ProtocolError(
                f"The service redirects{self._target(response)} (HTTP {status}). Redirects are not"
                " followed: the signed form was not sent on.",
                http_status=status,
                hint="Set the endpoint to the address that answers itself.",
            )
        try:
            answer = wire.read_object(body)
        except ProtocolError as error:
            if status == HTTPStatus.OK:
                error.http_status = status
                raise
            # A gateway's page or a plain text: the status is all there is to go by.
            raise refusal("", status, retry_after=self.retry_after) from error
        try:
            self._note(answer)
            if self._code or not response.is_success:
                raise refusal(
                    self._code, status, request_id=self._request_id, retry_after=self.retry_after
                )
            # The only text of the answer's own that an error may repeat.
            return decode({**answer, "request_id": self._request_id})
        except ProtocolError as error:
            error.http_status, error.request_id = status, self._request_id
            raise

    def _note(self, answer: wire.Object) -> None:
        """Keep what an answer says about itself; a service may repeat what it was sent."""
        self._code = self._form.redact(wire.error_code(answer))
        request_id = wire.optional_text(answer.get("request_id"))
        self._request_id = request_id and self._form.redact(request_id)
        self._time_used = wire.optional_number(answer.get("time_used"))

    def _target(self, response: httpx.Response) -> str:
        """Where a redirect points: scheme and host, without a path that may hold anything."""
        here = self._form.request.url
        try:
            url = here.join(response.headers.get("location", ""))
        except (ValueError, httpx.InvalidURL):
            return ""
        if not url.raw_host or (url.scheme, url.netloc) == (here.scheme, here.netloc):
            return ""
        where = f"{url.scheme}://{url.netloc.decode()}"
        return f" to {self._form.redact(where)[:_LONGEST_TARGET]}"
