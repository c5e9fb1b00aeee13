"""Tallies: whole numbers that add. What is counted is said by each measure; here only how it is cut and added.

A tally of a part and a tally of the rest add up to the tally of the whole, exactly and in any order (RULES 9).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from headway.analysis.layout import slice_column
from headway.domain.cuts import OVERLAPPING_CUTS, cut_place
from headway.domain.questions import QuestionRefused

__all__ = ["NUMBERS", "Cell", "Cuts", "Entry", "add", "cells", "median", "tally"]

NUMBERS: Sequence[str] = ("pupils", "total", "squares")
"""The numbers of a tally, 64-bit integers: pupils, and the sum and sum of squares of what was measured."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """What is counted, and by what it is cut.

    ``slices`` are pairs of subject and term codes; ``by`` holds the cuts in order, ``subject`` and ``term`` too.
    """

    slices: Sequence[tuple[str, str]]
    by: Sequence[str] = ()

    def place(self, key: Sequence[object]) -> tuple[object, ...]:
        """Where a cell stands among the others: subjects and terms as asked, the rest in the order of its cut."""
        subjects = list(dict.fromkeys(subject for subject, _ in self.slices))
        terms = list(dict.fromkeys(term for _, term in self.slices))
        return tuple(
            (subjects if cut == "subject" else terms).index(str(value))
            if cut in ("subject", "term")
            else cut_place(cut, value)
            for cut, value in zip(self.by, key, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a tally: the value counted, and its numbers; ``ids`` are those of the pupils, in no order."""

    value: tuple[object, ...]
    pupils: int
    total: int
    squares: int
    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Cell:
    """All of a tally's lines for one value of each cut; ``by`` says which, as an answer's row does."""

    by: Mapping[str, object]
    entries: tuple[Entry, ...]

    @property
    def pupils(self) -> int:
        return sum(entry.pupils for entry in self.entries)

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(sorted(pupil for entry in self.entries for pupil in entry.ids))


def tally(
    frame: pl.DataFrame,
    *,
    cuts: Cuts,
    values: Callable[[str, str], Mapping[str, pl.Expr]],
    measured: str | None = None,
) -> pl.DataFrame:
    """Pupils counted by cut and by value, and what is measured of them summed.

    Parameters
    ----------
    frame : pupil-row layout, n_pupils rows, the population already selected.
    cuts : what to count and by what to cut. A pupil counts once in each class, group and so on that they are in.
    values : for a subject and term, the values to count by, by name; null is a value of its own.
    measured : the name among the values of an Int64 column to sum and square instead of counting by it.

    Returns
    -------
    Tally: a row for each cut value and value there is, with the columns of the cuts, of the values, `NUMBERS` as
    Int64, and ``ids``, the pupils' ids. Pupils whose key stage is not taught the subject (``scale`` null) are left
    out. Without any pupil, no row.

    Raises
    ------
    QuestionRefused : a cut that the frame has no column for.

    Source
    ------
    RULES 9; DESIGN, "Analyses".
    """
    _check_cuts(frame, cuts.by)
    known = [cut for cut in cuts.by if cut not in ("subject", "term")]
    parts = [
        frame.lazy()
        .filter(pl.col(slice_column(subject, term, "scale")).is_not_null())
        .select(
            *(pl.col(cut).list.unique() if cut in OVERLAPPING_CUTS else pl.col(cut) for cut in known),
            pl.lit(subject).alias("subject"),
            pl.lit(term).alias("term"),
            pl.col("pupil").alias("ids"),
            *(expression.alias(_value(name)) for name, expression in values(subject, term).items()),
        )
        for subject, term in cuts.slices
    ]
    pupils = pl.concat(parts)
    for cut in known:
        if cut in OVERLAPPING_CUTS:
            pupils = pupils.explode(cut, empty_as_null=True)
    names = [_value(name) for name in values(*cuts.slices[0]) if name != measured]
    amount = pl.lit(0, dtype=pl.Int64) if measured is None else pl.col(_value(measured)).cast(pl.Int64)
    return (
        pupils.group_by([*cuts.by, *names])
        .agg(
            pl.len().cast(pl.Int64).alias("pupils"),
            amount.sum().alias("total"),
            (amount * amount).sum().alias("squares"),
            pl.col("ids"),
        )
        .collect()
    )


def add(*tallies: pl.DataFrame) -> pl.DataFrame:
    """The tally of several parts together, none of them sharing a pupil.

    Parameters
    ----------
    tallies : tallies of the same measure and cuts, at least one.

    Returns
    -------
    Tally of the whole: the same as if the parts had been counted as one.
    """
    keys = [name for name in tallies[0].columns if name not in (*NUMBERS, "ids")]
    return (
        pl.concat(tallies)
        .group_by(keys)
        .agg(*(pl.col(number).sum() for number in NUMBERS), pl.col("ids").explode())
        .select(tallies[0].columns)
    )


def cells(counted: pl.DataFrame, *, cuts: Cuts) -> tuple[Cell, ...]:
    """A tally's cells, in the fixed order of what it is cut by.

    Parameters
    ----------
    counted : a tally.
    cuts : what it was cut by.

    Returns
    -------
    Cells that hold a pupil; without any cut always one, empty where there is no pupil.
    """
    width = len(cuts.by)
    found: dict[tuple[object, ...], list[Entry]] = {} if cuts.by else {(): []}
    ids, start = counted["ids"].explode().to_list(), 0
    for row in counted.drop("ids").iter_rows():
        *value, pupils, total, squares = row[width:]
        entry = Entry(tuple(value), pupils, total, squares, ids[start : start + pupils])
        found.setdefault(row[:width], []).append(entry)
        start += pupils
    return tuple(Cell(dict(zip(cuts.by, key, strict=True)), tuple(found[key])) for key in sorted(found, key=cuts.place))


def median(counts: Mapping[int, int]) -> Fraction | None:
    """The median from counts: the middle value, or the mean of the two in the middle.

    Parameters
    ----------
    counts : pupils by value, none negative.

    Returns
    -------
    Exact, a whole number or a half of one; None where nobody is counted.

    Source
    ------
    RULES 9: "median of steps". Worked example: docs/methods/gaps.md.

    >>> median({-1: 2, 0: 1, 3: 1}), median({-1: 1, 0: 2}), median({})
    (Fraction(-1, 2), Fraction(0, 1), None)
    """
    n, before = sum(counts.values()), 0
    middles: list[int] = []
    for value in sorted(counts):
        after = before + counts[value]
        middles += [value for place in ((n - 1) // 2, n // 2) if before <= place < after]
        before = after
    return Fraction(sum(middles), 2) if n else None


def _check_cuts(frame: pl.DataFrame, by: Sequence[str]) -> None:
    missing = [cut for cut in by if cut not in ("subject", "term") and cut not in frame.columns]
    if missing:
        raise QuestionRefused(f"by: pupils cannot be cut by {cut} yet. Right would be another cut." for cut in missing)


def _value(name: str) -> str:
    """A value's column, apart from those of the cuts."""
    return f"value {name}"
