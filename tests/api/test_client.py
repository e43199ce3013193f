"""FaceSearchClient against the sandbox, inside the process and over a real socket."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from fs_tui import errors
from fs_tui.api.client import FaceSearchClient
from fs_tui.api.transport import TransportOptions
from fs_tui.creation import create_library
from fs_tui.models import ClockDrift, LibraryDraft, RequestRecord, RetryWait
from fs_tui.sandbox.serve import background
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET, Service, build_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from fs_tui.gateway import Event

QUICK = TransportOptions(retry_wait=0.01, retry_wait_max=0.05, retry_budget=2.0)

NASTY_ID = "-%@#&_'--"
"""What the documents allow and shells do not; the quote is not allowed, and must arrive as well."""


@asynccontextmanager
async def _client(service: Service, url: str | None = None) -> AsyncIterator[FaceSearchClient]:
    client = FaceSearchClient(
        url or "https://sandbox",
        DEMO_API_KEY,
        DEMO_API_SECRET,
        options=QUICK,
        asgi_app=None if url else service,
    )
    async with aclosing(client):
        yield client


@pytest.fixture(params=["process", "socket"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[tuple[Service, str | None]]:
    """A sandbox, and its address if it has one."""
    if request.param == "process":
        yield build_app(), None
    else:
        with background() as running:
            yield running.service, running.url


@pytest.fixture
async def client(sandbox: tuple[Service, str | None]) -> AsyncIterator[FaceSearchClient]:
    async with _client(*sandbox) as client:
        yield client


@pytest.fixture
def service(sandbox: tuple[Service, str | None]) -> Service:
    return sandbox[0]


def _told(client: FaceSearchClient) -> list[Event]:
    told: list[Event] = []
    client.listen(told.append)
    return told


async def _held(service: Service, count: int) -> None:
    """Wait until so many calls are held by the sandbox, which may be in another thread."""
    async with asyncio.timeout(5):
        while service.faults.held < count:  # noqa: ASYNC110 - another thread cannot set our Event
            await asyncio.sleep(0.001)


async def test_all_five_calls(client: FaceSearchClient, service: Service) -> None:
    libraries = await client.libraries()
    assert libraries == tuple(service.population)
    assert await client.library("clinic_2500") == service.population.library("clinic_2500")
    page = await client.faces("clinic_2500", start=11, limit=3)
    assert (page.start, page.limit, page.next) == (11, 3, 14)
    assert [face.face_token for face in page.faces] == [
        row[0] for row in service.population["clinic_2500"].rows(11, 3)
    ]
    token = page.faces[1].face_token
    assert await client.face("clinic_2500", token) == page.faces[1]
    draft = LibraryDraft("new", "New", "data", "s22")
    made = await client.create(draft)
    assert (made.group_id, made.group_name, made.group_data) == ("new", "New", "data")
    assert made.add_time is None
    assert (await client.library("new")).model_version == "s22"


async def test_omitted_fields_are_not_sent(client: FaceSearchClient, service: Service) -> None:
    await client.create(LibraryDraft("new", "New"))
    assert set(service.received[-1].fields) == {"sign", "sign_version", "group_id", "group_name"}
    assert (await client.library("new")).model_version == "s21"


@pytest.mark.parametrize(
    "text", [NASTY_ID, '"q" \\ %22 + =', "a\r\nb", "库 é \N{GRINNING FACE}", "-", "--x\r\n"]
)
async def test_every_text_arrives_as_it_is(
    client: FaceSearchClient, service: Service, text: str
) -> None:
    with pytest.raises(errors.LibraryNotFoundError):
        await client.library(text)
    assert service.received[-1].fields["group_id"] == text
    with pytest.raises(errors.FaceNotFoundError):
        await client.face("clinic_2500", text)
    assert service.received[-1].fields["face_token"] == text


async def test_bytes_that_are_no_text_are_wrong_use_and_not_sent(client: FaceSearchClient) -> None:
    with pytest.raises(errors.UsageError):
        await client.library("a\udc80")


async def test_wrong_secret_is_an_authentication_or_sign_error(service: Service) -> None:
    wrong = FaceSearchClient("https://sandbox", DEMO_API_KEY, "wrong", asgi_app=service)
    async with aclosing(wrong):
        with pytest.raises((errors.AuthenticationError, errors.AuthorizationError)):
            await wrong.libraries()


async def test_every_attempt_has_its_own_sign(client: FaceSearchClient, service: Service) -> None:
    service.faults.refuse_replay = True
    service.faults.fail("error", code="INTERNAL_ERROR", times=2)
    await client.libraries()
    signs = [received.fields["sign"] for received in service.received]
    assert len(set(signs)) == len(signs) == 3


async def test_the_record_of_an_attempt_says_all_but_the_sign(
    client: FaceSearchClient, service: Service
) -> None:
    told = _told(client)
    page = await client.faces("clinic_2500", limit=2)
    (record,) = told
    assert isinstance(record, RequestRecord)
    assert page.request_id == record.request_id
    assert (record.call, record.group_id, record.attempt) == ("list", "clinic_2500", 1)
    assert (record.http_status, record.code, record.error) == (200, "", "")
    assert record.request_id
    assert record.time_used_ms is not None
    assert record.at.tzinfo is not None
    assert record.bytes_sent > 300
    assert record.bytes_received > 200
    assert record.form == (
        ("sign", "[redacted]"),
        ("sign_version", "hmac_sha1"),
        ("group_id", "clinic_2500"),
        ("start", "1"),
        ("limit", "2"),
    )
    sign = service.received[-1].fields["sign"]
    assert sign not in repr(record)
    assert DEMO_API_KEY not in repr(record)


async def test_waits_are_told_when_they_begin_and_when_they_end(
    client: FaceSearchClient, service: Service
) -> None:
    told = _told(client)
    service.faults.fail("error", code="CONCURRENCY_LIMIT_EXCEEDED", status=403)
    await client.libraries()
    failed, begins, ends, succeeded = told
    assert isinstance(failed, RequestRecord)
    assert failed.code == "CONCURRENCY_LIMIT_EXCEEDED"
    assert failed.error == errors.LimitError.title
    assert isinstance(begins, RetryWait)
    assert begins.seconds > 0
    assert begins.reason == errors.LimitError.title
    assert isinstance(begins.error, errors.LimitError)
    assert begins.error.http_status == 403
    assert ends == RetryWait("group_list", "", 1, 0.0, errors.LimitError.title)
    assert isinstance(succeeded, RequestRecord)
    assert succeeded.attempt == 2


async def test_retries_end_with_the_budget_and_the_last_error(service: Service) -> None:
    options = TransportOptions(retry_wait=0.02, retry_wait_max=0.02, retry_budget=1)
    client = FaceSearchClient(
        "https://sandbox", DEMO_API_KEY, DEMO_API_SECRET, options=options, asgi_app=service
    )
    service.faults.fail("error", code="INTERNAL_ERROR", times=None)
    began = time.monotonic()
    async with aclosing(client):
        with pytest.raises(errors.ServiceFailureError):
            await client.libraries()
    assert time.monotonic() - began < 10
    assert 2 < service.served["group_list"] < 52


_PAST = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.mark.parametrize("retry_after", [0, "0", _PAST])
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("CONCURRENCY_LIMIT_EXCEEDED", 429),
        ("CONCURRENCY_LIMIT_EXCEEDED", 403),
        ("INTERNAL_ERROR", 500),
        ("NEVER_HEARD_OF", 503),
    ],
)
async def test_a_retry_after_of_nothing_makes_no_flood(
    client: FaceSearchClient,
    service: Service,
    code: str,
    status: int,
    retry_after: str | float,
) -> None:
    told = _told(client)
    service.faults.fail("error", code=code, status=status, retry_after=retry_after, times=5)
    await client.libraries()
    waits = [event.seconds for event in told if isinstance(event, RetryWait) and event.error]
    growing = [min(QUICK.retry_wait * 2**n, QUICK.retry_wait_max) for n in range(5)]
    assert len(waits) == 5
    assert all(wait >= least for wait, least in zip(waits, growing, strict=True))


async def test_retry_after_is_waited_out_or_is_the_end(
    client: FaceSearchClient, service: Service
) -> None:
    told = _told(client)
    service.faults.fail("error", code="CONCURRENCY_LIMIT_EXCEEDED", status=429, retry_after=1)
    await client.libraries()
    waits = [event.seconds for event in told if isinstance(event, RetryWait)]
    assert waits == [1.0, 0.0]
    service.faults.fail(
        "error", code="CONCURRENCY_LIMIT_EXCEEDED", status=429, retry_after=3600, times=None
    )
    served = service.served["group_list"]
    with pytest.raises(errors.LimitError, match="CONCURRENCY") as caught:
        await client.libraries()
    assert service.served["group_list"] == served + 1
    assert "3600 s" in caught.value.hint


async def test_a_cancel_ends_a_wait_at_once_and_says_so(service: Service) -> None:
    options = TransportOptions(retry_wait=60, retry_wait_max=60, retry_budget=1000)
    client = FaceSearchClient(
        "https://sandbox", DEMO_API_KEY, DEMO_API_SECRET, options=options, asgi_app=service
    )
    waiting = asyncio.Event()
    told = _told(client)
    client.listen(lambda event: waiting.set() if isinstance(event, RetryWait) else None)
    service.faults.fail("error", code="INTERNAL_ERROR")
    async with aclosing(client):
        call = asyncio.create_task(client.libraries())
        await asyncio.wait_for(waiting.wait(), 5)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(call, 5)
    last = told[-1]
    assert isinstance(last, RetryWait)
    assert last.seconds == 0


async def test_a_cancel_ends_a_call_that_hangs_and_leaves_a_record(
    client: FaceSearchClient, service: Service
) -> None:
    told = _told(client)
    service.faults.fail("hold")
    call = asyncio.create_task(client.libraries())
    await _held(service, 1)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(call, 5)
    (record,) = told
    assert isinstance(record, RequestRecord)
    assert record.error == "Cancelled"
    service.faults.release()
    assert await client.libraries()


async def test_closing_cancels_calls_under_way_and_refuses_new_ones(
    sandbox: tuple[Service, str | None],
) -> None:
    service, _ = sandbox
    async with _client(*sandbox) as client:
        service.faults.fail("hold", times=None)
        call = asyncio.create_task(client.libraries())
        await _held(service, 1)
        await asyncio.wait_for(client.aclose(), 5)
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(errors.NetworkError):
            await client.libraries()
    service.faults.release()


async def test_eight_calls_run_at_once_and_one_sign_each(
    client: FaceSearchClient, service: Service
) -> None:
    service.faults.fail("hold", times=8)
    calls = [asyncio.create_task(client.faces("clinic_2500", start=n * 9 + 1)) for n in range(8)]
    await _held(service, 8)
    service.faults.release()
    pages = await asyncio.gather(*calls)
    assert [page.start for page in pages] == [n * 9 + 1 for n in range(8)]
    assert len({received.fields["sign"] for received in service.received}) == 8


# --- the clock ------------------------------------------------------------------------------------


async def test_an_expired_sign_is_signed_once_more_with_the_services_time(
    client: FaceSearchClient, service: Service
) -> None:
    told = _told(client)
    service.faults.clock_offset = offset = 3600.0
    await client.libraries()
    first, drift, second = told
    assert isinstance(first, RequestRecord)
    assert isinstance(drift, ClockDrift)
    assert drift.seconds == pytest.approx(offset, abs=2)
    assert isinstance(second, RequestRecord)
    assert (second.attempt, second.error) == (2, "")
    assert client.clock_offset == pytest.approx(offset, abs=2)
    del told[:]
    await client.libraries()
    assert len(told) == 1  # signed with the right time at once, and no second notice


async def test_no_notice_when_the_clock_is_right(client: FaceSearchClient) -> None:
    told = _told(client)
    await client.libraries()
    assert not any(isinstance(event, ClockDrift) for event in told)
    assert client.clock_offset == pytest.approx(0, abs=2)


async def test_an_expired_sign_with_a_right_clock_is_the_error_and_no_retry(
    client: FaceSearchClient, service: Service
) -> None:
    service.faults.fail("error", code="AUTHORIZATION_ERROR:EXPIRED_SIGN", times=None)
    with pytest.raises(errors.AuthorizationError):
        await client.libraries()
    assert service.served["group_list"] == 1


async def test_a_clock_that_stays_wrong_is_corrected_once_only(
    client: FaceSearchClient, service: Service
) -> None:
    service.faults.clock_offset = 3600.0
    service.faults.fail("error", code="AUTHORIZATION_ERROR:EXPIRED_SIGN", times=None)
    with pytest.raises(errors.AuthorizationError):
        await client.libraries()
    assert service.served["group_list"] == 2


async def test_calls_side_by_side_are_all_signed_once_more(
    client: FaceSearchClient, service: Service
) -> None:
    told = _told(client)
    service.faults.clock_offset = 3600.0
    await asyncio.gather(*(client.faces("clinic_2500") for _ in range(8)))
    assert sum(isinstance(event, ClockDrift) for event in told) == 1


async def test_an_authentication_error_far_off_is_signed_once_more(
    client: FaceSearchClient, service: Service
) -> None:
    service.faults.clock_offset = 90.0  # the sign is still good, the Date is far off
    service.faults.fail("error", code="AUTHENTICATION_ERROR")
    assert await client.libraries()
    service.faults.clear()
    service.faults.fail("error", code="AUTHENTICATION_ERROR", times=None)
    with pytest.raises(errors.AuthenticationError):
        await client.library("clinic_2500")


async def test_a_refused_create_is_signed_once_more_for_it_was_not_executed(
    client: FaceSearchClient, service: Service
) -> None:
    service.faults.clock_offset = 3600.0
    assert (await client.create(LibraryDraft("new", "New"))).group_id == "new"
    assert service.served["create"] == 2


# --- create is never sent twice blindly -----------------------------------------------------------


@pytest.mark.parametrize("code", ["INTERNAL_ERROR", "CONCURRENCY_LIMIT_EXCEEDED"])
async def test_create_is_not_sent_again_after_an_error(
    client: FaceSearchClient, service: Service, code: str
) -> None:
    service.faults.fail("error", "create", code=code)
    with pytest.raises(errors.ServiceError):
        await client.create(LibraryDraft("new", "New"))
    assert service.served["create"] == 1


async def test_a_create_whose_answer_is_lost_is_found(
    client: FaceSearchClient, service: Service
) -> None:
    service.faults.fail("lost_answer", "create")
    made = await create_library(client, LibraryDraft("new", "New", "data"))
    assert made.group_name == "New"
    assert service.served["create"] == 1


async def test_a_create_that_never_arrived_is_not_created(
    client: FaceSearchClient, service: Service
) -> None:
    service.faults.fail("drop", "create")
    draft = LibraryDraft("new", "New")
    with pytest.raises(errors.NotCreatedError):
        await create_library(client, draft)
    assert service.served["create"] == 1
    assert (await create_library(client, draft, in_doubt=True)).group_id == "new"


async def test_group_exist_after_a_lost_answer_is_understood(
    client: FaceSearchClient, service: Service
) -> None:
    service.faults.fail("lost_answer", "create")
    service.faults.fail("error", "group_info", code="AUTHENTICATION_ERROR")
    draft = LibraryDraft("new", "New")
    with pytest.raises(errors.OutcomeUnknownError):
        await create_library(client, draft)
    assert (await create_library(client, draft, in_doubt=True)).group_name == "New"
