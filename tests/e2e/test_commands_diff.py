"""`diff` over real sandboxes and files: sides, formats, statuses, whose credentials are used."""

from __future__ import annotations

import csv
import io
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fs_tui.models import Library
from fs_tui.sandbox.faces import NewFace
from fs_tui.sandbox.population import CLINIC, COUNTS, PILOT, Population
from fs_tui.sandbox.serve import background

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.sandbox.serve import Running
    from tests.e2e.commands import Commands, Ran

README = Path(__file__).parents[2] / "README.md"
ROWS = Population()[PILOT].rows(1, COUNTS[PILOT])
USERS = {user_id for _, user_id, *_ in ROWS if user_id}


@pytest.fixture(autouse=True)
def fresh(sandbox: Running) -> None:
    sandbox.service.population = Population()


@pytest.fixture(scope="module")
def staging_service() -> Iterator[Running]:
    with background(account=2) as running:
        yield running


@pytest.fixture
def staging(commands: Commands, staging_service: Running) -> Running:
    """Another account, and the profile `staging` with a command that knows its credentials."""
    staging_service.faults.clear()
    staging_service.service.population = Population(account=2)
    service = staging_service.service
    pair = json.dumps({"api_key": service.api_key, "api_secret": service.api_secret})
    helper = commands.folder / "credentials"
    helper.write_text(f"#!/bin/sh\necho {shlex.quote(pair)}\n")
    helper.chmod(0o700)
    with (commands.folder / "config.toml").open("a") as file:
        file.write(
            f'[profiles.staging]\nendpoint = "{staging_service.url}"\n'
            f'credential_command = ["{helper}"]\n'
            f'[profiles.bare]\nendpoint = "{staging_service.url}"\n'
        )
    return staging_service


def diff(commands: Commands, *args: str, stdin: str = "") -> tuple[Ran, list[dict[str, object]]]:
    ran = commands.run("diff", *args, "--jsonl", stdin=stdin)
    return ran, [json.loads(line) for line in ran.out.splitlines()]


def test_a_library_agrees_with_itself(commands: Commands) -> None:
    for by in ("user_id", "face_token"):
        ran, rows = diff(commands, PILOT, PILOT, "--by", by)
        assert (ran.status, rows) == (0, [])
        assert "0 only in A, 0 only in B, 0 differ; compared by " in ran.err
    assert f"A, {PILOT}: 100 faces, all of them, read " in ran.err


def test_staging_agrees_with_production_by_user_id_and_has_tokens_of_its_own(
    commands: Commands, staging: Running
) -> None:
    ran, rows = diff(commands, PILOT, f"staging:{PILOT}")
    assert (ran.status, rows) == (0, [])
    faces = staging.service.population[PILOT]
    faces.delete_at([1])
    faces.add([NewFace(user_id="new")])
    ran, rows = diff(commands, PILOT, f"staging:{PILOT}")
    assert ran.status == 5
    assert {row["user_id"]: row["side"] for row in rows} == {
        ROWS[0][1]: "differs" if [row[1] for row in ROWS].count(ROWS[0][1]) > 1 else "only_a",
        "new": "only_b",
    }
    ran, rows = diff(commands, PILOT, f"staging:{PILOT}", "--by", "face_token")
    assert [row["side"] for row in rows].count("only_a") == 100
    assert [row["side"] for row in rows].count("only_b") == 100


def test_credentials_and_endpoint_of_this_run_are_for_its_own_profile_alone(
    commands: Commands, staging: Running
) -> None:
    served = dict(staging.service.served)
    ran, rows = diff(commands, PILOT, f"bare:{PILOT}")
    assert (ran.status, rows) == (2, [])
    assert "profile 'bare': " in ran.err
    assert "fs-tui --profile bare auth login" in ran.err
    assert dict(staging.service.served) == served
    # A run of that profile has them.
    service = staging.service
    own = {"FS_TUI_API_KEY": service.api_key, "FS_TUI_API_SECRET": service.api_secret}
    line = ["--profile", "bare", "diff", f"bare:{PILOT}", f"staging:{PILOT}"]
    ran = commands.run(*line, env={**own, "FS_TUI_ENDPOINT": ""})
    assert (ran.status, staging.service.served["list"] > served.get("list", 0)) == (0, True)


def test_only_the_profiles_that_are_named_are_asked(commands: Commands, staging: Running) -> None:
    ran = commands.run(
        *("diff", f"staging:{PILOT}", f"staging:{PILOT}"),
        env={"FS_TUI_API_KEY": "", "FS_TUI_API_SECRET": "x"},
    )
    assert ran.status == 0
    for name in ("a.txt", "b.txt"):
        (commands.folder / name).write_text("one\ntwo\n")
    ran = commands.run("diff", "a.txt", "b.txt", env={"FS_TUI_API_KEY": ""})
    assert ran.status == 0


