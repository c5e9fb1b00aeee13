"""The only door through which a versioned row changes: each act writes rows, their new versions and their revisions.

Knows nothing of who may: services decide that before they come here.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import ProtectedError

from headway.records.freshness import bump
from headway.records.models import (
    AcademicYear,
    Act,
    Assessment,
    Attendance,
    BehaviourIncident,
    Characteristic,
    ClassMember,
    Contact,
    Enrolment,
    Group,
    GroupMember,
    Person,
    Placement,
    ProgressTarget,
    Pupil,
    Release,
    Result,
    Revision,
    Role,
    School,
    SchoolClass,
    StageSubject,
    Subject,
    Target,
    Teaching,
    TeachingGroup,
    Term,
)
from headway.records.versioned import Versioned, history_writes

__all__ = ["BuiltOnError", "StaleWriteError", "begin", "record", "state_of", "undo"]

WRITE_ORDER: Sequence[type[Versioned]] = (
    AcademicYear,
    Term,
    Subject,
    StageSubject,
    Person,
    Role,
    Pupil,
    Enrolment,
    Placement,
    Characteristic,
    Contact,
    Release,
    SchoolClass,
    TeachingGroup,
    Teaching,
    ClassMember,
    Group,
    GroupMember,
    Result,
    Assessment,
    Target,
    ProgressTarget,
    Attendance,
    BehaviourIncident,
)
"""Models so ordered that a row comes after what it refers to."""

_KINDS: Mapping[str, type[Versioned]] = {model.__name__: model for model in WRITE_ORDER}
_NOT_STATE = frozenset({"id", "school_id", "version"})
_FIELDS: Mapping[type[Versioned], tuple["models.Field[Any, Any]", ...]] = {
    model: tuple(field for field in model._meta.concrete_fields if field.attname not in _NOT_STATE)
    for model in WRITE_ORDER
}


class StaleWriteError(Exception):
    """Rows were changed by somebody else after they were read; nothing was written."""

    def __init__(self, rows: Sequence[Versioned]) -> None:
        self.rows = rows
        super().__init__(f"{len(rows)} rows have changed since they were read")


class BuiltOnError(Exception):
    """An act cannot be undone, because later acts changed its rows or refer to them; nothing was written."""

    def __init__(self, later: Sequence[Act]) -> None:
        self.later = later
        said = "; ".join(f"{act.kind} by {act.by} on {act.at:%d %B %Y at %H:%M}" for act in later[:5])
        super().__init__(
            f"It cannot be undone, because later changes build on it: {said or 'other records refer to it'}."
        )


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something, as it is written down: a person of the school where there is one, and always a name."""

    name: str
    person: Person | None = None


def begin(school: School, *, kind: str, by: Author, at: datetime, why: str = "", request_id: UUID | None = None) -> Act:
    """Opens an act. Call it inside the transaction that writes the rows."""
    return Act.objects.create(
        school=school, kind=kind, by=by.name, person=by.person, at=at, why=why, request_id=request_id
    )


def record(
    act: Act,
    *,
    new: Iterable[Versioned] = (),
    changed: Iterable[Versioned] = (),
    removed: Iterable[Versioned] = (),
) -> None:
    """Writes rows as one act, or none of them.

    ``changed`` and ``removed`` rows carry the version they were read at; a row that has moved on since raises
    StaleWriteError. Each written row gets its next version and a revision with its state, and what is kept in memory
    of such rows is out of date as soon as the transaction ends (`headway.records.freshness`).
    """
    with transaction.atomic():
        bump(_write(act, new=new, changed=changed, removed=removed))


def state_of(row: Versioned) -> dict[str, Any]:
    """A row's state as a revision keeps it."""
    return {field.attname: getattr(row, field.attname) for field in _FIELDS[type(row)]}


