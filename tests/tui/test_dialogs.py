"""The short dialogues: what each key returns, and what is refused at the field."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from fs_tui.errors import DeadlineError, FaceNotFoundError
from fs_tui.faces.query import Order
from fs_tui.faces.scopes import Scope
from fs_tui.models import FACE_FIELDS, FACE_TOKEN, Face, Library
from fs_tui.records import CSV, JSONL
from fs_tui.tui.dialogs.confirm import Confirm
from fs_tui.tui.dialogs.copy import CopyChoice, CopyMenu
from fs_tui.tui.dialogs.export import ExportDialog, ExportTarget
from fs_tui.tui.dialogs.goto import GoToPosition
from fs_tui.tui.dialogs.help import Help
from fs_tui.tui.dialogs.jump import Found, JumpToFace
from fs_tui.tui.dialogs.order import OrderPicker
from fs_tui.tui.forms.field import Field
from fs_tui.tui.keys import ACTIONS, keymap, shown
from fs_tui.tui.options import BrowserOptions
from fs_tui.tui.row_kinds import FACES, RowCounts
from tests.tui.dialog_host import UNANSWERED, Host, ScriptedGateway, screen_text, until

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.screen import Screen

ResultT = TypeVar("ResultT")

HOSTILE = "[/x][@click=app.quit]\x1b]0;t\x07\u202e\n" + "w" * 5000
TOKEN = "3bc8a1c2d4e5f60718293a4b5c6d7e8f"
FACE = Face(TOKEN, "user-4711", "data", 1_770_000_000_000)


async def answer(
    make: Callable[[], Screen[ResultT]], *keys: str, size: tuple[int, int] = (80, 24)
) -> ResultT | object | None:
    """Press keys in a dialogue and return its result."""
    app = Host(make)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*keys)
        await pilot.pause()
        return app.result


# -- confirm ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "result"),
    [
        (["enter"], False),
        (["escape"], False),
        (["n"], False),
        (["y"], True),
        (["right", "enter"], True),
        (["right", "left", "enter"], False),
    ],
)
async def test_a_question_is_answered_no_unless_yes_was_chosen(
    keys: list[str], *, result: bool
) -> None:
    assert await answer(lambda: Confirm("Sure?"), *keys) is result


async def test_a_click_on_an_answer_is_the_answer() -> None:
    app = Host(lambda: Confirm("Sure?", yes="Replace", no="Keep"))
    async with app.run_test(size=(80, 24)) as pilot:
        lines = screen_text(app).split("\n")
        y = next(number for number, line in enumerate(lines) if "Replace" in line)
        await pilot.click(offset=(lines[y].index("Replace"), y))
        await pilot.pause()
        assert app.result is True


# -- go to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "position"), [("1", 1), ("2500", 2500), ("2,500", 2500)])
async def test_a_position_is_a_number(typed: str, position: int) -> None:
    keys = ["comma" if sign == "," else sign for sign in typed]
    assert await answer(lambda: GoToPosition(last=2500), *keys, "enter") == position


@pytest.mark.parametrize(
    ("typed", "last", "said"),
    [
        ("", None, "a number is needed"),
        ("0", None, "positions begin with 1"),
        ("x", None, "digits only"),
        ("²", None, "digits only"),
        ("2501", 2500, "the last one is 2,500"),
        ("99999999999", None, "no library is that long"),
    ],
)
async def test_what_is_no_position_is_said_at_the_field(
    typed: str, last: int | None, said: str
) -> None:
    app = Host(lambda: GoToPosition(last=last))
    async with app.run_test() as pilot:
        app.screen.query_one(Field).value = typed
        await pilot.press("enter")
        await until(pilot, f"✗ {said}")
        assert app.result is UNANSWERED


# -- jump ------------------------------------------------------------------------------------------


async def test_a_token_returns_its_face() -> None:
    gateway = ScriptedGateway(face=[FACE])
    assert await answer(lambda: JumpToFace(gateway, "g"), *TOKEN, "enter") == Found("g", FACE)


async def test_no_text_of_a_form_is_named_by_its_worker() -> None:
    gateway = ScriptedGateway(face=[FACE])
    gateway.gate.clear()
    app = Host(lambda: JumpToFace(gateway, "g"))
    async with app.run_test() as pilot:
        await pilot.press(*TOKEN, "enter")
        await until(pilot, "Asking the service…")
        assert len(app.workers) == 1
        assert TOKEN not in repr([*app.workers])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("abc", "not a token: it has 3 characters, a token has 32"),
        ("x" * 32, "not a token: this library's have other characters"),
        ("ABCDEF0123456789" * 2, "not a token: this library's have no capital letters"),
    ],
)
async def test_what_is_no_token_is_said_while_typing_and_never_asked(typed: str, said: str) -> None:
    gateway = ScriptedGateway()
    app = Host(lambda: JumpToFace(gateway, "g", tokens=[TOKEN]))
    async with app.run_test() as pilot:
        await pilot.press(*typed)
        await until(pilot, said)
        await pilot.press("enter")
        await pilot.pause()
    assert gateway.calls == []


async def test_a_token_of_another_form_is_one_where_the_library_has_such() -> None:
    gateway = ScriptedGateway(face=[FACE])
    tokens = ["face-0001"]
    found = await answer(lambda: JumpToFace(gateway, "g", tokens=tokens), *"face-0042", "enter")
    assert found == Found("g", FACE)


async def test_a_token_of_elsewhere_is_said_at_the_field_and_asked_of_the_others() -> None:
    missing = FaceNotFoundError("INVALID_FACE_TOKEN")
    gateway = ScriptedGateway(face=[missing, missing, FACE])
    others = [Library("second", "Second"), Library("third")]
    app = Host(lambda: JumpToFace(gateway, "g", others))
    async with app.run_test() as pilot:
        await pilot.press(*TOKEN, "enter")
        await until(pilot, "✗ not in this library; enter asks the other 2")
        await until(pilot, "enter ask the others")
        assert [call for call, _ in app.errors] == ["face_info"]
        assert gateway.calls == ["face"]
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == Found("third", FACE)


async def test_another_token_is_looked_for_in_the_open_library_first() -> None:
    missing = FaceNotFoundError("INVALID_FACE_TOKEN")
    gateway = ScriptedGateway(face=[missing, FACE])
    app = Host(lambda: JumpToFace(gateway, "g", [Library("second")]))
    async with app.run_test() as pilot:
        await pilot.press(*TOKEN, "enter")
        await until(pilot, "not in this library")
        await pilot.press("backspace", "0")
        await pilot.pause()
        assert "not in this library" not in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == Found("g", FACE)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (FaceNotFoundError("INVALID_FACE_TOKEN"), "in none of the 3 libraries"),
        (DeadlineError("10 s"), "not all could be asked: third: the service did not answer in"),
    ],
)
async def test_none_is_said_only_where_all_have_answered(last: Exception, said: str) -> None:
    missing = FaceNotFoundError("INVALID_FACE_TOKEN")
    gateway = ScriptedGateway(face=[missing, missing, last])
    app = Host(lambda: JumpToFace(gateway, "g", [Library("second"), Library("third")]))
    async with app.run_test() as pilot:
        await pilot.press(*TOKEN, "enter")
        await until(pilot, "enter asks")
        await pilot.press("enter")
        await pilot.pause()
        shown = " ".join(screen_text(app).replace("│", " ").split())
        assert said in shown
        assert app.result is UNANSWERED


async def test_a_look_up_that_fails_is_said_and_esc_cancels_one_that_hangs() -> None:
    gateway = ScriptedGateway(face=[DeadlineError("no answer in 10 s"), FACE])
    app = Host(lambda: JumpToFace(gateway, "g"))
    async with app.run_test() as pilot:
        await pilot.press(*TOKEN, "enter")
        await until(pilot, "did not answer in time")
        assert [call for call, _ in app.errors] == ["face_info"]
        gateway.gate.clear()
        await pilot.press("enter")
        await until(pilot, "Asking the service…")
        await pilot.press("escape")
        await pilot.pause()
        assert app.result is UNANSWERED
        gateway.gate.set()
        await pilot.pause()
        assert app.result is UNANSWERED
        await pilot.press("escape")
        await pilot.pause()
        assert app.result is None


# -- copy and order --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "wish"),
    [
        (["enter"], CopyChoice(FACE_TOKEN)),
        (["j", "enter"], CopyChoice(FACE_FIELDS[1])),
        (["3"], CopyChoice(FACE_FIELDS[2])),
        (["4"], CopyChoice(JSONL)),
        (["5"], CopyChoice(CSV)),
        (["6"], CopyChoice(FACE_TOKEN, Scope.MARKED)),
        (["G", "enter"], CopyChoice(CSV, Scope.MARKED)),
        (["9"], UNANSWERED),
        (["escape"], None),
    ],
)
async def test_the_copy_menu_returns_what_was_picked(keys: list[str], wish: object) -> None:
    assert await answer(lambda: CopyMenu(FACES, FACE, {Scope.MARKED: 2}), *keys) == wish


async def test_the_copy_menu_offers_only_what_is_there() -> None:
    app = Host(lambda: CopyMenu(FACES, Face("t"), {}))
    async with app.run_test() as pilot:
        await pilot.pause()
        text = screen_text(app)
    assert "face token" in text
    assert "user id" not in text
    assert "marked" not in text


async def test_the_order_that_holds_is_marked_and_another_is_returned() -> None:
    newest = Order("add_time", descending=True)
    app = Host(lambda: OrderPicker(newest))
    async with app.run_test() as pilot:
        await until(pilot, "● added ↓")
        await pilot.press("k", "enter")
        await pilot.pause()
        assert app.result == Order("add_time")


# -- export ----------------------------------------------------------------------------------------


def export(folder: Path, counts: RowCounts | None = None) -> ExportDialog:
    return ExportDialog(
        FACES,
        counts or RowCounts(marked=3, filtered=12, loaded=400, total=2500),
        suggested=lambda scope: f"faces-{scope.value}",
        folder=folder,
    )


async def test_an_export_is_suggested_and_enter_takes_it(tmp_path: Path) -> None:
    assert await answer(lambda: export(tmp_path), "enter") == ExportTarget(
        Scope.MARKED, CSV, tmp_path / "faces-marked.csv"
    )


async def test_the_suggestion_follows_scope_and_format(tmp_path: Path) -> None:
    keys = ["down", "down", "down", "tab", "right", "enter"]
    assert await answer(lambda: export(tmp_path), *keys) == ExportTarget(
        Scope.ALL, JSONL, tmp_path / "faces-all.jsonl"
    )


async def test_a_typed_name_is_not_overruled(tmp_path: Path) -> None:
    app = Host(lambda: export(tmp_path))
    async with app.run_test() as pilot:
        field = app.screen.query_one("#path", Field)
        field.value = str(tmp_path / "mine.csv")
        await pilot.press("down", "tab", "right", "enter")
        await pilot.pause()
        assert app.result == ExportTarget(Scope.FILTERED, JSONL, tmp_path / "mine.csv")


@pytest.mark.parametrize(("key", "overwritten"), [("y", True), ("n", False)])
async def test_a_file_that_is_there_is_asked_about(
    tmp_path: Path, key: str, *, overwritten: bool
) -> None:
    (tmp_path / "faces-marked.csv").write_text("kept")
    app = Host(lambda: export(tmp_path))
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "Replace the file?")
        await pilot.press(key)
        await pilot.pause()
        if overwritten:
            path = tmp_path / "faces-marked.csv"
            assert app.result == ExportTarget(Scope.MARKED, CSV, path, overwrite=True)
        else:
            assert app.result is UNANSWERED
            await until(pilot, "Export")


async def test_home_is_expanded_and_written_as_a_tilde(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "deep"
    folder.mkdir()
    app = Host(lambda: export(folder))
    async with app.run_test() as pilot:
        await until(pilot, "in ~/deep; readable by you alone")
        app.screen.query_one("#path", Field).value = "~/faces-marked.csv"
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == ExportTarget(Scope.MARKED, CSV, tmp_path / "faces-marked.csv")


async def test_the_name_is_in_sight_however_deep_the_folder(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*(f"a folder of level {level}" for level in range(9)))
    folder.mkdir(parents=True)
    app = Host(lambda: export(folder))
    async with app.run_test() as pilot:
        await until(pilot, "faces-marked.csv")
        await until(pilot, "alone")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "a file name is needed"),
        ("no/such/file.csv", "there is no such folder"),
        (".", "this is a folder"),
        ("x" * 300, "File name too long"),
    ],
)
async def test_a_file_that_cannot_be_is_said_at_the_field(
    tmp_path: Path, name: str, said: str
) -> None:
    app = Host(lambda: export(tmp_path))
    async with app.run_test() as pilot:
        app.screen.query_one("#path", Field).value = name
        await pilot.press("enter")
        await until(pilot, f"✗ {said}")
        assert app.result is UNANSWERED


async def test_counts_say_what_each_choice_means(tmp_path: Path) -> None:
    app = Host(lambda: export(tmp_path))
    async with app.run_test() as pilot:
        await until(pilot, "all: 2,500 faces, 2,100 to load")
        text = screen_text(app)
        assert "marked: 3 faces" in text
        assert "filtered: 12 faces" in text
        assert "loaded: 400 faces" in text
    app = Host(lambda: export(tmp_path, RowCounts(loaded=400)))
    async with app.run_test() as pilot:
        await until(pilot, "all: the rest is loaded first")
        text = screen_text(app)
        assert "marked" not in text.replace("faces-", "")
        assert "filtered" not in text


# -- help ------------------------------------------------------------------------------------------


async def test_the_help_shows_every_action_with_its_keys() -> None:
    app = Host(lambda: Help(ACTIONS))
    async with app.run_test(size=(120, 90)) as pilot:
        await pilot.pause()
        lines = screen_text(app).split("\n")
    for action in ACTIONS:
        keys = " ".join(map(shown, action.keys))
        assert any(f"  {keys} " in line and action.label[:40] in line for line in lines), action


async def test_the_help_shows_keys_that_were_bound_anew() -> None:
    app = Host(lambda: Help(keymap({"reload": "f5"})))
    async with app.run_test(size=(120, 90)) as pilot:
        await until(pilot, "f5 ")


async def test_the_help_of_a_read_only_run_has_no_create() -> None:
    app = Host(lambda: Help(BrowserOptions(read_only=True).offered))
    async with app.run_test(size=(120, 90)) as pilot:
        await pilot.pause()
        assert "New library" not in screen_text(app)


async def test_the_help_scrolls_and_closes() -> None:
    app = Host(lambda: Help(ACTIONS))
    async with app.run_test(size=(60, 16)) as pilot:
        await pilot.press("G")
        await until(pilot, "extends it to all")
        await pilot.press("question_mark")
        await pilot.pause()
        assert app.result is None


# -- closing --------------------------------------------------------------------------------------


async def test_a_dialogue_closes_once_and_nothing_under_it() -> None:
    app = Host(lambda: Confirm("Sure?"))
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, Confirm)
        screen.action_answer(True)  # noqa: FBT003  an action's argument
        screen.action_answer(False)  # noqa: FBT003  the second of two quick keys
        await pilot.pause()
        assert app.result is True
        assert len(app.screen_stack) == 1


async def test_an_answer_takes_away_what_lies_above_and_the_dialogue() -> None:
    gateway = ScriptedGateway(face=[FACE])
    gateway.gate.clear()
    app = Host(lambda: JumpToFace(gateway, "g"))
    async with app.run_test() as pilot:
        await pilot.press(*TOKEN, "enter")
        await until(pilot, "Asking")
        await app.push_screen(Help(ACTIONS))
        gateway.gate.set()
        await pilot.pause()
        await pilot.pause()
        assert app.result == Found("g", FACE)
        assert len(app.screen_stack) == 1


# -- all of them -----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1, 1), (7, 4), (60, 16)])
async def test_every_dialogue_stands_any_size_and_any_text(
    size: tuple[int, int], tmp_path: Path
) -> None:
    face = Face(HOSTILE, HOSTILE, HOSTILE)
    dialogues: list[Callable[[], Screen[Any]]] = [  # results of any type
        lambda: Confirm("Sure?", detail=HOSTILE),
        GoToPosition,
        lambda: JumpToFace(ScriptedGateway(face=[face]), HOSTILE),
        lambda: CopyMenu(FACES, face, {Scope.MARKED: 1}),
        lambda: OrderPicker(Order()),
        lambda: export(tmp_path),
        lambda: Help(ACTIONS),
    ]
    for make in dialogues:
        app = Host(make)
        async with app.run_test(size=size) as pilot:
            await pilot.press("tab", "down")
            await pilot.pause()
            assert "\x1b" not in screen_text(app)
            assert "\u202e" not in screen_text(app)


async def test_an_entry_beyond_the_ninth_has_a_sign_of_its_own() -> None:
    """Nothing in a menu has a number that no key types."""
    counts = {Scope.MARKED: 2, Scope.FILTERED: 3, Scope.LOADED: 4}
    wish = CopyChoice(CSV, Scope.LOADED)
    assert await answer(lambda: CopyMenu(FACES, FACE, counts), "e") == wish
    app = Host(lambda: CopyMenu(FACES, FACE, counts))
    async with app.run_test() as pilot:
        await until(pilot, "1-9 a-e directly")
        assert all(f"{sign}   " in screen_text(app) for sign in "123456789abcde")


async def test_the_narrowest_menu_shows_every_note_and_number_whole() -> None:
    counts = {Scope.MARKED: 3, Scope.LOADED: 250_000}
    for make, words in (
        (lambda: OrderPicker(Order()), ("the service's order", "the last ones first")),
        (lambda: CopyMenu(FACES, FACE, counts), ("marked: tokens", "3 faces", "250,000 faces")),
    ):
        app = Host[Any](make)
        async with app.run_test(size=(40, 24)) as pilot:
            for text in words:
                await until(pilot, text)


async def test_a_menu_that_became_narrow_shows_its_notes_whole() -> None:
    app = Host(lambda: OrderPicker(Order()))
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, "the service's order")
        await pilot.resize_terminal(40, 24)
        await until(pilot, "position ↑ the service's order")


async def test_a_choice_is_never_torn_from_its_circle(tmp_path: Path) -> None:
    dialog = partial(
        ExportDialog,
        FACES,
        RowCounts(loaded=2400),
        suggested=lambda scope: scope.value,
        folder=tmp_path,
    )
    app = Host(dialog)
    async with app.run_test(size=(40, 24)) as pilot:
        await until(pilot, "○ JSON Lines")
        lines = [line.strip("│ ") for line in screen_text(app).splitlines()]
        assert "Format      ● CSV" in lines
        assert {"○ JSON Lines", "○ JSON", "loaded first"} <= set(lines)
