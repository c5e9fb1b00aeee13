"""The pupils on roll in the sets a school hands things out by: registration groups, and the classes of this year."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from headway.domain.cuts import cut_place
from headway.domain.terms import YearGroup, academic_year_of
from headway.records.models import ClassMember, Enrolment, Placement, Pupil, School, SchoolClass
from headway.services.access import Viewer, pupils_open_to

__all__ = ["PupilSet", "card_pupils", "class_sets", "in_order", "on_roll", "registration_sets"]


@dataclass(frozen=True, slots=True)
class PupilSet:
    """A registration group or class: its code, year group, and the keys of its pupils on roll."""

    code: str
    year_group: YearGroup
    pupils: frozenset[int]


def on_roll(school: School, *, on: date) -> QuerySet[Pupil]:
    """Everybody on roll on a day."""
    spells = Enrolment.objects.filter(Q(ends__isnull=True) | Q(ends__gte=on), school=school, starts__lte=on)
    return Pupil.objects.filter(school=school, pk__in=spells.values("pupil"))


def registration_sets(school: School, *, on: date) -> Mapping[str, PupilSet]:
    """The registration groups of this academic year, or of the last pupils were placed in, by code."""
    placed = Placement.objects.filter(school=school, year__starts_in__lte=academic_year_of(on).starts_in)
    latest = placed.order_by("-year__starts_in").values("year__starts_in")[:1]
    rows = placed.filter(year__starts_in=latest, pupil__in=on_roll(school, on=on)).exclude(reg_group="")
    return _sets(rows.values_list("reg_group", "year_group", "pupil_id"))


def class_sets(school: School, *, on: date) -> Mapping[str, PupilSet]:
    """The classes of this academic year, or of the last that has any, by code."""
    classes = SchoolClass.objects.filter(school=school, year__starts_in__lte=academic_year_of(on).starts_in)
    latest = classes.order_by("-year__starts_in").values("year__starts_in")[:1]
    where = "teaching_group__school_class"
    members = ClassMember.objects.filter(school=school, **{f"{where}__year__starts_in": latest})
    rows = members.filter(pupil__in=on_roll(school, on=on)).distinct()
    return _sets(rows.values_list(f"{where}__code", f"{where}__year_group", "pupil_id"))


def in_order(sets: Collection[PupilSet]) -> Sequence[PupilSet]:
    """Sets as people look for them: by year group, 9 before 10."""
    return sorted(sets, key=lambda each: (each.year_group, cut_place("class", each.code)))


def card_pupils(viewer: Viewer, *, school: School, on: date) -> frozenset[int]:
    """The keys of the pupils on roll whom a viewer may make cards for: everybody, or their own by the policy."""
    reach = pupils_open_to(viewer, "make_pupil_accounts", school=school, on=on)
    return frozenset(reach.filter(pk__in=on_roll(school, on=on)).values_list("pk", flat=True))


def _sets(rows: Iterable[tuple[str, YearGroup, int]]) -> Mapping[str, PupilSet]:
    pupils: defaultdict[str, set[int]] = defaultdict(set)
    year_groups: dict[str, YearGroup] = {}
    for code, year_group, pupil in rows:
        pupils[code].add(pupil)
        year_groups[code] = min(year_group, year_groups.get(code, year_group))
    return {code: PupilSet(code, year_groups[code], frozenset(keys)) for code, keys in pupils.items()}
