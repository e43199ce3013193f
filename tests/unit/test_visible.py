"""What `visible` promises, for any text at all."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcwidth

from fs_tui.visible import DISPLAY_LIMIT, cell_width, masked, visible

# Surrogates too: they come out of JSON escapes and of file names that are not UTF-8.
ANY_TEXT = st.text(st.characters(exclude_categories=()))
# Random code points are mostly unassigned; these are the ones that do harm.
HARMFUL = st.text(
    st.sampled_from(
        "\x00\x07\t\n\r\x1b[]31m\x7f\x85\x9b\x9d\u0301\u0300\u034f\u061c\u115f\u1160\u1161"
        "\u200b\u200d\u200e\u2028\u202e\u2066\u2069\u2800\u3000\u3164\ufe0f\ufeff\ufff9\ufffe"
        "\U0001f468\U0001f3fd\U0001f1f8\U0001f1ec\U000e0041ae\u5f20\u0645\u0e47\u093e\ud800"
    )
)
TEXTS = st.one_of(ANY_TEXT, HARMFUL)

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain [bold]text[/] {}", "plain [bold]text[/] {}"),
        ("\x1b[2Jgone", "␛[2Jgone"),
        ("a\nb\tc\r\x00\x07\x7f", "a␊b␉c␍␀␇␡"),
        ("\x9b31m", "<U+009B>31m"),
        ("abc\u202edef", "abc<U+202E>def"),
        ("ze\u200bro", "ze<U+200B>ro"),
        ("\ufeffbom", "<U+FEFF>bom"),
        ("👨\u200d👩", "👨<U+200D>👩"),
        ("👍🏽", "👍<U+1F3FD>"),
        ("🇸🇬", "<U+1F1F8><U+1F1EC>"),
        ("❤\ufe0f", "❤<U+FE0F>"),
        ("a\u00a0b", "a<U+00A0>b"),
        ("山田\u3000太郎", "山田\u3000太郎"),
        ("张伟 Nguyễn Ødegård தமிழ் ไทย 한국", "张伟 Nguyễn Ødegård தமிழ் ไทย 한국"),
        ("\u0301leading", "<U+0301>leading"),
        ("Z" + "\u0301" * 6, "Z" + "\u0301" * 4 + "<U+0301>" * 2),
        ("1\u20e3", "1<U+20E3>"),
        ("\x1b\u0301", "␛<U+0301>"),
        ("\ud83d", "<U+D83D>"),
        ("\ue000\U000f0000\uffff", "<U+E000><U+F0000><U+FFFF>"),
        ("\u3164", "<U+3164>"),
        ("", ""),
    ],
)
def test_each_kind_of_sign_has_its_form(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200))
def test_printable_ascii_is_unchanged(text: str) -> None:
    assert visible(text) == text


@given(TEXTS)
@example("\u202e\u0301")
def test_twice_is_once(text: str) -> None:
    once = visible(text)
    assert visible(once) == once


@given(TEXTS)
def test_nothing_comes_out_that_steers_hides_or_joins(text: str) -> None:
    shown = visible(text)
    assert all(unicodedata.category(sign) not in FORBIDDEN for sign in shown)
    assert all(sign.isprintable() or sign == "\u3000" for sign in shown)
    assert not set(shown) & set("\u034f\u115f\u1160\u2800\u3164\ufe0f\ufffe")
    shown.encode()


@given(TEXTS)
def test_a_letter_carries_few_marks_and_no_mark_stands_alone(text: str) -> None:
    run = 0
    for place, sign in enumerate(visible(text)):
        run = run + 1 if unicodedata.category(sign).startswith("M") else 0
        assert run <= 4
        assert place or not run


@given(TEXTS)
def test_the_width_is_the_one_that_the_screen_library_and_terminals_count(text: str) -> None:
    shown = visible(text)
    assert cell_width(shown) == cell_len(shown) == sum(wcwidth(sign) for sign in shown)


@given(TEXTS, st.integers(0, 40))
@example("张伟" * 20, 3)
@example("e" + "\u0301" * 400, 5)
def test_the_limit_is_kept_in_cells(text: str, limit: int) -> None:
    shown = visible(text, limit=limit)
    whole = visible(text, limit=None)
    assert cell_width(shown) <= limit
    assert visible(shown, limit=limit) == shown
    if cell_width(whole) <= limit:
        assert shown == whole
    elif limit:
        assert shown.endswith("…")
        assert whole.startswith(shown[:-1])


def test_a_text_without_end_is_cut_before_it_is_looked_at() -> None:
    began = time.perf_counter()
    shown = visible("\x1b" * 20_000_000)
    assert cell_width(shown) == DISPLAY_LIMIT
    assert time.perf_counter() - began < 5


def test_every_code_point_comes_out_measurable() -> None:
    """The one test that looks at all of Unicode, so that no block is forgotten."""
    for code in range(0x110000):
        shown = visible(f"a{chr(code)}")
        assert cell_len(shown) == cell_width(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("E3117283", "…283"),
        ("abcd", "…bcd"),
        ("abc", "…"),
        ("a", "…"),
        ("人人人人", "…人人人"),
    ],
)
def test_a_mask_leaves_the_last_three_signs_and_nothing_of_a_short_text(
    text: str, shown: str
) -> None:
    assert masked(text) == shown
