"""What is remembered about an error."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, datetime

from fs_tui.errors import ConnectError
from fs_tui.tui.pages.records import ErrorRecord


class _Answer:
    """Stands for a large answer in the frame that met the error."""


def test_a_remembered_error_keeps_nothing_of_the_frames_that_it_came_through() -> None:
    kept = []

    def fails() -> None:
        answer = _Answer()
        kept.append(weakref.ref(answer))
        try:
            raise OSError  # noqa: TRY301 - a chain is what is tested
        except OSError as cause:
            raise ConnectError("refused") from cause

    try:
        fails()
    except ConnectError as error:
        record = ErrorRecord(datetime.now(UTC), "list", error)
    gc.collect()
    assert record.error.detail == "refused"
    assert isinstance(record.error.__cause__, OSError)
    assert kept[0]() is None
