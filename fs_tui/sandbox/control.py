"""The sandbox's own API, by which tests and people steer it while it runs.

/sandbox/faults   GET shows, POST changes and DELETE clears its faults
/sandbox/changes  GET shows the libraries, POST changes one of them

It is open to whoever reaches the loopback socket. A web page cannot use it unasked: the content
type of JSON makes a browser ask first, and the answer to that question is a refusal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fs_tui.errors import FsTuiError
from fs_tui.sandbox.extra import missing_extra
from fs_tui.sandbox.options import apply, change, describe

try:
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
except ModuleNotFoundError as error:
    raise missing_extra(error) from error

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from fs_tui.sandbox.service import Service

__all__ = ["CHANGES_PATH", "FAULTS_PATH", "Control"]

FAULTS_PATH = "/sandbox/faults"
CHANGES_PATH = "/sandbox/changes"


class _Json(JSONResponse):
    """JSON in ASCII: half of a surrogate pair is no text that could be encoded."""

    def render(self, content: object) -> bytes:
        return json.dumps(content).encode()


class _RefusedError(Exception):
    """A request that is not of the form that is read here."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status = status


class Control:
    """The service with its control API beside it, as an ASGI app."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3)."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path not in {FAULTS_PATH, CHANGES_PATH}:
            await self._service(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            response = await (self._faults if path == FAULTS_PATH else self._changes)(request)
        except _RefusedError as refused:
            response = _Json({"error": str(refused)}, refused.status)
        except FsTuiError as refused:
            response = _Json({"error": refused.detail, "hint": refused.hint}, 400)
        await response(scope, receive, send)

    async def _faults(self, request: Request) -> Response:
        faults = self._service.faults
        if request.method == "DELETE":
            faults.clear()
        elif request.method == "POST":
            changes = await _object(request)
            release = changes.pop("release", False)
            apply(faults, changes)
            if release:
                faults.release()
        elif request.method != "GET":
            return Response(status_code=405, headers={"allow": "GET, POST, DELETE"})
        served = {"served": dict(self._service.served), "peak": self._service.peak}
        return _Json(describe(faults) | {"held": faults.held} | served)

    async def _changes(self, request: Request) -> Response:
        population = self._service.population
        if request.method == "POST":
            change(population, await _object(request))
        elif request.method != "GET":
            return Response(status_code=405, headers={"allow": "GET, POST"})
        ids = [library.group_id for library in population]
        return _Json({"libraries": {group_id: len(population[group_id]) for group_id in ids}})


async def _object(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise _RefusedError(415, "Send application/json.")
    try:
        content = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise _RefusedError(400, "That is not JSON.") from None
    if not isinstance(content, dict):
        raise _RefusedError(400, "Send an object.")
    return content
