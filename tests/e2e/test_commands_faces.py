"""`faces`: what is listed, in which order and form, and how a listing that is not whole ends."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from typing import TYPE_CHECKING, Literal

import pytest

from fs_tui.models import FACE_FIELDS
from fs_tui.sandbox.population import CAMPUS, CITY, CLINIC, COUNTS, EMPTY, PILOT, TRIO
from fs_tui.sandbox.serve import background
from tests.e2e.commands import Commands
from tests.waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from fs_tui.sandbox.serve import Running
    from tests.e2e.commands import Ran


def _faces(ran: Ran) -> list[dict[str, str]]:
    assert ran.status == 0, ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.fixture(scope="module")
def clinic(sandbox: Running, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """Every face of the clinic, read in one go."""
    sandbox.faults.clear()
    commands = Commands(sandbox, tmp_path_factory.mktemp("clinic"))
    return _faces(commands.run("faces", CLINIC, "--all", "--jsonl"))


def test_the_first_hundred_are_listed_and_it_says_that_there_are_more(
    commands: Commands, clinic: list[dict[str, str]]
) -> None:
    ran = commands.run("faces", CLINIC, "--jsonl")
    assert _faces(ran) == clinic[:100]
    assert "first 100 faces, and there are more" in ran.err


@pytest.mark.parametrize("library", [EMPTY, TRIO, "pilot-100"])
def test_a_library_of_up_to_a_hundred_is_listed_without_a_word(
    commands: Commands, library: str
) -> None:
    ran = commands.run("faces", library, "--jsonl")
    assert len(_faces(ran)) == COUNTS[library]
    assert ran.err == ""


def test_all_is_every_face_once_in_order(commands: Commands, clinic: list[dict[str, str]]) -> None:
    assert len(clinic) == COUNTS[CLINIC]
    assert len({face["face_token"] for face in clinic}) == COUNTS[CLINIC]
    commands.faults.page_cap = 100
    ran = commands.run("faces", CLINIC, "--all", "--jsonl", "--concurrency", "4")
    assert _faces(ran) == clinic


def test_start_and_limit_are_a_window(commands: Commands, clinic: list[dict[str, str]]) -> None:
    ran = commands.run("faces", CLINIC, "--start", "1501", "--limit", "250", "--jsonl")
    assert _faces(ran) == clinic[1500:1750]
    beyond = commands.run("faces", CLINIC, "--start", "2499", "--jsonl")
    assert _faces(beyond) == clinic[2498:]


def test_a_filter_is_the_browsers_language(
    commands: Commands, clinic: list[dict[str, str]]
) -> None:
    user = clinic[1234]["user_id"]
    ran = commands.run("faces", CLINIC, "--all", "--filter", f"user:{user}", "--jsonl")
    assert _faces(ran) == [face for face in clinic if user in face["user_id"]]


@pytest.mark.parametrize(
    "args",
    [
        ["faces", CLINIC, "--all", "--concurrency", "1"],
        ["faces", CLINIC, "--all", "--concurrency", "4"],
        ["faces", CLINIC, "--all", "--filter", "user"],
        ["faces", CLINIC, "--count", "--filter", "user"],
        ["faces", CLINIC, "--all", "--order", "-add_time"],
        ["find", "no such user", "--library", CLINIC],
        ["people", CLINIC, "--concurrency", "4"],
        ["stats", CLINIC],
    ],
)
def test_a_face_that_goes_while_another_one_comes_leaves_nothing_complete(
    tmp_path: Path, args: list[str]
) -> None:
    """Numbers and end agree, and without a face where pages meet one would be missing unseen."""
    with background() as sandbox:
        commands = Commands(sandbox, tmp_path)
        commands.faults.deletion = commands.faults.growth = 1
        ran = commands.run(*args)
    assert ran.status == 4
    assert "changed while it was read (another face is at position " in ran.err


@pytest.mark.parametrize(
    "args",
    [
        ["--all", "--jsonl"],
        ["--limit", "1500", "--jsonl"],
        ["--limit", "1200", "--filter", "user", "--jsonl"],
        ["--count", "--filter", "user"],
    ],
)
def test_pages_that_do_not_meet_are_a_library_that_changed_with_status_4(
    commands: Commands, args: list[str]
) -> None:
    commands.faults.overlap = True
    ran = commands.run("faces", CLINIC, *args)
    assert ran.status == 4
    assert "another face is at position 1,000 now" in ran.err


def test_a_limit_counts_what_has_passed_the_filter(
    commands: Commands, clinic: list[dict[str, str]]
) -> None:
    after = clinic[2000]["add_time"][:10]
    expected = [face for face in clinic if face["add_time"][:10] >= after]
    query = ("--filter", f"after:{after}", "--jsonl")
    ran = commands.run("faces", CLINIC, "--limit", "3", *query, env={"TZ": "UTC"})
    assert _faces(ran) == expected[:3]
    ran = commands.run("faces", CLINIC, *query, env={"TZ": "UTC"})
    assert _faces(ran) == expected[:100]
    assert "read up to face" in ran.err


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_a_filter_takes_the_times_that_the_product_shows(
    commands: Commands, clinic: list[dict[str, str]], zone: str
) -> None:
    first, last = clinic[2000]["add_time"], clinic[2003]["add_time"]
    asked = ("--filter", f"after:{first} before:{last}", "--all", "--jsonl")
    ran = commands.run("faces", CLINIC, *asked, env={"TZ": zone})
    assert _faces(ran) == [face for face in clinic if first <= face["add_time"] < last]
    assert len(_faces(ran)) >= 3


@pytest.mark.parametrize(
    ("filter_text", "said"),
    [
        ("after:tomorrow", '"tomorrow" is not a time'),
        ("aftr:2026", "did you mean after:?"),
        ("after:2025-03 00:38", "00:38 would be looked for as a text"),
    ],
)
def test_a_filter_that_cannot_be_read_is_status_2_and_says_why(
    commands: Commands, filter_text: str, said: str
) -> None:
    ran = commands.run("faces", CLINIC, "--filter", filter_text)
    assert ran.status == 2
    assert "Invalid filter: " in ran.err
    assert said in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("field", ["user_id", "add_time", "position"])
def test_an_order_covers_the_whole_library_and_both_ways(
    commands: Commands, clinic: list[dict[str, str]], field: str
) -> None:
    order = ("--order", f"-{field}", "--limit", "20", "--jsonl")
    got = _faces(commands.run("faces", CLINIC, *order))
    if field == "position":
        assert got == clinic[:-21:-1]
    else:
        assert [face[field] for face in got] == sorted(
            (face[field] for face in clinic), reverse=True
        )[:20]


def test_an_order_goes_with_filter_start_and_all(
    commands: Commands, clinic: list[dict[str, str]]
) -> None:
    after = clinic[2000]["add_time"][:10]
    args = ("--order", "user_id", "--filter", f"after:{after}", "--start", "2300", "--all")
    got = _faces(commands.run("faces", CLINIC, *args, "--jsonl", env={"TZ": "UTC"}))
    expected = [face for face in clinic[2299:] if face["add_time"][:10] >= after]
    assert [face["user_id"] for face in got] == sorted(face["user_id"] for face in expected)


def test_fields_are_chosen_and_ordered(commands: Commands, clinic: list[dict[str, str]]) -> None:
    args = ("faces", CLINIC, "--limit", "2", "--fields", "user_id,face_token")
    expected = [[face["user_id"], face["face_token"]] for face in clinic[:2]]
    rows = list(csv.reader(io.StringIO(commands.run(*args, "--csv").out)))
    assert rows == [["user_id", "face_token"], *expected]
    lines = commands.run(*args).out.splitlines()
    assert [line.split("\t") for line in lines] == [["user_id", "face_token"], *expected]
    objects = json.loads(commands.run(*args, "--json").out)
    assert [list(face.values()) for face in objects] == expected


@pytest.mark.parametrize("fields", ["user", "user_id,user_id", ""])
def test_fields_that_cannot_be_are_status_2(commands: Commands, fields: str) -> None:
    assert commands.run("faces", CLINIC, "--fields", fields).status == 2


def test_an_empty_library_is_an_empty_document(commands: Commands) -> None:
    assert json.loads(commands.run("faces", EMPTY, "--json").out) == []
    assert commands.run("faces", EMPTY, "--jsonl").out == ""
    assert (
        commands.run("faces", EMPTY, "--csv").out
        == ",".join(field.name for field in FACE_FIELDS) + "\n"
    )


def test_csv_on_standard_output_is_raw(commands: Commands) -> None:
    commands.faults.hostile = {"user_data": '=1+1,"x"\nnext'}
    rows = list(csv.reader(io.StringIO(commands.run("faces", TRIO, "--csv").out)))
    assert rows[1][2] == '=1+1,"x"\nnext'


def _tokens(path: Path) -> list[str]:
    text = path.read_text()
    if path.suffix == ".csv":
        return [row["face_token"] for row in csv.DictReader(io.StringIO(text))]
    faces = json.loads(text) if path.suffix == ".json" else map(json.loads, text.splitlines())
    return [face["face_token"] for face in faces]


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "json"])
def test_a_file_appears_whole_and_private(
    commands: Commands, clinic: list[dict[str, str]], suffix: str
) -> None:
    ran = commands.run("faces", CLINIC, "--all", "-o", f"out.{suffix}")
    path = commands.folder / f"out.{suffix}"
    assert ran.status == 0
    assert ran.out == ""
    assert f"{COUNTS[CLINIC]:,} faces" in ran.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _tokens(path) == [face["face_token"] for face in clinic]
    assert not list(commands.folder.glob("*.partial"))


def test_a_file_holds_the_chosen_fields(commands: Commands) -> None:
    commands.run("faces", TRIO, "--fields", "user_id", "-o", "out.csv")
    assert (commands.folder / "out.csv").read_text().splitlines()[0] == "user_id"


def test_a_file_that_is_there_is_replaced_by_force_only(commands: Commands) -> None:
    path = commands.folder / "out.csv"
    path.write_text("mine")
    assert commands.run("faces", TRIO, "-o", "out.csv").status == 2
    assert path.read_text() == "mine"
    assert commands.run("faces", TRIO, "-o", "out.csv", "--force").status == 0
    assert path.read_text().startswith("face_token")


def test_what_is_no_regular_file_is_never_replaced(commands: Commands) -> None:
    pipe, device = commands.folder / "pipe", commands.folder / "device"
    os.mkfifo(pipe)
    device.symlink_to(os.devnull)
    for path in (pipe, device):
        ran = commands.run("faces", TRIO, "--csv", "-o", str(path), "--force")
        assert (ran.status, "not a regular file" in ran.err) == (2, True)
    assert pipe.is_fifo()
    assert device.is_symlink()


def test_a_place_that_cannot_be_looked_at_is_status_2(commands: Commands) -> None:
    ran = commands.run("faces", TRIO, "-o", f"{'x' * 300}.csv")
    assert (ran.status, "File name too long" in ran.err) == (2, True)


def test_a_full_disk_is_the_files_fault_and_not_the_listings(commands: Commands) -> None:
    ran = commands.shell(f"ulimit -f 200; fs-tui faces {CLINIC} --all -o out.jsonl")
    assert ran.status == 2
    assert "File too large" in ran.err
    assert "out.jsonl.partial holds 1,000 faces" in ran.err
    assert "--start" not in ran.err
    assert not (commands.folder / "out.jsonl").exists()


def test_a_name_that_does_not_say_the_form_is_status_2(commands: Commands) -> None:
    ran = commands.run("faces", TRIO, "-o", "out.txt")
    assert ran.status == 2
    assert ".csv" in ran.err


def test_a_table_is_no_format_of_a_file(commands: Commands) -> None:
    for name in ("x.table", "x.tabs", "x", "x.json.bak"):
        assert commands.run("faces", TRIO, "-o", name).status == 2
        assert not (commands.folder / name).exists()


def test_two_exports_into_one_name_never_mix(commands: Commands) -> None:
    """The one that ends last finds the name taken, and keeps its rows under its own name."""
    commands.be_patient()
    commands.faults.page_cap = 100
    commands.faults.fail("hold", "list", after=1, times=1)
    slow = commands.start("faces", CLINIC, "--all", "-o", "two.csv")
    wait_until(lambda: commands.faults.held)
    fast = commands.run("faces", TRIO, "-o", "two.csv")
    assert (fast.status, "two.csv holds 3 faces" in fast.err) == (0, True)
    commands.faults.release()
    _, err = slow.communicate(timeout=PATIENCE)
    assert slow.returncode == 2
    assert "two.csv.partial holds 2,500 faces" in err
    assert "was created meanwhile" in err
    assert len(_tokens(commands.folder / "two.csv")) == COUNTS[TRIO]
    assert len((commands.folder / "two.csv.partial").read_text().splitlines()) == 2_501


def test_a_link_for_a_file_is_followed_and_said(commands: Commands) -> None:
    link, target = commands.folder / "out.csv", commands.folder / "real.csv"
    link.symlink_to(target)
    ran = commands.run("faces", TRIO, "-o", "out.csv")
    assert ran.status == 0
    assert f"out.csv is a link; what is written is {target}" in ran.err
    assert link.is_symlink()
    assert len(_tokens(target)) == COUNTS[TRIO]


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_links_in_a_circle_are_status_2(commands: Commands, force: list[str]) -> None:
    (commands.folder / "a.csv").symlink_to("b.csv")
    (commands.folder / "b.csv").symlink_to("a.csv")
    ran = commands.run("faces", TRIO, "-o", "a.csv", *force)
    assert (ran.status, "symbolic links" in ran.err) == (2, True)
    assert (commands.folder / "a.csv").is_symlink()


def test_an_empty_file_name_is_wrong_use(commands: Commands) -> None:
    ran = commands.run("faces", TRIO, "--csv", "-o", "")
    assert (ran.status, "-o has no file name" in ran.err) == (2, True)


def test_a_dash_for_the_file_is_standard_output(commands: Commands) -> None:
    ran = commands.run("faces", TRIO, "--csv", "-o", "-")
    assert (ran.status, ran.out) == (0, commands.run("faces", TRIO, "--csv").out)
    assert not (commands.folder / "-").exists()


def test_a_listing_that_the_service_ends_is_incomplete_and_keeps_its_rows(
    commands: Commands,
) -> None:
    commands.faults.max_start = 1000
    commands.faults.page_cap = 100
    ran = commands.run("faces", CLINIC, "--all", "--jsonl")
    assert ran.status == 4
    # The last `start` that is not refused still shows a page.
    assert len(ran.out.splitlines()) == 1099
    assert "no further than face 1,099 (1,099 faces were written)" in ran.err
    assert "--start" not in ran.err, "it would be refused"


@pytest.mark.parametrize("cap", [None, 100])
@pytest.mark.parametrize("following", ["number", "absent"])
@pytest.mark.parametrize("more", [[], ["--concurrency", "4"], ["--order", "user_id"]])
def test_a_service_that_ignores_start_gives_no_face_twice(
    commands: Commands, more: list[str], following: Literal["number", "absent"], cap: int | None
) -> None:
    commands.faults.ignore_start = True
    commands.faults.page_cap = cap
    commands.faults.next = following
    ran = commands.run("faces", CLINIC, "--all", "--jsonl", *more)
    lines = ran.out.splitlines()
    assert ran.status == 4
    assert len(set(lines)) == len(lines) == (cap or 1_000)
    assert "it gives the faces of position 1 again" in ran.err
    assert "--start" not in ran.err


def test_a_page_that_fails_in_the_middle_leaves_an_incomplete_listing(
    commands: Commands,
) -> None:
    commands.faults.fail("error", "list", after=1, times=None)
    ran = commands.run("faces", CLINIC, "--all", "-o", "out.jsonl")
    partial = commands.folder / "out.jsonl.partial"
    assert ran.status == 4
    assert "INTERNAL_ERROR" in ran.err
    assert "--start 1001" in ran.err
    assert len(partial.read_text().splitlines()) == 1000
    assert not (commands.folder / "out.jsonl").exists()


@pytest.mark.parametrize("more", [["--limit", "3"], ["--all"]])
@pytest.mark.parametrize("most", [1, 1_000])
def test_of_a_start_that_is_refused_no_face_before_it_is_said_to_be_listed(
    commands: Commands, most: int, more: list[str]
) -> None:
    commands.faults.max_start = most
    ran = commands.run("faces", CLINIC, "--start", "2400", "--jsonl", *more)
    assert (ran.status, ran.out) == (4, "")
    assert "the service does not list face 2,400 and what follows (0 faces were written)" in ran.err


def test_a_start_behind_every_library_is_wrong_use(commands: Commands) -> None:
    ran = commands.run("faces", CLINIC, "--start", str(2**32))
    assert (ran.status, ran.out) == (2, "")
    assert "No library reaches to face 4,294,967,296." in ran.err


def test_an_ordered_listing_that_is_incomplete_says_so(commands: Commands) -> None:
    commands.faults.max_start = 1000
    ran = commands.run("faces", CLINIC, "--all", "--order", "user_id", "--jsonl")
    assert ran.status == 4
    assert f"{len(ran.out.splitlines()):,} faces were written" in ran.err


def test_a_listing_that_fails_at_once_has_the_errors_own_status(commands: Commands) -> None:
    commands.faults.fail("error", "list", times=None)
    assert commands.run("faces", CLINIC).status == 3
    commands.faults.clear()
    assert commands.run("faces", "no-such-library").status == 1


@pytest.mark.parametrize("library", [EMPTY, TRIO, CLINIC, CAMPUS, CITY])
def test_count_proves_the_total(commands: Commands, library: str) -> None:
    before = commands.sandbox.service.served["list"]
    ran = commands.run("faces", library, "--count")
    assert ran.out == f"{COUNTS[library]}\n"
    assert commands.sandbox.service.served["list"] - before <= 45


@pytest.mark.parametrize(("library", "count"), [(EMPTY, 0), (TRIO, 3), (PILOT, 100)])
def test_a_refused_start_behind_the_end_takes_nothing_from_a_count(
    commands: Commands, library: str, count: int
) -> None:
    commands.faults.max_start = 1_000
    ran = commands.run("faces", library, "--count")
    assert (ran.status, ran.out.strip(), ran.err) == (0, str(count), "")


def test_count_is_json_too_and_counts_what_passes_a_filter(
    commands: Commands, clinic: list[dict[str, str]]
) -> None:
    user = clinic[7]["user_id"]
    ran = commands.run("faces", CLINIC, "--count", "--filter", f"user:{user}", "--json")
    expected = sum(user in face["user_id"] for face in clinic)
    assert json.loads(ran.out) == {"group_id": CLINIC, "count": expected}


def test_a_count_that_cannot_be_proven_is_status_4(commands: Commands) -> None:
    commands.faults.max_start = 1000
    ran = commands.run("faces", CLINIC, "--count")
    assert ran.status == 4
    assert ran.out == ""


@pytest.mark.parametrize(
    "args",
    [
        ["--limit", "5", "--all"],
        ["--limit", "0"],
        ["--start", "0"],
        ["--concurrency", "9"],
        ["--order", "face_token"],
        ["--count", "--limit", "5"],
        ["--count", "--csv"],
        ["--count", "--jsonl"],
        ["--json", "--csv"],
        ["--csv", "--jsonl"],
        ["--force"],
        ["--bogus"],
    ],
)
def test_options_that_cannot_be_are_status_2(commands: Commands, args: list[str]) -> None:
    assert commands.run("faces", CLINIC, *args).status == 2


def test_a_terminal_sees_a_bar_while_rows_go_elsewhere(commands: Commands) -> None:
    commands.faults.latency = 0.1
    with commands.terminal("faces", CLINIC, "--all", "-o", "out.csv") as terminal:
        terminal.wait_for("faces,")
        assert terminal.wait_exit() == 0
        assert "holds 2,500 faces" in terminal.text


def test_a_count_that_a_filter_cannot_finish_names_no_option_that_it_does_not_take(
    commands: Commands,
) -> None:
    commands.faults.fail("error", "list", after=1, times=None)
    ran = commands.run("faces", CLINIC, "--count", "--filter", "dewi")
    assert (ran.status, ran.out) == (4, "")
    assert "--start" not in ran.err


@pytest.mark.parametrize("line", ["fs-tui {} > rows", "fs-tui {} | cat > rows"])
@pytest.mark.parametrize("form", ["", "--json", "--jsonl", "--csv"])
def test_at_a_terminal_rows_go_where_they_are_sent_and_not_through_the_bar(
    commands: Commands, line: str, form: str
) -> None:
    expected = commands.run("faces", CAMPUS, "--limit", "30", *form.split()).out
    with commands.terminal_shell(line.format(f"faces '{CAMPUS}' --limit 30 {form}")) as terminal:
        assert terminal.wait_exit() == 0
        assert not terminal.text.strip()
    assert (commands.folder / "rows").read_text(encoding="utf-8") == expected


def test_a_terminal_sees_a_table(commands: Commands) -> None:
    with commands.terminal("faces", TRIO, columns=80) as terminal:
        assert terminal.wait_exit() == 0
        assert "face_token" in terminal.text
        assert "add_time" in terminal.text


@pytest.mark.parametrize("names_next", [True, False])
@pytest.mark.parametrize(
    "words", [("--all",), ("--limit", "400"), (), ("--order", "user_id", "--all")], ids=" ".join
)
def test_where_start_is_ignored_nothing_is_written_twice_and_no_later_start_advised(
    commands: Commands, words: tuple[str, ...], *, names_next: bool
) -> None:
    commands.faults.ignore_start = True
    commands.faults.next = "number" if names_next else "absent"
    commands.faults.page_cap = 100
    ran = commands.run("faces", CLINIC, "--jsonl", *words)
    assert ran.status == 4
    tokens = [json.loads(line)["face_token"] for line in ran.out.splitlines()]
    assert len(tokens) == len(set(tokens)) == 100
    assert "(100 faces were written)" in ran.err
    assert "--start" not in ran.err
    ran = commands.run("faces", CLINIC, "--count")
    assert (ran.status, ran.out) == (1, "")
    assert "--start" not in ran.err


@pytest.mark.parametrize(
    ("form", "none"), [("--json", "[]"), ("--csv", "face_token,"), ("--jsonl", "")]
)
def test_none_of_what_was_read_is_a_document_too(commands: Commands, form: str, none: str) -> None:
    commands.faults.fail("drop", "list", times=None, after=1)
    ran = commands.run("faces", CLINIC, "--all", "--filter", "nobody-of-this-name", form)
    assert (ran.status, "0 faces were written" in ran.err) == (4, True)
    assert ran.out.startswith(none)


@pytest.mark.parametrize("form", ["--json", "--jsonl", "--csv"])
def test_a_face_behind_pages_without_one_is_written_as_ever(commands: Commands, form: str) -> None:
    ((token, *_),) = commands.sandbox.service.population[CLINIC].rows(2_400, 1)
    ran = commands.run("faces", CLINIC, "--all", "--filter", f"token:={token}", form)
    assert ran.status == 0
    match form:
        case "--json":
            found = json.loads(ran.out)
        case "--jsonl":
            found = [json.loads(line) for line in ran.out.splitlines()]
        case _:
            found = list(csv.DictReader(io.StringIO(ran.out)))
    assert [face["face_token"] for face in found] == [token]


@pytest.mark.parametrize(
    ("args", "rows"),
    [
        (["--all"], 1_999),
        (["--filter", "visitor", "--all"], None),
        (["--order", "user_id"], 100),
        (["--count", "--filter", "visitor"], 0),
    ],
)
def test_a_limit_of_requests_is_kept(commands: Commands, args: list[str], rows: int | None) -> None:
    form = ["--json"] if "--count" in args else ["--jsonl"]
    read = commands.sandbox.service.served["list"]
    ran = commands.run("faces", CLINIC, *args, *form, "--max-requests", "2")
    assert commands.sandbox.service.served["list"] - read == 2
    assert ran.status == 4
    assert "--max-requests 2 is used up" in ran.err
    assert rows is None or len(ran.out.splitlines()) == rows


def test_more_than_a_hundred_requests_are_said_once(commands: Commands) -> None:
    commands.sandbox.faults.page_cap = 10
    ran = commands.run("faces", CLINIC, "--all", "--jsonl")
    assert ran.status == 0
    assert ran.err.count("more than 100 requests") == 1
    ran = commands.run("faces", CLINIC, "--all", "--jsonl", "--max-requests", "1000")
    assert (ran.status, ran.err) == (0, "")
