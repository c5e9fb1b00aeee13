"""Made-up cohorts in the pupil-row layout, on the scales that ship."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import strategies as st

from headway.analysis.layout import check_layout, frame_of, slice_column
from headway.analysis.measures import answer_rows
from headway.domain.questions import AnswerRow, Question
from headway.domain.rounding import thousandths
from headway.domain.scales import Scale
from headway.domain.status import compare
from headway.formats.frameworks import read_framework, shipped_frameworks

TERM = "2026-27-autumn"
SUBJECTS = ("reading", "mathematics")


@dataclass(frozen=True)
class Mark:
    """What is known of a pupil in one subject: grades as written; ``value`` is the line's exact value."""

    grade: str | None = None
    mark: str | None = None
    line: str | None = None
    value: Fraction | None = None
    target: str | None = None
    starts_here: bool = False
    scale: str | None = "nc_levels"


@dataclass(frozen=True)
class Asked:
    """Asks questions of a frame as the service does."""

    scales: Mapping[str, Scale]
    tolerance: int = 0
    subjects: Sequence[str] = ("reading",)
    terms: Sequence[str] = field(default_factory=tuple)

    def __call__(self, frame: pl.DataFrame, measure: str, **question: Any) -> tuple[AnswerRow, ...]:
        rows: tuple[AnswerRow, ...] = self.answer(frame, measure, **question)[1]
        return rows

    def answer(self, frame: pl.DataFrame, measure: str, **question: Any) -> Any:
        return answer_rows(
            frame,
            Question(measure, **question),
            scales=self.scales,
            tolerance=self.tolerance,
            subjects=self.subjects,
            term=TERM,
            terms=self.terms,
        )


_SCALES = read_framework(shipped_frameworks()["england-2008"], file="england-2008.yaml").scales


@pytest.fixture(scope="session")
def scales() -> Mapping[str, Scale]:
    return _SCALES


@pytest.fixture(scope="session")
def asked(scales: Mapping[str, Scale]) -> Asked:
    return Asked(scales)


@pytest.fixture(scope="session")
def make_mark() -> type[Mark]:
    return Mark


@pytest.fixture(scope="session")
def cohort_of() -> Callable[..., pl.DataFrame]:
    """Makes a frame of pupils, each a mapping of what is known with their marks by subject under ``marks``."""
    return _cohort


@pytest.fixture(scope="session")
def readers() -> Callable[..., pl.DataFrame]:
    """Makes a frame of pupils who have only a mark in reading."""
    return lambda *marks: _cohort([{"marks": {"reading": mark}} for mark in marks])


@pytest.fixture(scope="session")
def pupils() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Cohorts of any make: Year 6 on levels, Year 10 on GCSE grades, Year 12 taught nothing."""
    return st.lists(_PUPILS, max_size=25)


def _cohort(pupils: Sequence[Mapping[str, Any]], *, first: int = 1, subjects: Sequence[str] = SUBJECTS) -> pl.DataFrame:
    slices = [(subject, TERM) for subject in subjects]
    rows = []
    for number, pupil in enumerate(pupils, start=first):
        known = {name: value for name, value in pupil.items() if name != "marks"}
        row: dict[str, Any] = {"pupil": number, "upn": f"A{number:012d}", "year_group": 6, "school": "8231234"} | known
        for subject in subjects:
            row |= _slice(subject, pupil.get("marks", {}).get(subject, Mark()))
        rows.append(row)
    frame = frame_of(rows, slices=slices)
    check_layout(frame, slices=slices)
    return frame


def _slice(subject: str, mark: Mark) -> dict[str, Any]:
    values: dict[str, Any] = {"scale": mark.scale, "mark": mark.mark, "line_starts_here": mark.starts_here}
    pairs: dict[str, tuple[int, Fraction] | None] = {"": None, "line_": None, "target_": None}
    for prefix, text in (("", mark.grade), ("line_", mark.line), ("target_", mark.target)):
        if text is not None and mark.scale is not None:
            grade = _SCALES[mark.scale].parse(text)
            points = mark.value if prefix == "line_" and mark.value is not None else grade.points
            pairs[prefix] = (grade.rank, points)
            values |= {f"{prefix}rank": grade.rank, f"{prefix}whole": grade.whole_rank}
            values |= {f"{prefix}grade": grade.code, f"{prefix}points": thousandths(points)}
    on_line = compare(pairs[""], None if mark.starts_here else pairs["line_"])
    on_target = compare(pairs[""], pairs["target_"])
    values["gap"] = None if on_line.gap is None else thousandths(on_line.gap)
    values["target_gap"] = None if on_target.gap is None else thousandths(on_target.gap)
    return {slice_column(subject, TERM, what): value for what, value in values.items()}


@st.composite
def _pupil(draw: st.DrawFn) -> dict[str, Any]:
    year_group = draw(st.sampled_from((6, 6, 10, 12)))
    scale = {6: "nc_levels", 10: "gcse", 12: None}[year_group]
    codes = st.lists(st.sampled_from(("10A", "9A", "9B")), max_size=3)
    return {
        "year_group": year_group,
        "sex": draw(st.sampled_from(("M", "F"))),
        "fsm": draw(st.sampled_from((True, False, None))),
        "sen": draw(st.sampled_from(("N", "K", "S", None))),
        "class": draw(codes),
        "group": draw(st.none() | codes),
        "marks": {subject: draw(_mark(scale)) for subject in SUBJECTS},
    }


@st.composite
def _mark(draw: st.DrawFn, scale: str | None) -> Mark:
    if scale is None:
        return Mark(scale=None)
    grades = st.none() | st.sampled_from(_SCALES[scale].grades[6:14]).map(lambda grade: grade.code)
    grade, line = draw(grades), draw(grades)
    return Mark(
        grade=grade,
        mark=draw(st.sampled_from((None, "Abs", "NE"))) if grade is None else None,
        line=line,
        value=_SCALES[scale].parse(line).points + Fraction(draw(st.integers(0, 5)), 6) if line else None,
        target=draw(grades),
        starts_here=draw(st.booleans()) if line else False,
        scale=scale,
    )


_PUPILS = _pupil()
