"""Turns the flags of the command line into the settings of this run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fs_tui.api.transport import TransportOptions
    from fs_tui.cli.context import BrowserFlags, Options
    from fs_tui.settings.options import Settings

__all__ = ["load", "load_other", "profiles", "transport_options"]


def load(options: Options, browser: BrowserFlags | None = None) -> Settings:
    """Return the settings of this run.

    Raises:
        SettingsError: Names the file, variable or flag, and what would be right.
    """
    from fs_tui.settings import sources

    flags: dict[str, object] = {
        "endpoint": options.endpoint,
        # A flag that was not given must not switch off what the file switches on.
        "read_only": options.read_only or None,
        "log": options.log or None,
        "concurrency": options.concurrency,
    }
    if browser is not None:
        flags["colors"] = browser.colors
        flags["concurrency"] = browser.concurrency
        flags["mouse"] = {None: None, True: "on", False: "off"}[browser.mouse]
    return sources.load(flags, profile=options.profile, config=options.config)


def load_other(options: Options, profile: str) -> Settings:
    """Return the settings of another profile: what this run says of its own is not for that one.

    Raises:
        SettingsError: As `load`.
    """
    from fs_tui.settings import sources

    environ = {name: text for name, text in os.environ.items() if name != "FS_TUI_ENDPOINT"}
    flags = {"read_only": True, "log": options.log or None}
    return sources.load(flags, profile=profile, config=options.config, environ=environ)


def profiles(options: Options) -> frozenset[str]:
    """Return the names of all profiles.

    Raises:
        SettingsError: The configuration file cannot be read.
    """
    from fs_tui.settings import sources

    return sources.profiles(options.config)


def transport_options(settings: Settings) -> TransportOptions:
    """Return how the service is called; imports the HTTP client."""
    from fs_tui.api.transport import TransportOptions

    return TransportOptions(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        total_timeout=settings.total_timeout,
        retry_budget=settings.retry_budget,
        sign_lifetime=settings.sign_lifetime,
        ca_bundle=settings.ca_bundle,
    )
