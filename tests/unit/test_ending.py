"""How errors become exit statuses, which one wins, and what a machine that is short says."""

from __future__ import annotations

import errno
import os
from itertools import chain, permutations

import pytest

from fs_tui import errors
from fs_tui.cli.ending import combined, ended
from fs_tui.shortage import shortage

SIGNALS = (130, 129, 143)
ORDER = (2, 1, 3, 4, 5, 0)


@pytest.mark.parametrize("signal", [None, *SIGNALS])
def test_the_signal_wins_then_2_1_3_4_5_0(signal: int | None) -> None:
    """Over every set of statuses, in every order in which they may come."""
    sets = chain.from_iterable(permutations(ORDER, size) for size in range(1, len(ORDER) + 1))
    for statuses in sets:
        worst = min(statuses, key=ORDER.index)
        if signal is None:
            assert combined(*statuses) == worst
        else:
            assert combined(*statuses, signal) == combined(signal, *statuses) == signal


def test_of_several_signals_the_first_tells() -> None:
    for first, second in permutations(SIGNALS, 2):
        assert combined(0, first, second) == first


def test_every_error_of_ours_has_a_status_of_the_contract() -> None:
    waiting: list[type[errors.FsTuiError]] = [errors.FsTuiError]
    while waiting:
        kind = waiting.pop()
        assert kind.exit_status in ORDER
        # 5 and 0 are answers, not errors.
        assert kind.exit_status not in (5, 0)
        waiting += kind.__subclasses__()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.SettingsError("x"), 2),
        (errors.IncompleteError("x"), 4),
        (KeyboardInterrupt(), 130),
        (SystemExit(143), 143),
        (BrokenPipeError(), 0),
        (ZeroDivisionError(), 1),
        (MemoryError(), 2),
        (OSError(errno.EMFILE, "x"), 2),
        (PermissionError(errno.EACCES, "x", "/file"), 2),
        (ExceptionGroup("", [errors.IncompleteError("x"), errors.ConnectError("x")]), 3),
        (ExceptionGroup("", [errors.ProtocolError("x"), MemoryError()]), 2),
        (BaseExceptionGroup("", [errors.SettingsError("x"), KeyboardInterrupt()]), 130),
    ],
    ids=repr,
)
def test_whatever_ends_a_run_has_its_status(error: BaseException, status: int) -> None:
    assert ended(error) == status


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_error_of_the_system_is_a_fault_or_a_traceback(
    number: int, capfd: pytest.CaptureFixture[str]
) -> None:
    for error in (OSError(number, os.strerror(number)), OSError(number, os.strerror(number), "/f")):
        assert ended(error) == (0 if isinstance(error, BrokenPipeError) else 2)
        said = capfd.readouterr().err
        assert "fault" not in said.partition("\n")[0]
        assert "Traceback" not in said
        assert "Errno" not in said


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EMFILE, ""), "may not open more files"),
        (OSError(errno.ENFILE, ""), "cannot open more files"),
        (OSError(errno.ENOMEM, ""), "no memory left"),
        (MemoryError(), "no memory left"),
        (OSError(errno.ENOSPC, "", "/mnt/x"), "no space left on the disk: /mnt/x"),
        (OSError(errno.EDQUOT, ""), "quota"),
        (RuntimeError("can't start new thread"), "threads"),
        (ImportError("libssl.so: cannot open shared object file: Error 24"), "open more files"),
        (ImportError("x.so: failed to map segment from shared object"), "no memory left"),
    ],
    ids=repr,
)
def test_what_is_short_is_named_whatever_was_made_of_it(error: Exception, words: str) -> None:
    wrapped: list[BaseException] = [error, ExceptionGroup("", [KeyError(), error])]
    for shown in (error, None):
        outer = LookupError("a library's own")
        outer.__context__, outer.__cause__ = error, shown
        wrapped.append(outer)
    for one in wrapped:
        found = shortage(one)
        assert found is not None
        assert words in found.detail
        assert found.hint
        assert found.exit_status == 2


@pytest.mark.parametrize(
    "error", [ValueError(), RuntimeError("x"), ImportError("x"), FileNotFoundError(2, "x")]
)
def test_what_is_not_short_is_not_said_to_be(error: Exception) -> None:
    assert shortage(error) is None
