"""`python -m fs_tui`, and the console script: hands over to the command line."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and end the process with its status."""
    from fs_tui.cli.main import run

    sys.exit(run())


if __name__ == "__main__":
    main()
