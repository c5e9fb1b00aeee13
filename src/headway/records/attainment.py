"""What is known of everybody on a register in one subject and term: assessments, progress targets and targets.

Read by cohorts and kept: a mark saved moves the assessments of one cohort in one subject and term, and only those are
read again (docs/decisions/0008).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from headway.domain.terms import Term
from headway.records.curricula import Stage
from headway.records.figures import Figure, mean_figure
from headway.records.freshness import Kind
from headway.records.kept import KEPT
from headway.records.rolls import Roll
from headway.records.slice_rows import Entered, Expected, Places, SliceRows

__all__ = ["Attainment", "read_attainment"]

Value = TypeVar("Value")

_BYTES = 24
"""What a pupil's place takes in memory, about: values are shared by all who have the same."""


@dataclass(frozen=True, slots=True, eq=False)
class _Known(Generic[Value]):
    """A value for each place on a register, and the versions of the cohorts' slices they were read under."""

    values: Sequence[Value | None]
    versions: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Attainment:
    """One subject in one term, a value for each place on the register.

    ``sources`` is what it was made from: as long as they are the same objects, so is it.
    """

    rows: SliceRows
    entered: Sequence[Entered | None]
    expected: Sequence[Expected | None]
    targets: Sequence[Figure | None]
    parts: Mapping[str, "Attainment"]
    sources: tuple[object, ...]

    @property
    def stages(self) -> Sequence[Stage | None]:
        """What the subject is in each pupil's key stage; None where it is not taught."""
        return self.rows.stages

    @property
    def n_later(self) -> int:
        """How many assessments are dated after the day asked about."""
        roll, key = self.rows.roll, (self.rows.subject.pk, self.rows.term.code)
        return KEPT.fresh(
            ("later", roll.school.pk, roll.as_of, *key),
            self.sources[0],
            lambda: sum(each.later for each in self.entered if each),
            n_bytes=lambda _: _BYTES,
        )

    def assessed(self) -> Sequence[Figure | None]:
        """Each pupil's grade; a composite's from its parts where it was not judged itself."""
        own = [each.figure if each else None for each in self.entered]
        if not self.parts:
            return own
        of_parts = {code: part.assessed() for code, part in self.parts.items()}
        judged = [each is not None and (each.figure or each.mark) is not None for each in self.entered]
        means = self._means(of_parts)
        return [each if known else mean for each, known, mean in zip(own, judged, means, strict=True)]

    def hoped(self) -> Sequence[Figure | None]:
        """Each pupil's target; a composite's from its parts, its own where one of them has none."""
        if not self.parts:
            return self.targets
        means = self._means({code: part.hoped() for code, part in self.parts.items()})
        return [mean or each for each, mean in zip(self.targets, means, strict=True)]

    def _means(self, of_parts: Mapping[str, Sequence[Figure | None]]) -> Sequence[Figure | None]:
        """The mean of the parts the subject has in each pupil's key stage; None where it is no composite there."""
        made: dict[tuple[object, ...], Figure | None] = {}
        means: list[Figure | None] = []
        for place, stage in enumerate(self.stages):
            if stage is None or not stage.parts:
                means.append(None)
                continue
            of_pupil = {part: of_parts[part][place] if part in of_parts else None for part in stage.parts}
            key = (stage.scale, *of_pupil.items())
            if key not in made:
                made[key] = mean_figure(of_pupil, self.rows.roll.framework.scales[stage.scale])
            means.append(made[key])
        return means


def read_attainment(roll: Roll, *, subject: str, term: Term) -> Attainment | None:
    """What is known in a subject and a term, of everybody on the roll's register; None where there is no such subject.

    The versions of the term's slices are those the roll holds.
    """
    own = _own(roll, subject, term)
    if own is None:
        return None
    codes = dict.fromkeys(part for stage in own.rows.subject.stages.values() for part in stage.parts)
    parts = {code: part for code in codes if (part := _own(roll, code, term))}
    sources = (*own.sources, *(source for part in parts.values() for source in part.sources))
    return replace(own, parts=parts, sources=sources) if parts else own


def _own(roll: Roll, subject: str, term: Term) -> Attainment | None:
    """What was judged and hoped in the subject itself, whatever its parts."""
    found = roll.curriculum.subjects.get(subject)
    if found is None:
        return None
    rows = SliceRows(roll, found, term)
    entered = _known(rows, "assessments", rows.entered)
    expected = _known(rows, "lines", rows.expected)
    targets = _known(rows, "targets", rows.targets)
    sources = (entered, expected, targets)
    return Attainment(rows, entered.values, expected.values, targets.values, {}, sources)


def _known(rows: SliceRows, kind: Kind, read: Callable[[Places], Iterator[tuple[int, Value]]]) -> _Known[Value]:
    """What is kept of a kind, the cohorts that were written to since read again."""
    roll, register = rows.roll, rows.roll.register
    key = (kind, roll.school.pk, roll.as_of, rows.subject.pk, rows.term.code)
    base = (register, roll.framework, roll.curriculum)
    term = rows.term.code if kind == "assessments" else ""
    versions = roll.versions.by_cohort(kind, subject=rows.subject.pk, term=term)
    standing = KEPT.standing(key)
    values: list[Value | None]
    if standing is None or standing[0] != base:
        values, places = [None] * len(register.pupils), None
    else:
        known: _Known[Value] = standing[1]
        moved = {each for each in {*versions, *known.versions} if versions.get(each) != known.versions.get(each)}
        if not moved:
            return known
        values, places = list(known.values), register.places_of(moved)
        for place in places:
            values[place] = None
    for place, value in read(places) if places is None or places else ():
        values[place] = value
    made = _Known(values, dict(versions))
    KEPT.keep(key, base, made, n_bytes=_BYTES * len(values))
    return made
