"""`people` and `stats`: what plain Python counts over the same faces, and how far it is true."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from fs_tui.models import Face
from fs_tui.sandbox.population import CLINIC, PILOT, Population
from fs_tui.sandbox.serve import background
from fs_tui.times import iso
from tests.e2e.commands import Commands

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.commands import Ran

FACES = [Face(*row) for row in Population()[CLINIC].rows(1, 3_000)]
WITH_ID = [face for face in FACES if face.user_id]
COUNTS = Counter(face.user_id for face in WITH_ID)
CITY = "city_main"


def rows(ran: Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def times(user_id: str) -> list[datetime]:
    return sorted(face.add_time for face in FACES if face.user_id == user_id and face.add_time)


def person(user_id: str) -> dict[str, object]:
    """A person by another road."""
    known = times(user_id)
    return {
        "user_id": user_id,
        "faces": sum(face.user_id == user_id for face in FACES),
        "first_added": iso(known[0]),
        "last_added": iso(known[-1]),
    }


@pytest.mark.parametrize("order", ["user_id", "faces", "first", "last"])
def test_people_are_listed_in_each_order(commands: Commands, order: str) -> None:
    ran = commands.run("people", CLINIC, "--order", order, "--jsonl")
    assert ran.status == 0

    def key(user_id: str) -> tuple[float, bytes]:
        by = {
            "user_id": 0.0,
            "faces": -float(COUNTS[user_id]),
            "first": times(user_id)[0].timestamp(),
            "last": -times(user_id)[-1].timestamp(),
        }
        return by[order], user_id.encode()

    ids = sorted(COUNTS, key=key)
    assert [row["user_id"] for row in rows(ran)] == [*ids, ""]
    assert rows(ran)[:50] == [person(user_id) for user_id in ids[:50]]
    assert rows(ran)[-1] == person("")


@pytest.mark.parametrize("order", ["user_id", "faces"])
def test_a_sign_says_whose_faces_came_within_seconds(commands: Commands, order: str) -> None:
    ran = commands.run(
        "people", CLINIC, "--order", order, "--fields", "user_id,repeated", "--jsonl"
    )
    repeated = {
        user_id
        for user_id in COUNTS
        if any(later - one <= timedelta(seconds=10) for one, later in pairwise(times(user_id)))
    }
    assert repeated
    assert {row["user_id"] for row in rows(ran) if row["repeated"] == "yes"} == repeated
    assert {row["user_id"] for row in rows(ran) if row["repeated"] == ""} == {""}
    assert "repeated" not in commands.run("people", CLINIC, "--csv").out
    with commands.terminal("people", CLINIC, "--limit", "3", columns=120) as terminal:
        terminal.wait_exit()
        assert "repeated" in terminal.text


def test_people_with_enough_faces_only_and_never_more_rows_than_asked_for(
    commands: Commands,
) -> None:
    many = sorted(
        (user_id for user_id, faces in COUNTS.items() if faces >= 3),
        key=lambda user_id: user_id.encode(),
    )
    ran = commands.run("people", CLINIC, "--min", "3", "--limit", "7", "--csv")
    found = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["user_id"] for row in found] == many[:7]


def test_a_filter_comes_without_being_an_argument(commands: Commands) -> None:
    passing = Counter(face.user_id for face in FACES if "0068" in face.user_id)
    for ran in (
        commands.run("people", CLINIC, "--filter", "user:0068", "--jsonl"),
        commands.run("people", CLINIC, "--filter-from", "-", "--jsonl", stdin="user:0068\n"),
    ):
        assert {row["user_id"]: row["faces"] for row in rows(ran)} == passing
    ran = commands.run("faces", CLINIC, "--all", "--filter-from", "-", "--jsonl", stdin="user:0068")
    assert len(rows(ran)) == passing.total()
    assert commands.run("people", CLINIC, "--filter-from", "-", stdin="\n").status == 2
    ran = commands.run("people", CLINIC, "--filter", "a", "--filter-from", "-")
    assert ran.status == 2


def test_a_mask_leaves_three_signs(commands: Commands) -> None:
    ran = commands.run("people", CLINIC, "--limit", "3", "--mask", "--jsonl")
    assert all(str(row["user_id"]).startswith("…") for row in rows(ran))
    assert all(user_id not in ran.out for user_id in COUNTS)


def test_a_summary_says_what_the_faces_say(commands: Commands) -> None:
    (row,) = rows(commands.run("stats", CLINIC, "--jsonl"))
    persons = Counter(COUNTS.values())
    assert row["faces"] == len(FACES)
    assert row["complete"] == "yes"
    assert row["persons"] == len(COUNTS)
    assert row["faces_without_user_id"] == len(FACES) - len(WITH_ID)
    assert row["faces_without_data"] == sum(not face.user_data for face in FACES)
    assert row["persons_with_1"] == persons[1]
    assert row["persons_with_5_to_9"] == sum(persons[number] for number in range(5, 10))
    assert row["tokens_met_twice"] == 0
    assert row["first_added"] == iso(min(face.add_time for face in FACES if face.add_time))


@pytest.mark.parametrize("zone", ["Asia/Singapore", "America/St_Johns", "UTC"])
def test_periods_are_those_of_the_zone_that_is_named(commands: Commands, zone: str) -> None:
    found = rows(commands.run("stats", CLINIC, "--by", "day", "--tz", zone, "--jsonl"))
    days = [
        (face.add_time or datetime.now(UTC)).astimezone(ZoneInfo(zone)).date() for face in FACES
    ]
    counted = Counter(map(str, days))
    assert {row["period"]: row["faces"] for row in found if row["faces"]} == counted
    for row in found:
        ids = {
            face.user_id
            for face, day in zip(FACES, days, strict=True)
            if face.user_id and str(day) == row["period"]
        }
        assert row["persons"] == len(ids)
    assert {row["zone"] for row in found} == {zone}


def test_all_libraries_are_counted_without_being_read(commands: Commands) -> None:
    asked = commands.sandbox.service.served["list"]
    ran = commands.run("stats", "--all-libraries", "--json")
    assert ran.status == 0
    found = {row["group_id"]: row for row in json.loads(ran.out)}
    counted = {"group_id": CLINIC, "faces": 2_500, "complete": "yes", "added": None, "gone": None}
    assert found[CLINIC] == counted
    assert found[CITY]["faces"] == 4_987_654
    assert commands.sandbox.service.served["list"] - asked < 150
    total = sum(row["faces"] for row in found.values())
    assert f"{len(found)} of 10 libraries; {total:,} faces, of 5,000,000" in ran.err


def test_a_service_that_lists_no_further_is_said_to_be_incomplete(commands: Commands) -> None:
    commands.faults.max_start = 1_000
    for args in (
        ["people", CITY, "--jsonl"],
        ["stats", CITY, "--jsonl"],
        ["stats", CITY, "--by", "year", "--jsonl"],
        ["stats", "--all-libraries", "--jsonl"],
    ):
        ran = commands.run(*args)
        assert ran.status == 4, args
        assert ran.out
        assert "1,999" in ran.err, args
    ran = commands.run("people", CITY, "--jsonl", "-o", "people.jsonl")
    assert ran.status == 4
    assert not (commands.folder / "people.jsonl").exists()


@pytest.mark.parametrize("args", [["people"], ["stats"], ["stats", "--by", "month"]])
def test_a_library_that_changes_meanwhile_is_said_to_be_incomplete(
    tmp_path: Path, args: list[str]
) -> None:
    with background() as sandbox:
        commands = Commands(sandbox, tmp_path)
        commands.faults.deletion = 1
        ran = commands.run(*args, CLINIC, "--jsonl")
    assert ran.status == 4
    assert "changed while it was read" in ran.err
    assert ran.out
    if args == ["stats"]:
        assert rows(ran)[0]["complete"] == "no"


def test_faces_without_a_time_are_in_no_period_and_that_is_said(commands: Commands) -> None:
    commands.faults.add_time = "null"
    ran = commands.run("stats", PILOT, "--by", "month", "--jsonl")
    assert (ran.status, ran.out) == (0, "")
    assert f"100 faces of {PILOT} without a time: in no period." in ran.err


@pytest.mark.parametrize("cap", [None, 100])
def test_the_same_faces_on_every_page_are_not_counted_as_more(
    commands: Commands, cap: int | None
) -> None:
    commands.faults.ignore_start = True
    commands.faults.page_cap = cap
    there = cap or 1_000
    ran = commands.run("people", CLINIC, "--jsonl")
    assert ran.status == 4
    assert f" {there:,} faces of {CLINIC} were read: The pages of the listing contradict" in ran.err
    assert sum(int(str(row["faces"])) for row in rows(ran)) <= there
    ran = commands.run("stats", CLINIC, "--jsonl")
    assert (ran.status, rows(ran)[0]["faces"]) == (4, there)
    assert f" {there:,} faces of {CLINIC} were read" in ran.err
    ran = commands.run("stats", "--all-libraries", "--by", "year", "--jsonl")
    assert ran.status == 4
    assert f" {there:,} faces of {CLINIC} were read" in ran.err
    counted = sum(int(str(row["faces"])) for row in rows(ran))
    assert f"libraries; at least {counted:,} faces, of" in ran.err


def test_a_summary_of_pages_that_do_not_meet_is_incomplete(commands: Commands) -> None:
    commands.faults.overlap = True
    ran = commands.run("stats", CLINIC, "--jsonl")
    assert ran.status == 4
    (row,) = rows(ran)
    assert row["complete"] == "no"
    assert int(str(row["faces"])) == len(FACES)


def test_a_limit_of_requests_is_kept_and_said(commands: Commands) -> None:
    asked = commands.sandbox.service.served["list"]
    ran = commands.run("people", CITY, "--max-requests", "3", "--jsonl")
    assert ran.status == 4
    assert commands.sandbox.service.served["list"] - asked == 3
    assert "--max-requests" in ran.err
    assert "at least" in ran.err
    (row,) = rows(commands.run("stats", CITY, "--max-requests", "3", "--jsonl"))
    assert (row["faces"], row["complete"]) == (2_998, "no")


def test_each_library_that_a_limit_leaves_out_is_named(commands: Commands) -> None:
    ran = commands.run("stats", "--all-libraries", "--max-requests", "1", "--jsonl")
    left_out = [str(row["group_id"]) for row in rows(ran) if row["complete"] == "no"]
    assert ran.status == 4
    assert CITY in left_out
    said = [line for line in ran.err.splitlines() if "is used up" in line]
    assert [group_id for group_id in left_out if not any(group_id in line for line in said)] == []


def test_pages_of_a_hundred_give_the_same(commands: Commands) -> None:
    commands.faults.page_cap = 100
    (row,) = rows(commands.run("stats", CLINIC, "--jsonl"))
    assert (row["faces"], row["persons"], row["complete"]) == (2_500, len(COUNTS), "yes")


def test_one_library_that_is_not_there_leaves_out_no_other(commands: Commands) -> None:
    ran = commands.run("stats", "nope", PILOT, "--jsonl")
    assert ran.status == 1
    assert [(row["group_id"], row["faces"]) for row in rows(ran)] == [("nope", None), (PILOT, 100)]
    assert "No such library" in ran.err


def test_bars_are_drawn_on_a_terminal_and_in_ascii_where_it_has_no_more(
    commands: Commands,
) -> None:
    with commands.terminal("stats", CLINIC, "--by", "month", "--tz", "Asia/Singapore") as terminal:
        terminal.wait_exit()
        screen = terminal.text
    assert "clinic_2500, by month, Asia/Singapore" in screen
    assert "█" in screen
    with commands.terminal("stats", PILOT, env={"TERM": "vt100"}) as terminal:
        terminal.wait_exit()
        screen = terminal.text
    assert "###" in screen
    assert "█" not in screen


def test_a_question_stands_before_much_reading(commands: Commands) -> None:
    commands.be_patient()  # without an answer in time, the length is not known
    with commands.terminal("people", CITY) as terminal:
        terminal.wait_for("Read all of it?")
        assert "requests and " in terminal.text
        terminal.send(b"n\r")
        assert terminal.wait_exit() == 130


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["stats"], "No library is named"),
        (["stats", CLINIC, "--all-libraries"], "cannot be combined"),
        (["stats", CLINIC, "--by", "day", "--tz", "Mars/Base"], "no time zone 'Mars/Base'"),
        (["stats", CLINIC, "--tz", "UTC"], "--tz needs --by"),
        (["stats", CLINIC, "--by", "day", "--fields", "complete"], "without --by only"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_asked(
    commands: Commands, args: list[str], said: str
) -> None:
    asked = commands.sandbox.service.served["list"]
    ran = commands.run(*args)
    assert ran.status == 2
    assert said in ran.err
    assert commands.sandbox.service.served["list"] == asked
