"""Which proxy stands before the service, by the variables that people set."""

from __future__ import annotations

import os

import pytest

from fs_tui.api.proxies import Proxy, find_way
from fs_tui.errors import SettingsError

CANARY = "canary-9c1b"

SERVICE = "https://api.example.com"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


def found(endpoint: str = SERVICE) -> Proxy:
    proxy = find_way(endpoint).proxy
    assert proxy is not None
    return proxy


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        ("https://proxy", "https://proxy"),
        ("proxy:3128", "http://proxy:3128"),
        ("127.0.0.1:1", "http://127.0.0.1:1"),
        ("http://[::1]:65535/", "http://[::1]:65535"),
        (f"http://me:{CANARY}@proxy:3128", "http://proxy:3128"),
        (f"me:{CANARY}@proxy:3128", "http://proxy:3128"),
    ],
)
def test_a_proxy_is_shown_without_its_password(
    monkeypatch: pytest.MonkeyPatch, text: str, place: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", text)
    proxy = found()
    assert (proxy.place, proxy.source) == (place, "HTTPS_PROXY")
    assert CANARY not in repr(proxy)
    assert (CANARY in str(proxy.url.userinfo)) == (CANARY in text)


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_variable_is_named_as_it_is_written(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://proxy:3128")
    assert found().source == name


def test_the_schemes_own_variable_wins_and_the_other_is_not_even_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy:1080")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("HTTP_PROXY", "gopher://proxy:1")
    assert found().source == "HTTPS_PROXY"


def test_small_letters_win_and_an_empty_variable_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://large:1")
    monkeypatch.setenv("https_proxy", "http://small:1")
    assert (found().place, found().source) == ("http://small:1", "https_proxy")
    monkeypatch.setenv("https_proxy", "")
    assert find_way(SERVICE).proxy is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("127.0.0.1:99999", "port 99999"),
        ("127.0.0.1:65536", "port 65536"),
        ("http://proxy:0", "port 0"),
        (f"socks5://me:{CANARY}@proxy:1080", "socks5"),
        (f"socks5h://me:{CANARY}@proxy:1080", "socks5h"),
        (f"gopher://me:{CANARY}@proxy:1", "gopher"),
        (f"http://me:{CANARY}@", "no host"),
        ("http://", "no host"),
        (f"http://me:{CANARY}@proxy:port", "not an address"),
        (f"http://me:{CANARY}@[proxy", "not an address"),
        (f"http://me:{CANARY}@\u2100/", "not an address"),
        ("http://proxy\n:1", "not an address"),
        ("x" * 70_000, "not an address"),
    ],
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy"])
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, says: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(SettingsError, match=says) as caught:
        find_way(SERVICE)
    assert caught.value.detail.startswith(name)
    assert name in caught.value.hint
    assert CANARY not in f"{caught.value!r} {caught.value} {caught.value.hint}"
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    "endpoint", ["https://localhost", "https://127.0.0.1:8443", "http://[::1]:80"]
)
def test_a_service_on_this_machine_has_no_proxy(
    monkeypatch: pytest.MonkeyPatch, endpoint: str
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy:99999")
    assert find_way(endpoint).proxy is None


NAME, SIX, FOUR = SERVICE, "https://[fd00::7]:8443", "https://10.1.2.3"


@pytest.mark.parametrize(
    ("entry", "endpoint", "excluded"),
    [
        ("*", NAME, True),
        ("api.example.com", NAME, True),
        ("API.Example.com", NAME, True),
        ("example.com", NAME, True),
        (".example.com", NAME, True),
        ("*.example.com", NAME, True),
        ("example.com.", NAME, True),
        ("xample.com", NAME, False),
        ("v1.api.example.com", NAME, False),
        ("example.com:443", NAME, True),
        ("example.com:8443", NAME, False),
        ("https://example.com", NAME, True),
        ("https://example.com/", NAME, True),
        ("all://example.com", NAME, True),
        ("http://example.com", NAME, False),
        ("localhost,127.0.0.1,::1,example.com", NAME, True),
        ("localhost 127.0.0.1 example.com", NAME, True),
        (" , ,example.com, ", NAME, True),
        ("10.0.0.0/8", NAME, False),
        ("10.0.0.0/8", FOUR, True),
        ("10.1.2.9/24", FOUR, True),
        ("11.0.0.0/8", FOUR, False),
        ("10.1.2.3", FOUR, True),
        ("10.1.2.3:443", FOUR, True),
        ("fd00::/8", FOUR, False),
        ("fd00::/8", SIX, True),
        ("fd00::7", SIX, True),
        ("fd00:0:0::7", SIX, True),
        ("[fd00::7]", SIX, True),
        ("[fd00::7]:8443", SIX, True),
        ("[fd00::7]:443", SIX, False),
        ("::1", SIX, False),
        ("[::1]", NAME, False),
    ],
)
def test_no_proxy_holds_names_addresses_and_networks(
    monkeypatch: pytest.MonkeyPatch, entry: str, endpoint: str, *, excluded: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", entry)
    way = find_way(endpoint)
    assert (way.proxy is None) == excluded
    assert way.warning == ""


@pytest.mark.parametrize(
    "entry",
    ["fd00::/200", "[::1", "[x]", "10.0.0.0/40", "http://[", "a:b", "ex*mple", "h:99999", "10.*"],
)
def test_what_of_no_proxy_cannot_be_used_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("no_proxy", f"localhost,{entry},other.example")
    way = find_way(SERVICE)
    assert way.proxy is not None
    assert way.warning.startswith("no_proxy")
    assert f"'{entry}'" in way.warning
    assert "localhost" not in way.warning
    # An entry that can be used counts, whatever stands before it.
    monkeypatch.setenv("no_proxy", f"{entry},example.com")
    assert find_way(SERVICE).proxy is None


def test_an_entry_is_named_without_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", f"https://me:{CANARY}@host:x")
    way = find_way(SERVICE)
    assert "host:x" in way.warning
    assert CANARY not in way.warning


def test_a_proxy_that_is_not_used_need_not_be_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://proxy:1")
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert find_way(SERVICE).proxy is None
