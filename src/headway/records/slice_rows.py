"""The rows of one subject and term, read for everybody on a register or for some places on it.

What counts on a day is decided here, as the rows come; what is kept of them is not (`headway.records.attainment`).
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, Q, TextField
from django.db.models.functions import Cast

from headway.domain.frameworks import StageTerm
from headway.domain.scales import Scale
from headway.domain.terms import Term
from headway.records.curricula import Stage, TaughtSubject
from headway.records.figures import Figure, figure_of, figure_on_line
from headway.records.models import Assessment, ProgressTarget, Target
from headway.records.rolls import Roll

__all__ = ["Entered", "Expected", "Places", "SliceRows"]

Places = Sequence[int] | None
"""Places on a register; None for all of them."""

_FEW = 900


@dataclass(frozen=True, slots=True, eq=False)
class Entered:
    """An assessment of the kind the subject judges by: a grade or a mark code; ``later`` if dated after the day."""

    figure: Figure | None
    mark: str | None
    later: bool


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """A progress target; ``starts_here`` where the line starts in this very term."""

    figure: Figure
    starts_here: bool


@dataclass(frozen=True, slots=True)
class SliceRows:
    """How the rows of one subject and term are read, for everybody on a register or some places on it."""

    roll: Roll
    subject: TaughtSubject
    term: Term

    @property
    def stages(self) -> Sequence[Stage | None]:
        """What the subject is in each pupil's key stage, by place; None where it is not taught."""
        stage_terms = self.roll.register.stage_terms(self.term, framework=self.roll.framework)
        return [self.subject.stages.get(each.key_stage) if each else None for each in stage_terms]

    def entered(self, places: Places) -> Iterator[tuple[int, Entered]]:
        """Assessments of the kind each pupil's key stage judges by; one without a date is the term's first day's."""
        find = self._finder()
        slice_ = {"school": self.roll.school.pk, "term__school": self.roll.school.pk, "term__code": self.term.code}
        rows = Assessment.objects.filter(**self._whose(places), **slice_)
        if self.term.starts > self.roll.as_of:
            rows = rows.filter(date__isnull=False)
        later = ExpressionWrapper(Q(date__gt=self.roll.as_of), output_field=BooleanField())
        made: dict[tuple[object, ...], Entered] = {}
        for pupil, kind, *given, is_later in rows.values_list(
            "pupil_id", "kind", "scale_id", "grade", "mark_code", later
        ):
            at = find(pupil)
            if at is None or at.stage.judgement != kind:
                continue
            place, stage, _ = at
            key = (stage.scale, *given, bool(is_later))
            if key not in made:
                made[key] = self._entered(stage, *given, later=bool(is_later))
            yield place, made[key]

    def expected(self, places: Places) -> Iterator[tuple[int, Expected]]:
        """The lines' values in the term. Many lines are alike, and each way of being laid is read once."""
        find = self._finder()
        per_year = len(self.roll.framework.terms)
        rows = ProgressTarget.objects.filter(**self._whose(places))
        made: dict[tuple[object, ...], Expected | None] = {}
        for pupil, key_stage, scale_id, first_year, k0, terms in rows.values_list(
            "pupil_id", "key_stage", "scale_id", "first_year", "k0", Cast("terms", TextField())
        ):
            at = find(pupil)
            if at is None or at.stage_term.key_stage != key_stage:
                continue
            place, stage, _ = at
            k = self.term.index - first_year * per_year + 1
            key = (stage.scale, scale_id, k, k0, terms)
            if key not in made:
                made[key] = self._expected(stage, scale_id, k, k0, terms)
            value = made[key]
            if value is not None:
                yield place, value

    def targets(self, places: Places) -> Iterator[tuple[int, Figure]]:
        """Targets for the end of the key stage each pupil is in, agreed by the day; without a day, at its start."""
        find = self._finder()
        agreed = Q(agreed_on__isnull=True) | Q(agreed_on__lte=self.roll.as_of)
        undated = ExpressionWrapper(Q(agreed_on__isnull=True), output_field=BooleanField())
        rows = Target.objects.filter(agreed, **self._whose(places))
        for pupil, point, scale_id, grade, is_undated in rows.values_list(
            "pupil_id", "point", "scale_id", "grade", undated
        ):
            at = find(pupil)
            if at is None or at.stage_term.key_stage != point:
                continue
            place, stage, stage_term = at
            if is_undated and self._starts(stage_term) > self.roll.as_of:
                continue
            figure = figure_of(self._scale(stage), self.roll.scales[scale_id], grade)
            if figure is not None:
                yield place, figure

    def _whose(self, places: Places) -> dict[str, Any]:
        mine: dict[str, Any] = {"subject": self.subject.pk}
        if places is not None and len(places) <= _FEW:
            mine["pupil_id__in"] = [self.roll.register.pupils[place][0] for place in places]
        return mine

    def _finder(self) -> Callable[[int], "_Taught | None"]:
        """Finds a pupil on the register; None for who is not there, or is not taught the subject in the term."""
        places, stages = self.roll.register.places, self.subject.stages
        stage_terms = self.roll.register.stage_terms(self.term, framework=self.roll.framework)

        def find(pupil: int) -> _Taught | None:
            place = places.get(pupil)
            stage_term = None if place is None else stage_terms[place]
            stage = stages.get(stage_term.key_stage) if stage_term else None
            return _Taught(place, stage, stage_term) if place is not None and stage_term and stage else None

        return find

    def _scale(self, stage: Stage) -> Scale:
        return self.roll.framework.scales[stage.scale]

    def _entered(self, stage: Stage, scale_id: int, grade: str, mark: str, *, later: bool) -> Entered:
        if later or mark:
            return Entered(None, None if later else mark, later)
        return Entered(figure_of(self._scale(stage), self.roll.scales[scale_id], grade), None, later=False)

    def _expected(self, stage: Stage, scale_id: int, k: int, k0: int, terms: str) -> Expected | None:
        found = next((term for term in json.loads(terms) if term[0] == k), None)
        if found is None:
            return None
        _, over, under, rank, _ = found
        figure = figure_on_line(self._scale(stage), self.roll.scales[scale_id], rank, over, under)
        return Expected(figure, k0 == k) if figure else None

    def _starts(self, stage_term: StageTerm) -> date:
        """The first day of a pupil's key stage."""
        return self.term.year.after(-((stage_term.k - 1) // len(self.roll.framework.terms))).starts


class _Taught(NamedTuple):
    """A pupil's place, what the subject is in their key stage, and where the term stands in it."""

    place: int
    stage: Stage
    stage_term: StageTerm
