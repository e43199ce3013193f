"""The export form: which rows, which format, which file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from fs_tui.faces.scopes import Scope
from fs_tui.records import FORMATS, Format
from fs_tui.tui.dialogs.confirm import Confirm
from fs_tui.tui.forms.choice import Choice
from fs_tui.tui.forms.dialog import Dialog, DialogBox, Hint, Notice
from fs_tui.tui.forms.field import Field
from fs_tui.visible import visible
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widgets import Input

    from fs_tui.tui.row_kinds import RowCounts, RowKind

__all__ = ["ExportDialog", "ExportTarget"]

_HINTS: tuple[Hint, ...] = (
    ("enter", "export", "screen.submit"),
    ("tab", "next", "app.focus_next"),
    ("esc", "close", "screen.leave"),
)


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """What is to be exported.

    Attributes:
        path: Absolute, `~` expanded.
        overwrite: The file was there, and the user agreed to replace it.
    """

    scope: Scope
    format: Format
    path: Path
    overwrite: bool = False


class ExportDialog(Dialog[ExportTarget]):
    """Returns what is to be exported, and where to.

    Args:
        kind: What is exported.
        counts: How many rows each choice has.
        suggested: A file name without suffix for a scope.
        folder: Where the suggestion lies, and where a relative path begins.
        note: What is to be known before; empty for nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Export", show=False)]

    def __init__(
        self,
        kind: RowKind,
        counts: RowCounts,
        *,
        suggested: Callable[[Scope], str],
        folder: Path,
        note: str = "",
    ) -> None:
        super().__init__()
        self._note = Notice()
        self._note_text = note
        self._suggest = suggested
        self._folder = folder
        self._scope: Choice[Scope] = Choice(
            kind.many.capitalize(), _scopes(kind, counts), upright=True, id="scope"
        )
        self._format: Choice[Format] = Choice(
            "Format",
            [(form, form.title) for form in FORMATS],
            id="format",
        )
        self._suggested = self._suggestion()
        self._path = Field(
            "File",
            value=self._suggested,
            hint=f"in {visible(_from_home(folder), limit=None)}; readable by you alone",
            check=self._problem,
            id="path",
        )

    def compose(self) -> ComposeResult:
        """Ask which rows, which format, which file."""
        with DialogBox("Export", _HINTS):
            yield self._scope
            yield self._format
            yield self._path
            yield self._note

    def on_mount(self) -> None:
        """Say what is to be known before."""
        self._note.say(self._note_text)

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Suggest another name, unless the user has typed one."""
        event.stop()
        if self._path.value == self._suggested:
            self._suggested = self._suggestion()
            self._path.value = self._suggested

    def on_choice_submitted(self, event: Choice.Submitted) -> None:
        """Enter exports."""
        event.stop()
        self.action_submit()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter exports."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Return the target, after asking about a file that is there already."""
        if self._path.ask():
            self._path.entry.focus()
            return
        path = self._absolute(self._path.value)
        if not path.exists():
            self._answer(path, overwrite=False)
            return

        def answered(replace: bool | None) -> None:  # noqa: FBT001  Textual calls it so
            if replace:
                self._answer(path, overwrite=True)

        self.app.push_screen(
            Confirm(
                "Replace the file?", detail=f"{path} is there already.", yes="Replace", no="Keep"
            ),
            answered,
        )

    def _answer(self, path: Path, *, overwrite: bool) -> None:
        self.dismiss(ExportTarget(self._scope.value, self._format.value, path, overwrite))

    def _suggestion(self) -> str:
        # The name alone: behind a long folder it would be out of sight.
        return f"{self._suggest(self._scope.value)}.{self._format.value.name}"

    def _absolute(self, text: str) -> Path:
        try:
            path = Path(text.strip()).expanduser()
        except RuntimeError:
            path = Path(text.strip())
        return self._folder / path

    def _problem(self, text: str) -> str:
        if not text.strip():
            return "a file name is needed"
        path = self._absolute(text)
        try:
            if path.is_dir() or text.endswith("/"):
                return "this is a folder; add a file name"
            if path.exists() and not path.is_file():
                return "this is not a regular file"
            if not path.parent.is_dir():
                return "there is no such folder"
        except (OSError, ValueError) as error:
            return getattr(error, "strerror", None) or "this cannot be a file name"
        return ""


def _from_home(folder: Path) -> str:
    """Return a folder as people write it."""
    try:
        return str("~" / folder.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(folder)


def _scopes(kind: RowKind, counts: RowCounts) -> list[tuple[Scope, str]]:
    """Return the choices that hold anything, the narrowest first."""

    def of(rows: int) -> str:
        return count(rows, kind.one, kind.many)

    scopes: list[tuple[Scope, str]] = []
    if counts.marked:
        scopes.append((Scope.MARKED, f"marked: {of(counts.marked)}"))
    if counts.filtered is not None:
        scopes.append((Scope.FILTERED, f"filtered: {of(counts.filtered)}"))
    if counts.loaded is not None:
        scopes.append((Scope.LOADED, f"loaded: {of(counts.loaded)}"))
    if counts.total is not None:
        rest = 0 if counts.loaded is None else counts.total - counts.loaded
        wait = f", {count(rest)} to load" if rest > 0 else ""
        scopes.append((Scope.ALL, f"all: {of(counts.total)}{wait}"))
    elif counts.loads_rest:
        scopes.append((Scope.ALL, "all: the rest is loaded first"))
    return scopes
