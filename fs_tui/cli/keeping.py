"""Puts kept indexes together: folder, key and account; what cannot be kept is said, and left.

settings, session ──► find_keeper ──► Keeper ──► BrowserKeeping ──► FaceListing, kept or temporary

keep = true, or yes to the question   what is kept is read, and what is not kept yet is begun
nothing said, or no                   what `index sync` made is read; nothing is begun
keep = false                          nothing is read; what turns out to be gone is taken out
"""

from __future__ import annotations

from contextlib import closing, suppress
from threading import Lock
from typing import TYPE_CHECKING

from fs_tui.cli.connect import in_background, keychain
from fs_tui.cli.ending import say, tell
from fs_tui.errors import KeptIndexError, ResourceError
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Any

    from fs_tui.errors import FsTuiError
    from fs_tui.faces.index.keeper import Keeper
    from fs_tui.faces.listing import FaceListing
    from fs_tui.gateway import Gateway, Session
    from fs_tui.settings.options import Settings

__all__ = [
    "BrowserKeeping",
    "expire_kept",
    "find_keeper",
    "index_folder",
    "is_wanted",
    "keeper_of",
    "open_listing",
]


def index_folder() -> Path:
    """Return where kept indexes lie, whether there are any or not."""
    import platformdirs

    return platformdirs.user_cache_path("fs-tui", appauthor=False) / "indexes"


def find_keeper(
    settings: Settings, api_key: str, *, make: bool = True, told: Callable[[str], None] = tell
) -> Keeper | None:
    """Return the keeper for an account; blocks, at most for the deadlines of file and keyring.

    Args:
        settings: Endpoint, profile and keyring.
        api_key: Of the account.
        make: Make a key where there is none, and begin indexes; else None is returned then.
        told: Gets who else can read the key, where others can.

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
        told(f"the key of the kept indexes: {found.warning}")
    keeper = Keeper(index_folder(), found.key, found.where, settings.endpoint, api_key, begins=make)
    _tell_of_another_key(settings, keeper, told)
    return keeper


def _tell_of_another_key(settings: Settings, keeper: Keeper, told: Callable[[str], None]) -> None:
    """Say once that what was kept until now is another key's, which is gone or not named here."""
    from fs_tui.faces.index.keeper import count_of
    from fs_tui.settings.state import State

    state, name = State(settings.profile), f"index of {settings.endpoint}"
    before = state.get(name, str)
    if before == keeper.mark:
        return
    state.put(name, keeper.mark)
    if before and (others := count_of(keeper.folder, before)):
        indexes = count(others, "kept index", "kept indexes")
        told(f"{indexes} of another key cannot be read with this one ({keeper.where}), and will go")


def is_wanted(settings: Settings) -> bool | None:
    """Whether indexes are to be begun; None where neither the settings nor a person has said."""
    from fs_tui.settings.state import State

    if settings.keep is not None:
        return settings.keep
    return State(settings.profile).get(_ANSWER, bool)


_ANSWER = "keep"


async def keeper_of(
    settings: Settings, session: Session, *, cleaning: bool = False
) -> Keeper | None:
    """Return what keeps the indexes of a session; None where none are, or where none can be.

    That none can be is said. What has expired is removed on the way.

    Args:
        settings: Endpoint, profile and keyring.
        session: Of the account.
        cleaning: What is gone is to leave the indexes that there are, read or not.
    """
    try:
        return await _wanted_keeper(settings, session, tell, cleaning=cleaning)
    except KeptIndexError as error:
        tell(f"{error}; nothing kept is used")
        if error.hint:
            say(f"        {error.hint}")
        return None


async def _wanted_keeper(
    settings: Settings, session: Session, told: Callable[[str], None], *, cleaning: bool = False
) -> Keeper | None:
    if not session.api_key:
        return None
    await expire_kept(settings)
    if not _is_of_use(settings, index_folder(), cleaning=cleaning):
        return None
    begins = bool(is_wanted(settings))
    return await in_background(
        lambda: find_keeper(settings, session.api_key, make=begins, told=told)
    )


async def expire_kept(settings: Settings) -> None:
    """Remove what is kept and was not used for `keep_days`."""
    folder = index_folder()
    # Most people keep nothing: their first faces need not wait for what looks after it.
    if folder.is_dir():
        from fs_tui.faces.index.keeper import expire

        await in_background(lambda: expire(folder, settings.keep_days))


def _is_of_use(settings: Settings, folder: Path, *, cleaning: bool = False) -> bool:
    """Whether a key is to be asked for: indexes are begun, or some are there that are used."""
    if is_wanted(settings):
        return True
    # No keyring is asked for a key that nothing is locked with.
    return (cleaning or settings.keep is not False) and any(folder.glob("*.db"))


