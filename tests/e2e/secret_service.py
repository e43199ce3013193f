"""A real Secret Service: gnome-keyring under a session bus of its own, without a display.

with session_bus() as bus, keyring(bus) as daemon:
    run([...], env=bus.environ)
    daemon.lock()
    daemon.stop()
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PASSWORD", "Bus", "Daemon", "keyring", "session_bus"]

PASSWORD = b"the login keyring's"

# Nothing is started on demand: a test has exactly the programs that it names.
_CONFIG = """<busconfig>
  <type>session</type>
  <listen>unix:path={folder}/bus</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class Bus:
    """A session bus with folders of its own.

    Attributes:
        folder: Holds the socket, and what programs on the bus keep.
        environ: What a program needs to be on it.
        process: The dbus-daemon.
    """

    folder: Path
    environ: dict[str, str]
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Let it hang."""
        self.process.send_signal(signal.SIGSTOP)

    def end(self, *, leave_socket: bool) -> None:
        """Kill it, as a desktop that ends does, and leave its address behind."""
        _end(self.process)
        if not leave_socket:
            (self.folder / "bus").unlink()


@dataclass(frozen=True)
class Daemon:
    """A running gnome-keyring with an unlocked login collection."""

    bus: Bus
    process: subprocess.Popen[bytes]

    def ask(self, code: str) -> str:
        """Run some lines on its default `collection`, in a process of their own."""
        head = "import secretstorage as s; c = s.Collection(s.dbus_init())\n"
        done = subprocess.run(  # noqa: S603 - fixed texts
            [sys.executable, "-c", head + code],
            env=self.bus.environ,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            text=True,
        )
        return done.stdout.strip()

    def lock(self) -> None:
        """Lock the collection."""
        assert self.ask("c.lock(); print(c.is_locked())") == "True"

    @contextmanager
    def replaced(self) -> Iterator[Daemon]:
        """Unlock it the way that our message names for hosts without a desktop."""
        with keyring(self.bus, "--replace") as daemon:
            yield daemon

    def entries(self) -> list[str]:
        """The user names of our entries."""
        return self.ask(
            "for i in c.search_items({'service': 'fs-tui'}): print(i.get_attributes()['username'])"
        ).split()

    def keep(self, user: str, text: str) -> None:
        """Keep an entry as we do, under a user name of the test's."""
        attributes = {"service": "fs-tui", "username": user}
        self.ask(f"c.create_item('a test', {attributes}, {text.encode()!r})")

    def stop(self) -> None:
        """Let it hang."""
        self.process.send_signal(signal.SIGSTOP)


@contextmanager
def session_bus() -> Iterator[Bus]:
    """Run a session bus with nothing on it."""
    # A socket's path is short: pytest's own folders are not.
    folder = Path(tempfile.mkdtemp(prefix="fs-tui-bus-"))
    config = folder / "bus.conf"
    config.write_text(_CONFIG.format(folder=folder))
    environ = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(folder),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/bus",
    }
    process = subprocess.Popen(  # noqa: S603 - our own configuration
        ["dbus-daemon", f"--config-file={config}", "--nofork"],  # noqa: S607 - found by `needs`
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until((folder / "bus").exists)
        yield Bus(folder, environ, process)
    finally:
        _end(process)
        shutil.rmtree(folder)


@contextmanager
def keyring(bus: Bus, *options: str) -> Iterator[Daemon]:
    """Run gnome-keyring on a bus, with an unlocked login collection."""
    words = ["gnome-keyring-daemon", *options, "--foreground", "--unlock", "--components=secrets"]
    process = subprocess.Popen(  # noqa: S603 - fixed words, found by `needs`
        words,
        env=bus.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert process.stdin is not None
        with process.stdin as stdin:
            stdin.write(PASSWORD)
        daemon = Daemon(bus, process)
        wait_until(lambda: _is_open(daemon))
        yield daemon
    finally:
        _end(process)


def _is_open(daemon: Daemon) -> bool:
    try:
        return daemon.ask("print(c.is_locked())") == "False"
    except subprocess.CalledProcessError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
