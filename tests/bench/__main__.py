"""`python -m tests.bench [--quick] [--only NAME]… [--write]`: measures, and prints tables."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time

from tests.bench import rows
from tests.bench.figures import table
from tests.bench.page import write_tables
from tests.bench.plan import Plan

_NAMES = sorted(module.name for module in pkgutil.iter_modules(rows.__path__))


def main() -> int:
    """Run the groups; the status is 1 when a bound does not hold or a group failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, for a look")
    parser.add_argument(
        "--only", action="append", choices=_NAMES, metavar="NAME", help=", ".join(_NAMES)
    )
    parser.add_argument(
        "--write", action="store_true", help="put the tables into the two README that show them"
    )
    options = parser.parse_args()
    if options.write and options.quick:
        parser.error("--write is for whole measurements, without --quick")
    tables: dict[str, str] = {}
    first = time.perf_counter()
    holds = True
    for name in options.only or _NAMES:
        began = time.perf_counter()
        sys.stderr.write(f"{name} … ")
        sys.stderr.flush()
        try:
            group = importlib.import_module(f"{rows.__name__}.{name}")
            figures = list(group.measure(Plan(quick=options.quick)))
        except Exception as error:  # noqa: BLE001 - the other groups are worth measuring
            holds = False
            sys.stderr.write(f"could not be measured: {type(error).__name__}: {error}\n")
            continue
        sys.stderr.write(f"{time.perf_counter() - began:.0f} s\n")
        holds = holds and all(figure.holds for figure in figures)
        what = str(group.__doc__).splitlines()[0].rstrip(".")
        tables[name] = f"### {name}: {what}\n\n{table(figures)}\n"
        sys.stdout.write(f"{tables[name]}\n")
        sys.stdout.flush()
    sys.stderr.write(f"all of it: {time.perf_counter() - first:.0f} s\n")
    if options.write:
        write_tables(tables)
    return int(not holds)


if __name__ == "__main__":
    sys.exit(main())
