"""Two sides, of libraries and files in any mixture, compare as plain Python says they do."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fs_tui.account.comparison import Counts, Difference, Side
from fs_tui.account.sides import Key, SideReader, compare
from fs_tui.errors import ConnectError, FileError
from fs_tui.faces.persons import PERSON_FIELDS, PersonRow
from fs_tui.models import FACE_FIELDS, Face, FacePage
from fs_tui.records import CSV, FORMATS, JSONL
from tests.unit.fake_gateway import FakeGateway

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fs_tui.records import Format

HOSTILE = [
    "",
    "ann",
    "Ann",
    " ann ",
    "=1+1",
    "'=x",
    "-",
    'a"b',
    "a,b",
    "a\r\nb",
    "\0",
    "\ufeff",
    "é",
]
TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=5)
TOKENS = st.sampled_from([f"{number:032x}" for number in range(6)] + ["=T", "\u202e", "'@"])
TIMES = st.sampled_from([None, 0, 1, -62_135_596_800_000, 253_402_300_799_999, 1_769_739_690_208])
FACES = st.lists(
    st.builds(Face, TOKENS, TEXTS, TEXTS, TIMES),
    max_size=8,
    unique_by=lambda face: face.face_token,
)
BY = pytest.mark.parametrize("key", [Key(), Key("face_token")], ids=lambda key: key.name)
KINDS = st.sampled_from(["library", "capped", *(form.name for form in FORMATS)])

property_test = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


class Library(FakeGateway):
    """One library of these faces; pages hold `cap` of them, and `limit` are listed."""

    def __init__(self, faces: Sequence[Face], *, limit: int | None = None) -> None:
        super().__init__()
        self.content = faces
        self.limit = limit

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        if self.limit is not None and start > self.limit:
            raise ConnectError("refused")
        end = start - 1 + min(limit, self.cap)
        end = end if self.limit is None else min(end, self.limit)
        following = end + 1 if end < len(self.content) else None
        return FacePage(start, limit, tuple(self.content[start - 1 : end]), following)


def written(form: Format, faces: Sequence[Face], *, fields: Sequence[str] = ()) -> bytes:
    """An export of ours."""
    chosen = [field for field in FACE_FIELDS if not fields or field.name in fields]
    encoder = form.encoder(chosen, guard=True)
    return encoder.head() + encoder.rows(faces) + encoder.foot()


async def read(stack: ExitStack, key: Key, kind: str, faces: Sequence[Face]) -> SideReader:
    """One side, of a kind."""
    side = SideReader(kind, key)
    stack.callback(side.close)
    if kind in {"library", "capped"}:
        gateway = Library(faces)
        # The end is certain only where a page is empty, or not full.
        gateway.cap = 100 if kind == "capped" else 1_000
        await side.read_library(gateway, "lib")
        return side
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        form = next(form for form in FORMATS if form.name == kind)
        file.write(written(form, faces))
        file.flush()
        await side.read_file(file.name)
    return side


async def compared(key: Key, a: SideReader, b: SideReader) -> tuple[list[Difference], Counts]:
    comparison = compare(key, a, b)
    found = [difference async for some in comparison.differences() for difference in some]
    return found, comparison.counts


def persons(faces: Sequence[Face]) -> dict[str, tuple[int, int | None, int | None]]:
    """Faces, first and last of each user id."""
    groups: dict[str, list[Face]] = {}
    for face in faces:
        groups.setdefault(face.user_id, []).append(face)
    times = {
        user_id: [face.added_ms for face in group if face.added_ms is not None]
        for user_id, group in groups.items()
    }
    return {
        user_id: (len(group), min(times[user_id], default=None), max(times[user_id], default=None))
        for user_id, group in groups.items()
    }


def by_token(faces: Sequence[Face]) -> dict[str, tuple[object, ...]]:
    return {face.face_token: (face.user_id, face.user_data, face.added_ms) for face in faces}


@BY
@given(a=FACES, b=FACES, kinds=st.tuples(KINDS, KINDS))
async def test_a_comparison_says_what_plain_python_says(
    key: Key, a: list[Face], b: list[Face], kinds: tuple[str, str]
) -> None:
    with ExitStack() as stack:
        sides = [
            await read(stack, key, kind, faces) for kind, faces in zip(kinds, (a, b), strict=True)
        ]
        found, counts = await compared(key, *sides)
    here, there = (by_token(a), by_token(b)) if key.is_token else (persons(a), persons(b))
    expected = {
        name: Side.ONLY_A
        if name not in there
        else Side.ONLY_B
        if name not in here
        else Side.DIFFERS
        for name in here.keys() | there.keys()
        if here.get(name) != there.get(name)
    }
    assert {one.shown: one.side for one in found} == expected
    sides_found = Counter(one.side for one in found)
    assert (counts.only_a, counts.only_b, counts.differs) == tuple(sides_found[one] for one in Side)
    assert counts.unseen == 0
    assert counts.equal == len(((here.keys() & there.keys()) - expected.keys()) - {""})


@BY
@given(a=FACES, b=FACES, kinds=st.tuples(KINDS, KINDS))
async def test_the_sides_mirror_each_other(
    key: Key, a: list[Face], b: list[Face], kinds: tuple[str, str]
) -> None:
    with ExitStack() as stack:
        one, other = (
            await read(stack, key, kinds[0], a),
            await read(stack, key, kinds[1], b),
        )
        there, _ = await compared(key, one, other)
        back, _ = await compared(key, other, one)
    mirror = {Side.ONLY_A: Side.ONLY_B, Side.ONLY_B: Side.ONLY_A, Side.DIFFERS: Side.DIFFERS}
    assert back == [Difference(mirror[each.side], each.b, each.a) for each in there]


@BY
@given(faces=FACES, kinds=st.tuples(KINDS, KINDS))
async def test_a_side_agrees_with_itself_and_with_every_export_of_it(
    key: Key, faces: list[Face], kinds: tuple[str, str]
) -> None:
    with ExitStack() as stack:
        sides = [await read(stack, key, kind, faces) for kind in kinds]
        found, counts = await compared(key, *sides)
    assert (found, counts.agree, counts.unseen) == ([], True, 0)
    assert all(side.rows == len(faces) and side.shortfall is None for side in sides)


@given(a=FACES, b=FACES, kinds=st.tuples(KINDS, KINDS))
async def test_what_differs_by_token_makes_a_what_b_is(
    a: list[Face], b: list[Face], kinds: tuple[str, str]
) -> None:
    key = Key("face_token")
    with ExitStack() as stack:
        one, other = (
            await read(stack, key, kinds[0], a),
            await read(stack, key, kinds[1], b),
        )
        found, _ = await compared(key, one, other)
    faces = by_token(a)
    for difference in found:
        if difference.b is None:
            del faces[difference.shown]
        else:
            faces[difference.shown] = difference.b.values
    assert faces == by_token(b)


@BY
@given(faces=FACES, b=FACES, seen=st.integers(1, 8), cap=st.integers(1, 8))
async def test_nothing_is_missing_on_a_side_that_was_not_read_to_its_end(
    key: Key, faces: list[Face], b: list[Face], seen: int, cap: int
) -> None:
    gateway = Library(faces, limit=seen)
    gateway.cap = cap
    with ExitStack() as stack:
        part = SideReader("part", key)
        stack.callback(part.close)
        await part.read_library(gateway, "lib")
        other = await read(stack, key, "library", b)
        found, counts = await compared(key, part, other)
        back, _ = await compared(key, other, part)
    read_faces = faces[: part.rows]
    if part.shortfall is None:
        return
    here, whole, there = (
        (by_token(read_faces), by_token(faces), by_token(b))
        if key.is_token
        else (persons(read_faces), persons(faces), persons(b))
    )
    assert not any(one.side is Side.ONLY_B for one in found)
    assert not any(one.side is Side.ONLY_A for one in back)
    only = {one.shown for one in found if one.side is Side.ONLY_A}
    assert only == here.keys() - there.keys()
    differ = {one.shown for one in found if one.side is Side.DIFFERS}
    # Whatever the part does not show, they are not the same.
    assert all(whole[name] != there[name] for name in differ)
    told = counts.equal + counts.only_a + counts.differs + counts.unseen
    nobody = here.get("") == there.get("") is not None
    assert told == len(here.keys() | there.keys()) - nobody


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.parametrize("text", HOSTILE)
async def test_every_hostile_text_survives_an_export(
    form: Format, text: str, tmp_path: Path
) -> None:
    faces = [Face("a" * 32, text, text, 5), Face(text or "b", "x", text, None)]
    path = tmp_path / f"export.{form.name}"
    path.write_bytes(written(form, faces))
    for key in (Key(), Key("face_token")):
        with ExitStack() as stack:
            library = await read(stack, key, "library", faces)
            file = SideReader("file", key)
            stack.callback(file.close)
            await file.read_file(str(path))
            found, counts = await compared(key, library, file)
            assert (found, counts.agree, file.keys) == ([], True, library.keys)


ROWS = [Face(f"{number:032x}", f"user {number % 3}", "", number) for number in range(6)]


async def read_text(stack: ExitStack, path: Path, content: str, key: Key) -> SideReader:
    with path.open("w") as file:
        file.write(content)
    side = SideReader(path.name, key)
    stack.callback(side.close)
    await side.read_file(str(path))
    return side


async def test_a_list_of_ids_says_nothing_of_how_many_faces(tmp_path: Path) -> None:
    lists = {
        "ids.txt": "user 0\nuser 2\nuser 2\nuser 9\n",
        "ids.csv": "name,user_id\na,user 0\nb,user 2\nc,user 2\nd,user 9\n",
    }
    faces = [*ROWS, Face("f" * 32)]
    for name, content in lists.items():
        with ExitStack() as stack:
            library = await read(stack, Key(), "library", faces)
            ids = await read_text(stack, tmp_path / name, content, Key())
            found, counts = await compared(Key(), library, ids)
        sides = {one.shown: one.side for one in found}
        assert sides == {"user 1": Side.ONLY_A, "user 9": Side.ONLY_B}
        assert (counts.equal, ids.rows, ids.keys) == (2, 4, 3)
        assert library.nameless == 1


async def test_only_what_both_sides_tell_is_compared(tmp_path: Path) -> None:
    key = Key("face_token")
    faces = [face._replace(user_id="other", user_data="other") for face in ROWS]
    without = written(CSV, faces, fields=["face_token", "add_time"]).decode()
    with ExitStack() as stack:
        library = await read(stack, key, "library", ROWS)
        times = await read_text(stack, tmp_path / "times.csv", without, key)
        assert await compared(key, library, times) == ([], Counts(equal=6))
        users = await read_text(
            stack,
            tmp_path / "users.jsonl",
            written(JSONL, faces, fields=["face_token", "user_id"]).decode(),
            key,
        )
        found, _ = await compared(key, library, users)
        assert [one.side for one in found] == [Side.DIFFERS] * 6


async def test_only_ids_are_compared_where_that_is_asked_for() -> None:
    for name in ("user_id", "face_token"):
        key = Key(name, only_ids=True)
        with ExitStack() as stack:
            all_of_them = await read(stack, key, "library", ROWS)
            other = [face._replace(user_data="x", added_ms=None) for face in ROWS]
            others = await read(stack, key, "csv", other[:3] if name == "user_id" else other)
            assert (await compared(key, all_of_them, others))[0] == []


async def test_case_and_blanks_of_ids_count_unless_it_is_said_otherwise() -> None:
    a = [Face("A" * 32, "Ann"), Face("b" * 32, " bob")]
    b = [Face("a" * 32, "ANN "), Face("B" * 32, "bob\t")]
    several = [Face("c" * 32, "cy"), Face("d" * 32, "Cy"), Face("e" * 32, "CY")]
    for name in ("user_id", "face_token"):
        for options, different in (({}, 4), ({"ignore_case": True, "strip": True}, 0)):
            key = Key(name, only_ids=True, **options)
            with ExitStack() as stack:
                sides = [await read(stack, key, "library", faces) for faces in (a, b)]
                found, _ = await compared(key, *sides)
            assert len(found) == different
    key = Key(ignore_case=True)
    with ExitStack() as stack:
        sides = [
            await read(stack, key, "library", faces) for faces in ([*a, *several], [*b, several[0]])
        ]
        found, _ = await compared(key, *sides)
        back, _ = await compared(key, *reversed(sides))
    assert [one.shown for one in found] == [" bob", "Ann", "ANN ", "bob\t", "CY"]
    assert [one.shown for one in back] == [one.shown for one in found]


async def test_a_file_that_is_called_partial_is_not_whole(tmp_path: Path) -> None:
    with ExitStack() as stack:
        library = await read(stack, Key(), "library", ROWS)
        content = written(JSONL, ROWS[:1]).decode()
        part = await read_text(stack, tmp_path / "export.jsonl.partial", content, Key())
        found, counts = await compared(Key(), library, part)
    assert (found, counts.unseen) == ([], 3)


async def test_nothing_in_a_file_is_nothing_and_no_error(tmp_path: Path) -> None:
    for name in ("none.txt", "none.csv", "none.json", "none.jsonl"):
        with ExitStack() as stack:
            library = await read(stack, Key(), "library", ROWS)
            empty = await read_text(stack, tmp_path / name, "", Key())
            found, _ = await compared(Key(), library, empty)
        assert [one.side for one in found] == [Side.ONLY_A] * 3


async def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    with ExitStack() as stack, pytest.raises(FileError, match=r"no column 'user_id'; it has 'id'"):
        await read_text(stack, tmp_path / "ids.csv", "id\n1\n", Key())


async def test_nothing_of_a_library_is_an_error_and_no_side() -> None:
    side = SideReader("lib", Key())
    with pytest.raises(ConnectError):
        await side.read_library(Library(ROWS, limit=0), "lib")
    side.close()


async def test_the_first_of_several_rows_of_a_token_counts_and_the_others_are_told(
    tmp_path: Path,
) -> None:
    key = Key("face_token")
    lines = ["face_token,user_id", f"{ROWS[0].face_token},user 0", f"{ROWS[0].face_token},user 9"]
    with ExitStack() as stack:
        library = await read(stack, key, "library", ROWS[:1])
        file = await read_text(stack, tmp_path / "twice.csv", "\n".join(lines), key)
        found, counts = await compared(key, library, file)
    assert (found, counts.equal, file.rows, file.keys) == ([], 1, 2, 1)


async def test_a_row_without_a_token_is_told_and_no_face(tmp_path: Path) -> None:
    key = Key("face_token")
    with ExitStack() as stack:
        library = await read(stack, key, "library", ROWS[:1])
        content = f"user_id,face_token\nx,\ny,{ROWS[0].face_token}\n"
        file = await read_text(stack, tmp_path / "some.csv", content, key)
        _, counts = await compared(key, library, file)
    assert (counts.differs, counts.only_b, file.nameless) == (1, 0, 1)


@given(faces=FACES, b=FACES, form=st.sampled_from(FORMATS))
async def test_an_export_of_people_tells_faces_and_times(
    faces: list[Face], b: list[Face], form: Format
) -> None:
    encoder = form.encoder(PERSON_FIELDS, guard=True)
    rows = [PersonRow(user_id, *facts) for user_id, facts in persons(faces).items()]
    with ExitStack() as stack, tempfile.NamedTemporaryFile(suffix=f".{form.name}") as file:
        file.write(encoder.head() + encoder.rows(rows) + encoder.foot())
        file.flush()
        export = SideReader("people", Key())
        stack.callback(export.close)
        await export.read_file(file.name)
        same, counts = await compared(Key(), export, await read(stack, Key(), "library", faces))
        found, _ = await compared(Key(), export, await read(stack, Key(), "csv", b))
    assert (same, counts.agree) == ([], True)
    here, there = persons(faces), persons(b)
    assert {one.shown for one in found} == {
        name for name in here.keys() | there.keys() if here.get(name) != there.get(name)
    }


def test_a_further_field_of_a_face_is_none_of_a_persons() -> None:
    """What a row says of a person is told by what it is, and not by how many values it has."""

    class WiderFace(NamedTuple):
        face_token: str
        user_id: str
        user_data: str
        added_ms: int
        quality: float

    wider = WiderFace("t", "ann", "", 1, 0.5)
    assert Key().rows([wider]) == Key().rows([Face("t", "ann", "", 1)])  # type: ignore[list-item] # so it would be
