"""Nothing that the service says steers the terminal, ends the program or breaks the layout.

A real browser in a real pty talks to a real socket. The controls that arrive are compared by kind
with those of the same browser and a service that behaves: a new kind could only be the payload's.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from fs_tui.sandbox.population import CLINIC, PILOT
from fs_tui.sandbox.service import DEMO_API_KEY, DEMO_API_SECRET
from tests.e2e.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fs_tui.sandbox.failures import Call
    from fs_tui.sandbox.serve import Running

PAYLOADS = {
    "markup tag": "[red]x[/red]",
    "closing tag": "[/]",
    "closing tag of nothing": "[/bold]x[/nothing]",
    "action": "[@click=app.quit]x[/]",
    "action, quoted": "[@click=\"app.exit('x')\"]x",
    "link": "[link=file:///etc/passwd]x[/link]",
    "open bracket": "[",
    "escaped bracket": "\\[red]\\\\[/]",
    "variable": "$primary [$error]{self}%s%n",
    "emoji code": ":warning: :skull:",
    "SGR": "\x1b[31;7mx",
    "OSC 0, title": "\x1b]0;owned\x07",
    "OSC 8, link": "\x1b]8;;http://192.0.2.1\x1b\\x\x1b]8;;\x1b\\",
    "OSC 52, clipboard": "\x1b]52;c;b3duZWQ=\x07",
    "clear screen": "\x1b[2J\x1b[H\x1b[?1049l\x1bc",
    "C1": "\x9b31m\x9d0;owned\x9c\x90q\x9c\x85",
    "NUL, DEL, bell, backspace": "\x00\x7f\x07\x08\x08\x08\x0e",
    "line ends": "a\nb\r\nc\rd\x0b\x0c\u2028e\u2029f\tg",
    "bidi": "\u202egnp.exe\u202c\u2066x\u2069\u200f\u061c",
    "zero-width": "z\u200be\u200cr\u200do\ufeff\u2060\u00ad\u034f",
    "joined emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd \u2764\ufe0f",
    "flags": "\U0001f1f8\U0001f1ec\U0001f1f8",
    "combining marks": "Z" + "\u0301\u0323\u0489" * 40,
    "lone surrogate": "\ud83d\udc00\ud800",
    "unassigned, private, noncharacter": "\u0378\ue000\U000f0000\uffff",
    "wide": "\u5f20\u4f1f" * 40,
    "long": "x" * 5000,
    "long wide": "\uff38" * 5000,
}

TEXT_FIELDS = ("group_name", "group_data", "model_version", "user_id", "user_data", "request_id")
ID_FIELDS = ("group_id", "face_token")
MARK = "mark"
"""Stands before each payload, so that its arrival can be waited for."""

EDGES = frozenset("│╭╮╰╯")


class Browser:
    """A browser, what it writes with a good service, and where its panes' edges are."""

    def __init__(self, running: Running, terminal: Terminal) -> None:
        self.running = running
        self.faults = running.faults
        self.terminal = shown = terminal
        self.faults.clear()
        self.terminal.wait_for("100 faces loaded")
        self.terminal.wait_quiet()
        self.edges = {place for place in _places(shown) if _sign(shown, place) in EDGES}
        # What a good service may cause: scrolling, a dialogue, a page, a copied token.
        for keys, shown_then in (
            (("tab",), "╭─ Face "),
            (("y",), "Sent the face token"),
            (("n",), "New library"),
            (("escape", "shift+tab"), "─ Library"),
        ):
            self.terminal.press(*keys)
            self.terminal.wait_for(shown_then)
        self.kinds = set(self.terminal.controls)

    def check(self) -> None:
        """Check that it runs, and that no control arrived that a good service does not cause."""
        self.terminal.wait_quiet(0.1)
        assert self.terminal.process.poll() is None, self.terminal.text
        assert set(self.terminal.controls) <= self.kinds
        bytes(self.terminal.raw).decode()

    def go_home(self) -> None:
        """Leave whatever the last test looked at, for the libraries."""
        self.faults.clear()
        for _ in range(5):
            if "╭─ Library" in self.terminal.text:
                return
            self.terminal.press("escape")
            self.terminal.wait_quiet(0.1)
            self.terminal.press("shift+tab")
            self.terminal.wait_quiet(0.1)
        raise AssertionError(self.terminal.text)

    def served(self, call: Call) -> int:
        """How often the service was called so."""
        return self.running.service.served[call]

    def check_layout(self) -> None:
        """Check that the panes' edges are where they were."""
        moved = {place for place in self.edges if _sign(self.terminal, place) not in EDGES}
        assert not moved, self.terminal.text


def _environment(running: Running) -> dict[str, str | None]:
    return {
        "FS_TUI_ENDPOINT": running.url,
        "FS_TUI_API_KEY": DEMO_API_KEY,
        "FS_TUI_API_SECRET": DEMO_API_SECRET,
    }


def _places(terminal: Terminal) -> list[tuple[int, int]]:
    screen = terminal.screen
    return [(column, line) for line in range(screen.lines) for column in range(screen.columns)]


def _sign(terminal: Terminal, place: tuple[int, int]) -> str:
    return str(terminal.screen.buffer[place[1]][place[0]].data)


@contextmanager
def _browsing(running: Running) -> Iterator[Browser]:
    running.faults.clear()
    with Terminal(["fs-tui"], env=_environment(running)) as terminal:
        yield Browser(running, terminal)
    running.faults.clear()


@pytest.fixture(scope="module")
def one_browser(sandbox: Running) -> Iterator[Browser]:
    """One browser for all payloads: an earlier one must not harm a later one either."""
    with _browsing(sandbox) as one:
        yield one