def undo(act: Act, *, as_act: Act) -> int:
    """Puts back every row an act wrote as it was before, as another act; gives how many.

    Raises BuiltOnError where a later act has changed one of its rows, or refers to a row it made.
    """
    new: list[Versioned] = []
    changed: list[Versioned] = []
    removed: list[Versioned] = []
    revisions = _first_and_last(act)
    with transaction.atomic():
        later: set[int] = set()
        for kind, rows in revisions.items():
            model = _KINDS[kind]
            now = {row.pk: row for row in _in_chunks(model, list(rows))}
            before = _states_before(kind, {pk: first for pk, (first, _) in rows.items()})
            for pk, (_, last) in rows.items():
                row = now.get(pk)
                if (row.version if row else None) != (last.version if last.state is not None else None):
                    later.add(pk)
                    continue
                _put_back(model, row, act.school_id, pk, last.version, before.get(pk), new, changed, removed)
            if later:
                raise BuiltOnError(_acts_since(act, kind, later))
        try:
            bump([*_write(as_act, changed=changed, removed=removed), *_restore(as_act, new)])
        except ProtectedError as error:
            raise BuiltOnError(_acts_that_made(error.protected_objects)) from error
    return len(new) + len(changed) + len(removed)


def _write(
    act: Act,
    *,
    new: Iterable[Versioned] = (),
    changed: Iterable[Versioned] = (),
    removed: Iterable[Versioned] = (),
) -> list[Versioned]:
    """Writes rows and their revisions; gives all it wrote, and as they stood those it changed or removed."""
    by_model = _by_model(new), _by_model(changed), _by_model(removed)
    with history_writes():
        before = _standing([*by_model[1].values(), *by_model[2].values()])
        for model in reversed(WRITE_ORDER):
            _remove(act, model, by_model[2].get(model, ()))
        for model in WRITE_ORDER:
            fresh, moved = by_model[0].get(model, []), by_model[1].get(model, [])
            if fresh:
                model._default_manager.bulk_create(fresh)
            if moved:
                _update(model, moved)
            _revise(act, model, [*fresh, *moved])
    return [*before, *(row for rows in by_model for each in rows.values() for row in each)]


def _by_model(rows: Iterable[Versioned]) -> dict[type[Versioned], list[Versioned]]:
    grouped: defaultdict[type[Versioned], list[Versioned]] = defaultdict(list)
    for row in rows:
        grouped[type(row)].append(row)
    return grouped


def _in_chunks(model: type[Versioned], pks: Sequence[int], *, lock: bool = False) -> Iterable[Versioned]:
    for start in range(0, len(pks), 900):
        rows = model._default_manager.filter(pk__in=pks[start : start + 900]).order_by("pk")
        yield from rows.select_for_update() if lock else rows


def _standing(lots: Iterable[Sequence[Versioned]]) -> list[Versioned]:
    """The rows of each model as they stand, locked; raises StaleWriteError with those that moved on since."""
    found: list[Versioned] = []
    stale: list[Versioned] = []
    for rows in lots:
        expected = {row.pk: row.version for row in rows}
        standing = {row.pk: row for row in _in_chunks(type(rows[0]), sorted(expected), lock=True)}
        found.extend(standing.values())
        stale.extend(
            standing.get(row.pk, row)
            for row in rows
            if row.pk not in standing or standing[row.pk].version != expected[row.pk]
        )
    if stale:
        raise StaleWriteError(stale)
    return found


def _update(model: type[Versioned], rows: Sequence[Versioned]) -> None:
    for row in rows:
        row.version += 1
    names = [field.name for field in _FIELDS[model]]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=[*names, "version"]
    )


def _remove(act: Act, model: type[Versioned], rows: Sequence[Versioned]) -> None:
    pks = [row.pk for row in rows]
    for start in range(0, len(pks), 900):
        model._default_manager.filter(pk__in=pks[start : start + 900]).delete()
    _write_revisions(act, model, [(row.pk, row.version + 1, None) for row in rows])


