"""Transfers that have been: when, whose, what each changed record by record, and whether it was undone."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Count, Q

from headway.domain.terms import year_group_code
from headway.records.models import (
    AcademicYear,
    Group,
    Person,
    Pupil,
    Revision,
    School,
    SchoolClass,
    Subject,
    TeachingGroup,
    Term,
    Transfer,
)
from headway.services.access import NotFoundError, Viewer, fields_seen, require
from headway.services.transfers.draft import action_for

__all__ = ["Change", "PastTransfer", "PastTransfers", "RecordTally", "TransferDetail", "transfer_of", "transfers_of"]

_SHOWN = 200
_LINES = "ProgressTarget"
_REFERENCES: Mapping[str, str] = {
    "pupil_id": "Pupil",
    "person_id": "Person",
    "school_class_id": "SchoolClass",
    "teaching_group_id": "TeachingGroup",
    "group_id": "Group",
    "subject_id": "Subject",
    "term_id": "Term",
    "year_id": "AcademicYear",
}
"""The fields that say what a record is about, in the order they are read out, and the kind of each."""

_PLACES = ("key_stage", "point", "half_term")
_FIRST = ("grade", "mark_code", "kind", "value", "year_group", "reg_group", "starts", "ends")
_NOT_SAID = frozenset({"uid", "user_id", "scale_id", "rank", "units", "given", "parts", "id"})


@dataclass(frozen=True, slots=True)
class PastTransfer:
    """A file that came in, as the history lists it."""

    uid: UUID
    file: str
    kind: str
    at: datetime
    by: str
    why: str
    n_new: int
    n_changed: int
    n_same: int
    n_refused: int
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class PastTransfers:
    """Some of a school's transfers, the newest first, and how many there are."""

    rows: Sequence[PastTransfer]
    n_all: int


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one record: ``what`` it is about, and its values before and after."""

    outcome: Literal["new", "changed", "removed"]
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecordTally:
    """How many records of one kind a transfer made, changed and removed, and the first of them."""

    kind: str
    n_new: int
    n_changed: int
    n_removed: int
    changes: Sequence[Change]


@dataclass(frozen=True, slots=True)
class TransferDetail:
    """A transfer with everything it changed; ``n_lines`` are the lines of progress targets it moved."""

    past: PastTransfer
    records: Sequence[RecordTally]
    n_lines: int


def transfers_of(viewer: Viewer, *, school: School, now: datetime, skip: int = 0, most: int = 50) -> PastTransfers:
    """A school's transfers, the newest first."""
    require(viewer, "import", school=school, on=now.date())
    transfers = Transfer.objects.filter(school=school).select_related("act", "undone_by").order_by("-pk")
    return PastTransfers([_past(each) for each in transfers[skip : skip + most]], transfers.count())


def transfer_of(transfer_id: UUID, *, viewer: Viewer, school: School, now: datetime) -> TransferDetail:
    """A transfer and what it changed."""
    require(viewer, "import", school=school, on=now.date())
    found = Transfer.objects.filter(school=school, uid=transfer_id).select_related("act", "undone_by").first()
    if found is None:
        raise NotFoundError(str(transfer_id))
    require(viewer, action_for(found.kind), school=school, on=now.date())
    hidden = _CONFIDENTIAL if "confidential" not in fields_seen(viewer, school=school, on=now.date()) else {}
    counts = _counts(found)
    order = [kind for kind in _ORDER if kind in counts] + sorted(counts.keys() - {*_ORDER, _LINES})
    records = [
        RecordTally(kind, *counts[kind], _changes(found, kind, viewer=viewer, hidden=hidden.get(kind, ())))
        for kind in order
    ]
    return TransferDetail(_past(found), records, sum(counts.get(_LINES, ())))


_CONFIDENTIAL: Mapping[str, Collection[str]] = {"BehaviourIncident": ("note",)}
"""What only those who see confidential things are told of a record's changes."""

_ORDER = (
    *("Pupil", "Person", "Contact", "Subject", "Assessment", "Result", "Target"),
    *("SchoolClass", "ClassMember", "Group"),
)
"""What people look for first."""


def _past(transfer: Transfer) -> PastTransfer:
    undone = transfer.undone_by
    return PastTransfer(
        uid=transfer.uid,
        file=transfer.file,
        kind=transfer.kind,
        at=transfer.act.at,
        by=transfer.act.by,
        why=transfer.act.why,
        n_new=transfer.n_new,
        n_changed=transfer.n_changed,
        n_same=transfer.n_same,
        n_refused=transfer.n_refused,
        undone_by=undone.by if undone else "",
        undone_at=undone.at if undone else None,
    )


def _counts(transfer: Transfer) -> Mapping[str, tuple[int, int, int]]:
    """Rows of each kind that were made, changed and removed; a row written twice in the act counts once."""
    rows = Count("row", distinct=True)
    made = Count("row", distinct=True, filter=Q(version=1))
    removed = Count("row", distinct=True, filter=Q(state__isnull=True))
    kinds = transfer.act.revisions.order_by().values_list("kind").annotate(rows, made=made, removed=removed)
    return {kind: (n_made, n_rows - n_made - n_removed, n_removed) for kind, n_rows, n_made, n_removed in kinds}


