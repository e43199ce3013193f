"""A copied curl line runs in a real shell, sends the same form, and holds no secret."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import threading
from datetime import UTC, datetime
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from fs_tui.models import Library, RequestRecord
from fs_tui.sandbox.population import Population
from fs_tui.sandbox.serve import background
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from fs_tui.tui.pages.curl import curl_line

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
    return {
        "PATH": path,
        "FS_TUI_API_KEY": "key-canary",
        "FS_TUI_API_SECRET": "secret-canary",
        "LC_ALL": "C.UTF-8",
    }


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
            "--form",
            "sign=<-",
            "--form-string",
            f"group_id={group_id}",
            "--form-string",
            "limit=1",
            f"{ENDPOINT}/finauth/search/group/list",
        ]
        for group_id in IDS
    ]
    assert [path.name for path in tmp_path.iterdir() if path.name == "pwned"] == []


@pytest.mark.needs("curl", "bash")
def test_the_line_is_answered_by_the_service_for_every_id(tmp_path: Path) -> None:
    ids = [group_id for group_id in IDS if group_id]
    # Modules that lie in the folder by chance, or by malice, are none of the line's business.
    (tmp_path / "time.py").write_text("raise SystemExit('a foreign module was run')")
    population = Population({})
    for group_id in ids:
        population.add(Library(group_id, "A library"), 3)
    with background(population) as sandbox:
        lines = [_bounded(curl_line(signed(group_id), sandbox.url)) for group_id in ids]
        done = _run("bash", lines, tmp_path)
        received = [call.fields for call in sandbox.service.received]
    answers = [json.loads(line) for line in done.splitlines()]
    assert [len(answer["face_tokens"]) for answer in answers] == [3] * len(ids)
    assert [fields["group_id"] for fields in received] == ids
    assert all(set(fields) == {"sign", "sign_version", "group_id"} for fields in received)


@pytest.mark.needs("curl")
def test_every_field_is_sent_as_text_and_never_as_a_file(tmp_path: Path) -> None:
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
        _run("sh", [_bounded(curl_line(signed(each), endpoint)) for each in IDS], tmp_path)
        server.shutdown()
        thread.join()
    for group_id, body in zip(IDS, bodies, strict=True):
        _, sign, *parts = message_from_bytes(body).walk()
        sent = [
            (part.get_param("name", header="content-disposition"), _text(part)) for part in parts
        ]
        assert sign.get_param("name", header="content-disposition") == "sign"
        assert sent == [("sign_version", "hmac_sha1"), ("group_id", group_id)]
        assert all(part.get_filename() is None for part in (sign, *parts))


def signed(group_id: str) -> RequestRecord:
    """A request as it is recorded."""
    return record(("sign", "[redacted]"), ("sign_version", "hmac_sha1"), ("group_id", group_id))


def _bounded(line: str) -> str:
    return line.replace("curl ", "curl -sm 5 -w '\\n' ", 1)


def _run(shell: str, lines: list[str], folder: Path) -> str:
    path = shutil.which(shell)
    assert path
    done = subprocess.run(  # noqa: S603  the lines are what is tested
        [path, "-c", "\n".join(lines)],
        check=True,
        capture_output=True,
        env={
            "PATH": os.environ["PATH"],
            "FS_TUI_API_KEY": DEMO_API_KEY,
            "FS_TUI_API_SECRET": DEMO_API_SECRET,
            "LC_ALL": "C.UTF-8",
        },
        cwd=folder,
        text=True,
    )
    assert done.stderr == ""
    return done.stdout


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_the_sign_is_in_no_text_and_in_no_argument(fake_curl: dict[str, str]) -> None:
    line = curl_line(record(("sign", "canary"), ("group_id", "g")), ENDPOINT)
    assert "canary" not in line
    done = subprocess.run(  # noqa: S603  the line is what is tested
        ["/bin/sh", "-c", line], capture_output=True, check=True, env=fake_curl, text=True
    )
    assert json.loads(done.stdout) == [
        "--form",
        "sign=<-",
        "--form-string",
        "group_id=g",
        f"{ENDPOINT}/finauth/search/group/list",
    ]


@pytest.mark.parametrize("group_id", IDS)
def test_a_line_is_one_printable_line(group_id: str) -> None:
    assert curl_line(signed(group_id), ENDPOINT).isprintable()


def test_the_path_is_that_of_the_call() -> None:
    line = curl_line(record(call="face_info"), ENDPOINT)
    assert line.endswith(" https://api-sgp.yljz.com/finauth/search/group/face_info")
