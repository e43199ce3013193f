"""The sign: the vendor's vectors, and that nothing of it shows."""

from __future__ import annotations

import base64
import hmac

import pytest

from fs_tui.api.signing import Signer, sign

_RAW = "a=ICVvC_xUs6177WEtyUNwIH8J6NfGu50t&b=1530762218&c=1530762118&d=0799687066"

GOLDEN = [
    (
        ("ICVvC_xUs6177WEtyUNwIH8J6NfGu50t", "UjYGdN9CBZKsDBLB5-5v3DykPXY6dw3q"),
        (1530762218, 1530762118, "0799687066"),
        (
            "SPzLRbDBgTGC2A8YdDaa7Jrny+5hPUlDVnZDX3hVczYxNzdXRXR5VU53SUg4SjZOZkd1NTB0JmI9MTUzMDc2MjIx"
            "OCZjPTE1MzA3NjIxMTgmZD0wNzk5Njg3MDY2"
        ),
    ),
    (
        ("test_api_key", "test_api_secret"),
        (1772532911, 1772532811, "1234567890"),
        (
            "7MkGVCkSH3qeHu4lSrntU28JwPVhPXRlc3RfYXBpX2tleSZiPTE3NzI1MzI5MTEmYz0xNzcyNTMyODExJmQ9MTIz"
            "NDU2Nzg5MA=="
        ),
    ),
    (
        ("test_api_key", "test_api_secret"),
        (1772532911, 1772532811, "42"),
        "xxzgDHcd+feG0JBCOm9cLiyJEx5hPXRlc3RfYXBpX2tleSZiPTE3NzI1MzI5MTEmYz0xNzcyNTMyODExJmQ9NDI=",
    ),
]


@pytest.mark.parametrize(("pair", "numbers", "expected"), GOLDEN)
def test_golden_vectors(
    pair: tuple[str, str], numbers: tuple[int, int, str], expected: str
) -> None:
    expire, now, nonce = numbers
    assert sign(*pair, expire=expire, now=now, nonce=nonce) == expected


def test_the_digest_comes_first_and_the_readable_part_follows() -> None:
    pair, (expire, now, nonce), _ = GOLDEN[0]
    raw = base64.b64decode(sign(*pair, expire=expire, now=now, nonce=nonce), validate=True)
    assert raw[20:].decode() == _RAW
    assert raw[:20] == hmac.digest(pair[1].encode(), _RAW.encode(), "sha1")


def test_signer_takes_clock_and_chance_as_given_and_is_good_for_its_lifetime() -> None:
    signer = Signer(
        "test_api_key",
        "test_api_secret",
        lifetime=100,
        clock=lambda: 1772532811.9,
        random_below=lambda _: 1234567890,
    )
    assert signer.sign() == GOLDEN[1][2]


def test_the_clock_offset_moves_both_times_and_never_the_lifetime() -> None:
    signer = Signer("k", "s", lifetime=30, clock=lambda: 1000.0, random_below=lambda _: 7)
    raw = base64.b64decode(signer.sign(offset=500.0))[20:].decode()
    assert raw == "a=k&b=1530&c=1500&d=7"


def test_nonces_are_unsigned_and_have_at_most_ten_digits() -> None:
    asked: list[int] = []

    def highest(below: int) -> int:
        asked.append(below)
        return below - 1

    raw = base64.b64decode(Signer("k", "s", random_below=highest).sign())[20:].decode()
    assert raw.rpartition("d=")[2].isdecimal()
    assert len(raw.rpartition("d=")[2]) <= 10
    assert asked == [2**32]


def test_two_signs_of_one_second_differ() -> None:
    signer = Signer("k", "s", clock=lambda: 1000.0)
    assert len({signer.sign() for _ in range(50)}) == 50


def test_a_text_that_is_not_ascii_can_be_signed_with() -> None:
    assert base64.b64decode(Signer("kľúč", "tajné").sign(), validate=True)


def test_signer_shows_neither_key_nor_secret() -> None:
    signer = Signer("canary-key", "canary-secret")
    assert "canary" not in repr(signer)
    assert "canary" not in str(signer)
    assert signer.redact("x canary-key y canary-secret z") == "x [redacted] y [redacted] z"
