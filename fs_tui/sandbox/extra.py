"""The `demo` extra: what the sandbox needs beyond the program, and what is said without it."""

from __future__ import annotations

from fs_tui.errors import SettingsError

__all__ = ["missing_extra"]


def missing_extra(error: ModuleNotFoundError) -> SettingsError:
    """The error to raise when a package of the `demo` extra is not installed."""
    package = (error.name or "").partition(".")[0]
    return SettingsError(
        f"The built-in sandbox needs the package {package}, which is not installed.",
        hint="Install it with: pip install 'fs-tui[demo]'",
    )
