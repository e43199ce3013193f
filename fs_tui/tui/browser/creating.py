"""The creation of a library as the browser runs it: the form, and what its closing leaves open."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fs_tui import creation
from fs_tui.errors import FsTuiError, LibraryQuotaError, OutcomeUnknownError
from fs_tui.models import MOST_LIBRARIES
from fs_tui.tui.browser.sidebar import Sidebar
from fs_tui.tui.dialogs.create import CreateLibrary
from fs_tui.tui.host import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.screen import Screen

    from fs_tui.gateway import Gateway
    from fs_tui.models import Library, LibraryDraft
    from fs_tui.tui.dialogs.create import DraftTexts
    from fs_tui.tui.host import Host

__all__ = ["ask_library"]

_KEPT = "The create form has kept its texts; sending them again does no harm."


def ask_library(
    screen: Screen[None],
    host: Host,
    texts: DraftTexts,
    gateway: Gateway,
    created: Callable[[Library], None],
) -> None:
    """Open the form; what it leaves open when it is closed is found out beside the browser.

    It is not opened where the account has no room for another library, unless it has to go on with
    a create whose outcome is not known.

    Args:
        screen: Over which it opens.
        host: Says what became of a create.
        texts: What was typed before and not sent.
        gateway: Where to create it.
        created: Is given the library, whether the form was still open or not.
    """
    listed = screen.query_one(Sidebar).libraries
    if len(listed) >= MOST_LIBRARIES and texts.pending is None and not texts.doubted:
        host.tell(f"{LibraryQuotaError.title}: fs-tui never deletes one; r checks again.")
        return

    def closed(library: Library | None) -> None:
        if library is not None:
            created(library)
        elif texts.pending is not None:
            check = _find_out(host, texts, gateway, texts.pending, created)
            host.work(Job.CREATE, check, group_id=texts.pending.group_id)

    form = CreateLibrary(gateway, texts, taken=[library.group_id for library in listed])
    # The form goes on with it: it has taken what was pending.
    host.cancel(Job.CREATE)
    screen.app.push_screen(form, closed)


async def _find_out(
    host: Host,
    texts: DraftTexts,
    gateway: Gateway,
    draft: LibraryDraft,
    created: Callable[[Library], None],
) -> None:
    """Ask what became of a create, and say it.

    Raises:
        FsTuiError: It was not created, or nothing certain can be said.
    """
    host.tell(f"Checking whether library {draft.group_id} was created …")
    try:
        library = await creation.find_created(gateway, draft)
    except asyncio.CancelledError:
        if texts.pending is draft:
            texts.pending = None
            cancelled = f"The check for library {draft.group_id} was cancelled."
            host.report(
                Job.CREATE.value, OutcomeUnknownError(cancelled, hint=_KEPT), draft.group_id
            )
        raise
    except FsTuiError as failure:
        texts.pending = None
        if failure.hint == type(failure).hint:
            failure.hint = _KEPT
        raise
    texts.forget(draft)
    created(library)
