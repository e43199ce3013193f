"""The mask: of what tells of a person no screen shows more than the last three characters."""

from __future__ import annotations

from fs_tui.tui.options import BrowserOptions
from tests.tui.browser import Browser, running

MASKED = BrowserOptions(clipboard="osc52", mask=True)


def _shows_a_person(browser: Browser) -> list[str]:
    """What of the first face is on screen that should not be."""
    loaded = browser.listing.face(1)
    assert loaded is not None
    face = loaded.face
    texts = (face.face_token[:12], face.user_id[:8], face.user_data[:8])
    return [text for text in texts if text in browser.text.replace("\n", "")]


async def test_m_masks_every_pane_and_shows_all_again() -> None:
    async with running() as browser:
        await browser.enter_faces()
        await browser.says("confirmed by face_info")
        assert _shows_a_person(browser)
        await browser.press("M")
        await browser.settle()
        assert not _shows_a_person(browser)
        assert "masked" in browser.title
        token = browser.token
        assert browser.fields["token"] == f"…{token[-3:]}"
        await browser.press("M")
        await browser.settle()
        assert _shows_a_person(browser)
        assert "masked" not in browser.title


async def test_every_page_that_is_opened_over_a_masked_browser_is_masked() -> None:
    async with running(options=MASKED) as browser:
        await browser.enter_faces()
        await browser.says("confirmed by face_info")
        for keys in (["Y"], ["E"], ["L"], [":"], ["?"], ["!"]):
            await browser.press(*keys)
            await browser.settle()
            assert not _shows_a_person(browser), keys
            await browser.press("escape")
        browser.packet("ctrl+g", *browser.token)
        await browser.settle()
        assert not _shows_a_person(browser)


async def test_the_request_log_shows_of_a_token_what_the_mask_leaves() -> None:
    async with running(options=MASKED) as browser:
        await browser.enter_faces()
        await browser.says("confirmed by face_info")
        await browser.press("L", "enter")
        await browser.says(f"face_token = …{browser.token[-3:]}")
        assert not _shows_a_person(browser)


async def test_a_filter_is_masked_but_for_its_last_three_signs_and_its_times() -> None:
    async with running(options=MASKED) as browser:
        await browser.enter_faces()
        await browser.press("/", *"user:=E17283 -guest after:2025")
        await browser.says("user:=•••283 -••est after:2025")
        assert browser.filterbar.text == "user:=E17283 -guest after:2025"


async def test_an_export_out_of_a_masked_browser_says_that_it_is_whole() -> None:
    async with running(options=MASKED) as browser:
        await browser.enter_faces()
        await browser.press("E")
        await browser.says("The file is not: it holds user ids")


async def test_what_was_copied_is_not_shown_on_a_page_while_the_screen_is_masked() -> None:
    async with running(options=BrowserOptions(clipboard="off", mask=True)) as browser:
        await browser.enter_faces()
        await browser.press("y")
        await browser.until(lambda: "not shown while the screen is masked" in browser.message)
        assert browser.app.screen is browser.screen
