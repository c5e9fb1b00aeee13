"""Rounding, in the one way Headway rounds: half up, at the end only. Knows nothing of what is rounded."""

from decimal import Decimal
from fractions import Fraction
from math import floor

__all__ = ["half_up", "percent", "thousandths"]


def half_up(value: Fraction | int, *, places: int) -> Decimal:
    """A number rounded half up (towards +∞) to a number of decimal places.

    Parameters
    ----------
    value : exact number.
    places : decimals to keep, 0 or more.

    Returns
    -------
    Decimal with exactly ``places`` decimals.

    Source
    ------
    RULES 9: "Percentages and means are rounded half up, at the end only."

    >>> half_up(Fraction(5, 2), places=0), half_up(Fraction(-5, 2), places=0)
    (Decimal('3'), Decimal('-2'))
    >>> half_up(Fraction(2, 3), places=1)
    Decimal('0.7')
    """
    whole = floor(Fraction(value) * 10**places + Fraction(1, 2))
    return Decimal(whole).scaleb(-places)


def percent(numerator: int, denominator: int) -> Decimal | None:
    """A share as a percentage with one decimal.

    Parameters
    ----------
    numerator, denominator : numbers of pupils, ``0 <= numerator <= denominator``.

    Returns
    -------
    Decimal from 0.0 to 100.0, or None where there is nobody to be a share of.

    Source
    ------
    RULES 8: percentage with one decimal, halves up.

    >>> percent(21, 29)
    Decimal('72.4')
    >>> percent(1, 16)
    Decimal('6.3')
    >>> percent(0, 0) is None
    True
    """
    if denominator == 0:
        return None
    return half_up(Fraction(100 * numerator, denominator), places=1)


def thousandths(value: Fraction | int) -> int:
    """A number of points as a whole number of thousandths, half up: what a tally adds.

    Parameters
    ----------
    value : exact points.

    Returns
    -------
    int, thousandths of a point.

    Source
    ------
    RULES 9: "a gap enters a tally as a whole number of thousandths of a point (half up)".

    >>> thousandths(Fraction(2, 3)), thousandths(Fraction(-2, 3))
    (667, -667)
    """
    return floor(Fraction(value) * 1000 + Fraction(1, 2))
