"""`libraries`, `library`, `face`, `keys`: what they write, in each form, in a pipe and on a tty."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CAMPUS, CLINIC, COUNTS, TRIO

if TYPE_CHECKING:
    from tests.e2e.commands import Commands

LIBRARY_FIELDS = ["group_id", "group_name", "group_data", "model_version", "add_time"]


def test_libraries_are_one_json_document_with_the_apis_own_names(commands: Commands) -> None:
    ran = commands.run("libraries", "--json")
    document = json.loads(ran.out)
    assert ran.status == 0
    assert ran.err == ""
    assert {library["group_id"] for library in document} >= set(COUNTS)
    assert list(document[0]) == LIBRARY_FIELDS
    assert document[0]["add_time"].endswith("Z")


def test_libraries_are_one_json_object_a_line(commands: Commands) -> None:
    lines = commands.run("libraries", "--jsonl").out.splitlines()
    assert {json.loads(line)["group_id"] for line in lines} >= set(COUNTS)


def test_libraries_are_rfc_4180(commands: Commands) -> None:
    text = commands.shell("fs-tui libraries --csv | od -An -c -v | tail -n 1").out
    assert text.split()[-2:] == ["\\r", "\\n"]
    rows = list(csv.reader(io.StringIO(commands.run("libraries", "--csv").out)))
    assert rows[0] == LIBRARY_FIELDS
    assert ["City registry", "All kiosks, read only"] in [row[1:3] for row in rows]


def test_a_pipe_gets_lines_that_are_raw_and_unwrapped(commands: Commands) -> None:
    commands.faults.hostile = {"group_name": "\x1b[31mred" + "x" * 500}
    line = commands.run("libraries", env={"COLUMNS": "40"}).out.splitlines()[1]
    assert line.split("\t")[1] == "\x1b[31mred" + "x" * 500


def test_a_value_cannot_forge_a_line_or_a_column_in_a_pipe(commands: Commands) -> None:
    commands.faults.hostile = {"group_name": "a\nforged\tb\r"}
    lines = commands.run("libraries").out.splitlines()
    assert all(len(line.split("\t")) == len(LIBRARY_FIELDS) for line in lines)


def test_a_terminal_gets_a_table_that_fits_and_holds_no_controls(commands: Commands) -> None:
    commands.faults.hostile = {"group_data": "[red]\x1b[2J\x1b]0;owned\x07\u202egnp" * 5}
    with commands.terminal("libraries", columns=110, lines=200) as terminal:
        assert terminal.wait_exit() == 0
        assert "group_id" in terminal.text
        assert CLINIC in terminal.text
        assert "[red]␛[2J␛]0;owned␇<U+202E>gnp" in terminal.text.replace("\n", "").replace(" ", "")
        assert not {"CSI 2J", "OSC 0"} & set(terminal.controls)


@pytest.mark.parametrize("command", [["libraries"], ["faces", CLINIC]])
def test_no_id_and_no_time_is_folded_at_80_columns(commands: Commands, command: list[str]) -> None:
    commands.faults.hostile = {"group_data": "data " * 20, "user_data": "data " * 20}
    rows = json.loads(commands.run(*command, "--json").out)
    with commands.terminal(*command, columns=80, lines=300) as terminal:
        assert terminal.wait_exit() == 0
        lines = terminal.text.splitlines()
    ids = [name for name in rows[0] if name in {"group_id", "face_token", "user_id", "add_time"}]
    for row, line in zip(rows, lines[1:], strict=False):
        assert all(row[name] in line for name in ids)
        assert "…" in line


@pytest.mark.parametrize("form", [[], ["--json"], ["--jsonl"], ["--csv"]])
def test_what_tells_of_a_person_is_its_last_three_signs_behind_a_mask(
    commands: Commands, form: list[str]
) -> None:
    """In every form, on a terminal and in a pipe; the file that is written says so."""
    (raw,) = json.loads(commands.run("faces", CLINIC, "--limit", "1", "--json").out)
    for command in (["faces", CLINIC, "--limit", "1"], ["face", CLINIC, raw["face_token"]]):
        own = form if command[0] == "faces" else form and ["--json"]
        with commands.terminal(*command, "--mask", *own) as terminal:
            assert terminal.wait_exit() == 0
            shown = terminal.text
        for text in (commands.run(*command, "--mask", *own).out, shown):
            for name in ("face_token", "user_id", "user_data"):
                assert raw[name] not in text
                assert f"…{raw[name][-3:]}" in text
    ran = commands.run("faces", CLINIC, "--limit", "1", "--mask", "-o", "masked.csv")
    assert "masked.csv holds 1 face; user ids, user data and tokens in it are masked" in ran.err
    assert raw["user_id"] not in (commands.folder / "masked.csv").read_text()


@pytest.mark.parametrize("form", ["--json", "--jsonl", "--csv"])
@pytest.mark.parametrize("command", [["libraries"], ["faces", CLINIC, "--limit", "1"]])
def test_no_form_lets_a_text_control_the_terminal(
    commands: Commands, command: list[str], form: str
) -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07\x9b31m\x7f\u202egnp\u200b"
    commands.faults.hostile = dict.fromkeys(("group_name", "user_data"), hostile)
    with commands.terminal(*command, form, lines=100) as terminal:
        assert terminal.wait_exit() == 0
        assert "owned" in terminal.text
        assert not set(terminal.controls) - {"C0 0a", "C0 0d"}
        assert not {"\u202e", "\u200b"} & set(terminal.raw.decode())


def test_json_holds_the_raw_values(commands: Commands) -> None:
    hostile = "\x1b[2J\x7f\x9b\u202e\n👩‍👧 é"
    commands.faults.hostile = {"group_name": hostile}
    for form in ("--json", "--jsonl"):
        lines = commands.run("libraries", form).out
        found = json.loads(lines if form == "--json" else lines.splitlines()[0])
        assert (found[0] if form == "--json" else found)["group_name"] == hostile
    one = commands.run("library", CLINIC, "--json")
    assert json.loads(one.out)["group_name"] == hostile


def test_two_forms_at_once_are_status_2(commands: Commands) -> None:
    ran = commands.run("libraries", "--json", "--csv")
    assert (ran.status, ran.out) == (2, "")
    assert "--csv and --json cannot be combined" in ran.err


def test_no_color_is_obeyed_on_a_terminal(commands: Commands) -> None:
    with commands.terminal("libraries", env={"NO_COLOR": "1"}) as terminal:
        assert terminal.wait_exit() == 0
        assert not any(name.startswith("CSI") for name in terminal.controls)


def test_an_empty_no_color_is_not_set(commands: Commands) -> None:
    with commands.terminal("libraries", env={"NO_COLOR": ""}) as terminal:
        assert terminal.wait_exit() == 0
        assert any(name.startswith("CSI") for name in terminal.controls)


def test_a_library_is_found_by_an_id_with_signs_in_it(commands: Commands) -> None:
    ran = commands.run("library", CAMPUS, "--json")
    assert json.loads(ran.out)["group_name"] == "Campus East & West"


def test_a_library_is_written_a_field_a_line(commands: Commands) -> None:
    lines = commands.run("library", CLINIC).out.splitlines()
    assert [line.split("\t")[0] for line in lines] == LIBRARY_FIELDS


def test_a_face_is_looked_up_by_its_token(commands: Commands) -> None:
    listed = json.loads(commands.run("faces", CLINIC, "--limit", "1", "--jsonl").out)
    looked_up = json.loads(commands.run("face", CLINIC, listed["face_token"], "--json").out)
    assert looked_up == listed
    assert list(looked_up) == ["face_token", "user_id", "user_data", "add_time"]
    refused = commands.run("face", CLINIC, listed["face_token"].upper())
    assert (refused.status, refused.out) == (1, "")
    assert "Check the token, capital letters too" in refused.err


@pytest.mark.parametrize("command", [["libraries"], ["faces", CLINIC], ["keys"]])
def test_every_command_that_lists_takes_the_same_options(
    commands: Commands, command: list[str]
) -> None:
    rows = json.loads(commands.run(*command, "--json").out)
    fields = list(rows[0])[1::-1]
    expected = [{field: row[field] for field in fields} for row in rows]
    chosen = ("--fields", ",".join(fields))
    lines = commands.run(*command, *chosen, "--jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == expected
    header = commands.run(*command, *chosen, "--csv").out.splitlines()[0]
    assert header == ",".join(fields)
    for name in ("out.json", "out.jsonl", "out.csv"):
        ran = commands.run(*command, *chosen, "-o", name)
        assert (ran.status, ran.out) == (0, "")
        assert f"{name} holds {len(rows)}" in ran.err
    assert json.loads((commands.folder / "out.json").read_text()) == expected
    assert (commands.folder / "out.csv").read_text().startswith(f"{header}\n")
    assert commands.run(*command, "--fields", "nothing").status == 2


def test_every_command_writes_times_and_documents_in_one_way(commands: Commands) -> None:
    libraries = commands.run("libraries", "--json").out
    faces = commands.run("faces", CLINIC, "--json").out
    for text in (libraries, faces):
        first, *lines, last = text.splitlines()
        assert (first, last) == ("[", "]")
        assert all(
            re.search(r'"add_time":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"', line)
            for line in lines
        )
    listed = {row["group_id"]: row for row in json.loads(libraries)}
    assert json.loads(commands.run("library", CLINIC, "--json").out) == listed[CLINIC]


NO_TEXT = "a\udcff"
"""What Python makes of an argument with the byte 0xFF."""


@pytest.mark.parametrize(
    "args",
    [
        ["faces", CLINIC, "--filter", NO_TEXT],
        ["faces", CLINIC, "--count", "--filter", NO_TEXT],
        ["faces", CLINIC, "--order", NO_TEXT],
        ["faces", CLINIC, "--fields", NO_TEXT],
        ["faces", NO_TEXT],
        ["library", NO_TEXT],
        ["face", CLINIC, NO_TEXT],
        ["create", NO_TEXT, "--name", "x"],
        ["create", "x", "--name", NO_TEXT],
        ["create", "x", "--name", "x", "--data", NO_TEXT],
        ["create", "x", "--name", "x", "--model-version", NO_TEXT],
        ["libraries", "--profile", NO_TEXT],
        ["libraries", "--endpoint", NO_TEXT],
        ["--profile", NO_TEXT, "libraries"],
        ["--library", NO_TEXT],
        ["completion", NO_TEXT],
        [NO_TEXT],
    ],
)
def test_an_argument_that_is_no_text_is_refused_before_anything_is_asked(
    commands: Commands, args: list[str]
) -> None:
    before = dict(commands.sandbox.service.served)
    ran = commands.run(*args)
    assert (ran.status, ran.out) == (2, "")
    assert dict(commands.sandbox.service.served) == before


@pytest.mark.parametrize("place", ["before", "after"])
def test_global_options_stand_on_either_side_of_the_command(commands: Commands, place: str) -> None:
    args = ["--demo", "libraries"] if place == "before" else ["libraries", "--demo"]
    ran = commands.run(*args, "--jsonl", env={"FS_TUI_ENDPOINT": "http://127.0.0.1:9"})
    assert (ran.status, len(ran.out.splitlines())) == (0, len(COUNTS))


def test_keys_lists_actions_with_the_configured_keymap(commands: Commands) -> None:
    config = commands.folder / "keys.toml"
    config.write_text('[keymap]\nreload = ["f5"]\n')
    ran = commands.run("keys", "--json", "--config", str(config))
    keys = {action["action"]: action["keys"] for action in json.loads(ran.out)}
    assert keys["reload"] == ["f5"]
    assert keys["down"] == ["j", "down"]


@pytest.mark.parametrize(
    ("keymap", "named"),
    [
        ('relod = "f5"', "reload"),
        ('reload = "j"', "'down' and 'reload'"),
        ("reload = []", "no key"),
        ('reload = "pagdown"', "'pagedown'"),
    ],
)
def test_a_keymap_that_cannot_be_is_a_named_error(
    commands: Commands, keymap: str, named: str
) -> None:
    config = commands.folder / "keys.toml"
    config.write_text(f"[keymap]\n{keymap}\n")
    ran = commands.run("keys", "--config", str(config))
    assert ran.status == 2
    assert named in ran.err


@pytest.mark.parametrize("words", [[], ["libraries"], ["auth", "status"]])
def test_version_is_one_line_wherever_it_is_asked_for(commands: Commands, words: list[str]) -> None:
    ran = commands.run(*words, "--version")
    assert (ran.status, ran.out.split()[0], len(ran.out.splitlines())) == (0, "fs-tui", 1)


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("{token}\n", 0, ""),
        ("\ufeff\r\n  {token} \r\n\n", 0, ""),
        ("", 2, "no token"),
        (" \n", 2, "no token"),
        ("{token}\nanother\n", 2, "2 tokens"),
    ],
)
def test_a_token_needs_not_be_an_argument(
    commands: Commands, typed: str, status: int, said: str
) -> None:
    (listed,) = json.loads(commands.run("faces", TRIO, "--limit", "1", "--json").out)
    token = listed["face_token"]
    ran = commands.run("face", TRIO, "-", "--json", stdin=typed.format(token=token))
    assert (ran.status, said in ran.err) == (status, True)
    assert not ran.out or json.loads(ran.out) == listed
