"""`fs-tui sandbox`."""

from __future__ import annotations

import click

__all__ = ["sandbox"]


@click.command(
    epilog="""\b
Examples:
  fs-tui sandbox --port 8765
  fs-tui sandbox --port 0 --fault page_cap=100 --fault latency=0.2
  fs-tui sandbox --running --change add,library=pilot-100,count=13
  fs-tui sandbox --running --change 'delete,library=city_main,positions=[7,4000000]'
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
    help="Make it misbehave.",
)
@click.option(
    "--change",
    "changes",
    multiple=True,
    metavar="NAME,library=ID...",
    help="Change a library: add, delete or edit faces, and more.",
)
@click.option(
    "--account",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    show_default=True,
    help="Another account has other credentials, and the same people under other face tokens.",
)
@click.option(
    "--running",
    is_flag=True,
    help="Send faults and changes to the sandbox that runs at --port, instead of starting one.",
)
@click.option("--list", "listing", is_flag=True, help="List all faults and changes, and exit.")
def sandbox(
    *,
    port: int,
    faults: tuple[str, ...],
    changes: tuple[str, ...],
    account: int,
    running: bool,
    listing: bool,
) -> None:
    """Serve a FaceSearch service of our own on this machine, until ctrl-c.

    It prints the environment lines that point a client at it. Its libraries are made up and the
    same at every start; what is created in it is gone when it ends.
    """
    from fs_tui.sandbox import control, options
    from fs_tui.sandbox.serve import serve, steer
    from fs_tui.sandbox.service import build_app

    if listing:
        click.echo("\n".join(options.help_lines()))
        return
    misbehaviour = options.parse_faults(faults)
    wanted = [options.parse_change(text) for text in changes]
    if running:
        for path, content in [
            *[(control.FAULTS_PATH, misbehaviour)] * bool(misbehaviour),
            *((control.CHANGES_PATH, change) for change in wanted),
        ]:
            click.echo(steer(path, content, port=port))
        return
    service = build_app(account=account)
    options.apply(service.faults, misbehaviour)
    for change in wanted:
        options.change(service.population, change)
    serve(service, port=port)
