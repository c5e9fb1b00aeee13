"""The line chart: what was judged term by term, beside the line of progress targets and the target it leads to.

What was judged is a solid line with dots, the progress targets a dashed line, the target a diamond, prior attainment a
square: they are told apart by shape and dash before weight, and never by colour.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from headway.charts.marks import diamond, dot, square, status_mark
from headway.charts.svg import Drawing, drawing, element, linked, number
from headway.charts.terms import Slot, TermAxis

__all__ = ["GradeTick", "LinePanel", "Mark", "line_chart", "small_line_chart"]

_FINGERTIP = 24

_Height = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Mark:
    """One value at a term (by its place on the axis), and what it is called; ``address`` is what it opens.

    ``label`` is written beside it, ``status`` gives it the shape of a status.
    """

    place: int
    value: float
    words: str = ""
    label: str = ""
    address: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class GradeTick:
    """A grade on the axis, at its points; ``whole`` marks the middle of a whole grade, named where all have no room."""

    label: str
    value: float
    whole: bool


@dataclass(frozen=True, slots=True)
class LinePanel:
    """Values on one scale. ``band`` holds the ends of a range at each place, where there is one (low, high)."""

    grades: Sequence[GradeTick]
    actual: Sequence[Mark]
    expected: Sequence[Sequence[Mark]]
    targets: Sequence[Mark] = ()
    prior: Sequence[Mark] = ()
    band: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def values(self) -> Sequence[float]:
        """Every value that has to have room."""
        lines = [mark.value for line in self.expected for mark in line]
        marks = [mark.value for marks in (self.actual, self.targets, self.prior) for mark in marks]
        return [*lines, *marks, *(end for ends in self.band.values() for end in ends)]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the lines are drawn."""

    axis: TermAxis
    top: float
    bottom: float
    small: bool


def line_chart(
    panels: Mapping[int, LinePanel], slots: Sequence[Slot], *, words: str, width: int, height: int
) -> Drawing:
    """The large chart: a grade on every line, a name under every term, and marks that open what they stand for.

    ``panels`` are the values by the panel of the slots they stand in.
    """
    frame = _Frame(TermAxis(slots, left=36, right=width - 30), top=18, bottom=height - 34, small=False)
    parts = [*_drawn(panels, frame), *frame.axis.labels(frame.bottom)]
    role = "group" if any(mark.address for panel in panels.values() for mark in panel.actual) else "img"
    return _sheet(parts, words=words, width=width, height=height, role=role, class_="chart chart-large")


def small_line_chart(
    panels: Mapping[int, LinePanel], slots: Sequence[Slot], *, words: str, width: int = 320, height: int = 150
) -> Drawing:
    """The same as one of many: a few grades on the axis, the years under it, and nothing to press inside."""
    frame = _Frame(TermAxis(slots, left=32, right=width - 26), top=14, bottom=height - 18, small=True)
    parts = [*_drawn(panels, frame), *frame.axis.years(frame.bottom + 2)]
    return _sheet(parts, words=words, width=width, height=height, role="img", class_="chart chart-small")


def _sheet(parts: Sequence[Drawing], *, words: str, width: int, height: int, role: str, class_: str) -> Drawing:
    view = f"0 0 {width} {height}"
    return drawing(*parts, words=words, width=width, height=height, viewBox=view, role=role, class_=class_)


def _drawn(panels: Mapping[int, LinePanel], frame: _Frame) -> Iterator[Drawing]:
    axis = frame.axis
    for x, stage in axis.borders():
        yield element("line", x1=x, x2=x, y1=frame.top - 12, y2=frame.bottom, class_="chart-border")
        yield element("text", stage, x=x + 4, y=frame.top - 4, class_="chart-stage")
    for which, panel in panels.items():
        places = [place for place, slot in enumerate(axis.slots) if slot.panel == which]
        if places and panel.values:
            yield from _panel(panel, frame, start=axis.start(places[0]), end=axis.end(places[-1]))
    yield element("line", x1=axis.left, x2=axis.right, y1=frame.bottom, y2=frame.bottom, class_="chart-axis")


def _panel(panel: LinePanel, frame: _Frame, *, start: float, end: float) -> Iterator[Drawing]:
    ticks, low, high = _scaled(panel, most=5 if frame.small else 11)

    def y(value: float) -> float:
        return frame.bottom - (value - low) / (high - low) * (frame.bottom - frame.top)

    grid = "".join(f"M{number(start)} {number(y(tick.value))}H{number(end)}" for tick in ticks)
    yield element("path", d=grid, class_="chart-grid")
    for tick in ticks:
        yield element("text", tick.label, x=start - 5, y=y(tick.value) + 3.5, class_="chart-grade")
    yield from _lines(panel, frame, y)
    yield from _marks(panel, frame, y)


