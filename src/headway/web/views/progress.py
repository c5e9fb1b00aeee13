"""Progress against progress targets: the counts, the groups, and the pupils behind each number."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from headway.domain.questions import QuestionRefused
from headway.services.access import may
from headway.services.choices import choices
from headway.services.questions import Asking
from headway.services.schools import AnySchool, framework_of
from headway.web.forms.progress import ProgressForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.progress import ProgressPage, progress_page

__all__ = ["progress"]


@signed_in
@require_safe
def progress(request: SchoolRequest) -> HttpResponse:
    """Who is apparently off track, in one subject of one year group in one term."""
    viewer, school, now = request.viewer, request.school, request.now
    offered = choices(viewer=viewer, school=school, now=now)
    if not offered.year_groups or not offered.subjects:
        may_import = may(viewer, "import", school=school, on=now.date())
        return render(request, "progress/empty.html", {"offered": offered, "may_import": may_import})
    form = ProgressForm(request.GET, offered=offered)
    page = None
    if form.is_valid():
        try:
            page = _answered(request, form, subject_names=dict(offered.subjects))
        except QuestionRefused as refusal:
            form.add_error(None, list(refusal.problems))
    return render(request, "progress/page.html", {"form": form, "page": page}, status=200 if page else 400)


def _answered(request: SchoolRequest, form: ProgressForm, *, subject_names: Mapping[str, str]) -> ProgressPage:
    asking = Asking(viewer=request.viewer, school=request.school, now=request.now)
    selection = form.selection()
    return progress_page(
        selection,
        whole=asking.ask(selection.question()),
        by_sex=asking.ask(selection.question(by=("sex",))),
        by_fsm=asking.ask(selection.question(by=("fsm",))),
        pupils=asking.names(selection.question()),
        subject_names=subject_names,
        mark_words=_mark_words(request.school),
    )


def _mark_words(school: AnySchool) -> Mapping[str, str]:
    """What each mark that is not a grade means, on any of the school's scales."""
    scales = framework_of(school).scales.values()
    return {mark.code: mark.words for scale in scales for mark in scale.mark_codes}
