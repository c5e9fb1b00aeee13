"""Who went off track from one term to the next, subject by subject. Who asks and what pupils are called: elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl
from django.db.models import QuerySet

from headway.analysis.layout import slice_column
from headway.analysis.status import steps_between
from headway.domain.status import OFF_TRACK, Status, status_of
from headway.domain.terms import Term
from headway.records.extracts import pupil_frame
from headway.records.kept import KEPT, Same
from headway.records.models import Pupil, School
from headway.records.rolls import Roll, read_roll
from headway.services.choices import is_composite, used_subjects
from headway.services.schools import domain_scales, framework_of, settings_of

__all__ = ["Move", "Moves", "moves_off_track"]

_FURTHEST = 100
_FEW = 10
_BYTES = 150
"""What a move takes in memory, about."""

Taught = Mapping[str, Collection[int] | None]
"""The pupils, by key, who are meant in each subject; None is everybody."""


@dataclass(frozen=True, slots=True)
class Move:
    """A pupil, by key, who is off track in a subject and was not the term before."""

    pupil: int
    subject: str
    status: Status
    before: Status

    @property
    def fell(self) -> bool:
        """Whether the pupil was on or above before, rather than not known."""
        return self.before != "not_known"


@dataclass(frozen=True, slots=True)
class Moves:
    """Everyone newly off track in a term, and each pupil's year group and registration group."""

    term: Term
    before: Term
    found: Sequence[Move]
    places: Mapping[int, tuple[int, str]]


def moves_off_track(
    school: School, *, pupils: QuerySet[Pupil], terms: Sequence[Term], on: date, taught: Taught | None = None
) -> Moves:
    """Who of the pupils on roll moved off track in the latest term that has marks to speak of, from the one before it.

    ``terms`` are in turn, the latest first. Where none has marks for more than a tenth of the pupils in their
    subjects, it is the first. Without ``taught`` every subject in use is meant that is not a composite.
    """
    roll = read_roll(school, pupils=pupils, framework=framework_of(school), scales=domain_scales(school), as_of=on)
    subjects = _every_subject(roll, terms[0]) if taught is None else taught
    if not subjects or not roll.pupils:
        return Moves(terms[0], terms[1], (), {})
    shown, frame = _latest_marked(roll, subjects, terms)
    tolerance = settings_of(school).tolerance
    if roll.narrowed or taught is not None:
        return _moves(frame, subjects, shown, tolerance=tolerance)
    return KEPT.fresh(
        ("moves", school.pk, on),
        (Same(frame), tuple(subjects), shown, tolerance),
        lambda: _moves(frame, subjects, shown, tolerance=tolerance),
        n_bytes=lambda moves: _BYTES * (len(moves.found) + len(moves.places)),
    )


def _moves(frame: pl.DataFrame, subjects: Taught, shown: tuple[Term, Term], *, tolerance: int) -> Moves:
    found = [
        Move(pupil, subject, status_of(steps, tolerance=tolerance), status_of(then, tolerance=tolerance))
        for pupil, subject, steps, then in _steps(frame, subjects, shown, tolerance=tolerance).iter_rows()
    ]
    rows = frame.select("pupil", "year_group", "reg_group").iter_rows()
    return Moves(*shown, found, {pupil: (year_group, reg_group or "") for pupil, year_group, reg_group in rows})


def _every_subject(roll: Roll, term: Term) -> Taught:
    stages, used = roll.key_stages(term), used_subjects(roll.school, roll.curriculum)
    return {each.code: None for each in used if not is_composite(each, stages)}


def _latest_marked(roll: Roll, subjects: Taught, terms: Sequence[Term]) -> tuple[tuple[Term, Term], pl.DataFrame]:
    """The term to show and the one before it, with the frame of both."""
    first: tuple[tuple[Term, Term], pl.DataFrame] | None = None
    for pair in pairwise(terms):
        frame = pupil_frame(roll, slices=[(subject, term) for term in pair for subject in subjects])
        first = first or (pair, frame)
        n_marked, n_taught = _marked(frame, subjects, pair[0])
        if n_marked * _FEW > n_taught:
            return pair, frame
    assert first is not None
    return first


def _marked(frame: pl.DataFrame, subjects: Taught, term: Term) -> tuple[int, int]:
    """How many marks a term has, grades and codes, of how many pupils in their subjects."""
    counts = []
    for subject, pupils in subjects.items():
        rank, mark, scale = (pl.col(slice_column(subject, term.code, what)) for what in ("rank", "mark", "scale"))
        meant = _meant(pupils)
        counts.append((meant & (rank.is_not_null() | mark.is_not_null())).sum().alias(f"{subject} marked"))
        counts.append((meant & scale.is_not_null()).sum().alias(f"{subject} taught"))
    found = frame.select(counts).row(0)
    return sum(found[::2]), sum(found[1::2])


def _steps(frame: pl.DataFrame, subjects: Taught, terms: tuple[Term, Term], *, tolerance: int) -> pl.DataFrame:
    """Pupil, subject, steps now and steps then, of everyone off track now who was not then."""
    first_off = max(steps for steps in range(-_FURTHEST, 0) if status_of(steps, tolerance=tolerance) in OFF_TRACK)
    parts = []
    for subject, pupils in subjects.items():
        now, then = (steps_between(subject, term.code, basis="progress_target") for term in terms)
        cells = frame.lazy().select("pupil", pl.lit(subject).alias("subject"), now.alias("now"), then.alias("then"))
        fine_then = (pl.col("then") > first_off).fill_null(value=True)
        parts.append(cells.filter(_meant(pupils) & (pl.col("now") <= first_off) & fine_then))
    return pl.concat(parts).collect()


def _meant(pupils: Collection[int] | None) -> pl.Expr:
    return pl.lit(value=True) if pupils is None else pl.col("pupil").is_in(list(pupils))
