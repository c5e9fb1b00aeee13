"""When somebody was last here, so that they can be told what changed since. Kept of each account for itself alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from headway.records.models import School, Visit
from headway.services.access import Viewer, require

__all__ = ["FIRST_VISIT_TELLS", "LONGEST_TOLD", "Since", "begin_visit"]

_AWAY = timedelta(minutes=30)
_WRITTEN_EVERY = timedelta(minutes=1)
FIRST_VISIT_TELLS = timedelta(days=7)
"""What a first visit is told: the last days, as there is no visit before it."""

LONGEST_TOLD = timedelta(days=14)
"""However long somebody was away, they are told of no more than these days."""


@dataclass(frozen=True, slots=True)
class Since:
    """From when on somebody is told what changed, and the end of their visit before, if there was one."""

    at: datetime
    last_here: datetime | None


def begin_visit(*, viewer: Viewer, school: School, now: datetime) -> Since:
    """Says that somebody is here, and gives from when on things are new to them.

    Who comes back within half an hour is still on the same visit, and is told of the same days as at its start.
    """
    require(viewer, "ask", school=school, on=now.date())
    before = _visit_before(viewer, school, now) if viewer.user else None
    if before is None:
        return Since(now - FIRST_VISIT_TELLS, None)
    return Since(max(before, now - LONGEST_TOLD), before)


def _visit_before(viewer: Viewer, school: School, now: datetime) -> datetime | None:
    mine = Visit.objects.filter(school=school, user=viewer.user)
    visit = mine.first()
    if visit is None:
        Visit.objects.bulk_create([Visit(school=school, user=viewer.user, seen_at=now)], ignore_conflicts=True)
        return None
    away = now - visit.seen_at
    before = visit.seen_at if away > _AWAY else visit.before
    if away >= _WRITTEN_EVERY:  # only if no other window has just written the same
        mine.filter(seen_at=visit.seen_at).update(seen_at=now, before=before)
    return before
