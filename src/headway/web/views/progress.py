"""Progress against progress targets: the counts, the comparison, and the pupils behind each number."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from headway.domain.questions import QuestionRefused
from headway.services.access import fields_seen, may
from headway.services.choices import Choices, choices
from headway.services.questions import Asking
from headway.services.schools import AnySchool, framework_of
from headway.services.whom import Whom, whom
from headway.web.forms.progress import ProgressForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.progress import Answers, ProgressPage, progress_page

__all__ = ["progress", "pupils_shown"]


@signed_in
@require_safe
def progress(request: SchoolRequest) -> HttpResponse:
    """Who is apparently off track in one subject and term: of a year group, a class or a group."""
    viewer, school, now = request.viewer, request.school, request.now
    offered, reached = choices(viewer=viewer, school=school, now=now), whom(viewer=viewer, school=school, now=now)
    if not offered.year_groups or not offered.subjects:
        may_import = may(viewer, "import", school=school, on=now.date())
        return render(request, "progress/empty.html", {"offered": offered, "may_import": may_import})
    form = _form(request, request.GET, offered=offered, reached=reached)
    chooses = may(viewer, "make_groups", school=school, on=now.date())
    page = None
    if form.is_valid():
        try:
            page = _answered(request, form, offered=offered, reached=reached, choosable=chooses)
        except QuestionRefused as refusal:
            form.add_error(None, list(refusal.problems))
    said = {"form": form, "page": page, "chooses": chooses, "groups": reached.groups}
    return render(request, "progress/page.html", said, status=200 if page else 403 if form.not_allowed else 400)


def pupils_shown(request: SchoolRequest, chosen: Mapping[str, Any]) -> Sequence[UUID]:
    """The pupils the page lists for some choices, as its address holds them."""
    viewer, school, now = request.viewer, request.school, request.now
    offered, reached = choices(viewer=viewer, school=school, now=now), whom(viewer=viewer, school=school, now=now)
    if not offered.year_groups or not offered.subjects:
        return []
    form = _form(request, chosen, offered=offered, reached=reached)
    if not form.is_valid():
        return []
    selection = form.selection()
    records = Asking(viewer=viewer, school=school, now=now).names(selection.question(), shown=())
    return [record.uid for record in records if record.status in selection.statuses]


def _form(request: SchoolRequest, given: Mapping[str, Any], *, offered: Choices, reached: Whom) -> ProgressForm:
    fields = fields_seen(request.viewer, school=request.school, on=request.now.date())
    return ProgressForm(given, offered=offered, whom=reached, fields=fields)


def _answered(
    request: SchoolRequest, form: ProgressForm, *, offered: Choices, reached: Whom, choosable: bool
) -> ProgressPage:
    asking = Asking(viewer=request.viewer, school=request.school, now=request.now)
    selection = form.selection()
    cut = (selection.by,)
    answers = Answers(
        whole=asking.ask(selection.question()),
        whole_gap=asking.ask(selection.question("gap")),
        parts=asking.ask(selection.question(by=cut)),
        part_gaps=asking.ask(selection.question("gap", by=cut)),
        pupils=asking.names(selection.question(), shown=selection.statuses),
    )
    return progress_page(
        selection,
        answers,
        subject_names=dict(offered.subjects),
        mark_words=_mark_words(request.school),
        classes=[code for code, subjects in reached.classes.items() if selection.subject in subjects],
        choosable=choosable,
        groups=reached.groups,
    )


def _mark_words(school: AnySchool) -> Mapping[str, str]:
    """What each mark that is not a grade means, on any of the school's scales."""
    scales = framework_of(school).scales.values()
    return {mark.code: mark.words for scale in scales for mark in scale.mark_codes}
