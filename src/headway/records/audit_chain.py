"""The chain of the audit: entries added one after the other, each with a digest over itself and the one before it.

Whoever changes, removes or slips in an entry later breaks the chain from there on, and `broken` says where. Whoever
writes the whole chain anew is found out by a head that was kept elsewhere (docs/decisions/0012).
"""

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from headway.records.models import AuditEntry, AuditSet, AuditSetPupil
from headway.records.stores import audit_alias, audit_apart

__all__ = ["START", "Broken", "Head", "Line", "append", "broken", "broken_set", "digest_of_pupils", "head", "missing"]

_COLUMNS = (
    "sequence",
    "at",
    "kind",
    "action",
    "by",
    "name",
    "user_id",
    "school_id",
    "place",
    "pupils_id",
    "act",
    "about",
    "detail",
    "digest",
)
_CHUNK = 2000
_LOCK = 7_310_271  # any number that nothing else of Headway's takes a lock by
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Line:
    """What an entry will say; the fields are those of `headway.records.models.AuditEntry`.

    ``pupils`` are the keys of those it is about. ``detail`` holds no name and no mark.
    """

    at: datetime
    kind: str
    action: str
    by: str
    name: str = ""
    user: int | None = None
    school: int | None = None
    place: str = ""
    pupils: frozenset[int] = frozenset()
    act: int | None = None
    about: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the chain at some moment, or any other: its place and its digest."""

    sequence: int
    digest: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry at which a chain does not hold, and what is wrong with it."""

    sequence: int
    wrong: str


START = Head(0, "")
"""What stands before the first entry."""


