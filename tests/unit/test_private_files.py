"""Files that we write are their owner's alone, and are no links, pipes or other users' files."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from fs_tui import private_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BOTH = pytest.mark.parametrize("opened", [private_files.create, private_files.append])


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """Take away what else would keep others out."""
    before = os.umask(0)
    yield
    os.umask(before)


@BOTH
def test_a_new_file_is_its_owners_alone(tmp_path: Path, opened: Callable[[Path], int]) -> None:
    os.close(opened(tmp_path / "new"))
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o600


@BOTH
def test_no_link_is_followed(tmp_path: Path, opened: Callable[[Path], int]) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r"link|exists"):
        opened(tmp_path / "link")
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_that_is_there_is_not_created_again(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("kept")
    with pytest.raises(FileExistsError):
        private_files.create(tmp_path / "there")
    assert (tmp_path / "there").read_text() == "kept"


def test_what_is_appended_to_is_taken_from_others(tmp_path: Path) -> None:
    path = tmp_path / "open"
    path.write_text("one\n")
    path.chmod(0o666)
    descriptor = private_files.append(path)
    os.write(descriptor, b"two\n")
    os.close(descriptor)
    assert path.read_text() == "one\ntwo\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(OSError, match="not a regular file"):
        private_files.append(tmp_path / "pipe")
    os.close(reader)
