"""A small app that pushes one screen and keeps its result, and a gateway that the test plays."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.app import App

from tests import waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot
    from textual.screen import Screen
    from textual.widget import Widget

    from fs_tui.errors import FsTuiError
    from fs_tui.gateway import Listener
    from fs_tui.models import Face, FacePage, Library, LibraryDraft
    from fs_tui.tui.messages import CopyWanted, ErrorMet

__all__ = ["UNANSWERED", "Host", "ScriptedGateway", "screen_text", "shown_by", "until"]

ResultT = TypeVar("ResultT")

_FRAMES = dict.fromkeys(map(ord, "╭─╮│╰╯▁▂▃▄▅▆▇"), " ")

UNANSWERED = object()
"""The host's result while the screen is open."""


class Host(App[None], Generic[ResultT]):
    """Pushes a screen over an empty one.

    Attributes:
        result: What the screen returned; UNANSWERED while it is open.
        copies: What was asked for the clipboard: text and what it is.
        errors: What was to be remembered: what was being done, and the error.
        mouse: As the terminal owner's app has it.
    """

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, make: Callable[[], Screen[ResultT]]) -> None:
        super().__init__()
        self._make = make
        self.result: ResultT | object | None = UNANSWERED
        self.copies: list[tuple[str, str]] = []
        self.errors: list[tuple[str, FsTuiError]] = []
        self.mouse = True

    def on_mount(self) -> None:
        """Open the screen."""
        self.animation_level = "none"
        self.push_screen(self._make(), self._answered)

    def on_copy_wanted(self, message: CopyWanted) -> None:
        """Keep what was to be copied."""
        self.copies.append((message.text, message.what))

    def on_error_met(self, message: ErrorMet) -> None:
        """Keep what was to be remembered."""
        self.errors.append((message.call, message.error))

    def set_mouse(self, *, on: bool) -> None:
        """Keep who has the mouse."""
        self.mouse = on

    def _answered(self, result: ResultT | None) -> None:
        self.result = result


class ScriptedGateway:
    """A gateway whose answers are given by the test, each behind a gate that is open at first.

    Attributes:
        calls: Names of the calls in order.
        drafts: What was to be created.
        answers: Name of a call to what it gives or raises, in order; the last one stays.
        gate: Calls wait here.
    """

    def __init__(self, **answers: list[Any]) -> None:
        self.calls: list[str] = []
        self.drafts: list[LibraryDraft] = []
        self.answers = answers
        self.gate = asyncio.Event()
        self.gate.set()

    async def _answer(self, call: str) -> Any:  # each call's own type; the callers name it
        self.calls.append(call)
        await self.gate.wait()
        answers = self.answers[call]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def listen(self, listener: Listener) -> None:
        """Tell nothing."""

    async def libraries(self) -> tuple[Library, ...]:
        """Answer as scripted."""
        libraries: tuple[Library, ...] = await self._answer("libraries")
        return libraries

    async def library(self, group_id: str) -> Library:
        """Answer as scripted."""
        library: Library = await self._answer("library")
        return library

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        """Answer as scripted."""
        page: FacePage = await self._answer("faces")
        return page

    async def face(self, group_id: str, face_token: str) -> Face:
        """Answer as scripted."""
        face: Face = await self._answer("face")
        return face

    async def create(self, draft: LibraryDraft) -> Library:
        """Answer as scripted."""
        self.drafts.append(draft)
        library: Library = await self._answer("create")
        return library

    async def aclose(self) -> None:
        """Have nothing to close."""


def screen_text(app: App[Any]) -> str:
    """Return what is on screen, line by line."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


def shown_by(widget: Widget) -> str:
    """Return the words that a widget shows, without frames and scrollbars, its lines in one."""
    region = widget.region
    strips = widget.screen._compositor.render_strips()[region.y : region.bottom]
    lines = " ".join(strip.crop(region.x, region.right).text for strip in strips)
    return " ".join(lines.translate(_FRAMES).split())


async def until(pilot: Pilot[Any], text: str) -> None:
    """Wait until a text is on screen; fails with the screen when it does not come."""
    await pilot.pause()
    await waiting.until(
        lambda: text in screen_text(pilot.app), shown=lambda: screen_text(pilot.app)
    )
