"""`index`: what is kept, brought up to date and removed; nothing of it can be read."""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from fs_tui.sandbox.population import CITY, CLINIC, EMPTY, PILOT, TRIO
from fs_tui.sandbox.serve import background
from tests.e2e.commands import Commands
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fs_tui.sandbox.population import FaceSet

KEY = "0123456789abcdef" * 4


@pytest.fixture
def commands(tmp_path: Path) -> Iterator[Commands]:
    """A sandbox of the test's own, and a key in a file."""
    with background() as sandbox:
        commands = Commands(sandbox, tmp_path)
        commands.be_patient()
        key = tmp_path / "index.key"
        key.touch(0o600)
        key.write_text(f"{KEY}\n")
        commands.env["FS_TUI_INDEX_KEY_FILE"] = str(key)
        yield commands


def rows(commands: Commands, *args: str, status: int = 0) -> list[dict[str, Any]]:  # JSON
    ran = commands.run("index", *args, "--jsonl")
    assert (ran.status, "Traceback" in ran.err) == (status, False), ran.err
    return [json.loads(line) for line in ran.out.splitlines()]


def faces_of(commands: Commands, group_id: str) -> FaceSet:
    return commands.sandbox.service.population[group_id]


def folder(commands: Commands) -> Path:
    return commands.folder / "cache" / "fs-tui" / "indexes"


def requests(commands: Commands) -> int:
    return sum(commands.sandbox.service.served.values())


def test_an_index_is_begun_shown_brought_up_to_date_and_removed(commands: Commands) -> None:
    (begun,) = rows(commands, "sync", CLINIC)
    assert (begun["faces"], begun["added"], begun["gone"], begun["complete"]) == (
        2500,
        None,
        None,
        "yes",
    )
    before = requests(commands)
    (shown,) = rows(commands, "status")
    assert requests(commands) == before
    assert (shown["group_id"], shown["faces"], shown["complete"]) == (CLINIC, 2500, "yes")
    assert shown["contents_as_of"] == begun["contents_as_of"]
    assert "index.key" in shown["key"]
    faces_of(commands, CLINIC).grow(13)
    faces_of(commands, CLINIC).delete_at([5, 1_800])
    (synced,) = rows(commands, "sync", CLINIC)
    assert (synced["faces"], synced["added"], synced["gone"]) == (2511, 13, 2)
    assert synced["complete"] == "yes"
    assert "positions proven" in synced["said"]
    assert synced["contents_as_of"] == begun["contents_as_of"]
    assert commands.run("index", "forget", CLINIC).status == 0
    assert rows(commands, "status") == []
    assert not [path for path in folder(commands).iterdir() if path.suffix != ".TAG"]


def test_an_unchanged_library_costs_two_pages_at_most(commands: Commands) -> None:
    rows(commands, "sync", CLINIC)
    before = commands.sandbox.service.served["list"]
    (synced,) = rows(commands, "sync", CLINIC)
    assert commands.sandbox.service.served["list"] - before <= 2
    assert (synced["added"], synced["gone"], synced["complete"]) == (0, 0, "yes")


def test_more_than_twenty_gone_is_said_and_a_full_reading_helps(commands: Commands) -> None:
    rows(commands, "sync", CLINIC)
    faces_of(commands, CLINIC).delete_at(range(100, 130))
    ran = commands.run("index", "sync", CLINIC, "--jsonl")
    assert (ran.status, json.loads(ran.out)["complete"]) == (4, "no")
    assert "index sync --full" in ran.err
    (full,) = rows(commands, "sync", CLINIC, "--full")
    assert (full["faces"], full["complete"]) == (2470, "yes")


