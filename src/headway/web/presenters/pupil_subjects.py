"""A pupil's subjects side by side, each as one of many charts, and one of them term by term."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from headway.charts.svg import Drawing
from headway.domain.cuts import year_group_words
from headway.domain.questions import term_words
from headway.domain.status import Status
from headway.domain.terms import Term, year_group_code
from headway.services.pupil_pages import PupilPage
from headway.services.pupil_progress import Prior, StageProgress, SubjectProgress, TermProgress
from headway.web.presenters.days import short_day
from headway.web.presenters.figures import gap_words, points_words
from headway.web.presenters.progress import in_sentence
from headway.web.presenters.pupil_axis import PupilAxis
from headway.web.presenters.pupil_charts import SubjectCharts, large_charts, marks_address, small_chart
from headway.web.presenters.status import STATUS_WORDS
from headway.web.selections import Selection

__all__ = ["Card", "Chosen", "StageTable", "TermRow", "card_of", "chosen_of", "hint_of", "why_not_known"]

_RESULTS = {"test": "test", "teacher": "teacher assessment"}


@dataclass(frozen=True, slots=True)
class Card:
    """A subject as one of many: where it stands, or last stood, and its chart; the whole of it opens the subject."""

    code: str
    name: str
    address: str
    chart: Drawing
    status: Status
    word: str
    grade: str
    hint: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term of the chosen subject, in the numbers its chart was drawn from."""

    term: str
    grade: str
    hint: str
    by: str
    expected: str
    expected_points: str
    gap: str
    status: Status
    word: str
    why: str
    note: str
    flags: Sequence[str]
    address: str
    to_come: bool


@dataclass(frozen=True, slots=True)
class StageTable:
    """The chosen subject in one key stage."""

    heading: str
    hint: str
    prior: str
    target: str
    named: Sequence[str]
    rows: Sequence[TermRow]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The subject shown large."""

    code: str
    name: str
    charts: SubjectCharts
    stages: Sequence[StageTable]
    progress_address: str
    targets_address: str
    class_code: str


def card_of(subject: SubjectProgress, page: PupilPage, axis: PupilAxis, *, address: str, chosen: bool) -> Card:
    """A subject's card."""
    stage = subject.stage_at(page.term) or subject.stages[-1]
    found = subject.at(page.term) or next(reversed(stage.assessed), None)
    status: Status = found.status if found else "not_known"
    past = term_words(found.term.code) if found and found.term != page.term else ""
    return Card(
        code=subject.code,
        name=subject.name,
        address=address,
        chart=small_chart(subject, page, axis),
        status=status,
        word=STATUS_WORDS[status],
        grade=(found.grade or found.marked) if found else "",
        hint=past or hint_of(stage),
        chosen=chosen,
    )


def chosen_of(subject: SubjectProgress, page: PupilPage, axis: PupilAxis, *, from_here: str) -> Chosen:
    """A subject on its own: the chart, and the table of the same numbers, the latest key stage first."""
    found = subject.at(page.this_term)
    class_code = found.class_code if found else ""
    return Chosen(
        code=subject.code,
        name=subject.name,
        charts=large_charts(subject, page, axis, from_here=from_here),
        stages=[_stage_table(subject, stage, page, from_here=from_here) for stage in reversed(subject.stages)],
        progress_address=_progress_address(subject, page),
        targets_address=_targets_address(subject, class_code),
        class_code=class_code,
    )


def why_not_known(each: TermProgress, *, term: Term) -> str:
    """Why nothing is known of a term."""
    if each.status != "not_known":
        return ""
    if each.marked:
        return each.marked
    if not each.grade:
        return "" if each.term > term else "not entered"
    return "the line starts here" if each.starts_here else "no progress target"


def hint_of(stage: StageProgress) -> str:
    """Where a subject's judgements come from, where they are not its own."""
    return f"from {' and '.join(_inside(part) for part in stage.parts)}" if stage.parts else ""


def _stage_table(subject: SubjectProgress, stage: StageProgress, page: PupilPage, *, from_here: str) -> StageTable:
    name, here = page.framework.key_stages[stage.key_stage].name, stage.at(page.term) is not None
    rows = [
        _term_row(subject, stage, each, page, from_here=from_here)
        for each in stage.terms
        if each.grade or each.mark_code or (here and (each.expected or each.term == page.term))
    ]
    target = stage.target
    said = f"{target.grade} ({points_words(target.points)} points)" if target else ""
    agreed = _by(target.agreed_by, target.agreed_on) if target else ""
    said += f", agreed: {agreed}" if agreed else ""
    return StageTable(
        heading=name,
        hint="judged by the likely final grade" if stage.judgement == "likely" else hint_of(stage),
        prior=_prior(stage.prior),
        target=said,
        named=[f"{each.grade} by the end of Year {each.point.removeprefix('Y')}" for each in stage.named_targets],
        rows=rows,
    )


def _term_row(
    subject: SubjectProgress, stage: StageProgress, each: TermProgress, page: PupilPage, *, from_here: str
) -> TermRow:
    year = page.years.get(each.term.year)
    return TermRow(
        term=", ".join(
            [term_words(each.term.code).capitalize(), *([year_group_words(year.year_group)] if year else [])]
        ),
        grade=each.grade or each.marked,
        hint=f"{points_words(each.points)} points" if each.points is not None else "",
        by=f"from {' and '.join(_inside(part) for part in stage.parts)}" if each.from_parts else _by(each.by, each.on),
        expected=each.expected,
        expected_points="" if each.expected_points is None else f"{points_words(each.expected_points)} points",
        gap=gap_words(each.gap),
        status=each.status,
        word=STATUS_WORDS[each.status],
        why=why_not_known(each, term=page.this_term),
        note=each.comment,
        flags=[flag.sentence for flag in each.flags],
        address=marks_address(subject.code, each, from_here=from_here),
        to_come=each.term > page.this_term and not each.grade,
    )


def _prior(prior: Prior | None) -> str:
    if prior is None:
        return ""
    told = [_RESULTS[prior.kind]] if prior.kind else []
    told += [str(prior.year)] if prior.year else []
    points = f"{points_words(prior.points)} points" if prior.points is not None else ""
    said = ", ".join(part for part in (points, *told) if part)
    return f"{prior.grade} ({said})" if said else prior.grade


def _progress_address(subject: SubjectProgress, page: PupilPage) -> str:
    """The same subject and term, for the year group the pupil was in."""
    year = page.years.get(page.term.year)
    if year is None or not page.on_roll:
        return ""
    return Selection(f"year:{year_group_code(year.year_group)}", subject.code, page.term.code).address()


def _targets_address(subject: SubjectProgress, class_code: str) -> str:
    return reverse("targets", args=[class_code, subject.code]) if class_code else ""


def _by(name: str, on: date | None) -> str:
    """Who it was and when, as far as either is known."""
    return ", ".join([*([name] if name else []), *([short_day(on)] if on else [])])


def _inside(name: str) -> str:
    """A subject's name in the middle of a sentence."""
    return in_sentence({"": name})[""]
