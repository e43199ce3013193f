"""A kept index gives a comparison what a table of the same rows gives, in any number of parts."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fs_tui.account.sides import Key
from fs_tui.faces.index import keyed_rows
from fs_tui.faces.index.keyed_rows import KeyedStore, KeyedTable
from fs_tui.faces.index.store import FaceStore
from fs_tui.models import Face
from tests.unit.test_kept_file import TemporaryKeeper

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXTS = st.sampled_from(["", " ", "ann", "Ann", " ann ", "\0", "\0a", "é", "É"]) | st.text(
    max_size=3
)
TIMES = st.sampled_from([None, 0, 1, 1_769_739_690_208])
FACES = st.lists(st.builds(Face, TEXTS, TEXTS, TEXTS, TIMES), min_size=1, max_size=12)
KEYS = st.builds(
    Key,
    st.sampled_from(["user_id", "face_token"]),
    st.booleans(),
    st.booleans(),
    st.just(value=False),
)


def check(key: Key, faces: Sequence[Face], store: FaceStore) -> None:
    table = KeyedTable()
    rows = key.rows(faces)
    kept = KeyedStore(store, key.name, key.of if key.is_changed else None)
    table.add(rows)
    assert kept.nameless() == table.nameless() == sum(not row[0] for row in rows)
    if key.is_token:
        # The last column tells only which of several rows came first.
        found = [row[:-1] for some in kept.faces() for row in some]
        assert found == [row[:-1] for some in table.faces() for row in some]
    else:
        assert [row for some in kept.persons() for row in some] == [
            row for some in table.persons() for row in some
        ]
    table.close()


@given(FACES, KEYS, st.integers(1, 12))
# What is shown of a token is of the row that came first, as all else is.
@example([Face("ann", "", "", None), Face(" ann ", "", "", None)], Key("face_token", strip=True), 1)
def test_an_index_gives_what_a_table_gives(faces: list[Face], key: Key, together: int) -> None:
    store = FaceStore()
    store.add(1, faces)
    with (
        patch.object(keyed_rows, "_PERSONS_TOGETHER", together),
        patch.object(keyed_rows, "_FACES_TOGETHER", together),
    ):
        check(key, faces, store)
    store.close()


@pytest.mark.parametrize("name", ["user_id", "face_token"])
def test_an_encrypted_index_with_gaps_gives_what_is_left(name: str) -> None:
    faces = [Face(f"T{n:03}", f" U{n % 7} ", "", n) for n in range(1, 301)]
    with TemporaryKeeper() as keeper, patch.object(keyed_rows, "_FACES_TOGETHER", 50):
        kept = keeper.open("lib")
        kept.store.add(1, faces)
        kept.store.take_out([1, 150, 300])
        left = [face for face in faces if face.added_ms not in {1, 150, 300}]
        for strip in (False, True):
            check(Key(name, strip=strip), left, kept.store)
        kept.close()
