"""The pupils a question is about, and what is known of them beside attainment, as on a day.

Knows nothing of who asks: the pupils it may read are handed to it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Q, QuerySet

from headway.analysis.layout import PUPIL_COLUMNS
from headway.domain.frameworks import Framework, StageTerm
from headway.domain.pupils import CHARACTERISTICS, attendance_band, ethnicity_group, prior_band
from headway.domain.scales import Scale
from headway.domain.terms import AcademicYear, Term, academic_year_of, year_group_in
from headway.records.models import (
    Attendance,
    Characteristic,
    ClassMember,
    GroupMember,
    Placement,
    Pupil,
    Result,
    School,
)

__all__ = ["Roll", "pupil_columns", "read_roll"]

_FEW = 2000


@dataclass(frozen=True, slots=True)
class Roll:
    """The pupils a question is about: on roll on a day, within reach, with the year groups recorded for them."""

    school: School
    framework: Framework
    scales: Mapping[int, Scale]
    as_of: date
    pupils: Sequence[tuple[int, str]]
    placements: Mapping[int, Mapping[AcademicYear, int]]
    narrowed: bool = False

    @property
    def filters(self) -> dict[str, Any]:
        """What to ask the records for: the roll's own pupils where they are few of the school's, else all of it."""
        mine: dict[str, Any] = {"school": self.school}
        if self.narrowed and len(self.pupils) <= _FEW:
            mine["pupil_id__in"] = [pupil for pupil, _ in self.pupils]
        return mine

    def year_group(self, pupil: int, year: AcademicYear) -> int:
        return year_group_in(year, placements=self.placements[pupil])

    def stage_term(self, pupil: int, term: Term) -> StageTerm | None:
        return self.framework.stage_term(term, year_group=self.year_group(pupil, term.year))


def read_roll(
    school: School,
    *,
    pupils: QuerySet[Pupil],
    framework: Framework,
    scales: Mapping[int, Scale],
    as_of: date,
    year_groups: Sequence[int] = (),
) -> Roll:
    """Who is on roll on a day among the pupils within reach; only some year groups, where any are named."""
    still = Q(enrolments__ends__isnull=True) | Q(enrolments__ends__gte=as_of)
    on_roll = pupils.filter(still, enrolments__starts__lte=as_of).distinct().order_by("pk")
    keys = list(on_roll.values_list("pk", "upn"))
    placements: defaultdict[int, dict[AcademicYear, int]] = defaultdict(dict)
    rows = Placement.objects.filter(school=school).values_list("pupil_id", "year__starts_in", "year_group")
    for pupil, starts_in, year_group in rows:
        placements[pupil][AcademicYear(starts_in)] = year_group
    if year_groups:
        year = academic_year_of(as_of)
        keys = [key for key in keys if year_group_in(year, placements=placements[key[0]]) in year_groups]
    return Roll(school, framework, scales, as_of, keys, placements, narrowed=bool(year_groups))


def pupil_columns(roll: Roll, *, term: Term | None) -> dict[str, list[Any]]:
    """What is known of each pupil on a roll: `PUPIL_COLUMNS`, attendance as in a term."""
    keys = [pupil for pupil, _ in roll.pupils]
    year = academic_year_of(roll.as_of)
    held, classes, groups = _characteristics(roll), _classes(roll, year), _groups(roll)
    reg_groups = dict(
        Placement.objects.filter(school=roll.school, year__starts_in=year.starts_in)
        .exclude(reg_group="")
        .values_list("pupil_id", "reg_group")
    )
    bands, priors = _attendance_bands(roll, term), _prior_bands(roll)
    columns: dict[str, list[Any]] = {
        "pupil": keys,
        "upn": [upn for _, upn in roll.pupils],
        "school": [roll.school.dfe] * len(keys),
        "year_group": [roll.year_group(pupil, year) for pupil in keys],
        "reg_group": [reg_groups.get(pupil) for pupil in keys],
        "attendance_band": [bands.get(pupil) for pupil in keys],
        "prior_band": [priors.get(pupil) for pupil in keys],
        "class": [sorted(classes.get(pupil, ())) for pupil in keys],
        "group": [sorted(groups.get(pupil, ())) for pupil in keys],
    }
    for kind in CHARACTERISTICS:
        columns[kind] = [held.get((pupil, kind)) for pupil in keys]
    assert set(columns) == set(PUPIL_COLUMNS)
    return columns


def _characteristics(roll: Roll) -> dict[tuple[int, str], object]:
    """Each pupil's characteristics in force: the latest begun; yes and no as they are, ethnicity as its group."""
    rows = Characteristic.objects.filter(**roll.filters, starts__lte=roll.as_of).order_by("starts")
    found: dict[tuple[int, str], object] = {}
    for pupil, kind, value in rows.values_list("pupil_id", "kind", "value"):
        if CHARACTERISTICS[kind].yes_no:
            found[pupil, kind] = value == "Y"
        else:
            found[pupil, kind] = ethnicity_group(value) if kind == "ethnicity" else value
    return found


