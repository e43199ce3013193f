"""A sandbox over a real socket, for the tests that want nothing but that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import Population
from fs_tui.sandbox.serve import background

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.sandbox.serve import Running


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    with background() as running:
        yield running


@pytest.fixture
def sandbox(running: Running) -> Running:
    running.faults.clear()
    running.service.population = Population()
    return running
