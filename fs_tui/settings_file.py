"""Reads and validates the configuration file; the one place that needs pydantic-settings."""

from __future__ import annotations

import os
import shlex
import stat
import tomllib
from pathlib import Path  # noqa: TC003 - pydantic reads the annotations
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from fs_tui.errors import SettingsError
from fs_tui.settings import (
    DEFAULT_PROFILE,
    Clipboard,
    Colors,
    Mouse,
    Settings,
    check_endpoint,
    endpoint_from,
)
from fs_tui.suggestion import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

__all__ = ["read"]

_FILE_LIMIT = 1 << 20
_SECRET_NAMES = ("api_key", "api_secret", "secret", "key")


def _no_truth(value: object) -> object:
    """`concurrency = true` would count as 1."""
    if isinstance(value, bool):
        raise PydanticCustomError("number_type", "write a number")
    return value


_Number = BeforeValidator(_no_truth)
_Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False), _Number]


def _on_off(value: object) -> object:
    """`mouse = true` is what a person writes."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


def _as_text(value: object) -> object:
    """`colors = 256` is what a person writes."""
    return str(value) if type(value) is int else value


def _as_keys(value: object) -> object:
    """One key needs no list."""
    return (value,) if isinstance(value, str) else value


class _Model(BaseSettings):
    """What a value may be; the names, meanings and defaults are those of Settings."""

    model_config = SettingsConfigDict(extra="forbid", hide_input_in_errors=True, strict=False)

    endpoint: str | None = None
    read_only: bool | None = None
    ca_bundle: Path | None = None
    connect_timeout: _Seconds | None = None
    read_timeout: _Seconds | None = None
    total_timeout: _Seconds | None = None
    retry_budget: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False), _Number] | None = None
    sign_lifetime: Annotated[int, Field(ge=1, le=3600), _Number] | None = None
    concurrency: Annotated[int, Field(ge=1, le=8), _Number] | None = None
    credential_command: tuple[str, ...] | None = None
    keyring_backend: str | None = None
    clipboard: Clipboard | None = None
    theme: str | None = None
    colors: Annotated[Colors, BeforeValidator(_as_text)] | None = None
    mouse: Annotated[Mouse, BeforeValidator(_on_off)] | None = None
    auto_reload: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False), _Number] | None = (
        None
    )
    keymap: dict[str, Annotated[tuple[str, ...], BeforeValidator(_as_keys)]] | None = None
    log: bool | None = None


_NAMES = tuple(_Model.model_fields)


class _Layer(NamedTuple):
    """Values that were given in one place, and the name of the place."""

    place: str
    values: Mapping[str, Any]  # Any: what TOML can hold


def read(
    path: Path, flags: Mapping[str, object], profile: str, environ: Mapping[str, str]
) -> Settings:
    """Return the settings with a configuration file in them.

    Args:
        path: The file; it must exist.
        flags: What the command line said, without None.
        profile: The profile that was asked for; empty leaves it to the file.
        environ: The environment.

    Raises:
        SettingsError: Names the file, the key, and the nearest valid one.
    """
    document = _document(path)
    name, table = _profile(path, document, profile)
    top = {key: value for key, value in document.items() if key not in ("profile", "profiles")}
    given = dict(flags)
    if endpoint := endpoint_from(flags, environ):
        given["endpoint"] = endpoint
    layers = (
        _Layer("the command line", given),
        _Layer(f"{path}, [profiles.{name}]", table),
        _Layer(str(path), top),
    )
    _refuse_unknown(layers[-1])
    # Of every profile: a secret is out of place before it is used, too.
    for other, options in document.get("profiles", {}).items():
        _refuse_unknown(_Layer(f"{path}, [profiles.{other}]", options))
    values = _validated(layers)
    _finish(values, path, layers)
    return Settings(profile=name, config=path, **values)


def _document(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_FILE_LIMIT)
        return tomllib.loads(raw.decode())
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or 'it cannot be read'}") from error
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: it is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        # The message names line and column; the document that the exception keeps stays behind.
        raise SettingsError(f"{path}: {error}") from None


def _profile(path: Path, document: dict[str, Any], asked: str) -> tuple[str, dict[str, Any]]:
    """Return the chosen profile's name and table; `default` need not be written down."""
    tables = document.get("profiles", {})
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        raise SettingsError(f"{path}: profiles are tables", hint="Write [profiles.NAME].")
    name = asked or document.get("profile", DEFAULT_PROFILE)
    if not isinstance(name, str):
        raise SettingsError(f"{path}: profile is the name of one, in quotes")
    if name not in tables and name != DEFAULT_PROFILE:
        raise SettingsError(
            f"{path}: there is no profile '{name}'",
            hint=did_you_mean(nearest(name, tables)) or f"Write [profiles.{name}] into the file.",
        )
    return name, tables.get(name, {})


