"""Status of many: how many pupils are above, on, below or well below, and the share on track.

The word for a number of steps is the domain's (`headway.domain.status`); here it is only counted.
"""

from collections.abc import Sequence

import polars as pl

from headway.analysis.intervals import share_figures
from headway.analysis.layout import slice_column, value_of
from headway.analysis.notes import BASIS_WORDS, FEW, interval_words
from headway.analysis.tallies import Cell, Cuts, tally
from headway.domain.questions import AnswerRow, Basis, Column
from headway.domain.status import STATUSES, status_of

__all__ = ["PROMPT", "status_columns", "status_rows", "status_tally", "statuses", "steps_between"]

PROMPT = (
    "Pupils below or well below are apparently off track: a prompt to ask why, never a decision. There are many "
    "reasons why an assessment may not match what was hoped for in a term."
)


def steps_between(subject: str, term: str, *, basis: Basis) -> pl.Expr:
    """Steps between the assessed grade and what it is compared with.

    Parameters
    ----------
    subject, term : codes of a slice the frame holds.
    basis : ``progress_target`` or ``target``.

    Returns
    -------
    Expression of Int16: rank of the assessment less rank of the other. Null where either is missing, and beside a
    progress target in the term where the line starts.

    Source
    ------
    RULES 5.
    """
    steps = value_of(subject, term, "rank", basis="current") - value_of(subject, term, "rank", basis=basis)
    if basis == "target":
        return steps
    starts_here = pl.col(slice_column(subject, term, "line_starts_here")).fill_null(value=False)
    return pl.when(~starts_here).then(steps)


def statuses(frame: pl.DataFrame, *, subject: str, term: str, basis: Basis, tolerance: int) -> pl.Series:
    """Each pupil's status, for lists of names.

    Parameters
    ----------
    frame : pupil-row layout, n_pupils rows.
    subject, term : codes of a slice it holds.
    basis : ``progress_target`` or ``target``.
    tolerance : steps that still count as on track.

    Returns
    -------
    Series of String, length n_pupils: the words of `headway.domain.status`. Null where the subject is not taught in
    the pupil's key stage.

    Source
    ------
    RULES 5.
    """
    steps = frame.select(steps_between(subject, term, basis=basis).alias("status")).to_series()
    words = {each: status_of(each, tolerance=tolerance) for each in steps.unique().to_list()}
    taught = frame.select(pl.col(slice_column(subject, term, "scale")).is_not_null()).to_series()
    found = steps.replace_strict(list(words), list(words.values()), return_dtype=pl.String)
    return found.zip_with(taught, pl.Series("status", [None], dtype=pl.String))


def status_tally(frame: pl.DataFrame, *, cuts: Cuts, basis: Basis) -> pl.DataFrame:
    """Pupils counted by steps.

    Parameters
    ----------
    frame : pupil-row layout, the population already selected.
    cuts : subjects, terms and cuts.
    basis : ``progress_target`` or ``target``.

    Returns
    -------
    Tally by steps; null steps are pupils whose status is not known.

    Source
    ------
    RULES 5, 9.
    """
    return tally(frame, cuts=cuts, values=lambda subject, term: {"steps": steps_between(subject, term, basis=basis)})


def status_rows(found: Sequence[Cell], *, tolerance: int) -> tuple[AnswerRow, ...]:
    """The status figures made from a tally.

    Parameters
    ----------
    found : the cells of a tally from `status_tally`.
    tolerance : steps that still count as on track, 0 or more.

    Returns
    -------
    A row a cell: the five counts, ``numerator`` above and on, ``denominator`` the four known, and the share in
    ``percent`` with its Wilson interval from ``low`` to ``high``; None where nobody's status is known.

    Source
    ------
    RULES 5, 9. Worked example: docs/methods/shares.md.
    """
    return tuple(_row(cell, tolerance=tolerance) for cell in found)


def status_columns(*, basis: Basis, tolerance: int) -> tuple[Column, ...]:
    """What each figure of `status_rows` is."""
    other = BASIS_WORDS[basis]
    share = (
        "Pupils above or on, of all whose status is known (above, on, below and well below). Pupils whose status is "
        "not known are left out and counted in their own column."
    )
    return (
        *(
            Column(word, heading, "pupils", f"Pupils whose assessed grade is {steps} the {other}.")
            for word, heading, steps in _steps_words(tolerance)
        ),
        Column("not_known", "Not known", "pupils", _not_known_words(basis)),
        Column("numerator", "On track", "pupils", "Pupils above or on."),
        Column("denominator", "Known", "pupils", "Pupils whose status is known: above, on, below and well below."),
        Column("percent", "% on track", "percent", f"{share} One decimal, halves rounded up."),
        Column("low", "Low", "percent", f"Lower end. {interval_words('share')} Wilson's method."),
        Column("high", "High", "percent", f"Upper end. {interval_words('share')} Wilson's method."),
    )


def _row(cell: Cell, *, tolerance: int) -> AnswerRow:
    counts: dict[str, int] = dict.fromkeys(STATUSES, 0)
    for entry in cell.entries:
        steps = entry.value[0]
        counts[status_of(steps if isinstance(steps, int) else None, tolerance=tolerance)] += entry.pupils
    numerator = counts["above"] + counts["on"]
    denominator = cell.pupils - counts["not_known"]
    return AnswerRow(
        by=cell.by,
        figures={**counts, **share_figures(numerator, denominator)},
        pupils=cell.ids,
        few=denominator < FEW,
    )


def _steps_words(tolerance: int) -> Sequence[tuple[str, str, str]]:
    def steps(n: int) -> str:
        return "one step" if n == 1 else f"{n} steps"

    return (
        ("above", "Above", f"{steps(tolerance + 1)} or more above"),
        ("on", "On", "the same as" if tolerance == 0 else f"within {steps(tolerance)} of"),
        ("below", "Below", f"{steps(tolerance + 1)} below"),
        ("well_below", "Well below", f"{steps(tolerance + 2)} or more below"),
    )


def _not_known_words(basis: Basis) -> str:
    if basis == "target":
        return (
            "Pupils with nothing to compare: no graded assessment this term (absent and other codes too), or no target."
        )
    return (
        "Pupils with nothing to compare: no graded assessment this term (absent and other codes too), no progress "
        "target, or a line of progress targets that starts with this very assessment."
    )