def _revise(act: Act, model: type[Versioned], rows: Sequence[Versioned]) -> None:
    names = [field.attname for field in _FIELDS[model]]
    states = ({name: getattr(row, name) for name in names} for row in rows)
    written = [
        (row.pk, row.version, json.dumps(state, default=str, separators=(",", ":")))
        for row, state in zip(rows, states, strict=True)
    ]
    _write_revisions(act, model, written)


def _write_revisions(act: Act, model: type[Versioned], revisions: Sequence[tuple[int, int, str | None]]) -> None:
    """As many as the rows of an import, and nothing here reads them back: past the mapper they are twice as fast."""
    if not revisions:
        return
    names = ("school_id", "act_id", "kind", "row", "version", "state")
    quoted = [connection.ops.quote_name(name) for name in (Revision._meta.db_table, *names)]
    marks = ", ".join(["%s"] * len(names))
    insert = f"INSERT INTO {quoted[0]} ({', '.join(quoted[1:])}) VALUES ({marks})"  # noqa: S608  # nosec B608
    about = (act.school_id, act.pk, model.__name__)
    with connection.cursor() as cursor:
        cursor.executemany(insert, [(*about, *revision) for revision in revisions])


def _first_and_last(act: Act) -> dict[str, dict[int, tuple[int, Revision]]]:
    """For every row an act wrote: the version it first made, and the last revision it made."""
    found: defaultdict[str, dict[int, tuple[int, Revision]]] = defaultdict(dict)
    for revision in act.revisions.order_by("version"):
        first, _ = found[revision.kind].get(revision.row, (revision.version, None))
        found[revision.kind][revision.row] = (first, revision)
    return found


def _states_before(kind: str, first_versions: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    pks = [pk for pk, version in first_versions.items() if version > 1]
    states: dict[int, dict[str, Any]] = {}
    for start in range(0, len(pks), 900):
        for revision in Revision.objects.filter(kind=kind, row__in=pks[start : start + 900]):
            if revision.version == first_versions[revision.row] - 1 and revision.state is not None:
                states[revision.row] = revision.state
    return states


def _put_back(
    model: type[Versioned],
    row: Versioned | None,
    school_id: int,
    pk: int,
    version: int,
    state: Mapping[str, Any] | None,
    new: list[Versioned],
    changed: list[Versioned],
    removed: list[Versioned],
) -> None:
    if state is None:
        if row is not None:
            removed.append(row)
        return
    values = {field.attname: field.to_python(state[field.attname]) for field in _FIELDS[model]}
    if row is None:
        new.append(model(id=pk, school_id=school_id, version=version + 1, **values))
        return
    for name, value in values.items():
        setattr(row, name, value)
    changed.append(row)


def _restore(act: Act, rows: Sequence[Versioned]) -> Sequence[Versioned]:
    """Rows that were removed come back under their old keys, with the next version of their history."""
    with history_writes():
        by_model = _by_model(rows)
        for model in WRITE_ORDER:
            if model in by_model:
                model._default_manager.bulk_create(by_model[model])
                _revise(act, model, by_model[model])
    return rows


def _acts_that_made(rows: Iterable[models.Model]) -> list[Act]:
    """The acts in which rows first came to be, each once, in their order."""
    keys: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        keys[type(row).__name__].append(row.pk)
    acts: set[int] = set()
    for kind, pks in keys.items():
        for start in range(0, len(pks), 900):
            made = Revision.objects.filter(kind=kind, row__in=pks[start : start + 900], version=1)
            acts.update(made.values_list("act_id", flat=True).distinct())
    return list(Act.objects.filter(pk__in=acts).order_by("pk"))


def _acts_since(act: Act, kind: str, rows: Iterable[int]) -> list[Act]:
    revisions = Revision.objects.filter(kind=kind, row__in=list(rows)[:900], act_id__gt=act.pk).select_related("act")
    acts = {revision.act_id: revision.act for revision in revisions}
    return [acts[pk] for pk in sorted(acts)]
