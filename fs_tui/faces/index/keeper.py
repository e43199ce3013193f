"""Keeper: the folder of kept indexes: names, locks, what is put aside, what has expired.

HMAC(key, endpoint, api_key, group_id) ──► the file's name: nothing readable stands in it
NAME.db    encrypted (beside it, of SQLite, -wal and -shm)
NAME.lock  held by the one program that writes
NAME.aside a file that could not be read as one of ours; goes when it has expired

The first sixteen signs of a name are the key's: what belongs to a key is found without opening it.
"""

from __future__ import annotations

import fcntl
import hmac
import os
import stat
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from fs_tui import private_files
from fs_tui.errors import KeptIndexError, ResourceError
from fs_tui.faces.index.database import EncryptedFile, cipher_missing
from fs_tui.faces.index.kept import KeptFile
from fs_tui.faces.index.kept_facts import KeptFacts, KeptFileError, read_facts
from fs_tui.shortage import os_words
from fs_tui.times import milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

__all__ = ["Keeper", "KeptSummary", "count_aside", "count_of", "expire", "require_cipher"]

_TAG = """\
Signature: 8a477f597d28d172789f06886806bc55
# Encrypted indexes of fs-tui; they can be made again, and need no backup.
"""
_DAY = 86_400


def require_cipher() -> None:
    """Return where indexes can be encrypted.

    Raises:
        KeptIndexError: The package that does it is not installed.
    """
    if cipher_missing():
        raise KeptIndexError(
            "the package that encrypts is not installed",
            hint="Install fs-tui with the extra 'keep': pipx install '.[demo,keep]'",
        )


class KeptSummary(NamedTuple):
    """A kept file without its faces.

    Attributes:
        facts: What it says of itself; None where it cannot be read as one of ours.
        size: Its bytes, its journal included.
        trouble: Why it cannot be read; empty where it can.
    """

    path: Path
    facts: KeptFacts | None
    size: int
    trouble: str = ""


