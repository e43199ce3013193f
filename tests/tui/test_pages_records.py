"""The request log, the list of errors and the plain page."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime, timedelta

import pytest

from fs_tui.errors import (
    ConnectError,
    LimitError,
    OutcomeUnknownError,
    ServiceError,
    ServiceFailureError,
)
from fs_tui.models import RequestRecord
from fs_tui.tui.pages.errors import Errors, Said
from fs_tui.tui.pages.plain import PlainText
from fs_tui.tui.pages.records import ErrorRecord
from fs_tui.tui.pages.requests import Requests
from tests.tui.dialog_host import UNANSWERED, Host, screen_text, until

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
ENDPOINT = "https://api-sgp.yljz.com"


def request(second: int, call: str = "list", code: str = "") -> RequestRecord:
    return RequestRecord(
        NOON + timedelta(seconds=second),
        call,
        "office",
        1,
        80 + second,
        400 if code else 200,
        code,
        "refused" if code else "",
        9,
        f"1772532911,id-{second}",
        412,
        2048,
        (("sign", "canary-sign"), ("group_id", "off%&#@"), ("face_token", "-t")),
    )


def log(*records: RequestRecord) -> tuple[Host[None], deque[RequestRecord]]:
    kept = deque(records, maxlen=50)
    return Host(lambda: Requests(kept, ENDPOINT)), kept


async def test_the_newest_request_comes_first_with_all_its_details() -> None:
    app, _ = log(request(1), request(2, "face_info"))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, "group_id = off%&#@")
        text = screen_text(app)
        assert text.index("id-2") < text.index("id-1")
        assert "82 ms" in text
        assert "412 sent, 2,048 back" in text


async def test_the_sign_is_never_shown() -> None:
    app, _ = log(request(1))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, "sign = (not shown)")
        assert "canary-sign" not in screen_text(app)


async def test_new_requests_appear_and_the_cursor_stays_on_its_record() -> None:
    app, records = log(request(1), request(2))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("j")
        screen = app.screen
        assert isinstance(screen, Requests)
        records.append(request(3))
        screen.look()
        await until(pilot, "3 requests")
        assert screen.current == request(1)
        await pilot.press("g")
        assert screen.current == request(3)


async def test_a_log_that_drops_its_oldest_goes_on() -> None:
    app, records = log(*(request(second) for second in range(50)))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("G")
        screen = app.screen
        assert isinstance(screen, Requests)
        for second in range(50, 110):
            records.append(request(second))
        screen.look()
        await until(pilot, "id-60")
        assert screen.row_count() == 50


async def test_the_filter_narrows_and_esc_clears_it_before_it_closes() -> None:
    app, _ = log(request(1), request(2, "face_info", "INVALID_FACE_TOKEN"))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("slash", *"invalid face")
        await until(pilot, "1 of 2 requests")
        await pilot.press("escape")
        await until(pilot, "Request log: 2 requests")
        assert app.result is UNANSWERED
        await pilot.press("escape")
        await pilot.pause()
        assert app.result is None


async def test_a_request_is_copied_as_id_and_as_curl() -> None:
    app, _ = log(request(1))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("y", "c")
        await pilot.pause()
    (identity, what), (line, _) = app.copies
    assert (identity, what) == ("1772532911,id-1", "the request id")
    assert " | curl " in line
    assert "canary-sign" not in line
    assert "'group_id=off%&#@'" in line


async def test_an_empty_log_is_no_trouble() -> None:
    app, records = log()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("y", "c", "j", "G", "enter")
        await until(pilot, "No requests in this run.")
        records.append(request(1))
        screen = app.screen
        assert isinstance(screen, Requests)
        screen.look()
        await until(pilot, "1 request")
        assert "No requests" not in screen_text(app)
        await pilot.press("slash", *"nowhere")
        await until(pilot, "No requests with these words in this run.")


async def test_an_empty_list_of_errors_says_so() -> None:
    app: Host[None] = Host(lambda: Errors(deque()))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "No messages in this run.")


async def test_an_error_that_was_tried_again_says_so_and_gives_no_advice() -> None:
    limit = LimitError("CONCURRENCY_LIMIT_EXCEEDED", http_status=403)
    errors: deque[Said] = deque(
        [ErrorRecord(NOON, "list", limit, "office", then="attempt 1, again in 2 s")]
    )
    app: Host[None] = Host(lambda: Errors(errors))
    async with app.run_test(size=(150, 36)) as pilot:
        await until(pilot, "then     attempt 1, again in 2 s")
        assert limit.hint not in screen_text(app)


async def test_an_error_shows_the_status_and_the_id_of_what_it_comes_from() -> None:
    unknown = OutcomeUnknownError("The service failed")
    unknown.__cause__ = ServiceFailureError("INTERNAL_ERROR", http_status=500, request_id="id-77")
    app: Host[None] = Host(lambda: Errors(deque([ErrorRecord(NOON, "create", unknown)])))
    async with app.run_test(size=(150, 36)) as pilot:
        await pilot.press("y")
        await pilot.pause()
    ((text, _),) = app.copies
    assert "code: INTERNAL_ERROR\nHTTP: 500\nid: id-77" in text


async def test_an_error_shows_and_copies_everything_that_a_ticket_needs() -> None:
    error = ServiceError("ODD[/x]\x1b[31m", http_status=418, request_id="1772532911,id-9")
    errors: deque[Said] = deque(
        [
            ErrorRecord(NOON, "group_list", ConnectError("connection refused")),
            ErrorRecord(NOON, "list", error, "office"),
        ]
    )
    app = Host(lambda: Errors(errors))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, "Ask the vendor about the code")
        text = screen_text(app)
        assert "ODD[/x]␛[31m" in text
        assert "connection" not in text
        await pilot.press("y", "j")
        await until(pilot, "connection refused")
    ((text, what),) = app.copies
    assert what == "the message"
    assert "HTTP: 418" in text
    assert "id: 1772532911,id-9" in text
    assert "library: office" in text


async def test_the_plain_page_gives_the_mouse_away_and_takes_it_back() -> None:
    app: Host[None] = Host(lambda: PlainText("a\x1b[31m\nb", what="the tokens", terminal=app))
    async with app.run_test(size=(60, 16)) as pilot:
        await until(pilot, "a␛[31m")
        assert app.mouse is False
        assert screen_text(app).split("\n")[2].startswith("b ")
        await pilot.press("escape")
        await pilot.pause()
        assert app.mouse is True


async def test_the_plain_page_leaves_the_mouse_off_where_it_was_off() -> None:
    app: Host[None] = Host(lambda: PlainText("a", what="the token", terminal=app))
    app.mouse = False
    async with app.run_test() as pilot:
        await pilot.press("q")
        await pilot.pause()
        assert app.result is None
        assert app.mouse is False


async def test_the_plain_page_says_what_it_leaves_out() -> None:
    app: Host[None] = Host(lambda: PlainText("x\n" * 2500, what="the tokens", terminal=app))
    async with app.run_test() as pilot:
        await pilot.press("G")
        await until(pilot, "… 501 more lines: export them to a file")


@pytest.mark.parametrize("size", [(1, 1), (9, 5), (60, 16), (200, 60)])
async def test_every_page_stands_any_size(size: tuple[int, int]) -> None:
    errors: deque[Said] = deque([ErrorRecord(NOON, "list", ConnectError("[/x]" * 100))])
    hosts: list[Host[None]] = [
        log(request(1, code="[@click=app.quit]x"))[0],
        Host(lambda: Errors(errors)),
    ]
    for app in hosts:
        async with app.run_test(size=size) as pilot:
            await pilot.press("slash", "x", "tab", "j")
            await pilot.pause()
