"""One pupil's way through each subject and key stage: every term's judgement beside its progress target.

What a status, a composite or a line is, the domain says; who may look, the page that asks has settled.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from headway.domain.composites import composite
from headway.domain.flags import Flag, a2_fall, a3_rise
from headway.domain.frameworks import Judgement
from headway.domain.scales import Grade, Scale
from headway.domain.status import Status, compare
from headway.domain.terms import AcademicYear, Term, term_of_year
from headway.records.figures import Figure, figure_of, mean_figure
from headway.services.pupil_evidence import LineTerms, PupilEvidence, TargetRow

__all__ = ["Prior", "StageProgress", "StageTarget", "SubjectProgress", "TermProgress", "subjects_of"]


@dataclass(frozen=True, slots=True)
class Prior:
    """What a pupil brought to a key stage: the result as it was given; ``points`` where they compare with the scale."""

    grade: str
    points: Fraction | None
    kind: str
    year: int | None


@dataclass(frozen=True, slots=True)
class StageTarget:
    """A target in force for a key stage's end or a named point; ``from_parts`` marks a composite's, their mean."""

    point: str
    grade: str
    points: Fraction
    agreed_on: date | None = None
    agreed_by: str = ""
    reason: str = ""
    from_parts: bool = False


@dataclass(frozen=True, slots=True)
class TermProgress:
    """One term of a subject: what was judged, where the line was, and one beside the other.

    ``marked`` says a mark that is not a grade in words. ``from_parts`` marks the mean of a composite's parts. ``k``
    counts the line's terms; ``class_code`` is the class the pupil was taught in that year.
    """

    term: Term
    k: int
    grade: str = ""
    points: Fraction | None = None
    mark_code: str = ""
    marked: str = ""
    by: str = ""
    on: date | None = None
    comment: str = ""
    from_parts: bool = False
    expected: str = ""
    expected_points: Fraction | None = None
    starts_here: bool = False
    status: Status = "not_known"
    steps: int | None = None
    gap: Fraction | None = None
    class_code: str = ""
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class StageProgress:
    """A subject in one key stage: all its terms, past and to come, and what they lead from and to.

    ``starts_from`` is where the line leaves prior attainment, in points; None where it starts within the stage.
    """

    key_stage: str
    scale: Scale
    judgement: Judgement
    parts: tuple[str, ...]
    prior: Prior | None
    target: StageTarget | None
    named_targets: tuple[StageTarget, ...]
    starts_from: Fraction | None
    terms: tuple[TermProgress, ...]

    def at(self, term: Term) -> TermProgress | None:
        """What there is of a term; None where it belongs to another key stage."""
        place = term.index - self.terms[0].term.index
        if 0 <= place < len(self.terms) and self.terms[place].term.index == term.index:
            return self.terms[place]
        return next((each for each in self.terms if each.term == term), None)  # a year was spent elsewhere in between

    @property
    def assessed(self) -> Sequence[TermProgress]:
        """The terms with a grade."""
        return [each for each in self.terms if each.grade]


@dataclass(frozen=True, slots=True)
class SubjectProgress:
    """A subject a pupil is or was taught, key stage by key stage."""

    code: str
    name: str
    stages: tuple[StageProgress, ...]

    def stage_at(self, term: Term) -> StageProgress | None:
        """The key stage a term belongs to, where the pupil has the subject in it."""
        return next((stage for stage in self.stages if stage.at(term)), None)

    def at(self, term: Term) -> TermProgress | None:
        """What there is of a term."""
        return next((found for stage in self.stages if (found := stage.at(term))), None)


def subjects_of(evidence: PupilEvidence) -> tuple[SubjectProgress, ...]:
    """Every subject the pupil is or was taught, or has marks or targets in, in the school's order."""
    made: dict[str, list[StageProgress]] = defaultdict(list)
    for key_stage, years in evidence.stage_years.items():
        of_stage = _Stage(evidence, key_stage, _terms(years, evidence))
        for code in of_stage.subjects():
            made[code].append(of_stage.progress(code))
    names = evidence.subject_names
    return tuple(SubjectProgress(code, names[code], tuple(made[code])) for code in names if code in made)