class Keeper(NamedTuple):
    """The kept indexes of one key, endpoint and account.

    Attributes:
        folder: Where they lie; made where it is missing.
        key: 32 random bytes.
        where: Where the key lies, in words.
        endpoint: Scheme and host.
        api_key: Of the account; stands nowhere.
        begins: Indexes are begun of libraries that have none.
    """

    folder: Path
    key: bytes
    where: str
    endpoint: str
    api_key: str
    begins: bool = True

    def __repr__(self) -> str:
        """Without the key, and without the account's."""
        return f"<Keeper {self.folder} {self.endpoint}>"

    def open(self, group_id: str, made: datetime | None = None) -> KeptFile:
        """Open a library's kept index, or begin one.

        Args:
            group_id: The library.
            made: When the library was made; None where that is not known.

        Raises:
            KeptIndexError: It cannot be used, or another program uses it; the detail says why, and
                everything works without.
        """
        self._prepare()
        path = self._path(group_id)
        lock = _locked(path)
        try:
            made_ms = None if made is None else milliseconds(made)
            return self._opened(path, KeptFacts(group_id, self.endpoint, made_ms), lock)
        except BaseException:
            os.close(lock)
            raise

    def keeps(self, group_id: str) -> bool:
        """Whether a library is to be read into its index, and out of it."""
        return self.begins or self.is_kept(group_id)

    def is_kept(self, group_id: str) -> bool:
        """Whether there is an index of a library."""
        return not cipher_missing() and self._path(group_id).is_file()

    def summaries(self) -> Iterator[KeptSummary]:
        """The files of this key, whatever the account and the endpoint."""
        for path in _files(self.folder, f"{self.mark}-*.db"):
            try:
                facts = read_facts(EncryptedFile(path, self.key))
            except (KeptFileError, ResourceError) as error:
                trouble = error.detail if isinstance(error, ResourceError) else str(error)
                yield KeptSummary(path, None, _size(path), trouble)
            else:
                yield KeptSummary(path, facts, _size(path))
        for path in _files(self.folder, f"{self.mark}-*.aside"):
            yield KeptSummary(path, None, _size(path), "it was put aside")

    def news(self) -> dict[str, tuple[int, int]]:
        """What came and went in the account's libraries, as looks found that nobody was shown."""
        return {
            facts.group_id: (facts.added, facts.gone)
            for path, facts, *_ in self.summaries()
            if facts is not None and path == self._path(facts.group_id)
        }

    def forget(self, group_id: str) -> int:
        """Remove what is kept of a library of this endpoint; how many indexes that were.

        Raises:
            KeptIndexError: Another program uses it, or it cannot be removed.
        """
        wanted = (group_id, self.endpoint)
        found = [
            summary.path
            for summary in self.summaries()
            if summary.facts and (summary.facts.group_id, summary.facts.endpoint) == wanted
        ]
        for path in found:
            _remove(path)
        return len(found)

    def forget_all(self) -> int:
        """Remove all indexes of this key; how many there were.

        Raises:
            KeptIndexError: As `forget`.
        """
        there = count_of(self.folder, self.mark)
        for path in _files(self.folder, f"{self.mark}-*.db"):
            _remove(path)
        for path in _files(self.folder, f"{self.mark}-*.aside"):
            _unlink(path)
        return there

    @property
    def mark(self) -> str:
        """What the names of all files of this key begin with."""
        return hmac.new(self.key, b"fs-tui kept indexes", "sha256").hexdigest()[:16]

    def _path(self, group_id: str) -> Path:
        about = f"{self.endpoint}\0{self.api_key}\0{group_id}".encode(errors="surrogatepass")
        return self.folder / f"{self.mark}-{hmac.new(self.key, about, 'sha256').hexdigest()}.db"

    def _prepare(self) -> None:
        """Make the folder, for its owner alone and for no backup."""
        require_cipher()
        if not self.folder.is_absolute():
            raise KeptIndexError("there is no cache folder: HOME is not set")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            info = self.folder.lstat()
            if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.getuid():
                raise KeptIndexError(f"{self.folder} is not a folder of this user")
            if stat.S_IMODE(info.st_mode) != stat.S_IRWXU:
                self.folder.chmod(stat.S_IRWXU)
            with suppress(FileExistsError):
                descriptor = private_files.create(self.folder / "CACHEDIR.TAG")
                with os.fdopen(descriptor, "w") as tag:
                    tag.write(_TAG)
        except OSError as error:
            raise KeptIndexError(f"{self.folder}: {os_words(error)}") from error

    def _opened(self, path: Path, facts: KeptFacts, lock: int) -> KeptFile:
        note = ""
        file = EncryptedFile(path, self.key)
        try:
            kept = _made_or_opened(file, facts, lock)
        except (KeptFileError, _DamagedError) as error:
            aside = path.with_suffix(".aside")
            _put_aside(path, aside)
            note = (
                f"the kept index of {facts.group_id} cannot be read ({error}): it was put aside as"
                f" {aside}, and the library is read again"
            )
            kept = _made_or_opened(file, facts, lock)
        except ResourceError as error:
            raise KeptIndexError(error.detail, hint=error.hint) from error
        if not kept.is_of(facts.made_ms):
            note = f"the library {facts.group_id} was created again: its kept index was removed"
            kept.clear()
            kept.put(facts)
        if note:
            kept.notes.append(note)
        return kept


class _DamagedError(Exception):
    """The bytes of a file are not those of an index under this key."""


def _made_or_opened(file: EncryptedFile, facts: KeptFacts, lock: int) -> KeptFile:
    try:
        begun = False
        with suppress(FileExistsError):
            os.close(private_files.create(file.path))
            begun = True
        info = file.path.lstat()
        if not stat.S_ISREG(info.st_mode) or info.st_uid != os.getuid():
            raise KeptFileError("it is not a file of this user")
        # So that its age counts from now on, even where nothing is written.
        os.utime(file.path)
    except OSError as error:
        raise KeptIndexError(f"{file.path}: {os_words(error)}") from error
    try:
        return KeptFile(file, facts, partial(_released, file.path, lock, begun=begun))
    except ResourceError as error:
        if error.is_damage:
            raise _DamagedError("it is damaged, or of another version or key") from error
        raise