def append(lines: Sequence[Line]) -> Sequence[int]:
    """Adds entries at the end of the chain, one writer at a time; gives their places.

    A line of an act that is in the chain already is left out.
    """
    if not lines:
        return ()
    alias = audit_alias()
    connection = connections[alias]
    # Within one process writers wait here, in their turn, and not for the file, where the luckiest comes first.
    waiting: AbstractContextManager[Any] = _turn if audit_apart() else nullcontext()
    with waiting, transaction.atomic(using=alias, savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        fresh = _not_told(cursor, lines)
        last, rows = _last(cursor), []
        for line in fresh:
            row, last = _row(cursor, line, last, connection)
            rows.append(row)
        cursor.executemany(_INSERT, rows)
    return [row[0] for row in rows]


def head() -> Head:
    """The last entry there is."""
    with connections[audit_alias()].cursor() as cursor:
        return _last(cursor)


def broken(*, after: Head = START) -> tuple[Head, Broken | None]:
    """Walks the chain from an entry that is known to be sound; gives the last sound one, and where it breaks if so.

    Entries that came since it began are walked too, so that it never ends at a moving one by chance.
    """
    last = after
    while True:
        rows = list(_stored(last.sequence))
        for said in rows:
            found, sequence = said.pop("digest"), said["sequence"]
            said["pupils"] = said.pop("pupils__digest")
            if sequence != last.sequence + 1:
                return last, Broken(last.sequence + 1, "the entry is missing")
            if found != _digest(said, last.digest):
                return last, Broken(sequence, "the entry is not as it was written")
            last = Head(sequence, found)
        if not rows:
            return last, None


def broken_set() -> Broken | None:
    """The first entry whose pupils are not those it was written about; None where all are."""
    members = AuditSetPupil.objects.order_by("audit_set_id", "pupil").values_list("audit_set_id", "pupil")
    digests = {
        key: digest_of_pupils(pupil for _, pupil in rows)
        for key, rows in groupby(members.iterator(chunk_size=_CHUNK), key=lambda row: row[0])
    }
    wrong = [key for key, digest in AuditSet.objects.values_list("pk", "digest") if digests.get(key) != digest]
    if not wrong:
        return None
    first = AuditEntry.objects.filter(pupils_id__in=wrong[:900]).order_by("sequence").first()
    return Broken(first.sequence if first else 0, "the pupils it names are not those it was written about")


def missing(acts: Iterable[int]) -> Sequence[int]:
    """Of some acts, by key and in order, those that are not in the chain."""
    wanted = sorted(acts)
    if not wanted:
        return []
    within = AuditEntry.objects.filter(act__gte=wanted[0], act__lte=wanted[-1])
    told = set(within.values_list("act", flat=True))
    return [act for act in wanted if act not in told]


def digest_of_pupils(pupils: Iterable[int]) -> str:
    """What a set of pupils is known by: the digest of their keys in order."""
    return hashlib.sha256(",".join(map(str, sorted(pupils))).encode()).hexdigest()


_TABLE = AuditEntry._meta.db_table
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_INSERT = f"INSERT INTO {_TABLE} ({_NAMES}) VALUES ({', '.join(['%s'] * len(_COLUMNS))})"  # noqa: S608  # nosec B608
_LAST = f"SELECT sequence, digest FROM {_TABLE} ORDER BY sequence DESC LIMIT 1"  # noqa: S608  # nosec B608
_SET = f"SELECT id FROM {AuditSet._meta.db_table} WHERE digest = %s"  # noqa: S608  # nosec B608
_NEW_SET = f"INSERT INTO {AuditSet._meta.db_table} (digest, n_pupils) VALUES (%s, %s) RETURNING id"  # noqa: S608  # nosec B608
_MEMBER = f"INSERT INTO {AuditSetPupil._meta.db_table} (audit_set_id, pupil) VALUES (%s, %s)"  # noqa: S608  # nosec B608


def _last(cursor: Any) -> Head:
    cursor.execute(_LAST)
    found = cursor.fetchone()
    return Head(*found) if found else START


def _not_told(cursor: Any, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines but for those of acts that another process has told meanwhile."""
    acts = sorted(line.act for line in lines if line.act is not None)
    if not acts:
        return lines
    cursor.execute(f"SELECT act FROM {_TABLE} WHERE act BETWEEN %s AND %s", [acts[0], acts[-1]])  # noqa: S608  # nosec B608
    told = {act for (act,) in cursor.fetchall()}
    return [line for line in lines if line.act is None or line.act not in told]


def _row(cursor: Any, line: Line, last: Head, connection: BaseDatabaseWrapper) -> tuple[tuple[Any, ...], Head]:
    """A line as a row that follows the last one; and what is then the last."""
    pupils, of_pupils = _set(cursor, line.pupils)
    said: dict[str, Any] = {
        "sequence": last.sequence + 1,
        "at": line.at,
        "kind": line.kind,
        "action": _plain(line.action)[:40],
        "by": _plain(line.by)[:200],
        "name": _plain(line.name)[:200],
        "user_id": line.user,
        "school_id": line.school,
        "place": line.place[:60],
        "pupils": of_pupils,
        "act": line.act,
        "about": line.about,
        "detail": _plain(dict(line.detail)),
    }
    digest = _digest(said, last.digest)
    ops = connection.ops
    at, detail = ops.adapt_datetimefield_value(line.at), ops.adapt_json_value(said["detail"], None)
    stored = {**said, "at": at, "detail": detail, "pupils_id": pupils, "digest": digest}
    return tuple(stored[name] for name in _COLUMNS), Head(said["sequence"], digest)


def _set(cursor: Any, pupils: frozenset[int]) -> tuple[int | None, str | None]:
    """The key and the digest of a set of pupils, which is kept the first time it is met."""
    if not pupils:
        return None, None
    digest = digest_of_pupils(pupils)
    cursor.execute(_SET, [digest])
    found = cursor.fetchone()
    if found is None:
        cursor.execute(_NEW_SET, [digest, len(pupils)])
        found = cursor.fetchone()
        cursor.executemany(_MEMBER, [(found[0], pupil) for pupil in sorted(pupils)])
    return found[0], digest


def _stored(after: int) -> Iterator[dict[str, Any]]:
    names = [name for name in _COLUMNS if name != "pupils_id"]
    rows = AuditEntry.objects.filter(sequence__gt=after).order_by("sequence")
    yield from rows.values(*names, "pupils__digest")[:_CHUNK]


def _digest(said: Mapping[str, Any], previous: str) -> str:
    """The digest of an entry's fields and of the entry before it: of one text, whichever database they are from."""
    at = said["at"].astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps({**said, "at": at, "previous": previous}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value as both databases give it back: texts without what they cannot hold, whole numbers, lists, tables."""
    if isinstance(value, bool | int) or value is None:
        return value
    if isinstance(value, Mapping):
        return {_plain(str(name)): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()
