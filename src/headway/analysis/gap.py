"""The gap in points: how far assessments lie from what was hoped for, on average. It stands beside status, never
instead of it."""

from collections.abc import Mapping, Sequence

import polars as pl

from headway.analysis.layout import slice_column
from headway.analysis.notes import BASIS_WORDS, FEW, interval_words, mixed_scales_note
from headway.analysis.points import mean_figures
from headway.analysis.status import steps_between
from headway.analysis.tallies import Cell, Cuts, median, tally
from headway.domain.questions import AnswerRow, Basis, Column
from headway.domain.rounding import half_up
from headway.domain.scales import Scale

__all__ = ["gap_columns", "gap_notes", "gap_rows", "gap_tally"]


def gap_tally(frame: pl.DataFrame, *, cuts: Cuts, basis: Basis) -> pl.DataFrame:
    """Pupils counted by scale and steps, and their gaps summed.

    Parameters
    ----------
    frame : pupil-row layout, the population already selected.
    cuts : subjects, terms and cuts.
    basis : ``progress_target`` or ``target``.

    Returns
    -------
    Tally by scale and steps; the sums are of thousandths of a point. Null steps are pupils with nothing to compare.

    Source
    ------
    RULES 5, 9.
    """
    column = "target_gap" if basis == "target" else "gap"
    return tally(
        frame,
        cuts=cuts,
        values=lambda subject, term: {
            "scale": pl.col(slice_column(subject, term, "scale")),
            "steps": steps_between(subject, term, basis=basis),
            "gap": pl.col(slice_column(subject, term, column)),
        },
        measured="gap",
    )


def gap_rows(found: Sequence[Cell]) -> tuple[AnswerRow, ...]:
    """The gap figures made from a tally.

    Parameters
    ----------
    found : the cells of a tally from `gap_tally`.

    Returns
    -------
    A row a cell: ``n`` pupils compared, ``missing`` those with nothing to compare, the ``mean`` gap in points with
    its 95 % interval from ``low`` to ``high`` (None for n < 2), and ``median_steps`` with one decimal.

    Source
    ------
    RULES 5, 9. Worked example: docs/methods/gaps.md.
    """
    return tuple(_row(cell) for cell in found)


def gap_columns(*, basis: Basis) -> tuple[Column, ...]:
    """What each figure of `gap_rows` is."""
    exact = (
        "the exact value of the progress target after this term" if basis != "target" else "the points of the target"
    )
    gap = f"assessed points less {exact}"
    return (
        Column("n", "Compared", "pupils", f"Pupils with both a graded assessment and a {BASIS_WORDS[basis]}."),
        Column(
            "missing",
            "Not compared",
            "pupils",
            "Pupils left out of the other figures: no graded assessment this term (absent and other codes too), or "
            "nothing to compare it with.",
        ),
        Column("mean", "Mean gap", "points", f"Mean of {gap}; above 0 is ahead. Two decimals, halves rounded up."),
        Column("low", "Low", "points", f"Lower end. {interval_words('mean')} None under two pupils."),
        Column("high", "High", "points", f"Upper end. {interval_words('mean')} None under two pupils."),
        Column(
            "median_steps",
            "Median steps",
            "steps",
            f"The middle pupil's steps between the assessed grade and the {BASIS_WORDS[basis]}: as many pupils lie "
            "above as below.",
        ),
    )


def gap_notes(found: Sequence[Cell], *, scales: Mapping[str, Scale]) -> list[str]:
    """What is to be said of a tally's gaps."""
    compared = ({entry.value[0] for entry in cell.entries if entry.value[1] is not None} for cell in found)
    return mixed_scales_note(compared, scales=scales)


def _row(cell: Cell) -> AnswerRow:
    compared = [entry for entry in cell.entries if entry.value[1] is not None]
    steps: dict[int, int] = {}
    for entry in compared:
        if isinstance(entry.value[1], int):
            steps[entry.value[1]] = steps.get(entry.value[1], 0) + entry.pupils
    middle = median(steps)
    figures = mean_figures(compared, pupils=cell.pupils)
    return AnswerRow(
        by=cell.by,
        figures={**figures, "median_steps": None if middle is None else half_up(middle, places=1)},
        pupils=cell.ids,
        few=sum(steps.values()) < FEW,
    )
