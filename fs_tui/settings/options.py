"""Owns the options that there are: their names, meanings, bounds and defaults."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the file's check reads the annotations
from pathlib import Path  # noqa: TC003 - the same
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from fs_tui.endpoint import DEFAULT_ENDPOINT

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["DEFAULT_PROFILE", "Clipboard", "Colors", "Mouse", "Settings"]

DEFAULT_PROFILE = "default"

Clipboard = Literal["auto", "tmux", "osc52", "native", "off"]
Colors = Literal["auto", "16", "256", "true"]
Mouse = Literal["auto", "on", "off"]


class _Between(NamedTuple):
    """Bounds of a number, both allowed; pydantic is not imported for them before it is needed."""

    least: float
    most: float

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        # Any: the schemas of pydantic, which is not imported here.
        return {**handler(source), "ge": self.least, "le": self.most}


_Timeout = Annotated[float, _Between(0.001, 3600)]


class Settings(NamedTuple):
    """The options of one run.

    Attributes:
        profile: The profile's name.
        config: The configuration file that was read; None when there is none.
        endpoint: Scheme and host; plain http on loopback only.
        read_only: Libraries cannot be created.
        ca_bundle: A PEM file of certificates that are trusted beside the system's.
        connect_timeout: Seconds to reach the service and to agree on TLS, each.
        read_timeout: Seconds between two pieces of an answer.
        total_timeout: Seconds of one attempt, from connecting to the last byte.
        retry_budget: Seconds after which a read is not tried again; 0 means one attempt only.
        sign_lifetime: Seconds that a sign is good; the vendor's samples use 100.
        concurrency: Requests of a scan under way at once, 1 to 8.
        credential_command: A program and its arguments that prints key and secret as JSON.
        keyring_backend: A backend named in full, in place of the platform's own; empty for that.
        clipboard: How copied text travels.
        theme: A Textual theme's name; empty takes the program's own.
        colors: The colours that the terminal has.
        mouse: Whether the terminal reports the mouse; `auto` leaves it to the link.
        auto_reload: Seconds between looks whether faces came or went; 0 is off.
        keymap: Action name to its keys.
        log: Write a redacted log into the state folder.
        keep: Keep an encrypted index of each library on this machine; where it is not set, the
            browser asks, and what `index sync` made is read; `false` reads none.
        keep_days: Days after its last use when a kept index is removed.
    """

    profile: str = DEFAULT_PROFILE
    config: Path | None = None
    endpoint: str = DEFAULT_ENDPOINT
    read_only: bool = False
    ca_bundle: Path | None = None
    connect_timeout: _Timeout = 10.0
    read_timeout: _Timeout = 20.0
    total_timeout: _Timeout = 60.0
    retry_budget: Annotated[float, _Between(0, 3600)] = 30.0
    sign_lifetime: Annotated[int, _Between(1, 3600)] = 100
    concurrency: Annotated[int, _Between(1, 8)] = 1
    credential_command: tuple[str, ...] = ()
    keyring_backend: str = ""
    clipboard: Clipboard = "auto"
    theme: str = ""
    colors: Colors = "auto"
    mouse: Mouse = "auto"
    auto_reload: Annotated[float, _Between(0, 86_400)] = 0.0
    keymap: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    log: bool = False
    keep: bool | None = None
    keep_days: Annotated[float, _Between(0, 3650)] = 30.0
