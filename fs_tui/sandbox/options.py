"""Faults written down: `name=value` for a command line, JSON for the control door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import Any, get_args

from fs_tui.errors import UsageError
from fs_tui.sandbox.faults import KINDS, AddTimeForm, ColonForm, Failure, Faults, NextForm

__all__ = ["FAULT_OPTIONS", "apply", "describe", "parse_options"]

FAULT_OPTIONS: Mapping[str, str] = {
    "page_cap": "at most N rows a page, whatever limit says",
    "max_start": "a start above N is refused",
    "next": "number, string, absent or stuck",
    "add_time": "number, string, iso or null",
    "colon": "documented, spaced, tight or alternating",
    "latency": "seconds that every call takes longer",
    "clock_offset": "seconds by which the clock is ahead",
    "refuse_replay": "yes: a sign is good for one call",
    "concurrency": "more than N calls at once are refused",
    "overlap": "yes: each page repeats the face before it",
    "growth": "N faces are added after each page",
    "deletion": "N faces are deleted after each page",
    "lean_errors": "yes: errors without request_id and time_used",
    "error_key": "error or error_message",
    "chaos": "share of calls that fail at random, 0 to 1",
    "seed": "of the random choices",
    "hostile": "FIELD:TEXT, or FIELD for a nasty text of our own; again for another field",
    "fail": "KIND[,call=…][,times=N|always][,after=N][,rate=0.1][,code=…][,status=N]"
    f"[,retry_after=N]; again for another one. Kinds: {', '.join(KINDS)}",
}
"""What `fs-tui sandbox` takes, with a line about each."""

_NASTY = (
    "[red]x[/] [@click=app.bell]y[/]\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u200b\x00\x9b31m\n'; --"
)

_Reader = Callable[[Any], Any]  # text, or a value of JSON


def _bool(value: Any) -> bool:  # text, or a value of JSON
    words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
    return words[str(value).lower()]


def _optional(reader: _Reader) -> _Reader:
    return lambda value: None if value in (None, "none", "always") else reader(value)


def _one_of(*words: str) -> _Reader:
    return lambda value: words[words.index(value)]


_READERS: Mapping[str, _Reader] = {
    "page_cap": _optional(int),
    "max_start": _optional(int),
    "next": _one_of(*get_args(NextForm)),
    "add_time": _one_of(*get_args(AddTimeForm)),
    "colon": _one_of(*get_args(ColonForm)),
    "latency": float,
    "clock_offset": float,
    "refuse_replay": _bool,
    "concurrency": _optional(int),
    "overlap": _bool,
    "growth": int,
    "deletion": int,
    "lean_errors": _bool,
    "error_key": _one_of("error", "error_message"),
    "chaos": float,
    "chaos_kinds": lambda kinds: tuple(_one_of(*KINDS)(kind) for kind in kinds),
    "seed": int,
    "hostile": lambda texts: {str(name): str(text) for name, text in texts.items()},
    "failures": lambda failures: [_failure(failure) for failure in failures],
}

_FAILURE_READERS: Mapping[str, _Reader] = {
    "kind": str,
    "call": _optional(str),
    "times": _optional(int),
    "after": int,
    "rate": float,
    "code": str,
    "status": _optional(int),
    "retry_after": _optional(str),
}


def parse_options(options: Iterable[str]) -> Faults:
    """Faults out of a command line's `name=value` texts; `-` and `_` are the same in names.

    Raises:
        UsageError: An unknown name, or a value that it does not take.
    """
    faults = Faults()
    for option in options:
        written, _, value = option.partition("=")
        name = written.strip().replace("-", "_")
        if name == "hostile":
            field, colon, text = value.partition(":")
            faults.hostile[field] = text if colon else _NASTY
        elif name == "fail":
            kind, *others = value.split(",")
            pairs = (other.partition("=") for other in others)
            faults.failures.append(_failure({"kind": kind} | {key: text for key, _, text in pairs}))
        elif name in FAULT_OPTIONS:
            apply(faults, {name: value})
        else:
            raise _unknown(name, FAULT_OPTIONS)
    return faults


def apply(faults: Faults, changes: Mapping[str, Any]) -> None:
    """Change faults as a JSON object says; nothing is changed when a part of it is wrong.

    Raises:
        UsageError: An unknown name, or a value that it does not take.
    """
    values = {name: _read(_READERS, name, value) for name, value in changes.items()}
    for name, value in values.items():
        setattr(faults, name, value)
    if "seed" in values:
        faults.reseed(faults.seed)


def describe(faults: Faults) -> dict[str, Any]:
    """What is set, as `apply` takes it."""
    described = {name: getattr(faults, name) for name in _READERS}
    described["failures"] = [asdict(failure) for failure in faults.failures]
    return described


def _failure(described: Mapping[str, Any]) -> Failure:
    return Failure(
        **{name: _read(_FAILURE_READERS, name, value) for name, value in described.items()}
    )


def _read(readers: Mapping[str, _Reader], name: str, value: Any) -> Any:  # text or JSON
    if name not in readers:
        raise _unknown(name, readers)
    try:
        return readers[name](value)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise UsageError(f"The fault {name} does not take {value!r}.") from error


def _unknown(name: str, known: Iterable[str]) -> UsageError:
    return UsageError(f"There is no fault option {name!r}.", hint=f"Known: {', '.join(known)}")
