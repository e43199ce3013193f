"""A service that gives the same faces at every position."""

from __future__ import annotations

from fs_tui.faces.paging.repeats import Repeats
from fs_tui.models import Face, FacePage


def test_the_answer_that_repeats_is_named_by_its_status_and_request_id() -> None:
    repeats = Repeats()
    pages = [FacePage(start, 1, (Face("same"),), None, f"id-{start}") for start in range(1, 5)]
    *passed, reason = [repeats.seen(page) for page in pages]
    assert passed == [None, None, None]
    assert reason is not None
    assert (reason.http_status, reason.request_id) == (200, "id-4")
