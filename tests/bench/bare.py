"""A bare Textual app with one Static: what nobody can be faster than."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

__all__: list[str] = []


class Bare(App[None]):
    """What Textual itself takes."""

    def compose(self) -> ComposeResult:
        yield Static("bare-ready")


if __name__ == "__main__":
    Bare().run()
