"""KeptFacts: what the kept file of a library says of itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from fs_tui.faces.index.database import Database
from fs_tui.times import moment_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fs_tui.faces.index.database import EncryptedFile

__all__ = ["VERSION", "KeptFacts", "KeptFileError", "facts_in", "read_facts"]

VERSION = 1
"""Of the file's tables."""


class KeptFileError(Exception):
    """A file that is not what this program keeps; the text says why."""


class KeptFacts(NamedTuple):
    """What a kept file says of itself; times are milliseconds since 1970 UTC.

    Attributes:
        group_id: The library.
        endpoint: The service that it belongs to.
        made_ms: When the library was made; None where the service did not say.
        prefix: The faces of so many positions, from the first on, are there.
        complete: The last of them was the library's last one when it was looked at.
        doubt: Why some may have changed place unseen; empty where they have not.
        looked_ms: When the service last showed that they stand; None before the first one came.
        contents_ms: When the one that was read longest ago was read, or somewhat earlier.
        used_ms: When the file was opened last.
        added: Faces that looks at the end have brought since the browser showed what they bring.
        gone: Faces that they have taken out.
        falls: Whether a face has no time, or an earlier one than the face before it.
        last_added_ms: When the last face was added; None where no face has a time.
        nul: As in Contents.
        hex_tokens: As in Contents.
    """

    group_id: str = ""
    endpoint: str = ""
    made_ms: int | None = None
    prefix: int = 0
    complete: bool = False
    doubt: str = ""
    looked_ms: int | None = None
    contents_ms: int | None = None
    used_ms: int | None = None
    added: int = 0
    gone: int = 0
    falls: bool = False
    last_added_ms: int | None = None
    nul: bool = False
    hex_tokens: bool = True

    def followed_by(self, times: Sequence[int | None]) -> KeptFacts:
        """Return what holds once faces of these times follow the last one."""
        known = [time for time in times if time is not None]
        last = self.last_added_ms
        in_order = known == sorted(known) and (not known or last is None or known[0] >= last)
        return self._replace(
            falls=self.falls or not in_order or len(known) < len(times),
            last_added_ms=known[-1] if known else last,
        )

    @property
    def looked_at(self) -> datetime | None:
        """When the service last showed that the faces stand, aware, UTC."""
        return _moment(self.looked_ms)

    @property
    def contents_as_of(self) -> datetime | None:
        """Since when contents may have changed unseen, aware, UTC."""
        return _moment(self.contents_ms)


def read_facts(file: EncryptedFile) -> KeptFacts:
    """Return what a file says of itself, whoever has it open.

    Raises:
        KeptFileError: It is of another version, or what it says contradicts itself.
        ResourceError: It is damaged, another key's, or this machine does not let it be opened.
    """
    database = Database(file=file, cache_kib=1_000)
    try:
        return facts_in(database)
    finally:
        database.close()


def facts_in(database: Database) -> KeptFacts:
    """Return what an open file says of itself; raises as `read_facts`."""
    ((version,),) = database.rows("PRAGMA user_version")
    if version != VERSION:
        raise KeptFileError(f"it is of version {version}, and this program keeps {VERSION}")
    try:
        ((document,),) = database.rows("SELECT document FROM facts")
        return KeptFacts(**json.loads(document))
    except (ValueError, TypeError) as error:
        raise KeptFileError("it does not say what it holds") from error


def _moment(number: int | None) -> datetime | None:
    return None if number is None else moment_of(number)
