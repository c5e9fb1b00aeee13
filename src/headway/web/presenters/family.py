"""The page of a pupil in the pupil's and the family's own words. No rank, nobody else, nothing that is not released."""

from collections.abc import Sequence
from dataclasses import dataclass

from headway.charts.svg import Drawing
from headway.domain.cuts import year_group_words
from headway.domain.questions import term_words
from headway.domain.scales import Scale
from headway.domain.status import Status
from headway.services.families.pages import FamilyPage
from headway.services.pupil_progress import StageProgress, StageTarget, SubjectProgress, TermProgress
from headway.web.presenters.days import day_words
from headway.web.presenters.family_words import SHORT_WORDS, Addressed
from headway.web.presenters.pupil_axis import PupilAxis, axis_of
from headway.web.presenters.pupil_charts import small_chart

__all__ = ["FamilySubject", "FamilyView", "ReleasedSaid", "TermSaid", "family_view"]


@dataclass(frozen=True, slots=True)
class TermSaid:
    """A released term of a subject: what was judged, where the way to the target was, and one beside the other."""

    term: str
    grade: str
    expected: str
    status: Status
    word: str


@dataclass(frozen=True, slots=True)
class FamilySubject:
    """One subject: the chart and what it says, the last grade, the target and who agreed it."""

    code: str
    name: str
    chart: Drawing
    status: Status
    word: str
    last: str
    standing: str
    target: str
    agreed: str
    on_the_way: Sequence[str]
    terms: Sequence[TermSaid]


@dataclass(frozen=True, slots=True)
class ReleasedSaid:
    """A term the school has released, and since when."""

    term: str
    since: str


@dataclass(frozen=True, slots=True)
class FamilyView:
    """Everything the page says. ``whose`` is "your" or the child's name; ``name`` the pupil's in full."""

    name: str
    whose: str
    you: str
    have: str
    to_pupil: bool
    heading: str
    place: str
    headline: str
    subjects: Sequence[FamilySubject]
    attendance: Sequence[str]
    released: Sequence[ReleasedSaid]
    printed: str


def family_view(page: FamilyPage) -> FamilyView:
    """The page in words."""
    to = Addressed(page.forename, to_pupil=page.audience == "pupils")
    axis = axis_of(page)
    here = [each for each in page.subjects if each.stage_at(page.term)]
    group = year_group_words(page.year_group) if page.year_group is not None else ""
    return FamilyView(
        name=f"{page.forename} {page.surname}",
        whose=to.whose,
        you=to.you,
        have=to.have,
        to_pupil=to.to_pupil,
        heading=f"{to.whose[:1].upper()}{to.whose[1:]} progress",
        place=", ".join(part for part in (group, page.school.name) if part),
        headline=_headline(here, page, to) if page.released else "",
        subjects=[_subject(each, page, axis, to) for each in here],
        attendance=_attendance(page, to),
        released=[
            ReleasedSaid(term_words(each.term.code).capitalize(), day_words(each.since))
            for each in reversed(page.released)
        ],
        printed=day_words(page.today),
    )


def _headline(subjects: Sequence[SubjectProgress], page: FamilyPage, to: Addressed) -> str:
    """How it goes, in one sentence; composites are left out, for their parts are counted."""
    statuses = [
        found.status
        for each in subjects
        if (stage := each.stage_at(page.term)) and not stage.parts
        if (found := each.at(page.term)) and found.status != "not_known"
    ]
    on = sum(status in ("above", "on") for status in statuses)
    are, your = ("are", "your") if to.to_pupil else ("is", "the")
    you = f"{to.you[:1].upper()}{to.you[1:]}"
    when = term_words(page.term.code)
    if not statuses:
        return f"There is nothing to compare yet in {when}."
    if len(statuses) == 1:
        return f"In {when} {to.you} {are} {'on the way to' if on else 'a little behind on the way to'} {your} target."
    many = "all" if on == len(statuses) else f"{on} of"
    return f"{you} {are} on the way to {your} target, or further, in {many} {len(statuses)} subjects."


