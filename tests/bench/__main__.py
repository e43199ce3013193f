"""`python -m tests.bench [--quick] [--only NAME]…`: measures, and prints a table."""

from __future__ import annotations

import argparse
import importlib
import sys
import time

from tests.bench.figures import Figure, table
from tests.bench.plan import Plan

GROUPS = {
    "start": "first frame, first libraries, first faces",
    "opening": "requests before the first rows of a library",
    "end": "requests and round trips of the search for the end",
    "scan": "rows per second over HTTP",
    "output": "faces --all beside the script that one would write",
    "million": "five million loaded faces: memory, stalls, filters, orders",
    "browser": "the browser with five million loaded faces, in a pty",
    "keys": "bytes and time of a cursor move and of a page",
}
"""The modules of this folder that measure, and what they measure."""


def main() -> int:
    """Run the groups; the status is 1 when a target was missed or a group failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, for a look")
    parser.add_argument(
        "--only", action="append", choices=sorted(GROUPS), metavar="NAME", help=", ".join(GROUPS)
    )
    options = parser.parse_args()
    plan = Plan(quick=options.quick)
    figures: list[Figure] = []
    failed = []
    for name, what in GROUPS.items():
        if options.only and name not in options.only:
            continue
        began = time.perf_counter()
        sys.stderr.write(f"{name}: {what} … ")
        sys.stderr.flush()
        try:
            figures += importlib.import_module(f"tests.bench.{name}").measure(plan)
        except Exception as error:  # noqa: BLE001 - the other groups are worth measuring
            failed.append(f"{name} could not be measured: {type(error).__name__}: {error}")
        sys.stderr.write(f"{time.perf_counter() - began:.0f} s\n")
    sys.stdout.write(table(figures) + "\n")
    for sentence in failed:
        sys.stderr.write(f"{sentence}\n")
    return int(bool(failed) or not all(figure.reached for figure in figures))


if __name__ == "__main__":
    sys.exit(main())
