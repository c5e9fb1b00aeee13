"""The pupils a question is about, and what is known of them beside attainment, as on a day.

Knows nothing of who asks: the pupils it may give are handed to it. What it reads is kept for all of a school and cut
to those pupils each time.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from headway.analysis.layout import PUPIL_COLUMNS
from headway.domain.frameworks import Framework, StageTerm
from headway.domain.pupils import CHARACTERISTICS, attendance_band, ethnicity_group, prior_band
from headway.domain.scales import Scale
from headway.domain.terms import AcademicYear, Term, academic_year_of
from headway.records.curricula import Curriculum, read_curriculum
from headway.records.freshness import Kind, Versions
from headway.records.kept import KEPT
from headway.records.models import Attendance, Characteristic, ClassMember, GroupMember, Pupil, Result, School
from headway.records.registers import Register, read_register

__all__ = ["Columns", "Roll", "pupil_columns", "read_roll"]

_FEW = 2000
_Read = Callable[[], Mapping[str, Sequence[Any]]]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Some columns of everybody on a register, in its order. Two readings are never equal, as of registers."""

    series: Mapping[str, pl.Series]

    @property
    def n_bytes(self) -> int:
        return sum(int(each.estimated_size()) for each in self.series.values())


@dataclass(frozen=True, slots=True)
class Roll:
    """The pupils a question is about: on roll on a day, within reach, with the year groups recorded for them.

    ``register`` holds everybody, whoever asks; only what is about ``pupils`` may be shown.
    """

    school: School
    framework: Framework
    scales: Mapping[int, Scale]
    as_of: date
    pupils: Sequence[tuple[int, str]]
    register: Register
    curriculum: Curriculum
    versions: Versions
    narrowed: bool = False

    @property
    def placements(self) -> Mapping[int, Mapping[AcademicYear, int]]:
        """The year groups recorded for each pupil, by academic year."""
        return self.register.placements

    @property
    def filters(self) -> dict[str, Any]:
        """What to ask the records for: the roll's own pupils where they are few of the school's, else all of it."""
        mine: dict[str, Any] = {"school": self.school}
        if self.narrowed and len(self.pupils) <= _FEW:
            mine["pupil_id__in"] = [pupil for pupil, _ in self.pupils]
        return mine

    def year_group(self, pupil: int, year: AcademicYear) -> int:
        return self.register.year_groups(year)[self.register.places[pupil]]

    def year_groups(self, year: AcademicYear) -> frozenset[int]:
        """The year groups the roll's pupils are in, in an academic year."""
        found, places = self.register.year_groups(year), self.register.places
        return frozenset(found[places[pupil]] for pupil, _ in self.pupils) if self.narrowed else frozenset(found)

    def of_year_groups(self, year_groups: Sequence[int]) -> "Roll":
        """The roll's pupils who are in some year groups; all of them where none is named."""
        if not year_groups:
            return self
        groups, places = self.register.year_groups(academic_year_of(self.as_of)), self.register.places
        mine = [each for each in self.pupils if groups[places[each[0]]] in year_groups]
        return replace(self, pupils=mine, narrowed=len(mine) < len(self.register.pupils))

    def stage_term(self, pupil: int, term: Term) -> StageTerm | None:
        """Where a term stands in a pupil's key stage; None for one who is not on roll."""
        place = self.register.places.get(pupil)
        return None if place is None else self.register.stage_terms(term, framework=self.framework)[place]

    def key_stages(self, term: Term) -> frozenset[str]:
        """The key stages the roll's pupils are in, in a term."""
        stages = (self.framework.stage_of(group) for group in self.year_groups(term.year))
        return frozenset(stage.code for stage in stages if stage)


def read_roll(
    school: School,
    *,
    pupils: QuerySet[Pupil] | Collection[int] | None,
    framework: Framework,
    scales: Mapping[int, Scale],
    as_of: date,
    year_groups: Sequence[int] = (),
    versions: Versions | None = None,
) -> Roll:
    """Who is on roll on a day among the pupils within reach; only some year groups, where any are named.

    ``pupils`` are those within reach, or their keys; None where that is everybody. ``versions`` are those that a page
    has read already, so that all it shows stands on one moment.
    """
    versions = versions or Versions(school.pk)
    register = read_register(school.pk, as_of=as_of, versions=versions)
    curriculum = read_curriculum(school.pk, versions=versions)
    everybody = Roll(school, framework, scales, as_of, register.pupils, register, curriculum, versions)
    if pupils is None:
        return everybody.of_year_groups(year_groups)
    within = set(pupils.values_list("pk", flat=True) if isinstance(pupils, QuerySet) else pupils)
    mine = [each for each in register.pupils if each[0] in within]
    return replace(everybody, pupils=mine, narrowed=len(mine) < len(register.pupils)).of_year_groups(year_groups)


