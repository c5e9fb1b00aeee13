"""The kinds of file a school sends and takes: their columns, their keys, and which kind a table is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from headway.domain.pupils import CHARACTERISTICS, check_upn
from headway.domain.roles import parse_roles
from headway.domain.terms import parse_year_group
from headway.formats.cells import (
    Value,
    birthday,
    calendar_year,
    code,
    count,
    day,
    email,
    grade,
    half_term,
    line_up_to,
    lower_code,
    one_of,
    parsed,
    stage,
    stages,
    text,
    whole_number,
    yes_or_no,
)
from headway.formats.tables import Cell, FileRefused, Problem, Table

__all__ = ["KINDS", "OUT_ONLY", "Column", "Kind", "recognise"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a kind: its header, whether a row needs it, and how its cells are read."""

    name: str
    read: Callable[[Cell], Value]
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: its columns in order, and those that together name a row's one cell."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def needed(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.needed)

    @property
    def headers(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def recognise(table: Table, *, as_kind: str | None, term_given: bool, subjects: Mapping[str, str]) -> Kind:
    """The kind a table is: the one named, else by the file's name, else by its headers.

    Raises FileRefused where it is none, or could be two. ``subjects`` are the headers
    that mean a subject of the school: a table with a pupil column and one of them is a wide mark sheet.
    """
    if as_kind is not None:
        return _named(table, as_kind)
    stem = PurePath(table.file).stem.casefold().replace("-", "_")
    by_name = [name for name in (*KINDS, *OUT_ONLY) if stem.startswith(name)]
    if by_name:
        return _named(table, max(by_name, key=len))
    names = frozenset(table.names)
    if is_wide(table, subjects=subjects):
        return KINDS["assessments"]
    fits = [kind for kind in KINDS.values() if _needed(kind, term_given=term_given) <= names]
    fullest = [kind for kind in fits if not any(kind.needed < other.needed for other in fits)]
    if len(fullest) == 1:
        return fullest[0]
    if fullest:
        both = " and ".join(kind.name for kind in fullest)
        wrong = f"its headers fit {both}"
        right = f"a file name that begins with its kind, or --as {' or --as '.join(kind.name for kind in fullest)}"
    else:
        wrong = "its headers fit no kind of file"
        nearest = min(KINDS.values(), key=lambda kind: (len(kind.needed - names), kind.name))
        right = (
            f"the headers of one kind; nearest is {nearest.name}, which needs "
            f"{', '.join(sorted(nearest.needed))} and lacks {', '.join(sorted(nearest.needed - names))}"
        )
    raise FileRefused((Problem(table.file, table.sheet, None, None, ", ".join(table.headers), wrong, right),))


def is_wide(table: Table, *, subjects: Mapping[str, str]) -> bool:
    """Whether a table is a wide mark sheet: a row a pupil, a column a subject."""
    names = frozenset(table.names)
    return "upn" in names and not names & {"subject", "grade"} and bool(names & subjects.keys())


def _named(table: Table, name: str) -> Kind:
    kind = KINDS.get(name)
    if kind is not None:
        return kind
    wrong = f"{name} only goes out" if name in OUT_ONLY else f"there is no kind called {name}"
    right = "results and targets, from which progress targets are worked out" if name in OUT_ONLY else ", ".join(KINDS)
    raise FileRefused((Problem(table.file, table.sheet, None, None, name, wrong, right),))


def _needed(kind: Kind, *, term_given: bool) -> frozenset[str]:
    return kind.needed - {"term"} if term_given else kind.needed


def _kind(name: str, *columns: Column, key: Sequence[str]) -> Kind:
    return Kind(name, columns, tuple(key))


_UPN = Column("upn", parsed(check_upn), needed=True)
_YEAR_GROUP = Column("year_group", parsed(parse_year_group), needed=True)
_SUBJECT = Column("subject", lower_code, needed=True)
_TERM = Column("term", code, needed=True)
_GRADE = Column("grade", grade, needed=True)
_KEY_STAGE = Column("key_stage", stage, needed=True)


def _characteristic(name: str) -> Column:
    return Column(name, parsed(CHARACTERISTICS[name].parse), needed=name == "sex")


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind(
            "pupils",
            _UPN,
            Column("surname", code, needed=True),
            Column("forename", code, needed=True),
            _characteristic("sex"),
            Column("dob", birthday, needed=True),
            _YEAR_GROUP,
            Column("reg_group", code),
            Column("preferred_forename", code),
            Column("admission_number", code),
            Column("enrolled_from", day),
            Column("enrolled_to", day),
            *(_characteristic(name) for name in CHARACTERISTICS if name != "sex"),
            key=["upn"],
        ),
        _kind(
            "subjects",
            _SUBJECT,
            Column("name", code, needed=True),
            Column("key_stages", stages, needed=True),
            Column("scale", code, needed=True),
            Column("judgement", one_of("current", "likely")),
            Column("counts_as", code),
            Column("qualification_number", code),
            Column("gcse_size", code),
            Column("threshold", code),
            key=["subject", "key_stages"],
        ),
        _kind(
            "staff",
            Column("staff", code, needed=True),
            Column("name", code, needed=True),
            Column("email", email, needed=True),
            Column("roles", parsed(parse_roles), needed=True),
            Column("from", day),
            Column("to", day),
            key=["staff"],
        ),
        _kind(
            "contacts",
            _UPN,
            Column("name", line_up_to(200), needed=True),
            Column("relationship", line_up_to(60), needed=True),
            Column("email", email),
            Column("language", line_up_to(60)),
            Column("receives_reports", yes_or_no),
            Column("restricted", yes_or_no),
            Column("from", day),
            Column("to", day),
            key=["upn", "name"],
        ),
        _kind(
            "classes",
            Column("class", code, needed=True),
            _SUBJECT,
            _YEAR_GROUP,
            _UPN,
            Column("teacher", code),
            key=["class", "subject", "upn"],
        ),
        _kind(
            "groups",
            Column("group", code, needed=True),
            _UPN,
            Column("from", day),
            Column("to", day),
            key=["group", "upn", "from"],
        ),
        _kind(
            "results",
            _UPN,
            _KEY_STAGE,
            _SUBJECT,
            _GRADE,
            Column("year", calendar_year),
            Column("kind", one_of("test", "teacher")),
            key=["upn", "key_stage", "subject", "kind", "year"],
        ),
        _kind(
            "assessments",
            _UPN,
            _SUBJECT,
            _TERM,
            _GRADE,
            Column("date", day),
            Column("kind", one_of("current", "likely")),
            Column("by", code),
            Column("comment", text),
            key=["upn", "subject", "term", "kind"],
        ),
        _kind(
            "targets",
            _UPN,
            _SUBJECT,
            _KEY_STAGE,
            _GRADE,
            Column("agreed_on", day),
            Column("agreed_by", code),
            Column("reason", text),
            key=["upn", "subject", "key_stage"],
        ),
        _kind(
            "attendance",
            _UPN,
            _TERM,
            Column("possible", count, needed=True),
            Column("attended", count, needed=True),
            Column("half_term", half_term),
            Column("unauthorised", count),
            key=["upn", "term", "half_term"],
        ),
        _kind(
            "behaviour",
            _UPN,
            Column("date", day, needed=True),
            Column("type", code, needed=True),
            Column("points", whole_number, needed=True),
            Column("note", text),
            key=["upn", "date", "type", "note"],
        ),
    )
}
"""Every kind of file that comes in, by name, with the columns of its file in their order."""

OUT_ONLY: Mapping[str, tuple[str, ...]] = {
    "progress_targets": ("upn", "subject", "term", "points", "decimal", "grade", "target_grade")
}
"""Kinds that only go out."""