def test_a_reading_that_was_cut_short_goes_on_where_it_stopped(commands: Commands) -> None:
    rows(commands, "sync", CLINIC, "--max-requests", "2", status=4)
    (shown,) = rows(commands, "status")
    assert (shown["faces"], shown["complete"]) == (1999, "no")
    faces_of(commands, CLINIC).delete_at([7])
    before = commands.sandbox.service.served["list"]
    (synced,) = rows(commands, "sync", CLINIC)
    assert (synced["faces"], synced["complete"]) == (2499, "yes")
    # Not from the beginning: probes and the rest are small, and page 1 is not among them.
    assert commands.sandbox.service.served["list"] - before < 20


def test_a_library_that_was_made_anew_is_read_anew_and_that_is_said(commands: Commands) -> None:
    rows(commands, "sync", PILOT)
    commands.sandbox.service.population.remake(PILOT, 50, add_time=None)
    ran = commands.run("index", "sync", PILOT)
    assert ran.status in {0, 4}
    assert ran.status == 0 or "index sync --full" in ran.err


def test_nothing_kept_can_be_read(commands: Commands) -> None:
    rows(commands, "sync", CLINIC)
    token, user_id, user_data, *_ = faces_of(commands, CLINIC).rows(1, 1)[0]
    canaries = [text.encode() for text in (token, user_id, user_data, CLINIC, KEY) if text]
    for path in folder(commands).iterdir():
        assert not any(one in os.fsencode(path.name) + path.read_bytes() for one in canaries)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["sync"], "No library is named"),
        (["forget"], "No library is named"),
        (["forget", "--expired", PILOT], "--expired takes neither"),
        (["sync", PILOT, "--all-libraries"], "cannot be combined"),
        (["status", "--demo"], "The demo keeps nothing"),
    ],
)
def test_wrong_use_is_said(commands: Commands, args: list[str], said: str) -> None:
    ran = commands.run("index", *args)
    assert (ran.status, said in ran.err) == (2, True), ran.err


def test_what_is_not_kept_is_said(commands: Commands) -> None:
    assert "nothing is kept" in commands.run("index", "status").err
    assert "nothing is kept" in commands.run("index", "forget", PILOT).err


def test_a_key_that_is_none_is_a_sentence(commands: Commands) -> None:
    (commands.folder / "index.key").write_text("short")
    ran = commands.run("index", "sync", PILOT)
    assert ran.status == 2
    assert "64 hex digits" in ran.err


def test_a_folder_that_cannot_be_written_is_a_sentence(commands: Commands) -> None:
    (commands.folder / "cache").write_text("a file")
    ran = commands.run("index", "sync", PILOT)
    assert ran.status == 2
    assert "indexes" in ran.err
    assert "Traceback" not in ran.err


def test_what_cannot_be_read_is_not_called_nothing(commands: Commands) -> None:
    """Whose an index is stands in it: one that is damaged may be the one that is to go."""
    rows(commands, "sync", PILOT)
    (path,) = folder(commands).glob("*.db")
    path.write_bytes(b"damaged" * 1_000)
    ran = commands.run("index", "forget", PILOT)
    assert (ran.status, "1 index cannot be read, and may be that of" in ran.err) == (2, True)
    # SQLCipher has words of its own for it.
    assert "CORE" not in ran.err
    assert commands.run("index", "forget", "--all-libraries").status == 0
    assert commands.run("index", "forget", PILOT).status == 0
    assert not list(folder(commands).glob("*.db"))


def test_nothing_is_dropped_before_it_is_wanted_again(commands: Commands) -> None:
    rows(commands, "sync", CITY, "--max-requests", "3", status=4)
    with commands.terminal("index", "sync", "--full", CITY, env=commands.env) as terminal:
        terminal.wait_for("Read all of it?")
        terminal.press("n", "enter")
        assert terminal.wait_exit() != 0
    (shown,) = rows(commands, "status")
    assert shown["faces"] > 1_000


def test_what_has_expired_goes_with_whatever_command_runs(commands: Commands) -> None:
    rows(commands, "sync", PILOT)
    (path,) = folder(commands).glob("*.db")
    assert commands.run("libraries").status == 0
    assert path.exists()
    long_ago = path.stat().st_mtime - 31 * 86_400
    os.utime(path, (long_ago, long_ago))
    assert commands.run("libraries").status == 0
    assert not path.exists()


