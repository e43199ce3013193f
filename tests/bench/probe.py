"""Runs `fs-tui` with a heartbeat in its event loop: `python -m tests.bench.probe FILE ARGUMENTS…`.

At SIGUSR1 the longest stall so far, in seconds, is written to FILE, and measuring starts anew.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any

from textual.app import App

from tests.bench.heartbeat import Heartbeat

__all__: list[str] = []

_run_async = App.run_async


async def _probed(app: App[Any], *args: Any, **kwargs: Any) -> Any:  # as App.run_async
    heart = Heartbeat()
    target = Path(sys.argv[0])

    def tell(_number: int, _frame: object) -> None:
        fresh = target.with_suffix(".new")
        fresh.write_text(str(heart.longest))
        fresh.replace(target)
        heart.reset()

    signal.signal(signal.SIGUSR1, tell)
    try:
        return await _run_async(app, *args, **kwargs)
    finally:
        heart.stop()


if __name__ == "__main__":
    del sys.argv[0]
    App.run_async = _probed  # type: ignore[method-assign,assignment] # the point of this module
    from fs_tui.cli.main import run

    sys.exit(run(sys.argv[1:]))