def _subject(subject: SubjectProgress, page: FamilyPage, axis: PupilAxis, to: Addressed) -> FamilySubject:
    stage = subject.stage_at(page.term)
    assert stage is not None
    shown = {each.term for each in page.released}
    terms = [each for each in stage.terms if each.term in shown]
    judged = next((each for each in reversed(terms) if each.grade or each.mark_code), None)
    status: Status = judged.status if judged else "not_known"
    last, standing, target = _last(judged, stage, to), to.standing(status), _target(stage, page, to)
    told = " ".join(part for part in (f"{subject.name}:", last, standing, target) if part)
    return FamilySubject(
        code=subject.code,
        name=subject.name,
        chart=small_chart(subject, page, axis, words=told),
        status=status,
        word=SHORT_WORDS[status],
        last=last,
        standing=standing or _not_compared(judged),
        target=target,
        agreed=_agreed(stage.target),
        on_the_way=_on_the_way(stage),
        terms=[_term(each) for each in reversed(terms)],
    )


def _last(judged: TermProgress | None, stage: StageProgress, to: Addressed) -> str:
    """The latest grade, in words."""
    if judged is None:
        return f"There is no grade that the school has shown {to.you if to.to_pupil else 'you'} yet."
    when = term_words(judged.term.code)
    if not judged.grade:
        return f"In {when}: {judged.marked[:1].lower()}{judged.marked[1:]}."
    grade = f"{judged.grade}{_in_words(judged.grade, stage.scale)}"
    if stage.judgement == "likely":
        return f"In {when} the teachers thought {to.you} would reach {grade}."
    return f"In {when} {to.whose} grade was {grade}."


def _not_compared(judged: TermProgress | None) -> str:
    if judged is None or not judged.grade:
        return ""
    return "This is where the way begins." if judged.starts_here else "There is no target to compare it with yet."


def _target(stage: StageProgress, page: FamilyPage, to: Addressed) -> str:
    """The target, by when, and what it means."""
    target = stage.target
    if target is None:
        return f"There is no target for {to.you} yet."
    year = page.years.get(stage.terms[-1].term.year)
    by = f"the end of {year_group_words(year.year_group)}" if year else term_words(stage.terms[-1].term.code)
    mean = " It comes from the targets of the parts." if target.from_parts else ""
    return f"The target is {target.grade}{_in_words(target.grade, stage.scale)}, by {by}.{mean}"


def _agreed(target: StageTarget | None) -> str:
    if target is None or not (target.agreed_on or target.agreed_by):
        return ""
    on = f" on {day_words(target.agreed_on)}" if target.agreed_on else ""
    return f"Agreed{on}{f' with {target.agreed_by}' if target.agreed_by else ''}."


def _on_the_way(stage: StageProgress) -> Sequence[str]:
    """The targets for points within the key stage."""
    return [
        f"On the way: {each.grade} by the end of {each.point.replace('Y', 'Year ', 1)}." for each in stage.named_targets
    ]


def _in_words(code: str, scale: Scale) -> str:
    """What a grade means, where its words say more than its code."""
    grade = scale.spellings.get(code.casefold())
    words = grade.words if grade else ""
    return f" ({words})" if words and words.casefold() != code.casefold() else ""


def _term(each: TermProgress) -> TermSaid:
    word = SHORT_WORDS[each.status]
    if each.status == "not_known":
        word = "" if not each.grade else "–"
    return TermSaid(
        term=term_words(each.term.code).capitalize(),
        grade=each.grade or each.marked,
        expected=each.expected,
        status=each.status,
        word=word,
    )


def _attendance(page: FamilyPage, to: Addressed) -> Sequence[str]:
    """The share of sessions of each released term, the newest first."""
    sums: dict[str, tuple[int, int]] = {}
    for each in page.attendance:
        attended, possible = sums.get(each.term.code, (0, 0))
        sums[each.term.code] = (attended + each.attended, possible + each.possible)
    were = "were" if to.to_pupil else "was"
    return [
        f"In {term_words(code)} {to.you} {were} here for {round(100 * both[0] / both[1])} % of the time."
        for code, both in reversed(sums.items())
        if both[1]
    ]
