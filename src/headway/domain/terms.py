"""Time as schools keep it: academic years, terms and year groups. Today's date is an argument, never read here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = [
    "FIRST_YEAR_GROUP",
    "LAST_YEAR_GROUP",
    "AcademicYear",
    "Term",
    "TermDates",
    "YearGroup",
    "academic_year_of",
    "latest_begun",
    "parse_academic_year",
    "parse_term",
    "parse_year_group",
    "term_of_year",
    "terms_after",
    "year_group_code",
    "year_group_in",
]

YearGroup = int
"""A national-curriculum year as a number: 1 … 14; R is 0, N2 is -1, N1 is -2."""

_EARLY: Mapping[str, YearGroup] = {"N1": -2, "N2": -1, "R": 0}
FIRST_YEAR_GROUP: YearGroup = -2
LAST_YEAR_GROUP: YearGroup = 14
YEARS_BACK, YEARS_AHEAD = 10, 2


@dataclass(frozen=True, slots=True, order=True)
class AcademicYear:
    """An academic year, 1 September to 31 August, by the calendar year in which it starts."""

    starts_in: int

    @property
    def code(self) -> str:
        return f"{self.starts_in}-{(self.starts_in + 1) % 100:02d}"

    @property
    def starts(self) -> date:
        return date(self.starts_in, 9, 1)

    @property
    def ends(self) -> date:
        return date(self.starts_in + 1, 8, 31)

    def after(self, years: int) -> "AcademicYear":
        return AcademicYear(self.starts_in + years)

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True)
class TermDates:
    """One of a framework's terms: its name and the month and day it starts and ends on by default."""

    name: str
    starts: tuple[int, int]
    ends: tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """One term of one academic year; ``number`` counts from 1, ``per_year`` is how many a year has."""

    year: AcademicYear
    number: int
    name: str
    per_year: int
    starts: date
    ends: date

    @property
    def code(self) -> str:
        return f"{self.year.code}-{self.name}"

    @property
    def index(self) -> int:
        """Terms since year 0: the difference of two is the number of terms between them."""
        return self.year.starts_in * self.per_year + self.number - 1

    def __str__(self) -> str:
        return self.code


def parse_academic_year(text: str, *, today: date) -> AcademicYear:
    """The academic year a code means.

    Parameters
    ----------
    text : ``2026-27``.
    today : the day asked on: years from ten back to two ahead exist.

    Raises
    ------
    ValueError : with what would be right.

    Source
    ------
    RULES 12.

    >>> parse_academic_year("2026-27", today=date(2026, 11, 23)).starts
    datetime.date(2026, 9, 1)
    """
    now = academic_year_of(today)
    first, last = now.after(-YEARS_BACK), now.after(YEARS_AHEAD)
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text.strip())
    if match and (int(match[1]) + 1) % 100 == int(match[2]):
        year = AcademicYear(int(match[1]))
        if first <= year <= last:
            return year
    raise ValueError(f"'{text}' is not an academic year. Right would be one from {first} to {last}, such as {now}.")


def academic_year_of(day: date) -> AcademicYear:
    """The academic year a day falls in.

    >>> academic_year_of(date(2026, 8, 31)).code, academic_year_of(date(2026, 9, 1)).code
    ('2025-26', '2026-27')
    """
    return AcademicYear(day.year if day.month >= 9 else day.year - 1)


def parse_term(text: str, *, terms: Sequence[TermDates], today: date) -> Term:
    """The term a code means, with its default dates.

    Parameters
    ----------
    text : ``2026-27-autumn``.
    terms : the framework's terms of a year, in order.
    today : the day asked on.

    Raises
    ------
    ValueError : with what would be right.

    Source
    ------
    RULES 12.

    >>> three = [TermDates("autumn", (9, 1), (12, 31)), TermDates("spring", (1, 1), (4, 15)),
    ...          TermDates("summer", (4, 16), (8, 31))]
    >>> parse_term("2026-27-spring", terms=three, today=date(2026, 11, 23)).starts
    datetime.date(2027, 1, 1)
    """
    year_text, _, name = text.strip().casefold().rpartition("-")
    names = [term.name for term in terms]
    if name not in names or not year_text:
        now = academic_year_of(today)
        choices = ", ".join(f"{now}-{each}" for each in names)
        raise ValueError(f"'{text}' is not a term. Right would be a code such as {choices}.")
    try:
        year = parse_academic_year(year_text, today=today)
    except ValueError as error:
        raise ValueError(f"'{text}' is not a term: {error}") from None
    return term_of_year(year, names.index(name) + 1, terms=terms)


