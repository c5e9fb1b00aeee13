"""How grades are spread: pupils at each grade of the scale, then at each mark code, then without an entry."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from headway.analysis.layout import slice_column, value_of
from headway.analysis.notes import BASIS_WORDS, FEW
from headway.analysis.tallies import Cell, Cuts, Entry, tally
from headway.domain.cuts import listed
from headway.domain.questions import AnswerRow, Basis, Column
from headway.domain.scales import Scale

__all__ = ["NOT_ENTERED", "grades_columns", "grades_rows", "grades_tally", "scales_counted"]

NOT_ENTERED: Mapping[Basis, str] = {
    "current": "not entered",
    "progress_target": "no progress target",
    "target": "no target",
}
"""What the last row of each basis is called."""


def grades_tally(frame: pl.DataFrame, *, cuts: Cuts, basis: Basis) -> pl.DataFrame:
    """Pupils counted by scale, grade as given, and mark code.

    Parameters
    ----------
    frame : pupil-row layout, the population already selected.
    cuts : subjects, terms and cuts.
    basis : whose grades: ``current``, ``progress_target`` or ``target``.

    Returns
    -------
    Tally by scale, rank, grade and mark; a pupil with neither grade nor mark is not entered. Only ``current`` has
    marks.

    Source
    ------
    RULES 1, 9.
    """

    def values(subject: str, term: str) -> Mapping[str, pl.Expr]:
        grade = value_of(subject, term, "grade", basis=basis)
        mark = pl.when(grade.is_null()).then(pl.col(slice_column(subject, term, "mark")))
        return {
            "scale": pl.col(slice_column(subject, term, "scale")),
            "rank": value_of(subject, term, "rank", basis=basis),
            "grade": grade,
            "mark": mark if basis == "current" else pl.lit(None, dtype=pl.String),
        }

    return tally(frame, cuts=cuts, values=values)


def grades_rows(found: Sequence[Cell], *, basis: Basis, scales: Mapping[str, Scale]) -> tuple[AnswerRow, ...]:
    """The spread of grades made from a tally.

    Parameters
    ----------
    found : the cells of a tally from `grades_tally`.
    basis : the same as for the tally.
    scales : the framework's scales by code, in order.

    Returns
    -------
    For each cell a row a grade, lowest first, with ``grade`` and ``count``: every grade of each scale the cell's
    pupils are on, nobody at it or not, and beside its middle part a bare whole grade that was given; then every mark
    code; then the pupils without an entry. Where pupils are on several scales, ``scale`` says whose grade it is.

    Source
    ------
    RULES 1, 9. Worked example: docs/methods/distributions.md.
    """
    several = len(scales_counted(found, scales=scales)) > 1
    rows: list[AnswerRow] = []
    for cell in found:
        few = cell.pupils < FEW
        for scale, grade, entries in _lines(cell, basis=basis, scales=scales):
            pupils = tuple(sorted(pupil for entry in entries for pupil in entry.ids))
            label = {"scale": scale} if several else {}
            figures = {**label, "grade": grade, "count": sum(entry.pupils for entry in entries)}
            rows.append(AnswerRow(by=cell.by, figures=figures, pupils=pupils, few=few))
    return tuple(rows)


def grades_columns(found: Sequence[Cell], *, basis: Basis, scales: Mapping[str, Scale]) -> tuple[Column, ...]:
    """What each figure of `grades_rows` is."""
    codes = scales_counted(found, scales=scales)
    names = listed([scales[code].name for code in codes if code in scales])
    marks = {mark.code: mark.words for code in codes if code in scales for mark in scales[code].mark_codes}
    words = ", ".join(f"{code} {words}" for code, words in marks.items())
    then = f" Then the codes that are not grades ({words}), each counted as entered." if basis == "current" else ""
    order = (
        f"Every grade{f' of {names}' if names else ''}, lowest first, even where nobody is at it; a whole grade given "
        f"without its part stands beside its middle part.{then} Last the pupils with nothing: {NOT_ENTERED[basis]}."
    )
    scale = Column("scale", "Scale", "scale", "The scale the grade is on: the pupils' key stages use several.")
    return (
        *([scale] if len(codes) > 1 else []),
        Column("grade", "Grade", "grade", order),
        Column("count", "Pupils", "pupils", f"Pupils whose {BASIS_WORDS[basis]} this is. The rows add up to all."),
    )


def scales_counted(found: Sequence[Cell], *, scales: Mapping[str, Scale]) -> Sequence[str]:
    """The codes of the scales a tally's pupils are on, in the framework's order."""
    return _in_order({entry.value[0] for cell in found for entry in cell.entries}, scales)


def _lines(
    cell: Cell, *, basis: Basis, scales: Mapping[str, Scale]
) -> Iterator[tuple[str | None, str, Sequence[Entry]]]:
    """A cell's lines in order: scale, what the line is called, and the tally's entries that it counts."""
    graded: dict[tuple[object, object, object], list[Entry]] = {}
    marked: dict[object, list[Entry]] = {}
    nothing: list[Entry] = []
    found: set[object] = set()
    for entry in cell.entries:
        scale, rank, grade, mark = entry.value
        found.add(scale)
        if grade is not None:
            graded.setdefault((scale, rank, grade), []).append(entry)
        elif mark is not None:
            marked.setdefault(mark, []).append(entry)
        else:
            nothing.append(entry)
    for code in _in_order(found, scales):
        for rank, grade in _grades_of(code, graded, scales):
            yield code, grade, graded.get((code, rank, grade), ())
    if basis == "current":
        listed_marks = [
            mark.code for code in _in_order(found, scales) if code in scales for mark in scales[code].mark_codes
        ]
        for mark in dict.fromkeys([*listed_marks, *sorted(map(str, marked))]):
            yield None, mark, marked.get(mark, ())
    yield None, NOT_ENTERED[basis], nothing


def _in_order(found: set[object], scales: Mapping[str, Scale]) -> list[str]:
    return [code for code in scales if code in found] + sorted(str(code) for code in found if code not in scales)


def _grades_of(
    code: str, graded: Mapping[tuple[object, object, object], Sequence[Entry]], scales: Mapping[str, Scale]
) -> list[tuple[int, str]]:
    """A scale's grades with those given that are not among its finest, by rank."""
    finest = [(grade.rank, grade.code) for grade in scales[code].grades] if code in scales else []
    given = {(rank, str(grade)) for scale, rank, grade in graded if scale == code and isinstance(rank, int)}
    order = {grade: place for place, grade in enumerate(finest)}
    return sorted({*finest, *given}, key=lambda grade: (grade[0], order.get(grade, len(order)), grade[1]))
