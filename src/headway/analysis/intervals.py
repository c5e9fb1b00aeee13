"""Intervals: how far a share or a mean could be off. Exact numbers in, rounded once at the end."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from headway.domain.rounding import half_up, percent

__all__ = ["Interval", "mean_interval", "share_figures", "wilson"]

Z = Fraction(1_959_964, 1_000_000)
"""1.959964: the 97.5 % point of the normal distribution (RULES 9)."""

_DIGITS = 10**30


@dataclass(frozen=True, slots=True)
class Interval:
    """The two ends of an interval; both None where there is too little to say."""

    low: Decimal | None = None
    high: Decimal | None = None


def wilson(numerator: int, denominator: int) -> Interval:
    """The 95 % Wilson interval of a share, in percent.

    Parameters
    ----------
    numerator, denominator : numbers of pupils, ``0 <= numerator <= denominator``.

    Returns
    -------
    Interval. From 0.0 to 100.0 percent, one decimal, halves up; empty where the denominator is 0.

    Source
    ------
    RULES 9; Wilson, Journal of the American Statistical Association 22 (1927), 209-212. Worked example:
    docs/methods/shares.md.

    >>> wilson(21, 29)
    Interval(low=Decimal('54.3'), high=Decimal('85.3'))
    """
    if denominator == 0:
        return Interval()
    n, over, under = denominator, Z.numerator**2, Z.denominator**2
    # Both ends are (2x + z² ± z √(z² + 4x(n - x)/n)) / 2(n + z²), brought to whole numbers: z² = over / under.
    middle = n * (2 * numerator * under + over)
    reach = _root(Fraction(n * over * (n * over + 4 * under * numerator * (n - numerator))))
    scale = Fraction(100, 2 * n * (n * under + over))
    return Interval(half_up((middle - reach) * scale, places=1), half_up((middle + reach) * scale, places=1))


def mean_interval(n: int, *, total: int, squares: int) -> Interval:
    """The 95 % interval of a mean, in points.

    Parameters
    ----------
    n : pupils the mean is of.
    total, squares : sum, and sum of squares, of their values in thousandths of a point.

    Returns
    -------
    Interval. Mean ± z × standard deviation ÷ √n, in points with two decimals, halves up; the deviation with n - 1.
    Empty for fewer than two pupils.

    Source
    ------
    RULES 9 (z = 1.959964). Worked example: docs/methods/gaps.md.

    >>> mean_interval(4, total=-2000, squares=10_000_000)
    Interval(low=Decimal('-2.20'), high=Decimal('1.20'))
    """
    if n < 2:
        return Interval()
    mean = Fraction(total, 1000 * n)
    variance = Fraction(n * squares - total * total, n * (n - 1))
    reach = Z * _root(variance / n) / 1000
    return Interval(half_up(mean - reach, places=2), half_up(mean + reach, places=2))


def share_figures(numerator: int, denominator: int) -> Mapping[str, object]:
    """A share as every answer gives it.

    Parameters
    ----------
    numerator, denominator : numbers of pupils, ``0 <= numerator <= denominator``.

    Returns
    -------
    ``numerator``, ``denominator``, ``percent``, ``low`` and ``high``; the last three None where the denominator is 0.

    Source
    ------
    RULES 8, 9.

    >>> share_figures(21, 29)["percent"]
    Decimal('72.4')
    """
    interval = wilson(numerator, denominator)
    return {
        "numerator": numerator,
        "denominator": denominator,
        "percent": percent(numerator, denominator),
        "low": interval.low,
        "high": interval.high,
    }


def _root(value: Fraction) -> Fraction:
    """A square root: exact where there is an exact one, else to thirty digits."""
    exact = value.numerator * value.denominator
    return Fraction(isqrt(exact * _DIGITS**2), value.denominator * _DIGITS)