def _classes(roll: Roll, year: AcademicYear) -> dict[int, set[str]]:
    rows = ClassMember.objects.filter(
        **roll.filters, teaching_group__school_class__year__starts_in=year.starts_in
    ).values_list("pupil_id", "teaching_group__school_class__code")
    found: defaultdict[int, set[str]] = defaultdict(set)
    for pupil, code in rows:
        found[pupil].add(code)
    return found


def _groups(roll: Roll) -> dict[int, set[str]]:
    begun = Q(starts__isnull=True) | Q(starts__lte=roll.as_of)
    still = Q(ends__isnull=True) | Q(ends__gte=roll.as_of)
    rows = GroupMember.objects.filter(begun, still, **roll.filters).values_list("pupil_id", "group__code")
    found: defaultdict[int, set[str]] = defaultdict(set)
    for pupil, code in rows:
        found[pupil].add(code)
    return found


def _attendance_bands(roll: Roll, term: Term | None) -> dict[int, str | None]:
    """The band of each pupil in a term: from the whole term where it was given so, else from its halves."""
    if term is None:
        return {}
    whole: dict[int, tuple[int, int]] = {}
    halves: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Attendance.objects.filter(**roll.filters, term__code=term.code)
    for pupil, half, possible, attended in rows.values_list("pupil_id", "half_term", "possible", "attended"):
        if half is None:
            whole[pupil] = (possible, attended)
        else:
            halves[pupil].append((possible, attended))
    sums = {pupil: (sum(p for p, _ in each), sum(a for _, a in each)) for pupil, each in halves.items()}
    return {
        pupil: attendance_band(possible=possible, attended=attended)
        for pupil, (possible, attended) in (sums | whole).items()
    }


def _prior_bands(roll: Roll) -> dict[int, str | None]:
    """Bands of Key Stage 1 points, where Key Stage 1 results are levels."""
    stage = next((each for each in roll.framework.key_stages.values() if each.prior_stage == "KS1"), None)
    order = {kind: place for place, kind in enumerate(stage.prior_kinds)} if stage else {}
    best: dict[tuple[int, str], tuple[int, int, Fraction]] = {}
    rows = Result.objects.filter(
        **roll.filters, key_stage="KS1", subject__code__in=["reading", "writing", "mathematics"], rank__isnull=False
    ).values_list("pupil_id", "subject__code", "kind", "year", "scale_id", "grade")
    for pupil, subject, kind, year, scale_id, code in rows:
        grade = roll.scales[scale_id].parse(code)
        if grade.level is None:
            continue
        found = (order.get(kind, len(order)), -(year or 0), grade.points)
        best[pupil, subject] = min(best.get((pupil, subject), found), found)
    points: defaultdict[int, list[Fraction]] = defaultdict(list)
    for (pupil, _), (_, _, each) in best.items():
        points[pupil].append(each)
    return {pupil: prior_band(each) for pupil, each in points.items()}
