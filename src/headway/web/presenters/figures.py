"""Figures in words: points, gaps, shares with their intervals. Rounds as the rules round, and only here for the eye."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from headway.domain.rounding import half_up

__all__ = ["gap_words", "interval_words", "percent_words", "points_words", "pupils_words", "signed_words"]

_MINUS = "−"
_VULGAR: Mapping[Fraction, str] = {
    Fraction(1, 2): "½",
    Fraction(1, 3): "⅓",
    Fraction(2, 3): "⅔",
    Fraction(1, 4): "¼",
    Fraction(3, 4): "¾",
    Fraction(1, 6): "⅙",
    Fraction(5, 6): "⅚",
}


def points_words(points: Fraction) -> str:
    """Points, exactly: a whole number and a fraction (67/3 is 22⅓)."""
    whole, rest = divmod(abs(points), 1)
    fraction = _VULGAR.get(rest, f" {rest.numerator}/{rest.denominator}") if rest else ""
    number = f"{whole or ''}{fraction}".strip() or "0"
    return f"{_MINUS if points < 0 else ''}{number}"


def gap_words(gap: Fraction | None) -> str:
    """A gap in points with its sign and one decimal; nothing where there is none."""
    return "" if gap is None else signed_words(half_up(gap, places=1))


def signed_words(figure: object) -> str:
    """A figure as an answer holds it, with its sign; nothing where there is none."""
    if not isinstance(figure, Decimal):
        return ""
    sign = "+" if figure > 0 else _MINUS if figure < 0 else ""
    return f"{sign}{abs(figure)}"


def percent_words(percent: object) -> str:
    """A percentage as an answer holds it, with its sign; a dash where there is nobody to be a share of."""
    return "–" if percent is None else f"{percent} %"


def interval_words(low: object, high: object) -> str:
    """Both ends of an interval; nothing where there is too little to say."""
    return "" if low is None or high is None else f"{low} to {high}"


def pupils_words(n: int) -> str:
    """A number of pupils."""
    return "1 pupil" if n == 1 else f"{n} pupils"
