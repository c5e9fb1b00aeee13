"""A share with its interval on an axis from 0 to 100, so that rows under each other can be compared by eye.

The numbers stand in the same row, so the drawing is passed over by who cannot see it.
"""

from dataclasses import dataclass
from decimal import Decimal

from headway.charts.svg import Drawing, element

__all__ = ["Interval", "interval_dot"]

_HEIGHT = 20
_MIDDLE = _HEIGHT // 2
_RADIUS = 4.5


@dataclass(frozen=True, slots=True)
class Interval:
    """A share in percent, and where its interval reaches from and to."""

    at: Decimal
    low: Decimal
    high: Decimal


def interval_dot(interval: Interval, *, whole: Decimal | None = None) -> Drawing:
    """A dot on a line from 0 to 100; ``whole`` is where everybody together stands.

    >>> print(interval_dot(Interval(Decimal("50.0"), Decimal("21.5"), Decimal("78.5"))))  # doctest: +ELLIPSIS
    <svg width="100%" height="20" aria-hidden="true"><line class="axis" x1="0%" x2="100%" y1="10" y2="10"/>...
    """
    marks = [_level("axis", "0", "100")]
    if whole is not None:
        marks.append(element("line", class_="all", x1=f"{whole}%", x2=f"{whole}%", y1=0, y2=_HEIGHT))
    marks.append(_level("reach", interval.low, interval.high))
    marks.append(element("circle", class_="dot", cx=f"{interval.at}%", cy=_MIDDLE, r=_RADIUS))
    return element("svg", *marks, width="100%", height=_HEIGHT, aria_hidden="true")


def _level(class_: str, low: Decimal | str, high: Decimal | str) -> Drawing:
    return element("line", class_=class_, x1=f"{low}%", x2=f"{high}%", y1=_MIDDLE, y2=_MIDDLE)
