"""What a school already has, as a file's rows refer to it: by code, each found once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from headway.domain.frameworks import Framework
from headway.domain.scales import Scale as DomainScale
from headway.domain.terms import FIRST_YEAR_GROUP, LAST_YEAR_GROUP, academic_year_of, year_group_code, year_group_in
from headway.domain.terms import AcademicYear as DomainYear
from headway.domain.terms import Term as DomainTerm
from headway.records.models import (
    AcademicYear,
    Person,
    Placement,
    Pupil,
    School,
    StageSubject,
    Subject,
    Term,
)
from headway.records.versioned import Versioned
from headway.services.access import Viewer
from headway.services.progress_targets import settled_lines
from headway.services.schools import (
    SchoolSettings,
    domain_scales,
    framework_of,
    read_term,
    settings_of,
)
from headway.services.transfers.draft import RefusedRowError

__all__ = ["Registry"]


@dataclass
class Registry:
    """A school's pupils, subjects, terms and people by their codes, for one file.

    ``opened`` are the terms and years used for the first time: to be written before what uses them.
    """

    school: School
    by: Viewer
    now: datetime
    year: DomainYear
    opened: list[Versioned] = field(default_factory=list)
    _terms: dict[str, Term] = field(default_factory=dict)

    @classmethod
    def at(cls, school: School, *, by: Viewer, now: datetime) -> "Registry":
        """The registry of this moment's academic year."""
        return cls(school, by, now, academic_year_of(now.date()))

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def framework(self) -> Framework:
        return framework_of(self.school)

    @cached_property
    def settings(self) -> SchoolSettings:
        return settings_of(self.school)

    @cached_property
    def scales(self) -> Mapping[int, DomainScale]:
        return domain_scales(self.school)

    @cached_property
    def scale_rows(self) -> Mapping[str, int]:
        return dict(self.school.scales.order_by("version").values_list("code", "pk"))

    @cached_property
    def pupils(self) -> dict[str, Pupil]:
        return {pupil.upn: pupil for pupil in Pupil.objects.filter(school=self.school)}

    @cached_property
    def subjects(self) -> dict[str, Subject]:
        return {subject.code: subject for subject in Subject.objects.filter(school=self.school)}

    @cached_property
    def stages(self) -> dict[tuple[int, str], StageSubject]:
        stages = StageSubject.objects.filter(school=self.school).select_related("subject")
        return {(stage.subject_id, stage.key_stage): stage for stage in stages}

    @cached_property
    def people(self) -> dict[str, Person]:
        return {person.code.casefold(): person for person in Person.objects.filter(school=self.school)}

    @cached_property
    def placements(self) -> dict[int, dict[DomainYear, int]]:
        known: dict[int, dict[DomainYear, int]] = {}
        rows = Placement.objects.filter(school=self.school)
        for pupil, starts_in, year_group in rows.values_list("pupil_id", "year__starts_in", "year_group"):
            known.setdefault(pupil, {})[DomainYear(starts_in)] = year_group
        return known

    def pupil(self, upn: object) -> Pupil:
        """The pupil of that number, who must be known already."""
        found = self.pupils.get(str(upn))
        if found is None:
            raise RefusedRowError(
                "upn", "no pupil of this school has that number", "a pupil on the pupils file: import that first"
            )
        return found

    def subject(self, code: object) -> Subject:
        """The subject of that code."""
        found = self.subjects.get(str(code))
        if found is None:
            right = ", ".join(sorted(self.subjects))
            raise RefusedRowError("subject", "the school has no such subject", f"one of {right}")
        return found

    def term(self, code: object) -> Term:
        """The term of that code. One not used before is made, and written with what uses it."""
        said = str(code)
        if said not in self._terms:
            try:
                term = read_term(self.school, said, today=self.today)
            except ValueError as error:
                raise RefusedRowError("term", "it is not a term", _right_of(error)) from None
            self._terms[said] = self._known_terms.get(term.code) or self._unopened(term)
        return self._terms[said]

    def require_open(self, term: Term) -> None:
        """Refuses a change to a term whose collection has closed."""
        if term.closed_at is not None:
            closed = f"its collection closed on {term.closed_at.day} {term.closed_at:%B %Y}"
            right = "a term that is open; the head or assessment manager can reopen it"
            raise RefusedRowError("term", closed, right)

    def _unopened(self, term: DomainTerm) -> Term:
        year = self.year_row(term.year)
        dates = {"starts": term.starts, "ends": term.ends}
        row = Term(school=self.school, year=year, number=term.number, code=term.code, **dates)
        self.opened.append(row)
        return row

    @cached_property
    def _known_terms(self) -> dict[str, Term]:
        return {row.code: row for row in Term.objects.filter(school=self.school).select_related("year")}

    def year_row(self, year: DomainYear | None = None) -> AcademicYear:
        """The record of an academic year (the file's own unless another is named); made if need be."""
        wanted = year or self.year
        if wanted not in self._years:
            self._years[wanted] = AcademicYear(school=self.school, starts_in=wanted.starts_in)
            self.opened.append(self._years[wanted])
        return self._years[wanted]

    @cached_property
    def _years(self) -> dict[DomainYear, AcademicYear]:
        return {DomainYear(row.starts_in): row for row in AcademicYear.objects.filter(school=self.school)}

    def year_group(self, pupil: Pupil, year: DomainYear) -> int:
        """The year group a pupil is in, in an academic year."""
        return year_group_in(year, placements=self.placements[pupil.pk])

    def stage_subject(self, pupil: Pupil, subject: Subject, term: Term) -> StageSubject:
        """What a subject is in the key stage the pupil is in, in a term."""
        year_group = self.year_group(pupil, DomainYear(term.year.starts_in))
        stage = self.framework.stage_of(year_group)
        if stage is None:
            at_school = FIRST_YEAR_GROUP <= year_group <= LAST_YEAR_GROUP
            where = (
                f"in Year {year_group_code(year_group)}, which is in no key stage," if at_school else "not at school"
            )
            right = f"a term in one of {', '.join(self.framework.key_stages)}, or another year group for the pupil"
            raise RefusedRowError("term", f"the pupil is {where} in that term", right)
        return self.subject_in(subject, stage.code)

    def subject_in(self, subject: Subject, key_stage: str) -> StageSubject:
        """What a subject is in a key stage."""
        found = self.stages.get((subject.pk, key_stage))
        if found is None:
            has = (
                ", ".join(stage for (pk, stage) in self.stages if pk == subject.pk) or "none yet: import subjects first"
            )
            raise RefusedRowError(
                "subject", f"the school has no {subject.code} in {key_stage}", f"a key stage it has: {has}"
            )
        return found

    @cached_property
    def settled_lines(self) -> frozenset[tuple[int, int, str]]:
        """The lines no assessment can move."""
        return settled_lines(self.school)

    @cached_property
    def judgements(self) -> frozenset[str]:
        """What the termly judgement says anywhere in the school."""
        return frozenset(stage.judgement for stage in self.stages.values())

    def judgement(self, pupil: Pupil, subject: Subject, term: Term) -> str:
        """What a blank kind of assessment stands for."""
        return self.stage_subject(pupil, subject, term).judgement

    def result_scales(self, stage: StageSubject) -> tuple[str, ...]:
        """The scales a result in a subject's key stage may be given on, its own first."""
        definition = self.framework.subjects.get(stage.subject.code)
        offered = definition.stages if definition else ()
        also = next((each.results_scales for each in offered if each.key_stage == stage.key_stage), ())
        return (stage.scale, *(scale for scale in also if scale != stage.scale))


def _right_of(error: ValueError) -> str:
    return str(error).rpartition("Right would be ")[2].rstrip(".")
