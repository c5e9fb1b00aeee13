"""A term's collection: closed, its marks and progress targets are history; reopened, they may change again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from headway.records import history
from headway.records.models import School, Term
from headway.services import audit
from headway.services.access import Viewer, require
from headway.services.schools import open_term, read_term

__all__ = ["Collection", "close", "collections_of", "reopen"]


@dataclass(frozen=True, slots=True)
class Collection:
    """A term as its collection stands: how many judgements it holds, and since when it is closed."""

    term: str
    n_assessments: int
    closed_at: datetime | None


def collections_of(viewer: Viewer, *, school: School, now: datetime) -> Sequence[Collection]:
    """Every term the school has used, oldest first."""
    require(viewer, "ask", school=school, on=now.date())
    terms = Term.objects.filter(school=school).annotate(n=Count("assessments")).order_by("starts")
    return [Collection(term.code, term.n, term.closed_at) for term in terms]


def close(term: str, *, school: School, by: Viewer, now: datetime) -> None:
    """Closes a term's collection; closing one that is closed changes nothing."""
    _set(term, closed_at=now, school=school, by=by, now=now)


def reopen(term: str, *, school: School, by: Viewer, now: datetime) -> None:
    """Opens a term's collection again."""
    _set(term, closed_at=None, school=school, by=by, now=now)


def _set(term: str, *, closed_at: datetime | None, school: School, by: Viewer, now: datetime) -> None:
    require(by, "close_collection", school=school, on=now.date())
    row = open_term(school, read_term(school, term, today=now.date()), by=by, now=now)
    if (row.closed_at is None) == (closed_at is None):
        return
    row.closed_at = closed_at
    with transaction.atomic():
        kind = "reopen collection" if closed_at is None else "close collection"
        act = history.begin(school, kind=kind, by=by.author(school), at=now)
        history.record(act, changed=[row])
        audit.note(school, action=kind, by=by, now=now, detail={"term": row.code})
