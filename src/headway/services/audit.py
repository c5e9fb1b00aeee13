"""The audit: what was done or looked at, by whom and when. Append-only."""

from collections.abc import Mapping
from datetime import datetime

from headway.records.models import AuditEntry, School
from headway.services.access import Viewer

__all__ = ["note"]


def note(school: School | None, *, action: str, by: Viewer, now: datetime, detail: Mapping[str, object]) -> None:
    """Writes one entry. Names and marks stay out of ``detail``: it says what kind of thing, how many, and which id."""
    AuditEntry.objects.create(school=school, at=now, by=by.name, user=by.user, action=action, detail=dict(detail))
