"""A copied curl line runs in a real shell, sends the same form, and holds no secret."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import threading
from datetime import UTC, datetime
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from fs_tui.models import RequestRecord
from fs_tui.tui.curl import curl_line

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

ENDPOINT = "https://api-sgp.yljz.com"
IDS = [
    "plain",
    "%&#@",
    "-leading",
    "@/etc/passwd",
    "<file",
    "it's",
    'a"b',
    "$(touch pwned)",
    "`touch pwned`",
    "a;type=text/html",
    "a b",
    "a=b",
    "back\\slash",
    "é中",
    "new\nline",
    "esc\x1b[31m'\\'",
    "\u202ertl",
    "!history",
    "",
]


def record(*form: tuple[str, str], call: str = "list") -> RequestRecord:
    return RequestRecord(
        datetime(2026, 2, 1, tzinfo=UTC), call, "g", 1, 80, 200, "", "", 9, "1,a", 1, 2, form
    )


@pytest.fixture
def fake_curl(tmp_path: Path) -> dict[str, str]:
    """An environment in which `curl` writes its arguments as JSON."""
    script = tmp_path / "bin" / "curl"
    script.parent.mkdir()
    script.write_text("#!/usr/bin/env python3\nimport json, sys\nprint(json.dumps(sys.argv[1:]))\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    path = f"{script.parent}:{os.environ['PATH']}"
    return {"PATH": path, "FS_TUI_SIGN": "the sign", "LC_ALL": "C.UTF-8"}


def test_every_id_reaches_curl_as_it_is(fake_curl: dict[str, str], tmp_path: Path) -> None:
    lines = [
        curl_line(record(("group_id", group_id), ("limit", "1")), ENDPOINT) for group_id in IDS
    ]
    done = subprocess.run(  # noqa: S603  the lines are what is tested
        ["/bin/sh", "-c", "\n".join(lines)],
        capture_output=True,
        check=True,
        env=fake_curl,
        cwd=tmp_path,
        text=True,
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        [
            "--form-string",
            f"group_id={group_id}",
            "--form-string",
            "limit=1",
            f"{ENDPOINT}/finauth/search/group/list",
        ]
        for group_id in IDS
    ]
    assert [path.name for path in tmp_path.iterdir() if path.name == "pwned"] == []


@pytest.mark.needs("curl")
def test_the_real_curl_sends_the_form_that_was_recorded(tmp_path: Path) -> None:
    bodies: list[bytes] = []

    class Catcher(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            bodies.append(head + self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its name there
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Catcher) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        lines = [curl_line(record(("sign", ""), ("group_id", each)), endpoint) for each in IDS]
        subprocess.run(  # noqa: S603  the lines are what is tested
            ["/bin/sh", "-c", "\n".join(line.replace("curl", "curl -sm 5", 1) for line in lines)],
            check=True,
            env={"PATH": os.environ["PATH"], "FS_TUI_SIGN": "@sign=", "LC_ALL": "C.UTF-8"},
            cwd=tmp_path,
        )
        server.shutdown()
        thread.join()
    for group_id, body in zip(IDS, bodies, strict=True):
        _, *parts = message_from_bytes(body).walk()
        sent = [
            (part.get_param("name", header="content-disposition"), _text(part)) for part in parts
        ]
        assert sent == [("sign", "@sign="), ("group_id", group_id)]
        assert all(part.get_filename() is None for part in parts)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_secrets_are_variables_of_the_shell(fake_curl: dict[str, str]) -> None:
    line = curl_line(record(("sign", "canary"), ("api_key", "canary")), ENDPOINT)
    assert "canary" not in line
    assert '"sign=${FS_TUI_SIGN}"' in line
    done = subprocess.run(  # noqa: S603  the line is what is tested
        ["/bin/sh", "-c", line], capture_output=True, check=True, env=fake_curl, text=True
    )
    assert json.loads(done.stdout)[1] == "sign=the sign"


@pytest.mark.parametrize("group_id", IDS)
def test_a_line_is_one_printable_line(group_id: str) -> None:
    assert curl_line(record(("group_id", group_id)), ENDPOINT).isprintable()


def test_the_path_is_that_of_the_call() -> None:
    assert curl_line(record(call="face_info"), ENDPOINT) == (
        "curl https://api-sgp.yljz.com/finauth/search/group/face_info"
    )
