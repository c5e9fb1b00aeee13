"""What may stand in an address after the question mark: each parameter with its words, its schema, how it is read."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from headway.api.problems import Place, ProblemError, shown
from headway.domain.problems import nearest
from headway.domain.terms import parse_year_group
from headway.services.listings import ON_ROLL

__all__ = [
    "ACADEMIC_YEAR",
    "CLASS",
    "CURSOR",
    "GROUP",
    "LIMIT",
    "MOST_ITEMS",
    "PUPIL",
    "SCHOOL",
    "SUBJECT",
    "TERM",
    "USUAL_ITEMS",
    "WITH_ON_ROLL",
    "YEAR_GROUP",
    "Parameter",
    "read_parameters",
]

USUAL_ITEMS, MOST_ITEMS = 100, 500
_LONGEST = 200
_MANY = 20


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``read`` raises ValueError where ``right`` is what would be right."""

    name: str
    words: str
    read: Callable[[str], Any]
    right: str
    schema: Mapping[str, object]


def read_parameters(query: QueryDict, known: Sequence[Parameter]) -> Mapping[str, Any]:
    """What was asked for, by name; raises ProblemError with all that is wrong, unless it is very much."""
    by_name = {each.name: each for each in known}
    unknown = [name for name in query if name not in by_name][:_MANY]
    wrong = [Place(f"query.{shown(name)[1:-1]}", _unknown(name, by_name)) for name in unknown]
    if wrong:
        raise ProblemError("unknown_parameter", places=wrong)
    asked = {}
    for name, values in query.lists():
        try:
            asked[name] = _read(by_name[name], values)
        except ValueError as error:
            said = str(error) or f"{shown(values[-1])} cannot be the {name}."
            wrong.append(Place(f"query.{name}", f"{said} Right would be {by_name[name].right}."))
    if wrong:
        raise ProblemError("unknown_value", places=wrong)
    return asked


def _read(parameter: Parameter, values: Sequence[str]) -> Any:
    if len(values) > 1:
        raise ValueError(f"{parameter.name} stands there {len(values)} times.")
    text = values[0]
    if len(text) > _LONGEST or not text.isprintable():
        raise ValueError(f"{shown(text)} cannot be the {parameter.name}.")
    try:
        return parameter.read(text)
    except ValueError:
        raise ValueError(f"{shown(text)} cannot be the {parameter.name}.") from None


def _unknown(name: str, known: Mapping[str, Parameter]) -> str:
    if not known:
        return f"There is no parameter {shown(name)} here. Right would be none."
    likely = nearest(name[:_LONGEST], known.keys())
    right = likely or f"one of {', '.join(known)}"
    return f"There is no parameter {shown(name)} here. Right would be {right}."


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _digits(text: str) -> str:
    if not re.fullmatch(r"[0-9]{7}", text):
        raise ValueError
    return text


def _uuid(text: str) -> UUID:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise ValueError
    return UUID(text)


def _limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_ITEMS:
        raise ValueError
    return int(text)


def _on_roll(text: str) -> str:
    if text not in ON_ROLL:
        raise ValueError
    return text


_CODE = {"type": "string", "minLength": 1, "maxLength": _LONGEST}
_ID = {"type": "string", "format": "uuid"}

SCHOOL = Parameter(
    "school",
    "The DfE number of the school; needed only where the owner of the token works in several.",
    _digits,
    "the seven digits of a DfE number, such as 8231234",
    {"type": "string", "pattern": "^[0-9]{7}$"},
)
LIMIT = Parameter(
    "limit",
    f"How many items a page holds: {USUAL_ITEMS} unless said, {MOST_ITEMS} at most.",
    _limit,
    f"a number from 1 to {MOST_ITEMS}",
    {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS, "default": USUAL_ITEMS},
)
CURSOR = Parameter(
    "cursor",
    "Where the page begins. It stands in the `next` of the page before; nothing else is right.",
    _text,
    "the one in the `next` of the page before, with the same parameters",
    _CODE,
)
ACADEMIC_YEAR = Parameter(
    "academic_year",
    "The academic year, such as 2026-27; this one unless said.",
    _text,
    "an academic year, such as 2026-27",
    {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
)
YEAR_GROUP = Parameter(
    "year_group",
    "Only pupils on roll who are in this year group today: N1, N2, R or 1 to 14.",
    parse_year_group,
    "N1, N2, R or a number from 1 to 14",
    {"type": "string", "pattern": "^(N1|N2|R|[1-9]|1[0-4])$"},
)
CLASS = Parameter(
    "class",
    "Only pupils of the class of this code: of the term's academic year where there is a term, else of this one.",
    _text,
    "the code of a class, such as 5A",
    _CODE,
)
GROUP = Parameter("group", "Only pupils who are in this group today.", _uuid, "the id of a group", _ID)
PUPIL = Parameter("pupil", "Only those of this pupil.", _uuid, "the id of a pupil", _ID)
SUBJECT = Parameter(
    "subject", "Only those in the subject of this code.", _text, "the code of a subject, such as reading", _CODE
)
TERM = Parameter(
    "term",
    "Only those of this term. Without it those of all terms, for which the token needs the scope export.",
    _text,
    "the code of a term, such as 2026-27-autumn",
    _CODE,
)
WITH_ON_ROLL = Parameter(
    "on_roll",
    "Pupils on roll today (yes, unless said), all others (no), or both (any).",
    _on_roll,
    "one of " + ", ".join(ON_ROLL),
    {"type": "string", "enum": list(ON_ROLL), "default": "yes"},
)
