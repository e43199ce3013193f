"""`verify`: states, exit statuses, what goes into the ticket, and no data in arguments."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CLINIC, Population

if TYPE_CHECKING:
    from tests.e2e.commands import Commands, Ran

TOKENS = [token for token, *_ in Population()[CLINIC].rows(1, 20)]
GONE = [f"{number:032x}" for number in range(3)]


def verify(commands: Commands, *args: str, stdin: str = "") -> tuple[Ran, list[str]]:
    """Run it; what came of it, and the state of each token."""
    ran = commands.run("verify", CLINIC, *args, "--jsonl", stdin=stdin)
    return ran, [json.loads(line)["state"] for line in ran.out.splitlines()]


def test_all_are_as_asked_for(commands: Commands) -> None:
    ran, states = verify(commands, "--present", "--from", "-", stdin="\n".join(TOKENS))
    assert (ran.status, states) == (0, ["there"] * 20)
    ran, states = verify(commands, "--absent", *GONE)
    assert (ran.status, states) == (0, ["not there"] * 3)
    assert f"3 of 3 not there in {CLINIC}" in ran.err
    assert "UTC" in ran.err
    assert "exports and other copies are not covered" in ran.err


def test_another_state_than_asked_for_is_no(commands: Commands) -> None:
    ran, states = verify(commands, "--absent", GONE[0], TOKENS[3])
    assert (ran.status, states) == (5, ["not there", "there"])
    ran, _ = verify(commands, "--present", GONE[0], TOKENS[3])
    assert ran.status == 5


def test_what_is_not_known_goes_before_what_is_not_as_asked_for(commands: Commands) -> None:
    ran, states = verify(commands, "--absent", "no token at all", TOKENS[3])
    assert (ran.status, states) == (3, ["not known", "there"])


@pytest.mark.parametrize(
    ("code", "status"), [("AUTHORIZATION_ERROR:DENIED", 1), ("INTERNAL_ERROR", 3)]
)
def test_a_refusal_is_known_from_a_fault_that_may_pass(
    commands: Commands, code: str, status: int
) -> None:
    commands.faults.fail("error", "face_info", code=code, times=None)
    ran, states = verify(commands, "--absent", *GONE)
    assert (ran.status, states) == (status, ["not known"] * 3)


def test_each_answer_has_its_request_id_and_time(commands: Commands) -> None:
    ran = commands.run("verify", CLINIC, "--present", TOKENS[0], "--json")
    (answer,) = json.loads(ran.out)
    assert answer["face_token"] == TOKENS[0]
    assert answer["request_id"]
    assert answer["asked_at"].endswith("Z")


def test_tokens_come_from_a_table_of_a_file(commands: Commands) -> None:
    rows = "\r\n".join(f'"{token}",x' for token in TOKENS)
    (commands.folder / "erased.csv").write_text(f"\ufeffface_token,note\r\n{rows}\r\n")
    ran, states = verify(commands, "--present", "--from", "erased.csv")
    assert (ran.status, states) == (0, ["there"] * 20)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--absent", "--from", "-"], "no token in standard input"),
        (["--absent"], "no token on the command line"),
        ([GONE[0]], "Neither --absent nor --present"),
        (["--absent", "--present", TOKENS[0]], "--absent and --present cannot be combined"),
        (["--present", "--absent", GONE[0]], "--absent and --present cannot be combined"),
        (["--absent", GONE[0], "--from", "-"], "cannot be combined"),
        (["--absent", "--from", "missing.txt"], "missing.txt cannot be read"),
    ],
)
def test_wrong_use_is_said_and_nothing_is_asked(
    commands: Commands, args: list[str], said: str
) -> None:
    asked = commands.sandbox.service.served["face_info"]
    ran, _ = verify(commands, *args)
    assert ran.status == 2
    assert said in ran.err
    assert commands.sandbox.service.served["face_info"] == asked
