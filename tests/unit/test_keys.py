"""The keymap: keys that are never pressed are refused, and the one that was meant is named."""

from __future__ import annotations

import string

import pytest
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS, MODIFIER_FUNCTIONAL_KEYS
from textual.keys import _character_to_key

from fs_tui.errors import SettingsError
from fs_tui.tui.key_names import canonical, is_key
from fs_tui.tui.keys import ACTIONS, given_way, keymap
from fs_tui.tui.options import BrowserOptions


def _keys_of_textual() -> set[str]:
    keys = {
        str(key.value)
        for pressed in ANSI_SEQUENCES_KEYS.values()
        if isinstance(pressed, tuple)
        for key in pressed
    }
    keys |= set(FUNCTIONAL_KEYS.values()) - MODIFIER_FUNCTIONAL_KEYS
    return {key for key in keys if not key.startswith("<")}


def test_every_key_that_textual_names_is_one() -> None:
    assert [key for key in sorted(_keys_of_textual()) if not is_key(key)] == []


def test_signs_have_the_names_that_textual_gives_them() -> None:
    for sign in string.punctuation + " ":
        assert canonical(sign) == _character_to_key(sign)
        assert is_key(canonical(sign))


def test_the_keys_that_are_there_are_keys_and_each_does_one_thing() -> None:
    keys = [key for action in ACTIONS for key in action.keys]
    assert all(map(is_key, keys))
    assert len({canonical(key) for key in keys}) == len(keys)


@pytest.mark.parametrize(
    "key", ["f5", "W", "é", "+", "ctrl+shift+r", "alt+ctrl+f", "ctrl+slash", "shift+f5", "comma"]
)
def test_a_key_may_be_a_character_or_a_name_with_modifiers(key: str) -> None:
    actions = {action.name: action.keys for action in keymap({"reload": key})}
    assert actions["reload"] == (key,)


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("esc", "escape"),
        ("PageDown", "pagedown"),
        ("pgdn", "pagedown"),
        ("F5", "f5"),
        ("control+r", "ctrl+r"),
        ("ctrl+R", "ctrl+r"),
        ("ctrl+/", "ctrl+slash"),
        ("shift+ctrl+r", "ctrl+shift+r"),
        ("shift+r", "R"),
        (",", "comma"),
        (" ", "space"),
        ("ctrl+pagdown", "ctrl+pagedown"),
    ],
)
def test_a_key_that_is_never_pressed_is_refused_with_the_nearest_one(key: str, near: str) -> None:
    with pytest.raises(SettingsError) as caught:
        keymap({"reload": key})
    assert f"there is no key '{key}'" in caught.value.detail
    assert caught.value.hint == f"Did you mean '{near}'?"


@pytest.mark.parametrize("key", ["nosuchkey", "ctrl+", "++", "\x1b", "hyperspace+zz"])
def test_a_key_like_no_other_is_refused_and_says_how_keys_are_written(key: str) -> None:
    with pytest.raises(SettingsError, match="there is no key") as caught:
        keymap({"reload": key})
    assert "ctrl+g" in caught.value.hint


def test_several_keys_are_a_list() -> None:
    with pytest.raises(SettingsError, match="there is no key 'r,f5'") as caught:
        keymap({"reload": "r,f5"})
    assert caught.value.hint == "Write a list: reload = ['r', 'f5']."


def test_a_digit_begins_a_number_and_is_no_key() -> None:
    with pytest.raises(SettingsError, match="'5' cannot be a key of 'reload'"):
        keymap({"reload": "5"})


def test_a_keymap_that_is_older_than_a_default_key_keeps_its_key() -> None:
    actions = {action.name: action.keys for action in keymap({"reload": ["r", "f"], "mark": "+"})}
    assert actions["reload"] == ("r", "f")
    assert actions["find"] == ()
    assert actions["more"] == ()
    assert actions["less"] == ("-",)


def test_two_ways_to_write_a_key_are_one_key() -> None:
    with pytest.raises(SettingsError, match="both 'filter' and 'reload'"):
        keymap({"reload": "slash"})


def test_a_read_only_run_offers_what_does_not_write_whatever_it_is_called() -> None:
    assert [action.name for action in ACTIONS if action.writes] == ["new_library"]
    actions = (*ACTIONS[:3], ACTIONS[3]._replace(writes=True))
    options = BrowserOptions(read_only=True, actions=actions)
    assert options.offered == ACTIONS[:3]
    assert not options.allows(ACTIONS[3].name)
    assert BrowserOptions(actions=actions).offered == actions


def test_a_keymap_takes_a_key_from_an_action_that_came_after_it_was_written() -> None:
    actions = keymap({"reload": ["r", "z", "h"]})
    keys = {action.name: action.keys for action in actions}
    assert keys["reload"] == ("r", "z", "h")
    assert keys["zoom"] == ()
    assert keys["previous_pane"] == ("shift+tab",)
    assert given_way(actions) == ["h: previous_pane", "z: zoom"]
    assert given_way(ACTIONS) == []


def test_a_keymap_does_not_silently_take_a_key_of_the_first_version() -> None:
    with pytest.raises(SettingsError, match="would do both"):
        keymap({"reload": ["y"]})
