"""What has to hold while a monkey works in the browser, whatever the service does."""

from __future__ import annotations

import re
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

from fs_tui.errors import ResourceError
from fs_tui.faces.filter_language import parse
from fs_tui.faces.scopes import Scope
from fs_tui.models import Face
from fs_tui.visible import masked

if TYPE_CHECKING:
    from fs_tui.faces.listing import FaceListing
    from fs_tui.faces.status import LoadedFace
    from tests.tui.browser import Browser

__all__ = ["Checks"]


class Checks:
    """Looks at a browser.

    Args:
        browser: Runs.
        truthful: The service tells the truth about faces that do not change, when it tells
            anything; otherwise nothing can be compared with it.

    Attributes:
        compared: Faces that were compared with the service's.
        no_room: How often a library was seen that had no room on the disk.
    """

    def __init__(self, browser: Browser, *, truthful: bool) -> None:
        self.compared = self.no_room = 0
        self._browser = browser
        self._truthful = truthful

    def look(self) -> None:
        """What has to hold at every moment."""
        browser = self._browser
        assert browser.app.crash is None, f"crashed: {browser.app.crash!r}"
        assert browser.app.return_code is None, "it has ended"
        listing = browser.pane.listing
        if (
            not self._truthful
            or listing is None
            or listing.group_id not in browser.service.population
        ):
            return
        self.no_room += isinstance(listing.status.stopped, ResourceError)
        self._look_at_status(listing)
        self._look_at_sentence(listing)
        self._look_at_rows(listing)

    def _look_at_status(self, listing: FaceListing) -> None:
        status, real = listing.status, len(self._browser.service.population[listing.group_id])
        assert status.total in {None, real}, f"a total of {status.total} is no truth: {real}"
        assert not status.complete or status.loaded == real, f"{status.loaded} is not complete"
        assert status.highest <= real, "a position that does not exist"
        assert not status.changed, f"nothing changed, yet: {status.changed}"
        assert status.marked <= status.loaded

    def _look_at_sentence(self, listing: FaceListing) -> None:
        """The status line may be 50 ms old; what it claims to be whole must be so all the same."""
        real = len(self._browser.service.population[listing.group_id])
        for claim in (r"all ([\d,]+) faces? loaded", r"[\d,]+ of ([\d,]+) faces loaded"):
            if found := re.search(claim, self._browser.truth):
                assert _number(found[1]) == real, self._browser.truth
        if not listing._notifier.pending:
            said = re.search(r"([\d,]+) (?:of [\d,]+ )?faces? loaded", self._browser.truth)
            loaded = _number(said[1]) if said else 0
            assert loaded == listing.status.loaded, self._browser.truth

    def _look_at_rows(self, listing: FaceListing) -> None:
        """The rows round the cursor."""
        table = self._browser.table
        rows = listing.row_count()
        if not listing._notifier.pending and rows:
            assert 0 <= table.cursor_row < rows, f"cursor on {table.cursor_row} of {rows}"
        first = max(0, min(table.cursor_row, rows) - 20)
        faces = self._browser.service.population[listing.group_id]
        view = listing.status.view
        query = parse(view.filter_text)
        seen = [row for row in listing.rows(first, min(rows, first + 40)) if row is not None]
        for row in seen:
            assert row.face == Face(*faces.rows(row.position, 1)[0])
            assert query is None or query.matches(row.face), view
        if not view.working:
            keys = [_order_key(row, view.order.field) for row in seen]
            assert keys == sorted(keys, reverse=view.order.descending), view
        self.compared += len(seen)

    async def look_at_everything(self) -> None:
        """Compare every face that is loaded, of every library."""
        if not self._truthful:
            return
        for listing in list(self._browser.pane.listings):
            if listing.group_id not in self._browser.service.population:
                continue
            # What had no room on the disk cannot be read any more; that is said.
            with suppress(ResourceError) if listing.status.stopped else nullcontext():
                await self._look_at_all_of(listing)

    async def _look_at_all_of(self, listing: FaceListing) -> None:
        real = self._browser.tokens(listing.group_id)
        async for chunk in listing.chunks(Scope.ALL):
            for row in chunk:
                assert real[row.position - 1] == row.face.face_token, row.position
            self.compared += len(chunk)
        self._look_at_view(listing)
        store = listing._now.loaded.store
        ((held,),) = store._database.rows("SELECT count(*) FROM faces")
        assert held == store.stored.count == listing.status.loaded

    async def look_at_details(self) -> None:
        """When the keys rest, the face of the details is the one under the cursor."""
        if self._truthful:
            browser = self._browser
            await browser.until(lambda: browser.fields["token"] in {"", *self._shown_token()})

    def _shown_token(self) -> tuple[str, str]:
        """The token under the cursor, as it is and as a mask shows it."""
        token = self._token()
        return token, masked(token)

    def _token(self) -> str:
        """The face under the cursor, of the faces or of the view in their place."""
        view = self._browser.screen._views.view
        if view is None:
            return self._browser.token
        face = view.subject.face
        return "" if face is None else face.face_token

    def _look_at_view(self, listing: FaceListing) -> None:
        """A filter that says that it has looked at everything has found everything."""
        view, faces = listing.status.view, self._browser.service.population[listing.group_id]
        assert not view.whole or listing.status.complete
        query = parse(view.filter_text)
        if view.whole and not view.working and query is not None:
            hits = sum(query.matches(Face(*row)) for row in faces.rows(1, len(faces)))
            assert view.rows == hits, view


def _order_key(row: LoadedFace, field: str) -> tuple[object, int]:
    keys = {"user_id": row.face.user_id, "add_time": row.face.added_ms}
    return keys.get(field, 0), row.position


def _number(text: str) -> int:
    return int(text.replace(",", ""))
