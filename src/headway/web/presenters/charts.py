"""Where the marks of a chart stand, in percent of its width; what they mean is the page's to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["Segment", "Whisker", "segments", "whisker"]

_ROOM_FOR_A_NUMBER = 5


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar: where it starts, how wide it is, its middle, and whether a number fits into it."""

    x: str
    width: str
    middle: str
    roomy: bool


@dataclass(frozen=True, slots=True)
class Whisker:
    """A share with its interval on a line from 0 to 100."""

    low: str
    high: str
    at: str


def segments(counts: Sequence[int]) -> Sequence[Segment]:
    """The parts of a bar as wide as all the counts together."""
    whole, start, parts = sum(counts) or 1, 0, []
    for count in counts:
        x, width = 100 * start / whole, 100 * count / whole
        parts.append(Segment(_percent(x), _percent(width), _percent(x + width / 2), width >= _ROOM_FOR_A_NUMBER))
        start += count
    return parts


def whisker(figures: Mapping[str, object]) -> Whisker | None:
    """Where a share and its interval stand; None where there is no share."""
    low, high, at = (figures[name] for name in ("low", "high", "percent"))
    return None if low is None or high is None or at is None else Whisker(f"{low}%", f"{high}%", f"{at}%")


def _percent(value: float) -> str:
    return f"{value:.3f}%"
