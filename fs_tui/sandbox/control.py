"""The sandbox's own door: GET, POST and DELETE /sandbox/faults show, change and clear its faults.

It is open to whoever reaches the loopback socket. A web page cannot use it unasked: the content
type of JSON makes a browser ask first, and the answer to that question is a refusal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fs_tui.errors import FsTuiError
from fs_tui.sandbox.extra import missing_extra
from fs_tui.sandbox.options import apply, describe

try:
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
except ModuleNotFoundError as error:
    raise missing_extra(error) from error

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from fs_tui.sandbox.service import Service

__all__ = ["PATH", "Control"]

PATH = "/sandbox/faults"


class _Json(JSONResponse):
    """JSON in ASCII: half of a surrogate pair is no text that could be encoded."""

    def render(self, content: object) -> bytes:
        return json.dumps(content).encode()


class Control:
    """The service with the door beside it, as an ASGI app."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        if scope["type"] == "http" and scope["path"] == PATH:
            response = await self._answer(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._service(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        faults = self._service.faults
        if request.method == "DELETE":
            faults.clear()
        elif request.method == "POST":
            if request.headers.get("content-type", "").partition(";")[0] != "application/json":
                return _Json({"error": "Send application/json."}, 415)
            try:
                changes = json.loads(await request.body())
                if not isinstance(changes, dict):
                    return _Json({"error": "Send an object."}, 400)
                release = changes.pop("release", False)
                apply(faults, changes)
            except ValueError:
                return _Json({"error": "That is not JSON."}, 400)
            except FsTuiError as refused:
                return _Json({"error": refused.detail, "hint": refused.hint}, 400)
            if release:
                faults.release()
        elif request.method != "GET":
            return Response(status_code=405, headers={"allow": "GET, POST, DELETE"})
        served = {"served": dict(self._service.served), "peak": self._service.peak}
        return _Json(describe(faults) | {"held": faults.held} | served)
