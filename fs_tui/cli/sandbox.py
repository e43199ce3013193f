"""`fs-tui sandbox`."""

from __future__ import annotations

import click

__all__ = ["sandbox"]


@click.command(
    epilog="""\b
Examples:
  fs-tui sandbox --port 8765
  fs-tui sandbox --port 0 --fault page_cap=100 --fault latency=0.2
"""
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    metavar="N",
    show_default=True,
    help="Port on 127.0.0.1; 0 takes a free one.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME=VALUE",
    help="Let it misbehave; an unknown NAME lists the known ones.",
)
def sandbox(*, port: int, faults: tuple[str, ...]) -> None:
    """Serve a FaceSearch service of our own on this machine, until ctrl-c.

    It prints the environment lines that point a client at it. Its libraries are made up and the
    same at every start; what is created in it is gone when it ends.
    """
    from fs_tui.sandbox.options import parse_options
    from fs_tui.sandbox.serve import serve

    serve(port=port, faults=parse_options(faults))