@pytest.mark.parametrize("name", ["csv", "json", "jsonl"])
def test_a_snapshot_of_yesterday_shows_what_came_and_went(
    commands: Commands, sandbox: Running, name: str
) -> None:
    commands.run("faces", PILOT, "--all", "-o", f"yesterday.{name}")
    for by in ("user_id", "face_token"):
        assert commands.run("diff", PILOT, f"yesterday.{name}", "--by", by).status == 0
    faces = sandbox.service.population[PILOT]
    faces.delete_at([2])
    faces.edit(1, None, "another note")
    faces.add([NewFace(user_id="=new", user_data="a\r\nb")])
    ran, rows = diff(commands, f"./yesterday.{name}", PILOT, "--by", "face_token")
    assert ran.status == 5
    assert {row["side"]: row for row in rows}.keys() == {"only_a", "only_b", "differs"}
    of = {str(row["side"]): row for row in rows}
    assert of["only_a"]["face_token"] == ROWS[1][0]
    assert of["only_b"]["user_id_b"] == "=new"
    assert (of["differs"]["face_token"], of["differs"]["user_data_b"]) == (
        ROWS[0][0],
        "another note",
    )


@pytest.mark.parametrize("fault", [{"page_cap": 100}, {"next": "absent"}, {"add_time": "iso"}])
def test_awkward_services_are_compared_whole(commands: Commands, fault: dict[str, object]) -> None:
    commands.run("faces", CLINIC, "--all", "-o", "clinic.jsonl")
    for name, value in fault.items():
        setattr(commands.faults, name, value)
    ran, rows = diff(commands, CLINIC, "clinic.jsonl")
    assert (ran.status, rows) == (0, [])


def test_a_side_that_was_not_read_to_its_end_misses_nothing(commands: Commands) -> None:
    commands.run("faces", CLINIC, "--all", "-o", "clinic.jsonl")
    (commands.folder / "more.txt").write_text(f"{ROWS[0][1]}\nnobody\n")
    commands.faults.max_start = 1_000
    for by in ("user_id", "face_token"):
        ran, rows = diff(commands, CLINIC, "clinic.jsonl", "--by", by)
        assert (ran.status, rows) == (4, [])
        assert " not seen in what was read" in ran.err
        assert f"incomplete: {CLINIC} was read to 1," in ran.err
    ran = commands.run("diff", CLINIC, "clinic.jsonl", "--json")
    assert (ran.status, json.loads(ran.out)) == (4, [])
    ran, rows = diff(commands, "more.txt", CLINIC)
    assert (ran.status, {row["side"] for row in rows}) == (4, {"only_b"})
    ran = commands.run("diff", CLINIC, "clinic.jsonl", "-o", "rows.json")
    assert (ran.status, [path.name for path in commands.folder.glob("rows*")]) == (4, [])
    ran = commands.run("diff", CLINIC, "more.txt", "-o", "rows.json")
    assert [path.name for path in commands.folder.glob("rows*")] == ["rows.json.partial"]
    ran, _ = diff(commands, CLINIC, "more.txt", "--max-requests", "1")
    assert (ran.status, "--max-requests" in ran.err) == (4, True)


def test_files_of_others_are_read_as_they_are(commands: Commands) -> None:
    quoted = "\r\n".join(f'"{user}","x, ""y"""' for user in sorted(USERS))
    (commands.folder / "people.csv").write_text(f"\ufeffuser_id,note\r\n{quoted}\r\n")
    ran, rows = diff(commands, PILOT, "people.csv")
    assert (ran.status, rows) == (0, [])
    ran, rows = diff(commands, PILOT, "-", stdin="\n".join([*sorted(USERS), "twice", "twice"]))
    assert (ran.status, [(row["side"], row["user_id"]) for row in rows]) == (
        5,
        [("only_b", "twice")],
    )
    assert "1 of them repeats a user_id" in ran.err
    (commands.folder / "none.txt").write_text("")
    ran, rows = diff(commands, "none.txt", PILOT)
    assert (ran.status, len(rows)) == (5, len(USERS))
    (commands.folder / "ids.csv").write_text("id,name\r\n1,a\r\n")
    ran, rows = diff(commands, PILOT, "ids.csv")
    assert (ran.status, rows) == (2, [])
    assert "ids.csv has no column 'user_id'; it has 'id', 'name'" in ran.err


