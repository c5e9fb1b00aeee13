"""Rounding: half up, at the end only."""

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.rounding import half_up, percent, thousandths


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-2"),
        (Fraction(-7, 2), 0, "-3"),
        (Fraction(-1, 2), 0, "0"),
        (Fraction(1, 20), 1, "0.1"),
        (Fraction(-1, 20), 1, "0.0"),
        (Fraction(-151, 100), 1, "-1.5"),
        (Fraction(-155, 100), 1, "-1.5"),
        (7, 2, "7.00"),
    ],
)
def test_it_rounds_halves_up(value: Fraction | int, places: int, rounded: str) -> None:
    assert str(half_up(value, places=places)) == rounded


@given(value=st.fractions(min_value=-(10**6), max_value=10**6), places=st.integers(0, 4))
def test_it_is_never_further_off_than_half_a_last_place(value: Fraction, places: int) -> None:
    off = Fraction(half_up(value, places=places)) - value

    assert -Fraction(1, 2 * 10**places) < off <= Fraction(1, 2 * 10**places)


@given(st.integers(-(10**6), 10**6))
def test_it_rounds_as_adding_a_half_and_cutting_does(thousandth: int) -> None:
    expected = (Decimal(thousandth) / 1000 + Decimal("0.05")).quantize(Decimal("0.1"), rounding=ROUND_FLOOR)

    assert half_up(Fraction(thousandth, 1000), places=1) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(21, 29, "72.4"), (1, 16, "6.3"), (0, 7, "0.0"), (7, 7, "100.0"), (1, 3, "33.3")],
)
def test_it_shows_a_share_with_one_decimal(numerator: int, denominator: int, shown: str) -> None:
    assert str(percent(numerator, denominator)) == shown


def test_it_has_no_percentage_of_nobody() -> None:
    assert percent(0, 0) is None


@pytest.mark.parametrize(
    ("value", "counted"),
    [(Fraction(2, 3), 667), (Fraction(-2, 3), -667), (Fraction(1, 2000), 1), (Fraction(-1, 2000), 0), (-4, -4000)],
)
def test_it_counts_gaps_in_whole_thousandths(value: Fraction | int, counted: int) -> None:
    assert thousandths(value) == counted


@given(st.lists(st.fractions(min_value=-60, max_value=60, max_denominator=36), max_size=20), st.integers(0, 20))
def test_it_adds_up_in_any_split(gaps: list[Fraction], cut: int) -> None:
    whole = sum(thousandths(gap) for gap in gaps)

    assert whole == sum(thousandths(gap) for gap in gaps[:cut]) + sum(thousandths(gap) for gap in gaps[cut:])
