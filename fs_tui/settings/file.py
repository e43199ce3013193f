"""Owns the configuration file: how it is opened, what may stand in it, what is said of the rest.

bytes ──► TOML ──► top level under [profiles.NAME] ──► values as they should be ──► Settings
                                                   └──► BaseSettings, which says what is wrong
"""

from __future__ import annotations

import os
import shlex
import stat
import tomllib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin, get_type_hints

from fs_tui.endpoint import normalised
from fs_tui.errors import SettingsError
from fs_tui.settings.options import DEFAULT_PROFILE, Settings
from fs_tui.suggestion import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic_core import ErrorDetails
    from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

__all__ = ["profiles", "read"]

_SIZE_LIMIT = 1 << 20
_DOT_LIMIT = 200
_SECRET_NAMES = ("api_key", "api_secret", "secret", "key")
_OPTIONS = {
    name: hint
    for name, hint in get_type_hints(Settings, include_extras=True).items()
    if name not in ("profile", "config")
}
"""What a value of each option may be."""


def read(path: Path, profile: str) -> Settings:
    """Return the settings that a configuration file holds.

    Args:
        path: The file; it must exist.
        profile: The profile that was asked for; empty leaves it to the file.

    Raises:
        SettingsError: Names the file, the key, and the nearest valid one.
    """
    content, info = _opened(path)
    document = _document(path, content)
    name, table = _profile(path, document, profile)
    top = {key: value for key, value in document.items() if key not in ("profile", "profiles")}
    _refuse_unknown(str(path), top)
    # Of every profile: a secret is out of place before it is used, too.
    for other, options in document.get("profiles", {}).items():
        _refuse_unknown(_place(path, other), options)
    places = {key: _place(path, name) if key in table else str(path) for key in {**top, **table}}
    values = _checked(table, top, places)
    _complete(values, path, places)
    if values.get("credential_command"):
        _refuse_foreign_hands(path, info)
    return Settings(profile=name, config=path, **values)


def profiles(path: Path) -> frozenset[str]:
    """Return the names of the profiles that a configuration file holds.

    Raises:
        SettingsError: It cannot be read.
    """
    content, _info = _opened(path)
    return frozenset(_tables(path, _document(path, content)))


def _place(path: Path, profile: str) -> str:
    return f"{path}, [profiles.{profile}]"


# --- from the disk to a document ------------------------------------------------------------------


def _opened(path: Path) -> tuple[bytes, os.stat_result]:
    """Return what a file holds, and whose it is; the open file is judged, not its name."""
    try:
        # Opening some devices does something, and a pipe would wait for its writer.
        _refuse_unless_regular(path, path.stat())
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            info = os.fstat(descriptor)
            _refuse_unless_regular(path, info)
            content = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or 'it cannot be read'}") from error
    if len(content) > _SIZE_LIMIT:
        # What lies behind a cut may be `read_only`.
        raise SettingsError(
            f"{path}: it is larger than 1 MiB, and was not used",
            hint="Name the configuration file, or shorten it.",
        )
    return content, info


def _refuse_unless_regular(path: Path, info: os.stat_result) -> None:
    for kind, is_kind in (
        ("a folder", stat.S_ISDIR),
        ("a pipe", stat.S_ISFIFO),
        ("a socket", stat.S_ISSOCK),
        ("a device", lambda mode: not stat.S_ISREG(mode)),
    ):
        if is_kind(info.st_mode):
            raise SettingsError(
                f"{path}: it is {kind}", hint="Name a regular file as the configuration file."
            )


