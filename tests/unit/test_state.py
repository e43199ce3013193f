"""What is remembered of a profile: private, bounded, and never a reason to stop."""

from __future__ import annotations

import json
import os
import stat

import pytest

from fs_tui.settings.state import State, private_state_folder, state_folder

FILE = "state.json"


def test_what_was_put_is_there_in_the_next_run_and_in_its_profile_alone() -> None:
    State("one").put("order", "user_id")
    State("one").put("columns", {"user_data": 40})
    State("two").put("order", "")
    assert State("one").get("order", str) == "user_id"
    assert State("one").get("columns", dict) == {"user_data": 40}
    assert State("two").get("order", str) == ""
    assert State("three").get("order", str) is None


def test_a_value_of_another_kind_was_never_put() -> None:
    State("one").put("keep", 1)
    assert State("one").get("keep", bool) is None
    State("one").put("keep", value=False)
    assert State("one").get("keep", bool) is False
    assert State("one").get("keep", int) is None


def test_the_file_and_its_folder_are_for_their_owner_alone() -> None:
    State("one").put("keep", value=True)
    assert stat.S_IMODE((state_folder() / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(state_folder().stat().st_mode) == 0o700
    assert [path.name for path in state_folder().iterdir()] == [FILE]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[1]", b'{"one": 3}', b"[" * 100_000, b'{"one": {"keep": "yes"}}'],
)
def test_a_broken_file_holds_nothing_and_is_made_anew(content: bytes) -> None:
    (private_state_folder() / FILE).write_bytes(content)
    assert State("one").get("keep", bool) is None
    State("one").put("keep", value=True)
    assert json.loads((state_folder() / FILE).read_text())["one"]["keep"] is True


def test_a_folder_that_cannot_be_written_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/none")
    State("one").put("keep", value=True)
    assert State("one").get("keep", bool) is None


def test_a_folder_in_the_place_of_the_file_stops_nothing_and_leaves_nothing_behind() -> None:
    (private_state_folder() / FILE).mkdir()
    State("one").put("keep", value=True)
    assert State("one").get("keep", bool) is None
    assert [path.name for path in state_folder().iterdir()] == [FILE]


def test_a_link_that_somebody_laid_for_the_new_file_is_not_followed() -> None:
    folder = private_state_folder()
    target = folder / "target"
    (folder / f"{FILE}.{os.getpid()}.part").symlink_to(target)
    State("one").put("keep", value=True)
    assert not target.exists()
    assert State("one").get("keep", bool) is True
