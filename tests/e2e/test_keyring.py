"""Key and secret in a real Secret Service: kept, read, locked, absent, stopped; and the exit."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.e2e.commands import PROGRAM, ended
from tests.e2e.secret_service import Bus, Daemon, keyring, session_bus
from tests.e2e.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fs_tui.sandbox.serve import Running
    from tests.e2e.commands import Ran

pytestmark = pytest.mark.needs("gnome-keyring-daemon", "dbus-daemon")

LONGEST = 20.0
"""Seconds from the start of a command to the end of its process, whatever the keyring does: its
deadline of 3, and what starting takes on a machine that has much else to do."""


@pytest.fixture
def bus() -> Iterator[Bus]:
    with session_bus() as running:
        yield running


@pytest.fixture
def daemon(bus: Bus, sandbox: Running) -> Iterator[Daemon]:
    bus.environ["FS_TUI_ENDPOINT"] = sandbox.url
    with keyring(bus) as running:
        yield running


def fs_tui(bus: Bus, *words: str, **more: str) -> Ran:
    """Run a command and its exit within the time that every one has."""
    begin = time.monotonic()
    ran = ended([*PROGRAM, *words], bus.environ | more)
    assert time.monotonic() - begin < LONGEST
    assert DEMO_API_SECRET not in ran.out + ran.err
    return ran


def login(bus: Bus, secret: str = DEMO_API_SECRET) -> tuple[int, str]:
    """Type key and secret; return the exit status and what was on the screen."""
    with Terminal([*PROGRAM, "auth", "login"], env=bus.environ) as terminal:
        terminal.wait_for("API key:")
        terminal.press(DEMO_API_KEY, "enter")
        terminal.wait_for("API secret:")
        terminal.press(secret, "enter")
        status = terminal.wait_exit()
        assert DEMO_API_KEY not in terminal.text
        assert secret not in terminal.text
        return status, " ".join(terminal.text.split())


def config(bus: Bus, text: str) -> str:
    path = bus.folder / "config.toml"
    path.write_text(text)
    return str(path)


def test_an_entry_that_names_the_schemes_own_port_is_found_and_removed(bus: Bus) -> None:
    bus.environ["FS_TUI_ENDPOINT"] = "https://api.example:443/"
    pair = {"api_key": DEMO_API_KEY, "api_secret": DEMO_API_SECRET}
    with keyring(bus) as daemon:
        daemon.keep("default@api.example:443", json.dumps(pair))
        shown = json.loads(fs_tui(bus, "auth", "status", "--json").out)
        assert (shown["source"], shown["endpoint"]) == ("keyring", "https://api.example")
        assert fs_tui(bus, "auth", "logout").status == 0
        assert daemon.entries() == []


def test_what_was_stored_is_read_used_and_removed(daemon: Daemon) -> None:
    bus = daemon.bus
    status, text = login(bus)
    assert status == 0, text
    assert "key …6789" in text
    host = bus.environ["FS_TUI_ENDPOINT"].removeprefix("http://")
    assert daemon.entries() == [f"default@{host}"]
    shown = json.loads(fs_tui(bus, "auth", "status", "--json").out)
    assert shown["source"] == "keyring"
    assert shown["api_key"] == "…6789"
    assert fs_tui(bus, "libraries", "--json").status == 0
    assert fs_tui(bus, "auth", "logout").status == 0
    assert daemon.entries() == []
    gone = fs_tui(bus, "auth", "status")
    assert gone.status == 2
    assert "No key and secret found" in gone.err
    assert "fs-tui auth login" in gone.err
    assert "nothing was removed" in fs_tui(bus, "auth", "logout").err


def test_the_key_of_kept_indexes_lies_beside_the_pair_and_goes_with_it(daemon: Daemon) -> None:
    bus = daemon.bus
    assert login(bus)[0] == 0
    assert fs_tui(bus, "index", "sync", "pilot-100").status == 0
    host = bus.environ["FS_TUI_ENDPOINT"].removeprefix("http://")
    beside = f"index-key:default@{host}"
    assert sorted(daemon.entries()) == [f"default@{host}", beside]
    (shown,) = json.loads(fs_tui(bus, "index", "status", "--json").out)
    assert (shown["faces"], beside in shown["key"]) == (100, True)
    daemon.lock()
    locked = fs_tui(bus, "index", "status")
    assert (locked.status, "The keyring is locked" in locked.err) == (2, True)
    with daemon.replaced():
        gone = fs_tui(bus, "auth", "logout")
        assert gone.status == 0
        assert "1 kept index and their key" in gone.err
        assert daemon.entries() == []
        assert "nothing is kept" in fs_tui(bus, "index", "status").err


def test_another_profile_has_an_entry_of_its_own_and_no_other_source(
    daemon: Daemon, sandbox: Running
) -> None:
    bus = daemon.bus
    host = sandbox.url.removeprefix("http://")
    profiles = f'[profiles.staging]\nendpoint = "{sandbox.url}"\n'
    run = {
        "FS_TUI_CONFIG": config(bus, profiles),
        "FS_TUI_API_KEY": DEMO_API_KEY,
        "FS_TUI_API_SECRET": DEMO_API_SECRET,
    }
    words = ("diff", "pilot-100", "staging:pilot-100")
    missing = fs_tui(bus, *words, **run)
    assert (missing.status, missing.out) == (2, "")
    assert "profile 'staging': No key and secret found: not in: command; " in missing.err
    assert f"the keyring holds no entry 'staging@{host}'" in missing.err
    pair = {"api_key": DEMO_API_KEY, "api_secret": DEMO_API_SECRET}
    daemon.keep(f"staging@{host}", json.dumps(pair))
    assert fs_tui(bus, *words, **run).status == 0


def test_what_the_service_refuses_is_not_kept(daemon: Daemon) -> None:
    status, text = login(daemon.bus, "not-the-secret")
    assert status == 1
    assert "does not belong to this key" in text
    assert daemon.entries() == []


def test_an_entry_of_one_host_is_not_given_to_another(daemon: Daemon) -> None:
    assert login(daemon.bus)[0] == 0
    other = fs_tui(daemon.bus, "--endpoint", "http://127.0.0.1:9", "auth", "status")
    assert other.status == 2
    assert "default@127.0.0.1:9" in other.err


@pytest.mark.parametrize("words", [("auth", "status"), ("libraries",), ("auth", "logout")])
def test_a_locked_keyring_says_so_and_opens_no_prompt(
    daemon: Daemon, words: tuple[str, ...]
) -> None:
    daemon.lock()
    done = fs_tui(daemon.bus, *words)
    assert done.status == 2
    assert "The keyring is locked" in done.err
    assert "fs-tui auth unlock" in done.err


def test_a_keyring_is_unlocked_without_a_desktop_as_the_message_says(daemon: Daemon) -> None:
    assert login(daemon.bus)[0] == 0
    daemon.lock()
    refused = fs_tui(daemon.bus, "auth", "unlock")
    assert refused.status == 2
    assert "no desktop could ask" in refused.err
    assert "gnome-keyring-daemon --replace --unlock" in refused.err
    with daemon.replaced():
        assert fs_tui(daemon.bus, "auth", "status").status == 0


@pytest.mark.parametrize("words", [("auth", "status"), ("auth", "login"), ("libraries",)])
def test_without_a_bus_there_is_no_keyring(bus: Bus, words: tuple[str, ...]) -> None:
    del bus.environ["DBUS_SESSION_BUS_ADDRESS"]
    done = fs_tui(bus, *words)
    assert done.status == 2
    assert "There is no keyring here" in done.err
    assert "FS_TUI_API_KEY_FILE" in done.err


EVERY = pytest.mark.parametrize(
    "words", [("auth", "status"), ("auth", "login"), ("auth", "logout"), ("libraries",)]
)


def helps_without_a_desktop(err: str) -> bool:
    return all(
        word in err
        for word in ("dbus-run-session", "gnome-keyring-daemon", "FS_TUI_API_KEY_FILE", "session")
    )


@EVERY
@pytest.mark.parametrize("leave_socket", [True, False])
def test_a_session_bus_that_is_gone_is_named_and_no_setting_is_blamed(
    daemon: Daemon, words: tuple[str, ...], *, leave_socket: bool
) -> None:
    bus = daemon.bus
    bus.end(leave_socket=leave_socket)
    done = fs_tui(bus, *words)
    assert done.status == 2
    assert f"the session bus at unix:path={bus.folder}/bus is gone" in done.err
    assert helps_without_a_desktop(done.err)
    assert "keyring_backend" not in done.err


@EVERY
def test_a_session_bus_that_does_not_answer_is_named(
    daemon: Daemon, words: tuple[str, ...]
) -> None:
    daemon.bus.stop()
    done = fs_tui(daemon.bus, *words)
    assert done.status == 2
    assert f"the session bus at unix:path={daemon.bus.folder}/bus does not answer" in done.err
    assert helps_without_a_desktop(done.err)
    assert "keyring_backend" not in done.err


HELLO = b"OK 1234deadbeef\r\n"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], "does not answer"),
        # It lets us in, and then never says hello.
        ([HELLO], "does not answer"),
        ([b""], "closed the connection"),
        ([b"REJECTED EXTERNAL\r\n"], "does not accept this user"),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], "session bus"),
        ([HELLO, b"\x00" * 64], "session bus"),
        ([HELLO, b""], "closed the connection"),
    ],
)
def test_what_is_no_bus_at_its_address_is_named(bus: Bus, answers: list[bytes], said: str) -> None:
    path = bus.folder / "other"
    bus.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={path},guid=0"
    with listening(path, answers):
        done = fs_tui(bus, "auth", "status")
    assert done.status == 2
    assert f"the session bus at unix:path={path} " in done.err
    assert said in done.err
    assert helps_without_a_desktop(done.err)
    assert "keyring_backend" not in done.err


@contextmanager
def listening(path: Path, answers: list[bytes]) -> Iterator[None]:
    """Give whoever connects one answer to each thing it sends; an empty one hangs up."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            for answer in answers:
                connection.recv(4096)
                if not answer:
                    return
                connection.sendall(answer)
            # It stays connected until the other side goes.
            while connection.recv(4096):
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with server:
        yield
    thread.join(10)


