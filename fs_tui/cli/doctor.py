"""`fs-tui doctor`: checks in turn, each with verdict and remedy; safe to paste into a ticket."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import click

from fs_tui.cli.output_options import json_option
from fs_tui.records import Field, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.cli.checks import Check
    from fs_tui.cli.context import Options

__all__ = ["doctor"]

_FIELDS = (Field("check", "name"), Field("verdict"), Field("detail"), Field("remedy"))
_NAME_WIDTH = 14
_VERDICT_WIDTH = 8


@click.command(
    epilog="""\b
Examples:
  fs-tui doctor
  fs-tui --demo doctor --json
"""
)
@json_option
@click.pass_obj
def doctor(options: Options, *, as_json: bool) -> int:
    """Check settings, credentials, network and terminal.

    Each check has a verdict and, where something is to be done, a remedy. Nothing secret is
    printed. The exit status is that of the problems, of several as for every command; 0 when there
    is none.
    """
    from fs_tui.cli.checks import CHECKS, Findings
    from fs_tui.cli.ending import combined
    from fs_tui.cli.output import stdout, write_document

    findings = Findings(options)
    found: list[Check] = []
    stream = stdout()
    for check in chain.from_iterable(look(findings) for look in CHECKS):
        found.append(check)
        if not as_json:
            stream.writelines(f"{line}\n" for line in _lines(check))
            stream.flush()
    if as_json:
        write_document([record(_FIELDS, check) for check in found])
    return combined(0, *(check.exit_status for check in found if check.verdict == "problem"))


def _lines(check: Check) -> Iterator[str]:
    from fs_tui.visible import visible

    yield (f"{check.verdict:<{_VERDICT_WIDTH}} {check.name:<{_NAME_WIDTH}} {visible(check.detail)}")
    if check.remedy:
        yield f"{'':<{_VERDICT_WIDTH + _NAME_WIDTH + 1}} → {visible(check.remedy)}"
