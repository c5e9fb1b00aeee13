"""The access module with one thing wrong at a time: a condition gone, turned round or swapped. Each must be noticed.

A mutant is made from the syntax tree and lives in memory alone: nothing is written, and nobody else imports it.
"""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.access.asking import Check
from tests.access.browsing import put_back
from tests.access.checks import CHECKS
from tests.access.world import World

CHAIN = ("headway.domain.policy", "headway.formats.policy", "headway.services.access")
"""The modules made anew for a mutant, each from those before it."""

MUTATED = ("headway.domain.policy", "headway.services.access")

_TURNED: Mapping[type[ast.cmpop], Sequence[type[ast.cmpop]]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.GtE, ast.LtE),
    ast.LtE: (ast.Gt, ast.Lt),
    ast.Gt: (ast.LtE, ast.GtE),
    ast.GtE: (ast.Lt, ast.Gt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_SWAPPED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}
_NARROWING = frozenset({"filter", "exclude", "Q", "any", "all"})

_SHORTCUT = "a shortcut: it only saves asking for what is known already"
_TWICE = "held twice over: the person, or the pupils asked about, are of the school already"
EQUIVALENT: Mapping[tuple[str, str], str] = {
    ("fields_seen_of", "never: if held.role.fields <= seen: break"): _SHORTCUT,
    ("fields_seen_of", "LtE → Lt: held.role.fields <= seen"): _SHORTCUT,
    ("fields_seen_of", "left out: break"): _SHORTCUT,
    ("taught_by", "without its condition: "): _TWICE,
    ("taught_by", "without school: TeachingGroup.objects.filter(school=school, teachings__person__in=people)"): _TWICE,
    ("_related", "without school: related[relation]().filter(school=school)"): _TWICE,
    ("_years_before", "Sub → Add: day.year - years"): "18 years from a leap year there is no other",
    (
        "_cells_within_reach",
        "without pupil_id__in: ClassMember.objects.filter(teaching_group__in=taught_by(viewer, school=school…",
    ): "what was not asked about is taken out of the answer again",
    ("_family_roles", "never: if viewer.user is None: return ()"): "nobody's family is empty anyway",
}
"""Mutants that nothing can notice, by place and change, each with why."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module: where it is, and what was made of what."""

    module: str
    place: str
    change: str
    way: "Way"
    made: ast.AST

    def tree(self) -> ast.Module:
        """The whole module with the change in it."""
        changed = deepcopy(_tree(self.module))
        _put(changed, self.way, self.made)
        return changed

    @property
    def equivalent(self) -> bool:
        """Whether it makes no difference to anybody, for a reason that is written down."""
        return (self.place, self.change) in EQUIVALENT

    def __str__(self) -> str:
        return f"{self.module}.{self.place}: {self.change}"


def mutants() -> Iterator[Mutant]:
    """Every mutant, in the order of the modules' lines."""
    for module in MUTATED:
        tree = _tree(module)
        for place, way in _nodes(tree):
            node = _at(tree, way)
            for said, made in _changes(node):
                before = ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else ""
                yield Mutant(module, place, f"{said}: {_short(before)}", way, made)


def noticed_by(mutant: Mutant, world: World) -> Check | None:
    """The first check that notices a mutant; None where all of them take it for the real thing."""
    try:
        access = made_anew(mutant)
    except Exception:  # a mutant that cannot even be imported is noticed by everything
        return CHECKS[0]
    for check in CHECKS:
        with put_back():
            try:
                check(access, world)
            except Exception:  # whatever goes wrong, it was noticed
                return check
    return None


def made_anew(mutant: Mutant | None = None) -> ModuleType:
    """The access module read anew from its file, with a mutant in its chain where one is given."""
    kept = {name: sys.modules[name] for name in CHAIN}
    try:
        for name in CHAIN:
            module = ModuleType(name)
            module.__file__ = kept[name].__file__
            module.__spec__ = kept[name].__spec__
            sys.modules[name] = module
            tree = mutant.tree() if mutant and name == mutant.module else _tree(name)
            exec(compile(ast.fix_missing_locations(tree), str(module.__file__), "exec"), module.__dict__)
        return sys.modules[CHAIN[-1]]
    finally:
        sys.modules.update(kept)