def _changes(transfer: Transfer, kind: str, *, viewer: Viewer, hidden: Collection[str]) -> Sequence[Change]:
    revisions = list(transfer.act.revisions.filter(kind=kind).order_by("pk")[:_SHOWN])
    before = _states_before(kind, revisions)
    for state in (state for each in revisions for state in (each.state, before.get(each.row)) if state):
        for name in hidden:
            state.pop(name, None)
    states = [state for each in revisions for state in (each.state, before.get(each.row)) if state]
    viewer.saw([each.row for each in revisions] if kind == "Pupil" else _pupils_in(states))
    names = _names(transfer, kind, states)
    return [_change(kind, each, before.get(each.row), names) for each in revisions]


def _pupils_in(states: Iterable[Mapping[str, Any]]) -> Iterable[int]:
    return [state["pupil_id"] for state in states if state.get("pupil_id")]


def _states_before(kind: str, revisions: Sequence[Revision]) -> Mapping[int, dict[str, Any]]:
    wanted = {each.row: each.version - 1 for each in revisions if each.version > 1}
    found = Revision.objects.filter(kind=kind, row__in=wanted, version__in=set(wanted.values()))
    return {each.row: each.state for each in found if each.version == wanted[each.row] and each.state is not None}


def _change(kind: str, revision: Revision, before: Mapping[str, Any] | None, names: Mapping[str, str]) -> Change:
    state = revision.state or before or {}
    what = _about(kind, state, names)
    if revision.state is None:
        return Change("removed", what, _said(before or {}, kind=kind), "")
    if before is None:
        return Change("new", what, "", _said(state, kind=kind))
    differing = [name for name in state if state[name] != before.get(name)]
    return Change(
        "changed",
        what,
        _said({name: before.get(name) for name in differing}, kind=kind, blanks=True),
        _said({name: state[name] for name in differing}, kind=kind, blanks=True),
    )


def _about(kind: str, state: Mapping[str, Any], names: Mapping[str, str]) -> str:
    own = [_OWN_NAME[kind](state)] if kind in _OWN_NAME else []
    others = [names.get(f"{_REFERENCES[field]} {state[field]}", "") for field in _REFERENCES if state.get(field)]
    places = [str(state[place]) for place in _PLACES if state.get(place)]
    return " · ".join(part for part in (*own, *others, *places) if part)


def _said(values: Mapping[str, Any], *, kind: str, blanks: bool = False) -> str:
    silent = _NOT_SAID | _REFERENCES.keys() | set(_PLACES)
    said = [
        f"{name.replace('_', ' ')} {_value(name, value)}"
        for name, value in sorted(values.items(), key=_reading_order)
        if name not in silent and not (kind in _OWN_NAME and name in _IN_OWN_NAME and not blanks)
        if blanks or value not in (None, "", [])
    ]
    return ", ".join(said)


def _reading_order(said: tuple[str, object]) -> tuple[int, str]:
    """What matters most first: the two databases give a record's values in different orders."""
    return (_FIRST.index(said[0]) if said[0] in _FIRST else len(_FIRST)), said[0]


def _value(name: str, value: object) -> str:
    if value in (None, "", []):
        return "nothing"
    return year_group_code(value) if name == "year_group" and isinstance(value, int) else str(value)


_IN_OWN_NAME = frozenset({"surname", "forename", "name", "code"})
_OWN_NAME = {
    "Pupil": lambda state: f"{state['surname']}, {state['forename']}",
    "Person": lambda state: f"{state['name']} ({state['code']})",
    "Contact": lambda state: f"{state['name']}, {state['relationship']}",
    "Subject": lambda state: str(state["name"]),
    "SchoolClass": lambda state: str(state["code"]),
    "Group": lambda state: str(state["code"]),
    "Term": lambda state: str(state["code"]),
}


def _names(transfer: Transfer, kind: str, states: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """What the records that others refer to are called, by kind and key; those an undo removed, as they were made."""
    keys: dict[str, set[int]] = {}
    for state in states:
        for field, referred in _REFERENCES.items():
            if state.get(field):
                keys.setdefault(referred, set()).add(state[field])
    names = {f"{referred} {pk}": name for referred, pks in keys.items() for pk, name in _called(referred, pks)}
    for referred in keys.keys() & _OWN_NAME.keys():
        lost = {pk for pk in keys[referred] if f"{referred} {pk}" not in names}
        for each in transfer.act.revisions.filter(kind=referred, row__in=lost, state__isnull=False):
            names[f"{referred} {each.row}"] = _OWN_NAME[referred](each.state)
    return names


def _called(kind: str, pks: Iterable[int]) -> Iterable[tuple[int, str]]:
    if kind == "Pupil":
        rows = Pupil.objects.filter(pk__in=pks).values_list("pk", "surname", "forename")
        return [(pk, f"{surname}, {forename}") for pk, surname, forename in rows]
    if kind == "TeachingGroup":
        groups = TeachingGroup.objects.filter(pk__in=pks).values_list("pk", "school_class__code", "subject__name")
        return [(pk, f"{code} · {subject}") for pk, code, subject in groups]
    if kind == "AcademicYear":
        return [(year.pk, str(year)) for year in AcademicYear.objects.filter(pk__in=pks)]
    if kind in ("Person", "Subject"):
        named = (Person if kind == "Person" else Subject).objects.filter(pk__in=pks)
        return named.values_list("pk", "name")
    models: Mapping[str, type[SchoolClass | Group | Term]] = {"SchoolClass": SchoolClass, "Group": Group, "Term": Term}
    return [(row.pk, row.code) for row in models[kind].objects.filter(pk__in=pks)]
