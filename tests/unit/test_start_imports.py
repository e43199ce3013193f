"""What a fresh process has imported after the cheapest runs: start-up time is a promise."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

_LIST = """
import contextlib, io, json, sys
from fs_tui.cli.main import run
with contextlib.redirect_stdout(io.StringIO()):
    status = run(sys.argv[1:])
json.dump([status, sorted(sys.modules)], sys.stdout)
"""

HEAVY = {"textual", "rich", "httpx", "pydantic", "keyring", "asyncio"}


def _imported(*args: str) -> tuple[int, set[str]]:
    command = [sys.executable, "-c", _LIST, *args]
    done = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own
    status, modules = json.loads(done.stdout)
    return status, set(modules)


@pytest.mark.parametrize(
    "args",
    [
        ["--version"],
        ["--help"],
        ["faces", "--help"],
        ["people", "--help"],
        ["stats", "--help"],
        ["completion", "bash"],
    ],
)
def test_what_needs_no_service_imports_nothing_heavy(args: list[str]) -> None:
    status, modules = _imported(*args)
    assert status == 0
    assert not HEAVY & modules


def test_a_keymap_is_checked_without_the_screen(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[keymap]\nreload = ["ctrl+r", "f5"]\n')
    status, modules = _imported("keys", "--config", str(config))
    assert status == 0
    assert "textual" not in modules


def test_a_file_with_plain_values_is_read_without_pydantic(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        'keep = true\nconcurrency = 2\n[profiles.a]\nendpoint = "https://a.example"\n'
    )
    status, modules = _imported("keys", "--config", str(config), "--profile", "a")
    assert status == 0
    assert "pydantic" not in modules


def test_a_command_imports_no_screen_and_no_keyring_that_it_does_not_ask() -> None:
    status, modules = _imported("--demo", "libraries")
    assert status == 0
    assert not {"textual", "keyring", "pydantic"} & modules
