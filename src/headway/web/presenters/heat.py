"""The heat table: for every subject and year group the share on or above, so shaded that the eye finds the lowest."""

from collections.abc import Sequence
from dataclasses import dataclass

from headway.analysis.margins import Share, share_margins
from headway.domain.cuts import year_group_words
from headway.domain.questions import term_words
from headway.domain.terms import year_group_code
from headway.services.today import Heat
from headway.web.presenters.progress import in_sentence
from headway.web.selections import NAMES, Selection

__all__ = ["HEATS", "HeatCell", "HeatRow", "HeatTable", "TermChoice", "heat_table"]

HEATS: Sequence[tuple[int, int, str]] = (
    (1, 0, "under 50 %"),
    (2, 50, "50 to 64 %"),
    (3, 65, "65 to 74 %"),
    (4, 75, "75 to 84 %"),
    (5, 85, "85 % and over"),
)
"""The shades from low to high: each with the percentage it begins at, and in words."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A subject in a year group: the percentage, or why there is none. ``address`` is empty where nothing opens."""

    percent: str
    known: str
    heat: int
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A subject across the year groups, the whole school first."""

    words: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True, slots=True)
class TermChoice:
    """A term the table can be shown for."""

    words: str
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class HeatTable:
    """The table: its headings, the row of all subjects first, and what can be chosen."""

    term: str
    headings: Sequence[str]
    rows: Sequence[HeatRow]
    terms: Sequence[TermChoice]
    shades: Sequence[tuple[int, int, str]]
    n_known: int
    gaps: bool


def heat_table(heat: Heat, *, here: str) -> HeatTable:
    """The table of an answer by subject and year group, its links leading back ``here``."""
    shares = share_margins(heat.status.rows, by=("subject", "year_group"))
    subjects = list(dict.fromkeys(str(subject) for subject, _ in shares if subject))
    year_groups = sorted({year for _, year in shares if isinstance(year, int)})
    everybody = shares.get((None, None))
    names = in_sentence(heat.subject_names)
    term = term_words(heat.term.code)
    rows = [
        HeatRow(
            heat.subject_names[subject] if subject else "All subjects",
            [
                _cell(
                    shares.get((subject or None, year)),
                    words=_words(names.get(subject, ""), year),
                    address=_address(subject, year, heat.term.code, here),
                )
                for year in (None, *year_groups)
            ],
        )
        for subject in ("", *subjects)
    ]
    return HeatTable(
        term=term,
        headings=["All years", *(year_group_words(year) for year in year_groups)],
        rows=rows,
        terms=[
            TermChoice(term_words(each.code).capitalize(), f"?term={each.code}", each == heat.term)
            for each in heat.terms
        ],
        shades=HEATS,
        n_known=everybody.denominator if everybody else 0,
        gaps=any(not cell.percent for row in rows for cell in row.cells),
    )


def _cell(share: Share | None, *, words: str, address: str) -> HeatCell:
    if share is None:
        return HeatCell("", "not taught", 0, "", "")
    known = share.denominator
    if share.percent is None:
        said = "not enough known" if known else "nothing known"
        return HeatCell("", said, 0, address if known else "", f"{words}: {said}")
    percent, of = f"{share.percent} %", f"of {known:,}"
    label = f"{words}: {percent} {of} on or above; {known - share.numerator:,} apparently off track"
    return HeatCell(percent, of, _heat(share.percent), address, label)


def _heat(percent: int) -> int:
    return max(heat for heat, begins, _ in HEATS if percent >= begins)


def _words(subject: str, year: int | None) -> str:
    who = year_group_words(year) if year is not None else "All years"
    return f"{who}, {subject or 'all subjects'}"


def _address(subject: str, year: int | None, term: str, here: str) -> str:
    """Where the names behind a cell are; a total has none of its own."""
    if not subject or year is None:
        return ""
    who = f"year:{year_group_code(year)}"
    return Selection(who, subject, term, status="off_track", came_from=here).address() + NAMES
