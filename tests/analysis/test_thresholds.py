"""At a grade or above: whole grades and parts, missing pupils, scales without the grade."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from headway.domain.questions import QuestionRefused


@pytest.fixture
def class_of_eight(readers: Callable[..., pl.DataFrame], make_mark: Any) -> pl.DataFrame:
    marks = [make_mark(grade, target="4b") for grade in ("5c", "4a", "4b", "4", "4c", "3a")]
    return readers(*marks, make_mark(mark="Abs"), make_mark())


@pytest.mark.parametrize(
    ("grade", "met", "percent"),
    [
        ("4", 5, "62.5"),
        ("4c", 5, "62.5"),
        ("4b", 4, "50.0"),
        ("4 secure", 4, "50.0"),
        ("L5", 1, "12.5"),
        ("W", 6, "75.0"),
    ],
)
def test_it_compares_whole_grades_by_whole_and_parts_by_rank(
    class_of_eight: pl.DataFrame, asked: Any, grade: str, met: int, percent: str
) -> None:
    (row,) = asked(class_of_eight, f"at_least:{grade}")

    assert (row.figures["numerator"], row.figures["percent"]) == (met, Decimal(percent))


def test_it_counts_who_has_no_grade_as_not_met_and_says_so(class_of_eight: pl.DataFrame, asked: Any) -> None:
    _, (row,), notes = asked.answer(class_of_eight, "at_least:4")

    assert row.figures == {
        "numerator": 5,
        "denominator": 8,
        "missing": 2,
        "percent": Decimal("62.5"),
        "low": Decimal("30.6"),
        "high": Decimal("86.3"),
    }
    assert "2 pupils have no assessed grade and count as not met." in notes


def test_it_asks_of_targets(class_of_eight: pl.DataFrame, asked: Any, readers: Any, make_mark: Any) -> None:
    (row,) = asked(class_of_eight, "at_least:4", basis="target")
    _, _, notes = asked.answer(readers(make_mark("4b")), "at_least:4", basis="target")

    assert (row.figures["numerator"], row.figures["missing"]) == (6, 2)
    assert "1 pupil has no target and counts as not met." in notes


def test_it_meets_c_with_a_low_c_on_the_gcse_scale(readers: Any, make_mark: Any, asked: Any) -> None:
    frame = readers(*(make_mark(grade, scale="gcse") for grade in ("A*", "C+", "C-", "D+")))

    assert asked(frame, "at_least:C")[0].figures["numerator"] == 3
    assert asked(frame, "at_least:C secure")[0].figures["numerator"] == 2


def test_it_counts_pupils_on_a_scale_without_the_grade_as_missing_and_says_so(
    readers: Any, make_mark: Any, asked: Any
) -> None:
    frame = readers(make_mark("4b"), make_mark("C", scale="gcse"), make_mark("A*", scale="gcse"))
    _, (row,), notes = asked.answer(frame, "at_least:C")

    assert (row.figures["numerator"], row.figures["denominator"], row.figures["missing"]) == (2, 3, 1)
    assert "1 pupil is on National Curriculum levels, which has no grade C: counted as missing." in notes


def test_it_refuses_a_grade_on_none_of_the_scales(class_of_eight: pl.DataFrame, asked: Any) -> None:
    with pytest.raises(QuestionRefused) as refused:
        asked(class_of_eight, "at_least:4z")

    assert refused.value.problems == (
        "measure: '4z' is on none of the scales asked about. Right would be a grade from W to 8a on National "
        "Curriculum levels (perhaps 4c or 4b).",
    )


def test_it_refuses_a_grade_of_a_scale_that_nobody_asked_about_is_on(class_of_eight: pl.DataFrame, asked: Any) -> None:
    with pytest.raises(QuestionRefused, match="'C' is on none of the scales asked about"):
        asked(class_of_eight, "at_least:C")


def test_it_knows_every_scale_where_there_is_nobody(readers: Any, asked: Any) -> None:
    (row,) = asked(readers(), "at_least:C")

    assert (row.figures["denominator"], row.figures["percent"]) == (0, None)


def test_it_says_which_subject_lacks_grades_where_there_are_several(
    cohort_of: Any, make_mark: Any, asked: Any, scales: Any
) -> None:
    both = type(asked)(scales, subjects=("reading", "mathematics"))
    frame = cohort_of([{"class": ["6A", "6B"], "marks": {"reading": make_mark("4b")}}])
    _, _, notes = both.answer(frame, "at_least:4", by=("class",))

    assert "1 pupil has no assessed grade in mathematics and counts as not met." in notes
