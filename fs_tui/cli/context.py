"""The options that every command takes, and how they travel to it.

fs-tui [global options] COMMAND [global options, options] ARGUMENTS

Each global option may stand on either side of the command; the one nearer to it wins. The value is
kept in `click.Context.obj` as `Options`; commands get it with `@click.pass_obj`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from fs_tui import __version__
from fs_tui.credentials.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "GLOBAL_OPTIONS",
    "BrowserFlags",
    "Options",
    "concurrency_option",
    "fresh_option",
    "refuse_what_is_no_text",
]

_SOURCE_NAMES = tuple(source.name for source in SOURCES)


class Options(NamedTuple):
    """What was said on the command line; None and False mean that it was not said.

    Attributes:
        profile: Name of the profile in the configuration file.
        endpoint: Scheme and host of the service.
        config: The configuration file.
        demo: Use the built-in sandbox, inside this process.
        read_only: Take `create` away.
        credential_source: The one of SOURCES, by name, that is asked for key and secret.
        log: Write a redacted log into the state folder.
        log_requests: Write the request records into this file, as JSON Lines.
        dev: Keep the variables that make libraries trace and log.
        concurrency: Requests under way at once while reading, 1 to 8.
        fresh: Ask the service for everything, whatever is kept.
        quiet: Show nothing of what credential_command says: a shell asks, not a person.
    """

    profile: str | None = None
    endpoint: str | None = None
    config: Path | None = None
    demo: bool = False
    read_only: bool = False
    credential_source: str | None = None
    log: bool = False
    log_requests: Path | None = None
    dev: bool = False
    concurrency: int | None = None
    fresh: bool = False
    quiet: bool = False


class BrowserFlags(NamedTuple):
    """The flags that only the browser takes; None and False mean that they were not said.

    Attributes:
        library: The id of the library to open first.
        slow: Spare bytes, as over SSH.
        mouse: Report the mouse, or never; None leaves it to the link.
        colors: `16`, `256` or `true`.
        concurrency: Requests under way at once while loading all, 1 to 8.
        mask: Begin with what tells of a person masked.
    """

    library: str | None = None
    slow: bool = False
    mouse: bool | None = None
    colors: str | None = None
    concurrency: int | None = None
    mask: bool = False


class _GlobalOption(click.Option):
    """Described in the help of `fs-tui` itself; taken, and completed, everywhere."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        return None if ctx.parent else super().get_help_record(ctx)


class _Text(click.types.StringParamType):
    """A text: bytes that are none, which come as halves of surrogate pairs, are refused."""

    def convert(
        self,
        value: Any,  # whatever click has
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        text = str(super().convert(value, param, ctx))
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail("it holds bytes that are not text; type it again as UTF-8", param, ctx)
        return text


def refuse_what_is_no_text(command: click.Command) -> None:
    """Let all texts that a command takes be texts; the names of files may be any bytes."""
    for param in command.params:
        if type(param.type) is click.types.StringParamType:
            param.type = _Text()


def _keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:  # Any: click's values
    """Write one global option into the context's `Options`, when it was given here."""
    if value is None or value is False:
        return
    options = ctx.obj if isinstance(ctx.obj, Options) else Options()
    ctx.obj = options._replace(**{str(param.name): value})


def _tell_version(ctx: click.Context, _param: click.Parameter, value: Any) -> None:  # the same
    if value and not ctx.resilient_parsing:
        click.echo(f"fs-tui {__version__}")
        ctx.exit()


def _option(*names: str, **settings: Any) -> click.Option:  # Any: click's keywords
    return _GlobalOption(names, **{"expose_value": False, "callback": _keep, **settings})


def _kept_option(
    *names: str, **settings: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option of some commands that Options holds."""
    return click.option(*names, expose_value=False, callback=_keep, **settings)


fresh_option = _kept_option(
    "--fresh", is_flag=True, help="Ask the service for everything, whatever is kept of it."
)
concurrency_option = _kept_option(
    "--concurrency",
    type=click.IntRange(1, 8),
    metavar="N",
    help="Concurrent requests; production shares the account's quota.",
)

_PATH = click.Path(path_type=Path, dir_okay=False)

GLOBAL_OPTIONS = (
    _option("--profile", metavar="NAME", help="Profile of the configuration file."),
    _option("--endpoint", metavar="URL", help="Service to talk to: scheme and host."),
    _option("--config", type=_PATH, metavar="FILE", help="Configuration file."),
    _option("--demo", is_flag=True, help="Use the built-in sandbox: no account, no network."),
    _option("--read-only", is_flag=True, help="Refuse to create libraries."),
    _option(
        "--credential-source",
        type=click.Choice(_SOURCE_NAMES),
        metavar="NAME",
        help=f"Read key and secret only from this source: {', '.join(_SOURCE_NAMES)}.",
    ),
    _option("--log", is_flag=True, help="Write a redacted log into the state folder."),
    _option(
        "--log-requests",
        type=_PATH,
        metavar="FILE",
        help="Append a record of each request to FILE, without personal data.",
    ),
    _option("--dev", is_flag=True, help="Keep the variables that make libraries trace and log."),
    _option(
        "--version",
        is_flag=True,
        is_eager=True,
        callback=_tell_version,
        help="Show the version and exit.",
    ),
)
