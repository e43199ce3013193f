"""The page of the benchmark's tables: what was measured is replaced, the rest stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench import page
from tests.bench.figures import Figure, Target, table

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def _section(name: str, value: float) -> str:
    figure = Figure(f"{name} row", value, "ms", target=Target("at most", 10, "value"))
    return f"### {name}: what it is\n\n{table([figure])}\n"


def test_tables_are_replaced_by_name_and_the_text_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, short = tmp_path / "whole.md", tmp_path / "short.md"
    whole.write_text("# By hand\n")
    short.write_text("text\n\n| figure |\n|---|\n| start row | 0 |\n| other | 1 |\n")
    monkeypatch.setattr(page, "_PAGE", whole)
    monkeypatch.setattr(page, "_SHORT", short)
    page.write_tables({name: _section(name, 7) for name in ("start", "end")})
    page.write_tables({"start": _section("start", 12)})
    assert whole.read_text() == "# By hand\n\n" + _section("end", 7) + "\n" + _section("start", 12)
    assert short.read_text().splitlines()[-2:] == [
        "| start row | 12 ms | | | at most 10 ms | NO |",
        "| other | 1 |",
    ]
