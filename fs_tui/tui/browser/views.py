"""Views: what stands in the middle: the faces of a library, or a view in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.screen import Screen

    from fs_tui.tui.browser.data_pane import DataPane
    from fs_tui.tui.browser.faces_pane import FacesPane
    from fs_tui.tui.browser.history import Place
    from fs_tui.tui.browser.view_pane import Reach, ViewPane
    from fs_tui.tui.host import Host

__all__ = ["Views"]


def _kinds() -> dict[str, Callable[[Host], ViewPane]]:
    """The views there are; imported when one is wanted, as the first frame needs none."""
    from fs_tui.tui.browser.account_pane import AccountPane
    from fs_tui.tui.browser.find_pane import FindPane
    from fs_tui.tui.browser.growth_pane import GrowthPane
    from fs_tui.tui.browser.people_pane import PeoplePane

    return {pane.kind: pane for pane in (AccountPane, FindPane, GrowthPane, PeoplePane)}


class Views:
    """Shows one pane at a time; a view is made when it is wanted first, and kept.

    Args:
        screen: Holds the panes.
        host: What the views run things in.
        faces: What is shown where no view is.

    Attributes:
        pane: What is shown.
    """

    def __init__(self, screen: Screen[None], host: Host, faces: FacesPane) -> None:
        self.pane: DataPane = faces
        self._screen = screen
        self._host = host
        self.faces = faces
        self._made: dict[str, ViewPane] = {}

    def __iter__(self) -> Iterator[ViewPane]:
        return iter(self._made.values())

    @property
    def view(self) -> ViewPane | None:
        """The view that is shown; None where the faces are."""
        return next((view for view in self if view is self.pane), None)

    async def make(self, name: str) -> ViewPane:
        """Return a view, ready to be shown and typed into."""
        if name not in self._made:
            view = _kinds()[name](self._host)
            view.add_class("-away")
            self._made[name] = view
            await self._screen.mount(view)
            view.show_mask()
        return self._made[name]

    def show(self, place: Place, reach: Reach) -> None:
        """Show a place in a view that was made before."""
        before, view = self.view, self._made[place.view]
        view.show(place, reach)
        self._turn_to(view)
        view.post_message(view.Changed())
        if before is not None and before is not view:
            before.hide()

    def show_faces(self) -> None:
        """Show the faces."""
        if (view := self.view) is not None:
            self._turn_to(self.faces)
            self.faces.post_message(self.faces.Changed())
            view.hide()

    def _turn_to(self, pane: DataPane) -> None:
        """Show a pane instead of the one that is shown; it has the focus if that one had it."""
        before, self.pane = self.pane, pane
        focused = self._screen.focused
        has_focus = focused is not None and before in focused.ancestors_with_self
        pane.remove_class("-away")
        if before is pane:
            return
        if has_focus:
            self._screen.set_focus(pane.table)
        before.add_class("-away")
