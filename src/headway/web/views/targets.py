"""The target sheet of a class in a subject: read, tried as it is typed, and set."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from headway.services.targets import TargetSheet, check_targets, set_targets, target_sheet
from headway.web.forms.targets import MalformedError, Sent, cells_to_try, sent
from headway.web.guards import SchoolRequest, signed_in
from headway.web.incoming import json_sent
from headway.web.presenters.target_words import said_of_check, saved_words
from headway.web.presenters.targets import Chosen, TargetsPage, is_shown, targets_page

__all__ = ["check", "targets"]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: SchoolRequest, code: str, subject: str) -> HttpResponse:
    """The sheet; and what is typed on it, saved. What cannot be saved stays as it was typed, with why."""
    chosen = Chosen(*(request.GET.get(name, "") for name in ("also", "show", "from")))
    if request.method != "POST":
        only = partial(is_shown, show=chosen.show)
        return _shown(request, targets_page(_sheet(request, code, subject, chosen, shown=only), chosen))
    try:
        form = sent(request.POST, today=request.now.date())
    except MalformedError:
        return HttpResponseBadRequest("This is not the form of this page.")
    if form.problem:
        page = targets_page(_sheet(request, code, subject, chosen), chosen, typed=form.cells)
        return _shown(request, page, form=form, status=400)
    outcomes = set_targets(
        form.cells,
        subject=subject,
        by=request.viewer,
        school=request.school,
        now=request.now,
        request_id=form.request_id,
    )
    if said := saved_words(outcomes):
        messages.success(request, said)
    if all(each.kind in ("saved", "same") for each in outcomes):
        if not said:
            messages.info(request, "No target was changed.")
        return HttpResponseRedirect(request.get_full_path())
    page = targets_page(_sheet(request, code, subject, chosen), chosen, outcomes=outcomes)
    return _shown(request, page, form=form, status=400)


@signed_in
@require_POST
def check(request: SchoolRequest, code: str, subject: str) -> HttpResponse:
    """What the page's script asks while somebody types: what each target would mean. Saves nothing."""
    try:
        cells = cells_to_try(json_sent(request))
    except MalformedError:
        return JsonResponse({"problem": 'Right would be {"cells": [{"pupil", "point", "grade"}]}.'}, status=400)
    checked = check_targets(cells, subject=subject, viewer=request.viewer, school=request.school, now=request.now)
    return JsonResponse(
        {
            "cells": [
                {
                    "pupil": str(each.cell.pupil),
                    "point": each.cell.point,
                    "typed": each.cell.grade,
                    "grade": each.grade,
                    "same": each.same,
                    "wrong": said.wrong,
                    "flags": [{"code": flag.code, "sentence": flag.sentence} for flag in said.flags],
                    "needs_reason": said.needs_reason,
                    "this_term": said.this_term,
                    "next_term": said.next_term,
                    "status": said.status,
                    "aloud": said.aloud,
                    "html": render_to_string("targets/said.html", {"said": said}),
                }
                for each, said in ((each, said_of_check(each)) for each in checked)
            ]
        }
    )


def _sheet(request: SchoolRequest, code: str, subject: str, chosen: Chosen, **only: Callable[..., bool]) -> TargetSheet:
    viewer, school, now = request.viewer, request.school, request.now
    return target_sheet(code, subject, viewer=viewer, school=school, now=now, also=chosen.also, **only)


def _shown(request: SchoolRequest, page: TargetsPage, *, form: Sent | None = None, status: int = 200) -> HttpResponse:
    today = request.now.date().isoformat()
    agreement = {
        "by": form.agreed_by if form else request.viewer.author(request.school).name,
        "on": form.agreed_on if form else today,
        "why": form.why if form else "",
        "problem": form.problem if form else "",
    }
    context = {"page": page, "agreement": agreement, "today": today, "request_id": uuid4()}
    return render(request, "targets/page.html", context, status=status)
