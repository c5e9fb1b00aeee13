"""What somebody should look at: many pupils taken out or looked at, many refusals, a new device. Kept until seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from headway.domain.audit import (
    EXPORT_ALERT,
    LOOKS_ALERT,
    LOOKS_HOURS,
    REFUSALS_ALERT,
    REFUSALS_MINUTES,
)
from headway.records.audit_chain import Line, append
from headway.records.audit_tallies import n_pupils_at_most, n_pupils_looked_at, n_since
from headway.records.models import AuditEntry, School
from headway.services.access import NotFoundError, Viewer, require, sees_whole_school

__all__ = ["Alert", "mark_seen", "unseen_alerts", "watch"]

_AGAIN_AFTER = timedelta(hours=1)
_MOST = 50


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that somebody should look at: what, who, when, and how many pupils or refusals.

    ``what`` is ``mass export``, ``many looks``, ``many refusals`` or ``new device``.
    """

    sequence: int
    what: str
    name: str
    at: datetime
    n: int


def watch(line: Line, sequence: int, *, viewer: Viewer, school: School | None) -> None:
    """Raises an alert where the entry just written gives reason to; at most one of a kind an hour for one person."""
    if line.school is None and line.kind != "refused":
        return
    if line.action == "new device":
        if viewer.user is not None and viewer.user.devices.count() > 1:  # the very first is nothing to look at
            _raise("new device", line, sequence, 1)
    elif line.kind == "exported" and len(line.pupils) > EXPORT_ALERT:
        _raise("mass export", line, sequence, len(line.pupils))
    elif line.kind == "refused" and line.user is not None:
        n = n_since(line.user, "refused", line.at - timedelta(minutes=REFUSALS_MINUTES))
        if n >= REFUSALS_ALERT:
            _raise("many refusals", line, sequence, n)
    elif line.kind == "looked" and line.user is not None and school is not None:
        since = line.at - timedelta(hours=LOOKS_HOURS)
        if n_pupils_at_most(line.user, since) > LOOKS_ALERT and _unusual(line, viewer, school):
            n = n_pupils_looked_at(line.user, since)
            if n > LOOKS_ALERT:
                _raise("many looks", line, sequence, n)


def unseen_alerts(viewer: Viewer, *, school: School, now: datetime) -> Sequence[Alert]:
    """The alerts of a school that nobody has marked as seen, newest first."""
    require(viewer, "see_audit", school=school, on=now.date())
    seen = AuditEntry.objects.filter(kind="seen", about=OuterRef("sequence"))
    rows = AuditEntry.objects.filter(~Exists(seen), kind="alert", school_id=school.pk).order_by("-sequence")[:_MOST]
    return [Alert(row.sequence, row.action, row.name or row.by, row.at, row.detail.get("n", 0)) for row in rows]


def mark_seen(alerts: Sequence[int], *, by: Viewer, school: School, now: datetime) -> int:
    """Marks alerts as seen: who and when is an entry itself. Gives how many were not seen before."""
    require(by, "see_audit", school=school, on=now.date())
    known = {each.sequence for each in unseen_alerts(by, school=school, now=now)}
    standing = AuditEntry.objects.filter(kind="alert", school_id=school.pk, sequence__in=list(alerts)[:_MOST])
    if len(set(alerts)) != standing.count():
        raise NotFoundError("There is no such alert here.")
    fresh = [each for each in dict.fromkeys(alerts) if each in known]
    user, name = (by.user.pk if by.user else None), by.author(school).name
    append(
        [Line(now, "seen", "alert seen", by.name, name=name, user=user, school=school.pk, about=each) for each in fresh]
    )
    return len(fresh)


def _unusual(line: Line, viewer: Viewer, school: School) -> bool:
    """Whether so many are more than somebody's work takes: not of who sees the whole school, unless by a program."""
    return line.action == "api" or not sees_whole_school(viewer, school=school, on=line.at.date())


def _raise(what: str, line: Line, sequence: int, n: int) -> None:
    recent = AuditEntry.objects.filter(kind="alert", action=what, at__gt=line.at - _AGAIN_AFTER, user_id=line.user)
    if what in ("many looks", "many refusals") and recent.filter(school_id=line.school).exists():
        return
    append(
        [
            Line(
                line.at,
                "alert",
                what,
                line.by,
                name=line.name,
                user=line.user,
                school=line.school,
                about=sequence,
                detail={"n": n},
            )
        ]
    )
