"""Rows turned into columns: the pupil-row frame every analysis reads.

A frame is kept for the whole school and cut to the roll it is asked for; only columns whose rows have been written to
since are made again (docs/decisions/0008).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import polars as pl

from headway.analysis.layout import SLICE_COLUMNS, layout_schema, slice_column
from headway.domain.terms import Term
from headway.records.attainment import Attainment, read_attainment
from headway.records.figures import Figure, gap_between
from headway.records.kept import KEPT
from headway.records.rolls import Columns, Roll, pupil_columns

__all__ = ["n_later", "pupil_frame"]

Value = TypeVar("Value")

_BYTES = 200
"""What a column that is kept elsewhere takes in a frame, about."""


def pupil_frame(roll: Roll, *, slices: Sequence[tuple[str, Term]]) -> pl.DataFrame:
    """The pupil-row frame of a roll, with the columns of some subjects in some terms (`headway.analysis.layout`)."""
    roll.versions.add(term.code for _, term in slices)
    parts = list(pupil_columns(roll, term=slices[0][1] if slices else None))
    parts += [_slice(roll, subject, term) for subject, term in slices]
    everybody = KEPT.fresh(
        ("frame", roll.school.pk, roll.as_of, tuple(slices)),
        tuple(parts),
        lambda: _assembled(parts, slices),
        n_bytes=lambda frame: _BYTES * frame.width,
    )
    if not roll.narrowed:
        return everybody
    return everybody.filter(pl.col("pupil").is_in([pupil for pupil, _ in roll.pupils]))


def n_later(roll: Roll, *, slices: Sequence[tuple[str, Term]]) -> int:
    """How many assessments of the school's pupils are dated after the roll's day, and so are not in its frame yet."""
    roll.versions.add(term.code for _, term in slices)
    found = (read_attainment(roll, subject=subject, term=term) for subject, term in slices)
    return sum(each.n_later for each in found if each)


def _assembled(parts: Sequence[Columns], slices: Sequence[tuple[str, Term]]) -> pl.DataFrame:
    found = {name: series for part in parts for name, series in part.series.items()}
    return pl.DataFrame([found[name] for name in layout_schema((subject, term.code) for subject, term in slices)])


def _slice(roll: Roll, subject: str, term: Term) -> Columns:
    """The columns of one subject and term, of everybody on the roll's register."""
    known = read_attainment(roll, subject=subject, term=term)
    return KEPT.fresh(
        ("slice", roll.school.pk, roll.as_of, subject, term.code),
        (roll.register, *(known.sources if known else ())),
        lambda: _columns(known, subject, term, n_pupils=len(roll.register.pupils)),
        n_bytes=lambda columns: columns.n_bytes,
    )


def _columns(known: Attainment | None, subject: str, term: Term, *, n_pupils: int) -> Columns:
    values: dict[str, pl.Series] = {}
    if known is not None:
        assessed, targets = known.assessed(), known.hoped()
        expected = [each.figure if each else None for each in known.expected]
        starts_here = [bool(each and each.starts_here) for each in known.expected]
        against_line = [None if here else each for each, here in zip(expected, starts_here, strict=True)]
        values = {
            **_laid_out(known.stages, {"scale": lambda stage: stage.scale}),
            **_laid_out(known.entered, {"mark": lambda each: each.mark}),
            **_figures("", assessed),
            **_figures("line_", expected),
            "line_starts_here": pl.Series(starts_here, dtype=pl.Boolean),
            "gap": _gaps(assessed, against_line),
            **_figures("target_", targets),
            "target_gap": _gaps(assessed, targets),
        }
    named = {}
    for what, dtype in SLICE_COLUMNS.items():
        name = slice_column(subject, term.code, what)
        found = values.get(what)
        named[name] = pl.Series(name, [None] * n_pupils, dtype=dtype) if found is None else found.alias(name)
    return Columns(named)


def _figures(prefix: str, figures: Sequence[Figure | None]) -> Mapping[str, pl.Series]:
    return _laid_out(
        figures,
        {
            f"{prefix}rank": lambda figure: figure.rank,
            f"{prefix}whole": lambda figure: figure.whole,
            f"{prefix}points": lambda figure: figure.milli,
            f"{prefix}grade": lambda figure: figure.grade,
        },
    )


def _laid_out(
    values: Sequence[Value | None], reads: Mapping[str, Callable[[Value], object]]
) -> Mapping[str, pl.Series]:
    """Columns of something of each value. Few values differ, so each is read once."""
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    few = pl.DataFrame(
        {what: [None if each is None else read(each) for each in places] for what, read in reads.items()},
        schema={what: SLICE_COLUMNS[what] for what in reads},
    )
    return few[pl.Series([places[value] for value in values], dtype=pl.UInt32)].to_dict(as_series=True)


def _gaps(assessed: Sequence[Figure | None], expected: Sequence[Figure | None]) -> pl.Series:
    gaps = [gap_between(*pair) for pair in zip(assessed, expected, strict=True)]
    return pl.Series(gaps, dtype=pl.Int64)
