"""Today in words: what is owed, who is newly off track, what changed, and for leaders where to look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.urls import reverse

from headway.domain.cuts import listed, year_group_words
from headway.domain.questions import term_words
from headway.domain.status import Status
from headway.domain.terms import Term, year_group_code
from headway.services.mark_sheets import SheetSummary
from headway.services.off_track import NewlyOffTrack, PupilOffTrack, SubjectOffTrack
from headway.services.set_up import Step
from headway.services.today import Today
from headway.web.presenters.figures import pupils_words
from headway.web.presenters.heat import HeatTable, heat_table
from headway.web.presenters.news import NewsLine, news_lines, since_words
from headway.web.presenters.status import STATUS_WORDS
from headway.web.selections import NAMES, Selection

__all__ = ["CollectionPart", "NewlyPart", "SheetRow", "SheetsPart", "TodayPage", "today_page"]

_FOREMOST = 12
_BEFORE: Mapping[Status, str] = {"above": "was above", "on": "was on", "not_known": "was not known"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One class in one subject: how much is entered, and the ways from here."""

    words: str
    entered: str
    n_missing: int
    width: str
    closed: bool
    sheet: str
    progress: str
    targets: str


@dataclass(frozen=True, slots=True)
class SheetsPart:
    """The viewer's own sheets of the term."""

    headline: str
    rows: Sequence[SheetRow]


@dataclass(frozen=True, slots=True)
class OwedSheet:
    """A sheet of the school that is not complete, and whose it is."""

    words: str
    teachers: str
    n_missing: int
    sheet: str


@dataclass(frozen=True, slots=True)
class YearSheets:
    """The sheets of a year group that are not complete."""

    words: str
    n_sheets: str
    n_missing: int
    rows: Sequence[OwedSheet]


