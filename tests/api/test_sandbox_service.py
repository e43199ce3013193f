"""The sandbox as a strict service: forms, signs, arguments, errors and the five answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx
import pytest

from fs_tui.models import FACE_FIELDS
from fs_tui.sandbox import signature
from fs_tui.sandbox.population import CAMPUS, CITY, CLINIC, EMPTY, LOBBY, PILOT, TRIO, Population
from fs_tui.sandbox.service import DEMO_API_KEY, Service, build_app
from tests.api.sandbox_caller import Caller, make_sign, parts, signed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

GOLDEN = [
    (
        "ICVvC_xUs6177WEtyUNwIH8J6NfGu50t",
        "UjYGdN9CBZKsDBLB5-5v3DykPXY6dw3q",
        1530762218,
        (
            "SPzLRbDBgTGC2A8YdDaa7Jrny+5hPUlDVnZDX3hVczYxNzdXRXR5VU53SUg4SjZOZkd1NTB0JmI9MTUzMDc2MjIxO"
            "CZjPTE1MzA3NjIxMTgmZD0wNzk5Njg3MDY2"
        ),
    ),
    (
        "test_api_key",
        "test_api_secret",
        1772532911,
        (
            "7MkGVCkSH3qeHu4lSrntU28JwPVhPXRlc3RfYXBpX2tleSZiPTE3NzI1MzI5MTEmYz0xNzcyNTMyODExJmQ9MTIzN"
            "DU2Nzg5MA=="
        ),
    ),
    (
        "test_api_key",
        "test_api_secret",
        1772532911,
        "xxzgDHcd+feG0JBCOm9cLiyJEx5hPXRlc3RfYXBpX2tleSZiPTE3NzI1MzI5MTEmYz0xNzcyNTMyODExJmQ9NDI=",
    ),
]


@pytest.fixture
def app() -> Service:
    return build_app()


@pytest.fixture
async def caller(app: Service) -> AsyncIterator[Caller]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield Caller(client)


# --- the sign -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "secret", "expire", "sign"), GOLDEN)
def test_the_golden_vectors_are_good_until_they_expire(
    key: str, secret: str, expire: int, sign: str
) -> None:
    def refusal(now: float) -> str | None:
        return signature.refusal(sign, api_key=key, api_secret=secret, now=now)

    assert refusal(expire - 1) is None
    assert refusal(expire) == "AUTHORIZATION_ERROR:EXPIRED_SIGN"


INVALID = (403, "AUTHORIZATION_ERROR:INVALID_SIGN")
EXPIRED = (403, "AUTHORIZATION_ERROR:EXPIRED_SIGN")
UNKNOWN = (401, "AUTHENTICATION_ERROR")

# Each is made by the test from its own now: a suite that runs for minutes outlives a sign.
BROKEN_SIGNS: dict[str, tuple[Callable[[int], str], tuple[int, str]]] = {
    "key": (lambda _: make_sign(key="another"), UNKNOWN),
    "secret": (lambda _: make_sign(secret="another"), INVALID),
    "expired": (lambda now: make_sign(expire=now - 1, issued=now - 101), EXPIRED),
    "no lifetime": (lambda now: make_sign(expire=now, issued=now), INVALID),
    "issued later": (lambda now: make_sign(expire=now, issued=now + 50), INVALID),
    "single use": (lambda _: make_sign(expire=0), INVALID),
    "a day and more": (lambda now: make_sign(expire=now + 90_000), INVALID),
    "eleven digits": (lambda _: make_sign(random="12345678901"), INVALID),
    "negative": (lambda _: make_sign(random="-1"), INVALID),
    "no random": (lambda _: make_sign(random=""), INVALID),
    "newline": (lambda _: make_sign() + "\n", INVALID),
    "cut": (lambda _: make_sign().rstrip("=")[:-1], INVALID),
    "empty": (lambda _: "", INVALID),
    "no base64": (lambda _: "签", INVALID),
}


@pytest.mark.parametrize("broken", BROKEN_SIGNS)
async def test_a_sign_that_breaks_a_rule_is_refused(caller: Caller, broken: str) -> None:
    make, refusal = BROKEN_SIGNS[broken]
    answer = await caller.post(
        "group_list", files=parts({"sign": make(int(time.time())), "sign_version": "hmac_sha1"})
    )
    assert (answer.status_code, answer.json()["error"]) == refusal
    assert "group_infos" not in answer.json()


async def test_a_sign_of_ten_digits_with_a_leading_zero_is_good(caller: Caller) -> None:
    sign = make_sign(random="0799687066")
    fields = parts({"sign": sign, "sign_version": "hmac_sha1"})
    assert (await caller.post("group_list", files=fields)).status_code == 200


# --- the form -------------------------------------------------------------------------------------


async def test_only_a_multipart_form_is_read(caller: Caller) -> None:
    fields = {"sign": make_sign(), "sign_version": "hmac_sha1"}
    for options in ({"data": fields}, {"json": fields}, {"params": fields}, {"content": b""}):
        answer = await caller.post("group_list", **options)
        assert (answer.status_code, answer.json()["error"]) == (400, "MISSING_ARGUMENTS: sign")


async def test_a_part_with_a_filename_is_no_parameter(caller: Caller) -> None:
    fields = signed() | {"group_id": ("group_id.txt", CLINIC)}
    answer = await caller.post("group_info", files=fields)
    assert answer.json()["error"] == "MISSING_ARGUMENTS: group_id"


async def test_parts_come_in_any_order(caller: Caller) -> None:
    fields = {"group_id": CLINIC, "sign_version": "hmac_sha1", "sign": make_sign()}
    assert (await caller.post("group_info", files=parts(fields))).status_code == 200


async def test_a_parameter_that_comes_twice_is_refused(caller: Caller) -> None:
    fields = [*signed(group_id=CLINIC).items(), ("group_id", (None, TRIO))]
    answer = await caller.post("group_info", files=fields)
    assert answer.json()["error"] == "BAD_ARGUMENTS: group_id"


async def test_a_broken_form_misses_its_sign(caller: Caller) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = await caller.post("group_list", content=b"--y\r\nbroken", headers=headers)
    assert answer.json()["error"] == "MISSING_ARGUMENTS: sign"


@pytest.mark.parametrize("missing", ["sign", "sign_version"])
async def test_what_every_call_needs_is_named_when_missing(caller: Caller, missing: str) -> None:
    fields = {"sign": make_sign(), "sign_version": "hmac_sha1"}
    del fields[missing]
    answer = await caller.post("group_list", files=parts(fields))
    assert (answer.status_code, answer.json()["error"]) == (400, f"MISSING_ARGUMENTS: {missing}")


async def test_another_sign_version_is_refused(caller: Caller) -> None:
    fields = parts({"sign": make_sign(), "sign_version": "hmac_sha256"})
    answer = await caller.post("group_list", files=fields)
    assert answer.json()["error"] == "BAD_ARGUMENTS: sign_version"


async def test_a_request_that_is_too_large_is_refused_in_plain_text(caller: Caller) -> None:
    answer = await caller.answer("group_info", group_id="x" * 2_000_000)
    assert (answer.status_code, answer.text) == (413, "Request Entity Too Large")


async def test_other_paths_and_methods_are_not_found(app: Service) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for method, path in [
            ("GET", "/finauth/search/group/group_list"),
            ("POST", "/finauth/search/group/delete"),
            ("POST", "/group_list"),
            ("POST", "group_list"),
            ("POST", "/"),
        ]:
            answer = await client.request(method, path)
            assert answer.status_code == 404
            assert answer.json()["error"] == "API_NOT_FOUND"
            assert "time_used" not in answer.json()


# --- reading --------------------------------------------------------------------------------------


async def test_the_libraries_have_every_size(caller: Caller, app: Service) -> None:
    listed = (await caller.content("group_list"))["group_infos"]
    assert {
        library["group_id"]: len(app.population[library["group_id"]]) for library in listed
    } == {
        CLINIC: 2_500,
        EMPTY: 0,
        TRIO: 3,
        PILOT: 100,
        CAMPUS: 250_000,
        CITY: 4_987_654,
        LOBBY: 720,
    }
    assert [*listed[0]] == ["group_id", "group_name", "group_data", "model_version", "add_time"]
    assert all(library["add_time"].endswith("+08:00") for library in listed)


async def test_every_answer_has_request_id_time_used_and_date(caller: Caller) -> None:
    answer = await caller.answer("group_list")
    content = answer.json()
    epoch, comma, unique = content["request_id"].partition(",")
    assert epoch.isdigit()
    assert comma
    assert len(unique) == 36
    assert isinstance(content["time_used"], int)
    assert answer.headers["date"].endswith("GMT")


@pytest.mark.parametrize("group_id", [CLINIC, EMPTY, TRIO, PILOT, CAMPUS, CITY])
async def test_ids_of_every_kind_are_found(caller: Caller, group_id: str) -> None:
    assert (await caller.content("group_info", group_id=group_id))["info"]["group_id"] == group_id


async def test_an_unknown_library_has_another_code_at_each_call(caller: Caller) -> None:
    assert await caller.error("group_info", group_id="no") == (400, "INVALID_OUTER_ID")
    assert await caller.error("list", group_id="no") == (400, "INVALID_GROUP_ID")
    token = {"face_token": "0" * 32}
    assert await caller.error("face_info", group_id="no", **token) == (400, "INVALID_GROUP_ID")


async def test_one_hundred_rows_from_the_first_by_default(caller: Caller) -> None:
    content = await caller.content("list", group_id=CLINIC)
    assert len(content["face_tokens"]) == 100
    assert content["next"] == 101
    assert [*content["face_tokens"][0]] == [field.name for field in FACE_FIELDS]
    first = await caller.content("list", group_id=CLINIC, start="1", limit="1")
    assert first["face_tokens"] == content["face_tokens"][:1]


async def test_a_walk_ends_where_the_library_ends(caller: Caller) -> None:
    tokens, start = [], 1
    while True:
        content = await caller.content("list", group_id=CLINIC, start=str(start), limit="1000")
        tokens += [face["face_token"] for face in content["face_tokens"]]
        if "next" not in content:
            break
        assert content["next"] == start + 1000
        start = content["next"]
    assert len(tokens) == len(set(tokens)) == 2_500


async def test_an_empty_library_and_a_start_behind_the_end_have_no_rows(caller: Caller) -> None:
    for group_id, start in ((EMPTY, "1"), (TRIO, "4"), (CITY, "4987655"), (CITY, "9" * 18)):
        content = await caller.content("list", group_id=group_id, start=start)
        assert content["face_tokens"] == []
        assert "next" not in content


@pytest.mark.parametrize("name", ["start", "limit"])
@pytest.mark.parametrize("value", ["0", "-1", "1.0", "ten", "", " 1", "٣", "1e3", "9" * 30])
async def test_a_position_that_is_no_positive_integer_is_refused(
    caller: Caller, name: str, value: str
) -> None:
    error = await caller.error("list", group_id=TRIO, **{name: value})
    assert error == (400, f"BAD_ARGUMENTS: {name}")


async def test_a_limit_above_1000_is_refused(caller: Caller) -> None:
    assert (await caller.answer("list", group_id=CITY, limit="1000")).status_code == 200
    assert (await caller.error("list", group_id=CITY, limit="1001"))[1] == "BAD_ARGUMENTS: limit"


async def test_a_face_is_found_by_its_token(caller: Caller) -> None:
    listed = await caller.content("list", group_id=CITY, start="4987654")
    (last,) = listed["face_tokens"]
    found = await caller.content("face_info", group_id=CITY, face_token=last["face_token"])
    assert found["info"] == last


async def test_a_token_of_another_library_is_not_found(caller: Caller, app: Service) -> None:
    token = app.population[CLINIC].rows(1, 1)[0][0]
    for wrong in (token.upper(), token[:-1], "0" * 32, "x" * 32, ""):
        error = await caller.error("face_info", group_id=CLINIC, face_token=wrong)
        assert error == (400, "INVALID_FACE_TOKEN")
    error = await caller.error("face_info", group_id=CITY, face_token=token)
    assert error == (400, "INVALID_FACE_TOKEN")


@pytest.mark.parametrize(
    ("call", "missing"),
    [
        ("group_info", "group_id"),
        ("list", "group_id"),
        ("face_info", "face_token"),
        ("create", "group_name"),
    ],
)
async def test_a_missing_argument_is_named(caller: Caller, call: str, missing: str) -> None:
    fields = {} if missing == "group_id" else {"group_id": CLINIC}
    assert await caller.error(call, **fields) == (400, f"MISSING_ARGUMENTS: {missing}")


# --- creating -------------------------------------------------------------------------------------


async def test_create_answers_flat_and_without_a_time(caller: Caller) -> None:
    group_id = "A-%@#&_9"
    content = await caller.content("create", group_id=group_id, group_name="新 one")
    assert content.keys() - {"request_id", "time_used"} == {
        "group_id",
        "group_name",
        "group_data",
        "model_version",
    }
    assert content["model_version"] == "s21"
    info = (await caller.content("group_info", group_id=group_id))["info"]
    assert info["group_name"] == "新 one"
    assert info["add_time"].endswith("+08:00")
    assert (await caller.content("list", group_id=group_id))["face_tokens"] == []
    listed = (await caller.content("group_list"))["group_infos"]
    assert listed[-1] == info


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("group_id", "x" * 48, "x" * 49),
        ("group_id", "a-%@#&_Z9", "a b"),
        ("group_id", "a", "a.b"),
        ("group_id", "a", ""),
        ("group_id", "a", "é"),
        ("group_id", "a", "a\n"),
        ("group_name", "名" * 60, "名" * 61),
        ("group_name", "x", ""),
        ("group_data", "数" * 128, "数" * 129),
        ("group_data", "", "x" * 129),
        ("model_version", "s22 beta", ""),
    ],
)
async def test_create_checks_each_field(caller: Caller, field: str, good: str, bad: str) -> None:
    fields = {"group_id": "new", "group_name": "New"}
    error = await caller.error("create", **fields | {field: bad})
    assert error == (400, f"BAD_ARGUMENTS: {field}")
    assert (await caller.content("create", **fields | {field: good}))[field] == good


async def test_an_id_is_created_once(caller: Caller) -> None:
    error = await caller.error("create", group_id=CLINIC, group_name="Again")
    assert error == (400, "GROUP_EXIST")


async def test_an_account_has_ten_libraries_at_most(caller: Caller) -> None:
    for number in range(3):
        assert "error" not in await caller.content("create", group_id=f"n{number}", group_name="N")
    assert await caller.error("create", group_id="n9", group_name="N") == (400, "GROUP_EXCEEDED")
    assert await caller.error("create", group_id="n1", group_name="N") == (400, "GROUP_EXIST")


# --- for tests ------------------------------------------------------------------------------------


async def test_what_was_received_can_be_looked_at(caller: Caller, app: Service) -> None:
    await caller.content("list", group_id=CLINIC, start="7")
    assert app.served == {"list": 1}
    assert app.received[-1].fields["start"] == "7"
    assert DEMO_API_KEY not in repr(app.received[-1])
    assert (app.under_way, app.peak) == (0, 1)


async def test_any_population_can_be_served() -> None:
    app = build_app(Population({"mine": 7}), clock=lambda: 0.0)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        content = await Caller(client).content("list", group_id="mine")
        answer = await Caller(client).answer("group_list")
    assert len(content["face_tokens"]) == 7
    assert answer.headers["date"] == "Thu, 01 Jan 1970 00:00:00 GMT"
