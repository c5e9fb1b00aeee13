"""The list of mark sheets: the viewer's own, then every other by year group, each with how full it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse

from headway.domain.cuts import listed, year_group_words
from headway.domain.questions import term_words
from headway.services.mark_sheets import SheetSummary

__all__ = ["ListPage", "list_page"]

_FEW = 24


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One sheet: a class in one subject, or in all it is taught (``subject`` empty). ``width`` is of a bar of 100."""

    code: str
    subject: str
    teachers: str
    n_entered: int
    n_wanted: int
    n_missing: int
    width: str
    address: str
    targets: str
    progress: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some sheets under a heading: the viewer's own, or a year group's."""

    heading: str
    rows: Sequence[SheetRow]
    n_sheets: int
    n_missing: int
    width: str
    open: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """Everything the page says."""

    term: str
    words: str
    terms: Sequence[tuple[str, str]]
    headline: str
    closed: bool
    mine: Shelf | None
    others: Sequence[Shelf]


def list_page(sheets: Sequence[SheetSummary], *, term: str, terms: Sequence[str]) -> ListPage:
    """The page of a term's sheets (as services give them: the viewer's own first, then by year group and class)."""
    shown = sheets[0].term if sheets else term
    mine, others = [each for each in sheets if each.mine], [each for each in sheets if not each.mine]
    by_year = [(year, list(group)) for year, group in groupby(others, key=lambda each: each.year_group)]
    few = len(others) <= _FEW
    return ListPage(
        term=shown,
        words=_capital(term_words(shown)) if shown else "",
        terms=[(code, _capital(term_words(code))) for code in terms],
        headline=_headline(mine or sheets, whose="your" if mine else "these"),
        closed=any(each.closed for each in sheets),
        mine=_shelf("Yours", mine, is_open=True) if mine else None,
        others=[_shelf(year_group_words(year), group, is_open=few) for year, group in by_year],
    )


def _headline(sheets: Sequence[SheetSummary], *, whose: str) -> str:
    n, n_missing = len(sheets), _wanted(sheets) - _entered(sheets)
    if not sheets:
        return ""
    kept = f"{whose} {n} mark sheets" if n > 1 else f"{'your' if whose == 'your' else 'this'} mark sheet"
    if n_missing:
        return f"{n_missing:,} mark{'s are' if n_missing > 1 else ' is'} missing in {kept}."
    return f"Nothing is missing in {kept}."


def _shelf(heading: str, sheets: Sequence[SheetSummary], *, is_open: bool) -> Shelf:
    rows: list[SheetRow] = []
    progress = reverse("progress")
    for _, group in groupby(sheets, key=lambda each: each.code):
        of_class = list(group)
        marks = reverse("marks", args=[of_class[0].code, of_class[0].term])
        if len(of_class) > 1:
            rows.append(_row(of_class, subject="", teachers=(), address=marks))
        for each in of_class:
            who = urlencode({"who": f"class:{each.code}", "subject": each.subject, "term": each.term})
            rows.append(
                _row(
                    [each],
                    subject=each.subject_name,
                    teachers=each.teachers,
                    address=f"{marks}?{urlencode({'subject': each.subject})}",
                    targets=reverse("targets", args=[each.code, each.subject]),
                    progress=f"{progress}?{who}",
                )
            )
    n_missing = _wanted(sheets) - _entered(sheets)
    return Shelf(heading, rows, len(sheets), n_missing, _width(sheets), is_open)


def _row(
    sheets: Sequence[SheetSummary],
    *,
    subject: str,
    teachers: Sequence[str],
    address: str,
    targets: str = "",
    progress: str = "",
) -> SheetRow:
    n_entered, n_wanted = _entered(sheets), _wanted(sheets)
    return SheetRow(
        code=sheets[0].code,
        subject=subject,
        teachers=listed(teachers),
        n_entered=n_entered,
        n_wanted=n_wanted,
        n_missing=n_wanted - n_entered,
        width=_width(sheets),
        address=address,
        targets=targets,
        progress=progress,
    )


def _entered(sheets: Sequence[SheetSummary]) -> int:
    return sum(sheet.n_entered for sheet in sheets)


def _wanted(sheets: Sequence[SheetSummary]) -> int:
    return sum(sheet.n_pupils for sheet in sheets)


def _width(sheets: Sequence[SheetSummary]) -> str:
    """How full a bar of 100 is. A bar is not full, and not empty, while anything is otherwise."""
    n_entered, n_wanted = _entered(sheets), _wanted(sheets)
    if n_entered in (0, n_wanted):
        return "100" if n_entered else "0"
    return f"{min(max(100 * n_entered / n_wanted, 2), 97):.0f}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
