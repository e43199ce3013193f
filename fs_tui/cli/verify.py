"""`fs-tui verify ID`: whether tokens are in a library, or surely not, for a ticket."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from fs_tui.cli.completion import library_ids
from fs_tui.cli.ending import tell
from fs_tui.cli.output_options import output_options
from fs_tui.errors import ServiceError, UsageError
from fs_tui.records import Field, Kind
from fs_tui.visible import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.account.verification import Presence, Verification
    from fs_tui.cli.context import Options
    from fs_tui.cli.output_options import Output
    from fs_tui.gateway import Gateway, Session

__all__ = ["verify"]

FIELDS = (
    Field("face_token", firm=True),
    Field("state", "state.value", firm=True),
    Field("asked_at", kind=Kind.TIME),
    Field("request_id"),
    Field("error"),
)

_OTHER_STATE = 5
_UNKNOWN = 3
_REFUSED = 1


@click.command(
    epilog="""\b
Examples:
  fs-tui faces pilot-100 --fields face_token --csv | fs-tui verify pilot-100 --present --from -
  fs-tui verify pilot-100 --absent 0123456789abcdef0123456789abcdef --json > proof.json

Each token is asked with one request, without reading the library. The service has the same answer
for a face that is not there and for a token that never was one: so a token must look like those of
the library, and a face that is listed is asked before and after, or the answer is 'not known'.
Exit status: 0 all are as asked for, 5 some are not, 3 some are not known (1 where the service
refused).
"""
)
@click.argument("group_id", metavar="ID", shell_complete=library_ids)
@click.argument("tokens", metavar="[TOKEN]...", nargs=-1)
@click.option("--absent", is_flag=True, help="Expect every token to be missing.")
@click.option("--present", is_flag=True, help="Expect every token to be there.")
@click.option(
    "--from",
    "source",
    metavar="FILE",
    help="Take the tokens from FILE (.txt, .csv, .json or .jsonl); - is standard input.",
)
@output_options(FIELDS)
@click.pass_obj
def verify(
    options: Options,
    *,
    group_id: str,
    tokens: tuple[str, ...],
    absent: bool,
    present: bool,
    source: str | None,
    output: Output,
) -> int:
    """Check whether face tokens are in a library."""
    from fs_tui.account.verification import Presence
    from fs_tui.account.verification import verify as ask_all
    from fs_tui.cli.output import write_all
    from fs_tui.cli.progress import progress
    from fs_tui.cli.session import with_session

    if absent is present:
        raise UsageError(
            "--absent and --present cannot be combined."
            if absent
            else "Neither --absent nor --present is given.",
            hint="Say what is expected.",
        )
    given = _given(tokens, source)

    gateways = []

    async def ask(session: Session) -> Verification:
        gateways.append(session.gateway)
        with progress("Asking", len(given), noun="tokens", shown=True) as done:
            found = await ask_all(session.gateway, group_id, given, progress=done)
        await write_all(output, found.answers, noun=("answer",))
        return found

    found = with_session(options, ask, kept=False)
    expected = Presence.NOT_THERE if absent else Presence.THERE
    kept = _said_of_kept(gateways[0], group_id)
    tell(_sentence(found, expected, kept, mask=output.mask))
    return _status(found, expected)


def _given(tokens: Sequence[str], source: str | None) -> list[str]:
    """The tokens of the command line or of the file.

    Raises:
        UsageError: There are none, or both are given.
    """
    if tokens and source is not None:
        raise UsageError("TOKEN and --from cannot be combined.", hint="Use one of them.")
    if source is None:
        found = list(tokens)
        where = "on the command line"
    else:
        from fs_tui.account.id_files import STANDARD_INPUT, read_rows

        found = [row.face_token or "" for row in read_rows(source, "face_token")]
        where = "in standard input" if source == STANDARD_INPUT else f"in {PurePath(source).name}"
    if not any(token.strip() for token in found):
        raise UsageError(f"There is no token {where}.", hint="Give at least one to ask about.")
    return found


def _said_of_kept(gateway: Gateway, group_id: str) -> str:
    """Whether what is gone left what is kept on this machine; the session has ended by now."""
    from fs_tui.cli.keeping import index_folder
    from fs_tui.faces.index.keeper import count_aside, count_of
    from fs_tui.faces.kept_gateway import KeptGateway
    from fs_tui.words import count

    folder = index_folder()
    there = count_of(folder, "*")
    if not there:
        return "nothing is kept on this machine"
    if not isinstance(gateway, KeptGateway) or group_id in gateway.uncleaned:
        return "kept files NOT cleaned"
    left = (
        (there - count_of(folder, gateway.mark), "of another key"),
        (count_aside(folder, gateway.mark), "put aside"),
    )
    but = " and ".join(f"{count(some, 'index', 'indexes')} {how}" for some, how in left if some)
    return f"kept files cleaned but for {but}" if but else "kept files cleaned"


def _sentence(found: Verification, expected: Presence, kept: str, *, mask: bool) -> str:
    """What was found out, for a ticket."""
    from fs_tui.account.verification import Presence
    from fs_tui.words import count, time_span

    number = len(found.answers)
    parts = [f"{found.count(expected):,} of {number:,} {expected.value} in {found.group_id}"]
    others = [state for state in Presence if state is not expected and found.count(state)]
    parts += [f"{found.count(state):,} {state.value}" for state in others]
    if found.repeated:
        parts.append(f"{count(found.repeated, 'token')} given more than once")
    parts.append(f"asked {time_span(found.started, found.ended)}")
    if found.doubt:
        parts.append(found.doubt)
    elif found.known:
        token = found.known[0].face_token
        shown = masked(token) if mask else token[:8]
        parts.append(f"the listed face {shown} was found before and after")
    else:
        parts.append("the library lists no face")
    if expected is Presence.NOT_THERE:
        parts += [kept, "exports and other copies are not covered"]
    return "; ".join(parts)


def _status(found: Verification, expected: Presence) -> int:
    from fs_tui.account.verification import Presence

    unknown = [answer for answer in found.answers if answer.state is Presence.NOT_KNOWN]
    failures = [answer.failure for answer in unknown if isinstance(answer.failure, ServiceError)]
    if any(failure.exit_status == _REFUSED for failure in failures):
        return _REFUSED
    if unknown:
        return _UNKNOWN
    return 0 if found.count(expected) == len(found.answers) else _OTHER_STATE
