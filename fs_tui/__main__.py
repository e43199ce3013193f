"""`python -m fs_tui`, and the console script: hands over to the command line."""

from __future__ import annotations

import gc
import sys

_INTERRUPTED = 130


def main() -> None:
    """Run the command line and end the process with its status."""
    try:
        status = _run()
    except KeyboardInterrupt:
        # What runs ends by itself; here it was still being imported.
        status = _INTERRUPTED
    sys.exit(status)


def _run() -> int:
    # What is imported at the start is no garbage; looking for some would take an eighth of the
    # time to the first frame. Commands turn it on at once, the browser when it is connected.
    gc.disable()
    from fs_tui.cli.main import run

    return run()


if __name__ == "__main__":
    main()
