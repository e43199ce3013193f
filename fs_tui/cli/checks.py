"""What `fs-tui doctor` looks at, one check after the other; nothing here repeats a secret.

    settings ──► environment, file, command, keyring ──► endpoint, proxy, TLS
                                   └──► the signed call, clock      terminal, clipboard

A later check uses what an earlier one found, and says so when there is nothing to use.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fs_tui import environment
from fs_tui.cli.unhandled import run
from fs_tui.credentials.sources import all_variables
from fs_tui.endpoint import PORTS
from fs_tui.errors import CredentialError, FsTuiError, SettingsError
from fs_tui.suggestion import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.parse import SplitResult

    from fs_tui.api.proxies import Proxy
    from fs_tui.cli.context import Options
    from fs_tui.credentials.pair import Pair
    from fs_tui.credentials.sources import Lookup
    from fs_tui.settings.options import Settings

__all__ = ["CHECKS", "Check", "Findings", "Verdict"]

Verdict = Literal["ok", "note", "warning", "problem", "skipped"]

_CONNECT_SECONDS = 5.0
_CALL_SECONDS = 10.0
_TMUX_SECONDS = 2.0
_CLOCK_WARNING, _CLOCK_PROBLEM = 10, 60
"""Seconds: a sign is good for 100 by default, and for 60 more nothing is certain."""


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found.

    Attributes:
        name: What was looked at.
        verdict: `note` is neither good nor bad; only `problem` changes the exit status.
        detail: What was found.
        remedy: What to do about it; empty when there is nothing to do.
        exit_status: The status that a problem ends the command with.
    """

    name: str
    verdict: Verdict
    detail: str
    remedy: str = ""
    exit_status: int = 2

    @classmethod
    def failed(cls, name: str, error: FsTuiError, verdict: Verdict = "problem") -> Check:
        """Return an error as what a check found."""
        return cls(name, verdict, str(error), error.hint, error.exit_status)


@dataclass(slots=True)
class Findings:
    """What the checks have found out so far, for those that follow."""

    options: Options
    settings: Settings | None = None
    pairs: dict[str, Pair] = field(default_factory=dict, repr=False)
    reached: bool = False
    clock_offset: float | None = None


def configuration(findings: Findings) -> Iterator[Check]:
    """The configuration file, the profile, and variables that nobody reads."""
    from fs_tui.cli.settings import load
    from fs_tui.settings.sources import config_path
    from fs_tui.tui.keys import keymap

    try:
        findings.settings = settings = load(findings.options)
        keymap(settings.keymap)
    except SettingsError as error:
        yield Check.failed("configuration", error)
    else:
        path = _short(config_path(findings.options.config))
        where = path if settings.config else f"there is no {path}: the defaults are used"
        yield Check("configuration", "ok", f"{where}; profile {settings.profile}")
    known = [variable.name for variable in all_variables()]
    for name in sorted(os.environ):
        if name.startswith(environment.PREFIX) and name not in known:
            remedy = did_you_mean(nearest(name, known)) or f"Unset {name}."
            yield Check("variables", "warning", f"{name} is set and has no effect", remedy)


def sources(findings: Findings) -> Iterator[Check]:
    """Each source of key and secret, and the one that is used."""
    settings = findings.settings
    if findings.options.demo or settings is None:
        yield _skipped("credentials", findings)
        return
    from fs_tui.cli.connect import lookup

    only = findings.options.credential_source or ""
    failed: dict[str, CredentialError] = {}
    order = [source.name for source in lookup(settings, only).sources() if source.ask]
    for name in order:
        yield _source(findings, lookup(settings, name), failed)
    # A source that is set up and fails is what every command stops at, too.
    used = next((name for name in order if name in findings.pairs or name in failed), "")
    if used in findings.pairs:
        yield Check("credentials", "ok", f"taken from: {used}")
    elif used:
        yield Check.failed("credentials", failed[used])
    else:
        error = CredentialError(f"no key and secret in: {', '.join(order) or only}")
        yield Check.failed("credentials", error)
    findings.pairs = {used: findings.pairs[used]} if used in findings.pairs else {}


def _source(findings: Findings, question: Lookup, failed: dict[str, CredentialError]) -> Check:
    """Ask one source, however the others answered."""
    from fs_tui.errors import CredentialsNotFoundError

    name = question.only
    needed = not findings.pairs
    if question.needs_terminal and not needed:
        return Check(name, "note", "is set up, may ask at the terminal, and was not needed")
    try:
        found = question.find()
    except CredentialsNotFoundError as error:
        return Check(name, "note", error.detail)
    except CredentialError as error:
        failed[name] = error
        # What is not needed is worth knowing, and no reason to fail.
        return Check.failed(name, error, "warning" if not needed else "problem")
    findings.pairs[name] = found.pair
    if found.warning:
        detail = f"has a key and a secret; {found.warning}"
        return Check(name, "warning", detail, "Use another source.")
    return Check(name, "ok", "has a key and a secret")


