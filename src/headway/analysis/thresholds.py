"""Thresholds: how many pupils are at a grade or above it, of all on roll."""

from collections.abc import Mapping, Sequence

import polars as pl

from headway.analysis.intervals import share_figures
from headway.analysis.layout import slice_column, value_of
from headway.analysis.notes import BASIS_WORDS, FEW, interval_words, some_pupils, subject_words
from headway.analysis.tallies import Cell, Cuts, tally
from headway.domain.cuts import listed
from headway.domain.questions import AnswerRow, Basis, Column, QuestionRefused
from headway.domain.scales import NotOnScale, Scale, Threshold

__all__ = ["threshold_columns", "threshold_notes", "threshold_rows", "threshold_tally", "thresholds_for"]


def thresholds_for(
    frame: pl.DataFrame, grade: str, *, cuts: Cuts, scales: Mapping[str, Scale]
) -> Mapping[str, Threshold | None]:
    """What a grade asks for on each scale the pupils are on.

    Parameters
    ----------
    frame : pupil-row layout, the population already selected.
    grade : as written: a whole grade (``4``, ``C``) is met by any of its parts, a part (``4b``) by its rank.
    cuts : subjects and terms.
    scales : the framework's scales by code, in order.

    Returns
    -------
    Thresholds by the code of the scale; None for a scale that has no such grade. Where nobody is on any scale, those
    of every scale.

    Raises
    ------
    QuestionRefused : none of the scales has the grade; says what would be right on each.

    Source
    ------
    RULES 1: "Thresholds compare whole grades".
    """
    columns = [slice_column(subject, term, "scale") for subject, term in cuts.slices]
    present = {code for column in columns for code in frame[column].unique().to_list()}
    asked = {code: scale for code, scale in scales.items() if code in present} or scales
    found: dict[str, Threshold | None] = {}
    right: list[str] = []
    for code, scale in asked.items():
        try:
            found[code] = scale.threshold(grade)
        except NotOnScale as error:
            found[code] = None
            right.append(error.right)
    if not any(found.values()):
        wrong = f"measure: '{grade}' is on none of the scales asked about"
        raise QuestionRefused([f"{wrong}. Right would be {', or '.join(right)}."])
    return found


def threshold_tally(
    frame: pl.DataFrame, *, cuts: Cuts, basis: Basis, thresholds: Mapping[str, Threshold | None]
) -> pl.DataFrame:
    """Pupils counted by scale and by whether they meet a threshold.

    Parameters
    ----------
    frame : pupil-row layout, the population already selected.
    cuts : subjects, terms and cuts.
    basis : whose grades: ``current``, ``progress_target`` or ``target``.
    thresholds : from `thresholds_for`.

    Returns
    -------
    Tally by scale and ``met``: null for a pupil without a grade, or on a scale without the threshold's.

    Source
    ------
    RULES 1, 8.
    """

    def values(subject: str, term: str) -> Mapping[str, pl.Expr]:
        scale = pl.col(slice_column(subject, term, "scale"))
        met = pl.lit(None, dtype=pl.Boolean)
        for code, threshold in thresholds.items():
            if threshold is not None:
                met = pl.when(scale == code).then(_meets(subject, term, threshold, basis=basis)).otherwise(met)
        return {"scale": scale, "met": met}

    return tally(frame, cuts=cuts, values=values)


def threshold_rows(found: Sequence[Cell]) -> tuple[AnswerRow, ...]:
    """The shares at or above a grade made from a tally.

    Parameters
    ----------
    found : the cells of a tally from `threshold_tally`.

    Returns
    -------
    A row a cell: ``numerator`` pupils who meet the threshold, ``denominator`` all of them, ``missing`` those without
    a grade to compare (counted as not met), and the share in ``percent`` with its Wilson interval.

    Source
    ------
    RULES 1, 8, 9. Worked example: docs/methods/thresholds.md.
    """
    return tuple(_row(cell) for cell in found)


