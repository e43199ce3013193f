"""The sandbox's misbehaviour inside the process: each option does what its description says."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from fs_tui.errors import UsageError
from fs_tui.sandbox.answers import Answer
from fs_tui.sandbox.changes import CHANGES
from fs_tui.sandbox.faces import NewFace
from fs_tui.sandbox.failures import KINDS, Failure
from fs_tui.sandbox.faults import FaultOptions, Faults
from fs_tui.sandbox.options import apply, describe, help_lines, parse_faults
from fs_tui.sandbox.population import CITY, CLINIC, TRIO
from fs_tui.sandbox.service import Service, build_app
from tests.api.sandbox_caller import Caller, make_sign, parts
from tests.waiting import until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
def app() -> Service:
    return build_app()


@pytest.fixture
def faults(app: Service) -> Faults:
    return app.faults


@pytest.fixture
async def caller(app: Service) -> AsyncIterator[Caller]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Caller(client)


# --- paging ---------------------------------------------------------------------------------------


async def test_a_cap_holds_whatever_limit_says(caller: Caller, faults: Faults) -> None:
    faults.page_cap = 100
    content = await caller.content("list", group_id=CITY, limit="1000")
    assert (len(content["face_tokens"]), content["next"]) == (100, 101)
    assert len((await caller.content("list", group_id=CITY, limit="7"))["face_tokens"]) == 7


async def test_a_start_above_the_bound_is_refused(caller: Caller, faults: Faults) -> None:
    faults.max_start = 1000
    assert (await caller.answer("list", group_id=CITY, start="1000")).status_code == 200
    error = await caller.error("list", group_id=CITY, start="1001")
    assert error == (400, "BAD_ARGUMENTS: start")


@pytest.mark.parametrize(
    ("form", "expected"),
    [("number", 201), ("string", "201"), ("absent", None), ("stuck", 101), ("backward", 1)],
)
async def test_next_comes_in_five_forms(
    caller: Caller, faults: Faults, form: Any, expected: object
) -> None:
    faults.next = form
    assert (await caller.content("list", group_id=CLINIC, start="101")).get("next") == expected


@pytest.mark.parametrize(
    ("form", "kind"), [("number", int), ("string", str), ("iso", str), ("null", type(None))]
)
async def test_a_face_has_its_time_in_four_forms(
    caller: Caller, faults: Faults, form: Any, kind: type
) -> None:
    faults.add_time = form
    (face, *_) = (await caller.content("list", group_id=TRIO))["face_tokens"]
    assert isinstance(face["add_time"], kind)
    assert form != "iso" or "T" in str(face["add_time"])
    token = face["face_token"]
    assert (await caller.content("face_info", group_id=TRIO, face_token=token))["info"] == face


async def test_a_time_that_no_calendar_has_is_told_all_the_same(
    caller: Caller, faults: Faults, app: Service
) -> None:
    times = (-62_135_596_800_000, 253_402_300_799_999, 10**18, None)
    app.population[TRIO].add([NewFace(added_ms=time) for time in times])
    faults.add_time = "iso"
    listed = (await caller.content("list", group_id=TRIO))["face_tokens"][3:]
    said = [face["add_time"] for face in listed]
    assert said == ["0001-01-01T08:00:00.000+08:00", "253402300799999", "1" + "0" * 18, None]


async def test_overlap_shows_a_token_at_two_positions(caller: Caller, faults: Faults) -> None:
    faults.overlap = True
    first = await caller.content("list", group_id=CLINIC)
    second = await caller.content("list", group_id=CLINIC, start="101")
    assert second["face_tokens"][0] == first["face_tokens"][-1]
    assert len(second["face_tokens"]) == 100


async def test_a_library_grows_and_shrinks_between_pages(
    caller: Caller, faults: Faults, app: Service
) -> None:
    faults.growth, faults.deletion = 5, 2
    first = await caller.content("list", group_id=TRIO)
    assert len(app.population[TRIO]) == 6
    second = await caller.content("list", group_id=TRIO)
    assert second["face_tokens"][0] == first["face_tokens"][2]


async def test_start_can_be_ignored(caller: Caller, faults: Faults) -> None:
    first = await caller.content("list", group_id=CLINIC)
    faults.ignore_start = True
    second = await caller.content("list", group_id=CLINIC, start="101")
    assert second["face_tokens"] == first["face_tokens"]


async def test_a_face_comes_late_and_is_as_old_as_the_last_one(
    caller: Caller, faults: Faults
) -> None:
    faults.insertion = 1
    first = (await caller.content("list", group_id=TRIO))["face_tokens"]
    second = (await caller.content("list", group_id=TRIO))["face_tokens"]
    assert [*second[:2], second[3]] == first
    assert second[2]["add_time"] == first[2]["add_time"]


# --- errors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "codes"),
    [
        ("documented", ["BAD_ARGUMENTS: start", "BAD_ARGUMENTS: start"]),
        ("spaced", ["BAD_ARGUMENTS: start", "BAD_ARGUMENTS: start"]),
        ("tight", ["BAD_ARGUMENTS:start", "BAD_ARGUMENTS:start"]),
        ("alternating", ["BAD_ARGUMENTS: start", "BAD_ARGUMENTS:start"]),
    ],
)
async def test_the_space_after_the_colon_comes_and_goes(
    caller: Caller, faults: Faults, form: Any, codes: list[str]
) -> None:
    faults.colon = form
    got = [(await caller.error("list", group_id=CITY, start="0"))[1] for _ in codes]
    assert got == codes


async def test_an_error_may_come_alone_and_under_its_older_name(
    caller: Caller, faults: Faults
) -> None:
    faults.lean_errors, faults.error_key = True, "error_message"
    assert await caller.content("list", group_id="no") == {"error_message": "INVALID_GROUP_ID"}
    assert "request_id" in await caller.content("group_list")


async def test_a_failure_is_for_one_call_and_for_so_many_times(
    caller: Caller, faults: Faults
) -> None:
    faults.fail("error", "list", times=2, after=1, code="INTERNAL_ERROR")
    got = [(await caller.answer("list", group_id=TRIO)).status_code for _ in range(4)]
    assert got == [200, 500, 500, 200]
    faults.fail("error", "list", times=None)
    assert (await caller.answer("group_list")).status_code == 200
    assert (await caller.answer("list", group_id=TRIO)).status_code == 500
    faults.clear()
    assert (await caller.answer("list", group_id=TRIO)).status_code == 200


async def test_an_error_has_the_status_and_the_wait_it_is_given(
    caller: Caller, faults: Faults
) -> None:
    faults.fail("error", code="CONCURRENCY_LIMIT_EXCEEDED", status=429, retry_after=3)
    answer = await caller.answer("group_list")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")
    faults.fail("error", code="AUTHORIZATION_ERROR:DENIED")
    assert await caller.error("group_list") == (403, "AUTHORIZATION_ERROR:DENIED")
    faults.fail("html", status=502)
    assert (await caller.answer("group_list")).status_code == 502


@pytest.mark.parametrize("kind", ["error", "html", "redirect", "too_large"])
@pytest.mark.parametrize("wait", ["0", "-1", "Wed, 21 Oct 2015 07:28:00 GMT", "soon"])
async def test_every_failure_can_name_a_time_to_wait(
    caller: Caller, faults: Faults, kind: str, wait: str
) -> None:
    faults.fail(kind, retry_after=wait)
    assert (await caller.answer("group_list")).headers["retry-after"] == wait
    assert "retry-after" not in (await caller.answer("group_list")).headers


@pytest.mark.parametrize("location", ["//evil", "https://xn--/", "/elsewhere", "https://[::"])
def test_a_redirect_leads_anywhere(location: str) -> None:
    failure = Failure("redirect", text=location, status=307)
    answer = failure.effect.spoils(failure, Answer(200, b"{}", {}))
    assert (answer.status, answer.headers, answer.body) == (307, {"location": location}, b"")


async def test_a_body_is_answered_as_it_was_given(caller: Caller, faults: Faults) -> None:
    faults.fail("body", text='{"x":"\ud800"}', status=503)
    answer = await caller.answer("create", group_id="new", group_name="New")
    assert (answer.status_code, answer.content) == (503, b'{"x":"\xed\xa0\x80"}')


async def test_a_deep_answer_with_half_a_pair_has_its_containers(
    caller: Caller, faults: Faults
) -> None:
    faults.fail("deep_surrogate")
    body = (await caller.answer("list", group_id=TRIO)).content
    assert body.startswith(b'{"x":"\\ud800"')
    assert b"[" * 600 in body
    assert b"face_tokens" in body


async def test_a_compressed_answer_swells(caller: Caller, faults: Faults) -> None:
    faults.fail("compressed_oversize")
    answer = await caller.answer("group_list")
    assert int(answer.headers["content-length"]) < 100_000
    assert len(answer.content) > 32 << 20


async def test_random_documents_are_of_many_shapes_and_repeated_with_their_seed(
    caller: Caller, faults: Faults
) -> None:
    async def bodies() -> list[bytes]:
        faults.reseed(5)
        faults.failures.clear()
        faults.fail("random_document", times=None)
        return [(await caller.answer("face_info", **fields)).content for _ in range(300)]

    fields = {"group_id": TRIO, "face_token": "0" * 32}
    first = await bodies()
    again = await bodies()
    assert sum(a == b for a, b in zip(first, again, strict=True)) > 100, "only ids and times differ"
    assert len(set(first)) > 200
    documents = [read(body) for body in first]
    assert 10 < documents.count(None) < 200
    assert sum(isinstance(document, dict) for document in documents) > 50


def read(body: bytes) -> object:
    """A document as JSON; None when it is not JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


