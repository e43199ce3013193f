"""The create form: its rules, its refusals, and a cancel that tells the truth."""

from __future__ import annotations

import pytest

from fs_tui.errors import (
    ConnectError,
    ConnectionLostError,
    DeadlineError,
    LibraryExistsError,
    LibraryNotFoundError,
    LibraryQuotaError,
)
from fs_tui.models import Library, LibraryDraft
from fs_tui.tui.dialogs.create import CreateLibrary, DraftTexts
from fs_tui.tui.forms.field import Field
from tests.tui.dialog_host import UNANSWERED, Host, ScriptedGateway, screen_text, until

OFFICE = Library("office", "Office")


def form(
    gateway: ScriptedGateway, *, group_id: str = "", name: str = ""
) -> tuple[Host[Library | None], DraftTexts]:
    texts = DraftTexts(group_id=group_id, group_name=name)
    return Host(lambda: CreateLibrary(gateway, texts)), texts


async def test_enter_creates_what_was_typed_and_returns_it() -> None:
    gateway = ScriptedGateway(create=[OFFICE])
    app, texts = form(gateway)
    async with app.run_test() as pilot:
        await pilot.press(*"office", "tab", *"Office", "tab", *"x y", "enter")
        await pilot.pause()
        assert app.result == OFFICE
    assert gateway.drafts == [LibraryDraft("office", "Office", "x y", None)]
    assert texts == DraftTexts()


@pytest.mark.parametrize(
    ("field", "typed", "problem", "counted"),
    [
        ("group_id", "a b", "a space", "3/48 B"),
        ("group_id", "a.b", "a dot", "3/48 B"),
        ("group_id", "é", "'é'", "2/48 B"),
        ("group_id", "x" * 49, "49 bytes", "49/48 B"),
        ("group_name", "é" * 61, "61 characters", "61/60"),
        ("group_data", "d" * 129, "129 characters", "129/128"),
    ],
)
async def test_a_broken_rule_is_said_at_the_field_while_typing(
    field: str, typed: str, problem: str, counted: str
) -> None:
    app, _ = form(ScriptedGateway())
    async with app.run_test() as pilot:
        app.screen.query_one(f"#{field}", Field).value = typed
        await until(pilot, problem)
        assert counted in screen_text(app)


async def test_an_empty_form_shows_no_errors_before_enter() -> None:
    gateway = ScriptedGateway()
    app, _ = form(gateway)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert "✗" not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, "✗ The name is missing.")
        focused = app.focused
        assert focused is not None
        assert focused.parent is not None
        assert app.screen.query_one("#group_id", Field).entry is focused
    assert gateway.calls == []


async def test_esc_keeps_the_texts_for_the_next_time() -> None:
    gateway = ScriptedGateway()
    app, texts = form(gateway)
    async with app.run_test() as pilot:
        await pilot.press(*"off", "tab", *"Off", "escape")
        await pilot.pause()
        assert app.result is None
    again = Host(lambda: CreateLibrary(gateway, texts))
    async with again.run_test() as pilot:
        await until(pilot, "off ")
        assert again.screen.query_one("#group_name", Field).value == "Off"


async def test_an_id_that_exists_is_said_at_the_id_and_nothing_is_lost() -> None:
    app, texts = form(
        ScriptedGateway(create=[LibraryExistsError("GROUP_EXIST", http_status=400)]),
        group_id="office",
        name="Office",
    )
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "✗ a library with this id already exists")
        assert app.focused is app.screen.query_one("#group_id", Field).entry
        assert [(call, str(error)) for call, error in app.errors] == [
            ("create", "A library with this id already exists: GROUP_EXIST")
        ]
        await pilot.press("2")
        await pilot.pause()
        assert "already exists" not in screen_text(app)
    assert (texts.group_id, texts.group_name) == ("office2", "Office")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LibraryQuotaError("GROUP_EXCEEDED", http_status=400), "already has its 10 libraries"),
        (ConnectError("connection refused"), "cannot be reached: connection refused"),
    ],
)
async def test_a_refusal_is_said_at_the_form_and_nothing_is_lost(
    error: Exception, said: str
) -> None:
    app, texts = form(ScriptedGateway(create=[error]), group_id="office", name="Office")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, said)
        assert app.focused is not None
        assert app.result is UNANSWERED
        assert app.errors == [("create", error)]
    assert (texts.group_id, texts.group_name) == ("office", "Office")


async def test_while_it_creates_fields_are_closed_and_a_word_says_so() -> None:
    gateway = ScriptedGateway(create=[OFFICE])
    gateway.gate.clear()
    app, texts = form(gateway, group_id="office", name="Office")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "Creating…")
        await pilot.press("x", "enter")
        assert texts.group_id == "office"
        gateway.gate.set()
        await pilot.pause()
        assert app.result == OFFICE
    assert gateway.calls == ["create"]


async def test_a_cancelled_create_that_happened_all_the_same_is_returned() -> None:
    gateway = ScriptedGateway(create=[OFFICE], library=[OFFICE])
    gateway.gate.clear()
    app, _ = form(gateway, group_id="office", name="Office")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "Creating…")
        await pilot.press("escape")
        await until(pilot, "It may have been created: checking…")
        assert app.result is UNANSWERED
        gateway.gate.set()
        await pilot.pause()
        assert app.result == OFFICE
    assert gateway.calls == ["create", "library"]


