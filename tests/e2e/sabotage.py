"""The program with a fault put into it: `python -m tests.e2e.sabotage PLACE ARGUMENTS…`.

Each fault is raised where key, secret, sign or a face are in reach, and names in its text what it
reaches, as careless libraries do.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = ("handler", "async worker", "thread worker", "httpx call")


def _secrets() -> str:
    import os

    return f"key {os.environ['FS_TUI_API_KEY']} secret {os.environ['FS_TUI_API_SECRET']}"


def _in_handler() -> None:
    from fs_tui.tui.browser.actions import BrowserActions

    def action_help(self: BrowserActions) -> None:
        secret = _secrets()
        raise LookupError(f"{secret} {self}")

    _replace(BrowserActions, "action_help", action_help)


def _in_async_worker() -> None:
    from fs_tui.tui.browser.actions import BrowserActions

    def action_help(self: BrowserActions) -> None:
        async def work(secret: str) -> None:
            raise LookupError(secret)

        self.run_worker(work(_secrets()))

    _replace(BrowserActions, "action_help", action_help)


def _in_thread_worker() -> None:
    from fs_tui.tui.browser.actions import BrowserActions

    def action_help(self: BrowserActions) -> None:
        def work() -> None:
            secret = _secrets()
            raise LookupError(secret)

        self.run_worker(work, thread=True)

    _replace(BrowserActions, "action_help", action_help)


def _in_httpx_call() -> None:
    import httpx

    send = httpx.AsyncHTTPTransport.handle_async_request

    async def failing(
        self: httpx.AsyncHTTPTransport, request: httpx.Request, **options: Any
    ) -> Any:
        # `options` and the answer are httpx's own.
        response = await send(self, request, **options)
        if request.url.path.endswith("face_info"):
            raise LookupError(f"{_secrets()} {(await request.aread()).decode()}")
        return response

    _replace(httpx.AsyncHTTPTransport, "handle_async_request", failing)


def _replace(owner: type, name: str, with_what: Callable[..., object]) -> None:
    setattr(owner, name, with_what)


def main() -> int:
    """Put the fault in, then be the program."""
    from fs_tui.cli.main import run

    faults = (_in_handler, _in_async_worker, _in_thread_worker, _in_httpx_call)
    dict(zip(PLACES, faults, strict=True))[sys.argv.pop(1)]()
    return run()


if __name__ == "__main__":
    sys.exit(main())
