"""What somebody meets first: the sheets they owe, who is newly off track, what changed; leaders the whole school."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.domain.questions import Answer, Question
from headway.domain.terms import Term, latest_begun, terms_after
from headway.records.models import School, Subject
from headway.services.access import Viewer, may, pupils_within_reach, require, sees_whole_school
from headway.services.mark_sheets import SheetSummary, sheets_of
from headway.services.news import News, news
from headway.services.off_track import NewlyOffTrack, newly_off_track
from headway.services.questions import Asking
from headway.services.schools import framework_of
from headway.services.set_up import Step, steps_of
from headway.services.visits import Since, begin_visit

__all__ = ["Heat", "Today", "today"]

_FOREMOST = 12


@dataclass(frozen=True, slots=True)
class Heat:
    """The whole school's statuses by subject and year group in a term, and the terms it can be shown for."""

    status: Answer
    term: Term
    terms: Sequence[Term]
    subject_names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Today:
    """All of it. ``term`` is the one that has begun; ``heat`` and ``steps`` are for those they concern.

    ``sheets`` are those of the term: of the whole school for those who see it, else those the viewer teaches.
    """

    term: Term
    any_pupils: bool
    sheets: Sequence[SheetSummary]
    newly: NewlyOffTrack
    since: Since
    news: News
    heat: Heat | None
    steps: Sequence[Step]

    @property
    def mine(self) -> Sequence[SheetSummary]:
        """The sheets of the viewer's own classes."""
        return [sheet for sheet in self.sheets if sheet.mine]


def today(*, viewer: Viewer, school: School, now: datetime, term: str = "") -> Today:
    """What a viewer should know now; begins their visit. ``term`` is what the heat table is asked for, if anything."""
    require(viewer, "ask", school=school, on=now.date())
    on = now.date()
    current = latest_begun(on, terms=framework_of(school).terms)
    whole = sees_whole_school(viewer, school=school, on=on)
    any_pupils = pupils_within_reach(viewer, school=school, on=on).exists()
    since = begin_visit(viewer=viewer, school=school, now=now)
    newly = newly_off_track(viewer=viewer, school=school, now=now, most=_FOREMOST if whole else None)
    return Today(
        term=current,
        any_pupils=any_pupils,
        sheets=sheets_of(viewer=viewer, school=school, now=now, only_mine=not whole) if any_pupils else (),
        newly=newly,
        since=since,
        news=news(viewer=viewer, school=school, now=now, since=since.at),
        heat=_heat(viewer, school, now, term, current, newly.term) if whole and any_pupils else None,
        steps=steps_of(viewer, school, now) if may(viewer, "manage_school", school=school, on=on) else (),
    )


def _heat(viewer: Viewer, school: School, now: datetime, asked: str, current: Term, marked: Term) -> Heat:
    before = terms_after(current, -1, terms=framework_of(school).terms)
    offered = {term.code: term for term in sorted({current, before, marked}, reverse=True)}
    shown = offered.get(asked, marked)
    question = Question("status", term=shown.code, by=("subject", "year_group"))
    names = Subject.objects.filter(school=school).values_list("code", "name")
    return Heat(
        status=Asking(viewer=viewer, school=school, now=now).ask(question),
        term=shown,
        terms=list(offered.values()),
        subject_names=dict(names),
    )
