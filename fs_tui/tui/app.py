"""The app: owns what outlives a screen (session, records, errors) and starts the browser.

Connector ──open──► Session ──► BrowserActions
Gateway ──events──► FsTuiApp ──► request log, list of errors
any screen ──CopyWanted──► FsTuiApp ──► clipboard
"""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections import deque
from datetime import UTC, datetime
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from textual import events

from fs_tui.errors import CredentialError, FsTuiError, SettingsError
from fs_tui.suggestion import did_you_mean, nearest
from fs_tui.tasks import deferred
from fs_tui.tui.browser.actions import BrowserActions
from fs_tui.tui.host import Job, Offer
from fs_tui.tui.keys import keymap_cost, shown
from fs_tui.tui.pages.copies import Copies
from fs_tui.tui.terminal.terminal_app import TerminalApp
from fs_tui.visible import visible
from fs_tui.words import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from textual.binding import Binding
    from textual.screen import Screen
    from textual.worker import Worker

    from fs_tui.gateway import Connector, Event, Session
    from fs_tui.models import RequestRecord
    from fs_tui.tui.host import Kind
    from fs_tui.tui.messages import CopyWanted, ErrorMet
    from fs_tui.tui.options import BrowserOptions
    from fs_tui.tui.pages.records import ErrorRecord, NoteRecord

__all__ = ["FsTuiApp"]

_RECORDS_KEPT = 2000
_MESSAGES_KEPT = 500

_ALL_IMPORTED = 1.0
"""Seconds from the connection on after which the first faces are there, wherever they come from."""

_UNCHANGED = 0.15
"""Seconds that the first frame stands at most."""

_USUAL_SECONDS = 0.1
"""What a page takes where none was asked for yet."""

_WEIGHT = 4
"""A page's part of the average is one in so many."""

_PAGE_BYTES = 4_000
"""An answer of fewer has a few faces: what looks for the end asks for one, which is no page."""


