"""The axis of terms that a pupil's charts share: the same term stands at the same place in each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from headway.charts.svg import Drawing, element, number

__all__ = ["Slot", "TermAxis"]

_ROOM_FOR_A_WORD = 25
_GUTTER = 30


@dataclass(frozen=True, slots=True)
class Slot:
    """One term: its short name (``Aut``), its year (``Y5``), its key stage, and the panel it belongs to.

    Where terms next to each other are of different panels, their values are on different scales and cannot share an
    axis: there is a gutter between them, with room for the second one.
    """

    term: str
    year: str
    stage: str
    panel: int = 0


@dataclass(frozen=True, slots=True)
class TermAxis:
    """Terms from left to right, each in a slot of the same width."""

    slots: Sequence[Slot]
    left: float
    right: float

    @property
    def width(self) -> float:
        """The width of one slot."""
        gutters = _GUTTER * len({slot.panel for slot in self.slots}) - _GUTTER
        return (self.right - self.left - gutters) / max(len(self.slots), 1)

    def start(self, place: int) -> float:
        """Where a slot begins."""
        first = self.slots[0].panel if self.slots else 0
        panel = self.slots[min(place, len(self.slots) - 1)].panel if self.slots else 0
        return self.left + place * self.width + _GUTTER * (panel - first)

    def end(self, place: int) -> float:
        """Where a slot ends."""
        return self.start(place) + self.width

    def middle(self, place: int) -> float:
        """Where a term's marks stand."""
        return self.start(place) + self.width / 2

    def at(self, place: int, share: float) -> float:
        """A moment within a term, by the share of it that has gone."""
        return self.start(place) + share * self.width

    def borders(self) -> Iterator[tuple[float, str]]:
        """Where a key stage begins that is not the first, and what it is called."""
        for place, slot in enumerate(self.slots):
            if place and slot.stage != self.slots[place - 1].stage:
                same_panel = slot.panel == self.slots[place - 1].panel
                yield (self.start(place) if same_panel else self.end(place - 1)), slot.stage

    def labels(self, top: float) -> Iterator[Drawing]:
        """The terms and, below them, the years. Terms that have no room for their name have its first letter."""
        whole = self.width >= _ROOM_FOR_A_WORD
        for place, slot in enumerate(self.slots):
            words = slot.term if whole else slot.term[:1]
            yield element("text", words, x=self.middle(place), y=top + 11, class_="chart-term")
        yield from self.years(top + 15)

    def years(self, top: float) -> Iterator[Drawing]:
        """The years alone, each under its terms, with a tick where one begins."""
        ticks = []
        for year, of_year in groupby(range(len(self.slots)), key=lambda place: self.slots[place].year):
            places = list(of_year)
            start, end = self.start(places[0]), self.end(places[-1])
            ticks.append(f"M{number(start)} {number(top)}v4")
            if end - start >= len(year) * 6:
                yield element("text", year, x=(start + end) / 2, y=top + 12, class_="chart-year")
        if ticks:
            yield element("path", d="".join(ticks), class_="chart-tick")