def term_of_year(year: AcademicYear, number: int, *, terms: Sequence[TermDates]) -> Term:
    """A year's term by its number, counted from 1, with its default dates."""
    dates = terms[number - 1]
    return Term(year, number, dates.name, len(terms), _in_year(year, dates.starts), _in_year(year, dates.ends))


def terms_after(term: Term, count: int, *, terms: Sequence[TermDates]) -> Term:
    """The term so many terms later (earlier where negative)."""
    year, number = divmod(term.index + count, term.per_year)
    return term_of_year(AcademicYear(year), number + 1, terms=terms)


def latest_begun(day: date, *, terms: Sequence[TermDates]) -> Term:
    """The latest term that has begun on a day: what a question means that names no term.

    >>> three = [TermDates("autumn", (9, 1), (12, 31)), TermDates("spring", (1, 1), (4, 15)),
    ...          TermDates("summer", (4, 16), (8, 31))]
    >>> latest_begun(date(2027, 4, 15), terms=three).code, latest_begun(date(2027, 4, 16), terms=three).code
    ('2026-27-spring', '2026-27-summer')
    """
    year = academic_year_of(day)
    numbers = range(1, len(terms) + 1)
    candidates = [term_of_year(each, number, terms=terms) for each in (year.after(-1), year) for number in numbers]
    return max(term for term in candidates if term.starts <= day)


def parse_year_group(text: str) -> YearGroup:
    """The year group a code means: ``N1``, ``N2``, ``R``, ``1`` … ``14``.

    Raises
    ------
    ValueError : with what would be right.

    >>> parse_year_group("R"), parse_year_group("7"), year_group_code(-2)
    (0, 7, 'N1')
    """
    code = text.strip().upper().removeprefix("YEAR").removeprefix("Y").strip()
    if code in _EARLY:
        return _EARLY[code]
    if re.fullmatch(r"[0-9]{1,2}", code) and 1 <= int(code) <= LAST_YEAR_GROUP:
        return int(code)
    raise ValueError(f"'{text}' is not a year group. Right would be N1, N2, R or a number from 1 to {LAST_YEAR_GROUP}.")


def year_group_code(year_group: YearGroup) -> str:
    """A year group as files and people write it; the inverse of `parse_year_group`."""
    return next((code for code, number in _EARLY.items() if number == year_group), str(year_group))


def year_group_in(year: AcademicYear, *, placements: Mapping[AcademicYear, YearGroup]) -> YearGroup:
    """A pupil's year group in any academic year.

    Parameters
    ----------
    year : the academic year asked about.
    placements : the year groups recorded for the pupil, by academic year; at least one.

    Returns
    -------
    The one recorded for that year; else the next later recorded less the years between, else the latest plus them.

    Source
    ------
    RULES 12: "today's less the years between, unless an enrolment says otherwise".

    >>> year_group_in(AcademicYear(2024), placements={AcademicYear(2026): 6})
    4
    """
    if year in placements:
        return placements[year]
    later = [known for known in placements if known > year]
    known = min(later) if later else max(placements)
    return placements[known] + year.starts_in - known.starts_in


def _in_year(year: AcademicYear, month_day: tuple[int, int]) -> date:
    month, day = month_day
    calendar_year = year.starts_in if month >= 9 else year.starts_in + 1
    try:
        return date(calendar_year, month, day)
    except ValueError:  # 29 February in a year without one
        return date(calendar_year, month, 1) + timedelta(days=27)
