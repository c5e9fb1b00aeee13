"""Every measure by its name: a frame and a question in; columns, rows and notes out."""

from collections.abc import Mapping, Sequence

import polars as pl

from headway.analysis.gap import gap_columns, gap_notes, gap_rows, gap_tally
from headway.analysis.grades import grades_columns, grades_rows, grades_tally
from headway.analysis.notes import few_note, not_taught_notes, overlap_notes
from headway.analysis.points import points_columns, points_notes, points_rows, points_tally
from headway.analysis.status import PROMPT, status_columns, status_rows, status_tally
from headway.analysis.tallies import Cuts, cells
from headway.analysis.thresholds import (
    threshold_columns,
    threshold_notes,
    threshold_rows,
    threshold_tally,
    thresholds_for,
)
from headway.domain.questions import (
    MEASURES,
    AnswerRow,
    Basis,
    Column,
    Question,
    QuestionRefused,
    basis_of,
    threshold_of,
)
from headway.domain.scales import Scale

__all__ = ["answer_rows"]

_Measured = tuple[tuple[Column, ...], tuple[AnswerRow, ...], list[str]]


def answer_rows(
    frame: pl.DataFrame,
    question: Question,
    *,
    scales: Mapping[str, Scale],
    tolerance: int,
    subjects: Sequence[str],
    term: str,
    terms: Sequence[str] = (),
) -> tuple[tuple[Column, ...], tuple[AnswerRow, ...], tuple[str, ...]]:
    """The columns, rows and notes that answer a question.

    Parameters
    ----------
    frame : pupil-row layout, n_pupils rows, the question's population already selected.
    question : its measure, basis and cuts are used; its population, subjects and term are those given here.
    scales : the framework's scales by code, in order.
    tolerance : steps that still count as on track, 0 or more.
    subjects : codes of the subjects, in the order rows give them; with several, rows are cut by subject too.
    term : code of the term asked about.
    terms : codes of the terms to cut by, in order, where the question cuts by term; ``term`` alone unless said.

    Returns
    -------
    Columns, rows in a fixed order, and notes. There is no row for the whole where there is a cut.

    Raises
    ------
    QuestionRefused : an unknown measure, a cut the frame has no column for, a grade on none of the scales.

    Source
    ------
    INTERFACES 4; RULES 5, 8, 9.
    """
    by = question.by if len(subjects) <= 1 or "subject" in question.by else ("subject", *question.by)
    asked = tuple(terms) if terms and "term" in by else (term,)
    if not subjects:
        return (), (), ("There is no subject to ask about yet.",)
    cuts = Cuts([(subject, each) for subject in subjects for each in asked], by)
    columns, rows, notes = _measured(frame, question, cuts=cuts, scales=scales, tolerance=tolerance)
    return columns, rows, (*notes, *not_taught_notes(frame, cuts=cuts), *overlap_notes(by), *few_note(rows))


def _measured(
    frame: pl.DataFrame, question: Question, *, cuts: Cuts, scales: Mapping[str, Scale], tolerance: int
) -> _Measured:
    basis, grade = basis_of(question), threshold_of(question)
    if question.measure == "status":
        found = cells(status_tally(frame, cuts=cuts, basis=basis), cuts=cuts)
        columns = status_columns(basis=basis, tolerance=tolerance)
        return columns, status_rows(found, tolerance=tolerance), [PROMPT]
    if question.measure == "gap":
        found = cells(gap_tally(frame, cuts=cuts, basis=basis), cuts=cuts)
        return gap_columns(basis=basis), gap_rows(found), gap_notes(found, scales=scales)
    if question.measure == "points":
        found = cells(points_tally(frame, cuts=cuts, basis=basis), cuts=cuts)
        return points_columns(basis=basis), points_rows(found), points_notes(found, scales=scales)
    if question.measure == "grades":
        found = cells(grades_tally(frame, cuts=cuts, basis=basis), cuts=cuts)
        columns = grades_columns(found, basis=basis, scales=scales)
        return columns, grades_rows(found, basis=basis, scales=scales), []
    if grade:
        return _at_least(frame, grade, cuts=cuts, basis=basis, scales=scales)
    right = ", ".join(MEASURES)
    raise QuestionRefused([f"measure: '{question.measure}' cannot be measured yet. Right would be {right}."])


def _at_least(frame: pl.DataFrame, grade: str, *, cuts: Cuts, basis: Basis, scales: Mapping[str, Scale]) -> _Measured:
    thresholds = thresholds_for(frame, grade, cuts=cuts, scales=scales)
    found = cells(threshold_tally(frame, cuts=cuts, basis=basis, thresholds=thresholds), cuts=cuts)
    notes = threshold_notes(found, cuts=cuts, basis=basis, grade=grade, thresholds=thresholds, scales=scales)
    return threshold_columns(basis=basis, thresholds=thresholds), threshold_rows(found), notes
