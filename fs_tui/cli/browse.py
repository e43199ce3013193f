"""Opens the browser: the terminal is checked first, so that nothing is imported in vain.

Options, BrowserFlags ──► Settings ──► Connector, BrowserOptions ──► FsTuiApp ──► exit status
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fs_tui.cli.connect import connector
from fs_tui.cli.keeping import BrowserKeeping
from fs_tui.cli.session import request_log
from fs_tui.cli.settings import load
from fs_tui.cli.terminal_check import require_terminal
from fs_tui.shortage import require_descriptors
from fs_tui.tui.terminal.policy import TerminalPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.cli.context import BrowserFlags, Options
    from fs_tui.settings.options import Settings
    from fs_tui.tui.keys import Action
    from fs_tui.tui.options import BrowserOptions

__all__ = ["browse"]

_WORTH_TRYING = (
    ("last", "the real end"),
    ("filter", "filter"),
    ("people", "people"),
    ("growth", "growth"),
    ("new_library", "new library"),
)
"""Actions of the demo, and what they lead to."""


def browse(options: Options, flags: BrowserFlags) -> int:
    """Run the browser; return its exit status.

    Raises:
        TerminalError: There is no terminal, or one that cannot show it.
        FsTuiError: The settings are invalid, or the credential command failed.
    """
    require_terminal(os.environ)
    require_descriptors()
    settings = load(options, flags)
    policy = TerminalPolicy.choose(
        os.environ,
        slow=flags.slow,
        mouse={"auto": None, "on": True, "off": False}[settings.mouse],
        colors=None if settings.colors == "auto" else settings.colors,
    )
    os.environ.update(policy.environment())
    keeping = None if options.demo else BrowserKeeping(settings, flags.library or "")
    connecting = connector(
        options, settings, is_late=keeping is not None and keeping.may_show_first
    )
    connecting.prepare()

    # Textual reads those variables while it is imported.
    from fs_tui.tui.app import FsTuiApp
    from fs_tui.tui.terminal.terminal_app import run_browser

    with request_log(options) as record:
        choices = _browser_options(settings, flags, policy, demo=options.demo)
        if keeping is not None:
            keeping.ask_terminal()
            choices = choices._replace(keeping=keeping)
        app = FsTuiApp(connecting, choices, on_record=record)
        if settings.log:
            from fs_tui.cli import log

            log.start()
        return run_browser(app, policy)


def _browser_options(
    settings: Settings, flags: BrowserFlags, policy: TerminalPolicy, *, demo: bool
) -> BrowserOptions:
    """Return what the browser knows of the settings."""
    from fs_tui.settings.state import State
    from fs_tui.tui.keys import keymap
    from fs_tui.tui.options import BrowserOptions

    actions = keymap(settings.keymap)
    return BrowserOptions(
        library=flags.library or "",
        read_only=settings.read_only,
        actions=actions,
        concurrency=settings.concurrency,
        slow=policy.slow,
        clipboard=settings.clipboard,
        theme=settings.theme,
        auto_reload=settings.auto_reload,
        mask=flags.mask,
        memory=State("demo" if demo else settings.profile),
        greeting=_invitation(actions) if demo else "",
    )


def _invitation(actions: Sequence[Action]) -> str:
    """Say what to try in the demo, with the keys as they are."""
    keys = {action.name: action.keys[0] for action in actions if action.keys}
    tries = [f"{keys[name]} {word}" for name, word in _WORTH_TRYING if name in keys]
    return f"Try {', '.join(tries)}."
