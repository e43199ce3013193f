"""Verification: a service that fails or lies never proves that a face is not there."""

from __future__ import annotations

from contextlib import AsyncExitStack, aclosing
from typing import TYPE_CHECKING

import pytest

from fs_tui.account.verification import Presence, verify
from fs_tui.api.client import FaceSearchClient
from fs_tui.errors import LibraryNotFoundError
from fs_tui.models import Library
from fs_tui.sandbox.population import Population
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.api.fault_matrix import FAULTS, HASTY, LIBRARY, PATIENT, Fault
from tests.api.staging import Stage, failing

if TYPE_CHECKING:
    from fs_tui.account.verification import Verification
    from fs_tui.api.transport import TransportOptions
    from fs_tui.sandbox.serve import Running

TOKENS = [token for token, *_ in Population()[LIBRARY].rows(1, 300)]
"""All of them are there."""

GONE = "0123456789abcdef0123456789abcdef"
"""A token as the service makes them, of no face."""


async def ask(
    url: str, tokens: list[str], group_id: str = LIBRARY, options: TransportOptions = PATIENT
) -> Verification:
    client = FaceSearchClient(url, DEMO_API_KEY, DEMO_API_SECRET, options=options)
    async with aclosing(client):
        return await verify(client, group_id, tokens)


def states(found: Verification) -> list[Presence]:
    return [answer.state for answer in found.answers]


async def test_each_token_is_asked_once_and_said_to_be_there_or_not(sandbox: Running) -> None:
    asked = sandbox.service.served["face_info"]
    found = await ask(sandbox.url, [TOKENS[7], f"  {GONE} ", "", TOKENS[200], TOKENS[7]])
    assert [answer.face_token for answer in found.answers] == [TOKENS[7], GONE, TOKENS[200]]
    assert states(found) == [Presence.THERE, Presence.NOT_THERE, Presence.THERE]
    assert found.repeated == 1
    assert all(answer.request_id and answer.asked_at for answer in found.answers)
    assert [answer.state for answer in found.known] == [Presence.THERE] * 2
    assert found.started <= found.answers[0].asked_at <= found.ended  # type: ignore[operator] # it was asked
    assert sandbox.service.served["face_info"] - asked == 3 + 2
    assert not found.doubt


@pytest.mark.parametrize(
    "token", ["user_01", GONE.upper(), GONE[:-1], f"{GONE}0", GONE.replace("a", "z"), "签"]
)
async def test_a_token_of_another_form_is_not_known_to_be_gone(
    sandbox: Running, token: str
) -> None:
    found = await ask(sandbox.url, [token, GONE])
    assert states(found) == [Presence.NOT_KNOWN, Presence.NOT_THERE]
    assert "does not look like" in found.answers[0].error


async def test_a_service_that_denies_every_face_proves_nothing(sandbox: Running) -> None:
    sandbox.faults.fail("error", "face_info", code="INVALID_FACE_TOKEN", times=None)
    found = await ask(sandbox.url, [GONE, TOKENS[3]])
    assert states(found) == [Presence.NOT_KNOWN] * 2
    assert "its own list shows" in found.doubt


async def test_a_service_that_begins_to_deny_every_face_amid_the_run_proves_nothing(
    sandbox: Running,
) -> None:
    tokens = [TOKENS[3], *(f"{number:032x}" for number in range(5))]
    client = FaceSearchClient(sandbox.url, DEMO_API_KEY, DEMO_API_SECRET, options=PATIENT)

    def deny(done: int) -> None:
        if done == 1:
            sandbox.faults.fail("error", "face_info", code="INVALID_FACE_TOKEN", times=None)

    async with aclosing(client):
        found = await verify(client, LIBRARY, tokens, progress=deny)
    assert states(found) == [Presence.THERE, *[Presence.NOT_KNOWN] * 5]


async def test_without_a_list_nothing_is_known_to_be_gone(sandbox: Running) -> None:
    sandbox.faults.fail("error", "list", code="AUTHORIZATION_ERROR:DENIED", times=None)
    found = await ask(sandbox.url, [GONE, TOKENS[3]])
    assert states(found) == [Presence.NOT_KNOWN, Presence.THERE]


async def test_a_library_that_is_not_there_is_not_asked_about_each_token(sandbox: Running) -> None:
    asked = sandbox.service.served["face_info"]
    found = await ask(sandbox.url, [GONE, *TOKENS[:50]], "no_such_library")
    assert states(found) == [Presence.NOT_KNOWN] * 51
    assert isinstance(found.answers[0].failure, LibraryNotFoundError)
    assert sandbox.service.served["face_info"] - asked <= 2


async def test_an_empty_library_has_no_face(sandbox: Running) -> None:
    sandbox.service.population = Population()
    sandbox.service.population.add(Library("nobody", "Nobody"))
    found = await ask(sandbox.url, [GONE], "nobody")
    assert states(found) == [Presence.NOT_THERE]
    assert found.known == ()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
async def test_no_fault_proves_an_absence(sandbox: Running, fault: Fault) -> None:
    async with AsyncExitStack() as exits:
        stage = Stage(sandbox, "face_info", sandbox.url, fault.options, exits)
        await fault.begin(stage)
        found = await ask(stage.url, [TOKENS[3], GONE], options=stage.options)
        there, gone = states(found)
        assert there is not Presence.NOT_THERE
        if fault.reads is not None and fault.name != "duplicated tokens":
            assert gone is Presence.NOT_KNOWN
        sandbox.faults.clear()
        if fault.end is not None:
            await fault.end(stage)


async def test_a_network_that_is_gone_is_not_asked_for_every_token(sandbox: Running) -> None:
    await failing("drop")(Stage(sandbox, "face_info", sandbox.url, HASTY, AsyncExitStack()))
    asked = sandbox.service.served["face_info"]
    found = await ask(sandbox.url, TOKENS)
    assert states(found) == [Presence.NOT_KNOWN] * len(TOKENS)
    assert sandbox.service.served["face_info"] - asked < 100
    assert found.answers[-1].error.startswith("not asked")
