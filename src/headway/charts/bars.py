"""A bar of counted parts, each as wide as its share and a link to the pupils it counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headway.charts.svg import Drawing, drawing, element, linked

__all__ = ["Part", "stacked_bar"]

_HEIGHT = 34
_HALF_A_NUMBER = 5
_ROOM_FOR_A_NUMBER = 5
"""A part this many hundredths of the bar wide has room for its number."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: how many it counts, what they have in common (a class of its colour), what it opens and is called."""

    n: int
    meaning: str
    address: str
    words: str
    chosen: bool = False


def stacked_bar(parts: Sequence[Part], *, words: str, height: int = _HEIGHT) -> Drawing:
    """Parts side by side that fill the width together; one that counts nobody is not drawn.

    >>> print(stacked_bar([Part(1, "on", "/?status=on", "1 pupil on")], words="1 on"))  # doctest: +ELLIPSIS
    <svg role="group" aria-label="1 on" width="100%" height="34" class="bar"><a href="/?status=on"><title>1 pupil...
    """
    return drawing(*_drawn(parts, height), words=words, width="100%", height=height, role="group", class_="bar")


def _drawn(parts: Sequence[Part], height: int) -> Iterator[Drawing]:
    whole, start = sum(part.n for part in parts), 0
    for part in parts:
        if part.n:
            x, width = 100 * start / whole, 100 * part.n / whole
            box = element(
                "rect", class_=f"fill-{part.meaning}", x=_percent(x), y=0, width=_percent(width), height=height
            )
            marks = [box, _number(part, x + width / 2, height)] if width >= _ROOM_FOR_A_NUMBER else [box]
            yield linked(*marks, address=part.address, words=part.words, current=part.chosen)
        start += part.n


def _number(part: Part, middle: float, height: int) -> Drawing:
    """The count in the middle of its part; it is also in the name, so it is not said twice."""
    return element(
        "text",
        str(part.n),
        class_=f"on-{part.meaning}",
        x=_percent(middle),
        y=height // 2 + _HALF_A_NUMBER,
        text_anchor="middle",
        aria_hidden="true",
    )


def _percent(value: float) -> str:
    return f"{value:.3f}%"
