"""Makes the process safe to hold secrets in, before anything else is imported."""

from __future__ import annotations

import os
from contextlib import suppress

__all__ = ["TRACING", "clean"]

TRACING = (
    "TEXTUAL",  # switches of the developer tools: devtools, debug, screenshots
    "TEXTUAL_LOG",
    "TEXTUAL_DEBUG",
    "TEXTUAL_DEVTOOLS_HOST",
    "TEXTUAL_DEVTOOLS_PORT",
    "TEXTUAL_DRIVER",
    "TEXTUAL_PRESS",
    "TEXTUAL_SCREENSHOT",
    "TEXTUAL_SCREENSHOT_LOCATION",
    "TEXTUAL_SCREENSHOT_FILENAME",
    "SSLKEYLOGFILE",
    "PYTHONASYNCIODEBUG",
    "HTTPX_LOG_LEVEL",
)
"""Variables that make libraries write typed text, forms or session keys somewhere, or load code."""


def clean(*, dev: bool = False) -> None:
    """Drop the tracing variables unless `dev`, forbid core dumps, and make new files private."""
    if not dev:
        for name in TRACING:
            os.environ.pop(name, None)
    os.umask(0o077)
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
