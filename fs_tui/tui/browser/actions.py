"""BrowserActions: what the keys do in the browser, each action by the name that the keymap has."""

from __future__ import annotations

from functools import cached_property, partial, wraps
from typing import TYPE_CHECKING

from fs_tui.tui.browser.inspector import Inspector
from fs_tui.tui.browser.offers import actions_by_name, libraries_by_name, orders_by_name
from fs_tui.tui.browser.screen import BrowserScreen
from fs_tui.tui.browser.sidebar import Sidebar
from fs_tui.tui.host import Job, Offer
from fs_tui.tui.messages import CopyWanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fs_tui.faces.query import Order
    from fs_tui.models import Library
    from fs_tui.tui.dialogs.create import DraftTexts
    from fs_tui.tui.host import Host

__all__ = ["BrowserActions"]


def in_turn(action: Callable[[BrowserActions], None]) -> Callable[[BrowserActions], None]:
    """Let an action wait until a jump before it has arrived."""

    @wraps(action)
    def act(self: BrowserActions) -> None:
        if not self.turn.keeps(partial(action, self)):
            action(self)

    return act


class BrowserActions(BrowserScreen):
    """The screen of the browser with what its keys do.

    Attributes:
        turn: Whose it is while a jump loads what it leads to.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.turn = self._faces.cursor.turn

    # --- in general ----------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002  Textual's signature
        """What this run may not do is refused."""
        return self._host.options.allows(action)

    def offers(self) -> Iterable[Offer]:
        """Every action, library and order for the palette, with its key or what it is."""
        yield from actions_by_name(self._host.options.offered, self.run_action)
        yield Offer("Go to position", "a number and G", self._jumps.to_position)
        yield from libraries_by_name(self._sidebar.libraries, self._go_to_library)
        yield from orders_by_name(self._order_by)

    def _go_to_library(self, group_id: str) -> None:
        self._sidebar.select(group_id)
        self._navigator.enter(group_id)

    def _order_by(self, order: Order) -> None:
        self._navigator.settle()
        self._views.pane.order_by(order)

    def action_palette(self) -> None:
        """Open the command palette."""
        self._host.show_palette()

    async def action_quit(self) -> None:
        """Leave."""
        await self.app.action_quit()

    def action_help(self) -> None:
        """Show what the keys do."""
        from fs_tui.tui.dialogs.help import Help

        here = self.situation()
        self.app.push_screen(Help(self._host.options.offered, here.words, here.hints()))

    def action_mask(self) -> None:
        """Mask what tells of a person, or show it again."""
        self._host.masked = not self._host.masked
        self.show_mask()

    def action_errors(self) -> None:
        """Show all errors of this run."""
        self._host.show_errors()

    def action_request_log(self) -> None:
        """Show the requests of this run."""
        self._host.show_requests()

    def action_back(self) -> None:
        """One step back; never out of the program."""
        if self._waits:
            self.action_cancel()
        elif self._panes.has_focus(self._inspector):
            self._panes.turn_zoom(on=False)
            self._views.pane.focus_table()
        elif self._panes.has_focus(self._views.pane):
            self._step_back()
        elif not self._panes.turn_zoom(on=False):
            self._host.say("")

    def _step_back(self) -> None:
        """Undo, unmark, go back to what led here, show all, show the other panes, or leave."""
        pane, view = self._views.pane, self._views.view
        if pane.undo() or pane.marker.unmark():
            return
        if self._navigator.back_to_what_led_here() or pane.clear_filter():
            return
        if self._panes.turn_zoom(on=False):
            return
        if view is not None:
            self._navigator.leave_view()

    def action_cancel(self) -> None:
        """Stop what runs: waits, loads, scans, searches, exports."""
        ran = [
            bool(self._waits),
            self._faces.cancel(),
            *[view.cancel() for view in self._views],
            self._inspector.cancel(),
            self._host.cancel(Job.LIBRARIES, Job.CONNECT, Job.CREATE),
        ]
        self._waits.clear()
        self._host.say("cancelled" if any(ran) else "Nothing is running that could be cancelled.")

    def action_zoom(self) -> None:
        """Give the pane with the focus the whole screen; again: as before."""
        self._panes.turn_zoom()

    def action_sidebar(self) -> None:
        """Hide the libraries, or show them."""
        self._panes.turn_sidebar()

    def action_details(self) -> None:
        """Put the details below, beside, or away."""
        place = self._panes.turn_details()
        self._host.say(f"details: {place.value}")

    def action_columns(self) -> None:
        """Choose columns, and how wide they are."""
        self._panes.choose_columns()

    # --- moving --------------------------------------------------------------------------------

    def action_next_pane(self) -> None:
        """Move the focus to the next pane."""
        self._panes.move_focus(1)

    def action_previous_pane(self) -> None:
        """Move the focus to the previous pane."""
        self._panes.move_focus(-1)

    @in_turn
    def action_down(self) -> None:
        """Down one row."""
        self._panes.moved.action_cursor_down()

    @in_turn
    def action_up(self) -> None:
        """Up one row."""
        self._panes.moved.action_cursor_up()

    @in_turn
    def action_page_down(self) -> None:
        """A page down."""
        self._panes.moved.action_page_down()

    @in_turn
    def action_page_up(self) -> None:
        """A page up."""
        self._panes.moved.action_page_up()

    def action_first(self) -> None:
        """To the first row."""
        pane = self._panes.moved
        if isinstance(pane, (Sidebar, Inspector)):
            pane.action_first()
        else:
            self._views.pane.to_first()

    def action_last(self) -> None:
        """To the last row, or to the position that was typed."""
        pane = self._panes.moved
        if isinstance(pane, (Sidebar, Inspector)):
            pane.action_last()
        else:
            self._views.pane.to_last()

    def action_digit(self, digit: str) -> None:
        """Begin or continue a position for `G`."""
        if self._panes.has_focus(self._views.pane):
            self._views.pane.type_digit(digit)

    @in_turn
    def action_open(self) -> None:
        """From the library to its faces, from a face to its details, from a row where it leads."""
        if self._panes.has_focus(self._sidebar):
            if self._sidebar.current is not None:
                self._navigator.enter(self._sidebar.current.group_id)
        elif (view := self._views.view) is not None:
            if self._panes.has_focus(view):
                view.enter()
        elif self._panes.has_focus(self._faces):
            self.set_focus(self._inspector)
        else:
            self._faces.cursor.look_for_position()

    def action_history_back(self) -> None:
        """To what was looked at before."""
        if not self._navigator.back():
            self._host.say("There is nothing to go back to.")

    def action_history_forward(self) -> None:
        """Forward again."""
        if not self._navigator.forward():
            self._host.say("There is nothing to go forward to.")

    def action_jump(self) -> None:
        """Ask for a token and show its face."""
        if self._session is not None:
            self._jumps.to_token(self._session.gateway, self._sidebar.libraries)

    # --- the faces -----------------------------------------------------------------------------

    def action_filter(self) -> None:
        """Open the filter prompt; among the libraries, narrow these by name."""
        if self._panes.has_focus(self._sidebar):
            libraries = libraries_by_name(self._sidebar.libraries, self._go_to_library)
            self._host.choose("Libraries", list(libraries))
            return
        self._navigator.settle()
        self._views.pane.open_filter()

    def action_order(self) -> None:
        """Choose an order."""
        self._navigator.settle()
        self._views.pane.choose_order()

    def action_load_all(self) -> None:
        """Load the whole library, pause, resume."""
        self._navigator.settle()
        self._views.pane.load_all()

    @in_turn
    def action_mark(self) -> None:
        """Mark the row."""
        self._views.pane.marker.mark()

    @in_turn
    def action_mark_range(self) -> None:
        """Mark a range."""
        self._views.pane.marker.mark_range()

    def action_unmark(self) -> None:
        """Unmark all."""
        if not self._views.pane.marker.unmark():
            self._host.say("Nothing is marked.")

    def action_follow(self) -> None:
        """Stay at the end, and show what comes."""
        self._navigator.settle()
        if self._faces.group_id:
            # What comes is a row there, whatever view stands in the place of the faces.
            self._navigator.show_library(self._faces.group_id)
        self._faces.focus_table()
        self._faces.follower.begin()

    def action_read_again(self) -> None:
        """Read all faces of the library again."""
        self._navigator.settle()
        self._faces.reloader.read_again()

    def action_reload(self) -> None:
        """Reload what has the focus."""
        if self._session is None:
            self._host.connect()
            return
        self._navigator.settle()
        if self._panes.has_focus(self._sidebar):
            self.load_libraries(again=True)
        self._inspector.ask_again()
        self._views.pane.reload()

    @in_turn
    def action_copy(self) -> None:
        """Copy what names the marked rows, or the row or the library that is looked at."""
        from fs_tui.tui.browser.copying import copy_key, copy_marked

        pane, subject = self._views.pane, self._panes.subject
        if self._panes.looks_at_rows and pane.sheet.counts.marked:
            copy_marked(pane, self._host)
        elif subject.face is not None:
            self.post_message(CopyWanted(subject.face.face_token, "the face token"))
        elif subject.library is not None:
            self.post_message(CopyWanted(subject.group_id, "the library id"))
        else:
            copy_key(pane, self._host)

    @in_turn
    def action_copy_menu(self) -> None:
        """Choose what to copy."""
        from fs_tui.tui.browser.copying import copy_menu

        self._navigator.settle()
        copy_menu(self._views.pane, self._host)

    def action_export(self) -> None:
        """Choose what to export, and where to."""
        from fs_tui.tui.browser.exporting import export_menu

        self._navigator.settle()
        export_menu(self._views.pane, self._host)

    @in_turn
    def action_person(self) -> None:
        """Show the faces of the person of this face."""
        self._jumps.to_person(self._panes.subject)

    # --- the views -----------------------------------------------------------------------------

    def action_more(self) -> None:
        """Show more of a view."""
        self._step_size(1)

    def action_less(self) -> None:
        """Show less of a view."""
        self._step_size(-1)

    def _step_size(self, by: int) -> None:
        if (view := self._views.view) is None:
            self._host.say("This key is for people (p) and growth (t).")
        else:
            view.step_size(by)

    async def action_view(self, name: str) -> None:
        """Show a view."""
        self._navigator.settle()
        view = await self._views.make(name)
        self._panes.show_columns()
        self._navigator.open_view(view)

    # --- the libraries -------------------------------------------------------------------------

    def action_new_library(self) -> None:
        """Open the create form."""
        from fs_tui.tui.browser.creating import ask_library

        def created(library: Library) -> None:
            self.load_libraries(
                select=library.group_id, said=f"Library {library.group_id} was created."
            )

        if self._session is not None:
            ask_library(self, self._host, self.draft, self._session.gateway, created)

    @cached_property
    def draft(self) -> DraftTexts:
        """What was typed into the create form and not sent yet."""
        from fs_tui.tui.dialogs.create import DraftTexts

        return DraftTexts()
