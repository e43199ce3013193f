"""A sandbox on a real socket for the tests of a file, and the commands that talk to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.serve import background
from tests.e2e.commands import Commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fs_tui.sandbox.serve import Running


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Running]:
    """The demo's libraries; what a test creates stays until the file's end."""
    with background() as running:
        yield running


@pytest.fixture
def commands(sandbox: Running, tmp_path: Path) -> Commands:
    """The command line in an empty folder, with a sandbox that behaves."""
    sandbox.faults.clear()
    return Commands(sandbox, tmp_path)
