"""Exports: files that appear whole or not at all, whoever else writes there."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest

from fs_tui import private_files
from fs_tui.errors import FileError, IncompleteError
from fs_tui.export import ExportResult, WholeFile, export
from fs_tui.models import FACE_FIELDS, Face
from fs_tui.records import CSV, JSONL, Format

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from pathlib import Path


async def chunks(
    *sizes: int, then: Exception | None = None, mark: str = "t"
) -> AsyncGenerator[Sequence[Face], None]:
    for size in sizes:
        yield [Face(f"{mark}{number}") for number in range(size)]
    if then is not None:
        raise then


async def exported(
    path: Path,
    rows: AsyncGenerator[Sequence[Face], None] | None = None,
    *,
    overwrite: bool = False,
    form: Format = CSV,
    progress: Callable[[int], object] = lambda _: None,
) -> ExportResult:
    file = WholeFile(path, overwrite=overwrite)
    encoder = form.encoder(FACE_FIELDS, guard=True)

    def told(count: int) -> None:
        progress(count)

    return await export(rows or chunks(1), file, encoder, told)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_file_appears_whole_with_its_rows_and_for_its_owner_only(tmp_path: Path) -> None:
    path, told = tmp_path / "faces.csv", list[int]()
    result = await exported(path, chunks(2, 3), progress=told.append)
    assert (result.path, result.rows, result.error) == (path, 5, None)
    assert told == [2, 5]
    assert len(path.read_bytes().splitlines()) == 6
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert names(tmp_path) == ["faces.csv"]


async def test_a_failed_export_leaves_whole_rows_in_a_partial_file(tmp_path: Path) -> None:
    path, error = tmp_path / "faces.jsonl", IncompleteError("no further than face 3")
    result = await exported(path, chunks(3, then=error), form=JSONL)
    assert (result.rows, result.error) == (3, error)
    assert names(tmp_path) == ["faces.jsonl.partial"]
    assert result.path is not None
    assert len(result.path.read_text().splitlines()) == 3


async def test_an_export_that_fails_before_its_first_row_leaves_nothing(tmp_path: Path) -> None:
    error = IncompleteError("nothing")
    result = await exported(tmp_path / "faces.csv", chunks(then=error))
    assert (result.path, result.rows, result.error) == (None, 0, error)
    assert names(tmp_path) == []


async def test_a_cancelled_export_leaves_a_partial_file(tmp_path: Path) -> None:
    gate, written = asyncio.Event(), asyncio.Event()

    async def source() -> AsyncGenerator[Sequence[Face], None]:
        yield [Face("token")]
        written.set()
        await gate.wait()

    task = asyncio.create_task(exported(tmp_path / "faces.csv", source()))
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert names(tmp_path) == ["faces.csv.partial"]


async def test_an_existing_file_is_replaced_only_when_agreed(tmp_path: Path) -> None:
    path = tmp_path / "faces.csv"
    path.write_text("mine")
    with pytest.raises(FileError, match="exists already"):
        WholeFile(path)
    assert path.read_text() == "mine"
    assert (await exported(path, overwrite=True)).error is None
    assert path.read_text() != "mine"
    assert names(tmp_path) == ["faces.csv"]


@pytest.mark.parametrize("links", [True, False])
async def test_a_file_that_came_into_being_meanwhile_is_not_replaced(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    links: bool,  # noqa: FBT001 - a parameter
) -> None:
    if not links:
        _without_links(monkeypatch)
    path = tmp_path / "faces.csv"
    result = await exported(path, progress=lambda _: path.touch())
    assert result.error is not None
    assert "meanwhile" in str(result.error)
    assert path.read_bytes() == b""
    assert names(tmp_path) == ["faces.csv", "faces.csv.partial"]


def _without_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on FAT."""

    def link(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)


async def test_a_file_system_without_links_holds_exports_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _without_links(monkeypatch)
    result = await exported(tmp_path / "faces.csv", chunks(3))
    assert (result.rows, result.error) == (3, None)
    assert names(tmp_path) == ["faces.csv"]


async def test_two_writers_of_one_name_never_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "faces.csv"
    first = WholeFile(path)
    second = WholeFile(path)
    third = WholeFile(path, overwrite=True)
    assert len({first.partial, second.partial, third.partial}) == 3
    encoder = CSV.encoder(FACE_FIELDS)
    done = await export(chunks(2, mark="second"), second, encoder)
    assert (done.path, done.error) == (path, None)
    late = await export(chunks(3, mark="first"), first, encoder)
    assert late.path == first.partial
    assert "meanwhile" in str(late.error)
    assert path.read_text().count("second") == 2
    assert (await export(chunks(4, mark="third"), third, encoder)).path == path
    assert path.read_text().count("third") == 4


