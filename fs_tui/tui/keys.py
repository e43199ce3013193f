"""The browser's actions and their keys as plain data.

Bindings, help, key hints and `fs-tui keys` read it.
A key is a character as typed (`j`, `G`, `/`) or a name (`ctrl+g`, `pagedown`, `f1`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fs_tui.errors import SettingsError
from fs_tui.suggestion import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["ACTIONS", "GROUPS", "Action", "given_way", "keymap", "keymap_cost", "shown"]

GROUPS = ("Everywhere", "Move", "Faces", "Library")
"""The headings of the help, in order."""


class Action(NamedTuple):
    """Something that a key does.

    Attributes:
        name: What the keymap of the configuration file calls it.
        keys: The keys that do it, the first is the one that is shown; none where a keymap has
            taken them.
        label: What it does, a few words.
        group: One of GROUPS.
        writes: It changes something at the service; a read-only run does not offer it.
        is_view: It shows the view of its name.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    group: str
    writes: bool = False
    is_view: bool = False

    @property
    def call(self) -> str:
        """What the browser is told to do."""
        return f"view('{self.name}')" if self.is_view else self.name


ACTIONS = (
    Action("help", ("?", "f1"), "This help", "Everywhere"),
    Action("palette", (":", "ctrl+p"), "Command palette: every action by name", "Everywhere"),
    Action("back", ("escape",), "One step back: cancel, clear, close; never quits", "Everywhere"),
    Action("next_pane", ("tab", "l"), "Next pane", "Everywhere"),
    Action("previous_pane", ("shift+tab", "h"), "Previous pane", "Everywhere"),
    Action("zoom", ("z",), "Zoom the pane; again: as before", "Everywhere"),
    Action("sidebar", ("b",), "Libraries: hide, show", "Everywhere"),
    Action("details", ("d",), "Details: below, beside, off", "Everywhere"),
    Action("columns", ("c",), "Columns: which, and how wide", "Everywhere"),
    Action("history_back", ("[",), "Back to what was looked at before", "Everywhere"),
    Action("history_forward", ("]",), "Forward again", "Everywhere"),
    Action("mask", ("M",), "Mask user ids, data and tokens, or show them", "Everywhere"),
    Action("errors", ("!",), "All messages and errors of this run", "Everywhere"),
    Action("request_log", ("L",), "Request log", "Everywhere"),
    Action("down", ("j", "down"), "Down", "Move"),
    Action("up", ("k", "up"), "Up", "Move"),
    Action("first", ("g", "home"), "First row", "Move"),
    Action("last", ("G", "end"), "Last row, finds the end; after a number: that row", "Move"),
    Action("page_down", ("pagedown", "ctrl+f"), "A page down", "Move"),
    Action("page_up", ("pageup", "ctrl+b"), "A page up", "Move"),
    Action("open", ("enter", "right"), "Open: from library to faces, from face to details", "Move"),
    Action("filter", ("/",), "Filter", "Faces"),
    Action("find", ("f",), "Find in all libraries", "Faces", is_view=True),
    Action("person", ("u",), "The other faces of this person", "Faces"),
    Action("people", ("p",), "People of the library", "Faces", is_view=True),
    Action("growth", ("t",), "Growth of the library over time", "Faces", is_view=True),
    Action("all_libraries", ("A",), "All libraries, counted", "Library", is_view=True),
    Action("more", ("+",), "In people: fewer faces too; in growth: shorter periods", "Faces"),
    Action("less", ("-",), "In people: more faces only; in growth: longer periods", "Faces"),
    Action("order", ("s",), "Order", "Faces"),
    Action("jump", ("ctrl+g",), "Jump to a face by its token", "Faces"),
    Action("load_all", ("a",), "Load all faces; again: pause, resume", "Faces"),
    Action("cancel", ("x",), "Cancel what runs", "Faces"),
    Action("mark", ("space",), "Mark or unmark the row", "Faces"),
    Action("mark_range", ("v",), "Mark a range: once at its start, once at its end", "Faces"),
    Action("unmark", ("U",), "Unmark all", "Faces"),
    Action(
        "copy", ("y",), "Copy the face token, among people the user id; of marked rows all", "Faces"
    ),
    Action("copy_menu", ("Y",), "Copy something else", "Faces"),
    Action("export", ("E",), "Export to a file", "Faces"),
    Action("follow", ("F",), "Follow the end: new faces as they come", "Faces"),
    Action("reload", ("r",), "Reload, and try again what failed", "Library"),
    Action("read_again", ("R",), "Read everything again", "Library"),
    Action("new_library", ("n",), "New library", "Library", writes=True),
    Action("quit", ("q",), "Quit", "Everywhere"),
)

