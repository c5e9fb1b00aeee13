"""Everybody on roll in a school on a day, and where each was in every year: read once for all who ask.

Who may see whom is not known here: what is kept is cut to a viewer's reach by whoever asks (`headway.records.rolls`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from headway.domain.frameworks import Framework, StageTerm
from headway.domain.terms import AcademicYear, Term, year_group_in
from headway.records.freshness import Versions, cohort_of
from headway.records.kept import KEPT
from headway.records.models import Placement, Pupil

__all__ = ["Register", "read_register"]

_BYTES = 2_000
"""What a pupil takes in memory, about: keys, placements, and the key stages worked out in some terms."""


@dataclass(frozen=True, slots=True, eq=False)
class Register:
    """Everybody on roll on a day, each in a place of their own: what else is kept of them stands in the same order.

    Two readings are never equal, so nothing that was read beside one can be laid beside another.
    """

    as_of: date
    pupils: Sequence[tuple[int, str]]
    cohorts: Mapping[int, Sequence[int]]
    places: Mapping[int, int]
    placements: Mapping[int, Mapping[AcademicYear, int]]
    reg_groups: Mapping[tuple[int, int], str]
    _year_groups: dict[AcademicYear, Sequence[int]] = field(default_factory=dict)
    _stage_terms: dict[tuple[Framework, Term], Sequence[StageTerm | None]] = field(default_factory=dict)

    def year_groups(self, year: AcademicYear) -> Sequence[int]:
        """The year group of each pupil in an academic year, by place."""
        if year not in self._year_groups:
            self._year_groups[year] = [
                year_group_in(year, placements=self.placements[pupil]) for pupil, _ in self.pupils
            ]
        return self._year_groups[year]

    def stage_terms(self, term: Term, *, framework: Framework) -> Sequence[StageTerm | None]:
        """Where a term stands in the key stage of each pupil, by place."""
        key = (framework, term)
        if key not in self._stage_terms:
            groups = self.year_groups(term.year)
            found = {group: framework.stage_term(term, year_group=group) for group in set(groups)}
            self._stage_terms[key] = [found[group] for group in groups]
        return self._stage_terms[key]

    def places_of(self, cohorts: Iterable[int]) -> Sequence[int]:
        """The places of the pupils of some cohorts."""
        return [place for cohort in cohorts for place in self.cohorts.get(cohort, ())]


def read_register(school_id: int, *, as_of: date, versions: Versions) -> Register:
    """Everybody on roll in a school on a day."""
    return KEPT.fresh(
        ("register", school_id, as_of),
        versions.of("roll"),
        lambda: _read(school_id, as_of),
        n_bytes=lambda register: _BYTES * len(register.pupils),
    )


def _read(school_id: int, as_of: date) -> Register:
    still = Q(enrolments__ends__isnull=True) | Q(enrolments__ends__gte=as_of)
    on_roll = Pupil.objects.filter(still, school=school_id, enrolments__starts__lte=as_of).distinct().order_by("pk")
    pupils: list[tuple[int, str]] = []
    cohorts: defaultdict[int, list[int]] = defaultdict(list)
    for place, (pupil, upn, dob) in enumerate(on_roll.values_list("pk", "upn", "dob")):
        pupils.append((pupil, upn))
        cohorts[cohort_of(dob)].append(place)
    placements: defaultdict[int, dict[AcademicYear, int]] = defaultdict(dict)
    reg_groups: dict[tuple[int, int], str] = {}
    years: dict[int, AcademicYear] = {}
    rows = Placement.objects.filter(school=school_id)
    for pupil, year, year_group, reg_group in rows.values_list(
        "pupil_id", "year__starts_in", "year_group", "reg_group"
    ):
        placements[pupil][years.setdefault(year, AcademicYear(year))] = year_group
        if reg_group:
            reg_groups[pupil, year] = reg_group
    places = {pupil: place for place, (pupil, _) in enumerate(pupils)}
    return Register(as_of, pupils, dict(cohorts), places, dict(placements), reg_groups)
