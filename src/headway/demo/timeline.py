"""When things happen in the made-up school: three academic years up to today's term, and the days of each term.

Today is an argument; nothing here is later than it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from headway.domain.terms import AcademicYear, Term, TermDates, academic_year_of, latest_begun, term_of_year

__all__ = ["DemoTerm", "Timeline", "beginning", "school_days", "timeline"]

N_YEARS = 3

# Month and day of a term: school opens, the roll is gone over (half-term), marks are due, school breaks up.
_DAYS = {
    "autumn": ((9, 3), (10, 16), (12, 8), (12, 18)),
    "spring": ((1, 5), (2, 12), (3, 24), (4, 1)),
    "summer": ((4, 20), (5, 29), (7, 6), (7, 21)),
}
_HOLIDAYS = (((10, 25), (10, 31)), ((2, 13), (2, 21)), ((5, 23), (5, 31)))


@dataclass(frozen=True, slots=True)
class DemoTerm:
    """A term and its days; a day still to come is today."""

    term: Term
    opens: date
    roll: date
    marks: date
    ends: date
    current: bool

    @property
    def code(self) -> str:
        return self.term.code

    @property
    def year(self) -> AcademicYear:
        return self.term.year


@dataclass(frozen=True, slots=True)
class Timeline:
    """The made-up school's years and terms, oldest first."""

    now: datetime
    years: Sequence[AcademicYear]
    terms: Sequence[DemoTerm]

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def this_year(self) -> AcademicYear:
        return self.years[-1]

    def terms_in(self, year: AcademicYear) -> Sequence[DemoTerm]:
        """A year's terms that have begun."""
        return [each for each in self.terms if each.year == year]

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment on a day, or now where that is still to come."""
        return min(datetime.combine(day, time(hour, minute), tzinfo=self.now.tzinfo), self.now)


def beginning(now: datetime) -> datetime:
    """The moment a school's history starts that has three academic years by now."""
    year = academic_year_of(now.date()).after(1 - N_YEARS)
    return datetime.combine(year.starts, time(8), tzinfo=now.tzinfo)


def timeline(now: datetime, *, terms: Sequence[TermDates]) -> Timeline:
    """Three academic years, the last of them the one of now, with the terms that have begun."""
    today = now.date()
    years = [academic_year_of(today).after(back) for back in range(1 - N_YEARS, 1)]
    current = latest_begun(today, terms=terms)
    every = [term_of_year(year, number, terms=terms) for year in years for number in range(1, len(terms) + 1)]
    return Timeline(now, years, [_demo_term(term, current, today) for term in every if term.starts <= today])


@lru_cache
def school_days(first: date, last: date) -> Sequence[date]:
    """The days school was open, both ends included: weekdays outside the half-term holidays."""
    days = [first + timedelta(days=after) for after in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5 and not _on_holiday(day)]


def _demo_term(term: Term, current: Term, today: date) -> DemoTerm:
    planned = (_weekday(date(term.starts.year, month, day)) for month, day in _DAYS[term.name])
    opens, roll, marks, ends = (min(day, today) for day in planned)
    return DemoTerm(term, opens, roll, marks, ends, current=term == current)


def _weekday(day: date) -> date:
    """The day, or the Friday before where it is at a weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _on_holiday(day: date) -> bool:
    return any(first <= (day.month, day.day) <= last for first, last in _HOLIDAYS)
