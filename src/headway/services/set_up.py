"""A new school's first minutes: made once, by whoever holds the address of the setting-up page; then step by step.

Says which steps are done and what comes next; what each step's file is, `headway.formats.kinds` knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from headway.domain.cuts import cut_place
from headway.domain.terms import academic_year_of, latest_begun
from headway.records.models import Assessment, Pupil, Result, School, SchoolClass, Target, Teaching, User
from headway.services import audit
from headway.services.access import NotFoundError, Viewer, require
from headway.services.people import add_person
from headway.services.schools import any_school, create_school, framework_of

__all__ = [
    "FirstSheet",
    "NewSchool",
    "Step",
    "first_sheet",
    "require_no_school",
    "set_up_path",
    "set_up_school",
    "steps_of",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of setting up: what it is called, whether it is done, and how much of it is there."""

    name: str
    words: str
    done: bool
    count: int
    optional: bool = False


@dataclass(frozen=True, slots=True)
class NewSchool:
    """What somebody says of a school and of themselves where there is no school yet."""

    name: str
    dfe: str
    framework: str
    administrator: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class FirstSheet:
    """The mark sheet a new school opens first: a class of this year, in the term that has begun."""

    class_code: str
    term: str


def set_up_path() -> str | None:
    """The path of the one-time page on which the first school is made; None once there is a school."""
    return None if any_school() else f"/set-up/{_token()}"


def require_no_school(token: str) -> None:
    """Guards the one-time page: NotFoundError to whoever has not its address, and to all once there is a school."""
    if not constant_time_compare(token, _token()) or any_school():
        raise NotFoundError("set-up")


def set_up_school(new: NewSchool, *, token: str, now: datetime) -> User:
    """Makes the first school and its administrator's account, in one transaction; of two at once, one is refused."""
    by = Viewer(new.administrator.strip(), installer=True)
    with transaction.atomic():
        _wait_for_others()
        require_no_school(token)
        school = create_school(name=new.name, dfe=new.dfe, framework=new.framework, by=by, now=now)
        user = add_person(
            name=new.administrator,
            email=new.email,
            roles="assessment_manager",
            school=school,
            by=by,
            now=now,
            password=new.password,
        )
        audit.note(school, action="set up school", by=by, now=now, detail={"user": str(user.uid)})
    return user


def steps_of(viewer: Viewer, school: School, now: datetime) -> Sequence[Step]:
    """The steps from an empty school to its first mark sheet, in order, each as it stands."""
    require(viewer, "manage_school", school=school, on=now.date())
    of_school = {"school": school}
    n_pupils = Pupil.objects.filter(**of_school).count()
    n_classes = _classes(school, now.date()).count()
    taught = Teaching.objects.filter(teaching_group__school_class__in=_classes(school, now.date())).exists()
    n_results = Result.objects.filter(**of_school).count()
    n_targets = Target.objects.filter(**of_school).count()
    begun = Assessment.objects.filter(**of_school).exists()
    return (
        Step("school", "Name and framework", done=True, count=1),
        Step("pupils", "Pupils", done=n_pupils > 0, count=n_pupils),
        Step("classes", "Staff and classes", done=taught, count=n_classes),
        Step("results", "Prior attainment", done=n_results > 0, count=n_results),
        Step("targets", "Targets", done=n_targets > 0, count=n_targets, optional=True),
        Step("sheet", "The first mark sheet", done=begun, count=int(begun)),
    )


def first_sheet(viewer: Viewer, *, school: School, now: datetime) -> FirstSheet | None:
    """The sheet to open first; None while the school has no class this year."""
    require(viewer, "manage_school", school=school, on=now.date())
    codes = _classes(school, now.date()).filter(teaching_groups__isnull=False).values_list("code", flat=True).distinct()
    term = latest_begun(now.date(), terms=framework_of(school).terms)
    first = min(codes, key=lambda code: cut_place("class", code), default=None)
    return FirstSheet(first, term.code) if first else None


def _classes(school: School, today: date) -> QuerySet[SchoolClass]:
    return SchoolClass.objects.filter(school=school, year__starts_in=academic_year_of(today).starts_in)


def _token() -> str:
    """Follows from the installation's secret alone, so that every start of the server says the same address."""
    return salted_hmac("headway.services.set_up", "the first school", algorithm="sha256").hexdigest()[:40]


def _wait_for_others() -> None:
    """Locks a row that every installation has: of two who set up at once, the second then finds a school."""
    ContentType.objects.select_for_update().order_by("pk").first()
