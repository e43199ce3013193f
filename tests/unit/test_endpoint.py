"""The rule of an endpoint: one name for one service, and nothing that the client cannot take."""

from __future__ import annotations

import contextlib

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fs_tui.api.client import FaceSearchClient
from fs_tui.endpoint import is_loopback, normalised
from fs_tui.errors import SettingsError
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET, build_app


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("https://api-sgp.yljz.com", "https://api-sgp.yljz.com"),
        (" HTTPS://API.example/ ", "https://api.example"),
        ("https://api.example:8443", "https://api.example:8443"),
        ("https://api.example:443", "https://api.example"),
        ("https://api.example:00443/", "https://api.example"),
        ("https://api.example:", "https://api.example"),
        ("https://api.example:80", "https://api.example:80"),
        ("https://api.example.", "https://api.example"),
        ("https://face_search.example", "https://face_search.example"),
        ("https://r3---sn.example", "https://r3---sn.example"),
        ("https://10.0.0.1:65535", "https://10.0.0.1:65535"),
        ("https://[2001:DB8:0:0::1]", "https://[2001:db8::1]"),
        ("https://München.example", "https://xn--mnchen-3ya.example"),
        ("https://MÜNCHEN。example:443", "https://xn--mnchen-3ya.example"),
        ("https://XN--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("http://localhost:80", "http://localhost"),
        ("http://LOCALHOST.:8000", "http://localhost:8000"),
        ("http://127.0.0.9:8765", "http://127.0.0.9:8765"),
        ("http://[::1]:8765", "http://[::1]:8765"),
        ("http://[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ("http://[::ffff:127.0.0.1]:1", "http://127.0.0.1:1"),
    ],
)
def test_an_endpoint_has_one_name(text: str, endpoint: str) -> None:
    assert normalised(text) == endpoint
    assert normalised(endpoint) == endpoint


REFUSED = [
    ("", "does not begin"),
    ("api-sgp.yljz.com", "does not begin"),
    ("ftp://api.example", "does not begin"),
    ("https:api.example", "does not begin"),
    ("https://", "no host"),
    ("http\u017f://api.example", "does not begin"),
    ("https:///", "no host"),
    ("https://:443", "no host"),
    ("https://.", "no host"),
    ("https://api.example/finauth", "more than scheme and host"),
    ("https://api.example//", "more than scheme and host"),
    ("https://api.example?x", "more than scheme and host"),
    ("https://api.example?", "more than scheme and host"),
    ("https://api.example/#", "more than scheme and host"),
    ("https://user:canary-7741@api.example", "user name or a password"),
    ("https://user:canary-7741@api.example/x@y", "user name or a password"),
    ("https://@api.example", "user name or a password"),
    ("https://api.example:99999", "port"),
    ("https://api.example:65536", "port"),
    ("https://api.example:0", "port"),
    ("https://api.example:" + "9" * 5000, "port"),
    ("https://api.example:port", "cannot be read"),
    ("https://api.example:-1", "cannot be read"),
    ("https://api.example:٤٤٣", "cannot be read"),
    ("https://api.example:443:443", "cannot be read"),
    ("https://[::1", "cannot be read"),
    ("https://[::1]x", "cannot be read"),
    ("https://x[::1]", "cannot be read"),
    ("https://[]", "IPv6"),
    ("https://[api.example]", "IPv6"),
    ("https://[v1.x]", "IPv6"),
    ("https://[fe80::1%eth0]", "network interface"),
    ("https://a\\b", "cannot be read"),
    ("https://api example", "space"),
    ("https://api\texample", "cannot be seen"),
    ("https://api\nexample", "cannot be seen"),
    ("https://a\x1b[2Jb", "cannot be seen"),
    ("https://a\u202eb", "cannot be seen"),
    ("https://\udcff", "cannot be seen"),
    ("https://a..b", "empty part"),
    ("https://.a", "empty part"),
    ("https://a..", "empty part"),
    ("https://é..b", "international"),
    (f"https://{'a' * 64}.example", "too long"),
    (f"https://{'a.' * 127}a", "too long"),
    (f"https://{'é' * 300}", "too long"),
    (f"https://{'é' * 62}", "international"),
    ("https://-a.example", "character"),
    ("https://a-.example", "character"),
    ("https://a%2eb", "character"),
    ("https://a,b", "character"),
    ("https://xn--", "xn--"),
    ("https://xn--.example", "xn--"),
    ("https://xn--zzzzzzzzz99999.example", "xn--"),
    ("https://☃️\u200d.example", "cannot be seen"),
    ("https://\u0338a.example", "international"),
    ("https://127.1", "looks like an address"),
    ("https://0x7f000001", "looks like an address"),
    ("https://2130706433", "looks like an address"),
    ("https://1.2.3.256", "looks like an address"),
    ("https://\uff11\uff12\uff17.1", "looks like an address"),
    ("http://api.example", "shows signed calls"),
    ("http://127.0.0.1.example", "shows signed calls"),
    ("http://localhost.example", "shows signed calls"),
    ("http://10.0.0.1", "shows signed calls"),
    ("http://0.0.0.0", "shows signed calls"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_anything_else_is_refused_by_its_reason_and_not_repeated(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        normalised(text)
    assert caught.value.hint
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("text", [text for text, _ in REFUSED])
def test_the_client_holds_to_the_rule_too(text: str) -> None:
    with pytest.raises(SettingsError):
        FaceSearchClient(text, DEMO_API_KEY, DEMO_API_SECRET, asgi_app=build_app())


_hosts = (
    st.text(max_size=12)
    | st.text(st.characters(codec="utf-8", categories=("L", "N", "M", "P")), min_size=1, max_size=8)
    | st.from_regex(r"(xn--)?[a-z0-9_.-]{1,20}", fullmatch=True)
    | st.ip_addresses().map(str)
    | st.ip_addresses(v=6).map("[{}]".format)
)
_ports = st.just("") | st.integers(0, 70_000).map(":{}".format) | st.text("0123456789:", max_size=6)


@given(st.sampled_from(["https", "HTTPS", "http"]), _hosts, _ports, st.sampled_from(["", "/"]))
@example("https", "ß.example", "", "")
@example("https", "xn--zca.example", ":443", "/")
@example("https", "\uff41\uff0e\uff42", "", "")
def test_what_is_accepted_is_normal_and_the_client_takes_it_as_it_is(
    scheme: str, host: str, port: str, end: str
) -> None:
    try:
        endpoint = normalised(f"{scheme}://{host}{port}{end}")
    except SettingsError:
        return
    assert normalised(endpoint) == endpoint
    assert endpoint.isascii()
    url = httpx.URL(f"{endpoint}/path")
    assert str(url) == f"{endpoint}/path"
    # What the client asks of a URL: the first two decode and encode international names.
    assert url.host
    assert url.raw_host.decode("ascii").encode("idna")
    assert endpoint.startswith("https") or is_loopback(url.host)


@given(st.text())
def test_any_text_is_an_endpoint_or_said(text: str) -> None:
    for candidate in (text, f"https://{text}"):
        with contextlib.suppress(SettingsError):
            normalised(candidate)


async def test_an_accepted_endpoint_serves_calls() -> None:
    for text in ("https://MÜNCHEN.example:443/", "https://[2001:DB8::1]:8443", "https://a_b.c."):
        client = FaceSearchClient(text, DEMO_API_KEY, DEMO_API_SECRET, asgi_app=build_app())
        try:
            assert await client.libraries()
        finally:
            await client.aclose()
