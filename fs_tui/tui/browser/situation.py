"""Situation: what one may do where one is; decides which keys the last line names."""

from __future__ import annotations

from typing import Literal, NamedTuple

from fs_tui.words import count

__all__ = ["Focus", "Situation"]

Focus = Literal["libraries", "faces", "filter", "details"]

_ALWAYS = (("palette", "actions"), ("help", "help"), ("quit", "quit"))

_OF_ROWS = {"open", "order", "mark", "copy", "export"}
"""Actions that do nothing where a view has no rows."""


class Situation(NamedTuple):
    """Where the focus is, and what goes on there.

    Attributes:
        focus: What has the focus.
        has_rows: There are faces, places of them, or rows of a view, to look at.
        marked: Rows that are marked.
        keys: What names several of them.
        in_range: A range is being made.
        runs: Something runs that can be cancelled.
        loads_all: All is being loaded.
        rests: The loading of all rests.
        whole: Everything is loaded.
        filtered: A filter narrows the rows.
        wrong: What is typed as a filter is none.
        astray: A face is looked at whose position is not known.
        view_hints: Those of the view that stands in the place of the faces; empty for none.
    """

    focus: Focus = "libraries"
    has_rows: bool = True
    marked: int = 0
    keys: str = "tokens"
    in_range: bool = False
    runs: bool = False
    loads_all: bool = False
    rests: bool = False
    whole: bool = False
    filtered: bool = False
    wrong: bool = False
    astray: bool = False
    view_hints: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> str:
        """Where the focus is, for people."""
        return "a view" if self.view_hints and self.focus == "faces" else f"the {self.focus}"

    def hints(self) -> tuple[tuple[str, str], ...]:
        """Actions with a word for each, from the most to the least important one."""
        if self.focus == "filter":
            back = ("back", "back" if self.view_hints else "clear")
            if self.view_hints:
                return (("submit", "search"), back)
            return (back,) if self.whole or self.wrong else (("submit", "search all"), back)
        cancel = (("cancel", "cancel"),) if self.runs else ()
        return (*cancel, *self._of_focus(), *_ALWAYS)

    def _of_focus(self) -> tuple[tuple[str, str], ...]:
        if self.focus == "libraries":
            return (
                ("open", "open"),
                ("filter", "filter"),
                ("find", "find in all"),
                ("people", "people"),
                ("growth", "growth"),
                ("new_library", "new"),
                ("reload", "reload"),
                ("jump", "find a token"),
            )
        if self.focus == "details":
            look = (("open", "look for its row"),) if self.astray else ()
            return (
                *look,
                ("back", "back"),
                ("copy", "copy"),
                ("copy_menu", "copy …"),
                ("person", "person"),
                ("details", "place"),
            )
        if self.in_range:
            return (("mark_range", "mark to here"), ("back", "no range"), ("last", "to the end"))
        if self.view_hints:
            return self._with_marks(
                tuple(h for h in self.view_hints if self.has_rows or h[0] not in _OF_ROWS)
            )
        if not self.has_rows:
            away = ("back", "no filter") if self.filtered else ("previous_pane", "libraries")
            return (away, ("reload", "reload"))
        return self._in_faces()

    def _in_faces(self) -> tuple[tuple[str, str], ...]:
        plain = (
            ("open", "details"),
            ("filter", "filter"),
            ("order", "order"),
            ("mark", "mark"),
            ("copy", "copy"),
            *self._load_all(),
            ("person", "person"),
            ("people", "people"),
            ("growth", "growth"),
            ("find", "find in all"),
            ("zoom", "zoom"),
            ("export", "export"),
            ("reload", "reload"),
        )
        clear = (("back", "no filter"),) if self.filtered and not self.marked else ()
        return (*clear, *self._with_marks(plain))

    def _with_marks(self, plain: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        """What can be done with marked rows goes first, where there are any."""
        if not self.marked:
            return plain
        keys = self.keys if self.marked > 1 else self.keys.removesuffix("s")
        marked = (
            ("copy", f"copy {count(self.marked)} {keys}"),
            ("unmark", "unmark"),
            ("export", "export"),
        )
        return (*marked, *(hint for hint in plain if hint[0] not in dict(marked)))

    def _load_all(self) -> tuple[tuple[str, str], ...]:
        if self.rests:
            return (("load_all", "go on"),)
        if self.loads_all:
            return (("load_all", "pause"),)
        return () if self.whole else (("load_all", "load all"),)
