"""A progress bar on standard error, where that is a terminal and rows do not go there as well."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["progress"]


@contextmanager
def progress(
    words: str, total: int | None, *, shown: bool, noun: str = "faces"
) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block runs; it is told how many are done so far.

    Args:
        words: What is going on.
        total: How many there are to do; None while that is not known.
        noun: What is counted, several of them.
        shown: False shows nothing; nor does a standard error that is no terminal.
    """
    if not (shown and sys.stderr.isatty()):
        yield lambda _done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn(
            "{task.completed:,.0f} {task.fields[noun]}, {task.fields[rate]:,.0f}/s", markup=False
        ),
        TimeElapsedColumn(),
    )
    # Rows go to standard output meanwhile, which rich would send through the bar's own stream.
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(words, total=total, rate=0, noun=noun)

        def done(rows: int) -> None:
            speed = bar.tasks[0].speed
            bar.update(task, completed=rows, rate=speed or 0)

        yield done
