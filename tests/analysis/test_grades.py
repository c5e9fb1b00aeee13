"""How grades are spread: every grade in order, bare grades, mark codes, not entered."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from headway.domain.scales import Scale


def _counts(rows: Any) -> dict[str, int]:
    return {row.figures["grade"]: row.figures["count"] for row in rows if row.figures["count"]}


def test_it_gives_every_grade_of_the_scale_in_order_then_codes_then_not_entered(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any, scales: Mapping[str, Scale]
) -> None:
    rows = asked(readers(make_mark("4b"), make_mark("W"), make_mark(mark="Abs"), make_mark()), "grades")

    assert [row.figures["grade"] for row in rows] == [
        *(grade.code for grade in scales["nc_levels"].grades),
        *("Abs", "Dis", "NE", "NR", "not entered"),
    ]
    assert _counts(rows) == {"W": 1, "4b": 1, "Abs": 1, "not entered": 1}
    assert all(set(row.figures) == {"grade", "count"} for row in rows)


def test_it_names_the_pupils_at_each_grade(readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any) -> None:
    rows = asked(readers(make_mark("4b"), make_mark("4c"), make_mark("4b"), make_mark()), "grades")

    assert {row.figures["grade"]: row.pupils for row in rows if row.pupils} == {
        "4c": (2,),
        "4b": (1, 3),
        "not entered": (4,),
    }


def test_it_shows_a_bare_grade_as_given_beside_its_middle_part(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    rows = asked(readers(make_mark("4"), make_mark("4b"), make_mark("4c")), "grades")
    grades = [row.figures["grade"] for row in rows]

    assert grades[grades.index("4c") :][:4] == ["4c", "4b", "4", "4a"]
    assert _counts(rows) == {"4c": 1, "4b": 1, "4": 1}


def test_it_counts_targets_and_progress_targets_without_codes(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    frame = readers(make_mark(mark="Abs", line="4c", target="4b"), make_mark("4a", target="4b"))

    assert _counts(asked(frame, "grades", basis="target")) == {"4b": 2}
    assert _counts(asked(frame, "grades", basis="progress_target")) == {"4c": 1, "no progress target": 1}
    assert asked(frame, "grades", basis="target")[-1].figures["grade"] == "no target"


def test_it_keeps_scales_apart_and_names_them_where_there_are_several(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    columns, rows, _ = asked.answer(readers(make_mark("4b"), make_mark("C", scale="gcse")), "grades")

    assert [column.name for column in columns] == ["scale", "grade", "count"]
    assert [(row.figures["scale"], row.figures["grade"]) for row in rows if row.figures["count"]] == [
        ("nc_levels", "4b"),
        ("gcse", "C"),
    ]
    assert [row.figures["grade"] for row in rows].count("Abs") == 1


def test_it_gives_a_cut_only_the_grades_of_its_own_scales(
    cohort_of: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    frame = cohort_of(
        [
            {"year_group": 6, "marks": {"reading": make_mark("4b")}},
            {"year_group": 10, "marks": {"reading": make_mark("C", scale="gcse")}},
        ]
    )
    rows = asked(frame, "grades", by=("year_group",))

    assert {row.figures["scale"] for row in rows if row.by["year_group"] == 6} == {"nc_levels", None}


def test_it_keeps_a_grade_that_the_scale_no_longer_has(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    frame = readers(make_mark("4b")).with_columns(pl.lit("4x").alias("reading|2026-27-autumn|grade"))

    assert _counts(asked(frame, "grades")) == {"4x": 1}


def test_it_has_only_the_last_row_where_there_is_nobody(readers: Callable[..., pl.DataFrame], asked: Any) -> None:
    assert [row.figures for row in asked(readers(), "grades")] == [{"grade": "not entered", "count": 0}]
