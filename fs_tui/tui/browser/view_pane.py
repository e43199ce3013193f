"""ViewPane: what stands in the place of the faces, with the same keys and rows of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message
from textual.widgets import Input

from fs_tui.errors import FilterError
from fs_tui.tui.browser.data_pane import DataPane
from fs_tui.tui.browser.marker import Marker

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.query import Query
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face, Library
    from fs_tui.tui.browser.filterbar import FilterBar
    from fs_tui.tui.browser.history import Place
    from fs_tui.tui.browser.listings import Listings
    from fs_tui.tui.browser.sheet import ViewSheet
    from fs_tui.tui.host import Host
    from fs_tui.tui.table.table_columns import Column

__all__ = ["Reach", "ViewPane"]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a view may look at.

    Attributes:
        gateway: Is asked.
        libraries: Those of the account.
        listing: The faces of the library that is open; None for none.
        filter: What they are filtered by; empty for nothing, and where they are not shown.
        listings: Those of all libraries that were looked at, and what counts their people.
    """

    gateway: Gateway
    libraries: tuple[Library, ...]
    listing: FaceListing | None
    filter: str
    listings: Listings

    @property
    def group_ids(self) -> tuple[str, ...]:
        """The ids of the libraries."""
        return tuple(library.group_id for library in self.libraries)


class ViewPane(DataPane):
    """A view; who extends it says what its rows are, and what is under the cursor.

    Attributes:
        kind: What a place calls it, and the action that opens it.
        hints: Actions with a word for each, from the most to the least important one.
        reach: What it looks at; None before it was shown.
    """

    sheet: ViewSheet
    kind: ClassVar[str]
    hints: ClassVar[tuple[tuple[str, str], ...]]

    @dataclass
    class PlaceWanted(Message):
        """Show a place instead."""

        place: Place

    @dataclass
    class FaceWanted(Message):
        """Show a face in its library.

        Attributes:
            group_id: The library.
            position: Where it was met, 1-based; 0 where that is not known.
        """

        group_id: str
        face: Face
        position: int

    def __init__(self, host: Host, columns: Sequence[Column]) -> None:
        super().__init__(host, columns)
        self.reach: Reach | None = None
        self.sheet = self.make_sheet()
        self.marker = Marker(host, self.table, self.sheet, self._marks_changed)

    # --- what whoever extends it says ------------------------------------------------------------

    def make_sheet(self) -> ViewSheet:
        """Return what is marked, copied and exported of it; called once."""
        raise NotImplementedError

    def begin(self, reach: Reach) -> Place | None:
        """Return what its key shows; None where there is nothing to be shown."""
        raise NotImplementedError

    def begun(self) -> None:
        """Its key was pressed, and it is shown."""

    def show(self, place: Place, reach: Reach) -> None:
        """Show a place that it named."""
        raise NotImplementedError

    def enter(self) -> None:
        """Go where the row leads."""
        raise NotImplementedError

    def invitation(self, text: str) -> str:
        """Return what enter does in the prompt with what is typed."""
        raise NotImplementedError

    def step_size(self, by: int) -> None:
        """Show more of it, or less."""

    def hide(self) -> None:
        """Something else is shown now."""

    def show_columns(self, choice: Mapping[str, str]) -> None:
        """Show the columns of faces as they were chosen, where its rows are faces."""

    def tell(self) -> None:
        """Say what is known of the rows."""
        raise NotImplementedError

    # --- what is the same in all -----------------------------------------------------------------

    def _marks_changed(self) -> None:
        self.tell()
        self.post_message(self.Changed())

    def read(self, text: str) -> Query | None:
        """Read a filter; say at the prompt what is wrong with it, or what enter does."""
        from fs_tui.faces.filter_language import parse

        try:
            query = parse(text)
        except FilterError as error:
            self.prompt.note(error.detail, wrong=True)
            return None
        self.prompt.note(self.invitation(text))
        return query

    def on_filter_bar_changed(self, event: FilterBar.Changed) -> None:
        """Say what is wrong while it is typed."""
        event.stop()
        self.read(event.text)

    def undo(self) -> bool:
        """Esc: forget what was typed or begun, else stop what runs."""
        began = self.forget_begun()
        self._host.say("")
        if not began and isinstance(self.screen.focused, Input):
            return self.close_prompt()
        if not began and self.busy:
            self.cancel()
            return True
        return began

    def close_prompt(self) -> bool:
        """Esc in the prompt; False where nothing is behind it."""
        return self.clear_filter()
