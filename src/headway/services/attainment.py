"""What is known of a few pupils in a term, subject by subject, read straight from the records.

The rules are those of `headway.records.extracts`, which reads whole schools into columns; a test compares the two.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from headway.domain.frameworks import Framework, StageTerm
from headway.domain.scales import Scale
from headway.domain.status import Comparison, compare
from headway.domain.terms import AcademicYear, Term, year_group_in
from headway.records.curricula import Curriculum, Stage
from headway.records.figures import Figure, figure_of, figure_on_line, mean_figure
from headway.records.models import Assessment, Placement, ProgressTarget, Result, School, Target
from headway.services.schools import domain_scales, framework_of

__all__ = ["Attainment", "Figure", "Judged", "Line", "Places", "compare_figures", "expected_in", "lines_of"]

Key = tuple[int, int]
"""A pupil in a subject, by their records' keys."""

Line = tuple[int, int, str, int, int, int, list[list[int]]]
"""A stored line: pupil, subject, key stage, scale, first year, the term it starts at, its terms."""


class Judged(NamedTuple):
    """A judgement as it stands: hundreds are read for a page, so they are no models."""

    pk: int
    version: int
    pupil: int
    subject: int
    term: str
    kind: str
    scale: int
    grade: str
    mark_code: str
    note: str
    by: str

    @property
    def mark(self) -> str:
        """The grade or the mark code."""
        return self.grade or self.mark_code

    @property
    def token(self) -> str:
        """Its version as a sheet holds it. With the key in it, no cell filled again looks like the one before."""
        return f"{self.pk}.{self.version}"


