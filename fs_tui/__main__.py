"""`python -m fs_tui`, and the console script: hands over to the command line."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

_INTERRUPTED = 130
_MISUSED = 2


def main() -> None:
    """Run the command line and end the process with its status."""
    try:
        status = _run()
    except KeyboardInterrupt:
        # What runs ends by itself; here it was still being imported.
        status = _INTERRUPTED
    except BaseException as error:  # noqa: BLE001 - no traceback reaches a user
        status = _not_started(error)
    sys.exit(status)


def _run() -> int:
    # What is imported at the start is no garbage; looking for some would take an eighth of the
    # time to the first frame. Commands turn it on at once, the browser when its first faces are
    # there.
    gc.disable()
    from fs_tui.shortage import require_memory

    require_memory()
    from fs_tui.cli.main import run

    return run()


def _not_started(error: BaseException) -> int:
    """Say why the program could not even be imported; perhaps nothing more can be, either."""
    try:
        from fs_tui.cli.ending import ended

        return ended(error)
    except BaseException:  # noqa: BLE001 - then in fewer words
        words = "fs-tui: A system limit was reached: memory, or open files.\n"
        with suppress(OSError):
            os.write(2, words.encode())
        return _MISUSED


if __name__ == "__main__":
    main()
