"""What a fresh process has imported after the cheapest runs: start-up time is a promise."""

from __future__ import annotations

import json
import os
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


_KEPT = """
import asyncio, json, sys
from contextlib import closing
from pathlib import Path
from fs_tui.cli.connect import connector
from fs_tui.cli.context import Options
from fs_tui.cli.keeping import BrowserKeeping, index_folder
from fs_tui.cli.settings import load
from fs_tui.faces.index.keeper import Keeper
from fs_tui.models import Face
from fs_tui.tui.app import FsTuiApp
from fs_tui.tui.options import BrowserOptions
from fs_tui.tui.table.paged_table import PagedDataTable

endpoint, key = "http://127.0.0.1:1", bytes(range(32))
with closing(Keeper(index_folder(), key, "a file", endpoint, "some_key").open("lib")) as kept:
    kept.store.add(1, [Face("00aa" * 8, "E1", "", 1_700_000_000_000)])
    kept.read_whole("")
options = Options(endpoint=endpoint)
settings = load(options)
keeping = BrowserKeeping(settings, "lib")
connecting = connector(options, settings, is_late=keeping.may_show_first)
app = FsTuiApp(connecting, BrowserOptions(library="lib", keeping=keeping))

async def main():
    async with app.run_test(size=(120, 36)) as pilot:
        while not app.screen.query_one(PagedDataTable).row_count:
            await asyncio.sleep(0)
        json.dump(sorted(sys.modules), sys.stdout)
asyncio.run(main())
"""


def test_kept_rows_are_there_before_anything_of_http_is_imported(tmp_path: Path) -> None:
    key, config = tmp_path / "index.key", tmp_path / "config.toml"
    key.touch(0o600)
    key.write_text(bytes(range(32)).hex())
    config.write_text("keep = true\n")
    environment = {
        "HOME": str(tmp_path),
        "PATH": os.environ.get("PATH", ""),
        "FS_TUI_CONFIG": str(config),
        "FS_TUI_INDEX_KEY_FILE": str(key),
        "FS_TUI_API_KEY": "some_key",
        "FS_TUI_API_SECRET": "some_secret",
    }
    command = [sys.executable, "-c", _KEPT]
    done = subprocess.run(command, capture_output=True, check=True, env=environment, timeout=120)  # noqa: S603 - our own
    modules = set(json.loads(done.stdout))
    assert "fs_tui.faces.kept_listing" in modules
    assert not {"httpx", "httpcore", "h11", "http.client", "email", "anyio"} & modules