@cache
def _tree(module: str) -> ast.Module:
    spec = find_spec(module)
    assert spec is not None and spec.origin is not None
    return ast.parse(Path(spec.origin).read_text(encoding="utf-8"))


Way = tuple[tuple[str, int | None], ...]


def _nodes(tree: ast.Module) -> Iterator[tuple[str, Way]]:
    """Every node inside a function, by the name of what it stands in and the way to it."""

    def walk(node: ast.AST, place: str, path: Way, inside: bool) -> Iterator[tuple[str, Way]]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            place, inside = f"{place}.{node.name}".lstrip("."), isinstance(node, ast.FunctionDef) or inside
        elif inside:
            yield place, path
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list"):
                continue
            if isinstance(value, list):
                for number, each in enumerate(value):
                    if isinstance(each, ast.AST):
                        yield from walk(each, place, (*path, (name, number)), inside)
            elif isinstance(value, ast.AST):
                yield from walk(value, place, (*path, (name, None)), inside)

    yield from walk(tree, "", (), inside=False)


def _at(tree: ast.AST, path: Way) -> Any:
    node: Any = tree
    for name, number in path:
        node = getattr(node, name) if number is None else getattr(node, name)[number]
    return node


def _put(tree: ast.AST, path: Way, made: ast.AST) -> None:
    parent, (name, number) = _at(tree, path[:-1]), path[-1]
    if number is None:
        setattr(parent, name, made)
    else:
        getattr(parent, name)[number] = made


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What one node could wrongly be: a condition or a way to go on, or else what is worked out and called."""
    yield from _other_conditions(node)
    yield from _other_values(node)


def _other_conditions(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=[op]):
            for other in _TURNED.get(type(op), ()):
                yield f"{type(op).__name__} → {other.__name__}", _with(node, ops=[other()])
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"{type(node.op).__name__} → {type(other).__name__}", _with(node, op=other)
            for number, each in enumerate(node.values):
                left = [value for place, value in enumerate(node.values) if place != number]
                yield f"without {_short(ast.unparse(each))}", _with(node, values=left) if len(left) > 1 else left[0]
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield "not turned round", node.operand
        case ast.If() | ast.IfExp():
            yield "always", _with(node, test=ast.Constant(True))
            yield "never", _with(node, test=ast.Constant(False))
        case ast.comprehension(ifs=[_, *_]):
            yield "without its condition", _with(node, ifs=[])


def _other_values(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.BinOp() if type(node.op) in _SWAPPED:
            other_op = _SWAPPED[type(node.op)]
            yield f"{type(node.op).__name__} → {other_op.__name__}", _with(node, op=other_op())
        case ast.AugAssign() if type(node.op) in _SWAPPED:
            yield "the other way", _with(node, op=_SWAPPED[type(node.op)]())
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _NARROWING:
            yield from _looser_calls(node, name)
        case ast.Expr(value=ast.Call()) | ast.Break() | ast.Continue():
            yield "left out", ast.Pass()
        case ast.Constant(value=str() as text) if text.startswith("-"):
            yield "the other order", ast.Constant(text[1:])
        case ast.Constant(value=bool() as value):
            yield f"{value} → {not value}", ast.Constant(not value)


def _looser_calls(node: ast.Call, name: str) -> Iterator[tuple[str, ast.AST]]:
    """A filter with each of its conditions gone; any for all."""
    if name in ("any", "all"):
        yield f"{name} → the other", _with(node, func=ast.Name("all" if name == "any" else "any", ast.Load()))
        return
    for number, keyword in enumerate(node.keywords):
        left = [each for place, each in enumerate(node.keywords) if place != number]
        yield f"without {keyword.arg}", _with(node, keywords=left)
    for number, each in enumerate(node.args):
        args = [value for place, value in enumerate(node.args) if place != number]
        yield f"without {_short(ast.unparse(each))}", _with(node, args=args)


def _with(node: Any, **changed: object) -> Any:
    """A node as it is, but for some of it."""
    return type(node)(**{**dict(ast.iter_fields(node)), **changed})


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:77]}…"
