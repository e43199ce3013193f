"""The program against a service that is not the sandbox, written from the vendor's pages alone.

Whatever the program does here, the service notes what a careful client would not send: no test may
leave such a note.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tests.api.foreign_server import serving
from tests.api.foreign_service import BIG, KEY, SECRET, Variant
from tests.e2e.commands import PROGRAM, Ran
from tests.e2e.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.api.foreign_server import Foreign
    from tests.api.foreign_service import Service

VARIANTS = {
    "keeps connections": Variant(next="number"),
    "closes, 100 rows": Variant(
        close=True, cap=100, null_data=True, unknown_library="INVALID_GROUP_ID"
    ),
    "hangs up": Variant(
        hang_up=True, next="text", last_next="onward", bare_errors=True, error_key="error_message"
    ),
    "odd answers": Variant(
        chunked=True,
        compress=True,
        odd_json=True,
        next="number",
        last_next="null",
        times="text",
        space=False,
        cap=100,
    ),
    "another clock": Variant(clock=-3600, next="text", last_next="empty"),
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """The program, pointed at a foreign service by its environment.

    Attributes:
        foreign: The service.
        folder: Its home.
    """

    foreign: Foreign
    folder: Path

    @property
    def service(self) -> Service:
        """What the service saw."""
        return self.foreign.service

    @property
    def pointers(self) -> dict[str, str]:
        """The variables that point it at the service."""
        return {
            "FS_TUI_ENDPOINT": self.foreign.url,
            "FS_TUI_API_KEY": KEY,
            "FS_TUI_API_SECRET": SECRET,
        }

    def run(self, *args: str) -> Ran:
        """Run one command line to its end."""
        done = subprocess.run(  # noqa: S603 - our own program
            [*PROGRAM, *args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), **self.pointers},
            timeout=30,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def rows(self, *args: str) -> list[dict[str, str]]:
        """Run a command that succeeds, and return what it wrote as JSON Lines."""
        ran = self.run(args[0], "--jsonl", *args[1:])
        assert ran.status == 0, ran.err
        return [json.loads(line) for line in ran.out.splitlines()]

    def asked(self, call: str = "list") -> list[dict[str, str]]:
        """The requests of a call that were answered, since this was last called."""
        visits = [v.fields for v in self.service.visits if v.call == call and not v.code]
        self.service.visits.clear()
        return visits


@contextmanager
def visiting(variant: Variant, folder: Path) -> Iterator[Visitor]:
    """Serve a variant, and check at the end that nothing careless was sent."""
    with serving(variant) as foreign:
        yield Visitor(foreign, folder)
    assert foreign.service.faults == []


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    """The program before a service that does everything plainly."""
    with visiting(Variant(), tmp_path) as made:
        yield made


def needed(page: int) -> list[str]:
    """Where the pages of 2,500 faces begin: each one with the last face of the one before."""
    return [str(start) for start in range(1, 2501, page - 1)]


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_listing_counting_and_creating_get_along_with(variant: Variant, tmp_path: Path) -> None:
    with visiting(variant, tmp_path) as visitor:
        everything = visitor.service.faces(BIG, 1, 2500)
        found = visitor.rows("faces", "--all", "--", BIG)
        assert [face["face_token"] for face in found] == [f["face_token"] for f in everything]
        assert [face["user_data"] for face in found] == [
            f.get("user_data") or "" for f in everything
        ]
        assert found[0]["add_time"] == "2026-01-27T06:20:01.001Z"
        starts = [fields["start"] for fields in visitor.asked()]
        if variant.last_next == "onward":
            asked_for = [starts.pop(), starts.pop()]
            assert asked_for == ["2501", "2500"], "what the service names as next is asked for"
        assert starts == needed(variant.cap), "no more requests than needed, each further on"

        assert visitor.run("faces", "--count", "--", BIG).out == "2500\n"
        asked = visitor.asked()
        assert len(asked) <= 24
        assert len({fields["start"] for fields in asked}) == len(asked)

        made = visitor.run("create", "--name", "Новая «1»", "--data", 'a"b\nc', "--", "-n%&#@_1")
        assert made.status == 0, made.err
        library = visitor.service.libraries["-n%&#@_1"]
        assert library["group_name"] == "Новая «1»"
        assert library["group_data"] == 'a"b\nc'
        unknown = visitor.run("library", "nowhere")
        assert unknown.status == 1
        assert f"No such library: {variant.unknown_library}" in unknown.err


def test_libraries_and_their_details_are_shown(visitor: Visitor) -> None:
    listed = visitor.rows("libraries")
    assert [library["group_id"] for library in listed] == list(visitor.service.libraries)
    details = json.loads(visitor.run("library", "--json", "--", BIG).out)
    assert details == listed[2]
    assert details["add_time"] == "2026-01-29T06:19:01.000Z"


def test_a_window_is_asked_for_as_it_is_wanted(visitor: Visitor) -> None:
    ran = visitor.run("faces", "--start", "2300", "--limit", "150", "--csv", "--", BIG)
    rows = list(csv.DictReader(ran.out.splitlines()))
    wanted = visitor.service.faces(BIG, 2300, 150)
    assert [row["face_token"] for row in rows] == [face["face_token"] for face in wanted]
    assert visitor.asked() == [{"group_id": BIG, "start": "2300", "limit": "150"}]
    beyond = visitor.rows("faces", "--start", "2499", "--limit", "7", "--", BIG)
    assert len(beyond) == 2


@pytest.mark.parametrize(("library", "more"), [("hundred", False), ("thousand@1000", True)])
def test_the_first_hundred_say_whether_there_are_more(
    visitor: Visitor, library: str, *, more: bool
) -> None:
    ran = visitor.run("faces", library)
    assert len(ran.out.splitlines()) == 101
    assert ("there are more" in ran.err) is more


def test_filter_and_order_cover_the_whole_library(visitor: Visitor) -> None:
    found = visitor.rows("faces", "--all", "--filter", "user:user_0833 data:2500", "--", BIG)
    assert [face["user_data"] for face in found] == ["李小龙 2500"]
    assert [fields["start"] for fields in visitor.asked()] == needed(1000)
    found = visitor.rows("faces", "--order", "-add_time", "--limit", "3", "--", BIG)
    assert [face["user_data"].split()[-1] for face in found] == ["2500", "2499", "2498"]
    assert [fields["start"] for fields in visitor.asked()] == needed(1000)


def test_one_face_is_found_by_its_token(visitor: Visitor) -> None:
    token = str(visitor.service.faces(BIG, 42, 1)[0]["face_token"])
    face = json.loads(visitor.run("face", "--json", "--", BIG, token).out)
    assert face["user_id"] == "user_0014"
    missing = visitor.run("face", "--", BIG, token[::-1])
    assert missing.status == 1
    assert "INVALID_FACE_TOKEN" in missing.err


def test_create_says_what_the_service_refuses(tmp_path: Path) -> None:
    with visiting(Variant(libraries="ten", bare_errors=True), tmp_path) as visitor:
        same = visitor.run("create", "more_6", "--name", "Library no. 5")
        assert (same.status, "GROUP_EXIST" in same.err) == (1, True)
        assert (
            visitor.run("create", "more_6", "--name", "Library no. 5", "--if-not-exists").status
            == 0
        )
        other = visitor.run("create", "more_6", "--name", "Other", "--if-not-exists")
        assert (other.status, "another name" in other.err) == (1, True)
        full = visitor.run("create", "more_11", "--name", "One more")
        assert (full.status, "GROUP_EXCEEDED" in full.err) == (1, True)
        assert len(visitor.asked("create")) == 0


def test_an_account_without_libraries_is_empty_and_no_error(tmp_path: Path) -> None:
    with visiting(Variant(libraries="none"), tmp_path) as visitor:
        ran = visitor.run("libraries", "--json")
        assert (ran.status, json.loads(ran.out)) == (0, [])


@pytest.mark.parametrize(("cap", "last"), [(100, 1099), (1000, 1999)])
def test_a_service_that_refuses_positions_ends_the_listing_as_incomplete(
    cap: int, last: int, tmp_path: Path
) -> None:
    with visiting(Variant(refuse_start=True, cap=cap, next="number"), tmp_path) as visitor:
        ran = visitor.run("faces", "--all", "--jsonl", "--", BIG)
        assert ran.status == 4
        assert len(ran.out.splitlines()) == last
        assert f"the service lists no further than face {last:,}" in ran.err
        counted = visitor.run("faces", "--count", "--", BIG)
        assert (counted.status, counted.out) == (4, "")


def test_a_limited_account_is_asked_one_by_one_once_that_is_known(tmp_path: Path) -> None:
    with visiting(Variant(most_at_once=1, slow=0.03), tmp_path) as visitor:
        assert visitor.run("faces", "--count", "--", BIG).out == "2500\n"
        refused = [visit for visit in visitor.service.visits if visit.code]
        assert len(refused) <= 4, "only the first round goes three abreast"
        visitor.service.visits.clear()
        assert len(visitor.rows("faces", "--all", "--", BIG)) == 2500
        assert not any(visit.code for visit in visitor.service.visits)


BROWSED = {
    "wide": (120, 36, Variant(cap=100)),
    "narrow": (80, 50, Variant(close=True, odd_json=True, next="text", last_next="null")),
}


@pytest.mark.parametrize(("columns", "lines", "variant"), BROWSED.values(), ids=BROWSED)
def test_the_browser_pages_to_the_end_of_2500_and_stops_there(
    columns: int, lines: int, variant: Variant, tmp_path: Path
) -> None:
    with (
        visiting(variant, tmp_path) as visitor,
        Terminal(PROGRAM, columns=columns, lines=lines, env=visitor.pointers) as terminal,
    ):
        service = visitor.service
        tokens = [str(face["face_token"]) for face in service.faces(BIG, 1, 2500)]
        terminal.wait_for("no faces: the library is empty")
        terminal.press("j", "j")
        terminal.wait_for(tokens[0][:6])
        terminal.wait_for("2026-01-29 06:19:01")  # its details, in the pane beside or below
        terminal.press("enter")
        _page_to_the_end(terminal, tokens)
        assert "all 2,500 faces loaded" in terminal.text
        listed = [
            v.fields for v in service.visits if v.fields.get("group_id") == BIG and v.call == "list"
        ]
        # Where a page may be longer, a window comes whole beside the face that joins it.
        windows = ["1", *map(str, range(100, 2501, 100))]
        starts = [fields["start"] for fields in listed]
        assert starts == (needed(100) if variant.cap == 100 else windows)

        terminal.wait_for(tokens[-1])  # the whole token, in the details
        # The details ask for the face on which the cursor has come to rest.
        terminal.wait_for(
            lambda: any(v.fields.get("face_token") == tokens[-1] for v in list(service.visits))
        )
        before = len(service.visits)
        terminal.press("pagedown", "down", "G")
        terminal.wait_quiet()
        assert len(service.visits) == before, "there is nothing more to ask for"

        terminal.press("n")
        terminal.wait_for("New library")
        terminal.press(*"-n%&#@_1", "tab", *"Neu", "enter")
        terminal.wait_for("Library -n%&#@_1 was created.")
        assert service.libraries["-n%&#@_1"]["group_name"] == "Neu"
        terminal.press("q")
        assert terminal.wait_exit() == 0
        terminal.assert_restored()


def _page_to_the_end(terminal: Terminal, tokens: list[str]) -> None:
    """Page down, each time after the rows of the page before have come."""
    shown = 0
    while shown < len(tokens):
        terminal.press("pagedown")
        terminal.wait_for(partial(_further, terminal, tokens, shown))
        shown = _last_row(terminal, tokens)
    terminal.wait_for(f"all {len(tokens):,} faces loaded")


def _further(terminal: Terminal, tokens: list[str], row: int) -> bool:
    return _last_row(terminal, tokens) > row


def _last_row(terminal: Terminal, tokens: list[str]) -> int:
    """The highest position on screen beside its token: a line may be painted by half."""
    found = (re.search(r"[▏▌│] +([\d,]+) .* ([0-9a-f]{8,})", line) for line in terminal.lines)
    rows = [(int(match[1].replace(",", "")), match[2]) for match in found if match]
    return max(
        (row for row, start in rows if "".join(tokens[row - 1 : row]).startswith(start)), default=0
    )
