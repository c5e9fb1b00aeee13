"""Average points: of assessments, progress targets or targets."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import polars as pl

from headway.analysis.intervals import mean_interval
from headway.analysis.layout import slice_column, value_of
from headway.analysis.notes import BASIS_WORDS, FEW, interval_words, mixed_scales_note
from headway.analysis.tallies import Cell, Cuts, Entry, tally
from headway.domain.questions import AnswerRow, Basis, Column
from headway.domain.rounding import half_up
from headway.domain.scales import Scale

__all__ = ["mean_figures", "points_columns", "points_notes", "points_rows", "points_tally"]


def points_tally(frame: pl.DataFrame, *, cuts: Cuts, basis: Basis) -> pl.DataFrame:
    """Pupils counted by scale and by whether they have points, and their points summed.

    Parameters
    ----------
    frame : pupil-row layout, the population already selected.
    cuts : subjects, terms and cuts.
    basis : whose points: ``current``, ``progress_target`` or ``target``.

    Returns
    -------
    Tally by scale and by ``known``; the sums are of thousandths of a point.

    Source
    ------
    RULES 1, 9.
    """

    def values(subject: str, term: str) -> Mapping[str, pl.Expr]:
        points = value_of(subject, term, "points", basis=basis)
        scale = pl.col(slice_column(subject, term, "scale"))
        return {"scale": scale, "known": points.is_not_null(), "points": points}

    return tally(frame, cuts=cuts, values=values, measured="points")


def points_rows(found: Sequence[Cell]) -> tuple[AnswerRow, ...]:
    """The average points made from a tally.

    Parameters
    ----------
    found : the cells of a tally from `points_tally`.

    Returns
    -------
    A row a cell: ``n`` pupils with points, ``missing`` those without, the ``mean`` in points with its 95 % interval
    from ``low`` to ``high`` (None for n < 2).

    Source
    ------
    RULES 1, 9. Worked example: docs/methods/points.md.
    """
    return tuple(_row(cell) for cell in found)


def points_columns(*, basis: Basis) -> tuple[Column, ...]:
    """What each figure of `points_rows` is."""
    word = BASIS_WORDS[basis]
    without = "no graded assessment this term (absent and other codes too)" if basis == "current" else f"no {word}"
    exact = "exact value on the line of progress targets" if basis == "progress_target" else f"points of the {word}"
    return (
        Column("n", "Pupils", "pupils", f"Pupils with {_a(word)}."),
        Column("missing", "Missing", "pupils", f"Pupils left out of the other figures: {without}. Never counted as 0."),
        Column("mean", "Mean points", "points", f"Mean of the {exact}. Two decimals, halves rounded up."),
        Column("low", "Low", "points", f"Lower end. {interval_words('mean')} None under two pupils."),
        Column("high", "High", "points", f"Upper end. {interval_words('mean')} None under two pupils."),
    )


def points_notes(found: Sequence[Cell], *, scales: Mapping[str, Scale]) -> list[str]:
    """What is to be said of a tally's points."""
    known = ({entry.value[0] for entry in cell.entries if entry.value[1]} for cell in found)
    return mixed_scales_note(known, scales=scales)


def mean_figures(known: Sequence[Entry], *, pupils: int) -> Mapping[str, object]:
    """A mean as every answer gives it.

    Parameters
    ----------
    known : the lines of a tally whose pupils have a value, in thousandths of a point.
    pupils : all pupils of the cell.

    Returns
    -------
    ``n``, ``missing``, and ``mean``, ``low`` and ``high`` in points with two decimals; None where there are too few.
    """
    n = sum(entry.pupils for entry in known)
    total = sum(entry.total for entry in known)
    interval = mean_interval(n, total=total, squares=sum(entry.squares for entry in known))
    return {
        "n": n,
        "missing": pupils - n,
        "mean": half_up(Fraction(total, 1000 * n), places=2) if n else None,
        "low": interval.low,
        "high": interval.high,
    }


def _row(cell: Cell) -> AnswerRow:
    known = [entry for entry in cell.entries if entry.value[1]]
    n = sum(entry.pupils for entry in known)
    return AnswerRow(by=cell.by, figures=mean_figures(known, pupils=cell.pupils), pupils=cell.ids, few=n < FEW)


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
