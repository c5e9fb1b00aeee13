"""A pupil's line charts: what stands where, and the sentence that says it to those who cannot see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from headway.charts.lines import GradeTick, LinePanel, Mark, line_chart, small_line_chart
from headway.charts.svg import Drawing
from headway.domain.questions import term_words
from headway.domain.scales import Scale
from headway.domain.status import OFF_TRACK
from headway.domain.terms import Term
from headway.services.pupil_progress import StageProgress, SubjectProgress, TermProgress
from headway.web.presenters.figures import points_words
from headway.web.presenters.pupil_axis import Charted, PupilAxis
from headway.web.presenters.status import STATUS_MEANINGS, STATUS_WORDS

__all__ = ["SubjectCharts", "large_charts", "marks_address", "small_chart", "story"]

_WIDE, _NARROW = (1000, 360), (350, 270)


@dataclass(frozen=True, slots=True)
class SubjectCharts:
    """The chart of one subject, drawn twice: each is shown where its letters can be read."""

    wide: Drawing
    narrow: Drawing


def small_chart(subject: SubjectProgress, page: Charted, axis: PupilAxis, *, words: str = "") -> Drawing:
    """A subject as one of many; told in ``words`` where the page has its own."""
    panels = _panels(subject, page, axis, from_here="")
    return small_line_chart(panels, axis.slots, words=words or story(subject, page.term))


def large_charts(subject: SubjectProgress, page: Charted, axis: PupilAxis, *, from_here: str) -> SubjectCharts:
    """A subject on its own."""
    panels = _panels(subject, page, axis, from_here=from_here)
    words = story(subject, page.term)
    wide, narrow = (
        line_chart(panels, axis.slots, words=words, width=width, height=height) for width, height in (_WIDE, _NARROW)
    )
    return SubjectCharts(wide, narrow)


def marks_address(subject: str, each: TermProgress, *, from_here: str) -> str:
    """The mark sheet a term's judgement stands on; nothing where the pupil had no class in the subject that year."""
    if not each.class_code:
        return ""
    address = reverse("marks", args=[each.class_code, each.term.code])
    return f"{address}?{urlencode({'subject': subject})}&{from_here}"


def story(subject: SubjectProgress, term: Term) -> str:
    """A subject's way in a sentence: the first judgement, the last one with its status, and the target.

    It is told of the key stage a term belongs to; else of the last there is anything of.
    """
    stage = subject.stage_at(term) or subject.stages[-1]
    said = [subject.name]
    judged = [each for each in stage.assessed if each.term <= term] or stage.assessed
    if not judged:
        said.append("not assessed yet")
    else:
        first, last = judged[0], judged[-1]
        if first is not last:
            said.append(f"from {first.grade} in {term_words(first.term.code)} to {_last(last)}")
        else:
            said.append(_last(last))
    sentence = f"{said[0]}: {said[1]}"
    if stage.target is not None:
        sentence += f"; the target is {stage.target.grade} by {term_words(stage.terms[-1].term.code)}"
    return f"{sentence}."


def _last(each: TermProgress) -> str:
    words = f"{each.grade} in {term_words(each.term.code)}"
    if each.status == "not_known":
        return words
    apparently = "apparently " if each.status in OFF_TRACK else ""
    return f"{words}, {apparently}{STATUS_MEANINGS[each.status]}, which was {each.expected}"


def _panels(subject: SubjectProgress, page: Charted, axis: PupilAxis, *, from_here: str) -> Mapping[int, LinePanel]:
    """The subject's key stages by the panel each stands in."""
    by_panel: dict[int, list[StageProgress]] = {}
    for stage in subject.stages:
        places = [place for each in stage.terms if (place := axis.place(each.term)) is not None]
        if places:
            by_panel.setdefault(axis.slots[places[0]].panel, []).append(stage)
    last = max((each.term for stage in subject.stages for each in stage.assessed), default=None)
    found = {}
    for panel, stages in by_panel.items():
        named = [_named_targets(stage, page, axis) for stage in stages]
        found[panel] = LinePanel(
            grades=_ticks(stages[-1].scale),
            actual=[
                _actual(each, place, subject.code, last=last, from_here=from_here)
                for stage in stages
                for each in stage.assessed
                if (place := axis.place(each.term)) is not None and each.points is not None
            ],
            expected=[_expected(stage, axis) for stage in stages],
            targets=[
                mark for stage, marks in zip(stages, named, strict=True) for mark in (*marks, *_target(stage, axis))
            ],
            prior=[mark for stage in stages for mark in _prior(stage, axis)],
        )
    return found


def _ticks(scale: Scale) -> Sequence[GradeTick]:
    middles = {grade.rank for grade in scale.bare_grades}
    return [
        GradeTick(
            grade.code, float(grade.points), grade.part is None or grade.code == grade.whole or grade.rank in middles
        )
        for grade in scale.grades
    ]


def _actual(each: TermProgress, place: int, subject: str, *, last: Term | None, from_here: str) -> Mark:
    assert each.points is not None
    latest = each.term == last
    said = STATUS_WORDS[each.status].lower()
    return Mark(
        place=place,
        value=float(each.points),
        words=f"{term_words(each.term.code).capitalize()}: {each.grade}, {said} (mark sheet)"
        if each.class_code and from_here
        else f"{term_words(each.term.code).capitalize()}: {each.grade}, {said}",
        label=each.grade if latest else "",
        address=marks_address(subject, each, from_here=from_here) if from_here else "",
        status=each.status if latest else "",
    )


def _expected(stage: StageProgress, axis: PupilAxis) -> Sequence[Mark]:
    """The line of progress targets, from prior attainment on where it leaves that on the same axis."""
    line = [
        Mark(place, float(each.expected_points))
        for each in stage.terms
        if each.expected_points is not None and (place := axis.place(each.term)) is not None
    ]
    return [*_prior(stage, axis), *line]


def _prior(stage: StageProgress, axis: PupilAxis) -> Sequence[Mark]:
    first = axis.place(stage.terms[0].term)
    if stage.starts_from is None or not first or axis.slots[first].panel != axis.slots[first - 1].panel:
        return ()
    said = stage.prior.grade if stage.prior else points_words(stage.starts_from)
    return (Mark(first - 1, float(stage.starts_from), words=f"Prior attainment: {said}"),)


def _target(stage: StageProgress, axis: PupilAxis) -> Sequence[Mark]:
    place = axis.place(stage.terms[-1].term)
    if stage.target is None or place is None:
        return ()
    label = stage.target.grade if place == len(axis.slots) - 1 else ""
    return (Mark(place, float(stage.target.points), words=f"Target: {stage.target.grade}", label=label),)


def _named_targets(stage: StageProgress, page: Charted, axis: PupilAxis) -> Sequence[Mark]:
    """Targets for points within the key stage, at their terms."""
    marks = []
    for target in stage.named_targets:
        _, k = page.framework.point(target.point)
        place = next((axis.place(each.term) for each in stage.terms if each.k == k), None)
        if place is not None:
            marks.append(
                Mark(
                    place, float(target.points), words=f"Target for {target.point}: {target.grade}", label=target.grade
                )
            )
    return marks
