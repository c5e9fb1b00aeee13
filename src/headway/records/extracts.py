"""Rows turned into columns: the pupil-row frame every analysis reads. What a value means is the domain's to say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import polars as pl
from django.db.models import Q

from headway.analysis.layout import layout_schema, slice_column
from headway.domain.composites import composite
from headway.domain.frameworks import StageTerm
from headway.domain.rounding import thousandths
from headway.domain.scales import NotOnScale, Scale
from headway.domain.status import compare
from headway.domain.terms import Term
from headway.records.models import (
    Assessment,
    ProgressTarget,
    StageSubject,
    Subject,
    Target,
)
from headway.records.rolls import Roll, pupil_columns

__all__ = ["pupil_frame"]


@dataclass(frozen=True, slots=True, eq=False)
class _Figure:
    """A grade somebody has on a basis: its rank, whole grade, exact points, their thousandths and its code.

    Few differ in a school, so each is made once and compared with each other once.
    """

    rank: int
    whole: int
    points: Fraction
    milli: int
    grade: str


def pupil_frame(roll: Roll, *, slices: Sequence[tuple[str, Term]]) -> pl.DataFrame:
    """The pupil-row frame of a roll, with the columns of some subjects in some terms (`headway.analysis.layout`)."""
    columns: dict[str, list[Any]] = pupil_columns(roll, term=slices[0][1] if slices else None)
    by_term: defaultdict[Term, list[str]] = defaultdict(list)
    for subject, term in slices:
        by_term[term].append(subject)
    for term, subjects in by_term.items():
        evidence = _TermEvidence.of(roll, term, subjects)
        for subject in subjects:
            columns |= evidence.columns(subject)
    schema = layout_schema((subject, term.code) for subject, term in slices)
    return pl.DataFrame({name: columns[name] for name in schema}, schema=schema)


_Mine = dict[tuple[int, str], _Figure]


@dataclass(slots=True)
class _TermEvidence:
    """What is known of a roll's pupils in some subjects in one term."""

    roll: Roll
    term: Term
    stage_terms: dict[int, StageTerm | None]
    stages: Mapping[tuple[str, str], StageSubject]
    assessed: _Mine = field(default_factory=dict)
    marked: dict[tuple[int, str], str] = field(default_factory=dict)
    expected: _Mine = field(default_factory=dict)
    starts_here: set[tuple[int, str]] = field(default_factory=set)
    targets: _Mine = field(default_factory=dict)

    @classmethod
    def of(cls, roll: Roll, term: Term, subjects: Sequence[str]) -> "_TermEvidence":
        stages = {
            (stage.subject.code, stage.key_stage): stage
            for stage in StageSubject.objects.filter(school=roll.school).select_related("subject")
        }
        stage_terms = {pupil: roll.stage_term(pupil, term) for pupil, _ in roll.pupils}
        evidence = cls(roll, term, stage_terms, stages)
        wanted = set(subjects)
        for (code, _), stage in stages.items():
            wanted |= set(stage.parts) if code in subjects else set()
        keys = dict(Subject.objects.filter(school=roll.school, code__in=wanted).values_list("pk", "code"))
        evidence._read_assessments(keys)
        evidence._read_lines(keys)
        evidence._read_targets(keys)
        evidence._compose(subjects)
        return evidence

    def columns(self, subject: str) -> dict[str, list[Any]]:
        """The slice's columns, a value a pupil."""
        rows = [self._row(pupil, subject) for pupil, _ in self.roll.pupils]
        code = self.term.code
        return {slice_column(subject, code, what): [row.get(what) for row in rows] for what in _WHATS}

    def _row(self, pupil: int, subject: str) -> dict[str, Any]:
        key = (pupil, subject)
        stage = self.stage(pupil, subject)
        assessed, expected, target = self.assessed.get(key), self.expected.get(key), self.targets.get(key)
        starts_here = key in self.starts_here
        return {
            "scale": stage.scale if stage else None,
            **_spread("", assessed),
            "mark": self.marked.get(key),
            **_spread("line_", expected),
            "line_starts_here": starts_here,
            "gap": None if starts_here else _gap(assessed, expected),
            **_spread("target_", target),
            "target_gap": _gap(assessed, target),
        }

    def stage(self, pupil: int, subject: str) -> StageSubject | None:
        stage_term = self.stage_terms.get(pupil)
        return self.stages.get((subject, stage_term.key_stage)) if stage_term else None

    def _read_assessments(self, keys: Mapping[int, str]) -> None:
        """Assessments of the kind each subject judges by, made by the question's date; a blank is the term's first."""
        dated = Q(date__lte=self.roll.as_of)
        if self.term.starts <= self.roll.as_of:
            dated |= Q(date__isnull=True)
        rows = Assessment.objects.filter(dated, **self.roll.filters, term__code=self.term.code, subject_id__in=keys)
        for pupil, subject_id, kind, scale_id, grade, mark in rows.values_list(
            "pupil_id", "subject_id", "kind", "scale_id", "grade", "mark_code"
        ):
            subject = keys[subject_id]
            stage = self.stage(pupil, subject)
            if stage is None or stage.judgement != kind:
                continue
            if mark:
                self.marked[pupil, subject] = mark
            elif figure := _figure(self.roll.framework.scales[stage.scale], self.roll.scales[scale_id], grade):
                self.assessed[pupil, subject] = figure

    def _read_lines(self, keys: Mapping[int, str]) -> None:
        per_year = len(self.roll.framework.terms)
        rows = ProgressTarget.objects.filter(**self.roll.filters, subject_id__in=keys)
        for pupil, subject_id, key_stage, scale_id, first_year, k0, terms in rows.values_list(
            "pupil_id", "subject_id", "key_stage", "scale_id", "first_year", "k0", "terms"
        ):
            stage_term = self.stage_terms.get(pupil)
            if stage_term is None or stage_term.key_stage != key_stage:
                continue
            k = self.term.index - first_year * per_year + 1
            found = next((term for term in terms if term[0] == k), None)
            if found is None:
                continue
            _, over, under, rank, _ = found
            key = (pupil, keys[subject_id])
            stage = self.stage(*key)
            if stage is None:
                continue
            figure = _on_line(self.roll.framework.scales[stage.scale], self.roll.scales[scale_id], rank, over, under)
            if figure is None:
                continue
            self.expected[key] = figure
            if k0 == k:
                self.starts_here.add(key)

    def _read_targets(self, keys: Mapping[int, str]) -> None:
        """Targets for the end of the key stage each pupil is in, agreed by the question's date; blank: at its start."""
        rows = Target.objects.filter(**self.roll.filters, subject_id__in=keys)
        for pupil, subject_id, point, scale_id, grade, agreed_on in rows.values_list(
            "pupil_id", "subject_id", "point", "scale_id", "grade", "agreed_on"
        ):
            stage_term = self.stage_terms.get(pupil)
            if stage_term is None or stage_term.key_stage != point:
                continue
            stage = self.stage(pupil, keys[subject_id])
            if stage is None or (agreed_on or self._stage_starts(stage_term)) > self.roll.as_of:
                continue
            figure = _figure(self.roll.framework.scales[stage.scale], self.roll.scales[scale_id], grade)
            if figure is not None:
                self.targets[pupil, keys[subject_id]] = figure

    def _stage_starts(self, stage_term: StageTerm) -> date:
        years_in = (stage_term.k - 1) // len(self.roll.framework.terms)
        return self.term.year.after(-years_in).starts

    def _compose(self, subjects: Sequence[str]) -> None:
        """A composite's figures: a judgement given directly wins over its parts, a target does where parts lack one."""
        for pupil, stage_term in self.stage_terms.items():
            for subject in subjects:
                stage = self.stages.get((subject, stage_term.key_stage)) if stage_term else None
                if stage is None or not stage.parts:
                    continue
                key, scale = (pupil, subject), self.roll.framework.scales[stage.scale]
                if key not in self.assessed and key not in self.marked:
                    self._mean(self.assessed, key, stage.parts, scale)
                self._mean(self.targets, key, stage.parts, scale)

    def _mean(self, figures: _Mine, key: tuple[int, str], parts: Sequence[str], scale: Scale) -> None:
        of_parts = {part: figures.get((key[0], part)) for part in parts}
        found = composite({part: each.points if each else None for part, each in of_parts.items()}, scale=scale)
        if found.points is not None and found.grade is not None:
            points = found.points
            figures[key] = _line_figure(scale, found.grade.rank, points.numerator, points.denominator)