def _document(path: Path, content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8-sig")  # editors of Windows write a mark at its beginning
        for number, line in enumerate(text.split("\n"), 1):
            # The library takes the square of their number: some thousand take minutes.
            if line.count(".") > _DOT_LIMIT:
                raise SettingsError(
                    f"{path}: line {number} holds more than {_DOT_LIMIT} dots",
                    hint="Keys and tables are not nested that deeply; break a list into lines.",
                )
        return tomllib.loads(text)
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: it is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        # The message names line and column; the document that the exception keeps stays behind.
        raise SettingsError(f"{path}: {error}") from None
    except RecursionError:
        raise SettingsError(f"{path}: its lists or tables are nested too deeply") from None
    except ValueError:
        raise SettingsError(f"{path}: it holds a number that is too long to be read") from None


def _profile(path: Path, document: dict[str, Any], asked: str) -> tuple[str, dict[str, Any]]:
    """Return the chosen profile's name and table; `default` need not be written down."""
    tables = _tables(path, document)
    name = asked or document.get("profile", DEFAULT_PROFILE)
    if not isinstance(name, str):
        raise SettingsError(f"{path}: profile must be the name of a profile, in quotes")
    if name not in tables and name != DEFAULT_PROFILE:
        raise SettingsError(
            f"{path}: there is no profile '{name}'",
            hint=did_you_mean(nearest(name, tables)) or f"Write [profiles.{name}] into the file.",
        )
    return name, tables.get(name, {})


def _tables(path: Path, document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    tables = document.get("profiles", {})
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        raise SettingsError(f"{path}: profiles must be tables", hint="Write [profiles.NAME].")
    return tables


def _refuse_unknown(place: str, keys: Iterable[str]) -> None:
    for key in keys:
        if key in _SECRET_NAMES:
            raise SettingsError(
                f"{place}: key and secret do not belong in the configuration file",
                hint="Remove the line and run 'fs-tui auth login'.",
            )
        if key not in _OPTIONS:
            hint = (
                did_you_mean(nearest(key, _OPTIONS)) or f"The options are: {', '.join(_OPTIONS)}."
            )
            raise SettingsError(f"{place}: there is no option '{key}'", hint=hint)


# --- from a document to values --------------------------------------------------------------------


def _as_meant(key: str, value: Any) -> Any:  # Any: what TOML can hold
    """Return a value in the option's own type, where a person may write it in a plainer one."""
    match key, value:
        case "mouse", bool():
            return "on" if value else "off"
        case "colors", int() if type(value) is int:
            # Not str(): a number of thousands of digits has none.
            return {16: "16", 256: "256"}.get(value, value)
        case "ca_bundle", str() if value:
            return Path(value)
        case "keymap", dict():
            return {
                action: (keys,) if isinstance(keys, str) else _as_meant("", keys)
                for action, keys in value.items()
            }
        case _, list():
            return tuple(value)
    return value


def _checked(
    table: Mapping[str, Any], top: Mapping[str, Any], places: Mapping[str, str]
) -> dict[str, Any]:
    """Return the values, each as its option takes it; every one that is not is named."""
    meant = [
        {key: _as_meant(key, value) for key, value in values.items()} for values in (table, top)
    ]
    plain = {**meant[1], **meant[0]}
    checked, problems = (
        (plain, []) if all(map(_is_plain, plain, plain.values())) else _judged(meant, places)
    )
    for key, value in checked.items():
        if any("\0" in str(part) for part in (value if isinstance(value, tuple) else (value,))):
            problems.append(f"{places[key]}: {key}: it holds a NUL character")
    if problems:
        raise SettingsError("; ".join(problems))
    return checked


def _is_plain(name: str, value: object) -> bool:
    """Whether a value is surely what its option takes; what is not sure is left to pydantic.

    Importing that takes a third of the time to the first frame.
    """
    hint = _OPTIONS[name]
    if get_origin(hint) is Literal:
        return value in get_args(hint)
    if get_origin(hint) is Annotated and type(value) in (int, float):
        kind, bounds = get_args(hint)
        return type(value) is kind and bounds.least <= value <= bounds.most
    return type(value) is hint or (type(value) is bool and hint == bool | None)


def _judged(
    meant: Iterable[dict[str, Any]], places: Mapping[str, str]
) -> tuple[dict[str, Any], list[str]]:
    """Return the values as pydantic takes them, and what is wrong with each that it refuses."""
    from pydantic import ValidationError, create_model
    from pydantic_settings import BaseSettings, InitSettingsSource, SettingsConfigDict

    class Tables(BaseSettings):
        # Strict: `concurrency = true` would count as 1.
        model_config = SettingsConfigDict(
            extra="forbid", hide_input_in_errors=True, strict=True, validate_default=False
        )

        @classmethod
        def settings_customise_sources(  # type: ignore[override] # the library's own are not wanted
            cls, settings_cls: type[BaseSettings], **_own: PydanticBaseSettingsSource
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            """The profile's table goes before the top level; variables have names of their own."""
            return tuple(InitSettingsSource(settings_cls, init_kwargs=values) for values in meant)

    # Any: what create_model takes for a field, its type and its default.
    options: dict[str, Any] = {name: (hint, None) for name, hint in _OPTIONS.items()}
    try:
        found = create_model("Options", __base__=Tables, **options)()
    except ValidationError as error:
        return {}, [
            f"{places[str(one['loc'][0])]}: {_problem(one)}"
            for one in error.errors(include_input=False, include_context=False)
        ]
    return found.model_dump(exclude_unset=True), []


_WORDS = {
    "bool_type": "write true or false",
    "dict_type": "write a table",
    "float_type": "write a number",
    "int_type": "write a whole number",
    "is_instance_of": "write a path in quotes",
    "string_type": "write a text in quotes",
    "tuple_type": 'write a list: ["one", "two"]',
}
"""What TOML calls the types that pydantic names as Python does."""


def _problem(error: ErrorDetails) -> str:
    named = ".".join(part for part in error["loc"] if isinstance(part, str))
    return f"{named}: {_WORDS.get(error['type'], error['msg'].replace('Input', 'it', 1))}"


def _complete(values: dict[str, Any], path: Path, places: Mapping[str, str]) -> None:
    """Check and complete what its type alone does not tell of a value."""
    if "endpoint" in values:
        try:
            values["endpoint"] = normalised(values["endpoint"])
        except SettingsError as error:
            raise SettingsError(f"{places['endpoint']}: {error.detail}", hint=error.hint) from None
    if "ca_bundle" in values:
        # A file's own folder, never the current one, is what its relative paths start from.
        bundle = os.path.expanduser(values["ca_bundle"])  # noqa: PTH111 - Path's raises for some
        values["ca_bundle"] = path.absolute().parent / bundle
    if "keymap" in values:
        values["keymap"] = MappingProxyType(values["keymap"])
    if command := values.get("credential_command"):
        program = os.path.expanduser(command[0])  # noqa: PTH111 - Path drops a leading './'
        if os.sep in program and not os.path.isabs(program):  # noqa: PTH117 - the same
            raise SettingsError(
                f"{path}: credential_command starts with a relative path",
                hint="Give an absolute path, or a name that is found on PATH.",
            )
        values["credential_command"] = (program, *command[1:])


def _refuse_foreign_hands(path: Path, info: os.stat_result) -> None:
    """A file that runs a command must not be one that somebody else can write."""
    if not hasattr(os, "getuid"):
        return
    if info.st_uid not in (os.getuid(), 0) or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SettingsError(
            f"{path}: it sets credential_command, and other users can change it",
            hint=f"Run: chmod go-w {shlex.quote(str(path))}",
        )