async def test_what_an_ended_run_left_behind_makes_room(tmp_path: Path) -> None:
    left = tmp_path / "faces.csv.partial"
    left.write_text("cut")
    file = WholeFile(tmp_path / "faces.csv")
    assert file.partial == left
    assert left.read_text() == ""
    file.close(keep=False)
    assert names(tmp_path) == []


async def test_without_locks_nobodys_partial_file_is_taken_for_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    files = [WholeFile(tmp_path / "faces.csv") for _ in range(3)]
    assert len({file.partial for file in files}) == 3
    encoder = CSV.encoder(FACE_FIELDS)
    assert (await export(chunks(1), files[1], encoder)).error is None
    for file in (files[0], files[2]):
        file.close(keep=False)


@pytest.mark.parametrize("way", ["replaced", "removed", "written"])
async def test_what_others_did_to_the_partial_file_is_not_called_an_export(
    tmp_path: Path, way: str
) -> None:
    path, partial = tmp_path / "faces.csv", tmp_path / "faces.csv.partial"

    def meddle(_: int) -> None:
        if way != "written":
            partial.unlink()
        if way != "removed":
            with partial.open("a") as other:
                other.write("somebody else's")

    result = await exported(path, progress=meddle)
    assert "changed by another program" in str(result.error)
    assert not path.exists()


@pytest.mark.parametrize("overwrite", [False, True])
async def test_what_is_no_regular_file_is_never_replaced(tmp_path: Path, overwrite: bool) -> None:  # noqa: FBT001 - a parameter
    path = tmp_path / "faces.csv"
    os.mkfifo(path)
    with pytest.raises(FileError, match="not a regular file"):
        WholeFile(path, overwrite=overwrite)
    assert names(tmp_path) == ["faces.csv"]


@pytest.mark.parametrize("overwrite", [False, True])
async def test_a_pipe_that_came_into_being_meanwhile_is_not_replaced(
    tmp_path: Path,
    overwrite: bool,  # noqa: FBT001 - a parameter
) -> None:
    path = tmp_path / "faces.csv"
    result = await exported(path, overwrite=overwrite, progress=lambda _: os.mkfifo(path))
    assert isinstance(result.error, FileError)
    assert result.path == tmp_path / "faces.csv.partial"
    assert path.is_fifo()


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_name_that_cannot_be_looked_at_is_a_file_error(
    tmp_path: Path,
    overwrite: bool,  # noqa: FBT001 - a parameter
) -> None:
    with pytest.raises(FileError, match="File name too long"):
        WholeFile(tmp_path / ("x" * 300), overwrite=overwrite)


def test_a_folder_that_is_not_there_is_a_file_error(tmp_path: Path) -> None:
    with pytest.raises(FileError):
        WholeFile(tmp_path / "nowhere" / "faces.csv")


async def test_an_older_partial_link_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("precious")
    (tmp_path / "faces.csv.partial").symlink_to(other)
    assert (await exported(tmp_path / "faces.csv")).error is None
    assert other.read_text() == "precious"


async def test_a_link_to_nowhere_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    link, target = tmp_path / "faces.csv", tmp_path / "below" / "real.csv"
    link.symlink_to("below/real.csv")
    result = await exported(link, chunks(2))
    assert (result.path, result.rows) == (target, 2)
    assert link.is_symlink()
    assert names(tmp_path / "below") == ["real.csv"]
    with pytest.raises(FileError, match="exists already"):
        WholeFile(link)
    assert (await exported(link, chunks(3), overwrite=True)).path == target
    assert link.is_symlink()


@pytest.mark.parametrize("overwrite", [False, True])
def test_links_in_a_circle_are_refused(tmp_path: Path, overwrite: bool) -> None:  # noqa: FBT001 - a parameter
    (tmp_path / "a.csv").symlink_to("b.csv")
    (tmp_path / "b.csv").symlink_to("a.csv")
    with pytest.raises(FileError, match="symbolic links"):
        WholeFile(tmp_path / "a.csv", overwrite=overwrite)
    assert names(tmp_path) == ["a.csv", "b.csv"]


async def test_a_writer_that_was_overtaken_before_its_lock_takes_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between making and locking a file, another writer may take it for abandoned."""
    overtaken: list[Path] = []
    create = private_files.create

    def created(path: Path) -> int:
        descriptor = create(path)
        if not overtaken:
            path.unlink()
            overtaken.append(path)
        return descriptor

    monkeypatch.setattr(private_files, "create", created)
    file = WholeFile(tmp_path / "faces.csv")
    file.close(keep=True)
    assert file.partial not in overtaken
    assert file.partial.exists()
