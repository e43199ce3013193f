"""GrowthPane: how many faces and persons came in each period, as bars."""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from fs_tui.account.rows import PERIOD_FIELDS, period_rows
from fs_tui.chart import bar, has_blocks
from fs_tui.tui.browser.detail import Card
from fs_tui.tui.browser.history import Place
from fs_tui.tui.browser.pace import Paced
from fs_tui.tui.browser.report_pane import ReportPane
from fs_tui.tui.browser.sheet import ListSheet
from fs_tui.tui.browser.subject import Subject
from fs_tui.tui.host import Job
from fs_tui.tui.row_kinds import RowKind
from fs_tui.tui.table.table_columns import Column
from fs_tui.words import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fs_tui.account.rows import PeriodRow
    from fs_tui.faces.reports.growth import Growth, Period
    from fs_tui.faces.reports.people import PeopleStatus
    from fs_tui.faces.reports.periods import Step
    from fs_tui.tui.browser.view_pane import Reach
    from fs_tui.tui.host import Host

__all__ = ["GrowthPane"]

_NUMBER = 9
_COLUMNS = (
    Column("period", "Period", 14, 14, weight=0, priority=4),
    Column("faces", "    Faces", _NUMBER, _NUMBER, weight=0, priority=3),
    Column("persons", "  Persons", _NUMBER, _NUMBER, weight=0, priority=1),
    Column("bar", "", 6, priority=2),
)
_BESIDE_BAR = 40
"""Cells that all but the bar and the row number take: columns, gaps, gutter and scrollbar."""

_FEW, _MANY = 3, 120
"""Bars that show too little, or are too many to be seen at once."""


