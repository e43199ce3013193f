"""The file of --log-requests: private, one object a line, without secrets and personal data."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fs_tui.cli.request_log import RequestLogFile
from fs_tui.errors import FileError
from fs_tui.models import ClockDrift, RequestRecord

RECORD = RequestRecord(
    datetime(2026, 2, 1, 12, tzinfo=UTC),
    "face_info",
    "office",
    2,
    80,
    400,
    "INVALID_FACE_TOKEN",
    "Not in this library",
    9,
    "1772532911,ab",
    412,
    96,
    (("sign", "canary-sign"), ("user_id", "canary-user"), ("face_token", "canary-token")),
)


def test_a_request_is_one_line_without_its_form(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    log = RequestLogFile(path)
    log(RECORD)
    log(ClockDrift(3.0))
    log(RECORD)
    log.close()
    lines = path.read_text().splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0]) == {
        "at": "2026-02-01T12:00:00.000Z",
        "call": "face_info",
        "group_id": "office",
        "attempt": 2,
        "http_status": 400,
        "code": "INVALID_FACE_TOKEN",
        "error": "Not in this library",
        "time_used_ms": 9,
        "round_trip_ms": 80,
        "bytes_sent": 412,
        "bytes_received": 96,
        "request_id": "1772532911,ab",
    }
    assert "canary" not in path.read_text()


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("BAD_ARGUMENTS: face_token", "BAD_ARGUMENTS: face_token"),
        ("BAD_ARGUMENTS: canary-4711@example", "BAD_ARGUMENTS: canary"),
        ("\x1b[31m", ""),
    ],
)
def test_a_code_that_repeats_what_was_sent_is_cut(tmp_path: Path, code: str, kept: str) -> None:
    path = tmp_path / "requests.jsonl"
    log = RequestLogFile(path)
    log(RECORD._replace(code=code))
    log.close()
    assert json.loads(path.read_text())["code"] == kept


def test_the_file_is_private_even_if_it_was_not(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_text("")
    path.chmod(0o644)
    RequestLogFile(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_log_is_continued(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    for _ in range(2):
        log = RequestLogFile(path)
        log(RECORD)
        log.close()
    assert len(path.read_text().splitlines()) == 2


def test_what_is_no_file_of_ours_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "link", tmp_path / "no" / "where"):
        with pytest.raises(FileError):
            RequestLogFile(path)
    with pytest.raises(FileError, match="not a regular file"):
        RequestLogFile(Path("/dev/null"))
    assert not (tmp_path / "elsewhere").exists()


def test_a_log_that_fails_does_not_disturb_the_work(tmp_path: Path) -> None:
    log = RequestLogFile(tmp_path / "requests.jsonl")
    log._file.close()
    log._file = Path("/dev/full").open("w", buffering=1)  # noqa: SIM115  closed below
    log(RECORD)
    log(RECORD)
    assert log.failure == "No space left on device"
    log.close()