@pytest.mark.parametrize(
    "address", ["unix:path=/nowhere/bus", "unix:abstract=/nobody", "tcp:host=x,port=1", "junk", ";"]
)
def test_an_address_that_leads_nowhere_is_named(bus: Bus, address: str) -> None:
    bus.environ["DBUS_SESSION_BUS_ADDRESS"] = address
    done = fs_tui(bus, "auth", "status")
    assert done.status == 2
    assert f"the session bus at {address.partition(',')[0]} " in done.err
    assert helps_without_a_desktop(done.err)


def test_the_doctor_names_a_session_bus_that_is_gone(bus: Bus) -> None:
    bus.end(leave_socket=True)
    done = fs_tui(bus, "--endpoint", "http://127.0.0.1:9", "doctor", "--json")
    found = next(one for one in json.loads(done.out) if one["check"] == "keyring")
    assert f"the session bus at unix:path={bus.folder}/bus is gone" in found["detail"]
    assert helps_without_a_desktop(found["remedy"])


def test_the_systems_own_keyring_named_in_full_is_the_same_keyring(daemon: Daemon) -> None:
    name = "keyring.backends.SecretService.Keyring"
    path = config(daemon.bus, f'keyring_backend = "{name}"\n')
    daemon.lock()
    done = fs_tui(daemon.bus, "--config", path, "auth", "status")
    assert "The keyring is locked" in done.err
    daemon.bus.end(leave_socket=True)
    done = fs_tui(daemon.bus, "--config", path, "auth", "status")
    assert "bus is gone" in done.err


