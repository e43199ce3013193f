"""What of our environment the processes that we start are given."""

from __future__ import annotations

import ast
from pathlib import Path

import fs_tui
from fs_tui import environment
from fs_tui.credentials.sources import all_variables

SOURCE = Path(fs_tui.__file__).parent

STARTS = {
    *("Popen", "run", "call", "check_call", "check_output", "getoutput", "getstatusoutput"),
    *("create_subprocess_exec", "create_subprocess_shell", "subprocess_exec", "subprocess_shell"),
}
NEVER = {"system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "execv", "execve"}


def test_no_credential_is_handed_on() -> None:
    ours = {variable.name: "canary" for variable in all_variables()}
    handed = environment.for_children(ours | {"PATH": "/bin", "FS_TUI_API_SECERT": "canary"})
    assert handed == {
        "PATH": "/bin",
        **{variable.name: "canary" for variable in environment.VARIABLES},
    }


def _starts(path: Path) -> list[tuple[ast.Call, str]]:
    """Return the calls in a file that start a process, each with its function's dotted name."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    named = [(call, ast.unparse(call.func)) for call in calls]
    return [
        (call, name)
        for call, name in named
        if name.partition(".")[0] in {"subprocess", "os", "pty"}
        or name.rpartition(".")[2] in {word for word in STARTS if "subprocess" in word}
    ]


def test_every_process_is_started_without_our_credentials() -> None:
    found = 0
    for path in SOURCE.rglob("*.py"):
        for call, name in _starts(path):
            where = f"{path.relative_to(SOURCE)}:{call.lineno}: {name}"
            last = name.rpartition(".")[2]
            assert not (name.startswith("os.") and last in NEVER), where
            if last in STARTS:
                found += 1
                given = {word.arg: ast.unparse(word.value) for word in call.keywords}
                assert given.get("env", "").startswith("environment.for_children("), where
    assert found >= 3
