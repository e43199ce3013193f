"""A service that gives the same faces at every position."""

from __future__ import annotations

import pytest

from fs_tui.errors import PagingError
from fs_tui.faces.paging.repeats import Repeats
from fs_tui.models import FacePage
from tests.unit.fake_gateway import make_face


def page(start: int, numbers: range) -> FacePage:
    return FacePage(start, 100, tuple(map(make_face, numbers)), None, f"id-{start}")


FIRST = range(1, 101)


@pytest.mark.parametrize("rows", [101, 100, 99, 2, 1])
def test_a_page_that_is_the_one_before_it_as_far_as_both_go_is_refused_at_once(rows: int) -> None:
    """A window that is joined to the one before it asks for one face more."""
    repeats = Repeats()
    assert repeats.seen(page(1, FIRST)) is None
    reason = repeats.seen(page(101, range(1, rows + 1)))
    assert isinstance(reason, PagingError)
    assert "position 1 again at position 101" in reason.detail
    assert (reason.http_status, reason.request_id) == (200, "id-101")


def test_pages_that_only_begin_alike_are_a_library_that_changed_until_there_are_three() -> None:
    repeats = Repeats()
    pages = [page(start, range(1, 101 + start)) for start in (1, 101, 201, 301)]
    *passed, reason = [repeats.seen(one) for one in pages]
    assert passed == [None, None, None]
    assert isinstance(reason, PagingError)


def test_other_faces_between_them_begin_the_counting_anew() -> None:
    repeats = Repeats()
    for start in range(1, 1_000, 200):
        assert repeats.seen(page(start, range(1, 101 + start))) is None
        assert repeats.seen(page(start + 100, range(start * 1_000, start * 1_000 + 100))) is None


@pytest.mark.parametrize(
    "second",
    [
        page(101, range(101, 201)),
        page(101, range(100, 200)),  # the last one again: something was added before it
        page(1, FIRST),  # the same position once more
        page(1, range(1, 51)),
        page(101, range(1, 103)),  # two more than the one before
    ],
    ids=["next", "moved", "again", "shorter", "longer"],
)
def test_what_may_stand_there_is_taken(second: FacePage) -> None:
    repeats = Repeats()
    repeats.seen(page(1, FIRST))
    assert repeats.seen(second) is None


def test_after_deletions_a_page_may_be_what_a_later_one_was() -> None:
    repeats = Repeats()
    assert repeats.seen(page(101, FIRST)) is None
    assert repeats.seen(page(1, FIRST)) is None
