"""A framework: the scales, stages, terms, subjects and rules a school assesses by, as a file gave them.

Knows no particular framework: everything that differs between 2008 and 2026, or England and elsewhere, is data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from headway.domain.scales import MarkCode, PointsRule, Scale
from headway.domain.terms import AcademicYear, Term, TermDates, YearGroup, term_of_year

__all__ = [
    "Framework",
    "Judgement",
    "KeyStage",
    "NamedPoint",
    "Redraw",
    "StageSubject",
    "StageTerm",
    "SubjectDefinition",
]

Judgement = Literal["current", "likely"]
Redraw = Literal["whole", "from_latest"]


@dataclass(frozen=True, slots=True)
class KeyStage:
    """A key stage: its year groups in order, and whose results are the prior attainment its lines start from.

    ``prior_kinds`` orders the kinds of result, the one to use first.
    """

    code: str
    name: str
    year_groups: tuple[YearGroup, ...]
    prior_stage: str | None
    prior_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A point of a key stage that a target may be set for (``Y4``: the last term of Year 4)."""

    code: str
    key_stage: str
    k: int


@dataclass(frozen=True, slots=True)
class StageSubject:
    """A subject in one key stage: its scale, what the termly judgement says, and its parts where it is a composite.

    ``results_scales`` are further scales that results of the stage may be given on (a test's scaled scores).
    """

    key_stage: str
    scale: str
    judgement: Judgement
    parts: tuple[str, ...] = ()
    results_scales: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubjectDefinition:
    """A subject as the framework offers it to a school."""

    code: str
    name: str
    stages: tuple[StageSubject, ...]
    counts_as: tuple[str, ...] = ()
    gcse_size: str | None = None
    threshold: str | None = None


@dataclass(frozen=True, slots=True)
class StageTerm:
    """Where a term stands in a pupil's key stage: term ``k`` of ``n_terms``, counted from 1."""

    key_stage: str
    k: int
    n_terms: int


@dataclass(frozen=True, slots=True, eq=False)
class Framework:
    """Everything a school assesses by, under one code and version."""

    code: str
    version: int
    name: str
    source: str
    terms: tuple[TermDates, ...]
    key_stages: Mapping[str, KeyStage]
    named_points: Mapping[str, NamedPoint]
    scales: Mapping[str, Scale]
    mark_codes: Sequence[MarkCode]
    subjects: Mapping[str, SubjectDefinition]
    thresholds: Mapping[str, Mapping[str, str]]
    points_rule: PointsRule
    tolerance: int
    redraw: Redraw
    undivided: bool

    @property
    def label(self) -> str:
        """How notes and answers name the framework: ``england-2008@1``."""
        return f"{self.code}@{self.version}"

    def n_terms(self, key_stage: str) -> int:
        """Terms in a key stage (RULES 4: KS1 6, KS2 12, KS3 9, KS4 6 where a year has three)."""
        return len(self.key_stages[key_stage].year_groups) * len(self.terms)

    def stage_of(self, year_group: YearGroup) -> KeyStage | None:
        """The key stage a year group belongs to; None where the framework has none for it."""
        return next((stage for stage in self.key_stages.values() if year_group in stage.year_groups), None)

    def stage_term(self, term: Term, *, year_group: YearGroup) -> StageTerm | None:
        """Where a term stands in the key stage of a pupil who is in this year group in the term's academic year."""
        stage = self.stage_of(year_group)
        if stage is None:
            return None
        k = stage.year_groups.index(year_group) * len(self.terms) + term.number
        return StageTerm(stage.code, k, self.n_terms(stage.code))

    def term_at(self, key_stage: str, k: int, *, first_year: AcademicYear) -> Term:
        """The term numbered k of a key stage that a pupil began in an academic year."""
        years, number = divmod(k - 1, len(self.terms))
        return term_of_year(first_year.after(years), number + 1, terms=self.terms)

    def point(self, code: str) -> tuple[str, int]:
        """The key stage and term k a target's point means: a key stage's end, or a named point; raises ValueError."""
        if code in self.key_stages:
            return code, self.n_terms(code)
        if code in self.named_points:
            point = self.named_points[code]
            return point.key_stage, point.k
        right = ", ".join([*self.key_stages, *self.named_points])
        raise ValueError(f"'{code}' is not a key stage. Right would be one of {right}.")
