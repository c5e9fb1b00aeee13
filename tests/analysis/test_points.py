"""Average points: of assessments, lines and targets; a mark code is never zero."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest


@pytest.fixture
def four(readers: Callable[..., pl.DataFrame], make_mark: Any) -> pl.DataFrame:
    return readers(
        make_mark("3a", line="3a", value=Fraction(70, 3), target="4b"),
        make_mark("4c", line="4c", target="5c"),
        make_mark("4", target="4a"),
        make_mark(mark="Abs"),
    )


@pytest.mark.parametrize(
    ("basis", "n", "mean"),
    [("current", 3, "25.00"), ("progress_target", 2, "24.17"), ("target", 3, "29.00")],
)
def test_it_gives_the_mean_of_those_who_have_points(
    four: pl.DataFrame, asked: Any, basis: str, n: int, mean: str
) -> None:
    (row,) = asked(four, "points", basis=basis)

    assert (row.figures["n"], row.figures["missing"], row.figures["mean"]) == (n, 4 - n, Decimal(mean))


def test_it_gives_the_interval_of_the_mean(four: pl.DataFrame, asked: Any) -> None:
    # 23, 25 and 27: standard deviation 2, half-width 1.959964 × 2 ÷ √3 = 2.263.
    (row,) = asked(four, "points")

    assert (row.figures["low"], row.figures["high"]) == (Decimal("22.74"), Decimal("27.26"))


def test_it_has_no_mean_without_pupils(readers: Callable[..., pl.DataFrame], asked: Any) -> None:
    (row,) = asked(readers(), "points")

    assert row.figures == {"n": 0, "missing": 0, "mean": None, "low": None, "high": None}


def test_it_warns_only_of_rows_that_mix_scales(
    cohort_of: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    frame = cohort_of(
        [
            {"year_group": 6, "marks": {"reading": make_mark("4b")}},
            {"year_group": 10, "marks": {"reading": make_mark("C", scale="gcse")}},
        ]
    )

    assert any("mix points" in note for note in asked.answer(frame, "points")[2])
    assert not any("mix points" in note for note in asked.answer(frame, "points", by=("year_group",))[2])
