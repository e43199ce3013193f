"""Faults and changes written down: `name=value` for a command line, JSON for the control API."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import TypeAdapter, ValidationError, validate_call

from fs_tui.errors import UsageError
from fs_tui.sandbox.changes import CHANGES
from fs_tui.sandbox.failures import KINDS, Failure
from fs_tui.sandbox.faults import FaultOptions, Faults

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fs_tui.sandbox.population import Population

__all__ = ["apply", "change", "describe", "help_lines", "parse_change", "parse_faults"]

_NASTY = (
    "[red]x[/] [@click=app.bell]y[/]\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u200b\x00\x9b31m\n'; --"
)

_NOTHING = ("none", "always")

_OPTIONS = TypeAdapter(FaultOptions)


def parse_faults(options: Iterable[str]) -> dict[str, Any]:
    """Faults out of a command line's `name=value` texts, as `apply` takes them.

    `-` and `_` are the same in names; `hostile=FIELD[:TEXT]` and `fail=KIND[,name=value…]` may come
    several times.
    """
    changes: dict[str, Any] = {}
    for option in options:
        written, _, value = option.partition("=")
        name = written.strip().replace("-", "_")
        if name == "hostile":
            field, colon, text = value.partition(":")
            changes.setdefault(name, {})[field] = text if colon else _NASTY
        elif name == "fail":
            kind, named = _split(value)
            changes.setdefault("failures", []).append({"kind": kind} | named)
        else:
            changes[name] = _value(value)
    return changes


def parse_change(text: str) -> dict[str, Any]:
    """A change out of a command line's `NAME,name=value…`, as `change` takes it."""
    name, named = _split(text)
    return {"change": name} | named


def apply(faults: Faults, changes: Mapping[str, Any]) -> None:
    """Change faults as a JSON object says; nothing is changed when a part of it is wrong.

    Raises:
        UsageError: An unknown name, or a value that it does not take.
    """
    try:
        read = _OPTIONS.validate_python(dict(changes))
    except ValidationError as error:
        raise _refusal(error, "fault", [field.name for field in fields(FaultOptions)]) from None
    for name in changes:
        setattr(faults, name, getattr(read, name))
    if "seed" in changes:
        faults.reseed(faults.seed)


def describe(faults: Faults) -> dict[str, Any]:
    """What is set, as `apply` takes it."""
    return asdict(faults)


def change(population: Population, described: Mapping[str, Any]) -> None:
    """Change a library as a JSON object says, which names the `change` and its arguments.

    Raises:
        UsageError: An unknown change, argument or library, or a value that it does not take.
    """
    arguments = dict(described)
    name = arguments.pop("change", None)
    function = CHANGES.get(str(name))
    if function is None:
        raise UsageError(f"There is no change {name!r}.", hint=f"Known: {', '.join(CHANGES)}")
    checked = validate_call(config={"arbitrary_types_allowed": True, "allow_inf_nan": False})
    try:
        checked(function)(population, **arguments)
    except ValidationError as error:
        known = list(inspect.signature(function).parameters)[1:]
        raise _refusal(error, f"change {name}", known) from None


def help_lines() -> Iterator[str]:
    """Everything that a command line takes, a line each."""
    yield "Faults (--fault NAME=VALUE):"
    for name, about in _about(FaultOptions):
        if name != "failures":
            yield f"  {name:<20} {about}"
    yield "  fail                 KIND[,NAME=VALUE…]: calls to come fail; again for another failure"
    for name, about in _about(Failure):
        if name != "kind":
            yield f"    {name:<18} {about}"
    yield "  Kinds of failures:"
    for name, kind in KINDS.items():
        yield f"    {name:<20} {kind.about}"
    yield "Changes (--change NAME,library=ID[,NAME=VALUE…]):"
    for name, function in CHANGES.items():
        arguments = list(inspect.signature(function).parameters)[2:]
        yield f"  {name:<10} {function.__doc__} {' '.join(arguments)}".rstrip()


def _about(options: type) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(options, include_extras=True)
    for field in fields(options):
        (about,) = hints[field.name].__metadata__
        yield field.name, about


def _split(text: str) -> tuple[str, dict[str, Any]]:
    """`name,key=value,…`; a comma that no `key=` follows belongs to the value."""
    name, *pairs = re.split(r",(?=\w+=)", text)
    split = (pair.partition("=") for pair in pairs)
    return name, {key: _value(value) for key, _, value in split}


def _value(text: str) -> Any:  # JSON
    """A value of a command line: JSON where it is a list or an object, else a text or nothing."""
    if text[:1] in {"[", "{"}:
        try:
            return json.loads(text)
        except ValueError:
            return text
    return None if text in _NOTHING else text


def _refusal(error: ValidationError, what: str, known: Iterable[str]) -> UsageError:
    (first, *_) = error.errors(include_url=False)
    name = ".".join(str(part) for part in first["loc"])
    if first["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        return UsageError(f"There is no {what} option {name!r}.", hint=f"Known: {', '.join(known)}")
    if first["type"] == "missing_argument":
        return UsageError(f"The {what} needs {name}.")
    return UsageError(f"The {what} {name} does not take {first['input']!r}.", hint=first["msg"])
