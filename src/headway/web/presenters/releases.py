"""Releases in words: a table of year groups by terms, each cell with who sees it and since when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from headway.domain.cuts import year_group_words
from headway.domain.families import AUDIENCES
from headway.domain.questions import term_words
from headway.domain.terms import Term, YearGroup
from headway.services.families.releases import Cell, Released, ReleaseTable
from headway.web.presenters.days import short_day

__all__ = ["ReleasesPage", "releases_page"]

_SHORT: Mapping[str, str] = {"pupils": "Pupils", "families": "Families"}


@dataclass(frozen=True, slots=True)
class Box:
    """One box to tick: what it sends, what it is called, and how its cell stands."""

    value: str
    label: str
    words: str
    by: str
    state: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class TermColumn:
    """A term's two columns; ``hint`` says that its marks may still change."""

    words: str
    hint: str
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A year group: for every term both audiences."""

    words: str
    cells: Sequence[tuple[str, Sequence[Box]]]


@dataclass(frozen=True, slots=True)
class YearChoice:
    """An academic year that can be chosen."""

    words: str
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class ReleasesPage:
    """The table of one academic year."""

    year: str
    years: Sequence[YearChoice]
    terms: Sequence[TermColumn]
    rows: Sequence[GroupRow]


def releases_page(table: ReleaseTable, *, ticked: Collection[str], today: date) -> ReleasesPage:
    """The table in words."""
    return ReleasesPage(
        year=table.year.code,
        years=[
            YearChoice(year.code.replace("-", "–"), f"?year={year.code}", year == table.year)
            for year in reversed(table.years)
        ],
        terms=[_column(term, table, ticked) for term in table.terms],
        rows=[
            GroupRow(
                year_group_words(group),
                [
                    (
                        term_words(term.code).capitalize(),
                        [_box(term, group, audience, table, ticked, today) for audience in AUDIENCES],
                    )
                    for term in table.terms
                ],
            )
            for group in table.year_groups
        ],
    )


def _value(term: str, year_group: int | None, audience: str) -> str:
    """What the box of a cell sends; without a year group the box of its whole column."""
    return f"{term}|{'all' if year_group is None else year_group}|{audience}"


def _column(term: Term, table: ReleaseTable, ticked: Collection[str]) -> TermColumn:
    words = term_words(term.code)
    boxes = []
    for audience in AUDIENCES:
        value = _value(term.code, None, audience)
        label = f"All year groups, {words}, {audience}"
        boxes.append(Box(value, label, _SHORT[audience], "", "", value in ticked))
    return TermColumn(words.capitalize(), "still open" if term.code in table.open_terms else "", boxes)


def _box(term: Term, group: YearGroup, audience: str, table: ReleaseTable, ticked: Collection[str], today: date) -> Box:
    released = table.released.get(Cell(term.code, group, audience))
    value = _value(term.code, group, audience)
    label = f"{year_group_words(group)}, {term_words(term.code)}, {audience}"
    words, by, state = _standing(released, today)
    return Box(value, label, words, by, state, value in ticked)


def _standing(released: Released | None, today: date) -> tuple[str, str, str]:
    if released is None:
        return "Not released", "", "none"
    since = short_day(released.starts)
    said = f"{released.by}, {short_day(released.at.date())}"
    return (f"From {since}", said, "to-come") if released.starts > today else (f"Since {since}", said, "shown")
