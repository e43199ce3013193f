"""fs-tui with caches so small that all goes into files that may, and a look at what is in them.

    python -m tests.e2e.spilling CANARIES FOUND ARGUMENT...

CANARIES holds a text a line. Where one of them stood in a file without a name while the program
ran, which SQLite's temporary files are, there is a file FOUND afterwards.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

from fs_tui.faces.index import database


def main() -> None:
    """Run the program, and look until it ends, or something was found."""
    canaries, found, *arguments = sys.argv[1:]
    look = _Look(Path(canaries).read_bytes().splitlines(), Path(found))
    _shrink_caches(look)
    Thread(target=look.always, daemon=True).start()
    sys.argv = ["fs-tui", *arguments]
    from fs_tui.__main__ import main

    main()


def _shrink_caches(look: _Look) -> None:
    begin, close = database.Database.__init__, database.Database.close

    def small(self: database.Database, *schema: str, cache_kib: int, **options: Any) -> None:
        begin(self, *schema, cache_kib=min(cache_kib, 64), **options)

    def seen(self: database.Database) -> None:
        look.once()
        close(self)

    database.Database.__init__ = small  # type: ignore[method-assign] # that is what it is for
    database.Database.close = seen  # type: ignore[method-assign] # the same


class _Look:
    def __init__(self, wanted: list[bytes], found: Path) -> None:
        self._wanted = wanted
        self._found = found
        self._seen: set[tuple[str, int, int]] = set()

    def always(self) -> None:
        while not self._found.exists():
            self.once()
            sleep(0.005)

    def once(self) -> None:
        for entry in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                if "(deleted)" not in os.readlink(entry):  # noqa: PTH115 - not a path of ours
                    continue
                info = entry.stat()
                state = (entry.name, info.st_mtime_ns, info.st_size)
                if state not in self._seen:
                    self._seen.add(state)
                    content = entry.read_bytes()
                    if any(text in content for text in self._wanted):
                        self._found.touch()


if __name__ == "__main__":
    main()