class FsTuiApp(TerminalApp):
    """The browser as a program.

    Args:
        connector: How it gets a session.
        options: The choices of this run.
        on_record: Also told of each request, for a log file; None for none.

    Attributes:
        session: The open session; None before there is one.
        records: The newest requests of this run.
        said: The newest messages of this run, and its errors.
        masked: Whether the screen shows of what tells of a person the last three characters only.
        page_seconds: How long a page of faces takes, by what the last ones took.
    """

    CSS_PATH = "app.tcss"
    TITLE = "fs-tui"
    ENABLE_COMMAND_PALETTE = False  # it has its own

    def __init__(
        self,
        connector: Connector,
        options: BrowserOptions,
        *,
        on_record: Callable[[RequestRecord], None] | None = None,
    ) -> None:
        super().__init__()
        self.options = options
        self.session: Session | None = None
        self.masked = options.mask
        self.page_seconds = _USUAL_SECONDS
        self.records: deque[RequestRecord] = deque(maxlen=_RECORDS_KEPT)
        self.said: deque[ErrorRecord | NoteRecord] = deque(maxlen=_MESSAGES_KEPT)
        self._connector = connector
        self._on_record = on_record
        self._browser = BrowserActions(self)
        self._copies = Copies(self, self)
        if options.slow:
            self.animation_level = "none"

    @property
    def alt_keys(self) -> str:
        """Those of a keymap too."""
        alt = "alt+"
        keys = [key for action in self.options.actions for key in action.keys]
        bound = [key.removeprefix(alt) for key in keys if key.startswith(alt)]
        return super().alt_keys + "".join(key for key in bound if len(key) == 1)

    def get_default_screen(self) -> Screen[None]:
        """The browser is the first screen, so that nothing else is drawn before it."""
        self._browser.place_panes()
        return self._browser

    def on_mount(self) -> None:
        """Take the theme, and say what the keymap has cost."""
        asyncio.get_running_loop().set_exception_handler(self._on_stray_error)
        if self.options.theme:
            self._choose_theme(self.options.theme)
        if words := keymap_cost(self.options.actions):
            self.call_after_refresh(self.say, words)

    def on_ready(self) -> None:
        """Connect as soon as the first frame is painted."""
        # Textual paints it three times over; nothing in it changes until there is a session.
        self._browser.hold(_UNCHANGED)
        self.connect()

    async def on_unmount(self) -> None:
        """Close the connections; what is under way is cancelled."""
        if self.session is not None:
            await self.session.gateway.aclose()

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, moved where they could not be seen well enough."""
        from fs_tui.tui.themes import readable

        return readable(super().get_css_variables())

    def _choose_theme(self, name: str) -> None:
        """Take the theme of the settings, where there is such a one."""
        self._register_themes()
        if name in self.available_themes:
            self.theme = name
            return
        near = nearest(name, self.available_themes)
        hint = did_you_mean(near) or "The palette lists the themes."
        error = SettingsError(f"there is no theme '{name}'", hint=hint)
        self.call_after_refresh(self.report, "settings", error)

    def _register_themes(self) -> None:
        """Offer our own theme too; not needed for the first frame."""
        from fs_tui.tui.themes import HIGH_CONTRAST

        self.register_theme(HIGH_CONTRAST)

    # --- connecting -------------------------------------------------------------------------

    def connect(self) -> None:
        """Open a session in the background; ask for credentials when there are none."""
        self._register_themes()
        self.work(Job.CONNECT, self._connect())

    async def _connect(self) -> None:
        try:
            session = await self._connector.open()
        except CredentialError as error:
            self._remember("connect", error)
            await self._ask_for_credentials(error)
            return
        finally:
            # Not yet: the first faces import and make as much again, and none of it is garbage.
            self.set_timer(_ALL_IMPORTED, _collect_garbage)
        await self._use(session)

    async def _ask_for_credentials(self, reason: FsTuiError) -> None:
        from fs_tui.tui.pages.connect import Connect

        def answered(session: Session | None) -> None:
            if session is None:
                self.exit()
            else:
                self.work(Job.CONNECT, self._use(session))

        await self.push_screen(Connect(self._connector, reason), answered)

    async def _use(self, session: Session) -> None:
        self.session = session
        session.gateway.listen(self._on_event)
        keeping = self.options.keeping
        trouble = None if keeping is None else await keeping.prepare(session)
        self._browser.attach(session)
        if trouble is not None:
            self.call_after_refresh(self.report, "keep", trouble)

    # --- what the gateway tells ---------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        from fs_tui.models import RequestRecord, RetryWait

        if isinstance(event, RequestRecord):
            self.records.append(event)
            if event.call == "list" and event.bytes_received >= _PAGE_BYTES and not event.error:
                self.page_seconds += (event.round_trip_ms / 1000 - self.page_seconds) / _WEIGHT
            if self._on_record is not None:
                self._on_record(event)
        elif isinstance(event, RetryWait) and isinstance(event.error, FsTuiError):
            again = duration(max(1.0, event.seconds))
            then = f"attempt {event.attempt}, to be tried again in {again}"
            self._remember(event.call, event.error, event.group_id, then=then)

    # --- errors and work ----------------------------------------------------------------------

    def report(self, call: str, error: FsTuiError, group_id: str = "") -> None:
        """Remember an error and say it."""
        self._remember(call, error, group_id)
        self._browser.say(_sentence(error), "error")

    def withdraw(self, error: FsTuiError) -> None:
        """Say an error no longer: what it was about has succeeded since."""
        self._browser.withdraw(_sentence(error))

    def _remember(
        self, call: str, error: FsTuiError, group_id: str = "", *, then: str = ""
    ) -> None:
        from fs_tui.tui.pages.records import ErrorRecord

        self.said.append(ErrorRecord(datetime.now(UTC), call, error, group_id, then))

    def on_error_met(self, message: ErrorMet) -> None:
        """Remember an error that a dialogue shows itself."""
        self._remember(message.call, message.error, message.group_id)

    def work(
        self,
        job: Job,
        task: Coroutine[Any, Any, object],  # Any: nothing is sent into it
        *,
        group_id: str = "",
    ) -> None:
        """Run something in the background; see Host."""

        async def guarded() -> None:
            try:
                await task
            except FsTuiError as error:
                self.report(job.value, error, group_id)

        worker: Worker[None] = self.run_worker(
            deferred(guarded), name=job.value, group=job.name, exclusive=True, description=job.value
        )
        # One that is cancelled before it began never awaits the task, which would be complained of.
        weakref.finalize(worker, task.close).atexit = False

    def cancel(self, *jobs: Job) -> bool:
        """End what runs under these jobs; returns whether anything did."""
        ended = [self.workers.cancel_group(self, job.name) for job in jobs]
        return any(ended)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """What runs no longer is offered no more to be cancelled."""
        if event.worker.is_finished:
            self._browser.show_keys()

    def runs(self, job: Job) -> bool:
        """Whether something runs under a job."""
        ours = (worker for worker in self.workers if worker.group == job.name)
        return any(not worker.is_finished for worker in ours)

    def show_errors(self) -> None:
        """Show all messages and errors of this run."""
        from fs_tui.tui.pages.errors import Errors

        self.push_screen(Errors(self.said))

    def show_requests(self) -> None:
        """Show the requests of this run."""
        from fs_tui.tui.pages.requests import Requests

        endpoint = "" if self.session is None else self.session.endpoint
        self.push_screen(Requests(self.records, endpoint, masked=self.masked))

    def _on_stray_error(self, _loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        """Take what nobody awaited: asyncio itself would print a traceback over the screen."""
        error = context.get("exception")
        if isinstance(error, FsTuiError):
            self.report("background", error)
        elif isinstance(error, Exception):
            self._handle_exception(error)

    # --- copying ------------------------------------------------------------------------------

    def on_copy_wanted(self, message: CopyWanted) -> None:
        """Copy a text for whoever asks."""
        self._copies.copy(message)

    # --- messages ----------------------------------------------------------------------------

    def say(self, message: str, kind: Kind = "note") -> None:
        """Show a message in the last line, or with an empty text none; `!` keeps the notes."""
        if message and kind == "note":
            from fs_tui.tui.pages.records import NoteRecord

            self.said.append(NoteRecord(datetime.now(UTC), message))
        self._browser.say(message, kind)

    def unsay(self, message: str) -> None:
        """Show a message no longer, unless another one has taken its place."""
        self._browser.withdraw(message)

    async def on_event(self, event: events.Event) -> None:
        """A key ends what was said before it."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._browser.forget_message()
        await super().on_event(event)

    def tell(self, sentence: str) -> None:
        """Say something where the user is: in the last line, or over another page."""
        self.say(sentence)
        if self.screen is not self._browser:
            self.notify(visible(sentence, limit=300), markup=False)

    def _toggle_mouse(self) -> None:
        self.set_mouse(on=not self.mouse)
        self.tell("fs-tui uses the mouse." if self.mouse else "The mouse is left to the terminal.")

    async def confirm(
        self, question: str, detail: str, *, yes: str = "Yes", no: str = "No"
    ) -> bool:
        """Ask something that has two answers; see Host."""
        from fs_tui.tui.dialogs.confirm import Confirm

        return await self.push_screen_wait(Confirm(question, detail=detail, yes=yes, no=no)) is True

    # --- palette ------------------------------------------------------------------------------

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as the help writes it."""
        return shown(binding.key)

    def show_palette(self) -> None:
        """Offer everything by name."""
        self.choose("Everything by name", [*self._browser.offers(), *self._offers()])

    def _offers(self) -> Iterable[Offer]:
        """What is not of one page; no screenshot is among it, it would hold personal data."""
        yield from self._copies.offers()
        mouse = "Mouse on or off: off leaves selecting to the terminal"
        yield Offer(mouse, "", self._toggle_mouse)
        yield Offer("Theme: choose the colours", "", self._choose_from_themes)
        yield Offer("Quit", "q", self.action_quit)

    def _choose_from_themes(self) -> None:
        offers = [
            Offer(name, "now" * (name == self.theme), partial(setattr, self, "theme", name))
            for name in sorted(self.available_themes)
        ]
        self.choose("Theme", offers)

    def choose(self, title: str, offers: Sequence[Offer]) -> None:
        """Let one of some things be taken by its name."""
        from fs_tui.tui.dialogs.palette import Palette

        async def taken(offer: Offer | None) -> None:
            if offer is not None and isawaitable(done := offer.run()):
                await done

        self.push_screen(Palette(title, offers), taken)

    def action_help_quit(self) -> None:
        """ctrl+c says how to leave, rather than leaving: it is also the key to copy."""
        from fs_tui.tui.pages.connect import Connect

        key = next(shown(one.keys[0]) for one in self.options.actions if one.name == "quit")
        words = f"Press {key} to quit."
        if isinstance(self.screen, Connect):
            words = "Press esc to quit."
        elif self.screen is not self._browser:
            words = f"Press esc to go back; {key} quits from there."
        self.notify(words, markup=False)


def _collect_garbage() -> None:
    """Look for garbage from now on; what is there stays, and is not looked at again."""
    gc.freeze()
    gc.enable()


def _sentence(error: FsTuiError) -> str:
    """What happened, and what to do next."""
    return " — ".join(filter(None, (str(error), error.hint)))