async def test_a_cancelled_create_that_did_not_happen_can_be_tried_again() -> None:
    gateway = ScriptedGateway(create=[OFFICE], library=[LibraryNotFoundError("INVALID_GROUP_ID")])
    gateway.gate.clear()
    app, texts = form(gateway, group_id="office", name="Office")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "Creating…")
        await pilot.press("escape")
        await until(pilot, "checking…")
        gateway.gate.set()
        await until(pilot, "It was not created")
        assert texts.group_id == "office"
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == OFFICE
    assert gateway.calls == ["create", "library", "create"]


async def test_esc_while_checking_leaves_with_the_texts_kept() -> None:
    gateway = ScriptedGateway(create=[OFFICE], library=[OFFICE])
    gateway.gate.clear()
    app, texts = form(gateway, group_id="office", name="Office")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "Creating…")
        await pilot.press("escape")
        await until(pilot, "checking…")
        await pilot.press("escape")
        await pilot.pause()
        assert app.result is None
    assert texts.group_id == "office"
    assert texts.pending == LibraryDraft("office", "Office")


async def test_a_form_that_is_opened_again_goes_on_with_the_check() -> None:
    gateway = ScriptedGateway(create=[OFFICE], library=[OFFICE])
    gateway.gate.clear()
    texts = DraftTexts("office", "Office", pending=LibraryDraft("office", "Office"))
    app: Host[Library | None] = Host(lambda: CreateLibrary(gateway, texts))
    async with app.run_test() as pilot:
        await until(pilot, "It may have been created: checking…")
        assert texts.pending is None
        await pilot.press("enter")
        gateway.gate.set()
        await pilot.pause()
        assert app.result == OFFICE
    assert gateway.calls == ["library"]
    assert texts == DraftTexts()


async def test_exists_already_is_understood_in_a_form_that_was_opened_again() -> None:
    gateway = ScriptedGateway(
        create=[ConnectionLostError("reset"), LibraryExistsError("GROUP_EXIST")],
        library=[DeadlineError("no answer in 10 s"), OFFICE],
    )
    app, texts = form(gateway, group_id="office", name="Office")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "It is not known whether")
        await pilot.press("escape")
    again: Host[Library | None] = Host(lambda: CreateLibrary(gateway, texts))
    async with again.run_test() as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert again.result == OFFICE
    assert gateway.calls == ["create", "library", "create", "library"]


async def test_a_cancel_whose_outcome_cannot_be_known_says_so() -> None:
    gateway = ScriptedGateway(create=[OFFICE], library=[DeadlineError("no answer in 10 s")])
    gateway.gate.clear()
    app, _ = form(gateway, group_id="office", name="Office")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "Creating…")
        await pilot.press("escape")
        await until(pilot, "checking…")
        gateway.gate.set()
        await until(pilot, "It is not known whether the library was created")
        assert app.result is UNANSWERED


async def test_exists_already_after_a_lost_answer_means_that_it_was_created() -> None:
    gateway = ScriptedGateway(
        create=[ConnectionLostError("reset"), LibraryExistsError("GROUP_EXIST")],
        library=[LibraryNotFoundError("INVALID_GROUP_ID"), OFFICE],
    )
    app, _ = form(gateway, group_id="office", name="Office")
    async with app.run_test() as pilot:
        await pilot.press("enter")
        await until(pilot, "The library was not created")
        await pilot.press("enter")
        await pilot.pause()
        assert app.result == OFFICE


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (20, 5), (60, 16), (200, 60)])
async def test_the_form_stands_any_size(size: tuple[int, int]) -> None:
    app, _ = form(ScriptedGateway(), group_id="[/x]", name="[@click=app.quit]")
    async with app.run_test(size=size) as pilot:
        await pilot.press("tab", "tab", "enter")
        await pilot.resize_terminal(80, 24)
        await pilot.resize_terminal(*size)
        await pilot.pause()


async def test_a_pasted_escape_does_not_enter_a_field_and_that_is_said() -> None:
    app, texts = form(ScriptedGateway())
    async with app.run_test() as pilot:
        app.screen.query_one("#group_name", Field).value = "a\x1b[31m\u202eb"
        await until(pilot, "characters that cannot be shown were left out")
        assert texts.group_name == "a[31mb"


async def test_letters_with_marks_can_be_typed() -> None:
    app, texts = form(ScriptedGateway())
    async with app.run_test() as pilot:
        app.screen.query_one("#group_name", Field).value = "e\u0301 \u0e01\u0e31\u0e19\x07"
        await until(pilot, "left out")
        assert texts.group_name == "e\u0301 \u0e01\u0e31\u0e19"


async def test_an_id_that_is_listed_is_refused_while_typing() -> None:
    """Unless it may be the one that was sent: then 'exists already' is what is to be found out."""
    gateway = ScriptedGateway()
    app = Host(lambda: CreateLibrary(gateway, DraftTexts(), ["office"]))
    async with app.run_test() as pilot:
        await pilot.press(*"office")
        await until(pilot, "a library with this id already exists")
        await pilot.press("tab", *"Office", "enter", "2")
        await until(pilot, "letters, digits")
    assert gateway.calls == []
    texts = DraftTexts(group_id="office", doubted={LibraryDraft("office", "Office")})
    again = Host(lambda: CreateLibrary(gateway, texts, ["office"]))
    async with again.run_test() as pilot:
        await until(pilot, "letters, digits")
