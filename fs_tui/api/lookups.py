"""Owns the threads of name look-ups: the system's resolver may hang, and must not keep us."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from fs_tui import background

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

__all__ = ["DaemonExecutor"]

_P = ParamSpec("_P")
_T = TypeVar("_T")


class DaemonExecutor(ThreadPoolExecutor):
    """Runs each call in a daemon thread of its own, so that none delays the end of the program.

    asyncio looks names up in the loop's default executor, whose threads are waited for when the
    loop ends and again when the interpreter does: a dead name server held the exit for as long as
    the resolver tries. A ThreadPoolExecutor by type only, which is what asyncio asks for.
    """

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        return background.start(lambda: fn(*args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - as its base has it
        """Wait for nobody."""