_FIRST_KEYS = """
? f1 : ctrl+p escape tab shift+tab [ ] ! L j down k up g home G end pagedown ctrl+f pageup ctrl+b
enter right / s ctrl+g a x space v y Y E r n q
"""
_FIRST = frozenset(_FIRST_KEYS.split())
"""The keys of the first version. Later ones give way to a keymap, which may be older than they."""

_SHOWN_KEYS = {
    "escape": "esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
    "f1": "F1",
    "space": "space",
}


def shown(key: str) -> str:
    """Return a key as a person writes it."""
    return _SHOWN_KEYS.get(key, key)


def keymap(overrides: Mapping[str, str | Iterable[str]]) -> tuple[Action, ...]:
    """Return the actions with the keys of the configuration's keymap put in.

    Args:
        overrides: Action name to one key or several; the keys replace the default ones.

    Raises:
        SettingsError: An unknown action, an action without a key, a key that no keyboard has, or a
            key for two actions.
    """
    if not overrides:
        return ACTIONS
    names = [action.name for action in ACTIONS]
    chosen: dict[str, tuple[str, ...]] = {}
    for name, keys in overrides.items():
        if name not in names:
            raise SettingsError(
                f"keymap: there is no action '{name}'",
                hint=did_you_mean(nearest(name, names)) or "See 'fs-tui keys' for the names.",
            )
        chosen[name] = (keys,) if isinstance(keys, str) else tuple(keys)
        if not chosen[name] or not all(chosen[name]):
            raise SettingsError(
                f"keymap: '{name}' has no key",
                hint="Give one key, or a list: reload = ['r', 'f5'].",
            )
        for key in chosen[name]:
            _check(name, key)
    from fs_tui.tui.key_names import canonical

    taken = {canonical(key) for keys in chosen.values() for key in keys}
    actions = tuple(
        action._replace(keys=chosen.get(action.name, _left(action, taken))) for action in ACTIONS
    )
    owner: dict[str, str] = {}
    for action in actions:
        for key in action.keys:
            other = owner.setdefault(canonical(key), action.name)
            if other != action.name:
                raise SettingsError(
                    f"keymap: '{key}' would do both '{other}' and '{action.name}'",
                    hint="Give one of the two another key.",
                )
    return actions


def _left(action: Action, taken: set[str]) -> tuple[str, ...]:
    """The default keys of an action that a keymap leaves to it."""
    from fs_tui.tui.key_names import canonical

    return tuple(key for key in action.keys if key in _FIRST or canonical(key) not in taken)


def given_way(actions: Iterable[Action]) -> list[str]:
    """Return what a keymap took from later defaults, as `z: zoom`."""
    from fs_tui.tui.key_names import canonical

    owner = {canonical(key): action.name for action in actions for key in action.keys}
    return [
        f"{key}: {action.name}"
        for action in ACTIONS
        for key in action.keys
        if key not in _FIRST and owner.get(canonical(key), action.name) != action.name
    ]


def keymap_cost(actions: Sequence[Action]) -> str:
    """Return what a keymap has cost, in one message: a second one would take its place."""
    sentences = []
    if keyless := [one.name for one in actions if not one.keys]:
        sentences.append(
            f"The keymap leaves no key for: {', '.join(keyless)}. 'fs-tui keys' lists all."
        )
    if lost := given_way(actions):
        sentences.append(f"Your keymap has taken {', '.join(lost)}; the palette has them.")
    return " ".join(sentences)


def _check(name: str, key: str) -> None:
    """Refuse a key that would never be pressed, or that begins a number."""
    from fs_tui.tui.key_names import is_key, nearest_key

    if key.isdecimal():
        raise SettingsError(
            f"keymap: '{key}' cannot be a key of '{name}'",
            hint="The digits begin the number of a row: take another key.",
        )
    if is_key(key):
        return
    if "," in key.strip(","):
        hint = f"Write a list: {name} = [{', '.join(map(repr, key.split(',')))}]."
    else:
        hint = did_you_mean(nearest_key(key)) or (
            "A key is a character (r, G, /) or a name: f5, pagedown, space, comma, ctrl+g."
        )
    raise SettingsError(f"keymap: '{name}': there is no key '{key}'", hint=hint)
