"""Puts the settings of a run together: flags over environment over the file over defaults.

    flags ───────────────┐
    FS_TUI_ENDPOINT … ───┤
    [profiles.NAME] ─────┼──► Settings
    top level of the file┤
    defaults ────────────┘

Every option may stand at the top of the file, for all profiles, or in `[profiles.NAME]`, for one.
Nothing is read from the current folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fs_tui.endpoint import normalised
from fs_tui.errors import SettingsError
from fs_tui.settings.options import DEFAULT_PROFILE, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["config_path", "load", "profiles"]


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
        raise SettingsError("--profile: it is empty", hint="Name a profile, or omit --profile.")
    # Any: the command line has checked each value's type.
    said: dict[str, Any] = {
        name: value for name, value in (flags or {}).items() if value is not None
    }
    if endpoint := _endpoint(said, environ):
        said["endpoint"] = endpoint
    asked = profile or environ.get("FS_TUI_PROFILE") or ""
    path = config_path(config, environ)
    if config or environ.get("FS_TUI_CONFIG") or _is_there(path):
        from fs_tui.settings.file import read

        return read(path, asked)._replace(**said)
    # The first frame does not wait for the file's reader, where there is no file.
    if asked not in ("", DEFAULT_PROFILE):
        raise SettingsError(
            f"there is no profile '{asked}', because there is no configuration file",
            hint=f"Write [profiles.{asked}] into {path}.",
        )
    return Settings(**said)


def profiles(config: Path | None = None, environ: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Return the names of all profiles; `default` is one whether it is written down or not.

    Raises:
        SettingsError: The configuration file cannot be read.
    """
    path = config_path(config, environ)
    if not (config or environ.get("FS_TUI_CONFIG") or _is_there(path)):
        return frozenset({DEFAULT_PROFILE})
    from fs_tui.settings import file

    return file.profiles(path) | {DEFAULT_PROFILE}


def config_path(config: Path | None = None, environ: Mapping[str, str] = os.environ) -> Path:
    """Return where the configuration file is looked for, whether it exists or not."""
    named = config or environ.get("FS_TUI_CONFIG")
    if named:
        return Path(os.path.expanduser(named))  # noqa: PTH111 - Path's raises for an unknown user
    import platformdirs

    return platformdirs.user_config_path("fs-tui", appauthor=False) / "config.toml"


def _is_there(path: Path) -> bool:
    """Whether there is something to read; what cannot be looked at is for the reader to say.

    A link that leads nowhere is there: what it should lead to may say `read_only`.
    """
    if not path.is_absolute():
        # A folder that cannot be told (no HOME) is not the current one.
        return False
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _endpoint(flags: Mapping[str, Any], environ: Mapping[str, str]) -> str:
    """Return the endpoint of the command line or the environment; empty without one."""
    for place, text in (
        ("--endpoint", flags.get("endpoint")),
        ("FS_TUI_ENDPOINT", environ.get("FS_TUI_ENDPOINT") or None),
    ):
        if text is not None:
            try:
                return normalised(text)
            except SettingsError as error:
                raise SettingsError(f"{place}: {error.detail}", hint=error.hint) from None
    return ""