def network(findings: Findings) -> Iterator[Check]:
    """The way to the service: name, port, proxy, certificate."""
    settings = findings.settings
    if findings.options.demo or settings is None:
        yield _skipped("endpoint", findings)
        return
    from urllib.parse import urlsplit

    from fs_tui.api.proxies import find_way
    from fs_tui.background import within

    try:
        way = find_way(settings.endpoint)
    except SettingsError as error:
        yield Check.failed("proxy", error)
        return
    if way.warning:
        yield Check("proxy", "warning", way.warning, "Correct it, or remove it.")
    if way.proxy:
        check = within(_CONNECT_SECONDS * 2, partial(_proxy, way.proxy))
        yield check
        yield Check("endpoint", "skipped", f"{settings.endpoint}: the proxy looks it up")
        findings.reached = check.verdict != "problem"
        return
    yield Check("proxy", "ok", "none: calls go straight to the service")
    parts = urlsplit(settings.endpoint)
    try:
        yield Check("endpoint", "ok", within(_CONNECT_SECONDS * 2, lambda: _reach(parts)))
        findings.reached = True
        if parts.scheme == "https":
            tls = within(_CONNECT_SECONDS * 2, lambda: _handshake(parts, settings.ca_bundle))
            yield Check("TLS", "ok", tls)
        else:
            yield Check("TLS", "skipped", "plain http on this machine")
    except SettingsError as error:
        yield Check.failed("TLS", error)
    except OSError as error:
        yield _network_problem(settings, error, reached=findings.reached)


def _network_problem(settings: Settings, error: OSError, *, reached: bool) -> Check:
    from fs_tui.errors import ConnectError, TLSError

    why = getattr(error, "verify_message", "") or error.strerror or type(error).__name__
    if isinstance(error, TimeoutError):
        why = "no answer in time"
    if not reached:
        hint = "Check the network, and how the endpoint is written."
        return Check.failed("endpoint", ConnectError(f"{settings.endpoint}: {why}", hint=hint))
    return Check.failed("TLS", TLSError(f"{settings.endpoint}: {why}"))


def _reach(parts: SplitResult) -> str:
    address = (parts.hostname or "", parts.port or PORTS[parts.scheme])
    with socket.create_connection(address, _CONNECT_SECONDS) as connection:
        return f"{parts.scheme}://{parts.netloc} answers at {connection.getpeername()[0]}"


def _handshake(parts: SplitResult, ca_bundle: Path | None) -> str:
    from fs_tui.api.certificates import trust

    host = parts.hostname or ""
    with (
        socket.create_connection((host, parts.port or 443), _CONNECT_SECONDS) as plain,
        trust(ca_bundle).wrap_socket(plain, server_hostname=host) as secure,
    ):
        return f"{secure.version()}, the certificate is trusted"


def _proxy(proxy: Proxy) -> Check:
    """Look whether a proxy is there; what it lets through only a call shows."""
    from fs_tui.errors import ConnectError

    told = f"calls go through {proxy.place}, by {proxy.source}"
    address = (proxy.url.raw_host.decode(), proxy.url.port or PORTS[proxy.url.scheme])
    try:
        socket.create_connection(address, _CONNECT_SECONDS).close()
    except OSError as error:
        why = "no answer in time" if isinstance(error, TimeoutError) else error.strerror
        hint = f"Check {proxy.source}, or name the service in NO_PROXY if no proxy is needed."
        return Check.failed("proxy", ConnectError(f"{told}: {why}", hint=hint))
    return Check("proxy", "note", f"{told}; the signed call shows whether it lets them through")


def signed_call(findings: Findings) -> Iterator[Check]:
    """A list of the libraries, signed; and the service's clock, which the answer tells."""
    if findings.settings is None or not (findings.options.demo or findings.pairs):
        yield Check("signed call", "skipped", "there are no credentials to sign with")
        yield Check("clock", "skipped", "it is compared with the answer to a signed call")
        return
    if not findings.options.demo and not findings.reached:
        yield Check("signed call", "skipped", "the service cannot be reached")
        yield Check("clock", "skipped", "the service cannot be reached")
        return
    try:
        count = run(_call(findings, findings.settings))
    except FsTuiError as error:
        call = Check.failed("signed call", error)
    else:
        call = Check("signed call", "ok", f"the account has {count} libraries")
    yield _clock(findings.clock_offset)
    yield call


