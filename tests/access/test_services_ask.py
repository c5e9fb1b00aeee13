"""Every service that is told who asks, asks in turn who that is: nothing is handed out or changed on trust.

A walk through the syntax trees: a public function that takes ``viewer`` or ``by`` calls the access module, or another
function of the services that does.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import headway.services
from headway.services import access

FOLDER = Path(next(iter(headway.services.__path__)))
ACCESS = {name for name in access.__all__ if callable(getattr(access, name)) and name[0].islower()} - {"viewer_of"}

TRUSTED: Mapping[str, str] = {
    "people.accounts.require_of_this_school": "says whose account it is, to acts on people that have asked",
    "schools.create_school": "before there is a school there is nobody to ask: for setting up and the command line",
    "schools.open_term": "opens a term for an act that has asked",
    "schools.open_used": "the same, for several",
    "transfers.registry.Registry.at": "reads what a plan refers to, once the plan has asked",
}
"""Functions that take somebody's word, each with why."""

Function = tuple[str, str]
"""A module and the name of a function in it."""


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(FOLDER.rglob("*.py")):
        name = ".".join(file.relative_to(FOLDER).with_suffix("").parts).removesuffix(".__init__")
        if name != "access":
            yield name, ast.parse(file.read_text(encoding="utf-8"))


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.FunctionDef):
                    yield (node.name if each.name == "__init__" else f"{node.name}.{each.name}"), each


def _called(function: ast.FunctionDef) -> set[str]:
    """The names of what a function calls: plain, or of a class, or as methods are called."""
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name):
                    found.add(name)
                case ast.Attribute(value=ast.Name(id="audit" | "history")):
                    continue  # what writes down who did something does not ask whether they may
                case ast.Attribute(value=ast.Name(id=owner), attr=name):
                    found |= {f"{owner}.{name}", name}
                case ast.Attribute(attr=name):
                    found.add(name)
    return found


def _asking() -> tuple[set[str], dict[Function, ast.FunctionDef]]:
    """The names of all functions that ask, themselves or through another; and all functions there are."""
    calls: defaultdict[str, set[str]] = defaultdict(set)
    every = {}
    for module, tree in _trees():
        for name, function in _functions(tree):
            every[module, name] = function
            calls[name] |= _called(function)
    asking = {name for name, called in calls.items() if called & ACCESS}
    while True:
        more = {name for name, called in calls.items() if called & asking} - asking
        if not more:
            return asking, every
        asking |= more


def test_who_is_told_who_asks_asks_who_that_is() -> None:
    asking, every = _asking()
    silent = {
        f"{module}.{name}"
        for (module, name), function in every.items()
        if _is_told(function) and not any(part.startswith("_") for part in name.split(".")) and name not in asking
    }

    assert sorted(silent - TRUSTED.keys()) == [], "neither asks the access module nor is trusted for a reason"
    assert sorted(TRUSTED.keys() - silent) == [], "is trusted for no reason any more"


def _is_told(function: ast.FunctionDef) -> bool:
    said = [*function.args.args, *function.args.kwonlyargs]
    asked = [each.annotation for each in said if each.arg in ("viewer", "by")]
    return any(each is not None and "Viewer" in ast.unparse(each) for each in asked)


def test_no_way_in_reaches_for_the_records_itself() -> None:
    """Not by an import (a contract of the layers), and not by a manager that came along with a row."""
    managers = ("objects", "_default_manager", "_base_manager")
    root = FOLDER.parent
    found = [
        f"{file.relative_to(root)}:{node.lineno}"
        for layer in ("web", "api", "cli", "demo")
        for file in sorted((root / layer).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in managers
    ]

    assert found == []


def test_the_walk_would_notice() -> None:
    tree = ast.parse("def told(*, viewer: Viewer): return rows()\ndef asked(*, by: Viewer): require(by)\n")
    told, asked = (function for _, function in _functions(tree))

    assert _is_told(told) and _is_told(asked)
    assert not _called(told) & ACCESS
    assert _called(asked) & ACCESS
