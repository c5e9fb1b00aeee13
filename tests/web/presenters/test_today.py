from collections.abc import Sequence
from datetime import date
from uuid import UUID

import pytest
from tests.school import NOW

from headway.domain.status import Status
from headway.domain.terms import AcademicYear, Term
from headway.services.mark_sheets import SheetSummary
from headway.services.news import News
from headway.services.off_track import NewlyOffTrack, PupilOffTrack, SubjectOffTrack
from headway.services.today import Today
from headway.services.visits import Since
from headway.web.presenters.today import TodayPage, today_page

AUTUMN = Term(AcademicYear(2026), 1, "autumn", 3, date(2026, 9, 1), date(2026, 12, 31))
SUMMER = Term(AcademicYear(2025), 3, "summer", 3, date(2026, 4, 16), date(2026, 8, 31))
UID = UUID("00000000-0000-0000-0000-000000000001")
NOBODY = NewlyOffTrack(AUTUMN, SUMMER, (), {}, 0)


def _sheet(code: str, entered: int, *, pupils: int = 30, mine: bool = True) -> SheetSummary:
    return SheetSummary(
        code=code,
        year_group=5,
        subject="reading",
        subject_name="Reading",
        term=AUTUMN.code,
        n_pupils=pupils,
        n_entered=entered,
        teachers=(),
        mine=mine,
        may_mark=mine,
        closed=False,
    )


def _page(*, sheets: Sequence[SheetSummary] = (), newly: NewlyOffTrack = NOBODY) -> TodayPage:
    """A teacher's page."""
    today = Today(
        term=AUTUMN,
        any_pupils=True,
        sheets=sheets,
        newly=newly,
        since=Since(NOW, None),
        news=News((), more=False),
        heat=None,
        steps=(),
    )
    return today_page(today, now=NOW, here="/")


def _pupil(name: str, *taught_in: str, before: Status = "on") -> PupilOffTrack:
    subjects = [SubjectOffTrack("reading", "Reading", "below", before, each) for each in taught_in]
    return PupilOffTrack(UID, name, "5A", 5, subjects)


def _newly(*pupils: PupilOffTrack, n_fell: int | None = None) -> NewlyOffTrack:
    return NewlyOffTrack(AUTUMN, SUMMER, pupils, {5: len(pupils)}, len(pupils) if n_fell is None else n_fell)


@pytest.mark.parametrize(
    ("entered", "headline"),
    [
        ([30], "Nothing is missing: every mark of autumn 2026 is entered."),
        ([29], "1 mark is missing on your sheet."),
        ([29, 30, 28], "3 marks are missing on 2 of your 3 sheets."),
        ([], ""),
    ],
)
def test_it_says_what_is_owed(entered: list[int], headline: str) -> None:
    sheets = [_sheet(f"5{place}", n) for place, n in enumerate(entered)]

    page = _page(sheets=[*sheets, _sheet("6A", 0, mine=False)])

    assert page.sheets is not None
    assert page.sheets.headline == headline
    assert len(page.sheets.rows) == len(entered)


def test_it_leads_to_the_sheet_its_progress_and_its_targets() -> None:
    page = _page(sheets=[_sheet("10A/Ma", 28)])

    assert page.sheets is not None
    (row,) = page.sheets.rows
    assert (row.words, row.entered, row.n_missing, row.width) == ("10A/Ma Reading", "28 of 30", 2, "93.3%")
    assert row.sheet == "/classes/10A/Ma/marks/2026-27-autumn?subject=reading"
    assert row.progress == "/progress?who=class%3A10A%2FMa&subject=reading&term=2026-27-autumn&from=%2F"
    assert row.targets == "/targets/10A/Ma/reading"


@pytest.mark.parametrize(
    ("newly", "headline", "hint"),
    [
        (NOBODY, "Nobody is known to be off track in autumn 2026 who was not in summer 2026.", ""),
        (
            _newly(_pupil("Adams, Amir", "5A")),
            "1 pupil is apparently off track in a subject in which they were not in summer 2026.",
            "",
        ),
        (
            _newly(_pupil("Adams, Amir", "5A"), _pupil("Cole, Carl", "5A", before="not_known"), n_fell=1),
            "2 pupils are apparently off track in a subject in which they were not in summer 2026.",
            "1 was on or above then; of 1 nothing was known.",
        ),
    ],
)
def test_it_says_how_many_are_newly_off_track(newly: NewlyOffTrack, headline: str, hint: str) -> None:
    page = _page(newly=newly)

    assert (page.newly.headline, page.newly.hint) == (headline, hint)


def test_it_says_what_a_pupil_was_and_opens_the_class() -> None:
    (pupil,) = _page(newly=_newly(_pupil("Adams, Amir", "5A"))).newly.pupils

    assert (pupil.name, pupil.address) == ("Adams, Amir", f"/pupils/{UID}")
    assert [(each.words, each.word, each.before) for each in pupil.subjects] == [("Reading", "below", "was on")]
    assert pupil.subjects[0].address == (
        "/progress?who=class%3A5A&subject=reading&term=2026-27-autumn&status=off_track&from=%2F#pupils"
    )


def test_it_names_the_class_only_where_there_are_several() -> None:
    one = _page(newly=_newly(_pupil("Adams, Amir", "5A"), _pupil("Cole, Carl", "5A")))
    two = _page(newly=_newly(_pupil("Adams, Amir", "5A"), _pupil("Cole, Carl", "5B")))

    assert {pupil.place for pupil in one.newly.pupils} == {""}
    assert [pupil.place for pupil in two.newly.pupils] == ["5A", "5B"]


def test_it_folds_away_all_but_the_first_dozen() -> None:
    page = _page(newly=_newly(*[_pupil(f"Pupil {number}", "5A") for number in range(15)]))

    assert (len(page.newly.pupils), len(page.newly.folded), page.newly.others) == (12, 3, ())


def test_it_says_why_it_shows_an_earlier_term() -> None:
    early = NewlyOffTrack(SUMMER, SUMMER, (), {}, 0)

    assert _page(newly=early).early == "Few or no marks of autumn 2026 are in yet, so this is summer 2026."
    assert _page().early == ""
