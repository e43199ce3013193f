"""Files that hold a secret: which are read, which are refused with a cure, which with a warning."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fs_tui.credentials.secret_file import SecretText, read_secret
from fs_tui.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "canary-secret-77d2"
NAME = "FS_TUI_API_SECRET_FILE"


def written(folder: Path, content: bytes = SECRET.encode() + b"\n", mode: int = 0o600) -> Path:
    path = folder / "the secret's"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_private_file_is_read_without_a_warning(tmp_path: Path) -> None:
    assert read_secret(NAME, str(written(tmp_path))) == SecretText(f"{SECRET}\n")


def test_what_a_file_holds_does_not_show_itself(tmp_path: Path) -> None:
    assert SECRET not in repr(read_secret(NAME, str(written(tmp_path))))


def test_a_link_to_a_private_file_is_as_good_as_the_file(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(written(tmp_path))
    assert read_secret(NAME, str(link)).text.strip() == SECRET


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_no_part_of_the_secret(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("e") else ""
    path = written(tmp_path, f"{mark}{SECRET}\r\n".encode(encoding))
    assert read_secret(NAME, str(path)).text == f"{SECRET}\r\n"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o602, 0o644, 0o444, 0o777])
def test_a_file_that_others_can_use_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = written(tmp_path, mode=mode)
    with pytest.raises(FileError) as caught:
        read_secret(NAME, str(path))
    assert f"mode {mode:04o}" in caught.value.detail
    cure = caught.value.hint.removeprefix("Run: ")
    subprocess.run(cure, shell=True, check=True)  # noqa: S602 - a shell is what the user types it into
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_secret(NAME, str(path)).warning == ""


@pytest.mark.parametrize("mode", [0o444, 0o440, 0o600])
def test_a_file_of_another_user_is_taken_with_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int
) -> None:
    path = written(tmp_path, mode=mode)
    monkeypatch.setattr(os, "getuid", lambda: 4321)
    found = read_secret(NAME, str(path))
    assert found.text.strip() == SECRET
    said = "it belongs to another user" if mode == 0o600 else f"mode {mode:04o}"
    assert said in found.warning


_MOUNTED = """
import sys
from fs_tui.credentials.secret_file import read_secret
found = read_secret("FS_TUI_API_SECRET_FILE", sys.argv[1])
print(found.text.strip(), found.warning, sep="\\n")
"""


def test_a_file_on_a_read_only_mount_is_taken_with_a_warning(tmp_path: Path) -> None:
    path = written(tmp_path, mode=0o444)
    mount = f"mount --bind '{tmp_path}' '{tmp_path}' && mount -o remount,bind,ro '{tmp_path}'"
    inside = ["sh", "-c", f'{mount} || exit 99; exec "$@"', "sh"]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words in a mount namespace of their own
            ["unshare", "-rm", *inside, sys.executable, "-c", _MOUNTED, str(path)],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("needs unshare")
    if done.returncode in (1, 99) and "Error" not in done.stderr:
        pytest.skip("this machine lets nobody mount")
    assert done.stdout.splitlines()[0] == SECRET, done.stderr
    assert "other users may use it (mode 0444), which cannot be changed here" in done.stdout
    # The mount is what made the difference.
    with pytest.raises(FileError, match="mode 0444"):
        read_secret(NAME, str(path))


@contextmanager
def writing(path: Path, *pieces: bytes) -> Iterator[None]:
    """Write into a pipe from a thread, piece by piece, and close it."""

    def write() -> None:
        # A reader that refuses the pipe does not wait for what comes.
        with suppress(BrokenPipeError), path.open("wb", buffering=0) as pipe:
            for piece in pieces:
                pipe.write(piece)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    yield
    thread.join(10)
    assert not thread.is_alive()


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    with writing(pipe, SECRET[:5].encode(), SECRET[5:].encode(), b"\n"):
        assert read_secret(NAME, str(pipe)) == SecretText(f"{SECRET}\n")


@pytest.mark.needs("bash")
def test_what_a_shell_hands_over_as_a_file_is_read() -> None:
    line = f"{NAME}=<(printf '%s\\n' {SECRET}) exec \"$@\""
    code = f"import os\n{_MOUNTED}".replace("sys.argv[1]", f"os.environ[{NAME!r}]")
    done = subprocess.run(  # noqa: S603 - fixed words
        ["bash", "-c", line, "bash", sys.executable, "-c", code],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{SECRET}\n\n"


def test_a_pipe_that_others_can_use_is_refused_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    pipe.chmod(0o644)
    with writing(pipe, b"x"), pytest.raises(FileError, match="mode 0644") as caught:
        read_secret(NAME, str(pipe))
    assert caught.value.hint == f"Run: chmod 600 {pipe}"


@pytest.mark.parametrize("held", [False, True])
def test_a_pipe_that_nobody_closes_is_given_up(tmp_path: Path, *, held: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    writer = os.open(pipe, os.O_RDWR) if held else None
    if writer is not None:
        os.write(writer, b"begun")
    begin = time.monotonic()
    with pytest.raises(FileError, match="nobody wrote to it and closed it"):
        read_secret(NAME, str(pipe), seconds=0.2)
    assert time.monotonic() - begin < 20
    if writer is not None:
        os.close(writer)


def test_what_is_neither_file_nor_pipe_is_refused(tmp_path: Path) -> None:
    for path in (Path("/dev/null"), Path("/dev/zero")):
        with pytest.raises(FileError, match="neither a file nor a pipe"):
            read_secret(NAME, str(path))
    with pytest.raises(FileError, match="Is a directory"):
        read_secret(NAME, str(tmp_path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no-such-file", "No such file"),
        ("~nobody-of-this-name/key", "~nobody-of-this-name/key"),
        ("a\0b", "ValueError"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_file_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileError, match=said) as caught:
        read_secret(NAME, text)
    assert caught.value.hint == f"Correct {NAME}, or unset it."


def test_what_is_too_large_to_be_a_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="too large") as caught:
        read_secret(NAME, str(written(tmp_path, b"x" * 5000)))
    assert "one line" in caught.value.hint
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    with writing(pipe, b"x" * 5000), pytest.raises(FileError, match="too large"):
        read_secret(NAME, str(pipe))
