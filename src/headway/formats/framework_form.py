"""The form of a framework file: YAML text to a tree that knows its lines, checked against the schema.

Knows nothing of what a framework means. Every scalar is read as text: 4, N, No and 5- need no quotation marks.
"""

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, cast

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from headway.formats.refusals import Problem

__all__ = ["Path", "Problems", "Tree", "check_schema", "nearest", "read_tree"]

Path = tuple[str | int, ...]
Tree = Any  # mappings, lists and texts, as the file nests them

_DEEPEST = 12  # a framework nests seven deep; a file that nests without end could stop the program
_LISTED = 20
_LONGEST = 200_000
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass
class Problems:
    """What is wrong with one file so far, and the line each part of it stands on."""

    file: str
    lines: dict[Path, int] = field(default_factory=dict)
    found: dict[Problem, None] = field(default_factory=dict)

    def add(self, path: Path, value: str, wrong: str, right: str) -> None:
        line = next(self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines)
        self.add_at(line, path, value, wrong, right)

    def add_at(self, line: int, path: Path, value: str, wrong: str, right: str) -> None:
        self.found[Problem(self.file, None, line, _place(path) or None, value, wrong, right)] = None


def _place(path: Path) -> str:
    """A place in the file as people are told it: ``scales.nc_levels.grades[3].points``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def nearest(value: str, choices: Iterable[str]) -> str:
    """What would have been right: the choice that is near, else the first of them."""
    choices = list(choices)
    near = difflib.get_close_matches(value, choices, n=1, cutoff=0.6)
    if near:
        return near[0]
    if not choices:
        return "a code that the file defines: it has none yet"
    more = f" and {len(choices) - _LISTED} more" if len(choices) > _LISTED else ""
    return f"one of {', '.join(choices[:_LISTED])}{more}"


# Text to tree


def read_tree(text: str, problems: Problems) -> Tree:
    """The file as mappings, lists and texts, from the parser's events: nothing is resolved, nothing constructed."""
    problems.lines[()] = 1
    if len(text) > _LONGEST:
        problems.add((), "", "the file is too long for a framework", f"at most {_LONGEST} characters")
        return None
    if stray := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, stray.start()) + 1
        problems.add_at(line, (), "", f"the character U+{ord(stray[0]):04X} does not belong in a text", "plain text")
        return None
    events = yaml.parse(text, Loader=_LOADER)
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                tree = _node(next(events), events, (), problems)
                _refuse_a_second_document(events, problems)
                return tree
        problems.add((), "", "the file is empty", "a framework file, beginning with its section framework")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = ", ".join(part for part in (error.context, error.problem) if part)
        right = "keys and values with the spaces in front, colons and brackets of the frameworks that ship"
        problems.add_at(mark.line + 1 if mark else 1, (), "", f"the line cannot be read as YAML ({said})", right)
    except _TooDeep as error:
        problems.add_at(error.line, (), "", "the file nests too deep", f"at most {_DEEPEST} levels")
    return None


class _TooDeep(Exception):
    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)


def _refuse_a_second_document(events: Iterator[yaml.Event], problems: Problems) -> None:
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            line = _line(event)
            problems.add_at(line, (), "---", "starts a second document", "one framework a file")
            return


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _node(event: yaml.Event, events: Iterator[yaml.Event], path: Path, problems: Problems) -> Tree:
    line = _line(event)
    problems.lines.setdefault(path, line)
    if len(path) > _DEEPEST:
        raise _TooDeep(line)
    if isinstance(event, yaml.AliasEvent):
        problems.add_at(line, path, f"*{event.anchor}", "refers to another place", "the values written out here")
        return ""
    if isinstance(event, yaml.ScalarEvent):
        return event.value.strip()
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Tree] = []
        for child in events:
            if isinstance(child, yaml.SequenceEndEvent):
                break
            items.append(_node(child, events, (*path, len(items)), problems))
        return items
    return _mapping(events, path, problems)


def _mapping(events: Iterator[yaml.Event], path: Path, problems: Problems) -> dict[str, Tree]:
    mapping: dict[str, Tree] = {}
    for event in events:
        if isinstance(event, yaml.MappingEndEvent):
            break
        line = _line(event)
        key = _node(event, events, (*path, "?"), problems)
        problems.lines.pop((*path, "?"), None)
        if not isinstance(key, str):
            problems.add_at(line, path, "", "a list or a group of keys stands where a key belongs", "one word")
            key = "?"
        place = (*path, key)
        if key in mapping:
            problems.add_at(line, place, key, f"stands here already, in line {problems.lines[place]}", "each key once")
            _node(next(events), events, (*path, "?"), problems)
            continue
        problems.lines[place] = line
        mapping[key] = _node(next(events), events, place, problems)
    return mapping


# Tree to schema


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    schema = resources.files("headway.formats") / "schemas" / "framework.schema.json"
    return Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def check_schema(tree: Tree, problems: Problems) -> frozenset[Path]:
    """Problems of form; returns the sections and entries that have one, which are not read further."""
    broken: set[Path] = set()
    for error in _validator().iter_errors(tree):
        path: Path = tuple(error.absolute_path)
        schema = cast("dict[str, Any]", error.schema)
        if error.validator == "additionalProperties":
            keys = schema["properties"]
            for key in (key for key in error.instance if key not in keys):
                problems.add((*path, key), key, "is not a key of this part", nearest(key, keys))
        elif error.validator == "required":
            missing = [key for key in schema["required"] if key not in error.instance]
            for key in missing:
                right = f"the key {key} with {_described(schema['properties'][key])}"
                problems.add(path, "", f"the key {key} is missing", right)
            broken |= {path[:2]} if path else {(key,) for key in missing}
        elif "propertyNames" in error.relative_schema_path:
            place = (*path, error.instance)
            problems.add(place, error.instance, "cannot be used as a code here", _described(schema))
            broken.add(place[:2])
        else:
            problems.add(path, error.instance if isinstance(error.instance, str) else "", _wrong(error), _right(error))
            broken.add(path[:2])
    return frozenset(broken)


def _described(part: Mapping[str, Any]) -> str:
    """What the schema says belongs in a part of the file: its description, or its choices."""
    if "$ref" in part:
        return _described(cast("Mapping[str, Any]", _validator().schema)["$defs"][part["$ref"].rpartition("/")[2]])
    if "else" in part:
        return _described(part["else"])
    return str(part["description"]) if "description" in part else f"one of {', '.join(part['enum'])}"


def _right(error: ValidationError) -> str:
    schema = cast("dict[str, Any]", error.schema)
    if error.validator == "enum" and isinstance(error.instance, str):
        return nearest(error.instance, schema["enum"])
    return _described(schema)


_KINDS = {"object": "a group of keys", "array": "a list", "string": "a single value"}
_SENTENCES = {
    "minItems": "the list is too short",
    "maxItems": "the list is too long",
    "uniqueItems": "the list names one thing twice",
    "minProperties": "there is nothing in it",
    "maxProperties": "there are too many keys in it",
    "maxLength": "is too long",
}


def _wrong(error: ValidationError) -> str:
    if error.validator in _SENTENCES:
        return _SENTENCES[str(error.validator)]
    if error.instance == "":
        return "nothing stands here"
    if isinstance(error.instance, str):
        return f"is not {_KINDS[str(error.validator_value)]}" if error.validator == "type" else "cannot be used here"
    return f"{_KINDS['array' if isinstance(error.instance, list) else 'object']} stands here"
