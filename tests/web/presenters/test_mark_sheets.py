"""Mark sheets in words: clashes, what was saved, how full a sheet is, and what a pad opens around."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from tests.school import NOW

from headway.domain.scales import MarkCode, Part, WholeGrade, build_scale
from headway.domain.status import Comparison
from headway.domain.terms import AcademicYear, Term
from headway.records.figures import Figure
from headway.services.assessments import Cell, Clash, Refused, Saved
from headway.services.mark_sheets import Sheet, SheetCell, SheetPupil, SheetSubject, SheetSummary
from headway.web.presenters.mark_sheet_lists import ListPage, list_page
from headway.web.presenters.mark_sheets import saved_words, sheet_page, troubles_of

AMIR = UUID("7a0c1c4e-7a0c-4c4e-8a0c-7a0c1c4e7a0c")
TERM = "2026-27-autumn"
CLASH = Clash(Cell(AMIR, "mathematics", "4c", "1.1"), "3b", "1.2", "", "Tess Teacher", NOW)


@pytest.mark.parametrize(
    ("clash", "sentence"),
    [
        (CLASH, "Tess Teacher put “3b” here today at 10:00; you typed “4c”. Save again to keep yours, or type theirs."),
        (
            replace(CLASH, note="moved"),
            "Tess Teacher put “3b” with the note “moved” here today at 10:00; you typed “4c”.",
        ),
        (
            replace(CLASH, mark="", at=NOW - timedelta(days=1)),
            "Tess Teacher emptied this yesterday at 10:00; you typed",
        ),
        (replace(CLASH, by="", at=None), "Somebody else put “3b” here; you typed “4c”."),
        (
            replace(CLASH, cell=Cell(AMIR, "mathematics", " ", "1.1")),
            "Tess Teacher put “3b” here today at 10:00; you emptied",
        ),
    ],
)
def test_a_clash_says_both_values_and_whose(clash: Clash, sentence: str) -> None:
    (trouble,) = troubles_of([clash], now=NOW).values()
    assert trouble.sentence.startswith(sentence)
    assert trouble.version == clash.version


def test_only_what_was_not_saved_is_trouble() -> None:
    saved = Saved(Cell(AMIR, "reading", "3b"), "3b", "2.1", "", Comparison("on", 0, Fraction(0)))
    refused = Refused(Cell(AMIR, "science", "9z", "3.1", note="new"), "“9z” is wrong.")
    troubles = troubles_of([saved, refused, CLASH], now=NOW)
    assert list(troubles) == [(AMIR, "science"), (AMIR, "mathematics")]
    science = troubles[AMIR, "science"]
    assert (science.typed, science.note, science.version) == ("9z", "new", "3.1")


def test_it_says_how_many_marks_were_saved() -> None:
    assert [saved_words(n) for n in (0, 1, 28)] == [
        "Nothing had changed, so nothing was saved.",
        "1 mark saved.",
        "28 marks saved.",
    ]


LEVELS = build_scale(
    "levels",
    name="levels",
    version=1,
    parts=[
        Part("c", "low", Fraction(-2), Fraction(-3)),
        Part("b", "secure", Fraction(0), Fraction(-1)),
        Part("a", "high", Fraction(2), Fraction(1)),
    ],
    wholes=[WholeGrade(str(n), f"level {n}", Fraction(6 * n + 3), Fraction(6 * n), True, n) for n in (3, 4, 5)],
    mark_codes=[MarkCode("Abs", "absent")],
)
UNKNOWN = Comparison("not_known", None, None)
EMPTY = SheetCell("", "", "", "", UNKNOWN, "", "", None, False, "", UNKNOWN, True)


def sheet(cell: SheetCell = EMPTY, *, closed_at: datetime | None = None, may_mark: bool = True) -> Sheet:
    term = Term(AcademicYear(2026), 1, "autumn", 3, NOW.date(), NOW.date())
    return Sheet(
        code="5A",
        year_group=5,
        term=term,
        terms=[term],
        ends=NOW.date(),
        closed_at=closed_at,
        offered=[("mathematics", "Mathematics")],
        chosen="mathematics",
        subjects=[SheetSubject("mathematics", "Mathematics", LEVELS, ("Tess Teacher", "Tom Too"), may_mark, 1, 1)],
        pupils=[SheetPupil(AMIR, "Adams, Amir", {"mathematics": cell})],
        digest="0",
    )


@pytest.mark.parametrize(
    ("cell", "near"),
    [
        (replace(EMPTY, expected=Figure(3, 1, Fraction(25), 25_000, "4c"), last="3a"), "4c"),
        (replace(EMPTY, last="3a"), "3a"),
        (EMPTY, "4b"),
    ],
)
def test_a_pad_opens_around_the_progress_target_else_last_term_else_the_middle(cell: SheetCell, near: str) -> None:
    ((only,),) = [row.cells for row in sheet_page(sheet(cell), troubles={}).rows]
    assert only is not None
    assert only.near == near


def test_what_is_not_there_is_a_dash_without_a_status() -> None:
    ((only,),) = [row.cells for row in sheet_page(sheet(), troubles={}).rows]
    assert only is not None
    assert (only.prior, only.target, only.expected, only.points, only.last, only.last_word) == ("–",) * 3 + (
        "",
        "–",
        "",
    )
    assert (only.word, only.gap) == ("Not known", "")


def test_what_was_typed_stands_again_with_what_is_wrong() -> None:
    page = sheet_page(
        sheet(replace(EMPTY, mark="3b", version="1.2", note="theirs")), troubles=troubles_of([CLASH], now=NOW)
    )
    ((only,),) = [row.cells for row in page.rows]
    assert only is not None
    assert (only.mark, only.version, only.note) == ("4c", "1.2", "theirs")
    assert [(each.who, each.name) for each in page.problems] == [("Adams, Amir, Mathematics", f"{AMIR}.mathematics")]


def test_it_says_whether_the_collection_is_open_and_who_marks() -> None:
    assert sheet_page(sheet(), troubles={}).collection == "Open: the term ends on 23 November 2026."
    closed = sheet_page(sheet(closed_at=NOW), troubles={})
    assert closed.collection == "Closed since 23 November 2026: marks can be read, not changed."
    assert (closed.may_mark, closed.read_only) == (False, "")
    reader = sheet_page(sheet(may_mark=False), troubles={})
    assert reader.read_only == "You can read this sheet. Its marks are entered by Tess Teacher and Tom Too."


def test_the_script_is_told_grades_lowest_first_and_codes_with_their_words() -> None:
    assert sheet_page(sheet(), troubles={}).scales["mathematics"] == {
        "name": "levels",
        "grades": ["3c", "3b", "3a", "4c", "4b", "4a", "5c", "5b", "5a"],
        "wholes": ["3", "4", "5"],
        "codes": [["Abs", "absent"]],
    }


def summary(
    code: str, n_entered: int, *, subject: str = "mathematics", mine: bool = False, year: int = 5
) -> SheetSummary:
    return SheetSummary(code, year, subject, subject.capitalize(), TERM, 30, n_entered, ("Tess",), mine, True, False)


def listing(*sheets: SheetSummary) -> ListPage:
    return list_page(sheets, term="", terms=[TERM])


@pytest.mark.parametrize(
    ("sheets", "headline"),
    [
        ([summary("5A", 30, mine=True)], "Nothing is missing in your mark sheet."),
        ([summary("5A", 29, mine=True), summary("5B", 0)], "1 mark is missing in your mark sheet."),
        ([summary("5A", 28), summary("5B", 30)], "2 marks are missing in these 2 mark sheets."),
        ([summary(f"{n}A", 0) for n in range(50)], "1,500 marks are missing in these 50 mark sheets."),
        ([], ""),
    ],
)
def test_the_headline_is_about_the_viewer_s_own_where_there_are_any(
    sheets: Sequence[SheetSummary], headline: str
) -> None:
    assert listing(*sheets).headline == headline


def test_a_class_of_several_subjects_has_a_row_for_all_of_them() -> None:
    page = listing(
        summary("5A", 30, mine=True), summary("5A", 15, subject="reading", mine=True), summary("6A", 0, year=6)
    )
    assert page.mine is not None
    assert [(row.subject, row.n_entered, row.n_wanted, row.width) for row in page.mine.rows] == [
        ("", 45, 60, "75"),
        ("Mathematics", 30, 30, "100"),
        ("Reading", 15, 30, "50"),
    ]
    (year_six,) = page.others
    assert (year_six.heading, [row.subject for row in year_six.rows], year_six.n_missing) == (
        "Year 6",
        ["Mathematics"],
        30,
    )


def test_a_bar_is_neither_full_nor_empty_before_its_time() -> None:
    page = listing(
        replace(summary("5A", 999), n_pupils=1000), replace(summary("5B", 1), n_pupils=1000), summary("5C", 0)
    )
    assert [row.width for row in page.others[0].rows] == ["97", "2", "0"]


def test_many_sheets_wait_folded_by_year_group() -> None:
    assert [shelf.open for shelf in listing(summary("5A", 0), summary("6A", 0, year=6)).others] == [True, True]
    assert [shelf.open for shelf in listing(*(summary(f"5{n}", 0) for n in range(30))).others] == [False]