def _lines(panel: LinePanel, frame: _Frame, y: _Height) -> Iterator[Drawing]:
    axis = frame.axis

    def at(mark: Mark) -> tuple[float, float]:
        return axis.middle(mark.place), y(mark.value)

    if panel.band:
        lows = [(axis.middle(place), y(low)) for place, (low, _) in sorted(panel.band.items())]
        highs = [(axis.middle(place), y(high)) for place, (_, high) in sorted(panel.band.items())]
        yield element("polygon", points=_points([*lows, *reversed(highs)]), class_="chart-band")
    for line in panel.expected:
        if len(line) > 1:
            yield element("polyline", points=_points([at(mark) for mark in line]), class_="chart-expected")
    runs = _runs(panel.actual)
    for run in runs:
        if len(run) > 1:
            yield element("polyline", points=_points([at(mark) for mark in run]), class_="chart-actual")
    for before, after in pairwise(runs):
        ends = _points([at(before[-1]), at(after[0])])
        yield element("polyline", points=ends, class_="chart-actual chart-gap")


def _marks(panel: LinePanel, frame: _Frame, y: _Height) -> Iterator[Drawing]:
    axis, small = frame.axis, frame.small
    for mark in panel.prior:
        yield square(axis.middle(mark.place), y(mark.value), r=3 if small else 4, class_="chart-prior")
    for mark in panel.targets:
        x, at = axis.middle(mark.place), y(mark.value)
        yield diamond(x, at, r=4.5 if small else 6, class_="chart-target")
        if mark.label and not (small and mark.place < len(axis.slots) - 1):
            yield element("text", mark.label, x=x + 8, y=at + 4, class_="chart-label")
    if small:
        plain = [mark for mark in panel.actual if not mark.status]
        dots = [f"M{number(axis.middle(mark.place))} {number(y(mark.value))}h0" for mark in plain]
        if dots:
            yield element("path", d="".join(dots), class_="chart-dots")
    for mark in panel.actual:
        if small and not mark.status:
            continue
        x, at = axis.middle(mark.place), y(mark.value)
        shape = status_mark(mark.status, x, at, size=13 if small else 16) if mark.status else None
        shape = shape or dot(x, at, r=2.6 if small else 4, class_="chart-dot")
        drawn = [shape]
        if mark.label:
            near = [y(each.value) for each in panel.targets if each.place == mark.place]
            drawn.append(_now(mark, x, at, near=near, frame=frame))
        if mark.address and not small and axis.width >= _FINGERTIP:
            room = element("rect", x=x - axis.width / 2, y=at - 14, width=axis.width, height=28, class_="chart-room")
            yield linked(room, *drawn, address=mark.address, words=mark.words)
        else:
            name = [element("title", mark.words)] if mark.words and not small else []
            yield element("g", *name, *drawn)


def _now(mark: Mark, x: float, y: float, *, near: Sequence[float], frame: _Frame) -> Drawing:
    """What a mark is called: above it; below where there is no room, or before it where there is none there either."""
    if y - 12 > frame.top - 8 and not any(y - 28 < each <= y + 1 for each in near):
        return element("text", mark.label, x=x, y=y - 10, class_="chart-now")
    if y + 20 < frame.bottom and not any(y + 1 < each < y + 28 for each in near):
        return element("text", mark.label, x=x, y=y + 19, class_="chart-now")
    return element("text", mark.label, x=x - 10, y=y + 4, class_="chart-now chart-before")


def _runs(marks: Sequence[Mark]) -> list[list[Mark]]:
    """Marks of terms that follow each other, together."""
    runs: list[list[Mark]] = []
    for mark in marks:
        if runs and runs[-1][-1].place == mark.place - 1:
            runs[-1].append(mark)
        else:
            runs.append([mark])
    return runs


def _scaled(panel: LinePanel, *, most: int) -> tuple[Sequence[GradeTick], float, float]:
    """The grades to name, and the ends of the axis: half a step of room round everything that is drawn."""
    lowest, highest = min(panel.values), max(panel.values)
    steps = [after.value - before.value for before, after in pairwise(panel.grades)]
    step = min(steps, default=1.0)
    below = max((tick.value for tick in panel.grades if tick.value <= lowest), default=lowest)
    above = min((tick.value for tick in panel.grades if tick.value >= highest), default=highest)
    low, high = below - 0.6 * step, max(above, below + 2 * step) + 0.6 * step
    within = [tick for tick in panel.grades if low <= tick.value <= high]
    return _named(within, most=most), low, high


def _named(ticks: Sequence[GradeTick], *, most: int) -> Sequence[GradeTick]:
    """All grades where they have room; else the middles of whole grades; else every second or third of them."""
    if len(ticks) <= most:
        return ticks
    whole = [tick for tick in ticks if tick.whole] or ticks
    if len(whole) == 1:
        return [ticks[0], *whole, ticks[-1]]
    every = -(-len(whole) // most)
    return whole[::every]


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)