def _terms(years: Iterable[AcademicYear], evidence: PupilEvidence) -> Sequence[Term]:
    dates = evidence.framework.terms
    return [term_of_year(year, number, terms=dates) for year in years for number in range(1, len(dates) + 1)]


@dataclass(frozen=True, slots=True)
class _Stage:
    """A pupil in one key stage."""

    evidence: PupilEvidence
    key_stage: str
    terms: Sequence[Term]

    def subjects(self) -> Sequence[str]:
        """The subjects there is something of, and the composites all of whose parts are among them."""
        evidence, mine = self.evidence, set()
        in_terms, in_years = {term.code for term in self.terms}, {term.year.starts_in for term in self.terms}
        mine |= {code for code, term in evidence.assessed if term in in_terms}
        mine |= {code for code, stage in evidence.lines if stage == self.key_stage}
        mine |= {code for code, stage, _ in evidence.targets if stage == self.key_stage}
        mine |= {code for year, code in evidence.classes if year in in_years}
        found = {code for code in mine if (code, self.key_stage) in evidence.stages}
        for (code, key_stage), stage in evidence.stages.items():
            if key_stage == self.key_stage and stage.parts and set(stage.parts) <= found:
                found.add(code)
        return sorted(found)

    def progress(self, subject: str) -> StageProgress:
        stage = self.evidence.stages[subject, self.key_stage]
        scale = self.evidence.framework.scales[stage.scale]
        line = self.evidence.lines.get((subject, self.key_stage))
        if line is not None and line.laid_on.family != scale.family:
            line = None
        terms = [self._term(subject, scale, line, term, place) for place, term in enumerate(self.terms, start=1)]
        return StageProgress(
            key_stage=self.key_stage,
            scale=scale,
            judgement="likely" if stage.judgement == "likely" else "current",
            parts=tuple(self.evidence.subject_names.get(part, part) for part in stage.parts),
            prior=self._prior(subject, scale),
            target=self._target(subject, scale),
            named_targets=self._named_targets(subject, scale),
            starts_from=Fraction(line.start) if line and line.k0 == 0 and stage.judgement == "current" else None,
            terms=tuple(_with_flags(terms, scale)),
        )

    def _term(self, subject: str, scale: Scale, line: LineTerms | None, term: Term, place: int) -> TermProgress:
        evidence = self.evidence
        given = evidence.assessed.get((subject, term.code))
        judged = self._judged(subject, term)
        k = line.k(term) if line else place
        expected = line.at(k, scale) if line else None
        starts_here = line is not None and expected is not None and line.k0 == k
        against = None if starts_here or expected is None else (expected.rank, expected.points)
        found = compare((judged.rank, judged.points) if judged else None, against, tolerance=evidence.tolerance)
        mark = given.mark_code if given else ""
        return TermProgress(
            term=term,
            k=k,
            grade=judged.grade if judged else "",
            points=judged.points if judged else None,
            mark_code=mark,
            marked=next((each.words for each in scale.mark_codes if each.code == mark), mark),
            by=evidence.staff.get(given.by, given.by) if given else "",
            on=given.on if given else None,
            comment=given.comment if given else "",
            from_parts=judged is not None and (given is None or not given.grade),
            expected=expected.grade if expected else "",
            expected_points=expected.points if expected else None,
            starts_here=starts_here,
            status=found.status,
            steps=found.steps,
            gap=found.gap,
            class_code=evidence.classes.get((term.year.starts_in, subject), ""),
        )

    def _judged(self, subject: str, term: Term) -> Figure | None:
        """The grade given in a term; a composite's, where none was given or marked, from all of its parts."""
        stage = self.evidence.stages.get((subject, self.key_stage))
        if stage is None:
            return None
        scale = self.evidence.framework.scales[stage.scale]
        given = self.evidence.assessed.get((subject, term.code))
        judged = figure_of(scale, given.made_on, given.grade) if given and given.grade else None
        if judged or (given and given.mark_code) or not stage.parts:
            return judged
        return mean_figure({part: self._judged(part, term) for part in stage.parts}, scale)

    def _target(self, subject: str, scale: Scale) -> StageTarget | None:
        """The target for the end of the key stage; a composite's is its parts' mean where each has one."""
        parts = {part: self._own_target(part) for part in self.evidence.stages[subject, self.key_stage].parts}
        mean = mean_figure({part: found[1] if found else None for part, found in parts.items()}, scale)
        if mean:
            return StageTarget(self.key_stage, mean.grade, mean.points, from_parts=True)
        own = self._own_target(subject)
        return self._stage_target(self.key_stage, *own) if own else None

    def _own_target(self, subject: str) -> tuple[TargetRow, Figure] | None:
        stage = self.evidence.stages.get((subject, self.key_stage))
        row = self.evidence.targets.get((subject, self.key_stage, self.key_stage))
        if stage is None or row is None or not self._in_force(row):
            return None
        figure = figure_of(self.evidence.framework.scales[stage.scale], row.made_on, row.grade)
        return (row, figure) if figure else None

    def _stage_target(self, point: str, row: TargetRow, figure: Figure) -> StageTarget:
        agreed_by = self.evidence.staff.get(row.agreed_by, row.agreed_by)
        return StageTarget(point, figure.grade, figure.points, row.agreed_on, agreed_by, row.reason)

    def _named_targets(self, subject: str, scale: Scale) -> tuple[StageTarget, ...]:
        """The targets for points within the key stage, in their order."""
        framework = self.evidence.framework
        rows = [
            (framework.point(point)[1], point, row)
            for (code, key_stage, point), row in self.evidence.targets.items()
            if code == subject and key_stage == self.key_stage != point and self._in_force(row)
        ]
        figures = [
            (point, row, figure_of(scale, row.made_on, row.grade))
            for _, point, row in sorted(rows, key=lambda each: each[0])
        ]
        return tuple(self._stage_target(point, row, figure) for point, row, figure in figures if figure)

    def _in_force(self, row: TargetRow) -> bool:
        return (row.agreed_on or self.terms[0].year.starts) <= self.evidence.today

    def _prior(self, subject: str, scale: Scale) -> Prior | None:
        """Prior attainment as a line takes it: recorded directly, else the mean of the parts."""
        direct = self.evidence.prior(subject, self.key_stage, scale)
        if direct is not None:
            return Prior(direct.grade, direct.points, direct.kind, direct.year)
        prior_stage = self.evidence.framework.key_stages[self.key_stage].prior_stage
        before = self.evidence.stages.get((subject, prior_stage or ""))
        if before is None or not before.parts:
            return None
        parts = {part: self.evidence.prior(part, self.key_stage, scale) for part in before.parts}
        mean = composite({part: found.points if found else None for part, found in parts.items()}, scale=scale)
        return Prior(mean.grade.code, mean.points, "", None) if mean.grade else None


def _with_flags(terms: Sequence[TermProgress], scale: Scale) -> Iterable[TermProgress]:
    """The terms of a key stage with what stands out in each judgement beside the ones before it (A2, A3)."""
    last: Grade | None = None
    last_term: Term | None = None
    for each in terms:
        if not each.grade or each.from_parts:
            yield each
            continue
        grade = scale.spellings[each.grade.casefold()]
        one_before = last if last_term and last_term.index == each.term.index - 1 else None
        found = (a2_fall(grade, last=last), a3_rise(grade, term_before=one_before))
        flags = tuple(flag for flag in found if flag)
        yield replace(each, flags=flags) if flags else each
        last, last_term = grade, each.term
