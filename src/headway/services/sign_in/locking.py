"""After how long without anybody there a page is locked: fifteen minutes, or what a school has chosen."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from headway.records.models import School
from headway.services import audit
from headway.services.access import Viewer, require

__all__ = ["LONGEST", "SHORTEST", "USUAL", "choose_idle_minutes", "idle_minutes_of", "idle_minutes_to_choose"]

USUAL, SHORTEST, LONGEST = 15, 5, 60
_SETTING = "idle_minutes"


def idle_minutes_of(schools: Sequence[School]) -> int:
    """The minutes that hold for somebody in these schools: the fewest of any."""
    return min((int(school.settings.get(_SETTING, USUAL)) for school in schools), default=USUAL)


def idle_minutes_to_choose(*, school: School, by: Viewer, now: datetime) -> int:
    """The minutes that hold in a school, for whoever may choose them."""
    require(by, "manage_school", school=school, on=now.date())
    return idle_minutes_of([school])


def choose_idle_minutes(minutes: int, *, school: School, by: Viewer, now: datetime) -> None:
    """Chooses after how many minutes the school's pages are locked."""
    require(by, "manage_school", school=school, on=now.date())
    if not SHORTEST <= minutes <= LONGEST:
        raise ValueError(f"{minutes} minutes cannot be chosen. Right would be {SHORTEST} to {LONGEST}.")
    with transaction.atomic():
        row = School.objects.select_for_update().get(pk=school.pk)
        row.settings[_SETTING] = minutes
        row.save(update_fields=["settings"])
        audit.note(school, action="choose idle minutes", by=by, now=now, detail={"minutes": minutes})
