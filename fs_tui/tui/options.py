"""What the command line tells the browser; the browser knows no settings files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from fs_tui.tui.keys import ACTIONS, Action

if TYPE_CHECKING:
    from fs_tui.tui.keeping import Keeping

__all__ = ["BrowserOptions", "Memory"]

T = TypeVar("T")


class Memory(Protocol):
    """What the browser remembers from one run to the next, in JSON's kinds of values."""

    def get(self, name: str, kind: type[T]) -> T | None:
        """Return what was put under a name; None where nothing of this kind was."""

    def put(self, name: str, value: object) -> None:
        """Remember a value."""


class _Nothing:
    """Remembers nothing."""

    def get(self, name: str, kind: type[T]) -> T | None:
        """Nothing was put."""

    def put(self, name: str, value: object) -> None:
        """Forget it."""


class BrowserOptions(NamedTuple):
    """The choices of one run.

    Attributes:
        library: The id of the library to open first; empty opens the first of the list.
        read_only: Takes away the actions that write.
        actions: The actions with their keys, after the configuration's keymap.
        concurrency: Requests under way at once while loading all, 1 to 8.
        slow: The link is slow or remote: fewer bytes go before more comfort.
        clipboard: `auto`, `tmux`, `osc52`, `native` or `off`.
        theme: A theme's name; empty takes the default.
        mask: Begin with user ids, user data and tokens masked.
        memory: Keeps choices for later runs.
        auto_reload: Seconds between reloads of what is looked at; 0 is off.
        keeping: Makes listings that are kept; None keeps nothing.
        greeting: Is said once the libraries are there, until a key comes.
    """

    library: str = ""
    read_only: bool = False
    actions: tuple[Action, ...] = ACTIONS
    concurrency: int = 1
    slow: bool = False
    clipboard: str = "auto"
    theme: str = ""
    auto_reload: float = 0
    keeping: Keeping | None = None
    mask: bool = False
    memory: Memory = _Nothing()
    greeting: str = ""

    def allows(self, action: str) -> bool:
        """Whether this run may do what a name stands for."""
        return not (
            self.read_only and any(one.name == action and one.writes for one in self.actions)
        )

    @property
    def offered(self) -> tuple[Action, ...]:
        """The actions that this run may do."""
        return tuple(action for action in self.actions if self.allows(action.name))
