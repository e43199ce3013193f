"""No widget of ours keeps a thing of its own under a private name that Textual has given another.

One that did had `_running` for a search that goes on, and Textual sets that for each widget that is
on screen: the search seemed to go on before it began, and esc never led out of it.
"""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pkgutil import walk_packages
from textwrap import dedent

import fs_tui.tui

MEANT = {"_mouse", "_repaint_required", "_vertical_scrollbar", "_writer_thread"}
"""What is Textual's, and is set as such."""


def kept(kind: type) -> set[str]:
    """The private names that the methods of a class set on its objects."""
    return {
        node.attr
        for node in ast.walk(ast.parse(dedent(inspect.getsource(kind))))
        if isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and node.attr.startswith("_")
    }


def test_a_widget_keeps_nothing_under_a_private_name_of_textual() -> None:
    modules = [
        import_module(module.name)
        for module in walk_packages(fs_tui.tui.__path__, f"{fs_tui.tui.__name__}.")
    ]
    clashes = {
        (kind.__name__, name)
        for module in modules
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == module.__name__
        for base in kind.__mro__
        if base.__module__.startswith("textual.")
        for name in kept(base) & kept(kind) - MEANT
    }
    assert not clashes
