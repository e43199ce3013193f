"""Whole libraries are read after their cost was said, within the limit, and never called whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from fs_tui.cli.whole import whole_libraries
from fs_tui.errors import ConnectError, IncompleteError, LibraryNotFoundError
from tests.unit.fake_gateway import FakeGateway

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.errors import FsTuiError


async def read(
    gateways: Sequence[FakeGateway], *, max_requests: int | None = None
) -> tuple[list[int], list[FsTuiError | None]]:
    """How many faces were read of each, and why not all."""
    wanted = [(gateway, gateway.group_id) for gateway in gateways]
    async with whole_libraries(wanted, concurrency=1, max_requests=max_requests) as libraries:
        for library in libraries:
            await library.read()
        return (
            [library.listing.status.loaded for library in libraries],
            [library.shortfall for library in libraries],
        )


@pytest.mark.parametrize("faces", [0, 1, 100, 999, 1000, 2500, 99_999])
async def test_few_pages_are_read_without_a_word(
    faces: int, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = FakeGateway(faces)
    assert await read([gateway]) == ([faces], [None])
    assert capsys.readouterr().err == ""
    assert len(gateway.calls) <= faces // 1000 + 5


async def test_many_pages_are_announced_with_requests_and_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gateway = FakeGateway(120_000)
    assert await read([gateway]) == ([120_000], [None])
    said = capsys.readouterr().err
    assert said.startswith("fs-tui: reading lib takes about 1")
    assert re.search(r" requests and \d+ s;", said)
    assert "--max-requests" in said
    assert len(gateway.calls) < 150


async def test_the_announcement_counts_the_pages_that_the_service_gives(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gateway = FakeGateway(20_000)
    gateway.cap = 100
    assert await read([gateway]) == ([20_000], [None])
    assert "takes about 1" in capsys.readouterr().err


@pytest.mark.parametrize("faces", [1000, 5_000_000])
async def test_a_service_that_lists_no_further_is_said_to_be_incomplete(
    faces: int, capsys: pytest.CaptureFixture[str]
) -> None:
    gateway = FakeGateway(faces)
    gateway.refuse_above = 1000
    (loaded,), (shortfall,) = await read([gateway])
    assert capsys.readouterr().err == ""
    assert loaded >= 1000
    assert (shortfall is None) == (loaded == faces)
    if shortfall is not None:
        assert isinstance(shortfall, IncompleteError)
        assert "lists no further than face 1,999" in shortfall.detail


@pytest.mark.parametrize("most", [1, 5, 150])
async def test_a_limit_is_kept_and_what_it_leaves_out_is_said(most: int) -> None:
    gateway = FakeGateway(5_000_000)
    (loaded,), (shortfall,) = await read([gateway], max_requests=most)
    assert len(gateway.calls) == most
    assert 0 < loaded <= most * 1000
    assert isinstance(shortfall, IncompleteError)
    assert "--max-requests" in shortfall.detail
    assert f"{loaded:,} faces of lib were read" in shortfall.detail


async def test_several_libraries_share_one_limit_and_one_announcement(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gateways = [FakeGateway(70_000, group_id=name) for name in ("a", "b")]
    assert await read(gateways) == ([70_000, 70_000], [None, None])
    assert capsys.readouterr().err.count("reading a, b takes about") == 1
    gateways = [FakeGateway(2_000, group_id=name) for name in ("a", "b")]
    loaded, shortfalls = await read(gateways, max_requests=6)
    assert sum(len(gateway.calls) for gateway in gateways) == 6
    assert loaded == [2_000, 1_000]
    assert shortfalls[0] is None
    assert isinstance(shortfalls[1], IncompleteError)


async def test_a_library_that_cannot_be_read_is_no_reason_to_leave_out_the_others() -> None:
    gateways = [FakeGateway(10), FakeGateway(20, group_id="b")]
    gateways[0].group_id = "a"
    gateways[0].errors = [LibraryNotFoundError("INVALID_GROUP_ID")] * 9
    loaded, shortfalls = await read(gateways)
    assert loaded == [0, 20]
    assert isinstance(shortfalls[0], LibraryNotFoundError)
    assert shortfalls[1] is None


async def test_a_failure_while_the_end_is_sought_is_none_of_the_reading() -> None:
    gateway = FakeGateway(300_000)
    gateway.errors = [None, ConnectError("refused")]
    assert await read([gateway]) == ([300_000], [None])


async def test_what_moved_while_it_was_read_is_seen_at_its_ends() -> None:
    gateway = FakeGateway(5_000)

    def delete_one(_start: int, _limit: int) -> None:
        if len(gateway.calls) == 3:
            gateway.numbers = [number for number in gateway.numbers if number != 500]

    gateway.failing = delete_one
    (loaded,), (shortfall,) = await read([gateway])
    assert loaded == 4_999
    assert isinstance(shortfall, IncompleteError)
    assert "changed while it was read" in shortfall.detail