def _released(
    path: Path, lock: int, failure: ResourceError | None, facts: KeptFacts, *, begun: bool
) -> None:
    """Let others have an index that is closed.

    One that turned out damaged is put aside first; one that was begun and into which nothing was
    read, as there is no such library perhaps, is none.
    """
    with suppress(KeptIndexError, OSError):
        if failure is not None and failure.is_damage:
            _put_aside(path, path.with_suffix(".aside"))
        elif begun and not (facts.prefix or facts.complete):
            _unlink_index(path)
    os.close(lock)


def _locked(path: Path) -> int:
    """Return the descriptor of the lock that this program now holds.

    Raises:
        KeptIndexError: Another one holds it.
    """
    name = path.with_suffix(".lock")
    while True:
        try:
            lock = private_files.append(name)
        except OSError as error:
            raise KeptIndexError(f"{path.parent}: {os_words(error)}") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise KeptIndexError(
                f"another fs-tui{_holder(name)} has it open", hint="End that one first."
            ) from error
        with suppress(OSError):
            # One that was removed since it was opened locks nothing.
            if name.stat().st_ino == os.fstat(lock).st_ino:
                _note_holder(lock)
                return lock
        os.close(lock)


def _note_holder(lock: int) -> None:
    """Say who holds it."""
    with suppress(OSError):
        os.ftruncate(lock, 0)
        os.write(lock, b"%d\n" % os.getpid())


def _holder(lock: Path) -> str:
    """Who holds a lock, in words; empty where that is not known."""
    with suppress(OSError, ValueError):
        return f" (process {int(lock.read_bytes()[:20])})"
    return ""


def _put_aside(path: Path, aside: Path) -> None:
    try:
        path.replace(aside)
        for suffix in _BESIDE:
            _unlink(path.with_name(path.name + suffix))
    except OSError as error:
        raise KeptIndexError(f"{path}: {os_words(error)}") from error


def _remove(path: Path) -> None:
    """Remove a file with what lies beside it, while nobody has it open."""
    lock = _locked(path)
    try:
        _unlink(path.with_suffix(".aside"))
        _unlink_index(path)
    except OSError as error:
        raise KeptIndexError(f"{path}: {os_words(error)}") from error
    finally:
        os.close(lock)


def _unlink_index(path: Path) -> None:
    """Remove a file whose lock is held, and what lies beside it."""
    # The journal first: what is left after a kill is an index, or nothing.
    for suffix in (*_BESIDE, ""):
        _unlink(path.with_name(path.name + suffix))
    _unlink(path.with_suffix(".lock"))


_BESIDE = ("-wal", "-shm", "-journal")


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)


def count_of(folder: Path, mark: str) -> int:
    """How many indexes there are under a key's mark, those that were put aside among them."""
    return len(list(_files(folder, f"{mark}-*.db"))) + count_aside(folder, mark)


def count_aside(folder: Path, mark: str) -> int:
    """How many of them were put aside."""
    return len(list(_files(folder, f"{mark}-*.aside")))


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(folder.glob(pattern))


def _size(path: Path) -> int:
    size = 0
    for suffix in ("", *_BESIDE):
        with suppress(OSError):
            size += path.with_name(path.name + suffix).stat().st_size
    return size


def expire(folder: Path, days: float) -> int:
    """Remove what was not used for so long, whatever its key; how many indexes that were.

    A file that is in use stays, and so does one that was used later than now: the clock was set
    back.
    """
    removed = 0
    for path in [*_files(folder, "*.db"), *_files(folder, "*.aside")]:
        with suppress(OSError, KeptIndexError):
            if time.time() - path.stat().st_mtime > days * _DAY:
                is_index = path.suffix == ".db"
                _remove(path) if is_index else _unlink(path)
                removed += is_index
    return removed
