"""Intervals: worked examples, the ends, and independent formulas in floating point."""

from decimal import Decimal
from math import sqrt
from statistics import mean, stdev

from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.intervals import Interval, mean_interval, share_figures, wilson

Z = 1.959964
SHARES = st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_it_gives_the_interval_of_the_published_answer() -> None:
    assert share_figures(21, 29) == {
        "numerator": 21,
        "denominator": 29,
        "percent": Decimal("72.4"),
        "low": Decimal("54.3"),
        "high": Decimal("85.3"),
    }


def test_it_says_nothing_of_nobody() -> None:
    assert wilson(0, 0) == Interval()
    assert share_figures(0, 0)["percent"] is None


def test_it_ends_at_0_and_100_for_none_and_all() -> None:
    assert wilson(0, 10) == Interval(Decimal("0.0"), Decimal("27.8"))
    assert wilson(10, 10) == Interval(Decimal("72.2"), Decimal("100.0"))


@given(SHARES)
def test_it_agrees_with_wilsons_formula_in_floating_point(share: tuple[int, int]) -> None:
    x, n = share
    p = x / n
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    found = wilson(x, n)

    assert found.low is not None
    assert found.high is not None
    assert abs(float(found.low) - 100 * (middle - reach)) <= 0.05 + 1e-9
    assert abs(float(found.high) - 100 * (middle + reach)) <= 0.05 + 1e-9


@given(SHARES)
def test_it_turns_round_when_met_and_not_met_change_places(share: tuple[int, int]) -> None:
    x, n = share
    this, other = wilson(x, n), wilson(n - x, n)

    assert this.low is not None
    assert other.high is not None
    assert abs(this.low + other.high - 100) <= Decimal("0.1")


def test_it_rounds_a_mean_interval_at_the_end_only() -> None:
    # Gaps -2, -2, +1, +1: mean -0.5, standard deviation √3, half-width 1.959964 × √3 ÷ 2 = 1.697.
    assert mean_interval(4, total=-2_000, squares=10_000_000) == Interval(Decimal("-2.20"), Decimal("1.20"))


def test_it_needs_two_pupils_for_the_interval_of_a_mean() -> None:
    assert mean_interval(1, total=3_000, squares=9_000_000) == Interval()
    assert mean_interval(0, total=0, squares=0) == Interval()


def test_it_is_exact_where_all_have_the_same() -> None:
    assert mean_interval(3, total=3 * 1_005, squares=3 * 1_005**2) == Interval(Decimal("1.01"), Decimal("1.01"))


@given(st.lists(st.integers(-60_000, 60_000), min_size=2, max_size=50))
def test_it_agrees_with_the_mean_and_standard_deviation_in_floating_point(gaps: list[int]) -> None:
    found = mean_interval(len(gaps), total=sum(gaps), squares=sum(gap * gap for gap in gaps))
    reach = Z * stdev(gaps) / sqrt(len(gaps))

    assert found.low is not None
    assert found.high is not None
    assert abs(float(found.low) - (mean(gaps) - reach) / 1000) <= 0.005 + 1e-6
    assert abs(float(found.high) - (mean(gaps) + reach) / 1000) <= 0.005 + 1e-6