async def test_a_failed_create_creates_nothing(
    caller: Caller, faults: Faults, app: Service
) -> None:
    for kind in ("error", "error_in_200", "unknown_code", "html", "redirect", "too_large"):
        faults.fail(kind)
        await caller.answer("create", group_id="new", group_name="New")
        assert "new" not in app.population


async def test_a_lost_answer_has_created_the_library(
    caller: Caller, faults: Faults, app: Service
) -> None:
    for kind in ("drop", "reset", "lost_answer"):
        faults.fail(kind, "create")
        with pytest.raises(ConnectionResetError):
            await caller.answer("create", group_id="new", group_name="New")
        assert ("new" in app.population) is (kind == "lost_answer")


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("error_in_200", 200, b'"error": "INTERNAL_ERROR"'),
        ("unknown_code", 418, b"TEAPOT_EMPTY"),
        ("html", 200, b"<!DOCTYPE html>"),
        ("empty", 200, b""),
        ("non_object", 200, b"[]"),
        ("no_container", 200, b'{"request_id"'),
        ("redirect", 302, b""),
        ("deep", 200, b"[[[[[[[["),
        ("bad_utf8", 200, b"\xff\xfe"),
        ("too_large", 413, b"Request Entity Too Large"),
    ],
)
async def test_an_answer_can_be_nonsense(
    caller: Caller, faults: Faults, kind: Any, status: int, body: bytes
) -> None:
    for call, fields in (
        ("group_list", {}),
        ("group_info", {"group_id": TRIO}),
        ("list", {"group_id": TRIO}),
        ("create", {"group_id": "new", "group_name": "New"}),
    ):
        faults.fail(kind)
        answer = await caller.answer(call, **fields)
        assert answer.status_code == status
        assert body in answer.content
        for container in (b"group_infos", b'"info"', b"face_tokens", b"group_id"):
            assert kind != "no_container" or container not in answer.content