@pytest.fixture
def browser(one_browser: Browser) -> Browser:
    """The same, in the libraries, with a service that behaves."""
    one_browser.go_home()
    return one_browser


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_text_of_an_answer_steers_the_terminal(browser: Browser, name: str) -> None:
    """Libraries, details, faces and one face, each with the payload in each of its texts."""
    terminal = browser.terminal
    mark = f"{MARK}{list(PAYLOADS).index(name)}."
    browser.faults.hostile = dict.fromkeys(TEXT_FIELDS, f"{mark}{PAYLOADS[name]}")
    terminal.press("r")
    terminal.wait_for(lambda: terminal.text.count(mark) > 30)
    browser.check()
    browser.check_layout()
    terminal.press("tab")
    terminal.wait_for("╭─ Face ")
    asked = browser.served("face_info")
    terminal.press("j")
    terminal.wait_for(lambda: browser.served("face_info") > asked)
    browser.check()
    browser.check_layout()
    terminal.press("shift+tab")
    terminal.wait_for("─ Library")


@pytest.mark.parametrize("name", PAYLOADS)
def test_no_error_code_steers_the_terminal(browser: Browser, name: str) -> None:
    mark = f"CODE{list(PAYLOADS).index(name)}."
    browser.faults.fail("error", code=f"{mark}{PAYLOADS[name]}", times=None)
    browser.terminal.press("r")
    browser.terminal.wait_for(mark)
    browser.check()
    browser.check_layout()


@pytest.mark.parametrize("kind", ["markup", "controls", "signs"])
def test_no_id_steers_the_terminal(sandbox: Running, kind: str) -> None:
    """Ids are selected by, sent back, and stand in titles."""
    names = list(PAYLOADS)
    first, second = names.index("SGR"), names.index("bidi")
    chosen = {"markup": names[:first], "controls": names[first:second], "signs": names[second:-2]}
    suffix = "".join(PAYLOADS[name] for name in chosen[kind])
    with _browsing(sandbox) as browser:
        terminal = browser.terminal
        browser.faults.hostile = dict.fromkeys(ID_FIELDS, f"{MARK}.{suffix}")
        terminal.press("r")
        terminal.wait_for(MARK)
        browser.check()
        for key in ("j", "k", "enter", "j", "shift+tab"):
            terminal.press(key)
            browser.check()
            browser.check_layout()


def test_every_page_shows_what_the_worst_service_said(browser: Browser) -> None:
    """Request log, errors, copy menu, palette, help, plain page, create form, filter, jump."""
    worst = "".join(PAYLOADS[name] for name in PAYLOADS if not name.startswith("long"))
    browser.faults.hostile = dict.fromkeys(TEXT_FIELDS, f"worst.{worst}")
    terminal = browser.terminal
    terminal.press("r")
    terminal.wait_for("worst.")
    terminal.press("tab", "j")
    browser.check()
    for keys in (
        ("L", "enter", "escape", "escape"),
        ("!", "enter", "escape", "escape"),
        ("Y", "escape"),
        ("y",),
        (":", "f", "escape"),
        ("?", "escape"),
        ("E", "escape"),
        ("/", "w", "o", "r", "enter", "escape", "escape"),
        ("ctrl+g", "x", "enter", "escape"),
    ):
        for key in keys:
            terminal.press(key)
            browser.check()
    browser.check_layout()


def test_fields_that_are_no_texts_are_read_or_refused(browser: Browser) -> None:
    terminal = browser.terminal
    for field in ("add_time", "next", "time_used"):
        browser.faults.clear()
        browser.faults.hostile = {field: "\x1b[2J[/x]", "group_name": f"with {field}"}
        terminal.press("r")
        terminal.wait_for(f"with {field}")
        browser.check()


def test_the_answer_to_create_steers_nothing(browser: Browser) -> None:
    terminal = browser.terminal
    payload = "made\x1b[2J[/x]\u202e\x9b31m"
    browser.faults.hostile = dict.fromkeys(TEXT_FIELDS, payload)
    browser.faults.fail("error", "create", code=f"FAILED {payload}", times=1)
    terminal.press("n")
    terminal.wait_for("New library")
    terminal.press("hostile-1", "tab", "Some name", "enter")
    terminal.wait_for("FAILED")
    browser.check()
    terminal.press("enter")
    terminal.wait_for("hostile-1")
    terminal.wait_for("made")
    browser.check()


@pytest.mark.parametrize(
    "command",
    [
        ["libraries"],
        ["library", CLINIC],
        ["faces", CLINIC, "--limit", "3"],
        ["faces", PILOT, "--filter", "x", "--all"],
        ["create", "hostile-2", "--name", "n"],
    ],
    ids=lambda command: command[0],
)
@pytest.mark.parametrize("failing", [False, True], ids=["answer", "error"])
def test_no_command_passes_controls_to_a_terminal(
    sandbox: Running, command: list[str], *, failing: bool
) -> None:
    worst = "worst." + "".join(PAYLOADS.values())
    sandbox.faults.clear()
    if failing:
        sandbox.faults.fail("error", code=worst, times=None)
    else:
        sandbox.faults.hostile = dict.fromkeys((*TEXT_FIELDS, *ID_FIELDS), worst)
    with Terminal(["fs-tui", *command], env=_environment(sandbox)) as terminal:
        terminal.wait_exit()
        assert set(terminal.controls) <= {
            "C0 0a",
            "C0 0d",
            "CSI m",
            "CSI K",
            "CSI A",
            "CSI ?25l",
            "CSI ?25h",
        }
        assert {7, 25} == terminal.modes
        bytes(terminal.raw).decode()
    sandbox.faults.clear()
