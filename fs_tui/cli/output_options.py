"""The options by which rows are asked for: which fields, in which format, and where to.

One set of them for every command that lists; what writes one thing has --json alone.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fs_tui.errors import UsageError
from fs_tui.records import FORMATS, Field, Format, behind_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["Output", "json_option", "mask_option", "output_options"]


@dataclass(frozen=True, slots=True)
class Output:
    """Where rows go and how they are written, as the options say.

    Attributes:
        fields: The fields to write, in this order.
        form: None is for people, and never for a file.
        path: The file; None is standard output.
        overwrite: A file that is there is replaced.
        mask: What tells of a person is written masked.
        named: The fields were chosen.
    """

    fields: tuple[Field, ...]
    form: Format | None = None
    path: Path | None = None
    overwrite: bool = False
    mask: bool = False
    named: bool = False

    @property
    def is_table(self) -> bool:
        """Whether it is a table for a person at a terminal."""
        return self.form is None and self.is_on_terminal

    @property
    def is_on_terminal(self) -> bool:
        """Whether rows go to a terminal, where a bar would stand among them."""
        return self.path is None and sys.stdout.isatty()

    def of(self, fields: Sequence[Field], complaint: str) -> Output:
        """The same for an answer that has some of the fields: those that were chosen, else all.

        Args:
            fields: What the answer has.
            complaint: What is said of a chosen field that it has not; {} stands for its name.

        Raises:
            UsageError: One was chosen.
        """
        known = {field.name: field for field in self.fields}
        names = [field.name for field in fields]
        if not self.named:
            return replace(self, fields=tuple(known[name] for name in names))
        for name in known:
            if name not in names:
                hint = f"The fields are {', '.join(names)}."
                raise UsageError(complaint.format(name), hint=hint)
        return self


# Any: click's decorators pass functions of every signature through.
def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --json to a command that writes one thing, as its parameter `as_json`."""
    option = click.option("--json", "as_json", is_flag=True, help="Write one JSON document.")
    return option(command)


# Any: the same.
def mask_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --mask to a command that writes of persons."""
    option = click.option(
        "--mask",
        is_flag=True,
        help="Write only the last three characters of user ids, user data and tokens.",
    )
    return option(command)


def output_options(
    fields: Sequence[Field], *, more: Sequence[Field] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the formats, -o, --force and --fields to a command that lists, as its `output`.

    Args:
        fields: What it writes.
        more: What it can write as well, where that is chosen.
    """
    names = ", ".join(field.name for field in (*fields, *more))
    options: list[Callable[..., Any]] = [
        click.option(
            "--fields",
            "chosen",
            metavar="A,B",
            help=f"Write only these, in this order: {names}.",
        ),
        *(
            click.option(f"--{form.name}", is_flag=True, help=f"Write {form.summary}.")
            for form in FORMATS
        ),
        click.option(
            "-o",
            "--output",
            "path",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help=f"Write a new FILE ({_suffixes()}), readable by you alone; - is standard output.",
        ),
        click.option("--force", is_flag=True, help="With -o: replace an existing FILE."),
        mask_option,
    ]

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def with_output(chosen: str | None, path: Path | None, **given: Any) -> Any:
            asked = [form for form in FORMATS if given.pop(form.name)]
            mask, overwrite = given.pop("mask"), given.pop("force")
            offered = fields if chosen is None else (*fields, *more)
            wanted = _chosen(behind_mask(offered) if mask else offered, chosen)
            form, path = _place(asked, path, overwrite=overwrite)
            output = Output(wanted, form, path, overwrite, mask, named=chosen is not None)
            return command(output=output, **given)

        added: Callable[..., Any] = with_output
        for option in reversed(options):
            added = option(added)
        return added

    return add


def _place(
    asked: Sequence[Format], path: Path | None, *, overwrite: bool
) -> tuple[Format | None, Path | None]:
    """Return what is written, and the file that it goes to."""
    if len(asked) > 1:
        flags = " and ".join(f"--{form.name}" for form in asked)
        raise UsageError(f"{flags} cannot be combined.", hint="Use one of them.")
    if path == Path():
        # An empty text; a folder was refused before.
        raise UsageError("-o has no file name.", hint="Give a name, or - for standard output.")
    path = None if path == Path("-") else path
    if overwrite and path is None:
        raise UsageError("--force needs -o FILE.")
    form = asked[0] if asked else None
    if path is not None:
        from fs_tui.export import check_free

        # Before anything is asked of the service.
        check_free(path, overwrite=overwrite)
        form = form or _named_format(path)
    return form, path


def _chosen(fields: Sequence[Field], text: str | None) -> tuple[Field, ...]:
    """Read --fields."""
    if text is None:
        return tuple(fields)
    known = {field.name: field for field in fields}
    hint = f"The fields are {', '.join(known)}."
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in known:
            raise UsageError(f"There is no field '{name}'.", hint=hint)
    if len(set(names)) < len(names):
        raise UsageError("--fields names a field twice.", hint=hint)
    return tuple(known[name] for name in names)


def _named_format(path: Path) -> Format:
    """Return the format that a file's name says."""
    suffix = path.suffix.removeprefix(".").lower()
    for form in FORMATS:
        if form.name == suffix:
            return form
    flags = _or([f"--{form.name}" for form in FORMATS])
    raise UsageError(
        f"The name '{path.name}' does not say what to write.",
        hint=f"End it in {_suffixes()}, or add {flags}.",
    )


def _suffixes() -> str:
    return _or([f".{form.name}" for form in FORMATS])


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
