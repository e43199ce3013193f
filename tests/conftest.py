"""What all tests share: needs of the machine, the properties' profile, a neutral environment."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pathlib import Path

# Two slow cores are shared with other work: a deadline an example would only be noise.
settings.register_profile("fs-tui", deadline=None)
settings.load_profile("fs-tui")

_STEERING = ("FS_TUI_", "TEXTUAL", "SSH_", "XDG_")
_STEERING_NAMES = ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES", "TMUX", "STY")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what `needs` a program that is not here; in CI that is a failure."""
    for mark in item.iter_markers("needs"):
        missing = [program for program in mark.args if shutil.which(program) is None]
        if not missing:
            continue
        reason = f"needs {' and '.join(missing)}, which this machine does not have"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)


@pytest.fixture(autouse=True)
def neutral_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away the developer's own settings, terminal and folders."""
    for name in tuple(os.environ):
        if name == "TEXTUAL_SNAPSHOT_TEMPDIR":
            continue  # the snapshot plugin's own
        if name.startswith(_STEERING) or name in _STEERING_NAMES:
            monkeypatch.delenv(name)
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