def test_a_logout_without_a_keyring_removes_what_a_key_file_keeps(commands: Commands) -> None:
    rows(commands, "sync", PILOT)
    ran = commands.run("auth", "logout", env={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"})
    assert ran.status == 2
    assert "1 kept index removed; their key stays: file" in ran.err + ran.out
    assert not list(folder(commands).glob("*.db"))
    assert (commands.folder / "index.key").exists()


def test_all_libraries_are_kept_and_all_forgotten(commands: Commands) -> None:
    ids = ["--max-requests", "10"]
    ran = commands.run("index", "sync", "--all-libraries", *ids, "--jsonl")
    assert ran.status == 4
    kept = {
        json.loads(line)["group_id"]: json.loads(line)["complete"] for line in ran.out.splitlines()
    }
    assert kept[TRIO] == "yes"
    assert "removed" in commands.run("index", "forget", "--all-libraries").err
    assert rows(commands, "status") == []


@pytest.mark.parametrize("group_id", [EMPTY, TRIO])
def test_a_library_that_was_read_whole_is_called_so_however_few_its_faces_are(
    commands: Commands, group_id: str
) -> None:
    (begun,) = rows(commands, "sync", group_id)
    (shown,) = rows(commands, "status")
    assert (shown["group_id"], shown["complete"]) == (group_id, "yes")
    assert shown["contents_as_of"] == begun["contents_as_of"] is not None


def test_what_is_read_whole_for_the_first_time_needs_no_proof_of_its_order(
    commands: Commands,
) -> None:
    """Without times nothing proves later that faces stand; whoever reads them all has them."""
    commands.faults.add_time = "null"
    (begun,) = rows(commands, "sync", CLINIC)
    assert (begun["faces"], begun["complete"]) == (2500, "yes")
    (full,) = rows(commands, "sync", CLINIC, "--full")
    assert full["complete"] == "yes"
    ran = commands.run("index", "sync", CLINIC)
    assert (ran.status, "prefix not proven" in ran.err, "changed" in ran.err) == (4, True, False)


def test_what_is_not_there_is_not_kept(commands: Commands) -> None:
    commands.faults.fail("error", "list", code="INTERNAL_ERROR", times=None)
    # Of several that fail the refusal's status is that of the run, wherever it stands.
    (absent, failed) = rows(commands, "sync", "no-such-library", PILOT, status=1)
    assert (absent["complete"], absent["said"]) == ("no", "no such library")
    assert failed["complete"] == "no"
    assert rows(commands, "status") == []
    commands.faults.clear()
    config = commands.folder / "config.toml"
    config.write_text(config.read_text() + "keep = true\n")
    assert commands.run("people", "no-such-library").status == 1
    assert rows(commands, "status") == []


# Other commands over what is kept


@pytest.fixture
def keeping(commands: Commands) -> Commands:
    """The clinic is kept, and the profile keeps."""
    config = commands.folder / "config.toml"
    config.write_text(config.read_text() + "keep = true\n")
    rows(commands, "sync", CLINIC)
    return commands


def pages(commands: Commands) -> int:
    return commands.sandbox.service.served["list"]


def test_a_search_reads_what_is_kept_and_says_so(keeping: Commands) -> None:
    _, user_id, *_ = faces_of(keeping, CLINIC).rows(1_500, 1)[0]
    fresh = keeping.run("find", f"user:={user_id}", "--library", CLINIC, "--jsonl", "--fresh")
    before = pages(keeping)
    ran = keeping.run("find", f"user:={user_id}", "--library", CLINIC, "--jsonl")
    assert (ran.status, ran.out) == (0, fresh.out)
    assert pages(keeping) - before <= 2
    assert "contents as of" in ran.err


def test_none_of_what_is_kept_is_no_proof_and_fresh_is(keeping: Commands) -> None:
    ran = keeping.run("find", "nobody-of-this-name", "--library", CLINIC)
    assert (ran.status, "--fresh" in ran.err) == (4, True)
    assert keeping.run("find", "nobody-of-this-name", "--library", CLINIC, "--fresh").status == 5


def test_what_a_report_has_begun_to_keep_serves_a_search(keeping: Commands) -> None:
    assert keeping.run("people", PILOT, "--csv").status == 0
    before = pages(keeping)
    ran = keeping.run("find", "user:0", "--library", PILOT, "--csv")
    assert (ran.status, "created again" in ran.err) == (0, False)
    assert pages(keeping) - before <= 2


def test_none_of_what_was_read_whole_in_this_run_is_a_proof(keeping: Commands) -> None:
    rows(keeping, "sync", TRIO)
    ran = keeping.run("find", "nobody-of-this-name", "--library", TRIO)
    assert (ran.status, "is kept" in ran.err) == (5, True)
    ran = keeping.run("find", "nobody-of-this-name", "--library", TRIO, "--library", CLINIC)
    assert (ran.status, f"as {CLINIC} was kept" in ran.err) == (4, True)


@pytest.mark.parametrize(
    "command",
    [["people", CLINIC], ["stats", CLINIC], ["find", "user:0", "--library", CLINIC]],
    ids=" ".join,
)
def test_what_is_kept_of_a_library_that_is_gone_is_no_answer_and_goes_too(
    keeping: Commands, command: list[str]
) -> None:
    keeping.sandbox.service.population.forget(CLINIC)
    ran = keeping.run(*command, "--csv")
    assert (ran.status, len(ran.out.splitlines()) <= 1) == (1, True), ran.out
    assert "No such library" in ran.err
    assert "--full" not in ran.err
    rows(keeping, "sync", CLINIC, status=1)
    assert not list(folder(keeping).glob("*.db"))


def test_what_was_not_checked_says_what_helps_against_that(keeping: Commands) -> None:
    keeping.faults.fail("drop", "list", times=None)
    ran = keeping.run("people", CLINIC, "--limit", "1")
    assert (ran.status, "Try again." in ran.err, "--full" in ran.err) == (4, True, False)


def test_a_filter_and_a_comparison_read_what_is_kept(keeping: Commands) -> None:
    before = pages(keeping)
    ran = keeping.run("faces", CLINIC, "--all", "--filter", "user:0", "--count")
    assert ran.status == 0
    assert pages(keeping) - before <= 2
    fresh = keeping.run("faces", CLINIC, "--all", "--filter", "user:0", "--count", "--fresh")
    assert (fresh.status, fresh.out) == (0, ran.out)
    assert "contents as of" not in fresh.err
    before = pages(keeping)
    assert keeping.run("diff", CLINIC, CLINIC).status == 0
    assert pages(keeping) - before <= 2


def test_what_came_and_went_is_seen_by_every_command(keeping: Commands) -> None:
    faces = faces_of(keeping, CLINIC)
    faces.grow(3)
    faces.delete_at([1_000])
    ran = keeping.run("faces", CLINIC, "--all", "--filter", "after:2000", "--jsonl")
    assert ran.status == 0
    listed = [json.loads(line)["face_token"] for line in ran.out.splitlines()]
    assert listed == [token for token, *_ in faces.rows(1, 5_000)]


def test_what_is_not_proven_is_read_from_the_service(keeping: Commands) -> None:
    faces = faces_of(keeping, CLINIC)
    faces.delete_at(range(100, 140))
    ran = keeping.run("faces", CLINIC, "--all", "--filter", "after:2000", "--count")
    assert (ran.status, ran.out) == (0, "2460\n")
    assert "read from the service" in ran.err


@pytest.mark.parametrize("trouble", ["no key", "no folder", "busy"])
def test_without_an_index_everything_works_as_ever(keeping: Commands, trouble: str) -> None:
    with ExitStack() as stack:
        match trouble:
            case "no key":
                del keeping.env["FS_TUI_INDEX_KEY_FILE"]
            case "no folder":
                folder(keeping).rename(folder(keeping).with_name("elsewhere"))
                folder(keeping).write_text("a file")
            case "busy":
                (path,) = folder(keeping).glob("*.lock")
                fcntl.flock(stack.enter_context(path.open("w")), fcntl.LOCK_EX)
        ran = keeping.run("faces", CLINIC, "--all", "--filter", "user:0", "--count")
    assert ran.status == 0
    assert "Traceback" not in ran.err
    assert (trouble == "no folder") == ("kept" not in ran.err)


def test_reports_use_what_is_kept_and_say_as_of_when(commands: Commands) -> None:
    (commands.folder / "config.toml").write_text("keep = true\n")
    assert commands.run("people", CLINIC, "--jsonl").status == 0
    faces_of(commands, CLINIC).grow(13)
    before = commands.sandbox.service.served["list"]
    ran = commands.run("stats", CLINIC, "--jsonl")
    assert commands.sandbox.service.served["list"] - before <= 2
    assert (ran.status, json.loads(ran.out)["faces"]) == (0, 2513)
    assert json.loads(ran.out)["added"] == 13
    assert "is kept" in ran.err
    assert "contents as of" in ran.err
    ran = commands.run("stats", CLINIC, "--fresh", "--jsonl")
    assert (ran.status, json.loads(ran.out)["added"]) == (0, None)
    assert "is kept" not in ran.err
    shown = commands.run("stats", "--all-libraries", "--jsonl")
    found = {row["group_id"]: row["added"] for row in map(json.loads, shown.out.splitlines())}
    assert found.pop(CLINIC) is not None
    assert set(found.values()) == {None}
    assert [row["group_id"] for row in rows(commands, "status")] == [CLINIC]


def test_a_token_that_the_service_does_not_have_leaves_the_index(keeping: Commands) -> None:
    faces = faces_of(keeping, CLINIC)
    tokens = [token for token, *_ in faces.rows(7, 3)]
    faces.delete_at([7, 8, 9])
    assert keeping.run("face", CLINIC, tokens[0]).status == 1
    (shown,) = rows(keeping, "status")
    assert shown["faces"] == 2_499
    ran = keeping.run("verify", CLINIC, "--absent", *tokens[1:])
    assert (ran.status, "2 faces left the kept index" in ran.err) == (0, True)
    assert "kept files cleaned" in ran.err
    (synced,) = rows(keeping, "sync", CLINIC)
    assert (synced["faces"], synced["gone"], synced["complete"]) == (2_497, 0, "yes")


def test_what_is_gone_leaves_a_kept_index_that_no_setting_asks_for(commands: Commands) -> None:
    ran = commands.run("verify", CLINIC, "--absent", "0" * 32)
    assert "nothing is kept on this machine" in ran.err
    rows(commands, "sync", CLINIC)
    faces = faces_of(commands, CLINIC)
    token = next(iter(faces.rows(7, 1)))[0]
    faces.delete_at([7])
    ran = commands.run("verify", CLINIC, "--absent", token)
    assert (ran.status, "kept files cleaned" in ran.err) == (0, True)
    (shown,) = rows(commands, "status")
    assert shown["faces"] == 2_499


def test_what_is_kept_and_could_not_be_cleaned_is_never_called_clean(keeping: Commands) -> None:
    """What a proof of erasure says of this machine holds for every index that lies there."""
    gone = "0" * 32
    key = keeping.folder / "index.key"
    key.rename(keeping.folder / "away.key")
    ran = keeping.run("verify", CLINIC, "--absent", gone)
    assert (ran.status, "kept files NOT cleaned" in ran.err) == (0, True), ran.err
    key.touch(0o600)
    key.write_text("f" * 64)
    assert keeping.run("index", "sync", PILOT).status == 0
    ran = keeping.run("verify", CLINIC, "--absent", gone)
    assert (ran.status, "kept files cleaned but for 1 index of another key" in ran.err) == (0, True)


def test_what_was_put_aside_is_never_called_clean_or_nothing(keeping: Commands) -> None:
    """Much of it may still be read with the key."""
    for path in folder(keeping).glob("*.db"):
        path.rename(path.with_suffix(".aside"))
    ran = keeping.run("verify", CLINIC, "--absent", "0" * 32)
    assert (ran.status, "kept files cleaned but for 1 index put aside" in ran.err) == (0, True)
    ran = keeping.run("index", "forget", CLINIC)
    assert (ran.status, "1 index cannot be read, and may be that of" in ran.err) == (2, True)
    (shown,) = rows(keeping, "status")
    assert shown["doubt"] == "it cannot be read: it was put aside"
    ran = keeping.run("index", "forget", "--all-libraries")
    assert (ran.status, "1 index removed" in ran.err) == (0, True)
    assert not list(folder(keeping).glob("*.aside"))


def test_a_watch_knows_which_faces_went(keeping: Commands) -> None:
    faces = faces_of(keeping, CLINIC)
    args = ("watch", CLINIC, "--from", str(len(faces) + 1), "--every", "1", "--jsonl")
    asked = pages(keeping)
    with keeping.start(*args) as process:
        try:
            # The look at the kept end, the first page, and one that follows it.
            wait_until(lambda: pages(keeping) >= asked + 4)
            gone = {token for token, *_ in (*faces.rows(9, 1), *faces.rows(1_700, 1))}
            faces.delete_at([9, 1_700])
            assert process.stdout is not None
            events = [json.loads(process.stdout.readline()) for _ in range(2)]
        finally:
            process.kill()
    assert {event["event"] for event in events} == {"gone"}
    assert {event["face_token"] for event in events} == gone


def test_a_key_that_is_gone_is_a_sentence_and_a_new_index_is_begun(keeping: Commands) -> None:
    (keeping.folder / "index.key").write_text("f" * 64)
    ran = keeping.run("index", "sync", CLINIC, "--jsonl")
    assert ran.status == 0
    assert "1 kept index of another key cannot be read" in ran.err
    assert json.loads(ran.out)["faces"] == 2_500
    assert "another key" not in keeping.run("index", "sync", CLINIC).err


@pytest.mark.parametrize("said", ["", "keep = true\n", "keep = false\n"])
def test_what_sync_has_made_is_read_unless_the_profile_forbids_it(
    commands: Commands, said: str
) -> None:
    rows(commands, "sync", CLINIC)
    config = commands.folder / "config.toml"
    config.write_text(config.read_text() + said)
    for args in (
        ["stats", CLINIC, "--jsonl"],
        ["people", CLINIC, "--jsonl"],
        ["find", "user:0", "--library", CLINIC, "--jsonl"],
        ["faces", CLINIC, "--all", "--filter", "user:0", "--count"],
        ["diff", CLINIC, CLINIC],
    ):
        before = pages(commands)
        ran = commands.run(*args)
        assert ran.status == 0, ran.err
        is_read = pages(commands) - before <= 2
        assert is_read == (said != "keep = false\n"), args
        assert is_read == ("kept" in ran.err), args
    # What nobody asked to keep is begun only where the profile says so.
    assert commands.run("people", PILOT, "--jsonl").status == 0
    begun = {row["group_id"] for row in rows(commands, "status")}
    assert (PILOT in begun) == (said == "keep = true\n")


def test_a_sync_that_the_profile_will_not_read_says_so(commands: Commands) -> None:
    (commands.folder / "config.toml").write_text("keep = false\n")
    ran = commands.run("index", "sync", PILOT)
    assert (ran.status, "keep = false" in ran.err) == (0, True)
