"""`python -m fs_tui`, and the console script: hands over to the command line."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and end the process with its status."""
    # What is imported at the start is no garbage; looking for some would take an eighth of the
    # time to the first frame. Commands turn it on at once, the browser when it is connected.
    gc.disable()
    from fs_tui.cli.main import run

    sys.exit(run())


if __name__ == "__main__":
    main()
