"""The history's acts as the audit tells of them: what each did, to whom, and a digest of every revision it made.

The act and its revisions are durable the moment the change is; the chain takes them up later, and from then on nobody
can change or remove one without the chain saying so.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from django.db import connection
from django.db.models import Count, Max

from headway.records.audit_chain import Broken, Line, missing
from headway.records.models import Act, AuditEntry, Revision
from headway.records.stores import audit_apart

__all__ = ["broken_act", "line_of", "n_rows", "untold"]

_CHUNK = 5000
_OUT_OF_ORDER = 1000
"""How far back an act may still be missing where those begun earlier can end later: on PostgreSQL."""


def untold(*, most: int = 200) -> Sequence[Act]:
    """The first acts that are not in the chain yet, in their order."""
    last = AuditEntry.objects.aggregate(last=Max("act"))["last"] or 0
    after = last if audit_apart() else max(0, last - _OUT_OF_ORDER)
    keys = Act.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    wanted = missing(keys[: most + last - after])[:most]
    return list(Act.objects.filter(pk__in=wanted).select_related("person").order_by("pk")) if wanted else []


def n_rows(acts: Sequence[Act]) -> Mapping[int, int]:
    """How many revisions each of some acts made."""
    rows = Revision.objects.filter(act__in=acts).order_by().values_list("act_id").annotate(n=Count("pk"))
    return dict(rows)


def line_of(act: Act) -> Line:
    """What the chain says of an act. Reads its revisions a few thousand at a time, however many there are."""
    digest, records, pupils = _header(act), Counter[str](), set[int]()
    removed: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, row, version, state in _revisions(act.pk):
        _add(digest, kind, row, version, state)
        records[kind] += 1
        if kind == "Pupil":
            pupils.add(row)
        elif state is None:
            removed[kind].append((row, version - 1))
        elif '"pupil_id"' in state:
            pupils.add(json.loads(state)["pupil_id"])
    for kind, rows in removed.items():
        pupils.update(_pupils_before(kind, rows))
    return Line(
        at=act.at,
        kind="changed",
        action=act.kind,
        by=act.by,
        name=act.by,
        user=act.person.user_id if act.person else None,
        school=act.school_id,
        pupils=frozenset(pupils),
        act=act.pk,
        detail={"act": str(act.uid), "records": dict(sorted(records.items())), "digest": digest.hexdigest()},
    )


def broken_act() -> Broken | None:
    """The first entry whose act is not as it was when the chain took it up; None where all are."""
    told = AuditEntry.objects.filter(act__isnull=False).order_by("sequence")
    for chunk in _in_chunks(told.values_list("sequence", "act", "detail").iterator(chunk_size=_CHUNK)):
        acts = Act.objects.in_bulk([act for _, act, _ in chunk])
        for sequence, key, detail in chunk:
            act = acts.get(key)
            if act is None:
                return Broken(sequence, "the change it tells of is gone from the history")
            digest = _header(act)
            for revision in _revisions(key):
                _add(digest, *revision)
            if digest.hexdigest() != detail.get("digest"):
                return Broken(sequence, "the change it tells of is not in the history as it was made")
    return None


def _in_chunks(rows: Iterable[tuple[int, int | None, Any]]) -> Iterator[list[tuple[int, int, Any]]]:
    chunk: list[tuple[int, int, Any]] = []
    for sequence, act, detail in rows:
        chunk.append((sequence, act or 0, detail))
        if len(chunk) == 500:
            yield chunk
            chunk = []
    yield chunk


def _header(act: Act) -> Any:
    """A digest begun with all an act says of itself."""
    at = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [str(act.uid), act.school_id, act.kind, act.person_id, act.by, at, act.why, str(act.request_id)]
    return hashlib.sha256(json.dumps(said).encode())


def _add(digest: Any, kind: str, row: int, version: int, state: str | None) -> None:
    digest.update(f"\n{kind} {row} {version} {state}".encode())


def _revisions(act: int) -> Iterator[tuple[str, int, int, str | None]]:
    """An act's revisions in the order they were written, each state as the database holds it."""
    table, after = Revision._meta.db_table, 0
    text = "state" if connection.vendor == "sqlite" else "state::text"
    statement = (
        f'SELECT id, kind, "row", version, {text} FROM {table} WHERE act_id = %s AND id > %s ORDER BY id LIMIT %s'  # noqa: S608  # nosec B608
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(statement, [act, after, _CHUNK])
            rows = cursor.fetchall()
        for _, *revision in rows:
            yield tuple(revision)
        if len(rows) < _CHUNK:
            return
        after = rows[-1][0]


def _pupils_before(kind: str, rows: Sequence[tuple[int, int]]) -> set[int]:
    """Whose rows were taken away: as the revisions before have it."""
    found: set[int] = set()
    for start in range(0, len(rows), 900):
        wanted = set(rows[start : start + 900])
        before = Revision.objects.filter(kind=kind, row__in=[row for row, _ in wanted], state__isnull=False)
        for row, version, state in before.values_list("row", "version", "state"):
            if (row, version) in wanted and state and "pupil_id" in state:
                found.add(state["pupil_id"])
    return found
