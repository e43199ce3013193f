"""The five calls of the FaceSearch service as an ASGI app."""

from __future__ import annotations

import time
from collections.abc import Callable

from fs_tui.sandbox.faults import Faults
from fs_tui.sandbox.population import Population

__all__ = ["DEMO_API_KEY", "DEMO_API_SECRET", "Service", "build_app"]

DEMO_API_KEY = "sandbox-key-0123456789"
DEMO_API_SECRET = "sandbox-secret-9876543210"  # noqa: S105 - opens the sandbox and nothing else


class Service:
    """The sandbox as an ASGI app.

    Attributes:
        population: The libraries; created ones are added to it.
        faults: How it misbehaves; may be changed at any time.
        served: How many calls of each name were received.
        peak: The most calls that were under way at once.
    """


def build_app(
    population: Population | None = None,
    faults: Faults | None = None,
    *,
    clock: Callable[[], float] = time.time,
) -> Service:
    """A fresh sandbox: an ASGI app for httpx.ASGITransport or uvicorn.

    Args:
        population: The libraries that it starts with; the demo's own when not given.
        faults: How it misbehaves; `app.faults` is this object.
        clock: Seconds since 1970.
    """
    raise NotImplementedError
