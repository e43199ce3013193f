"""`fs-tui doctor`: each check says what is wrong and what to do, and nothing that is secret."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, NamedTuple

import pytest

from fs_tui.credentials.sources import SOURCES
from fs_tui.sandbox.faults import Faults
from fs_tui.sandbox.population import COUNTS
from fs_tui.sandbox.serve import background
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.e2e.commands import PROGRAM, ended

if TYPE_CHECKING:
    from pathlib import Path

    from fs_tui.sandbox.serve import Running

CANARY = "canary-77d2"


class Finding(NamedTuple):
    """What the doctor said about one thing."""

    verdict: str
    detail: str
    remedy: str


@pytest.fixture
def environ(sandbox: Running) -> dict[str, str]:
    # Without a bus the keyring's answer is at hand at once.
    kept = {name: text for name, text in os.environ.items() if not name.startswith("DBUS_")}
    return kept | {
        "FS_TUI_ENDPOINT": sandbox.url,
        "FS_TUI_API_KEY": DEMO_API_KEY,
        "FS_TUI_API_SECRET": DEMO_API_SECRET,
        "XDG_RUNTIME_DIR": "/nowhere",
    }


def run(environ: dict[str, str], *words: str) -> tuple[int, str]:
    ran = ended([*PROGRAM, *words], environ)
    text = ran.out + ran.err
    assert not any(secret in text for secret in (DEMO_API_KEY, DEMO_API_SECRET, CANARY))
    return ran.status, text


def doctor(environ: dict[str, str], *words: str) -> tuple[int, dict[str, Finding]]:
    status, text = run(environ, *words, "doctor", "--json")
    return status, {
        one["check"]: Finding(one["verdict"], one["detail"], one["remedy"])
        for one in json.loads(text)
    }


def test_a_healthy_patient(environ: dict[str, str]) -> None:
    status, found = doctor(environ)
    assert status == 0
    assert found["credentials"] == ("ok", "taken from: environment", "")
    assert found["endpoint"].verdict == found["clock"].verdict == "ok"
    assert found["signed call"] == ("ok", f"the account has {len(COUNTS)} libraries", "")
    assert found["keyring"].verdict == "warning"
    assert list(found) == [
        *("configuration", *(source.name for source in SOURCES if source.ask), "credentials"),
        *("proxy", "endpoint", "TLS", "clock", "signed call"),
        *("terminal", "size", "colours", "link", "tmux", "clipboard"),
    ]


def test_for_people_a_line_a_check_and_a_remedy_below(environ: dict[str, str]) -> None:
    status, text = run(environ, "doctor")
    assert status == 0
    assert "ok       credentials    taken from: environment\n" in text
    assert "→ " in text


def test_the_demo_needs_nothing(environ: dict[str, str]) -> None:
    status, found = doctor(environ, "--demo")
    assert status == 0
    assert found["signed call"].verdict == "ok"
    assert found["credentials"].verdict == found["endpoint"].verdict == "skipped"


def test_no_credentials_anywhere(environ: dict[str, str]) -> None:
    del environ["FS_TUI_API_KEY"], environ["FS_TUI_API_SECRET"]
    status, found = doctor(environ)
    assert status == 2
    assert found["keyring"].detail.startswith("There is no keyring here")
    assert found["credentials"].verdict == "problem"
    assert found["signed call"].verdict == "skipped"


def test_a_source_that_fails_is_not_passed_over(environ: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "open"
    path.write_text(CANARY)
    path.chmod(0o644)
    environ |= {"FS_TUI_API_KEY_FILE": str(path), "FS_TUI_API_SECRET_FILE": str(path)}
    assert doctor(environ)[1]["file"].verdict == "warning"
    del environ["FS_TUI_API_KEY"], environ["FS_TUI_API_SECRET"]
    status, found = doctor(environ)
    assert status == 2
    assert found["credentials"].remedy == f"Run: chmod 600 {path}"


def test_only_the_named_source_is_asked(environ: dict[str, str]) -> None:
    status, found = doctor(environ, "--credential-source", "file")
    assert status == 2
    assert "environment" not in found
    assert found["credentials"].detail == "No credentials: no key and secret in: file"


def test_what_the_service_refuses(environ: dict[str, str]) -> None:
    environ["FS_TUI_API_SECRET"] = CANARY
    status, found = doctor(environ)
    assert status == 1
    assert found["credentials"].verdict == "ok"
    assert found["signed call"].verdict == "problem"


@pytest.mark.parametrize(("seconds", "verdict"), [(30, "warning"), (-400, "problem")])
def test_a_clock_that_is_off(environ: dict[str, str], seconds: float, verdict: str) -> None:
    with background(faults=Faults(clock_offset=seconds)) as other:
        environ["FS_TUI_ENDPOINT"] = other.url
        _, found = doctor(environ)
    assert found["clock"].verdict == verdict
    assert ("behind" if seconds > 0 else "ahead of") in found["clock"].detail
    assert "timedatectl" in found["clock"].remedy


def test_a_service_that_cannot_be_reached(environ: dict[str, str]) -> None:
    environ["FS_TUI_ENDPOINT"] = "http://127.0.0.1:9"
    status, found = doctor(environ)
    assert status == 3
    assert "Connection refused" in found["endpoint"].detail
    assert found["signed call"].verdict == "skipped"


SERVICE = "https://service.invalid"


def before(environ: dict[str, str], **variables: str) -> dict[str, str]:
    """The environment with a service that only a proxy leads to."""
    kept = {name: text for name, text in environ.items() if not name.lower().endswith("_proxy")}
    return kept | {"FS_TUI_ENDPOINT": SERVICE} | variables


def test_a_proxy_that_is_down_is_named_without_its_password(environ: dict[str, str]) -> None:
    status, found = doctor(before(environ, HTTPS_PROXY=f"http://me:{CANARY}@127.0.0.1:9"))
    assert status == 3
    assert found["proxy"].verdict == "problem"
    assert "http://127.0.0.1:9, by HTTPS_PROXY" in found["proxy"].detail
    assert "HTTPS_PROXY" in found["proxy"].remedy
    assert found["signed call"].verdict == "skipped"


def test_a_proxy_that_is_there_is_no_promise(environ: dict[str, str], sandbox: Running) -> None:
    status, found = doctor(before(environ, https_proxy=sandbox.url))
    assert status == 3
    assert found["proxy"].verdict == "note"
    assert f"{sandbox.url}, by https_proxy" in found["proxy"].detail
    assert found["signed call"].verdict == "problem"
    assert "proxy" in found["signed call"].detail


@pytest.mark.parametrize(
    ("proxy", "says"),
    [("socks5://127.0.0.1:1080", "socks5"), ("127.0.0.1:99999", "99999"), ("http://", "no host")],
)
def test_a_proxy_that_cannot_be_used_is_a_problem(
    environ: dict[str, str], proxy: str, says: str
) -> None:
    status, found = doctor(before(environ, ALL_PROXY=proxy))
    assert status == 2
    assert found["proxy"].verdict == "problem"
    assert "ALL_PROXY" in found["proxy"].detail
    assert says in found["proxy"].detail


def test_an_entry_of_no_proxy_that_cannot_be_used_is_a_warning(environ: dict[str, str]) -> None:
    variables = {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "fd00::/8,ex*mple"}
    text = run(before(environ, **variables), "doctor")[1]
    assert "NO_PROXY" in text
    assert "'ex*mple'" in text
    status, text = run(before(environ, **variables), "libraries")
    assert status == 3
    assert "'ex*mple'" in text
    assert "the proxy of HTTPS_PROXY: http://127.0.0.1:9 refuses connections" in text


def test_a_wrong_file_and_a_wrong_variable_are_named(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f'api_secret = "{CANARY}"\n')
    status, found = doctor(environ | {"FS_TUI_ENDPIONT": "x"}, "--config", str(path))
    assert status == 2
    assert str(path) in found["configuration"].detail
    assert found["variables"].remedy == "Did you mean 'FS_TUI_ENDPOINT'?"
    assert found["endpoint"].detail == "the settings cannot be used"


def test_a_keymap_that_the_browser_would_refuse_is_a_problem(
    environ: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[keymap]\nrelaod = "f5"\n')
    status, found = doctor(environ, "--config", str(path))
    assert status == 2
    assert found["configuration"].remedy == "Did you mean 'reload'?"
    assert found["signed call"].verdict == "ok"
