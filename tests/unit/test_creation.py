"""The rules of the create form, and what becomes of a lost answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fs_tui import creation, errors
from fs_tui.creation import RULES, check_draft
from fs_tui.models import Face, FacePage, Library, LibraryDraft

if TYPE_CHECKING:
    from fs_tui.gateway import Listener

DRAFT = LibraryDraft("new_lib", "New library", "for tests")
SAME = Library("new_lib", "New library", "for tests", "s21")


class Stage:
    """A gateway that plays what it is told: a library is the answer, an error is raised."""

    def __init__(
        self, create: Library | errors.FsTuiError, info: Library | errors.FsTuiError | None = None
    ) -> None:
        self._create = create
        self._info = info
        self.calls: list[str] = []

    def listen(self, listener: Listener) -> None:
        """Nothing is told."""

    async def libraries(self) -> tuple[Library, ...]:
        raise NotImplementedError

    async def faces(self, group_id: str, *, start: int = 1, limit: int = 100) -> FacePage:
        raise NotImplementedError

    async def face(self, group_id: str, face_token: str) -> Face:
        raise NotImplementedError

    async def aclose(self) -> None:
        """Nothing is open."""

    async def create(self, draft: LibraryDraft) -> Library:
        self.calls.append("create")
        return _play(self._create)

    async def library(self, group_id: str) -> Library:
        self.calls.append("library")
        assert self._info is not None
        return _play(self._info)


def _play(part: Library | errors.FsTuiError) -> Library:
    if isinstance(part, errors.FsTuiError):
        raise part
    return part


LOST = [
    errors.ConnectionLostError("gone"),
    errors.DeadlineError("silent"),
    errors.ProtocolError("half"),
    errors.ServiceFailureError("INTERNAL_ERROR", http_status=500),
]

EXISTS = errors.LibraryExistsError("GROUP_EXIST", http_status=400)
MISSING = errors.LibraryNotFoundError("INVALID_OUTER_ID", http_status=400)


GROUP_ID, GROUP_NAME, GROUP_DATA, _ = RULES


@pytest.mark.parametrize("text", ["a", "Z9", "-%@#&_", "-", "a" * 48, "--help"])
def test_group_id_takes_letters_digits_and_six_signs(text: str) -> None:
    assert GROUP_ID.check(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing"),
        ("a b", "a space, at character 2"),
        ("a.", "a dot, at character 2"),
        ("a/b", "'/'"),
        ("a\nb", "character 2"),
        ("ä", "'ä'"),
        ("库", "'库'"),
        ("٣", "'٣'"),  # a digit, and not an ASCII one
        ("a" * 49, "49 bytes"),
        ("\udc80", "character 1"),
    ],
)
def test_group_id_refuses_all_else_and_says_what_and_where(text: str, says: str) -> None:
    error = GROUP_ID.check(text)
    assert error is not None
    assert error.field == "group_id"
    assert says in error.detail
    assert error.hint


def test_the_id_is_counted_in_bytes_and_the_rest_in_characters() -> None:
    assert GROUP_ID.length("库") == 3
    assert GROUP_ID.length("\udc80") == 1
    assert GROUP_NAME.length("库") == 1


def test_group_name_has_one_to_sixty_characters() -> None:
    assert GROUP_NAME.check("库" * 60) is None
    for wrong in ("", "x" * 61, "\udc80"):
        error = GROUP_NAME.check(wrong)
        assert error is not None
        assert error.field == "group_name"


def test_group_data_has_at_most_128_characters() -> None:
    assert GROUP_DATA.check("") is None
    assert GROUP_DATA.check("库" * 128) is None
    error = GROUP_DATA.check("x" * 129)
    assert error is not None
    assert error.field == "group_data"


def test_empty_optional_fields_are_not_sent() -> None:
    assert creation.make_draft("g", "n") == LibraryDraft("g", "n", None, None)
    assert creation.make_draft("g", "n", "d", "m9") == LibraryDraft("g", "n", "d", "m9")


def test_a_draft_is_checked_field_by_field_in_the_forms_order() -> None:
    wrong = LibraryDraft("a b", "", "x" * 129, "\udc80")
    fields = [error.field for error in check_draft(wrong)]
    assert fields == ["group_id", "group_name", "group_data", "model_version"]
    assert check_draft(DRAFT) == ()


async def test_nothing_is_sent_when_a_field_is_wrong() -> None:
    stage = Stage(SAME)
    with pytest.raises(errors.DraftError):
        await creation.create_library(stage, LibraryDraft("a.b", "n"))
    assert stage.calls == []


async def test_an_answered_create_asks_nothing_more() -> None:
    stage = Stage(SAME)
    assert await creation.create_library(stage, DRAFT) == SAME
    assert stage.calls == ["create"]


@pytest.mark.parametrize("lost", LOST, ids=lambda error: type(error).__name__)
async def test_a_lost_answer_and_the_same_library_there_means_created(
    lost: errors.FsTuiError,
) -> None:
    stage = Stage(lost, SAME)
    assert await creation.create_library(stage, DRAFT) == SAME
    assert stage.calls == ["create", "library"]


@pytest.mark.parametrize("lost", LOST, ids=lambda error: type(error).__name__)
async def test_a_lost_answer_and_no_library_there_means_not_created(
    lost: errors.FsTuiError,
) -> None:
    stage = Stage(lost, MISSING)
    with pytest.raises(errors.NotCreatedError) as caught:
        await creation.create_library(stage, DRAFT)
    assert caught.value.exit_status == 3
    assert "again" in caught.value.hint
    assert stage.calls == ["create", "library"]


@pytest.mark.parametrize(
    ("lost", "story"),
    [
        (errors.DeadlineError("It was silent."), "The answer was lost (It was silent), and "),
        (
            errors.ServiceFailureError("INTERNAL_ERROR", http_status=200, request_id="id-1"),
            "The service failed (INTERNAL_ERROR), and ",
        ),
        (errors.ProtocolError("It is not JSON."), "The answer is unusable (It is not JSON), "),
    ],
    ids=lambda one: type(one).__name__,
)
async def test_a_failure_that_was_answered_is_not_called_a_lost_answer(
    lost: errors.FsTuiError, story: str
) -> None:
    for there in (MISSING, errors.ConnectionLostError("It broke.")):
        with pytest.raises((errors.NotCreatedError, errors.OutcomeUnknownError)) as caught:
            await creation.create_library(Stage(lost, there), DRAFT)
        assert caught.value.detail.startswith(story)
        assert ".)" not in caught.value.detail
        assert caught.value.__cause__ is lost


async def test_a_cancelled_create_is_not_called_a_lost_answer() -> None:
    with pytest.raises(errors.NotCreatedError) as caught:
        await creation.find_created(Stage(SAME, MISSING), DRAFT)
    assert caught.value.detail.startswith(
        "The create of new_lib was cancelled while the request was under way, and "
    )


@pytest.mark.parametrize(
    "there",
    [
        Library("new_lib", "Another", "for tests"),
        Library("new_lib", "New library", "other data"),
        errors.ConnectionLostError("gone"),
        errors.AuthenticationError("AUTHENTICATION_ERROR"),
    ],
)
async def test_a_lost_answer_and_anything_else_is_said_as_it_is(
    there: Library | errors.FsTuiError,
) -> None:
    stage = Stage(LOST[0], there)
    with pytest.raises(errors.OutcomeUnknownError) as caught:
        await creation.create_library(stage, DRAFT)
    assert caught.value.exit_status == 3
    assert stage.calls == ["create", "library"]


@pytest.mark.parametrize(
    "error",
    [
        errors.ConnectError("refused"),
        errors.TLSError("untrusted"),
        EXISTS,
        errors.LibraryQuotaError("GROUP_EXCEEDED"),
        errors.AuthenticationError("AUTHENTICATION_ERROR"),
        errors.LimitError("CONCURRENCY_LIMIT_EXCEEDED"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_refusal_or_nothing_sent_is_that_error_and_no_question(
    error: errors.FsTuiError,
) -> None:
    stage = Stage(error)
    with pytest.raises(type(error)):
        await creation.create_library(stage, DRAFT)
    assert stage.calls == ["create"]


async def test_group_exist_after_a_lost_answer_is_understood() -> None:
    assert await creation.create_library(Stage(EXISTS, SAME), DRAFT, in_doubt=True) == SAME


@pytest.mark.parametrize("there", [Library("new_lib", "Another"), MISSING])
async def test_group_exist_after_a_lost_answer_stays_when_it_is_another_library(
    there: Library | errors.FsTuiError,
) -> None:
    with pytest.raises(errors.LibraryExistsError):
        await creation.create_library(Stage(EXISTS, there), DRAFT, in_doubt=True)


async def test_group_exist_after_a_lost_answer_is_no_refusal_when_it_cannot_be_looked_at() -> None:
    stage = Stage(EXISTS, errors.DeadlineError("silent"))
    with pytest.raises(
        errors.OutcomeUnknownError, match="exists, perhaps created by the earlier try"
    ):
        await creation.create_library(stage, DRAFT, in_doubt=True)


async def test_create_unless_there_takes_the_same_library_and_says_which() -> None:
    assert await creation.create_unless_there(Stage(SAME), DRAFT) == (SAME, True)
    for version in (None, "s21"):
        draft = DRAFT._replace(model_version=version)
        assert await creation.create_unless_there(Stage(EXISTS, SAME), draft) == (SAME, False)


@pytest.mark.parametrize(
    ("there", "differs"),
    [
        (Library("new_lib", "Another", "for tests"), "name"),
        (Library("new_lib", "New library", "other"), "data"),
        (Library("new_lib", "New library", "for tests", "s20"), "model version"),
    ],
)
async def test_create_unless_there_refuses_another_library(there: Library, differs: str) -> None:
    with pytest.raises(errors.LibraryExistsError) as caught:
        await creation.create_unless_there(
            Stage(EXISTS, there), DRAFT._replace(model_version="s21")
        )
    assert differs in caught.value.detail
    assert caught.value.code == "GROUP_EXIST"
