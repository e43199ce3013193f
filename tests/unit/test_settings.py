"""Where settings come from, which one wins, and what is said about a wrong one."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.endpoint import DEFAULT_ENDPOINT
from fs_tui.errors import SettingsError
from fs_tui.settings import file
from fs_tui.settings.options import Settings
from fs_tui.settings.sources import config_path, load, profiles

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = """
profile = "staging"
theme = "textual-light"
concurrency = 2

[keymap]
reload = ["r", "f5"]

[profiles.default]
[profiles.staging]
endpoint = "https://staging.example"
concurrency = 4
colors = 256
mouse = true
ca_bundle = "ca.pem"
credential_command = ["pass-json", "facesearch"]
keymap.quit = "Q"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(FILE)
    path.chmod(0o600)
    return path


def refused(config: Path, text: str, **more: str) -> SettingsError:
    config.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(config=config, environ=more)
    return caught.value


def test_the_file_is_looked_for_in_the_platforms_folder(tmp_path: Path) -> None:
    assert config_path(environ={}) == tmp_path / "config" / "fs-tui" / "config.toml"


def test_nothing_given_means_the_defaults() -> None:
    assert load(environ={}) == Settings()


def test_a_file_in_the_current_folder_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".env", "config.toml", "fs-tui.toml"):
        (tmp_path / name).write_text("FS_TUI_ENDPOINT='https://evil.example'\n")
    monkeypatch.chdir(tmp_path)
    assert load(environ={}) == Settings()


def test_a_profile_wins_over_the_top_of_the_file(config: Path) -> None:
    settings = load(config=config, environ={})
    assert settings.profile == "staging"
    assert settings.config == config
    assert settings.endpoint == "https://staging.example"
    assert settings.concurrency == 4
    assert settings.theme == "textual-light"
    assert settings.colors == "256"
    assert settings.mouse == "on"
    assert settings.credential_command == ("pass-json", "facesearch")


def test_keymaps_of_profile_and_file_are_merged(config: Path) -> None:
    assert load(config=config, environ={}).keymap == {"reload": ("r", "f5"), "quit": ("Q",)}


def test_relative_paths_start_at_the_file(config: Path) -> None:
    assert load(config=config, environ={}).ca_bundle == config.parent / "ca.pem"


def test_the_environment_wins_over_the_file(config: Path) -> None:
    environ = {"FS_TUI_ENDPOINT": "https://env.example", "FS_TUI_CONFIG": str(config)}
    assert load(environ=environ).endpoint == "https://env.example"


def test_a_flag_wins_over_the_environment(config: Path) -> None:
    environ = {"FS_TUI_ENDPOINT": "https://env.example"}
    flags = {"endpoint": "https://flag.example", "read_only": None, "concurrency": 8}
    for path in (None, config):
        settings = load(flags, config=path, environ=environ)
        assert settings.endpoint == "https://flag.example"
        assert settings.concurrency == 8
        assert settings.read_only is False


def test_the_named_profile_wins_over_the_files_own_choice(config: Path) -> None:
    assert load(profile="default", config=config, environ={}).concurrency == 2
    assert load(config=config, environ={"FS_TUI_PROFILE": "default"}).profile == "default"


def test_with_and_without_a_file_the_same_comes_out(config: Path) -> None:
    config.write_text("")
    environ = {"FS_TUI_ENDPOINT": "https://ENV.example:8443/"}
    flags = {"read_only": True, "mouse": "off", "colors": "16"}
    bare = load(flags, environ=environ)
    full = load(flags, config=config, environ=environ)
    assert bare.endpoint == "https://env.example:8443"
    for name in Settings._fields:
        if name != "config":
            assert getattr(bare, name) == getattr(full, name)


def test_other_variables_are_not_settings(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("THEME", "LOG", "FS_TUI_THEME", "ENDPOINT"):
        monkeypatch.setenv(name, "https://evil.example")
    settings = load(profile="default", config=config)
    assert settings.theme == "textual-light"
    assert settings.log is False
    assert settings.endpoint == DEFAULT_ENDPOINT


def test_an_unknown_key_is_named_with_file_and_nearest_key(config: Path) -> None:
    error = refused(config, "[profiles.default]\nread_onyl = true\n")
    assert f"{config}, [profiles.default]" in error.detail
    assert "'read_onyl'" in error.detail
    assert error.hint == "Did you mean 'read_only'?"


@pytest.mark.parametrize("line", ['api_secret = "x"', "read_onyl = true"])
def test_what_is_out_of_place_in_another_profile_is_refused_too(config: Path, line: str) -> None:
    error = refused(config, f"[profiles.default]\n[profiles.staging]\n{line}\n")
    assert f"{config}, [profiles.staging]" in error.detail


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('credential_command = "vault get"', "credential_command: write a list"),
        ("[keymap]\nreload = 3", "keymap.reload: write a list"),
        ("keymap = 3", "keymap: write a table"),
    ],
)
def test_a_wrong_type_is_named_in_the_files_own_words(config: Path, text: str, words: str) -> None:
    assert words in refused(config, text).detail