def open_listing(
    keeper: Keeper | None,
    gateway: Gateway,
    group_id: str,
    *,
    told: Callable[[str], None] = tell,
    shown: bool = False,
    **options: Any,  # those of FaceListing
) -> FaceListing:
    """Return a library's faces: kept where its keeper keeps them and can, else temporary.

    Args:
        keeper: Of the account; None keeps nothing.
        gateway: Is asked.
        group_id: The library.
        told: Gets what people are to know of it, a sentence each.
        shown: As of KeptListing.
        options: As of FaceListing.
    """
    from fs_tui.faces.listing import FaceListing

    if keeper is not None and keeper.keeps(group_id):
        try:
            kept = keeper.open(group_id)
        except KeptIndexError as error:
            told(f"this run works temporarily, without an index of {group_id}: {error.detail}")
        else:
            from fs_tui.faces.kept_listing import KeptListing

            for note in kept.notes:
                told(note)
            return KeptListing(gateway, group_id, kept, shown=shown, **options)
    return FaceListing(gateway, group_id, **options)


class BrowserKeeping:
    """Makes the browser's listings: kept ones where that is wanted, and can be. See Keeping.

    Args:
        settings: Of this run.
        library: The library that is shown first; empty where the service says which.
    """

    def __init__(self, settings: Settings, library: str = "") -> None:
        self._settings = settings
        self._library = library
        self._session: Session | None = None
        self._keeper: Keeper | None = None
        self._notes: list[str] = []
        self._opening = Lock()

    def ask_terminal(self) -> None:
        """Let a keyring that the profile names ask its questions, before the screen is taken.

        It is asked once: what it answers is remembered by the keyring's own library.
        """
        if self._settings.keyring_backend and _is_of_use(self._settings, index_folder()):
            make = bool(is_wanted(self._settings))
            with suppress(KeptIndexError):  # It is said when the screen is there.
                find_keeper(self._settings, "", make=make, told=self._notes.append)
                self._notes.clear()

    async def prepare(self, session: Session) -> FsTuiError | None:
        """Find the key for a session; returns why nothing can be kept, though it is wanted."""
        self._session, self._keeper = session, None
        try:
            self._keeper = await _wanted_keeper(self._settings, session, self._notes.append)
        except KeptIndexError as error:
            return error
        finally:
            if self._keeper is None or not self._keeper.is_kept(self._library):
                session.begin()
        return None

    @property
    def may_show_first(self) -> bool:
        """Whether kept rows may be there before the service is needed."""
        return bool(self._library) and self._settings.keep is not False and index_folder().is_dir()

    def listing(
        self, gateway: Gateway, group_id: str, *, told: Callable[[str], None], concurrency: int
    ) -> FaceListing:
        """Return a library's faces: kept where they can be, else temporary."""
        while self._notes:
            told(self._notes.pop())
        with self._opening:
            return open_listing(
                self._keeper, gateway, group_id, told=told, shown=True, concurrency=concurrency
            )

    async def news(self) -> Mapping[str, tuple[int, int]]:
        """What came and went in kept libraries, as looks found that nobody was shown."""
        keeper = self._keeper
        return {} if keeper is None else await in_background(keeper.news)

    async def forget(self, group_id: str, face_token: str) -> bool:
        """Take a face that the service does not have out of an index that is not open here."""
        if self._session is None:
            return False
        keeper = self._keeper
        if keeper is None and self._settings.keep is False:
            told = self._notes.append
            keeper = await _wanted_keeper(self._settings, self._session, told, cleaning=True)
        if keeper is None or not keeper.is_kept(group_id):
            return False
        try:
            return bool(await in_background(lambda: self._drop(keeper, group_id, face_token)))
        except (KeptIndexError, ResourceError) as error:
            raise KeptIndexError(
                f"that of {group_id} may hold what is gone: {error.detail}", hint=error.hint
            ) from error

    def _drop(self, keeper: Keeper, group_id: str, face_token: str) -> int:
        with self._opening, closing(keeper.open(group_id)) as kept:
            return kept.drop([face_token])

    @property
    def asks(self) -> bool:
        """Whether it is to be asked what is wanted, as it could be done."""
        from fs_tui.faces.index.database import cipher_missing

        return is_wanted(self._settings) is None and not cipher_missing()

    async def answer(self, listing: FaceListing, *, keep: bool) -> None:
        """Remember what a person wants for this profile, and keep what was read, where it is so."""
        from fs_tui.settings.state import State

        State(self._settings.profile).put(_ANSWER, keep)
        if not keep or self._session is None:
            return
        api_key = self._session.api_key
        self._keeper = await in_background(
            lambda: find_keeper(self._settings, api_key, told=self._notes.append)
        )
        if self._keeper is not None:
            with closing(self._keeper.open(listing.group_id)) as kept:
                from fs_tui.faces.kept_listing import copy_into

                await copy_into(kept, listing)