async def _call(findings: Findings, settings: Settings) -> int:
    from fs_tui.api.client import FaceSearchClient
    from fs_tui.cli.connect import connector
    from fs_tui.cli.settings import transport_options

    if findings.options.demo:
        # What a read-only run has in its place does not know the clock.
        session = await connector(findings.options, settings._replace(read_only=False)).open()
        client = session.gateway
    else:
        (pair,) = findings.pairs.values()
        options = transport_options(settings)._replace(retry_budget=0, total_timeout=_CALL_SECONDS)
        client = FaceSearchClient(settings.endpoint, pair.api_key, pair.api_secret, options=options)
    try:
        return len(await client.libraries())
    finally:
        if isinstance(client, FaceSearchClient):
            findings.clock_offset = client.clock_offset
        await client.aclose()


def _clock(offset: float | None) -> Check:
    if offset is None:
        return Check("clock", "skipped", "no answer said what time it is at the service")
    way = "behind" if offset > 0 else "ahead of"
    detail = f"{abs(offset):.0f} s {way} the service's"
    remedy = "Set the clock: timedatectl set-ntp true."
    if abs(offset) > _CLOCK_PROBLEM:
        return Check("clock", "problem", detail, remedy)
    if abs(offset) > _CLOCK_WARNING:
        return Check("clock", "warning", detail, remedy)
    return Check("clock", "ok", f"within {abs(offset):.0f} s of the service's")


def terminal(findings: Findings) -> Iterator[Check]:  # noqa: ARG001 - as every check
    """What the terminal can show, and over which link."""
    from fs_tui.cli.terminal_check import require_terminal
    from fs_tui.errors import TerminalError
    from fs_tui.tui.terminal.policy import TerminalPolicy, room_wanted

    try:
        require_terminal(os.environ)
    except TerminalError as error:
        yield Check("terminal", "note", error.detail, error.hint)
    else:
        yield Check("terminal", "ok", f"TERM is {os.environ['TERM']}")
    size = shutil.get_terminal_size()
    wanted = room_wanted(size.columns, size.lines)
    yield Check("size", "warning" if wanted else "ok", wanted or f"{size.columns}x{size.lines}")
    yield Check("colours", "ok", _colours())
    slow = TerminalPolicy.choose(os.environ).slow
    yield Check("link", "ok", "SSH: fewer bytes, no mouse reports" if slow else "local")
    yield Check("tmux", "ok", _tmux())


def _tmux() -> str:
    if not os.environ.get("TMUX"):
        return "not inside tmux"
    words = ["tmux", "display-message", "-p", "#{version}, set-clipboard #{set-clipboard}"]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words, the tmux that we run in
            words,
            env=environment.for_children(),
            capture_output=True,
            text=True,
            timeout=_TMUX_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return "inside tmux, which does not answer"
    return f"inside tmux {done.stdout.strip()}"


def _colours() -> str:
    if os.environ.get("NO_COLOR"):
        return "none, because NO_COLOR is set"
    if os.environ.get("COLORTERM") in ("truecolor", "24bit"):
        return "16 million"
    return "256" if "256color" in os.environ.get("TERM", "") else "16; --colors changes it"


def clipboard(findings: Findings) -> Iterator[Check]:
    """How copied text reaches the user's clipboard."""
    from fs_tui.tui.terminal.clipboard import Clipboard

    setting = findings.settings.clipboard if findings.settings else "auto"
    way = Clipboard(setting, send=lambda _text: None).way()
    told = {
        "tmux": "through tmux's buffer (tmux load-buffer -w)",
        "osc52": "by the escape sequence OSC 52, which not every terminal supports",
        "native": "by a program of this desktop",
        "off": "switched off",
    }[way]
    remedy = "Set clipboard in the profile if nothing arrives." if way == "osc52" else ""
    yield Check("clipboard", "note" if way == "osc52" else "ok", told, remedy)


def _skipped(name: str, findings: Findings) -> Check:
    why = "the demo needs none" if findings.options.demo else "the settings cannot be used"
    return Check(name, "skipped", why)


def _short(path: Path) -> str:
    """Return a path without the user's name, which has no place in a ticket."""
    try:
        return str(Path("~") / path.absolute().relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)


CHECKS: tuple[Callable[[Findings], Iterator[Check]], ...] = (
    configuration,
    sources,
    network,
    signed_call,
    terminal,
    clipboard,
)
