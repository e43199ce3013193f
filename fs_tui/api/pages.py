"""Owns the fast road for pages of faces of the documented types: a scan reads thousands of them.

bytes ──► rows that are faces ──► else rows that faces are made of: null, a time as text ──► None

What this road does not take is not refused: `wire` reads it in its own way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from fs_tui.api.times import EARLIEST_MS, LATEST_MS, milliseconds
from fs_tui.models import FACE_FIELDS, FACE_TOKEN, FaceRows
from fs_tui.records import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["read_page"]

_TIME = Annotated[int, Meta(gt=EARLIEST_MS, lt=LATEST_MS)]
_VERY = {
    Kind.TEXT: (str, ""),
    Kind.NUMBER: (int | float | None, None),
    Kind.TIME: (_TIME | None, None),
}
_OTHER = _VERY | {Kind.TEXT: (str | None, None), Kind.TIME: (int | str | None, None)}
"""The types by kind, and what a value is that is not there."""


def _decoder(kinds: Mapping[Kind, tuple[Any, Any]]) -> msgspec.json.Decoder[Any]:  # types as data
    others = [field for field in FACE_FIELDS if field is not FACE_TOKEN]
    row = msgspec.defstruct(
        "Row",
        [
            (FACE_TOKEN.source, Annotated[str, Meta(min_length=1)]),
            *((field.source, *kinds[field.kind]) for field in others),
        ],
        rename={field.source: field.name for field in FACE_FIELDS},
        gc=False,
    )
    page = msgspec.defstruct(
        "Page",
        [
            ("face_tokens", list[row]),  # type: ignore[valid-type] # it has just been made
            ("request_id", str | None, None),
            ("time_used", int | None, None),
            ("next", int | str | None, None),
            # Anything but null makes it no page.
            ("error", None, None),
            ("error_message", None, None),
        ],
    )
    return msgspec.json.Decoder(page)


_AS_FACES, _AS_ROWS = _decoder(_VERY), _decoder(_OTHER)


def read_page(body: bytes) -> dict[str, Any] | None:
    """Read a body as a page, its faces as FaceRows; None leaves it to the usual way."""
    try:
        if not body.isascii():
            # What is skipped is not looked at, and may be no UTF-8. The text itself is of no use:
            # it would be made bytes again, which takes as long as all the rest.
            body.decode()
        try:
            page = _AS_FACES.decode(body)
            rows = FaceRows.like(page.face_tokens)
        except msgspec.ValidationError:
            page = _AS_ROWS.decode(body)
            columns = FaceRows.like(page.face_tokens).columns
            rows = FaceRows(
                [
                    [_read(field.kind, value) for value in column]
                    for field, column in zip(FACE_FIELDS, columns, strict=True)
                ]
            )
    except (ValueError, RecursionError):
        return None
    return {
        "face_tokens": rows,
        "request_id": page.request_id,
        "time_used": page.time_used,
        "next": page.next,
    }


def _read(kind: Kind, value: Any) -> Any:  # a value of _OTHER, and what Face holds
    if kind is Kind.TIME:
        return milliseconds(value)
    return "" if value is None and kind is Kind.TEXT else value