async def test_an_oversize_answer_is_larger_than_32_mebibytes(
    caller: Caller, faults: Faults
) -> None:
    faults.fail("oversize")
    answer = await caller.answer("group_list")
    assert len(answer.content) > 32 << 20
    assert "content-length" not in answer.headers


@pytest.mark.parametrize("kind", ["hang", "hang_amid"])
async def test_a_call_can_hang_for_ever(caller: Caller, faults: Faults, kind: Any) -> None:
    faults.fail(kind)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await caller.answer("group_list")
    assert (await caller.answer("group_list")).status_code == 200


async def test_a_held_call_answers_when_it_is_released(
    caller: Caller, faults: Faults, app: Service
) -> None:
    faults.fail("hold", "list")
    held = asyncio.create_task(caller.answer("list", group_id=TRIO))
    await until(lambda: faults.held)
    assert (await caller.answer("group_list")).status_code == 200
    assert not held.done()
    faults.release()
    assert (await held).status_code == 200
    assert (faults.held, app.peak) == (0, 2)


async def test_a_held_call_that_is_given_up_leaves_no_gate(caller: Caller, faults: Faults) -> None:
    faults.fail("hold")
    held = asyncio.create_task(caller.answer("group_list"))
    await until(lambda: faults.held)
    held.cancel()
    with pytest.raises(asyncio.CancelledError):
        await held
    assert faults.held == 0
    faults.release()


# --- limits, clock, latency -----------------------------------------------------------------------


async def test_more_calls_at_once_than_allowed_are_refused(caller: Caller, faults: Faults) -> None:
    faults.concurrency = 1
    faults.fail("hold")
    held = asyncio.create_task(caller.answer("group_list"))
    await until(lambda: faults.held)
    assert await caller.error("group_list") == (403, "CONCURRENCY_LIMIT_EXCEEDED")
    faults.release()
    assert (await held).status_code == 200
    assert (await caller.answer("group_list")).status_code == 200