def test_a_million_lines_are_read(commands: Commands) -> None:
    lines = "".join(f"user {number:07d}\n" for number in range(1_000_000))
    (commands.folder / "a.txt").write_text(lines)
    fields = ("--fields", "side,user_id", "-o", "rows.csv")
    ran = commands.run("diff", "a.txt", "-", *fields, stdin="user 0999999\nuser 1000000\n")
    assert ran.status == 5
    assert "1 user id equal, 999,999 only in A, 1 only in B" in ran.err
    rows = (commands.folder / "rows.csv").read_text().splitlines()
    assert (len(rows), rows[1], rows[-1]) == (
        1_000_001,
        "only_a,user 0000000",
        "only_b,user 1000000",
    )


def test_case_and_blanks_are_left_out_where_that_is_said_and_the_output_says_so(
    commands: Commands,
) -> None:
    (commands.folder / "a.txt").write_text("Ann\n bob \n")
    (commands.folder / "b.txt").write_text("ann\nbob\n")
    assert commands.run("diff", "a.txt", "b.txt").status == 5
    ran = commands.run("diff", "a.txt", "b.txt", "--ignore-case", "--strip")
    assert ran.status == 0
    assert "ignoring case, without blanks around ids" in ran.err


def test_an_id_that_looks_like_something_else_can_be_forced(
    commands: Commands, sandbox: Running, staging: Running
) -> None:
    for group_id in ("export.csv", f"staging:{PILOT}"):
        sandbox.service.population.add(Library(group_id, "odd"), 5)
    for group_id in ("export.csv", f"staging:{PILOT}"):
        ran, rows = diff(commands, f"id:{group_id}", f"id:{group_id}")
        assert (ran.status, rows) == (0, [])
        assert f"A, id:{group_id}: 5 faces" in ran.err


def test_rows_come_in_every_format_and_masked(commands: Commands) -> None:
    (commands.folder / "one.txt").write_text(f"{ROWS[0][1]}\n")
    ran = commands.run("diff", "one.txt", PILOT, "--csv", "--fields", "side,user_id")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert {(row["side"], row["user_id"]) for row in rows} == {
        ("only_b", user_id) for user_id in USERS - {ROWS[0][1]}
    }
    ran = commands.run("diff", "one.txt", PILOT, "--json", "--mask")
    assert len(json.loads(ran.out)) == len(rows)
    assert not any(user_id in ran.out for user_id in USERS)
    (commands.folder / "gone.txt").write_text("0\n")
    ran = commands.run("diff", "gone.txt", PILOT, "--by", "face_token", "--json", "--mask")
    assert not any(text in ran.out for row in ROWS for text in row[:2] if text)


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["-", "-"], 2, "Both sides are standard input"),
        (["staging:", PILOT], 1, "there is no profile 'staging'"),
        (["id:", PILOT], 2, "names no library"),
        ([PILOT, "missing.txt"], 2, "missing.txt cannot be read"),
        ([PILOT, "nothing_like_it"], 1, "nothing_like_it could not be read"),
        ([PILOT, PILOT, "--by", "face_token", "--fields", "faces_a"], 2, "no field 'faces_a'"),
        ([PILOT, "config"], 1, "the file of that name is ./config"),
    ],
)
def test_what_cannot_be_compared_is_said(
    commands: Commands, args: list[str], status: int, said: str
) -> None:
    (commands.folder / "config").write_text("x\n")
    ran, rows = diff(commands, *args)
    assert (ran.status, rows) == (status, [])
    assert said in ran.err


def test_the_lines_of_the_readme_do_what_they_say(commands: Commands, staging: Running) -> None:
    config = commands.folder / "config.toml"
    config.write_text(f"{config.read_text()}[profiles.production]\n")
    ids = [user_id for _, user_id, *_ in Population()[CLINIC].rows(1, 3)]
    (commands.folder / "psql").write_text('#!/bin/sh\n[ "$1" = -Atc ] && cat enrolled.txt\n')
    (commands.folder / "psql").chmod(0o700)
    (commands.folder / "enrolled.txt").write_text("".join(f"{one}\n" for one in ids))
    (commands.folder / "request.txt").write_text(f"{ids[0]}\n")
    (commands.folder / "erased.txt").write_text(f"{7:032x}\n")
    section = README.read_text().partition("### Compare, reconcile, prove")[2]
    block = section.partition("```sh\n")[2].partition("```")[0]
    lines = [line for line in block.splitlines() if line and not line.startswith("#")]
    # The largest libraries take minutes.
    lines = [line.replace(" find ", f" find --library {CLINIC} ") for line in lines]
    own_programs = {"PATH": f"{commands.folder}:{commands.env['PATH']}"}
    ran = [commands.shell(line, own_programs) for line in lines]
    assert [one.status for one in ran] == [5, 0, 0, 0, 0, 0], [one.err for one in ran]
    found = (commands.folder / "request.jsonl").read_text().splitlines()
    assert {json.loads(line)["user_id"] for line in found} == {ids[0]}
    assert not any(one in line for one in ids for line in lines)