def threshold_columns(*, basis: Basis, thresholds: Mapping[str, Threshold | None]) -> tuple[Column, ...]:
    """What each figure of `threshold_rows` is."""
    asked = list(dict.fromkeys(threshold for threshold in thresholds.values() if threshold))
    grade = listed(list(dict.fromkeys(threshold.code for threshold in asked)), last="or")
    parts = (
        "A whole grade is met by any of its parts."
        if any(threshold.whole_rank is not None for threshold in asked)
        else "It is compared as a part: the parts below it in the same whole grade do not meet it."
    )
    word = BASIS_WORDS[basis]
    codes = " (absent and other codes too)" if basis == "current" else ""
    return (
        Column("numerator", f"{grade} or above", "pupils", f"Pupils whose {word} is {grade} or above. {parts}"),
        Column(
            "denominator", "On roll", "pupils", "All pupils on roll in the row whose key stage is taught the subject."
        ),
        Column("missing", "Missing", "pupils", f"Pupils with no {word}{codes}: they count as not met."),
        Column(
            "percent",
            f"% {grade} or above",
            "percent",
            f"Pupils whose {word} is {grade} or above, of all pupils on roll. {parts} A pupil with no {word} counts as "
            "not met. One decimal, halves rounded up.",
        ),
        Column("low", "Low", "percent", f"Lower end. {interval_words('share')} Wilson's method."),
        Column("high", "High", "percent", f"Upper end. {interval_words('share')} Wilson's method."),
    )


def threshold_notes(
    found: Sequence[Cell],
    *,
    cuts: Cuts,
    basis: Basis,
    grade: str,
    thresholds: Mapping[str, Threshold | None],
    scales: Mapping[str, Scale],
) -> list[str]:
    """How many pupils count as not met for want of a grade, and how many because of their scale."""
    word = "target" if basis == "target" else BASIS_WORDS[basis]
    without, elsewhere = _missing(found, cuts=cuts, thresholds=thresholds)
    subjects = list(dict.fromkeys(subject for subject, _ in cuts.slices))
    notes = []
    for subject, pupils in without.items():
        place = f" in {subject_words(subject)}" if len(subjects) > 1 else ""
        has, counts = ("has", "counts") if len(pupils) == 1 else ("have", "count")
        notes.append(f"{some_pupils(len(pupils), has, has)} no {word}{place} and {counts} as not met.")
    for code, pupils in elsewhere.items():
        are = some_pupils(len(pupils), "is", "are")
        notes.append(f"{are} on {scales[code].name}, which has no grade {grade}: counted as missing.")
    return notes


def _missing(
    found: Sequence[Cell], *, cuts: Cuts, thresholds: Mapping[str, Threshold | None]
) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """The pupils without a grade by subject, and those on a scale without the grade by scale; each pupil once."""
    without: dict[str, set[int]] = {}
    elsewhere: dict[str, set[int]] = {}
    for cell in found:
        subject = str(cell.by.get("subject", cuts.slices[0][0]))
        for entry in cell.entries:
            scale, met = str(entry.value[0]), entry.value[1]
            if thresholds.get(scale) is None:
                elsewhere.setdefault(scale, set()).update(entry.ids)
            elif met is None:
                without.setdefault(subject, set()).update(entry.ids)
    return without, elsewhere


def _meets(subject: str, term: str, threshold: Threshold, *, basis: Basis) -> pl.Expr:
    if threshold.whole_rank is not None:
        return value_of(subject, term, "whole", basis=basis) >= threshold.whole_rank
    return value_of(subject, term, "rank", basis=basis) >= threshold.rank


def _row(cell: Cell) -> AnswerRow:
    met = sum(entry.pupils for entry in cell.entries if entry.value[1] is True)
    missing = sum(entry.pupils for entry in cell.entries if entry.value[1] is None)
    share = share_figures(met, cell.pupils)
    figures = {"numerator": met, "denominator": cell.pupils, "missing": missing, **share}
    return AnswerRow(by=cell.by, figures=figures, pupils=cell.ids, few=cell.pupils < FEW)
