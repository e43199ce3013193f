"""Sync: kept rows of one library are brought up to date with the service, in few requests.

the last kept window, and what follows ──► nothing moved: append, done
        │ its faces stand further on, by as many as are gone before them
        ▼
probes that halve each jump ──► which ones are gone
        ▼
the last window again ──► it moved: from the start, twice at most; else take out, append, done

While additions come last (an inference, API.md section 4, no. 7), a face that still stands at the
last kept position proves that none before it went. That is claimed only

- if the kept times never fall, and the last window does not lie within one moment,
- if the window is equal in token and time,
- if every new face is later than the last kept one (than one kept before the last moment, where the
  rows are a part of a library and that moment goes on behind them).

Otherwise, and from then on until everything is read again, the word is 'tail seen, prefix not
proven'. A library that is small enough for one window is read whole each time.

What cannot be seen so: data that was edited in place outside the windows that were looked at, a
face that went and another one that came between two positions in the middle, as only a service that
does not sort by creation would do it, and what comes after the last request.

A service that begins to give each page from some faces before its start, just when as many went,
lists the same tail as before. So face 2 is asked for as well: one request more where nothing went,
two where something did. It is left out where nothing seems to have gone and more came than the page
holds. There, and where the first face of all is among those that went, such a service is not seen
through, unless its pages do not join each other or leave faces out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fs_tui.errors import FsTuiError
from fs_tui.faces.alignment import RETIMED, KeptTail, KeptWindow
from fs_tui.faces.kept_rows import Change, Marks
from fs_tui.faces.outcome import Outcome, State, reason
from fs_tui.faces.paging.asker import Asker, StartRefusedError
from fs_tui.faces.paging.joined_pages import JoinedPages, LibraryMovedError
from fs_tui.faces.paging.repeats import repeat
from fs_tui.faces.paging.requests import USUAL_PAGE
from fs_tui.gateway import MAX_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from fs_tui.faces.alignment import TailFinding
    from fs_tui.faces.kept_rows import KeptRows
    from fs_tui.gateway import Gateway
    from fs_tui.models import Face

__all__ = ["MOST_GONE", "MOST_REQUESTS", "WINDOW", "sync"]

WINDOW = 50
"""Kept rows that the look at the tail compares. As many new ones fit on a page of 100 with them,
and up to 98 on that and the one after it."""

MOST_GONE = 20
"""Faces that are looked for one by one; fewer than a window, so that it shows how many they are."""

MOST_REQUESTS = 300
"""Pages that one look asks for: enough for MOST_GONE anywhere in five million."""

_ATTEMPTS = 3


async def sync(
    gateway: Gateway,
    group_id: str,
    kept: KeptRows,
    *,
    to_end: bool = True,
    most_requests: int = MOST_REQUESTS,
) -> Outcome:
    """Look what came and went, and bring the rows up to date as far as that is proven.

    One request at a time. Rows are changed in few steps, each of which leaves true rows: what went
    is taken out in one of them, together with the first page of what came. Where the outcome is
    not `up_to_date`, the last step that was proven holds.

    A scan that was interrupted goes on like this: `to_end=False` checks the rows, takes out what
    went, and appends one page; what follows position `count` is then the scan's.

    Args:
        gateway: Is asked.
        group_id: The library. That it is the one of the same `add_time` as before is for the caller
            to see; one that was created again under the same time is noticed here.
        kept: What is there; may be empty.
        to_end: Everything that came is appended, and the end proven.
        most_requests: Where they are used up the look ends, and says so.
    """
    asker = Asker(gateway, group_id, most_requests=most_requests)
    return await _Look(asker, kept, to_end=to_end).run()


class _SettledError(Exception):
    """There is nothing more to be found out: the state, and why."""

    def __init__(self, state: State, why: str) -> None:
        super().__init__(why)
        self.state = state
        self.why = why


class _Tail(NamedTuple):
    """What is listed from the last kept window on, where more comes from, when it was asked."""

    pages: JoinedPages
    faces: list[Face]
    asked: datetime | None


class _Anchor(NamedTuple):
    """A position now, and where its face stands among the kept ones."""

    position: int
    kept: int

    @property
    def shift(self) -> int:
        """How many are gone before it."""
        return self.kept - self.position


class _Look:
    """One look, with what it has used and found so far."""

    def __init__(self, asker: Asker, kept: KeptRows, *, to_end: bool) -> None:
        self._asker = asker
        self._kept = kept
        self._to_end = to_end
        self._probe_size = MAX_PAGE
        self._gone: list[tuple[int, Face]] = []
        self._added = 0
        self._corrected: dict[int, Face] = {}
        self._corrections = 0
        self._doubt = ""
        self._proven = False

    async def run(self) -> Outcome:
        """Try until it holds still."""
        try:
            why = ""
            for _ in range(_ATTEMPTS):
                try:
                    await self._attempt()
                    return self._seen()
                except LibraryMovedError as moved:
                    why = str(moved)
            return self._outcome(State.MOVING, f"it changes while it is looked at ({why})")
        except _SettledError as settled:
            return self._outcome(settled.state, settled.why)
        except FsTuiError as error:
            if self._proven:
                return self._seen(error)
            return self._outcome(State.FAILED, reason(error), error)

    def _seen(self, stopped: FsTuiError | None = None) -> Outcome:
        doubt = self._kept.marks.doubt
        return self._outcome(State.TAIL_SEEN if doubt else State.PROVEN, doubt, stopped)

    def _outcome(self, state: State, why: str, stopped: FsTuiError | None = None) -> Outcome:
        return Outcome(
            state=state,
            gone=tuple(self._gone),
            added=self._added,
            corrected=self._corrections,
            requests=self._asker.requests,
            asked_from=self._asker.asked_from,
            asked_to=self._asker.asked_to,
            marks=self._kept.marks,
            count=self._kept.count,
            why=why,
            stopped=stopped,
        )

    async def _attempt(self) -> None:
        """Look at the tail, find what is gone before it, and do what is proven."""
        self._proven = False
        self._corrected = {}
        self._doubt = ""
        kept, length = self._kept, self._kept.count
        for size in (WINDOW, USUAL_PAGE, MAX_PAGE):
            start = max(1, length - size + 1)
            first = max(1, start - MOST_GONE)
            rows = await kept.rows(first, length + 1)
            window = KeptTail(rows, first, start=start, complete=kept.marks.complete)
            try:
                tail = await self._tail(window)
                break
            except StartRefusedError:
                # What was listed at all was so from a start that is still accepted.
                if size == MAX_PAGE:
                    raise
        found = await self._judge(tail, window)
        gone: list[int] = []
        if found.shift:
            gone = await self._search(_Anchor(start, start + found.shift))
            before, tail = tail, await self._tail(window)
            if not _continues(tail.faces, before.faces):
                raise LibraryMovedError("faces went while it was looked for those that are gone")
            found = await self._judge(tail, window)
        fewer = bool(found.shift or found.gone)
        if start > 1 and (fewer or tail.pages.ended):
            await self._check_starts(fewer=fewer)
        await self._take_in(tail, found, gone, window)
        await self._follow(tail.pages, window)

    async def _tail(self, window: KeptTail) -> _Tail:
        """Read until the last kept row was met, or cannot follow any more."""
        pages = JoinedPages(self._asker.page, window.start, expected=window.last)
        faces = list(await pages.more())
        asked = self._asker.sent
        while not pages.ended and not window.passed_by(faces, pages.position):
            faces += await pages.more()
        return _Tail(pages, faces, asked)

    async def _judge(self, tail: _Tail, window: KeptTail) -> TailFinding:
        """What the tail says, unless that is more than can be brought up to date."""
        found = window.compare(tail.faces)
        if found.lost:
            raise await self._lost(tail.faces, window.start)
        if found.shift < 0 or found.repeated:
            raise _SettledError(
                State.OUT_OF_ORDER, "faces came before kept ones, or are listed twice"
            )
        if found.shift + len(found.gone) > MOST_GONE:
            raise _missing(tail.faces, met=found.met)
        return found

    async def _lost(self, tail: Sequence[Face], start: int) -> Exception:
        """What it means that no face of the last window is listed there."""
        page = await self._asker.page(1)
        if page.faces and tail and page.faces[0].face_token == tail[0].face_token:
            return repeat(1, start, page.request_id)
        head = KeptWindow(await self._kept.rows(1, len(page.faces) + MOST_GONE + 1), 1)
        return _missing(page.faces, met=any(face in head for face in page.faces))

    async def _search(self, tail: _Anchor) -> list[int]:
        """Find the positions before the tail whose faces are gone.

        Between two anchors of the same shift none is; between others the middle is looked at.
        """
        gone: list[int] = []
        stretches = [(_Anchor(0, 0), tail)]
        while stretches:
            low, high = stretches.pop()
            between = high.position - low.position - 1
            if low.shift == high.shift:
                continue
            if not between:
                gone += range(low.kept + 1, high.kept)
                continue
            size = min(self._probe_size, between)
            at = low.position + 1 + (between - size) // 2
            places = await self._probe(at, size, low, high)
            gone += sorted(set(range(places[0], places[-1])).difference(places))
            stretches.append((low, _Anchor(at, places[0])))
            stretches.append((_Anchor(at + len(places) - 1, places[-1]), high))
        return sorted(gone)

    async def _probe(self, at: int, size: int, low: _Anchor, high: _Anchor) -> list[int]:
        """Ask for a page between two anchors, and find its faces among the kept rows.

        Raises:
            LibraryMovedError: One of them is not where it can be.
        """
        faces = (await self._asker.page(at, size)).faces[:size]
        if len(faces) < size:
            self._probe_size = max(1, min(self._probe_size, len(faces)))
        first = at + low.shift
        rows = await self._kept.rows(first, at + len(faces) + high.shift)
        window = KeptWindow(rows, first)
        places = window.in_order(faces)
        if not places or len(places) < len(faces):
            raise LibraryMovedError(f"an unexpected face is at position {at + len(places):,}")
        others = window.others(places, faces)
        self._corrected |= others
        if window.retimed(others):
            self._doubt = RETIMED
        return places

    async def _check_starts(self, *, fewer: bool) -> None:
        """See that a page begins with the face that it is asked for, as all of this relies on it.

        Args:
            fewer: Faces seem to be gone: the first ones are not known to be as they were.

        Raises:
            LibraryMovedError: It does not, or one of the first faces went just now.
        """
        rows = (await self._asker.page(1, 3)).faces if fewer else await self._kept.rows(1, 4)
        # One face is not enough: where the first one is gone, an early page begins with the second.
        faces = (await self._asker.page(2, 2)).faces[:2]
        tokens = [row.face_token for row in rows[1 : len(faces) + 1]]
        if not tokens or tokens != [face.face_token for face in faces[: len(tokens)]]:
            raise LibraryMovedError("another face is at position 2 now")

    async def _take_in(
        self, tail: _Tail, found: TailFinding, gone: Sequence[int], window: KeptTail
    ) -> None:
        """Do in one step what the tail and the search have proven."""
        kept, marks = self._kept, self._kept.marks
        whole = window.start == 1
        doubt = marks.doubt or self._doubt or found.doubt or window.doubt_of(found.added)
        missing = [
            (place, (await kept.rows(place, place + 1))[0]) for place in (*gone, *found.gone)
        ]
        corrected = {**self._corrected, **found.corrected}
        change = Change(
            taken=(*gone, *found.taken),
            corrected=tuple(sorted(corrected.items())),
            added=found.added,
            marks=Marks(
                complete=tail.pages.ended,
                doubt="" if whole else doubt,
                looked_at=tail.asked,
                contents_as_of=tail.asked if whole else marks.contents_as_of,
            ),
        )
        await self._apply(change, whole=whole)
        self._gone += missing
        self._added += found.came
        self._corrections += len(corrected)
        self._proven = True

    async def _follow(self, pages: JoinedPages, window: KeptTail) -> None:
        """Append what follows, page by page, to the end."""
        whole = window.start == 1
        while self._to_end and not pages.ended:
            faces = await pages.more()
            marks = self._kept.marks
            doubt = "" if whole else marks.doubt or window.doubt_of(faces)
            marks = marks._replace(complete=pages.ended, doubt=doubt, looked_at=self._asker.sent)
            await self._apply(Change(added=faces, marks=marks), whole=whole)
            self._added += len(faces)

    async def _apply(self, change: Change, *, whole: bool) -> None:
        """Do it, and doubt what relies on an order of time that is not there."""
        await self._kept.apply(change)
        if not (whole or change.marks.doubt or self._kept.times_never_fall):
            marks = change.marks._replace(doubt="the kept times fall, or are missing")
            await self._kept.apply(Change(marks=marks))


def _missing(listed: Sequence[Face], *, met: bool) -> _SettledError:
    """What it means that more faces are gone than are looked for one by one."""
    if not listed:
        return _SettledError(State.MANY_GONE, "it is empty now")
    if met:
        return _SettledError(State.MANY_GONE, f"more than {MOST_GONE} faces are gone")
    return _SettledError(State.MADE_ANEW, "none of the kept faces was met: it was created again")


def _continues(faces: Sequence[Face], before: Sequence[Face]) -> bool:
    """Whether the same faces are listed as before, and maybe more behind them."""
    tokens = [face.face_token for face in faces[: len(before)]]
    return tokens == [face.face_token for face in before]