async def test_a_clock_that_is_ahead_shows_in_date_and_refuses_signs(
    caller: Caller, faults: Faults
) -> None:
    faults.clock_offset = 3600
    answer = await caller.answer("group_list")
    assert answer.json()["error"] == "AUTHORIZATION_ERROR:EXPIRED_SIGN"
    issued = int(time.time()) + 3600
    date = parsedate_to_datetime(answer.headers["date"])
    assert date.timestamp() == pytest.approx(issued, abs=5)
    fields = parts({"sign": make_sign(issued=issued), "sign_version": "hmac_sha1"})
    assert (await caller.post("group_list", files=fields)).status_code == 200


@pytest.mark.parametrize("text", ["", "Fri, 31 Dec 9999 23:59:59 GMT", "yesterday"])
async def test_the_date_is_whatever_is_wanted(caller: Caller, faults: Faults, text: str) -> None:
    faults.date = text
    answer = await caller.answer("group_list")
    assert answer.status_code == 200
    assert answer.headers.get("date", "") == text


async def test_a_clock_at_the_end_of_all_days_is_no_fault_of_ours(
    caller: Caller, faults: Faults
) -> None:
    for offset in (1e18, -1e18):
        faults.clock_offset = offset
        answer = await caller.answer("group_list")
        assert answer.headers["date"].endswith(("9999 00:00:00 GMT", "1970 00:00:00 GMT"))


async def test_more_calls_in_a_second_than_allowed_are_refused(
    caller: Caller, faults: Faults
) -> None:
    faults.calls_per_second = 2
    got = [(await caller.answer("group_list")).status_code for _ in range(4)]
    assert got == [200, 200, 403, 403]


async def test_a_sign_is_refused_the_second_time(caller: Caller, faults: Faults) -> None:
    faults.refuse_replay = True
    fields = parts({"sign": make_sign(), "sign_version": "hmac_sha1"})
    assert (await caller.post("group_list", files=fields)).status_code == 200
    answer = await caller.post("group_list", files=fields)
    assert answer.json()["error"] == "AUTHORIZATION_ERROR:REPLAY_ATTACK"
    assert answer.status_code == 403


async def test_latency_is_added_to_each_call(caller: Caller, faults: Faults) -> None:
    faults.latency = 0.05
    assert (await caller.content("group_list"))["time_used"] >= 50


# --- hostile text ---------------------------------------------------------------------------------


async def test_hostile_text_is_in_each_field_and_ids_remain_usable(
    caller: Caller, faults: Faults
) -> None:
    described = ("group_name", "group_data", "model_version", "add_time")
    names = (*described, "group_id", "face_token", "user_id", "user_data", "request_id", "error")
    nasty = "\x1b[2J[/x]\u202e"
    faults.hostile = dict.fromkeys(names, nasty)
    listed = await caller.content("group_list")
    library = listed["group_infos"][2]
    assert library["group_id"] == TRIO + nasty
    assert {listed["request_id"], *(library[name] for name in described)} == {nasty}
    faces = (await caller.content("list", group_id=library["group_id"]))["face_tokens"]
    assert len({face["face_token"] for face in faces}) == 3
    face = faces[1]
    assert {face["user_id"], face["user_data"], face["add_time"]} == {nasty}
    fields = {"group_id": library["group_id"], "face_token": face["face_token"]}
    assert (await caller.content("face_info", **fields))["info"] == face
    assert await caller.error("list", group_id="no") == (400, nasty)


# --- chance ---------------------------------------------------------------------------------------


def outcomes(faults: Faults) -> list[str]:
    drawn = [faults.draw("list") for _ in range(200)]
    return [failure.kind if failure else "" for failure in drawn]


def test_chance_is_repeated_with_its_seed() -> None:
    first = outcomes(Faults(chaos=0.3, seed=7))
    assert outcomes(Faults(chaos=0.3, seed=7)) == first
    assert outcomes(Faults(chaos=0.3, seed=8)) != first
    assert 30 < sum(map(bool, first)) < 90
    assert "hold" not in first
    assert not any(outcomes(Faults(seed=7)))


def test_a_rate_fails_a_share_of_the_calls() -> None:
    faults = Faults()
    faults.fail("drop", times=None, rate=0.25)
    assert 30 < outcomes(faults).count("drop") < 70


# --- written down ---------------------------------------------------------------------------------


def parsed(*options: str) -> Faults:
    faults = Faults()
    apply(faults, parse_faults(options))
    return faults


