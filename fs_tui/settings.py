"""Owns the settings: flags over environment over the configuration file over defaults.

    flags ───────────────┐
    FS_TUI_ENDPOINT … ───┤
    [profiles.NAME] ─────┼──► Settings
    top level of the file┤
    defaults ────────────┘

Every option may stand at the top of the file, for all profiles, or in `[profiles.NAME]`, for one.
Nothing is read from the current folder, and importing this module loads no pydantic.
"""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import SplitResult, urlsplit

from fs_tui.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEFAULT_ENDPOINT",
    "DEFAULT_PROFILE",
    "Clipboard",
    "Colors",
    "Mouse",
    "Settings",
    "check_endpoint",
    "config_path",
    "endpoint_from",
    "load",
]

DEFAULT_ENDPOINT = "https://api-sgp.yljz.com"
DEFAULT_PROFILE = "default"

Clipboard = Literal["auto", "tmux", "osc52", "native", "off"]
Colors = Literal["auto", "16", "256", "true"]
Mouse = Literal["auto", "on", "off"]

_HOST = re.compile(r"[\w.-]+|[0-9A-Fa-f:.]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of one run; all times are seconds.

    Attributes:
        profile: The profile's name.
        config: The configuration file that was read; None when there is none.
        endpoint: Scheme and host, without a final slash.
        read_only: Creating libraries is taken away.
        ca_bundle: A PEM file of certificates that are trusted beside the system's.
        connect_timeout: To reach the service and to agree on TLS, each.
        read_timeout: Between two pieces of an answer.
        total_timeout: One attempt, from connecting to the last byte.
        retry_budget: No further attempt is begun after so long; 0 means one attempt only.
        sign_lifetime: How long a sign is good, 1 to 3600; the vendor's samples use 100.
        concurrency: Requests under way at once in a scan, 1 to 8.
        credential_command: A program and its arguments that prints key and secret as JSON.
        keyring_backend: A backend named in full, in place of the platform's own; empty for that.
        clipboard: How copied text travels.
        theme: A Textual theme's name; empty takes the program's own.
        colors: The colours that the terminal has.
        mouse: Whether the terminal reports the mouse; `auto` leaves it to the link.
        auto_reload: Pause between reloads of what is looked at; 0 is off.
        keymap: Action name to its keys.
        log: Write a redacted log into the state folder.
    """

    profile: str = DEFAULT_PROFILE
    config: Path | None = None
    endpoint: str = DEFAULT_ENDPOINT
    read_only: bool = False
    ca_bundle: Path | None = None
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    total_timeout: float = 60.0
    retry_budget: float = 30.0
    sign_lifetime: int = 100
    concurrency: int = 1
    credential_command: tuple[str, ...] = ()
    keyring_backend: str = ""
    clipboard: Clipboard = "auto"
    theme: str = ""
    colors: Colors = "auto"
    mouse: Mouse = "auto"
    auto_reload: float = 0.0
    keymap: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    log: bool = False


def load(
    flags: Mapping[str, object] | None = None,
    *,
    profile: str | None = None,
    config: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Return the settings of this run.

    Args:
        flags: What the command line said, by the names of Settings; None values were not said.
        profile: `--profile`; else FS_TUI_PROFILE, else `profile` of the file, else `default`.
        config: `--config`; else FS_TUI_CONFIG, else the platform's folder.
        environ: The environment.

    Raises:
        SettingsError: Names the file or the variable, the key, and what would be right.
    """
    if profile == "":
        # A script's variable that is not set; the default would be another service.
        raise SettingsError("--profile: it is empty", hint="Name a profile, or leave it away.")
    said = {name: value for name, value in (flags or {}).items() if value is not None}
    asked = profile or environ.get("FS_TUI_PROFILE") or ""
    path = config_path(config, environ)
    if config or environ.get("FS_TUI_CONFIG") or _is_there(path):
        from fs_tui.settings_file import read

        return read(path, said, asked, environ)
    # Without a file nothing is left to validate but the endpoint: the first frame does not wait
    # for pydantic.
    if asked not in ("", DEFAULT_PROFILE):
        raise SettingsError(
            f"there is no profile '{asked}', because there is no configuration file",
            hint=f"Write [profiles.{asked}] into {path}.",
        )
    known: dict[str, Any] = dict(said)  # Any: the command line has checked each value's type
    known["endpoint"] = endpoint_from(said, environ) or DEFAULT_ENDPOINT
    return replace(Settings(), **known)


def _is_there(path: Path) -> bool:
    """Whether there is something to read; what cannot be looked at is for the reader to say."""
    try:
        return path.exists()
    except OSError:
        return True


def config_path(config: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the configuration file is looked for, whether it exists or not."""
    named = config or environ.get("FS_TUI_CONFIG")
    if named:
        return Path(os.path.expanduser(named))  # noqa: PTH111 - Path's raises for an unknown user
    import platformdirs

    return platformdirs.user_config_path("fs-tui", appauthor=False) / "config.toml"


def endpoint_from(flags: Mapping[str, object], environ: Mapping[str, str]) -> str:
    """Return the checked endpoint of the command line or the environment; empty without one.

    Raises:
        SettingsError: It cannot be used; names where it was given.
    """
    for where, text in (
        ("--endpoint", flags.get("endpoint")),
        ("FS_TUI_ENDPOINT", environ.get("FS_TUI_ENDPOINT") or None),
    ):
        if text is not None:
            try:
                return check_endpoint(str(text))
            except SettingsError as error:
                raise SettingsError(f"{where}: {error.detail}", hint=error.hint) from None
    return ""


def check_endpoint(text: str) -> str:
    """Return an endpoint as scheme and host, or say what is wrong with it.

    Raises:
        SettingsError: It holds more than scheme, host and port, or is http and not loopback. The
            text itself is not repeated: it may hold a password.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _bad_endpoint("the endpoint cannot be read") from None
    if parts.scheme not in ("https", "http") or not _HOST.fullmatch(host):
        raise _bad_endpoint("the endpoint is not scheme and host")
    if "@" in parts.netloc:
        raise _bad_endpoint("the endpoint holds a user name or password")
    if _more_than_host(parts):
        raise _bad_endpoint("the endpoint holds more than scheme and host; the paths are added")
    if parts.scheme == "http" and not _is_loopback(host):
        raise _bad_endpoint("the endpoint is http, which would show signed calls to the network")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + ("" if port is None else f":{port}")


def _more_than_host(parts: SplitResult) -> bool:
    return bool(parts.path.strip("/") or parts.query or parts.fragment)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bad_endpoint(detail: str) -> SettingsError:
    return SettingsError(
        detail,
        hint=f"Give scheme and host, for example {DEFAULT_ENDPOINT}; http for loopback only.",
    )