def _refuse_unknown(layer: _Layer) -> None:
    for key in layer.values:
        if key in _SECRET_NAMES:
            raise SettingsError(
                f"{layer.place}: key and secret never stand in the configuration file",
                hint="Remove the line and run 'fs-tui auth login'.",
            )
        if key not in _NAMES:
            hint = did_you_mean(nearest(key, _NAMES)) or f"The options are: {', '.join(_NAMES)}."
            raise SettingsError(f"{layer.place}: there is no option '{key}'", hint=hint)


def _validated(layers: Sequence[_Layer]) -> dict[str, Any]:
    """Return the values that were given, the nearest layer's first; tables are merged."""

    class Layered(_Model):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            *_: PydanticBaseSettingsSource,
            **__: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            # Neither the environment nor a .env file: only what was read above.
            return tuple(
                InitSettingsSource(settings_cls, init_kwargs=dict(layer.values)) for layer in layers
            )

    try:
        model = Layered()
    except ValidationError as error:
        problems = [_problem(one, layers) for one in error.errors(include_input=False)]
        raise SettingsError("; ".join(problems)) from None
    return {name: value for name in _NAMES if (value := getattr(model, name)) is not None}


_WORDS = {"tuple_type": 'write a list: ["one", "two"]', "dict_type": "write a table"}
"""What TOML calls the types that pydantic names as Python does."""


def _problem(error: ErrorDetails, layers: Sequence[_Layer]) -> str:
    key = str(error["loc"][0])
    place = next((layer.place for layer in layers if key in layer.values), "")
    named = ".".join(part for part in error["loc"] if isinstance(part, str))
    message = _WORDS.get(error["type"], error["msg"][:1].lower() + error["msg"][1:])
    return f"{place}: {named}: {message}"


def _finish(values: dict[str, Any], path: Path, layers: Sequence[_Layer]) -> None:
    """Check and complete what one value alone does not tell."""
    if "endpoint" in values:
        place = next(layer.place for layer in layers if "endpoint" in layer.values)
        try:
            values["endpoint"] = check_endpoint(values["endpoint"])
        except SettingsError as error:
            raise SettingsError(f"{place}: {error.detail}", hint=error.hint) from None
    if "ca_bundle" in values:
        # A file's own folder, never the current one, is what its relative paths start from.
        bundle = os.path.expanduser(values["ca_bundle"])  # noqa: PTH111 - Path's raises for some
        values["ca_bundle"] = path.absolute().parent / bundle
    if "keymap" in values:
        values["keymap"] = MappingProxyType(values["keymap"])
    if command := values.get("credential_command"):
        _refuse_foreign_hands(path)
        program = os.path.expanduser(command[0])  # noqa: PTH111 - Path drops a leading './'
        if os.sep in program and not os.path.isabs(program):  # noqa: PTH117 - the same
            raise SettingsError(
                f"{path}: credential_command starts with a relative path",
                hint="Give an absolute path, or a name that is found on PATH.",
            )
        values["credential_command"] = (program, *command[1:])


def _refuse_foreign_hands(path: Path) -> None:
    """A file that runs a command must not be one that somebody else can write."""
    if not hasattr(os, "getuid"):
        return
    info = path.stat()
    if info.st_uid not in (os.getuid(), 0) or info.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise SettingsError(
            f"{path}: it names a credential_command, and others can write it",
            hint=f"Run: chmod go-w {shlex.quote(str(path))}",
        )
