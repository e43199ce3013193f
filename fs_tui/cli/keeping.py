"""Puts kept indexes together: folder, key and account; what cannot be kept is said, and left.

settings, session ──► find_keeper ──► Keeper ──► open_kept ──► FaceListing, kept or temporary
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fs_tui.cli.connect import in_background, keychain
from fs_tui.cli.ending import say
from fs_tui.errors import KeptIndexError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from fs_tui.faces.index.keeper import Keeper
    from fs_tui.faces.listing import FaceListing
    from fs_tui.gateway import Gateway, Session
    from fs_tui.settings.options import Settings

__all__ = ["find_keeper", "index_folder", "keeper_of", "open_listing"]


def index_folder() -> Path:
    """Return where kept indexes lie, whether there are any or not."""
    import platformdirs

    return platformdirs.user_cache_path("fs-tui", appauthor=False) / "indexes"


def find_keeper(settings: Settings, api_key: str, *, make: bool = True) -> Keeper | None:
    """Return the keeper for an account; blocks, at most for the deadlines of file and keyring.

    Args:
        settings: Endpoint, profile and keyring.
        api_key: Of the account.
        make: Make a key where there is none; else None is returned then.

    Raises:
        KeptIndexError: Nothing can be kept here; the detail says why.
    """
    from fs_tui.credentials import index_key
    from fs_tui.faces.index.keeper import Keeper, require_cipher

    if make:
        require_cipher()
    found = index_key.find(keychain(settings), make=make)
    if found is None:
        return None
    if found.warning:
        say(f"fs-tui: the key of the kept indexes: {found.warning}")
    return Keeper(index_folder(), found.key, found.where, settings.endpoint, api_key)


async def keeper_of(settings: Settings, session: Session) -> Keeper | None:
    """Return what keeps the indexes of a session; None where none are kept, which is said.

    What has expired is removed on the way.
    """
    from fs_tui.faces.index.keeper import expire

    if not session.api_key:
        return None
    await in_background(lambda: expire(index_folder(), settings.keep_days))
    if not settings.keep:
        return None
    try:
        return await in_background(lambda: find_keeper(settings, session.api_key))
    except KeptIndexError as error:
        _say_temporary(error)
        return None


def open_listing(
    keeper: Keeper | None,
    gateway: Gateway,
    group_id: str,
    *,
    made: datetime | None = None,
    told: Callable[[str], None] = lambda text: say(f"fs-tui: {text}."),
    **options: Any,  # those of FaceListing
) -> FaceListing:
    """Return a library's faces: kept where there is a keeper and it can be, else temporary.

    Args:
        keeper: Of the account; None keeps nothing.
        gateway: Is asked.
        group_id: The library.
        made: When the library was made, where that is known.
        told: Gets what people are to know of it, a sentence each.
        options: As of FaceListing.
    """
    from fs_tui.faces.kept_listing import KeptListing
    from fs_tui.faces.listing import FaceListing

    if keeper is not None:
        try:
            kept = keeper.open(group_id, made)
        except KeptIndexError as error:
            told(f"{error.detail}: this run works without keeping {group_id}")
        else:
            for note in kept.notes:
                told(note)
            return KeptListing(gateway, group_id, kept, **options)
    return FaceListing(gateway, group_id, **options)


def _say_temporary(error: KeptIndexError) -> None:
    say(f"fs-tui: {error}; this run works without one.")
    if error.hint:
        say(f"        {error.hint}")
