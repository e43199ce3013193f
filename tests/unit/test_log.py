"""The log and the crash report: private, redacted, off unless asked for; and a clean process."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fs_tui.cli import log
from fs_tui.errors import FileError
from fs_tui.models import ClockDrift, RequestRecord

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "canary-secret-77d2"


@pytest.fixture
def path() -> Iterator[Path]:
    """A log that is taken down again, as no program needs to."""
    root = logging.getLogger()
    level = root.level
    yield log.start()
    ours = logging.getLogger("fs_tui")
    for handler in [one for one in ours.handlers if isinstance(one, log._File)]:
        ours.removeHandler(handler)
        root.removeHandler(handler)
        handler.stream.close()
    ours.propagate = True
    ours.setLevel(logging.NOTSET)
    root.setLevel(level)


def fail() -> None:
    canary = SECRET
    raise ValueError(canary)


def caught() -> BaseException:
    try:
        try:
            fail()
        except ValueError as error:
            raise ExceptionGroup("several", [KeyError(SECRET), error]) from error
    except ExceptionGroup as error:
        return error
    raise AssertionError


def test_the_log_is_private_and_starts_once(path: Path, tmp_path: Path) -> None:
    assert path == tmp_path / "state" / "fs-tui" / "fs-tui.log"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert log.start() == path
    assert path.read_text().count("Python") == 1


def test_without_being_asked_nothing_is_written(tmp_path: Path) -> None:
    logging.getLogger("fs_tui").warning("nobody listens")
    assert not (tmp_path / "state").exists()


def test_known_and_likely_secrets_are_redacted(path: Path) -> None:
    log.hide(SECRET)
    logger = logging.getLogger("fs_tui.api")
    logger.info("used %s", SECRET)
    logger.warning("sent sign=%s", "U1BMWg" * 30)
    logger.warning("form was %s", {"user_id": "S7712345D", "user_data": "kiosk"})
    logger.info("%s", "7MkGVCkSH3qeHu4lSrntU28JwPVhPXRlc3Rf" * 4)
    text = path.read_text()
    for hidden in (SECRET, "U1BMWg", "S7712345D", "kiosk", "7MkGVCkSH3"):
        assert hidden not in text
    assert text.count("[redacted]") == 4


def test_an_exception_leaves_its_type_and_place_and_never_its_text(path: Path) -> None:
    logging.getLogger("fs_tui").error("it failed", exc_info=caught())
    # What asyncio writes about a forgotten task.
    logging.getLogger("asyncio").error("Task exception\nfuture: <Task exception=%r>", SECRET)
    handler = log._handler()
    assert handler is not None
    handler.emit(logging.makeLogRecord({"name": "library", "msg": "%d", "args": (SECRET,)}))
    text = path.read_text()
    assert "builtins.ValueError" in text
    assert "in fail" in text
    assert "Task exception" in text
    assert "cannot be formatted" in text
    assert SECRET not in text


def test_a_line_is_one_line_and_safe_to_read(path: Path) -> None:
    logging.getLogger("fs_tui").warning("a\x1b[2J\nb %s", "c" * 5000)
    lines = path.read_text().splitlines()
    assert len(lines) == 2
    assert "\x1b" not in lines[1]
    assert len(lines[1]) < 2100


def test_requests_are_logged_without_their_forms(path: Path) -> None:
    record = RequestRecord(
        at=datetime(2026, 1, 2, tzinfo=UTC),
        call="face_info",
        group_id="clinic",
        attempt=1,
        round_trip_ms=12,
        http_status=400,
        code="INVALID_FACE_TOKEN",
        error="Not in this library",
        time_used_ms=3,
        request_id="1,a",
        bytes_sent=10,
        bytes_received=20,
        form=(("face_token", "canary-token"),),
    )
    log.note(record)
    log.note(ClockDrift(90))
    text = path.read_text()
    assert "INVALID_FACE_TOKEN" in text
    assert "ClockDrift" in text
    assert "canary-token" not in text


def test_a_large_log_is_put_aside(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    folder = tmp_path / "state" / "fs-tui"
    folder.mkdir(parents=True)
    (folder / "fs-tui.log").write_bytes(b"x" * (5 << 20))
    path = request.getfixturevalue("path")
    assert path.stat().st_size < 1000
    assert (folder / "fs-tui.log.1").stat().st_size == 5 << 20


def test_a_link_in_the_place_of_the_log_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "fs-tui"
    folder.mkdir(parents=True)
    (folder / "fs-tui.log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileError, match="state"):
        log.start()
    assert not (tmp_path / "elsewhere").exists()


def test_a_crash_report_is_private_and_has_types_and_places_only() -> None:
    path = log.write_crash(caught())
    assert path is not None
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    for wanted in ("ExceptionGroup", "in it: builtins.KeyError", "builtins.ValueError", "in fail"):
        assert wanted in text
    assert SECRET not in text
    assert "canary" not in text


def test_a_crash_report_that_cannot_be_written_is_no_second_crash(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/none")
    assert log.write_crash(caught()) is None


@pytest.mark.parametrize("dev", [False, True])
def test_a_run_starts_without_tracing_core_dumps_and_open_files(*, dev: bool) -> None:
    tracing = ["TEXTUAL", "TEXTUAL_LOG", "TEXTUAL_DEBUG", "TEXTUAL_SCREENSHOT", "SSLKEYLOGFILE"]
    code = (
        "import os, resource\n"
        "from fs_tui.cli.hardening import harden\n"
        f"harden(dev={dev})\n"
        f"print([name for name in {tracing} if name in os.environ], 'TEXTUAL_FPS' in os.environ,"
        " resource.getrlimit(resource.RLIMIT_CORE)[0], oct(os.umask(0)))\n"
    )
    done = subprocess.run(  # noqa: S603 - the interpreter that runs the tests, with a fixed text
        [sys.executable, "-c", code],
        env=os.environ | dict.fromkeys([*tracing, "TEXTUAL_FPS"], "1"),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"{tracing if dev else []} True 0 0o77"
