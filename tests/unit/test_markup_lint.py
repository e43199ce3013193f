"""A lint: text that Textual would read as markup is a literal of ours, or not a string at all.

Textual reads markup in whatever string it is given to draw, so one `[/x]` from the service ends the
program and one `[@click=…]` runs an action. Every place of `fs_tui.tui` that hands something to be
drawn is looked at here: it has to be a literal without brackets, a `Content` or `Text` object, or
the call has to say `markup=False`. There is no other way to be right, so nothing has to be guessed.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import pytest

import fs_tui.tui

DRAWN = {
    "Button": ("label",),
    "Checkbox": ("label",),
    "Collapsible": (),
    "DiscoveryHit": ("display", "help"),
    "Hit": ("match_display", "help"),
    "Label": ("content",),
    "Link": ("text",),
    "Markdown": ("markdown",),
    "Option": ("prompt",),
    "RadioButton": ("label",),
    "Static": ("content",),
    "SystemCommand": ("title", "help"),
    "Tab": ("label",),
    "TabPane": ("title",),
    "add_leaf": ("label",),
    "notify": ("message",),
    "update": ("content",),
}
"""What draws its first arguments, and their names."""

BY_NAME = {"tooltip", "border_title", "border_subtitle", "title", "label", "prompt", "help"}
"""Keywords and attributes that are drawn, whoever takes them."""

BY_WHOM = {"DiscoveryHit", "Hit", "SystemCommand", "update"}
"""Where only what is surely a string of others is meant: dictionaries have an `update` too, and
palette entries are made of the labels of our actions."""

DRAWN_ATTRIBUTES = {"tooltip", "border_title", "border_subtitle"}
OBJECTS = {"Content", "Text", "VisualType"}


def _annotation_is_object(annotation: ast.expr | None) -> bool:
    if annotation is None:
        return False
    names = {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}
    names |= {
        node.value
        for node in ast.walk(annotation)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return bool(names & OBJECTS) and not names & {"str", "object"}


class Makers:
    """Which functions of the package return objects and not strings, by their names."""

    def __init__(self, trees: list[ast.Module]) -> None:
        returns: dict[str, list[bool]] = defaultdict(list)
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    returns[node.name].append(_annotation_is_object(node.returns))
        self.names = {name for name, objects in returns.items() if all(objects)}


class Lint(ast.NodeVisitor):
    """Collects the places of one module that hand a string, or what may be one, to be drawn."""

    def __init__(self, path: str, makers: Makers) -> None:
        self.path = path
        self.makers = makers
        self.found: list[str] = []
        self.scopes: list[dict[str, bool]] = [{}]

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        scope = {item.arg: _annotation_is_object(item.annotation) for item in arguments}
        self.scopes.append(scope)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name):
                name = inner.targets[0].id
                scope[name] = scope.get(name, True) and self._safe(inner.value)
        self.generic_visit(node)
        self.scopes.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - ast's way

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in {"from_markup", "visualize"} or _flag(node, "markup") is True:
            self._report(node, f"{name} reads markup")
        elif name in DRAWN and _flag(node, "markup") is not False:
            wanted = {*DRAWN[name], *BY_NAME}
            drawn = node.args[: max(1, len(DRAWN[name]))]
            drawn += [word.value for word in node.keywords if word.arg in wanted]
            for value in drawn:
                if not self._harmless(name, value):
                    self._report(value, f"{name}() draws {ast.unparse(value)}")
        elif name != "notify":
            for word in node.keywords:
                if word.arg == "tooltip" and not self._safe(word.value):
                    self._report(word.value, f"tooltip={ast.unparse(word.value)}")
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if (
                isinstance(target, ast.Attribute)
                and target.attr in DRAWN_ATTRIBUTES
                and not self._safe(node.value)
            ):
                self._report(node, f"{target.attr} = {ast.unparse(node.value)}")
        self.generic_visit(node)

    def _harmless(self, name: str, value: ast.expr) -> bool:
        return not self._foreign(value) if name in BY_WHOM else self._safe(value)

    def _foreign(self, value: ast.expr) -> bool:
        """Say whether this is surely a string that is not ours."""
        if isinstance(value, ast.JoinedStr):
            parts = [part.value for part in value.values if isinstance(part, ast.FormattedValue)]
            return any(self._foreign(part) for part in parts)
        if isinstance(value, ast.BinOp):
            return self._foreign(value.left) or self._foreign(value.right)
        if isinstance(value, ast.Call):
            return _name(value.func) in {"visible", "str", "format", "join", "repr", "escape"}
        return isinstance(value, ast.Name) and self._known(value.id) is False

    def _safe(self, value: ast.expr) -> bool:
        """Say whether this is surely a literal without brackets, or an object."""
        match value:
            case ast.Constant(value=text):
                safe = not isinstance(text, str) or "[" not in text
            case ast.IfExp(body=left, orelse=right) | ast.BinOp(left=left, right=right):
                safe = self._safe(left) and self._safe(right)
            case ast.Call(func=func):
                safe = self._makes_object(func)
            case ast.Name(id=name):
                safe = self._known(name) is True
            case _:
                safe = False
        return safe

    def _makes_object(self, func: ast.expr) -> bool:
        names = []
        while isinstance(func, ast.Attribute):
            names.append(func.attr)
            func = func.value
            if isinstance(func, ast.Call):
                func = func.func
        if isinstance(func, ast.Name):
            names.append(func.id)
        return bool({*names} & OBJECTS) or any(name in self.makers.names for name in names[:1])

    def _known(self, name: str) -> bool | None:
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), None)

    def _report(self, node: ast.expr | ast.stmt, what: str) -> None:
        self.found.append(f"{self.path}:{node.lineno}: {what}")


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _flag(node: ast.Call, name: str) -> object:
    return next(
        (
            word.value.value
            for word in node.keywords
            if word.arg == name and isinstance(word.value, ast.Constant)
        ),
        None,
    )


def lint(sources: dict[str, str]) -> list[str]:
    """Return one line for each place of some modules that may have markup read from a string."""
    trees = {path: ast.parse(source) for path, source in sources.items()}
    makers = Makers(list(trees.values()))
    found = []
    for path, tree in trees.items():
        checker = Lint(path, makers)
        checker.visit(tree)
        found += checker.found
    return found


def test_no_string_of_the_browser_is_read_as_markup() -> None:
    folder = Path(fs_tui.tui.__path__[0])
    sources = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.py")}
    assert len(sources) > 10
    assert lint(sources) == []


@pytest.mark.parametrize(
    "line",
    [
        "Static(text)",
        "Static(f'{text}')",
        "Static(visible(text))",
        "Static('[b]ours[/b]')",
        "Static(content=text)",
        "Label(str(text))",
        "Button(text.upper())",
        "Option(text, id='x')",
        "Tab('a' + text)",
        "self.notify(text)",
        "self.notify('ours', title=text)",
        "self.query_one('#x').update(f'{text}')",
        "self.query_one('#x').update(visible(text))",
        "self.border_title = text",
        "self.border_subtitle = f'{text}'",
        "self.tooltip = visible(text)",
        "Input(tooltip=text)",
        "Content.from_markup(text)",
        "Static(text, markup=True)",
        "tree.add_leaf(text)",
        "Static('ours' if text else text)",
        "SystemCommand(visible(text), 'ours', run)",
        "SystemCommand('ours', f'open {text}', run)",
    ],
)
def test_the_lint_finds(line: str) -> None:
    assert len(lint({"sample.py": f"def show(self, text: str, tree):\n    {line}\n"})) == 1


@pytest.mark.parametrize(
    "line",
    [
        "Static('ours')",
        "Static(Content(text))",
        "Static(Content(text).stylize('bold'))",
        "Static(Content.assemble(text, (text, 'dim')))",
        "Static(Text(text))",
        "Static(text, markup=False)",
        "self.notify(visible(text), markup=False)",
        "self.border_title = Content(visible(text))",
        "Option(made(text))",
        "Static(given)",
        "note = Content(text); self.border_title = note",
        "Static('ours' if text else Content(text))",
        "{}.update(given=1)",
        "self.history.update(self.position)",
        "SystemCommand(action.label, f'Key: {action.key}', run)",
    ],
)
def test_the_lint_lets_pass(line: str) -> None:
    source = (
        f"def show(self, text: str, given: Content):\n    {line}\n"
        "def made(text: str) -> Content:\n    return Content(text)\n"
    )
    assert lint({"sample.py": source}) == []
