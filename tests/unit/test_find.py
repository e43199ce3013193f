"""Find gives every face that passes, in every library, and says 'none' only of what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fs_tui.account.find import Find
from fs_tui.errors import ConnectError, FaceNotFoundError, LibraryNotFoundError, ResourceError
from fs_tui.faces.filter_language import parse
from fs_tui.models import Face, FacePage
from tests.unit.fake_gateway import FakeGateway

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fs_tui.account.find import Hit
    from fs_tui.errors import FsTuiError
    from fs_tui.faces.query import Query

TOKENS = [f"{number:032x}" for number in range(8)]
TEXTS = st.sampled_from(["", "ann", "bob", "Ann", TOKENS[0], TOKENS[7]])
FACES = st.builds(Face, st.sampled_from(TOKENS[:6]), TEXTS, TEXTS, st.sampled_from([None, 5]))
LIBRARIES = st.dictionaries(
    st.sampled_from(["one", "two", "three"]),
    st.lists(FACES, max_size=5, unique_by=lambda face: face.face_token),
    min_size=1,
)
EXPRESSIONS = st.lists(
    st.sampled_from(
        [
            *(f"token:={TOKENS[0]}", f"token:={TOKENS[1]}|={TOKENS[7]}", TOKENS[0], TOKENS[7]),
            *("user:=ann", "user:=ann|bob", 'user:=""', "ann", "-bob", f"-token:={TOKENS[2]}"),
            *(
                f"token:={TOKENS[0]} user:=ann",
                f"user:={TOKENS[0]}",
                "data:=bob ann",
                "before:1999",
            ),
        ]
    ),
    min_size=1,
)


class Libraries(FakeGateway):
    """An account with these faces; what a library answers instead is in `refused`."""

    def __init__(self, libraries: Mapping[str, Sequence[Face]]) -> None:
        super().__init__()
        self.content = libraries
        self.refused: dict[tuple[str, str], FsTuiError] = {}

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        self.calls.append((start, limit))
        if (error := self.refused.get((group_id, "list"))) is not None:
            raise error
        return FacePage(start, limit, tuple(self.content[group_id][start - 1 :][:limit]))

    async def face(self, group_id: str, face_token: str) -> Face:
        self.face_calls.append(face_token)
        if (error := self.refused.get((group_id, "face_info"))) is not None:
            raise error
        for face in self.content[group_id]:
            if face.face_token == face_token:
                return face
        raise FaceNotFoundError("INVALID_FACE_TOKEN")


def queries(*expressions: str) -> list[Query]:
    return [query for one in expressions if (query := parse(one)) is not None]


async def search(gateway: Libraries, *expressions: str) -> tuple[Find, list[Hit]]:
    find = Find(gateway, queries(*expressions), gateway.content)
    hits = [hit async for some in find.ask() for hit in some]
    hits += [hit async for some in find.scan() for hit in some]
    return find, hits


@given(libraries=LIBRARIES, expressions=EXPRESSIONS)
async def test_every_face_that_passes_is_a_hit_once(
    libraries: dict[str, list[Face]], expressions: list[str]
) -> None:
    find, hits = await search(Libraries(libraries), *expressions)
    wanted = queries(*expressions)
    asked_only = [one for one in wanted if one.text in TOKENS]
    passing = {
        (group_id, face)
        for group_id, faces in libraries.items()
        for face in faces
        if any(query.matches(face) for query in wanted)
    }
    # A bare token that some library has as a token is not looked for in other fields.
    answered = {
        one.text
        for one in asked_only
        if any(face.face_token == one.text for faces in libraries.values() for face in faces)
    }
    needed = {
        (group_id, face)
        for group_id, face in passing
        if any(
            query.matches(face) and (query.text not in answered or face.face_token == query.text)
            for query in wanted
        )
    }
    given_hits = [(hit.group_id, hit.face) for hit in hits]
    assert len(set(given_hits)) == len(given_hits) == find.hits
    assert needed <= set(given_hits) <= passing
    assert find.whole
    assert find.found >= {
        number
        for number, query in enumerate(wanted)
        if query.text not in answered
        and any(query.matches(face) for faces in libraries.values() for face in faces)
    }
    assert find.proof().startswith("none in ") is (not hits)


async def test_an_exact_token_is_asked_once_a_library_and_nothing_is_read() -> None:
    gateway = Libraries({f"lib{number}": [] for number in range(10)})
    find, hits = await search(gateway, f"token:={TOKENS[3]}")
    assert (gateway.face_calls, gateway.calls, hits) == ([TOKENS[3]] * 10, [], [])
    assert find.proof().startswith("none in 10 libraries, asked ")


async def test_no_library_is_asked_for_an_empty_token() -> None:
    gateway = Libraries({"one": [Face(TOKENS[0])]})
    find, hits = await search(gateway, 'token:=""')
    assert (hits, find.whole, gateway.face_calls) == ([], True, [])


async def test_a_bare_token_is_read_for_only_where_no_library_has_it() -> None:
    gateway = Libraries({"one": [Face(TOKENS[0])], "two": [Face(TOKENS[1], TOKENS[5])]})
    _, hits = await search(gateway, TOKENS[0])
    assert ([hit.group_id for hit in hits], gateway.calls) == (["one"], [])
    await search(gateway, "0123456789ABCDEF" * 2)
    assert len(gateway.face_calls) == 4
    find, hits = await search(gateway, TOKENS[5])
    assert [(hit.group_id, hit.position) for hit in hits] == [("two", 1)]
    assert find.proof().startswith("1 face in 1 of 2 libraries, read ")


async def test_what_could_not_be_asked_is_looked_for_where_all_is_read() -> None:
    gateway = Libraries({"one": [Face(TOKENS[0], "ann")], "two": []})
    gateway.refused["one", "face_info"] = ConnectError("refused")
    find, hits = await search(gateway, f"token:={TOKENS[0]}")
    assert (hits, find.whole) == ([], False)
    assert "one was not searched (The service cannot be reached: refused)" in find.proof()
    find, hits = await search(gateway, f"token:={TOKENS[0]}", "bob")
    assert (len(hits), find.whole, find.found) == (1, True, {0})


async def test_a_library_that_fails_keeps_no_other_from_being_read() -> None:
    gateway = Libraries({"gone": [], "lost": [], "there": [Face(TOKENS[0], "ann")]})
    gateway.refused["gone", "list"] = LibraryNotFoundError("INVALID_GROUP_ID")
    gateway.refused["lost", "list"] = LibraryNotFoundError("INVALID_GROUP_ID")
    find, hits = await search(gateway, "ann")
    assert [hit.group_id for hit in hits] == ["there"]
    assert not find.whole
    refused = "gone, lost were not searched (No such library: INVALID_GROUP_ID); "
    assert find.proof().startswith(f"{refused}1 face in 1 of 3 libraries, read ")
    find, _ = await search(gateway, "bob")
    assert find.proof().startswith(f"{refused}none in what was seen, read ")


async def test_a_library_that_ends_amid_its_faces_says_how_far_it_was_read() -> None:
    class Ending(Libraries):
        async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
            if start > 1_000:
                raise ConnectError("refused")
            return await super().faces(group_id, start=start, limit=limit)

    gateway = Ending({"one": [Face(f"{number:032x}") for number in range(2_500)]})
    find, _ = await search(gateway, "bob")
    assert find.proof().startswith("one was read to 1,999 (The service cannot be reached: refused)")


async def test_what_was_not_begun_is_not_called_searched() -> None:
    gateway = Libraries({"one": [Face(TOKENS[0])], "two": []})
    find = Find(gateway, queries(f"token:={TOKENS[0]}", "bob"), gateway.content)
    assert [hit async for some in find.ask() for hit in some]
    assert not find.whole
    assert find.to_scan == (1,)


async def test_a_machine_without_room_ends_the_search() -> None:
    gateway = Libraries({"one": []})
    gateway.refused["one", "list"] = ResourceError("no room")
    with pytest.raises(ResourceError):
        await search(gateway, "bob")
    gateway.refused["one", "face_info"] = ResourceError("no room")
    with pytest.raises(ResourceError):
        await search(gateway, f"token:={TOKENS[0]}")


async def test_how_far_each_library_is_is_told() -> None:
    gateway = Libraries({"one": [Face(f"{number:032x}") for number in range(2_500)], "two": []})
    told: list[tuple[str, int, bool]] = []
    find = Find(
        gateway,
        queries("bob"),
        gateway.content,
        changed=lambda one: told.append((one.group_id, one.read, one.whole)),
    )
    assert [hits async for hits in find.scan()] == []
    expected = [("one", read, False) for read in (0, 1_000, 1_999, 2_500)]
    assert told == [*expected, ("one", 2_500, True), ("two", 0, False), ("two", 0, True)]
