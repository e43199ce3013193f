"""The rows that a filter and an order make of a store, and what a cancel leaves of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.faces.filter_language import parse
from fs_tui.faces.index.store import FaceStore
from fs_tui.faces.index.view import View
from fs_tui.faces.query import PLAIN, Order
from tests.unit.fake_gateway import make_face

if TYPE_CHECKING:
    from collections.abc import Iterator

NEWEST = Order("add_time", descending=True)


@pytest.fixture
def store() -> Iterator[FaceStore]:
    store = FaceStore()
    yield store
    store.close()


def add(store: FaceStore, view: View, first: int, last: int) -> None:
    """Let the faces from one position to before another come."""
    store.add(first, [make_face(number) for number in range(first, last)])
    view.met(first, last)


def opened(store: FaceStore) -> View:
    """A view whose failures end its test."""

    def failed(error: Exception) -> None:
        raise error

    return View(store, changed=lambda: None, failed=failed)


async def ordered_view(store: FaceStore, count: int = 300) -> View:
    view = opened(store)
    add(store, view, 1, count + 1)
    view.set_order(NEWEST)
    await view.settled()
    return view


async def test_a_cancel_drops_an_order_that_never_stood(store: FaceStore) -> None:
    view = opened(store)
    add(store, view, 1, 301)
    view.set_order(NEWEST)
    view.halt()
    assert view.order == PLAIN
    assert view.positions is None


async def test_a_cancel_keeps_an_order_that_stood_and_is_only_made_anew(store: FaceStore) -> None:
    view = await ordered_view(store)
    add(store, view, 301, 401)
    view.follow()
    view.halt()
    assert view.order == NEWEST
    assert view.positions is not None
    assert list(view.positions[:2]) == [300, 299]


async def test_a_cancel_leaves_an_order_that_has_nothing_to_order_yet(store: FaceStore) -> None:
    view = await ordered_view(store, count=0)
    view.halt()
    assert view.order == NEWEST


async def test_an_order_is_made_anew_after_a_cancel_when_more_comes(store: FaceStore) -> None:
    view = await ordered_view(store)
    add(store, view, 301, 401)
    view.follow()
    view.halt()
    view.follow()
    assert not view.settled_now
    add(store, view, 401, 501)
    view.follow()
    await view.settled()
    assert view.positions is not None
    assert list(view.positions[:2]) == [500, 499]
    assert view.settled_now


async def test_a_large_order_waits_until_it_has_grown_by_a_tenth_or_no_more_comes(
    store: FaceStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fs_tui.faces.index.view._SMALL", 100)
    view = await ordered_view(store)
    view.more_coming = True
    add(store, view, 301, 321)
    view.follow()
    await view.settled()
    assert len(view.positions or ()) == 300
    assert not view.settled_now
    add(store, view, 321, 331)
    view.follow()
    await view.settled()
    assert len(view.positions or ()) == 330
    add(store, view, 331, 332)
    view.more_coming = False
    view.follow()
    await view.settled()
    assert len(view.positions or ()) == 331
    assert view.settled_now


async def test_hits_stay_ascending_whatever_comes_first_and_a_face_that_came_again_once(
    store: FaceStore,
) -> None:
    view = opened(store)
    view.set_filter(parse('data:"user 7"'))
    for first, last in ((201, 301), (1, 101), (101, 201), (70, 72), (70, 71)):
        add(store, view, first, last)
    view.follow()
    await view.settled()
    assert list(view.hits) == [7, *range(70, 80)]
    assert view.settled_now


async def test_a_newer_filter_begins_at_the_first_face_again(store: FaceStore) -> None:
    view = opened(store)
    add(store, view, 1, 301)
    for text, hits in (('data:"user 7"', 11), ('data:"user 8"', 11), ("", None)):
        view.set_filter(parse(text))
        await view.settled()
        assert (len(view.positions) if view.positions is not None else None) == hits
    assert view.status(complete=True, extent=300).whole


async def test_a_filter_that_was_cancelled_says_how_far_it_came(store: FaceStore) -> None:
    view = opened(store)
    add(store, view, 1, 301)
    view.set_filter(parse('data:"user 7"'))
    view.halt()
    status = view.status(complete=True, extent=300)
    assert (status.working, status.whole, status.covered) == (False, False, 0)
