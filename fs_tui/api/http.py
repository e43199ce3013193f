"""The one place that imports the HTTP library, so that a successor is one line away."""

from __future__ import annotations

import sys

# httpx takes its command line along where click and rich are there, and does without it where they
# are not: a twelfth of the time from the connection to the first faces. None says it is not there.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # the stubs know modules only

import httpx  # noqa: E402 - after the line above

__all__ = ["httpx"]
