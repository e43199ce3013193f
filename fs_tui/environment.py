"""Owns the variables that say where and how, and what of the environment our children inherit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PREFIX", "VARIABLES", "Variable", "for_children"]

PREFIX = "FS_TUI_"
"""How the names of our own variables begin."""


class Variable(NamedTuple):
    """A variable that the program reads.

    Attributes:
        name: Its name.
        meaning: What it says, one sentence for the man page.
    """

    name: str
    meaning: str


VARIABLES = (
    Variable(f"{PREFIX}ENDPOINT", "Scheme and host of the service, as --endpoint."),
    Variable(f"{PREFIX}PROFILE", "Profile of the configuration file, as --profile."),
    Variable(f"{PREFIX}CONFIG", "The configuration file, as --config."),
)
"""Those that hold nothing secret; see `credentials.sources` for the others."""


def for_children(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment for a process that we start: ours without credentials.

    Of our own variables only those of VARIABLES are handed on, so that one that is misspelt, or
    that comes later, is not either.
    """
    public = {variable.name for variable in VARIABLES}
    return {
        name: text
        for name, text in (os.environ if environ is None else environ).items()
        if name in public or not name.startswith(PREFIX)
    }