@lru_cache(maxsize=4096)
def _figure(scale: Scale, made_on: Scale, code: str) -> _Figure | None:
    """A grade on the scale its subject is on now; None where it was made on another that has no such grade."""
    try:
        grade = scale.parse(code)
    except NotOnScale:
        return None
    if scale.family != made_on.family:
        return None
    return _Figure(grade.rank, grade.whole_rank, grade.points, thousandths(grade.points), grade.code)


@lru_cache(maxsize=65_536)
def _on_line(scale: Scale, laid_on: Scale, rank: int, over: int, under: int) -> _Figure | None:
    """A progress target on the scale its subject is on now; None where its points are another family's."""
    if scale.family != laid_on.family:
        return None
    grade = laid_on.grades[rank].code
    same = scale.spellings.get(grade.casefold())
    return _line_figure(scale, same.rank, over, under) if same else None


@lru_cache(maxsize=65_536)
def _line_figure(scale: Scale, rank: int, over: int, under: int) -> _Figure:
    grade, points = scale.grades[rank], Fraction(over, under)
    return _Figure(rank, grade.whole_rank, points, thousandths(points), grade.code)


@lru_cache(maxsize=65_536)
def _gap(assessed: _Figure | None, expected: _Figure | None) -> int | None:
    """Assessed less expected in thousandths of a point, where there is something to compare."""
    if assessed is None or expected is None:
        return None
    gap = compare((assessed.rank, assessed.points), (expected.rank, expected.points)).gap
    return None if gap is None else thousandths(gap)


def _spread(prefix: str, figure: _Figure | None) -> dict[str, Any]:
    if figure is None:
        return {}
    return {
        f"{prefix}rank": figure.rank,
        f"{prefix}whole": figure.whole,
        f"{prefix}points": figure.milli,
        f"{prefix}grade": figure.grade,
    }


_GRADES = ("rank", "whole", "points", "grade")
_WHATS = (
    "scale",
    *_GRADES,
    "mark",
    *(f"line_{what}" for what in _GRADES),
    "line_starts_here",
    "gap",
    *(f"target_{what}" for what in _GRADES),
    "target_gap",
)
