from collections.abc import Mapping
from datetime import date

import pytest
from tests.school import NOW

from headway.domain.questions import Answer, AnswerRow, Question
from headway.domain.terms import AcademicYear, Term
from headway.services.today import Heat
from headway.web.presenters.heat import HeatCell, HeatTable, heat_table

AUTUMN = Term(AcademicYear(2026), 1, "autumn", 3, date(2026, 9, 1), date(2026, 12, 31))
SUMMER = Term(AcademicYear(2025), 3, "summer", 3, date(2026, 4, 16), date(2026, 8, 31))
NAMES = {"reading": "Reading", "english": "English"}


def _table(tallies: Mapping[tuple[str, int], tuple[int, int]]) -> HeatTable:
    """The table of so many on or above, of so many known, by subject and year group."""
    rows = [
        AnswerRow({"subject": subject, "year_group": year}, {"numerator": share[0], "denominator": share[1]}, ())
        for (subject, year), share in tallies.items()
    ]
    question = Question("status", term=AUTUMN.code, by=("subject", "year_group"))
    answer = Answer(question, NOW.date(), NOW, "england-2008@1", (), tuple(rows), (), 0)
    return heat_table(Heat(answer, AUTUMN, [AUTUMN, SUMMER], NAMES), here="/?term=x")


def _cells(table: HeatTable) -> dict[str, list[tuple[str, str, int]]]:
    return {row.words: [(cell.percent, cell.known, cell.heat) for cell in row.cells] for row in table.rows}


def _only_cell(on_or_above: int, known: int) -> HeatCell:
    return _table({("reading", 5): (on_or_above, known)}).rows[1].cells[1]


def test_it_adds_counts_to_the_whole_and_never_shares() -> None:
    table = _table({("reading", 5): (1, 10), ("reading", 6): (90, 90), ("english", 5): (9, 10)})

    assert table.headings == ["All years", "Year 5", "Year 6"]
    assert _cells(table) == {
        "All subjects": [("91 %", "of 110", 5), ("50 %", "of 20", 2), ("100 %", "of 90", 5)],
        "Reading": [("91 %", "of 100", 5), ("10 %", "of 10", 1), ("100 %", "of 90", 5)],
        "English": [("90 %", "of 10", 5), ("90 %", "of 10", 5), ("", "not taught", 0)],
    }
    assert table.gaps


@pytest.mark.parametrize(
    ("on_or_above", "percent", "heat"),
    [(0, 0, 1), (99, 50, 2), (98, 49, 1), (129, 65, 3), (128, 64, 2), (149, 75, 4), (169, 85, 5), (200, 100, 5)],
)
def test_it_shades_by_the_percentage_it_shows(on_or_above: int, percent: int, heat: int) -> None:
    cell = _only_cell(on_or_above, 200)

    assert (cell.percent, cell.heat) == (f"{percent} %", heat)


def test_it_says_nothing_of_four_pupils() -> None:
    few, nobody, enough = _only_cell(0, 4), _only_cell(0, 0), _only_cell(0, 5)

    assert (few.percent, few.known, few.heat) == ("", "not enough known", 0)
    assert (nobody.known, nobody.address) == ("nothing known", "")
    assert (enough.percent, enough.known, enough.heat) == ("0 %", "of 5", 1)


def test_it_opens_the_names_behind_a_cell_and_leads_back() -> None:
    cell = _only_cell(6, 9)

    assert cell.address == (
        "/progress?who=year%3A5&subject=reading&term=2026-27-autumn&status=off_track&from=%2F%3Fterm%3Dx#pupils"
    )
    assert cell.label == "Year 5, reading: 67 % of 9 on or above; 3 apparently off track"


def test_it_opens_nothing_behind_a_total() -> None:
    table = _table({("reading", 5): (6, 9)})

    assert [cell.address for cell in table.rows[0].cells] == ["", ""]
    assert table.rows[1].cells[0].address == ""


def test_it_offers_the_terms_and_says_which_is_shown() -> None:
    table = _table({("reading", 5): (6, 9)})

    assert table.term == "autumn 2026"
    assert [(each.words, each.address, each.chosen) for each in table.terms] == [
        ("Autumn 2026", "?term=2026-27-autumn", True),
        ("Summer 2026", "?term=2025-26-summer", False),
    ]


def test_it_knows_nothing_where_there_is_no_row() -> None:
    table = _table({})

    assert (table.n_known, table.headings) == (0, ["All years"])
