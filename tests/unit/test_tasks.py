"""Tasks are registered before they run, whatever the task factory and however quick the answers."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest

import fs_tui
from fs_tui.faces.filter_language import parse
from fs_tui.faces.listing import FaceListing
from fs_tui.faces.paging.stream import count_faces, stream_faces
from fs_tui.faces.query import Order
from fs_tui.faces.status import Activity
from fs_tui.tasks import deferred, start_task
from tests.unit.fake_gateway import FakeGateway

STARTERS = {"create_task", "ensure_future", "run_worker", "TaskGroup"}
"""What starts a task that may have ended before it is returned."""

ALLOWED = {("tui/app.py", "run_worker"), ("tui/forms/form.py", "run_worker")}
"""Where the framework makes the task; each has to hand over deferred work."""


FACTORIES = [None, *filter(None, [getattr(asyncio, "eager_task_factory", None)])]
"""Python 3.11 has no eager tasks."""


@pytest.fixture(params=FACTORIES, autouse=True)
async def _factory(request: pytest.FixtureRequest) -> None:
    """Play each test with tasks that begin at once too."""
    asyncio.get_running_loop().set_task_factory(request.param)


@pytest.fixture
def gateway() -> FakeGateway:
    """A service that answers without suspending."""
    gateway = FakeGateway(2_500)
    gateway.at_once = True
    return gateway


async def test_a_task_has_not_begun_when_it_is_returned() -> None:
    begun: list[str] = []

    async def work() -> str:
        begun.append("begun")
        return "done"

    task = start_task(work(), name="work")
    assert not begun
    assert not task.done()
    assert await task == "done"


async def test_a_task_that_is_cancelled_at_once_leaves_nothing_behind() -> None:
    begun: list[str] = []

    async def work() -> None:
        begun.append("begun")

    task = start_task(work(), name="work")
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert not begun


async def test_deferred_work_begins_a_turn_later() -> None:
    begun: list[str] = []

    async def work() -> None:
        begun.append("begun")

    task = asyncio.create_task(deferred(work)())
    assert not begun
    await task
    assert begun


async def test_a_service_that_answers_at_once_is_paged(gateway: FakeGateway) -> None:
    listing = FaceListing(gateway, "lib")
    listing.want(0, 30)
    assert await listing.goto(31) == 30
    assert listing.status.loaded
    assert listing.status.in_flight == 0
    assert listing.status.activity is Activity.IDLE
    assert await listing.find_end() == 2_500
    await listing.aclose()


async def test_a_service_that_answers_at_once_is_read_whole(gateway: FakeGateway) -> None:
    listing = FaceListing(gateway, "lib", concurrency=4)
    listing.scan()
    status = await listing.finished()
    assert status.complete
    assert status.loaded == 2_500
    assert listing.status.activity is Activity.IDLE
    await listing.set_filter(parse("user_1"))
    await listing.set_order(Order("user_id", descending=True))
    assert listing.status.view.whole
    assert not listing.status.view.working
    await listing.reload()
    assert (await listing.finished()).complete
    await listing.aclose()


async def test_a_service_that_answers_at_once_is_streamed(gateway: FakeGateway) -> None:
    runs = [run async for run in stream_faces(gateway, "lib", concurrency=4)]
    ends = [run.first + len(run.faces) for run in runs]
    assert [run.first for run in runs] == [1, *ends[:-1]]
    assert ends[-1] == 2_501
    assert await count_faces(gateway, "lib") == 2_500


def test_nothing_else_starts_a_task() -> None:
    root = Path(fs_tui.__file__).parent
    found = {
        (path.relative_to(root).as_posix(), name)
        for path in root.rglob("*.py")
        if path != root / "tasks.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (name := _started(node))
    }
    assert found == ALLOWED, "start it with fs_tui.tasks: it has to be registered before it runs"


def _started(node: ast.AST) -> str:
    """The name by which a piece of code starts a task; empty where it starts none."""
    if isinstance(node, ast.Attribute) and node.attr in STARTERS:
        return node.attr
    if isinstance(node, ast.Name) and node.id in STARTERS:
        return node.id
    if isinstance(node, ast.ImportFrom) and node.module in {"textual", "asyncio"}:
        return next((one.name for one in node.names if one.name in {"work", *STARTERS}), "")
    return ""
