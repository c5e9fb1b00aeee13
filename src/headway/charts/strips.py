"""Strips under a line chart, on the same axis of terms: sessions missed, and what happened on which day.

A bar of sessions missed begins at none, so its length is honest; the percentage attended stands above it. Incidents
rise from the line where their points are good and hang from it where they are not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from headway.charts.marks import dot
from headway.charts.svg import Drawing, drawing, element, number
from headway.charts.terms import Slot, TermAxis

__all__ = ["Missed", "Moment", "strip_chart"]

_USUALLY_MISSED = 25.0
_MOST_POINTS = 10
_POINTED_AT = 500
_LEFT, _RIGHT = 36, 30


@dataclass(frozen=True, slots=True)
class Missed:
    """Sessions of a term, or of a part of it (shares of its slot): the percentage missed, and what to write above."""

    place: int
    percent: float
    label: str
    words: str
    starts: float = 0.0
    ends: float = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Something on one day, at the share of its term that had gone; its points rise or hang."""

    place: int
    share: float
    points: int
    words: str


def strip_chart(
    slots: Sequence[Slot], *, missed: Sequence[Missed], moments: Sequence[Moment], words: str, width: int
) -> Drawing:
    """Attendance, and below it behaviour, each where there is any.

    A quarter of the sessions missed fills the strip; where more were, the most does. Marks have names where there is a
    pointer to read them with: not on a screen in a hand.
    """
    axis, named = TermAxis(slots, left=_LEFT, right=width - _RIGHT), width >= _POINTED_AT
    parts: list[Drawing] = []
    top = 4.0
    if missed:
        parts += _attendance(axis, missed, top=top, named=named)
        top += 80
    if moments:
        parts += _behaviour(axis, moments, top=top, named=named)
        top += 76
    borders = [element("line", x1=x, x2=x, y1=0, y2=top, class_="chart-border") for x, _ in axis.borders()]
    parts = [*borders, *parts, *axis.labels(top)]
    height = int(top) + 32
    view = f"0 0 {width} {height}"
    return drawing(*parts, words=words, width=width, height=height, viewBox=view, class_="chart chart-strip")


def _attendance(axis: TermAxis, missed: Sequence[Missed], *, top: float, named: bool) -> Iterator[Drawing]:
    base, room = top + 34, 40.0
    yield element("text", "Attended, %", x=axis.left, y=top + 10, class_="chart-stage")
    yield element("line", x1=axis.left, x2=axis.right, y1=base, y2=base, class_="chart-axis")
    full = max([_USUALLY_MISSED, *(each.percent for each in missed)])
    for each in missed:
        start, end = axis.at(each.place, each.starts) + 3, axis.at(each.place, each.ends) - 3
        height = max(each.percent / full * room, 0.5)
        bar = element("rect", x=start, y=base, width=end - start, height=height, class_="chart-missed")
        label = element("text", each.label, x=(start + end) / 2, y=base - 5, class_="chart-percent")
        yield _named(bar, *([label] if each.label else []), words=each.words if named else "")


def _behaviour(axis: TermAxis, moments: Sequence[Moment], *, top: float, named: bool) -> Iterator[Drawing]:
    base, room = top + 46, 20.0
    yield element("text", "Behaviour", x=axis.left, y=top + 10, class_="chart-stage")
    yield element("line", x1=axis.left, x2=axis.right, y1=base, y2=base, class_="chart-axis")
    stems, dots = [], []
    for each in moments:
        x = axis.at(each.place, each.share)
        size = 5 + min(abs(each.points), _MOST_POINTS) / _MOST_POINTS * room
        tip = base - size if each.points >= 0 else base + size
        stems.append(f"M{number(x)} {number(base)}V{number(tip)}")
        class_ = "chart-good" if each.points >= 0 else "chart-bad"
        dots.append(_named(dot(x, tip, r=3, class_=class_), words=each.words if named else ""))
    yield element("path", d="".join(stems), class_="chart-stem")
    yield from dots


def _named(*marks: Drawing, words: str) -> Drawing:
    """Marks with a name to be seen by whoever points at them."""
    return element("g", element("title", words), *marks) if words else Drawing("".join(marks))
