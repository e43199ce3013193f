"""Writes the README's tables from the code: `python -m tests.readme`."""

from __future__ import annotations

import re
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args, get_origin, get_type_hints

from fs_tui.cli.ending import EXIT_STATUS
from fs_tui.faces.filter_language import SYNTAX
from fs_tui.settings.options import Settings
from fs_tui.tui.keys import ACTIONS, GROUPS, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["README", "written"]

README = Path(__file__).parent.parent / "README.md"

_GIVEN_ELSEWHERE = {"profile", "config", "keymap"}
"""Settings that are no key with a value."""


def _keys() -> Iterator[Sequence[str]]:
    yield "", "keys"
    for group in GROUPS:
        actions = (action for action in ACTIONS if action.group == group)
        yield group, " · ".join(f"{_code(map(shown, a.keys))} {_small(a.label)}" for a in actions)


def _small(label: str) -> str:
    return label[0].lower() + label[1:]


def _code(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _filter() -> Iterator[Sequence[str]]:
    yield "", ""
    for examples, meaning in SYNTAX:
        yield _code(examples), meaning


def _exits() -> str:
    return (
        "Exit status: " + "; ".join(f"{status} {meaning}" for status, meaning in EXIT_STATUS) + "."
    )


def _settings() -> Iterator[Sequence[str]]:
    yield "key", "default", ""
    meanings = _attributes(Settings)
    types = get_type_hints(Settings)
    for name, usual in Settings._field_defaults.items():
        if name in _GIVEN_ELSEWHERE:
            continue
        default = "" if usual in ((), "", None) else _toml(usual)
        choices = get_args(types[name]) if get_origin(types[name]) is Literal else ()
        others = [choice for choice in choices if choice != usual]
        meaning = f"{meanings[name]}; {_code(others)}" if others else meanings[name]
        yield _code([name]), default, meaning


def _toml(value: object) -> str:
    text = (
        str(value).lower()
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
    return f"`{text}`"


def _attributes(owner: type) -> dict[str, str]:
    """Return what a class says of its attributes."""
    text = cleandoc(owner.__doc__ or "").partition("Attributes:\n")[2]
    found = re.findall(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", text, re.MULTILINE)
    return {name: re.sub(r"\s+", " ", meaning).rstrip(".") for name, meaning in found}


_PARTS: dict[str, Callable[[], str]] = {
    "keys": lambda: _table(_keys()),
    "filter": lambda: _table(_filter()),
    "exit": _exits,
    "settings": lambda: _table(_settings()),
}


def _table(rows: Iterable[Sequence[str]]) -> str:
    head, *body = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *body]
    return "\n".join(" ".join(["|", " | ".join(line), "|"]) for line in lines)


def written(text: str) -> str:
    """Return the README's text with its tables as the code has them now."""
    for name, part in _PARTS.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        assert found, f"the README has no place for '{name}'"
        text = f"{before}{begin}\n{part()}\n{end}{after}"
    return text


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
