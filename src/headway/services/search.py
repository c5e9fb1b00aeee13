"""Finding a pupil or a class from anywhere, among those the viewer reaches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from headway.domain.cuts import cut_place
from headway.domain.pupils import name_words
from headway.domain.terms import academic_year_of, latest_begun
from headway.records.models import Placement, Pupil, School, SchoolClass
from headway.services.access import Viewer, pupils_within_reach, require
from headway.services.schools import framework_of

__all__ = ["Found", "FoundClass", "FoundPupil", "search"]

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class FoundPupil:
    """A pupil whose name fits, with where they are now."""

    key: int
    uid: UUID
    name: str
    reg_group: str
    here: bool


@dataclass(frozen=True, slots=True)
class FoundClass:
    """A class of this year whose code fits, and whether it is in a key stage: only there are marks given by term."""

    code: str
    year_group: int
    marked: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What fits, the term it is, and whether there is more of it than was asked for."""

    pupils: Sequence[FoundPupil]
    classes: Sequence[FoundClass]
    term: str
    more: bool


def search(text: str, *, viewer: Viewer, school: School, now: datetime, most: int = 50) -> Found:
    """The pupils and classes a text fits: every word begins a name, in any order; or begins the class's code.

    Pupils on roll come before those who have left.
    """
    require(viewer, "ask", school=school, on=now.date())
    term = latest_begun(now.date(), terms=framework_of(school).terms).code
    words = text[:_LONGEST].replace(",", " ").split()
    if not words:
        return Found((), (), term, more=False)
    reach = pupils_within_reach(viewer, school=school, on=now.date())
    pupils = _pupils(reach, words, school=school, now=now, most=most + 1)
    viewer.saw(pupil.key for pupil in pupils[:most])
    classes = _classes(reach, text.strip(), school=school, now=now, most=most + 1)
    return Found(pupils[:most], classes[:most], term, more=len(pupils) > most or len(classes) > most)


def _pupils(
    reach: QuerySet[Pupil], words: Sequence[str], *, school: School, now: datetime, most: int
) -> list[FoundPupil]:
    fits = Q()
    for word in words:
        begins = Q()
        for name in ("surname", "forename", "preferred_forename"):
            begins |= Q(**{f"{name}__istartswith": word}) | Q(**{f"{name}__icontains": f" {word}"})
            begins |= Q(**{f"{name}__icontains": f"-{word}"})
        fits &= begins
    today, year = now.date(), academic_year_of(now.date())
    rows = list(reach.filter(fits).order_by("surname", "forename", "pk")[: 4 * most])
    keys = [pupil.pk for pupil in rows]
    still = Q(enrolments__ends__isnull=True) | Q(enrolments__ends__gte=today)
    here = set(Pupil.objects.filter(still, pk__in=keys, enrolments__starts__lte=today).values_list("pk", flat=True))
    placed = Placement.objects.filter(pupil__in=keys, school=school, year__starts_in=year.starts_in)
    groups = dict(placed.values_list("pupil_id", "reg_group"))
    found = [
        FoundPupil(
            pupil.pk,
            pupil.uid,
            name_words(pupil.surname, pupil.forename, pupil.preferred_forename),
            groups.get(pupil.pk, ""),
            pupil.pk in here,
        )
        for pupil in sorted(rows, key=lambda each: each.pk not in here)
    ]
    return found[:most]


def _classes(reach: QuerySet[Pupil], text: str, *, school: School, now: datetime, most: int) -> list[FoundClass]:
    year = academic_year_of(now.date())
    rows = SchoolClass.objects.filter(
        school=school,
        year__starts_in=year.starts_in,
        code__istartswith=text,
        teaching_groups__members__pupil__in=reach.values("pk"),
    ).distinct()
    framework = framework_of(school)
    found = [
        FoundClass(each.code, each.year_group, marked=framework.stage_of(each.year_group) is not None)
        for each in rows[: 4 * most]
    ]
    return sorted(found, key=lambda each: cut_place("class", each.code))[:most]
