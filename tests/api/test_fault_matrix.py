"""The fault matrix: nothing hangs, nothing is lost, nothing is hidden, whatever goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.serve import Running, background
from tests.api.fault_matrix import DEADLINE, FAULTS, MOST_SENT, WISHES, Fault, run_cell

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    with background() as running:
        yield running


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
async def test_the_right_error_in_time_nothing_lost_and_the_next_wish_works(
    sandbox: Running, fault: Fault, wish: str
) -> None:
    cell = await run_cell(sandbox, fault, wish)
    expected = {"create": fault.create, "table": fault.table or fault.reads}
    kind = expected.get(wish, fault.reads)
    assert (cell.error and type(cell.error)) is kind, cell.said
    if cell.error is not None:
        assert cell.error.title
        assert cell.error.detail
        assert cell.error.hint
    assert cell.seconds < DEADLINE
    assert cell.sent <= MOST_SENT, "a flood"
    assert cell.kept
    assert cell.recovers
    if wish == "create":
        assert cell.sent <= 1, "a create was sent twice"


def test_the_matrix_holds_what_the_issue_lists() -> None:
    assert len(FAULTS) >= 30
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
