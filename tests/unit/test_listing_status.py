"""The status line: nothing partial is ever called complete."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from fs_tui.errors import ConnectError, IncompleteError
from fs_tui.faces.query import Order
from fs_tui.faces.status import (
    Activity,
    KeptStatus,
    ListingStatus,
    ScanProgress,
    ViewStatus,
    describe,
    describe_view,
)

NOW = datetime(2026, 2, 1, tzinfo=UTC)
_BY_TIME = Order("add_time")
SEEN = KeptStatus(
    NOW, seen="tail seen, prefix not proven (why)", doubt="why", offers_scan=True, up_to_date=True
)


def status(**facts: object) -> ListingStatus:
    return ListingStatus("lib", **({"loaded_at": NOW} | facts))  # type: ignore[arg-type]  # facts go by name


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({"loaded_at": None}, "nothing loaded yet"),
        ({"loaded": 100}, "100 faces loaded, more may exist"),
        ({"loaded": 1, "total": 1, "complete": True}, "all 1 face loaded"),
        ({"loaded": 2500, "total": 2500, "complete": True}, "all 2,500 faces loaded"),
        ({"total": 0, "complete": True}, "no faces: the library is empty"),
        ({"loaded": 200, "total": 5_000_000}, "200 of 5,000,000 faces loaded"),
        (
            {"loaded": 1000, "stopped": IncompleteError("the service lists no further than …")},
            "1,000 faces loaded · incomplete: the service lists no further than …",
        ),
        (
            {"loaded": 100, "stopped": ConnectError("refused")},
            "100 faces loaded · incomplete: the service cannot be reached",
        ),
        (
            {"loaded": 9, "total": 9, "changed": "why", "kept": SEEN},
            "9 faces loaded · kept, tail seen, prefix not proven (why)",
        ),
        (
            {"loaded": 9, "changed": "how", "kept": KeptStatus(NOW, seen="seen")},
            "9 faces loaded · kept, seen · the library changed while it was read (how); reload it",
        ),
        (
            {"loaded": 300, "total": 300, "changed": "it shrank"},
            "300 faces loaded · the library changed while it was read (it shrank); reload it",
        ),
        (
            {"loaded": 100, "stopped": ConnectError("refused"), "activity": Activity.LOADING},
            "100 faces loaded · loading",
        ),
        (
            {
                "loaded": 9100,
                "activity": Activity.SCANNING,
                "scan": ScanProgress(9100, None, 0.0, None, 0, 1),
                "stopped": ConnectError("refused"),
            },
            (
                "9,100 faces loaded · loading everything: waiting for the service"
                " · incomplete: the service cannot be reached"
            ),
        ),
        (
            {"loaded": 300, "missing": 1},
            "300 faces loaded, more may exist · 1 face could not be loaded",
        ),
        (
            {"loaded": 300, "missing": 100},
            "300 faces loaded, more may exist · 100 faces could not be loaded",
        ),
        (
            {"loaded": 100, "activity": Activity.PROBING, "probes": 6},
            "100 faces loaded, more may exist · looking for the end, 6 requests so far",
        ),
        (
            {
                "loaded": 1000,
                "total": 10_000,
                "activity": Activity.SCANNING,
                "scan": ScanProgress(1000, 10_000, 100.0, 90.0, 1, 1),
            },
            "1,000 of 10,000 faces loaded · loading everything: 100 faces/s, 2 min left",
        ),
    ],
)
def test_the_line_is_true(facts: dict[str, object], line: str) -> None:
    assert describe(status(**facts)) == line


def test_no_speed_is_told_while_the_service_is_out_of_reach() -> None:
    scan = ScanProgress(1000, 10_000, 100.0, 90.0, 1, 1)
    status = ListingStatus("g", loaded=1000, activity=Activity.SCANNING, scan=scan)
    assert describe(status, waits=True).endswith("loading everything: waiting for the service")


@pytest.mark.parametrize(
    ("view", "facts", "line"),
    [
        (ViewStatus(), {}, ""),
        (
            ViewStatus("x", rows=1, covered=2400),
            {"total": 250_000},
            "1 hit in 2,400 loaded of 250,000",
        ),
        (ViewStatus("x", rows=3, covered=100), {}, "3 hits in 100 loaded, more may exist"),
        (
            ViewStatus("x", rows=3, covered=100, working=True),
            {},
            "3 hits in 100 loaded, more may exist …",
        ),
        (
            ViewStatus("x", rows=3, covered=300, whole=True),
            {"total": 300, "complete": True},
            "3 hits in all 300 faces",
        ),
        (
            ViewStatus(order=_BY_TIME, stands=_BY_TIME, rows=300, covered=300, whole=True),
            {"total": 300, "complete": True},
            "ordered: all",
        ),
        (
            ViewStatus(order=_BY_TIME, stands=_BY_TIME, rows=100, covered=100),
            {"loaded": 100},
            "ordered: loaded only",
        ),
        (
            ViewStatus(order=_BY_TIME, stands=_BY_TIME, rows=40, covered=40, working=True),
            {"loaded": 100},
            "ordered: 40 so far …",
        ),
        (
            ViewStatus(order=_BY_TIME, share=0.37, rows=100, covered=0, working=True),
            {"loaded": 100},
            "ordering: 37% …",
        ),
    ],
)
def test_the_view_says_what_it_covers(
    view: ViewStatus, facts: dict[str, object], line: str
) -> None:
    assert describe_view(status(view=view, **facts)) == line


def test_a_doubt_of_another_day_is_said_before_anybody_has_looked() -> None:
    line = describe(status(loaded=9, total=9, changed="why", kept=KeptStatus(NOW, doubt="why")))
    assert line.endswith("prefix not proven (why)")
