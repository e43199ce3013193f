"""`find`: hits with their library, the proof at the end, its status, and no data in arguments."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CAMPUS, CLINIC, COUNTS, PILOT, TRIO, Population

if TYPE_CHECKING:
    from tests.e2e.commands import Commands, Ran

FACES = {
    group_id: Population()[group_id].rows(1, COUNTS[group_id]) for group_id in (CLINIC, PILOT, TRIO)
}
GONE = f"{7:032x}"


def find(commands: Commands, *args: str, stdin: str = "") -> tuple[Ran, list[tuple[str, str]]]:
    """Look in three libraries; what came of it, and library and token of each hit."""
    within = [word for group_id in FACES for word in ("--library", group_id)]
    ran = commands.run("find", *within, "--jsonl", *args, stdin=stdin)
    rows = [json.loads(line) for line in ran.out.splitlines()]
    return ran, [(row["group_id"], row["face_token"]) for row in rows]


def passing(word: str) -> list[tuple[str, str]]:
    return [
        (group_id, token)
        for group_id, rows in FACES.items()
        for token, _, data, *_ in rows
        if word in data.lower()
    ]


def test_hits_come_with_their_library_and_a_proof(commands: Commands) -> None:
    ran, hits = find(commands, "data:dewi")
    assert (ran.status, hits) == (0, passing("dewi"))
    assert f"{len(hits)} faces in 2 of 3 libraries, read " in ran.err


def test_none_is_no(commands: Commands) -> None:
    ran, hits = find(commands, "nobody of that name")
    assert (ran.status, hits) == (5, [])
    assert "none in 3 libraries, read " in ran.err


def test_all_libraries_of_the_account_are_asked_for_a_token_and_none_is_read(
    commands: Commands,
) -> None:
    served = commands.sandbox.service.served
    token = FACES[PILOT][41][0]
    asked, read = served["face_info"], served["list"]
    ran = commands.run("find", f"token:={token}", "--csv")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert (ran.status, row["group_id"], row["face_token"]) == (0, PILOT, token)
    assert served["face_info"] - asked == len(COUNTS)
    assert commands.run("find", f"token:={GONE}").status == 5
    assert commands.run("find", token).status == 0
    assert served["list"] == read
    _, hits = find(commands, GONE)
    assert (hits, served["list"] > read) == ([], True)


def test_where_the_service_lists_no_further_the_answer_is_incomplete_with_and_without_hits(
    commands: Commands,
) -> None:
    commands.faults.max_start = 1_000
    ran, hits = find(commands, "data:dewi")
    assert (ran.status, set(hits) < set(passing("dewi")), bool(hits)) == (4, True, True)
    assert f"incomplete: {CLINIC} was read to 1," in ran.err
    ran, hits = find(commands, "nobody of that name", "-o", "none.json")
    assert (ran.status, hits) == (4, [])
    assert not (commands.folder / "none.json").exists()
    ran = commands.run("find", "nobody of that name", "--library", CLINIC, "--json")
    assert (ran.status, json.loads(ran.out)) == (4, [])


def test_an_empty_library_is_of_known_length_where_the_service_lists_no_further(
    commands: Commands,
) -> None:
    commands.faults.max_start = 1_000
    commands.faults.page_cap = 100
    ran = commands.run("find", "nobody of that name", "--jsonl")
    assert ran.status == 4
    assert "is not known" not in ran.err


def test_a_service_that_caps_its_pages_is_read_whole(commands: Commands) -> None:
    commands.faults.page_cap = 100
    ran, hits = find(commands, "data:dewi")
    assert (ran.status, hits) == (0, passing("dewi"))


def test_a_library_that_changes_meanwhile_is_incomplete(commands: Commands) -> None:
    commands.faults.overlap = True
    ran, _ = find(commands, "nobody of that name")
    assert ran.status == 4
    assert "changed while it was read" in ran.err


def test_a_file_that_is_not_whole_keeps_another_name(commands: Commands) -> None:
    commands.faults.max_start = 1_000
    ran, _ = find(commands, "data:dewi", "-o", "found.csv")
    assert ran.status == 4
    assert [path.name for path in commands.folder.glob("found*")] == ["found.csv.partial"]


def test_a_library_that_is_not_there_is_refused_and_the_others_are_read(commands: Commands) -> None:
    ran, hits = find(commands, "data:dewi", "--library", "nothing_like_it")
    assert (ran.status, hits) == (1, passing("dewi"))
    assert "nothing_like_it was not searched (No such library" in ran.err
    ran = commands.run("find", "dewi", "--library", "nothing_like_it")
    assert (ran.status, ran.out) == (1, "")


def test_a_limit_of_requests_is_kept(commands: Commands) -> None:
    read = commands.sandbox.service.served["list"]
    ran, hits = find(commands, "data:dewi", "--max-requests", "2")
    assert (ran.status, bool(hits)) == (4, True)
    assert commands.sandbox.service.served["list"] - read == 2
    assert "--max-requests 2 is used up" in ran.err


def test_expressions_come_from_a_file_and_none_of_them_is_repeated(commands: Commands) -> None:
    ids = [FACES[PILOT][3][1], FACES[CLINIC][4][1], 'nobody "quoted"']
    lines = "".join('user:="{}"\r\n\r\n'.format(one.replace('"', '""')) for one in ids)
    ran, hits = find(commands, "--from", "-", stdin=f"\ufeff{lines}")
    wanted = [
        (group_id, token)
        for group_id, rows in FACES.items()
        for token, user_id, *_ in rows
        if user_id in ids
    ]
    assert (ran.status, hits) == (0, wanted)
    assert "; nothing for line 5." in ran.err
    assert not any(one in ran.err for one in ids)
    (commands.folder / "nobody.txt").write_text("user:=nobody\n")
    ran, hits = find(commands, "--from", "nobody.txt")
    assert (ran.status, hits) == (5, [])


def test_a_word_that_is_excluded_goes_behind_two_hyphens(commands: Commands) -> None:
    ran = commands.run("find", "--library", TRIO, "--jsonl", "--", "-dewi")
    assert (ran.status, len(ran.out.splitlines())) == (0, 3)


@pytest.mark.parametrize(
    ("args", "stdin", "said"),
    [
        ([], "", "nothing to look for"),
        ([" "], "", "nothing to look for"),
        (["dewi", "--from", "-"], "", "cannot be combined"),
        (["--from", "-"], "\n", "nothing to look for"),
        (["--from", "-"], "dewi\nnoun:dewi\n", "line 2: there is no field"),
        (["--from", "missing.txt"], "", "missing.txt cannot be read"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_asked(
    commands: Commands, args: list[str], stdin: str, said: str
) -> None:
    read = commands.sandbox.service.served["list"]
    ran, _ = find(commands, *args, stdin=stdin)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert commands.sandbox.service.served["list"] == read


@pytest.mark.parametrize(("answer", "status"), [("y", 5), ("n", 130)])
def test_a_long_search_is_asked_for_on_a_terminal(
    commands: Commands, answer: str, status: int
) -> None:
    with commands.terminal("find", "nobody of that name", "--library", CAMPUS) as terminal:
        terminal.wait_for("[y/N]")
        terminal.send(f"{answer}\r".encode())
        assert terminal.wait_exit() == status