def test_an_empty_flag_is_refused_and_an_empty_variable_is_not_set() -> None:
    with pytest.raises(SettingsError, match="--endpoint"):
        load({"endpoint": ""}, environ={})
    with pytest.raises(SettingsError, match="--profile"):
        load(profile="", environ={})
    environ = {"FS_TUI_ENDPOINT": "", "FS_TUI_PROFILE": ""}
    assert load(environ=environ).endpoint == DEFAULT_ENDPOINT


@pytest.mark.parametrize("name", ["x" * 300, "~nobody-of-this-name/config.toml"])
def test_a_file_that_cannot_be_looked_at_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=name[:20]):
        load(config=Path(name), environ={})
    with pytest.raises(SettingsError, match=name[:20]):
        load(environ={"FS_TUI_CONFIG": name})


def test_a_default_file_that_cannot_be_looked_at_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = Path("/", "x" * 300)
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: folder)
    with pytest.raises(SettingsError, match="File name too long"):
        load(environ={})


def test_an_unknown_profile_is_named_with_the_nearest(config: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(profile="stagin", config=config, environ={})
    assert caught.value.hint == "Did you mean 'staging'?"
    with pytest.raises(SettingsError, match="no profile 'stagin'"):
        load(profile="stagin", environ={})


def test_a_secret_in_the_file_is_refused_and_not_repeated(config: Path) -> None:
    error = refused(config, 'api_secret = "canary-7741"\n')
    assert "do not belong in the configuration file" in error.detail
    assert "canary" not in str(error) + error.hint


@pytest.mark.parametrize(
    "option",
    ["concurrency", "read_timeout", "retry_budget", "sign_lifetime", "auto_reload"],
)
def test_a_truth_value_is_no_number(config: Path, option: str) -> None:
    error = refused(config, f"{option} = true\n")
    assert error.detail.startswith(f"{config}: {option}: write a ")
    assert error.detail.endswith("number")


def test_a_wrong_value_is_named_and_not_repeated(config: Path) -> None:
    error = refused(config, 'concurrency = 9\ntheme = ["canary-7741"]\n')
    assert f"{config}: concurrency: it should be less than or equal to 8" in error.detail
    assert "theme" in error.detail
    assert "canary" not in str(error)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = \n", "at line 1"),
        ("profiles = 3", "profiles must be tables"),
        ("profile = 3", "the name of a profile"),
        ("connect_timeout = 0", "greater than or equal to 0.001"),
        ("total_timeout = nan", "less than or equal to 3600"),
        ("retry_budget = inf", "less than or equal to 3600"),
        ('read_only = "false"', "read_only: write true or false"),
        ('theme = "a\\u0000"', "theme: it holds a NUL"),
        ('ca_bundle = "a\\u0000"', "ca_bundle: it holds a NUL"),
        ("ca_bundle = ''", "ca_bundle: write a path"),
        ('credential_command = ["a", "\\u0000"]', "credential_command: it holds a NUL"),
        ('mouse = "maybe"', "'auto', 'on' or 'off'"),
        ('endpoint = "http://api.example"', "http"),
        ('credential_command = ["./here"]', "relative path"),
        ("[keymap]\nreload = 3", "keymap"),
    ],
)
def test_a_wrong_file_is_named(config: Path, text: str, said: str) -> None:
    error = refused(config, text)
    assert str(config) in error.detail
    assert said in error.detail


def test_a_named_file_must_exist_and_be_text(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="No such file"):
        load(environ={"FS_TUI_CONFIG": str(tmp_path / "none.toml")})
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load(config=binary, environ={})


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (Path.mkdir, "a folder"),
        (_pipe, "a pipe"),
        (_socket, "a socket"),
        (lambda path: path.symlink_to("/dev/zero"), "a device"),
    ],
)
def test_what_is_no_regular_file_is_refused_and_never_waited_for(
    tmp_path: Path, make: Callable[[Path], None], kind: str
) -> None:
    path = tmp_path / "c"
    make(path)
    with pytest.raises(SettingsError, match=kind):
        load(config=path, environ={})


def test_a_link_that_leads_nowhere_is_no_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_config_path", lambda *_, **__: tmp_path)
    assert load(environ={}) == Settings()
    (tmp_path / "config.toml").symlink_to("gone.toml")
    with pytest.raises(SettingsError, match="No such file"):
        load(environ={})


