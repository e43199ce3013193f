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

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from fs_tui.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "DEFAULT_ENDPOINT",
    "DEFAULT_PROFILE",
    "Clipboard",
    "Colors",
    "Mouse",
    "Settings",
    "check_endpoint",
    "config_path",
    "load",
]

DEFAULT_ENDPOINT = "https://api-sgp.yljz.com"
DEFAULT_PROFILE = "default"

Clipboard = Literal["auto", "tmux", "osc52", "native", "off"]
Colors = Literal["auto", "16", "256", "true"]
Mouse = Literal["auto", "on", "off"]

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


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
    raise NotImplementedError


def config_path(config: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the configuration file is looked for, whether it exists or not."""
    raise NotImplementedError


def check_endpoint(text: str) -> str:
    """Return an endpoint as scheme and host, or say what is wrong with it.

    Raises:
        SettingsError: It holds more than scheme, host and port, or is http and not loopback.
    """
    raise NotImplementedError