_JUDGED = (
    "pk", "version", "pupil_id", "subject_id", "term__code", "kind", "scale_id", "grade", "mark_code", "comment", "by"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Places:
    """Where some pupils stand in a term: their key stages, and what each subject is there."""

    framework: Framework
    curriculum: Curriculum
    codes: Mapping[int, str]
    term: Term
    placements: Mapping[int, Mapping[AcademicYear, int]]
    stage_terms: Mapping[int, StageTerm | None]

    @classmethod
    def of(cls, school: School, *, curriculum: Curriculum, pupils: Collection[int], term: Term) -> "Places":
        """Where pupils stand in a term; one nobody has ever placed in a year group stands nowhere."""
        placements: dict[int, dict[AcademicYear, int]] = {}
        rows = Placement.objects.filter(pupil_id__in=pupils)
        for pupil, starts_in, year_group in rows.values_list("pupil_id", "year__starts_in", "year_group"):
            placements.setdefault(pupil, {})[AcademicYear(starts_in)] = year_group
        codes = {subject.pk: code for code, subject in curriculum.subjects.items()}
        return cls(framework_of(school), curriculum, codes, term, placements, {}).in_term(term)

    def in_term(self, term: Term) -> "Places":
        """The same pupils in another term."""
        stage_terms = {
            pupil: self.framework.stage_term(term, year_group=year_group_in(term.year, placements=known))
            for pupil, known in self.placements.items()
        }
        return replace(self, term=term, stage_terms=stage_terms)

    def stage(self, key: Key) -> Stage | None:
        """What a subject is for a pupil in the term; None where it is not taught in their key stage."""
        stage_term = self.stage_terms.get(key[0])
        return self.curriculum.stage(self.codes[key[1]], stage_term.key_stage) if stage_term else None

    def scale(self, key: Key) -> Scale | None:
        """The scale a pupil's marks in a subject are on in the term."""
        stage = self.stage(key)
        return self.framework.scales[stage.scale] if stage else None

    def with_parts(self, subjects: Iterable[int]) -> frozenset[int]:
        """Some subjects, and the parts of those that are composites anywhere."""
        wanted, known = set(subjects), self.curriculum.subjects
        parts = {part for key in wanted for stage in known[self.codes[key]].stages.values() for part in stage.parts}
        return frozenset(wanted | {known[part].pk for part in parts if part in known})

    def figure(self, key: Key, code: str, *, made_on: Scale | None = None) -> Figure | None:
        """A grade on the scale the pupil's subject is on; None where it has no such grade, or none was given."""
        scale = self.scale(key)
        return figure_of(scale, made_on or scale, code) if scale and code else None


@dataclass(frozen=True, slots=True)
class Attainment:
    """Judgements, progress targets, targets and prior attainment of some pupils, read once for any of their terms."""

    school: School
    scales: Mapping[int, Scale]
    judgements: Sequence[Judged]
    lines: Sequence[Line]
    targets: Sequence[tuple[int, int, str, int, str, date | None]] = ()
    results: Sequence[tuple[int, int, str, str, int | None, str, str]] = ()

    @classmethod
    def of(cls, places: Places, *, school: School, subjects: Collection[int], terms: Sequence[Term]) -> "Attainment":
        """Everything a mark sheet shows beside the marks of some terms."""
        some = {"pupil_id__in": list(places.placements), "subject_id__in": places.with_parts(subjects)}
        assessments = Assessment.objects.filter(**some, term__code__in=[term.code for term in terms])
        targets, results = Target.objects.filter(**some), Result.objects.filter(**some)
        return cls(
            school,
            domain_scales(school),
            [Judged(*row) for row in assessments.values_list(*_JUDGED)],
            lines_of(places, subjects),
            list(targets.values_list("pupil_id", "subject_id", "point", "scale_id", "grade", "agreed_on")),
            list(results.values_list("pupil_id", "subject_id", "key_stage", "kind", "year", "grade", "mark_code")),
        )

    def judged(self, places: Places) -> dict[Key, Judged]:
        """Each pupil's judgement in a term, of the kind the subject judges by."""
        found, code = {}, places.term.code
        for row in self.judgements:
            key = (row.pupil, row.subject)
            stage = places.stage(key)
            if row.term == code and stage is not None and stage.judgement == row.kind:
                found[key] = row
        return found

    def compared(self, places: Places, keys: Iterable[Key], *, tolerance: int) -> dict[Key, Comparison]:
        """The status of each pupil in each subject: the judgement beside the progress target (RULES 5)."""
        expected, judged = self.expected(places), self.judged(places)
        graded = {
            key: figure
            for key, row in judged.items()
            if (figure := places.figure(key, row.grade, made_on=self.scales[row.scale]))
        }
        found = {}
        for key in keys:
            row = judged.get(key)
            assessed = graded.get(key) or (None if row and row.mark_code else _mean(places, key, graded))
            line, starts_here = expected.get(key, (None, False))
            found[key] = compare_figures(assessed, None if starts_here else line, tolerance=tolerance)
        return found

    def expected(self, places: Places) -> dict[Key, tuple[Figure, bool]]:
        """Each progress target of a term, and whether the line starts there."""
        return expected_in(places, self.lines, self.scales)

    def aimed(self, places: Places, keys: Iterable[Key], *, as_of: date) -> dict[Key, str]:
        """Each target for the end of the key stage agreed by a day (blank: its start); a composite's is its parts'."""
        found: dict[Key, Figure] = {}
        for pupil, subject, point, scale_id, grade, agreed_on in self.targets:
            stage_term = places.stage_terms.get(pupil)
            if stage_term is None or stage_term.key_stage != point:
                continue
            years_in = (stage_term.k - 1) // len(places.framework.terms)
            figure = places.figure((pupil, subject), grade, made_on=self.scales[scale_id])
            if figure and (agreed_on or places.term.year.after(-years_in).starts) <= as_of:
                found[pupil, subject] = figure
        return {key: figure.grade for key in keys if (figure := _mean(places, key, found) or found.get(key))}

    def prior(self, places: Places) -> dict[Key, str]:
        """Each pupil's prior attainment, as it was given: the best kind of result, the latest of a kind."""
        best: dict[Key, tuple[int, int, str]] = {}
        for pupil, subject, key_stage, kind, year, grade, mark in self.results:
            stage_term = places.stage_terms.get(pupil)
            stage = places.framework.key_stages[stage_term.key_stage] if stage_term else None
            if stage is None or stage.prior_stage != key_stage:
                continue
            kinds = stage.prior_kinds
            place = kinds.index(kind) if kind in kinds else len(kinds)
            found = (place, -(year or 0), grade or mark)
            best[pupil, subject] = min(best.get((pupil, subject), found), found)
        return {key: grade for key, (_, _, grade) in best.items()}


def compare_figures(assessed: Figure | None, expected: Figure | None, *, tolerance: int) -> Comparison:
    """A mark beside a progress target, either of which may be missing."""
    return compare(
        (assessed.rank, assessed.points) if assessed else None,
        (expected.rank, expected.points) if expected else None,
        tolerance=tolerance,
    )


def lines_of(places: Places, subjects: Collection[int]) -> Sequence[Line]:
    """The stored lines of some subjects of the pupils placed."""
    rows = ProgressTarget.objects.filter(
        pupil_id__in=list(places.placements), subject_id__in=places.with_parts(subjects)
    )
    return list(rows.values_list("pupil_id", "subject_id", "key_stage", "scale_id", "first_year", "k0", "terms"))


def expected_in(places: Places, lines: Sequence[Line], scales: Mapping[int, Scale]) -> dict[Key, tuple[Figure, bool]]:
    """The progress target of each line in a term, and whether the line starts there."""
    per_year, found = len(places.framework.terms), {}
    for pupil, subject, key_stage, scale_id, first_year, k0, terms in lines:
        stage_term, scale = places.stage_terms.get(pupil), places.scale((pupil, subject))
        if stage_term is None or stage_term.key_stage != key_stage or scale is None:
            continue
        k = places.term.index - first_year * per_year + 1
        at = next((term for term in terms if term[0] == k), None)
        figure = figure_on_line(scale, scales[scale_id], at[3], at[1], at[2]) if at else None
        if figure is not None:
            found[pupil, subject] = figure, k == k0
    return found


def _mean(places: Places, key: Key, figures: Mapping[Key, Figure]) -> Figure | None:
    """A composite's figure from its parts'; None where a part is missing, or the subject is no composite."""
    stage, scale = places.stage(key), places.scale(key)
    if stage is None or scale is None or not stage.parts:
        return None
    known = places.curriculum.subjects
    parts = {part: figures.get((key[0], known[part].pk)) if part in known else None for part in stage.parts}
    return mean_figure(parts, scale)
