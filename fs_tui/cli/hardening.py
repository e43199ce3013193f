"""Makes the process safe to hold secrets in, before anything else is imported."""

from __future__ import annotations

import os
from contextlib import suppress

__all__ = ["harden"]

_TRACING = ("SSLKEYLOGFILE", "PYTHONASYNCIODEBUG")
"""Variables that make libraries write session keys, or the values that tasks work on."""

_HARMLESS = (
    "TEXTUAL_ANIMATIONS",
    "TEXTUAL_COLOR_SYSTEM",
    "TEXTUAL_DIM_FACTOR",
    "TEXTUAL_DISABLE_KITTY_KEY",
    "TEXTUAL_FPS",
    "TEXTUAL_SMOOTH_SCROLL",
    "TEXTUAL_SPEEDUPS",
    "TEXTUAL_THEME",
)
"""Textual's other variables log what is typed, save screenshots, press keys or load code."""


def harden(*, dev: bool = False) -> None:
    """Settle the environment, forbid core dumps, and make new files private.

    Args:
        dev: Keep the variables that make libraries trace and log.
    """
    if os.environ.get("NO_COLOR") == "":
        # An empty one is not set, says its specification; Textual looks whether it is there.
        del os.environ["NO_COLOR"]
    if not dev:
        for name in tuple(os.environ):
            if name in _TRACING or (name.startswith("TEXTUAL") and name not in _HARMLESS):
                del os.environ[name]
    os.umask(0o077)
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