def test_a_bus_without_a_secret_service_is_no_keyring(bus: Bus) -> None:
    done = fs_tui(bus, "auth", "status")
    assert done.status == 2
    assert "There is no keyring here: no program on the session bus" in done.err


@EVERY
def test_a_stopped_keyring_holds_up_neither_the_answer_nor_the_exit(
    daemon: Daemon, words: tuple[str, ...]
) -> None:
    daemon.stop()
    done = fs_tui(daemon.bus, *words)
    assert done.status == 2
    assert "The keyring does not answer: no answer within 3 s" in done.err
    assert "--credential-source" in done.err


def test_waiting_for_the_unlocking_can_be_given_up(daemon: Daemon) -> None:
    daemon.stop()
    command = [*PROGRAM, "auth", "unlock"]
    with Terminal(command, env=daemon.bus.environ) as terminal:
        terminal.wait_for("ctrl-c gives up")
        terminal.press("ctrl+c")
        assert terminal.wait_exit(timeout=LONGEST) == 130


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (Daemon.stop, "The keyring does not answer"),
        (lambda daemon: daemon.bus.stop(), "does not answer"),
        (lambda daemon: daemon.bus.end(leave_socket=True), "There is no keyring here"),
    ],
)
def test_the_browser_starts_and_ends_whatever_the_keyring_does(
    daemon: Daemon, spoil: Callable[[Daemon], None], said: str
) -> None:
    spoil(daemon)
    with Terminal(PROGRAM, env=daemon.bus.environ) as terminal:
        terminal.wait_for(said, timeout=LONGEST)
        terminal.press("escape")
        terminal.wait_exit(timeout=LONGEST)


def test_the_variable_of_the_keyring_library_names_no_backend(daemon: Daemon) -> None:
    assert login(daemon.bus)[0] == 0
    null = "keyring.backends.null.Keyring"
    assert fs_tui(daemon.bus, "auth", "status", PYTHON_KEYRING_BACKEND=null).status == 0


@pytest.mark.parametrize(
    ("backend", "said"),
    [
        ("keyring.backends.null.Keyring", "No key and secret found"),
        ("keyring.backends.fail.Keyring", "failed with NoKeyringError"),
        ("no_such_module.Keyring", "failed with ModuleNotFoundError"),
    ],
)
def test_a_bad_backend_of_the_profile_is_named(bus: Bus, backend: str, said: str) -> None:
    path = config(bus, f'keyring_backend = "{backend}"\n')
    done = fs_tui(bus, "--config", path, "auth", "status")
    assert done.status == 2
    assert said in done.err


def test_a_backend_that_forgets_what_it_took_is_found_out(bus: Bus, sandbox: Running) -> None:
    bus.environ["FS_TUI_ENDPOINT"] = sandbox.url
    bus.environ["FS_TUI_CONFIG"] = config(bus, 'keyring_backend = "keyring.backends.null.Keyring"')
    status, text = login(bus)
    assert status == 2
    assert "stored the pair and does not return it" in text