def test_options_of_a_command_line_are_read() -> None:
    faults = parsed(
        "page-cap=100",
        "next=absent",
        "latency=0.02",
        "refuse-replay=yes",
        "max_start=none",
        "seed=9",
        "hostile=user_id:a:b",
        "hostile=user_data",
        'chaos_kinds=["drop", "hang"]',
        "fail=error,call=list,times=3,code=AUTHORIZATION_ERROR:DENIED,status=403",
        "fail=hang,times=always,rate=0.5",
        "fail=error,retry_after=Wed, 21 Oct 2015 07:28:00 GMT,status=429",
    )
    assert (faults.page_cap, faults.next, faults.latency) == (100, "absent", 0.02)
    assert (faults.refuse_replay, faults.max_start, faults.seed) == (True, None, 9)
    assert faults.hostile["user_id"] == "a:b"
    assert "\x1b" in faults.hostile["user_data"]
    assert faults.chaos_kinds == ("drop", "hang")
    denied, hang, limit = faults.failures
    assert (denied.call, denied.times, denied.code) == ("list", 3, "AUTHORIZATION_ERROR:DENIED")
    assert (hang.kind, hang.times, hang.rate) == ("hang", None, 0.5)
    assert (limit.retry_after, limit.status) == ("Wed, 21 Oct 2015 07:28:00 GMT", 429)


@pytest.mark.parametrize(
    "option",
    [
        "page_cap=many",
        "next=later",
        "nothing=1",
        "latency",
        "latency=inf",
        "fail=melt",
        "fail=hang,call=delete",
        "fail=hang,when=now",
        "refuse_replay=perhaps",
        "failures=x",
        'chaos_kinds=["melt"]',
    ],
)
def test_a_wrong_option_is_a_usage_error(option: str) -> None:
    with pytest.raises(UsageError):
        parsed(option)


def test_what_is_described_can_be_applied() -> None:
    faults = parsed("page_cap=5", "fail=hang,call=list", "hostile=user_id", "colon=tight")
    other = Faults()
    apply(other, json.loads(json.dumps(describe(faults))))
    assert other == faults


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("page_cap", "100", 100),
        ("max_start", "1000", 1000),
        ("ignore_start", "yes", True),
        ("next", "backward", "backward"),
        ("overlap", "yes", True),
        ("growth", "2", 2),
        ("insertion", "2", 2),
        ("deletion", "2", 2),
        ("add_time", "iso", "iso"),
        ("colon", "tight", "tight"),
        ("lean_errors", "yes", True),
        ("error_key", "error_message", "error_message"),
        ("hostile", "user_id:x", {"user_id": "x"}),
        ("latency", "0.5", 0.5),
        ("concurrency", "1", 1),
        ("calls_per_second", "5", 5),
        ("clock_offset", "-90", -90.0),
        ("date", "tomorrow", "tomorrow"),
        ("refuse_replay", "yes", True),
        ("chaos", "0.1", 0.1),
        ("chaos_kinds", '["drop"]', ("drop",)),
        ("seed", "7", 7),
    ],
)
def test_each_option_is_taken_from_a_command_line_and_from_json(
    name: str, text: str, value: object
) -> None:
    spoken, sent = parsed(f"{name}={text}"), Faults()
    apply(sent, {name: value})
    assert getattr(spoken, name) == getattr(sent, name) == value != getattr(Faults(), name)


def test_no_option_is_left_out_above() -> None:
    (mark,) = test_each_option_is_taken_from_a_command_line_and_from_json.pytestmark  # type: ignore[attr-defined] # pytest sets it
    told = {name for name, _, _ in mark.args[1]}
    assert told == {field.name for field in dataclasses.fields(FaultOptions)} - {"failures"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_taken_from_a_command_line_and_from_json(kind: str) -> None:
    spoken, sent = parsed(f"fail={kind},call=list"), Faults()
    apply(sent, {"failures": [{"kind": kind, "call": "list"}]})
    assert spoken.failures == sent.failures == [Failure(kind, "list")]


def test_nothing_is_changed_when_a_part_is_wrong() -> None:
    faults = Faults()
    with pytest.raises(UsageError):
        apply(faults, {"page_cap": 5, "latency": "slow"})
    assert faults == Faults()


def test_each_option_and_each_kind_is_told() -> None:
    told = [line.split()[0] for line in help_lines()]
    options = [field.name for field in dataclasses.fields(FaultOptions) if field.name != "failures"]
    assert {*options, *KINDS, *CHANGES, "fail", "retry_after"} <= set(told)
