"""The gap in points: worked by hand, on the exact value of the line."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl


def test_it_gives_mean_interval_and_median_of_those_who_can_be_compared(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    # Points less the line's 27: 4c 25, 4c 25, 4a 29, 5c 31 give -2, -2, +2, +4; steps -1, -1, +1, +2.
    frame = readers(*(make_mark(grade, line="4b") for grade in ("4c", "4c", "4a", "5c")), make_mark("4a"), make_mark())
    (row,) = asked(frame, "gap")

    assert row.figures == {
        "n": 4,
        "missing": 2,
        "mean": Decimal("0.50"),
        "low": Decimal("-2.44"),
        "high": Decimal("3.44"),
        "median_steps": Decimal("0.0"),
    }


def test_it_measures_from_the_exact_value_of_the_line_not_from_its_grade(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    (row,) = asked(readers(make_mark("4b", line="4c", value=Fraction(77, 3))), "gap")

    assert row.figures["mean"] == Decimal("1.33")  # 27 less 25⅔


def test_it_rounds_halves_up_on_both_sides_of_0(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    up = readers(make_mark("4b", line="4c", value=27 - Fraction(5, 1000)))
    down = readers(make_mark("4b", line="4b", value=27 + Fraction(5, 1000)))

    assert asked(up, "gap")[0].figures["mean"] == Decimal("0.01")
    assert asked(down, "gap")[0].figures["mean"] == Decimal("0.00")


def test_it_gives_a_median_of_half_a_step(readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any) -> None:
    (row,) = asked(readers(make_mark("4b", line="4b"), make_mark("4c", line="4b")), "gap")

    assert row.figures["median_steps"] == Decimal("-0.5")


def test_it_gives_no_interval_for_one_pupil_and_nothing_for_none(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    (one,) = asked(readers(make_mark("4b", line="4b")), "gap")
    (none,) = asked(readers(make_mark(line="4b")), "gap")

    assert [one.figures[name] for name in ("n", "mean", "low", "high")] == [1, Decimal("0.00"), None, None]
    assert [none.figures[name] for name in ("n", "mean", "low", "high", "median_steps")] == [0, None, None, None, None]


def test_it_compares_with_the_target(readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any) -> None:
    (row,) = asked(readers(make_mark("4b", line="4b", target="5b")), "gap", basis="target")

    assert row.figures["mean"] == Decimal("-6.00")


def test_it_says_where_points_of_two_scales_are_mixed(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    frame = readers(make_mark("4b", line="4b"), make_mark("C", line="C", scale="gcse"))
    _, _, notes = asked.answer(frame, "gap")

    assert (
        "Some rows mix points of National Curriculum levels and GCSE grades A* to G, which cannot be compared. "
        "Ask about one key stage at a time." in notes
    )