def pupil_columns(roll: Roll, *, term: Term | None) -> Sequence[Columns]:
    """What is known of everybody on the roll's register: `PUPIL_COLUMNS`, attendance as in a term."""
    year = academic_year_of(roll.as_of)
    parts: list[tuple[str, tuple[Kind, ...], _Read]] = [
        ("pupils", (), lambda: _pupils(roll, year)),
        ("characteristics", ("characteristics",), lambda: _characteristics(roll)),
        ("class", ("classes",), lambda: {"class": _codes(roll, _classes(roll, year))}),
        ("group", ("groups",), lambda: {"group": _codes(roll, _groups(roll))}),
        (f"attendance {term}", ("attendance",), lambda: _attendance_bands(roll, term)),
        ("priors", ("results", "subjects"), lambda: _prior_bands(roll)),
    ]
    return [
        KEPT.fresh(
            ("pupil columns", roll.school.pk, roll.as_of, name),
            (roll.register, roll.framework, roll.school.dfe, *roll.versions.of(*kinds)),
            partial(_as_columns, read),
            n_bytes=lambda columns: columns.n_bytes,
        )
        for name, kinds, read in parts
    ]


def _as_columns(read: _Read) -> Columns:
    return Columns({name: pl.Series(name, each, dtype=PUPIL_COLUMNS[name]) for name, each in read().items()})


def _pupils(roll: Roll, year: AcademicYear) -> Mapping[str, Sequence[Any]]:
    register = roll.register
    keys = [pupil for pupil, _ in register.pupils]
    return {
        "pupil": keys,
        "upn": [upn for _, upn in register.pupils],
        "school": [roll.school.dfe] * len(keys),
        "year_group": register.year_groups(year),
        "reg_group": [register.reg_groups.get((pupil, year.starts_in)) for pupil in keys],
    }


def _by_place(roll: Roll, found: Mapping[int, Any]) -> list[Any]:
    return [found.get(pupil) for pupil, _ in roll.register.pupils]


def _codes(roll: Roll, found: Mapping[int, set[str]]) -> list[list[str]]:
    return [sorted(found.get(pupil, ())) for pupil, _ in roll.register.pupils]


def _characteristics(roll: Roll) -> Mapping[str, Sequence[Any]]:
    """Each pupil's characteristics in force: the latest begun; yes and no as they are, ethnicity as its group."""
    found: dict[str, dict[int, object]] = {kind: {} for kind in CHARACTERISTICS}
    rows = Characteristic.objects.filter(school=roll.school, starts__lte=roll.as_of).order_by("starts")
    for pupil, kind, value in rows.values_list("pupil_id", "kind", "value"):
        if CHARACTERISTICS[kind].yes_no:
            found[kind][pupil] = value == "Y"
        else:
            found[kind][pupil] = ethnicity_group(value) if kind == "ethnicity" else value
    return {kind: _by_place(roll, held) for kind, held in found.items()}


def _classes(roll: Roll, year: AcademicYear) -> Mapping[int, set[str]]:
    rows = ClassMember.objects.filter(
        school=roll.school, teaching_group__school_class__year__starts_in=year.starts_in
    ).values_list("pupil_id", "teaching_group__school_class__code")
    found: defaultdict[int, set[str]] = defaultdict(set)
    for pupil, code in rows:
        found[pupil].add(code)
    return found


def _groups(roll: Roll) -> Mapping[int, set[str]]:
    begun = Q(starts__isnull=True) | Q(starts__lte=roll.as_of)
    still = Q(ends__isnull=True) | Q(ends__gte=roll.as_of)
    rows = GroupMember.objects.filter(begun, still, school=roll.school).values_list("pupil_id", "group__code")
    found: defaultdict[int, set[str]] = defaultdict(set)
    for pupil, code in rows:
        found[pupil].add(code)
    return found


def _attendance_bands(roll: Roll, term: Term | None) -> Mapping[str, Sequence[Any]]:
    """The band of each pupil in a term: from the whole term where it was given so, else from its halves."""
    whole: dict[int, tuple[int, int]] = {}
    halves: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = Attendance.objects.filter(school=roll.school, term__code=term.code if term else "")
    for pupil, half, possible, attended in rows.values_list("pupil_id", "half_term", "possible", "attended"):
        if half is None:
            whole[pupil] = (possible, attended)
        else:
            halves[pupil].append((possible, attended))
    sums = {pupil: (sum(p for p, _ in each), sum(a for _, a in each)) for pupil, each in halves.items()}
    bands = {
        pupil: attendance_band(possible=possible, attended=attended)
        for pupil, (possible, attended) in (sums | whole).items()
    }
    return {"attendance_band": _by_place(roll, bands)}


def _prior_bands(roll: Roll) -> Mapping[str, Sequence[Any]]:
    """Bands of Key Stage 1 points, where Key Stage 1 results are levels."""
    stage = next((each for each in roll.framework.key_stages.values() if each.prior_stage == "KS1"), None)
    order = {kind: place for place, kind in enumerate(stage.prior_kinds)} if stage else {}
    best: dict[tuple[int, str], tuple[int, int, Fraction]] = {}
    rows = Result.objects.filter(
        school=roll.school,
        key_stage="KS1",
        subject__code__in=["reading", "writing", "mathematics"],
        rank__isnull=False,
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
    return {"prior_band": _by_place(roll, {pupil: prior_band(each) for pupil, each in points.items()})}