def test_a_file_that_is_too_long_is_refused_whole(config: Path) -> None:
    """What lies behind a cut may be `read_only`."""
    line = "# a long comment\n"
    tail = "read_only = true\n"
    fits = line * (((1 << 20) - len(tail)) // len(line)) + tail
    config.write_text(fits)
    assert load(config=config, environ={}).read_only
    error = refused(config, line * 70_000 + tail)
    assert "larger than 1 MiB" in error.detail


def test_a_mark_at_the_beginning_of_a_file_is_no_part_of_it(config: Path) -> None:
    config.write_bytes(b"\xef\xbb\xbfread_only = true\n")
    assert load(config=config, environ={}).read_only


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = " + "[" * 20_000, "nested too deeply"),
        ("a = " + "{b=" * 20_000, "nested too deeply"),
        ("a = " + "9" * 5_000, "too long to be read"),
        ("a = -" + "9" * 5_000, "too long to be read"),
        ("concurrency = 0x" + "f" * 5_000, "concurrency"),
        ("colors = 0x" + "f" * 5_000, "colors"),
        ("read_timeout = 1e999", "read_timeout"),
        (".".join("a" * 20_000) + " = 1", "dots"),
        ("[" + ".".join("a" * 20_000) + "]", "dots"),
    ],
    ids=range(9),
)
def test_what_no_reader_can_hold_is_refused_at_once(config: Path, text: str, said: str) -> None:
    error = refused(config, text)
    assert said in error.detail
    assert len(error.detail) < 300


_scalars = (
    st.booleans()
    | st.integers()
    | st.builds(int, st.just("f" * 5_000), st.just(16))
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["auto", "on", "16", "off", "https://h", "https://xn--", "~/x", "\0"])
    | st.datetimes()
    | st.times()
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(Settings._fields), _values),
    st.dictionaries(st.sampled_from(["a", "default", ""]), _values | st.fixed_dictionaries({})),
)
def test_whatever_a_file_holds_it_is_settings_or_said(
    top: dict[str, object], profiles: dict[str, object]
) -> None:
    document = {**top, "profiles": profiles} if profiles else top
    with (
        patch("fs_tui.settings.file.tomllib.loads", lambda _text: document),
        contextlib.suppress(SettingsError),
    ):
        assert isinstance(load(config=Path(__file__), environ={}), Settings)


def test_a_file_that_others_can_write_must_not_name_a_command(config: Path) -> None:
    config.chmod(0o620)
    with pytest.raises(SettingsError, match="other users can change") as caught:
        load(config=config, environ={})
    assert caught.value.hint == f"Run: chmod go-w {config}"


def test_an_endpoint_from_the_environment_is_named_by_its_variable() -> None:
    with pytest.raises(SettingsError, match="FS_TUI_ENDPOINT: the endpoint does not begin"):
        load(environ={"FS_TUI_ENDPOINT": "api.example"})


def test_without_a_file_no_pydantic_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from fs_tui.settings.sources import load; load({'log': True}, environ={});"
        "sys.exit('pydantic' in sys.modules)"
    )
    # The interpreter that runs the tests, with a fixed text.
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603


def test_the_profiles_of_the_file_are_known_and_the_default_one_always(config: Path) -> None:
    assert profiles(config) == {"default", "staging"}
    assert profiles(environ={"FS_TUI_CONFIG": str(config)}) == {"default", "staging"}
    assert profiles(environ={}) == {"default"}
    config.write_text("profiles = 3")
    with pytest.raises(SettingsError, match="profiles must be tables"):
        profiles(config)


VALUES = st.one_of(
    st.booleans(),
    st.integers(-2, 5000),
    st.floats(),
    st.sampled_from(["", "auto", "on", "256", "osc52", "textual-light", "\x00"]),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.just("reload"), st.text(max_size=2), max_size=1),
)


@given(st.sampled_from(sorted(file._OPTIONS)), VALUES)
def test_what_is_taken_without_pydantic_is_what_pydantic_takes(name: str, value: object) -> None:
    meant = file._as_meant(name, value)
    if file._is_plain(name, meant):
        taken, problems = file._judged([{name: meant}, {}], {name: "file"})
        assert (taken, problems) == ({name: meant}, [])
        assert type(taken[name]) is type(meant)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("keep", True),
        ("endpoint", "https://a.example"),
        ("concurrency", 2),
        ("keep_days", 7.5),
        ("mouse", "off"),
    ],
)
def test_usual_values_need_no_pydantic(name: str, value: object) -> None:
    assert file._is_plain(name, value)