_PERIODS = RowKind(PERIOD_FIELDS, PERIOD_FIELDS[1], "period", "periods", "periods")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class GrowthPane(ReportPane):
    """A bar a period, of the faces that were added in it; they follow each other in time."""

    kind = "growth"
    hints = (
        ("open", "faces"),
        ("more", "shorter"),
        ("less", "longer"),
        ("back", "back"),
        ("filter", "filter"),
        ("people", "people"),
        ("copy", "copy"),
        ("export", "export"),
    )
    title = "Growth of"

    def __init__(self, host: Host) -> None:
        super().__init__(host, _COLUMNS)
        self.growth: Growth | None = None
        self._written: Sequence[PeriodRow] = ()
        self._most = 0
        self._ascii = not has_blocks("utf-8", os.environ.get("TERM", ""))
        self._step: Step | None = None
        self._asked = 0
        self._moment = self._drawn = -1
        self._at_end = True
        self._paced = Paced(self.set_timer, partial(host.work, Job.GROWTH), self._draw)

    def make_sheet(self) -> ListSheet:
        """The periods, as commands write them."""
        return ListSheet(
            _PERIODS,
            self.table,
            lambda row: row.period,
            self._cells,
            lambda: self._written,
            name=lambda: f"{self.place().group_id}-growth",
            group_id=lambda: self.place().group_id,
            narrowed=lambda: bool(self._filter_text),
            caveat=lambda: self.caveat,
        )

    def _cells(self, row: PeriodRow) -> tuple[str, ...]:
        width = max(6, self.table.size.width - _BESIDE_BAR - self.sheet.number_width())
        return (
            self._period_name(date.fromisoformat(row.period)),
            f"{row.faces:>{_NUMBER},}",
            f"{row.persons:>{_NUMBER},}",
            bar(row.faces, self._most, width, ascii_only=self._ascii),
        )

    def _period_name(self, day: date) -> str:
        """What a period is called."""
        step = "" if self.growth is None else self.growth.step.value
        if step == "day":
            return f"{day.isoformat()} {_WEEKDAYS[day.weekday()]}"
        if step == "week":
            return f"{day.isoformat()} w{day.isocalendar().week:02}"
        return day.isoformat()[: {"month": 7, "year": 4}.get(step)]

    # --- what is shown -------------------------------------------------------------------------

    @property
    def periods(self) -> Sequence[Period]:
        """The periods, in the order of time."""
        return () if self.growth is None else self.growth.periods

    @property
    def subject(self) -> Subject:
        """The bar under the cursor."""
        period = self._period
        if period is None or self.listing is None or self.growth is None:
            return Subject()
        total = self.growth.faces
        least, so_far = ("at least ", " so far") if self.caveat else ("", "")
        share = f" ({period.faces / total:.1%} of {total:,}{so_far})" if total else ""
        fields = (
            ("period", (self._period_name(period.first_day),)),
            ("faces", (f"{least}{period.faces:,}{share}",)),
            ("persons", (f"{least}{period.persons:,}",)),
            ("zone", (self._zone_name,)),
        )
        return Subject(self.listing.group_id, card=Card("Period", fields))

    @property
    def _period(self) -> Period | None:
        periods, row = self.periods, self.table.cursor_row
        return periods[row] if row < len(periods) else None

    @property
    def _zone_name(self) -> str:
        from fs_tui.faces.reports.zones import local_zone, zone_name

        return zone_name(local_zone())

    def show(self, place: Place, reach: Reach) -> None:
        """Show a place; the bars of the newest periods where none was looked at yet."""
        self._at_end = not place.position
        super().show(place, reach)

    def opened(self) -> None:
        """Show no bars until theirs are counted."""
        self.growth, self._moment, self._drawn = None, -1, -1
        self._written = ()
        self._asked = 0

    def on_resize(self) -> None:
        """Draw the bars as long as the table is wide now."""
        self.table.source_changed()

    def counted(self, status: PeopleStatus) -> None:
        """Count the bars anew where faces were taken in."""
        if status.moment != self._moment and self.people is not None:
            # There are no bars yet, or no reading that they would hold up.
            reads = self.listing is not None and self.listing.status.scan is not None
            self._paced.want(at_once=self._moment < 0 or not reads)
            self._moment = status.moment

    async def _draw(self) -> None:
        from fs_tui.faces.reports.periods import Step
        from fs_tui.faces.reports.zones import local_zone

        people = self.people
        if people is None:
            return
        zone, moment = local_zone(), people.status.moment
        found = await people.growth(self._step or Step.MONTH, zone)
        if self._step is None and found is not None and len(found.periods) < _FEW:
            found = await people.growth(Step.DAY, zone)
        elif self._step is None and found is not None and len(found.periods) > _MANY:
            found = await people.growth(Step.YEAR, zone)
        if people is self.people and found is not None:
            self._drawn = moment
            self._take(found)

    def _take(self, found: Growth) -> None:
        """Show other bars, with the cursor on the one of the same time."""
        before = self._period
        is_at_end = self._at_end or self.table.cursor_row >= len(self.periods) - 1
        if self.growth is None or self.growth.step is not found.step:
            self.sheet.marked.clear()
        group_id = "" if self.listing is None else self.listing.group_id
        self.growth = found
        self._most = max((period.faces for period in found.periods), default=0)
        self._written = period_rows(group_id, found, self._zone_name)
        self.table.source_changed()
        if found.periods:
            self._at_end = False
            days = [period.first_day for period in found.periods]
            row = len(days) - 1
            if before is not None and not is_at_end:
                row = max(0, sum(day <= before.first_day for day in days) - 1)
            self.table.move_cursor(row)
        if asked := self._asked:
            self._asked = 0
            self.step_size(asked)
        self.post_message(self.Changed())
        self.tell()

    def words(self, status: PeopleStatus) -> str:
        """How many bars, of what, by which clocks."""
        growth = self.growth
        if growth is None:
            return "counting" if status.percent is None else f"counting {status.percent} %"
        least = "" if status.whole and status.moment == self._drawn else "at least "
        words = f"{least}{count(growth.faces, 'face')} by {growth.step.value}, {self._zone_name}"
        if growth.untimed:
            words += f", {count(growth.untimed, 'face')} without a time"
        return words

    # --- keys ------------------------------------------------------------------------------------

    def enter(self) -> None:
        """To the faces of this time."""
        from fs_tui.faces.reports.periods import following

        period, growth = self._period, self.growth
        if period is None or growth is None or self.listing is None:
            return
        text = f"after:{_bound(growth.step, period.first_day)}"
        if (end := following(growth.step, period.first_day)) is not None:
            text += f" before:{_bound(growth.step, end)}"
        self.post_message(self.PlaceWanted(Place(self.listing.group_id, filter=text)))

    def step_size(self, by: int) -> None:
        """Shorter periods, or longer ones."""
        from fs_tui.faces.reports.periods import Step

        growth = self.growth
        if growth is None:
            # Shorter or longer than what: that is known once the first bars are there.
            self._asked += by
            return
        steps = list(Step)
        # What was asked for last may not be drawn yet.
        now = self._step or growth.step
        step = steps[min(max(0, steps.index(now) - by), len(steps) - 1)]
        if step is now:
            self._host.say(f"A {step.value} is the {'shortest' if by > 0 else 'longest'}.")
        else:
            self._step = step
            self._paced.want(at_once=True)


def _bound(step: Step, day: date) -> str:
    """A day as the filter takes it: as short as the period allows."""
    return day.isoformat()[: {"month": 7, "year": 4}.get(step.value)]