@dataclass(frozen=True, slots=True)
class CollectionPart:
    """The collection of the whole school."""

    headline: str
    width: str
    years: Sequence[YearSheets]


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject somebody is newly off track in."""

    words: str
    status: Status
    word: str
    before: str
    address: str


@dataclass(frozen=True, slots=True)
class PupilLine:
    """A pupil newly off track."""

    name: str
    place: str
    address: str
    subjects: Sequence[SubjectLine]


@dataclass(frozen=True, slots=True)
class NewlyPart:
    """Who is newly off track: the first of them, those folded away, and where the others are counted."""

    headline: str
    hint: str
    pupils: Sequence[PupilLine]
    folded: Sequence[PupilLine]
    others: Sequence[tuple[str, str]]
    n_others: int


@dataclass(frozen=True, slots=True)
class TodayPage:
    """Everything the page says. A part is None where it is not for the viewer."""

    day: str
    term: str
    early: str
    leads: bool
    sheets: SheetsPart | None
    newly: NewlyPart
    news: Sequence[NewsLine]
    since: str
    more_news: bool
    heat: HeatTable | None
    collection: CollectionPart | None
    steps_left: Sequence[Step]


def today_page(today: Today, *, now: datetime, here: str) -> TodayPage:
    """The page of somebody who has pupils to look at; what it opens leads back ``here``."""
    leads = today.heat is not None
    mine = today.mine
    return TodayPage(
        day=f"{now:%A} {now.day} {now:%B}",
        term=term_words(today.term.code),
        early=_early(today.term, today.newly.term),
        leads=leads,
        sheets=_sheets(mine, today.term, here) if mine or not leads else None,
        newly=_newly(today.newly, here, whole=leads),
        news=news_lines(today.news, now=now),
        since=since_words(today.since, now=now),
        more_news=today.news.more,
        heat=heat_table(today.heat, here=here) if today.heat else None,
        collection=_collection(today.sheets, today.term) if leads and today.sheets else None,
        steps_left=[step for step in today.steps if not step.done and not step.optional],
    )


def _early(current: Term, shown: Term) -> str:
    """Why an earlier term is shown, where one is."""
    if shown == current:
        return ""
    return f"Few or no marks of {term_words(current.code)} are in yet, so this is {term_words(shown.code)}."


def _sheets(mine: Sequence[SheetSummary], term: Term, here: str) -> SheetsPart:
    incomplete = [sheet for sheet in mine if sheet.n_entered < sheet.n_pupils]
    n_missing = sum(sheet.n_pupils - sheet.n_entered for sheet in incomplete)
    if not mine:
        headline = ""
    elif not incomplete:
        headline = f"Nothing is missing: every mark of {term_words(term.code)} is entered."
    else:
        of = f"{len(incomplete)} of your {len(mine)} sheets" if len(mine) > 1 else "your sheet"
        headline = f"{_marks_words(n_missing)} on {of}."
    return SheetsPart(headline, [_sheet(sheet, here) for sheet in mine])


def _marks_words(n: int) -> str:
    return "1 mark is missing" if n == 1 else f"{n:,} marks are missing"


def _sheet(sheet: SheetSummary, here: str) -> SheetRow:
    return SheetRow(
        words=f"{sheet.code} {sheet.subject_name}",
        entered=f"{sheet.n_entered} of {sheet.n_pupils}",
        n_missing=sheet.n_pupils - sheet.n_entered,
        width=f"{100 * sheet.n_entered / (sheet.n_pupils or 1):.1f}%",
        closed=sheet.closed,
        sheet=_sheet_address(sheet),
        progress=Selection(f"class:{sheet.code}", sheet.subject, sheet.term, came_from=here).address(),
        targets=reverse("targets", args=[sheet.code, sheet.subject]),
    )


def _sheet_address(sheet: SheetSummary) -> str:
    return f"{reverse('marks', args=[sheet.code, sheet.term])}?subject={sheet.subject}"


def _collection(sheets: Sequence[SheetSummary], term: Term) -> CollectionPart:
    incomplete = sorted(
        (sheet for sheet in sheets if sheet.n_entered < sheet.n_pupils), key=lambda sheet: sheet.year_group
    )
    n_missing = sum(sheet.n_pupils - sheet.n_entered for sheet in incomplete)
    n_complete, n_pupils = len(sheets) - len(incomplete), sum(sheet.n_pupils for sheet in sheets)
    if not incomplete:
        headline = f"Complete: all {len(sheets)} sheets of {term_words(term.code)} are full."
    else:
        headline = f"{n_complete} of {len(sheets)} sheets are complete; {_marks_words(n_missing)}."
    return CollectionPart(
        headline,
        f"{100 * (n_pupils - n_missing) / (n_pupils or 1):.1f}%",
        [_year(year, list(some)) for year, some in groupby(incomplete, key=lambda sheet: sheet.year_group)],
    )


def _year(year_group: int, sheets: Sequence[SheetSummary]) -> YearSheets:
    rows = [
        OwedSheet(
            words=f"{sheet.code} {sheet.subject_name}",
            teachers=listed(sheet.teachers),
            n_missing=sheet.n_pupils - sheet.n_entered,
            sheet=_sheet_address(sheet),
        )
        for sheet in sheets
    ]
    n_sheets = "1 sheet" if len(rows) == 1 else f"{len(rows)} sheets"
    return YearSheets(year_group_words(year_group), n_sheets, sum(row.n_missing for row in rows), rows)


def _newly(newly: NewlyOffTrack, here: str, *, whole: bool) -> NewlyPart:
    lines = [_pupil(pupil, newly.term, here, whole=whole) for pupil in newly.pupils]
    if len({line.place for line in lines}) == 1 and not whole:  # a teacher of one class knows which it is
        lines = [replace(line, place="") for line in lines]
    more = newly.n_pupils > len(lines)
    return NewlyPart(
        headline=_newly_headline(newly),
        hint=_newly_hint(newly),
        pupils=lines[:_FOREMOST],
        folded=lines[_FOREMOST:],
        others=_others(newly, here) if more else (),
        n_others=newly.n_pupils - len(lines),
    )


def _newly_headline(newly: NewlyOffTrack) -> str:
    if not newly.n_pupils:
        now, before = term_words(newly.term.code), term_words(newly.before.code)
        return f"Nobody is known to be off track in {now} who was not in {before}."
    verb = "is" if newly.n_pupils == 1 else "are"
    return (
        f"{pupils_words(newly.n_pupils)} {verb} apparently off track in a subject "
        f"in which they were not in {term_words(newly.before.code)}."
    )


def _newly_hint(newly: NewlyOffTrack) -> str:
    """How many fell, and of how many nothing was known: a newcomer's first marks are another thing than a fall."""
    n_not_known = newly.n_pupils - newly.n_fell
    if not n_not_known:
        return ""
    fell = f"{newly.n_fell} {'was' if newly.n_fell == 1 else 'were'} on or above then"
    return f"{fell}; of {n_not_known} nothing was known."


def _pupil(pupil: PupilOffTrack, term: Term, here: str, *, whole: bool) -> PupilLine:
    year = year_group_words(pupil.year_group)
    classes = listed(list(dict.fromkeys(each.taught_in for each in pupil.subjects)))
    return PupilLine(
        name=pupil.name,
        place=(pupil.reg_group or year) if whole else classes,
        address=reverse("pupil", args=[pupil.uid]),
        subjects=[
            _subject(each, term, here, who=_year_code(pupil.year_group) if whole else f"class:{each.taught_in}")
            for each in pupil.subjects
        ],
    )


def _subject(each: SubjectOffTrack, term: Term, here: str, *, who: str) -> SubjectLine:
    return SubjectLine(
        words=each.name,
        status=each.status,
        word=STATUS_WORDS[each.status].lower(),
        before=_BEFORE[each.before],
        address=Selection(who, each.code, term.code, status="off_track", came_from=here).address() + NAMES,
    )


def _others(newly: NewlyOffTrack, here: str) -> Sequence[tuple[str, str]]:
    """Everyone newly off track by year group, in words, with where that year group's progress is."""
    return [
        (
            f"{year_group_words(year)}: {n}",
            Selection(_year_code(year), "", newly.term.code, status="off_track", came_from=here).address(),
        )
        for year, n in sorted(newly.by_year.items())
    ]


def _year_code(year_group: int) -> str:
    return f"year:{year_group_code(year_group)}"
