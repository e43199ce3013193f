"""The sandbox on a loopback socket: in the foreground for people, in a thread for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from fs_tui.sandbox.faults import Faults
from fs_tui.sandbox.population import Population
from fs_tui.sandbox.service import Service

__all__ = ["Running", "background", "serve"]


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that listens.

    Attributes:
        url: Scheme, host and port: the endpoint for a client.
        service: The app, with `population`, `faults`, `served` and `peak`.
    """

    url: str
    service: Service

    @property
    def faults(self) -> Faults:
        """How it misbehaves; may be changed at any time."""
        return self.service.faults


def serve(*, port: int = 8765, faults: Faults | None = None) -> None:
    """Serve on 127.0.0.1 until ctrl-c; prints the environment lines that point a client at it.

    Args:
        port: 0 takes a free one.
        faults: See `faults.parse_options` for the form of a command line's options.

    Raises:
        UsageError: The port cannot be had.
    """
    raise NotImplementedError


@contextmanager
def background(
    population: Population | None = None, faults: Faults | None = None, *, port: int = 0
) -> Iterator[Running]:
    """A sandbox on a real loopback socket in a thread of this process, until the block ends."""
    raise NotImplementedError
