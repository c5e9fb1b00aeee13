"""Mark sheets: the list of them, and one to read and type into. The form is the way to save without a script."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from headway.services.access import may
from headway.services.assessments import (
    Clash,
    CollectionClosedError,
    Outcome,
    RepeatedCellError,
    record,
    touched,
)
from headway.services.mark_sheets import ClassTerm, sheet_of, sheet_terms, sheets_of
from headway.web.forms.mark_sheets import SentCells, UnreadableError, cells_of_form
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.mark_sheet_lists import list_page
from headway.web.presenters.mark_sheets import CellName, Trouble, saved_words, sheet_page, troubles_of

__all__ = ["classes", "marks"]


@signed_in
@require_safe
def classes(request: SchoolRequest) -> HttpResponse:
    """Every mark sheet of a term, the viewer's own first."""
    viewer, school, now, asked = request.viewer, request.school, request.now, request.GET.get("term", "")
    sheets = sheets_of(viewer=viewer, school=school, now=now, term=asked or None)
    page = list_page(sheets, term=asked, terms=sheet_terms(viewer=viewer, school=school, now=now))
    may_import = may(viewer, "import", school=school, on=now.date())
    return render(request, "marks/classes.html", {"page": page, "may_import": may_import})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def marks(request: SchoolRequest, code: str, term: str) -> HttpResponse:
    """The sheet of a class in a term: shown, or sent back as a form."""
    subject, whose = request.GET.get("subject", ""), request.viewer
    group = ClassTerm.of(code, term=term, subject=subject, viewer=whose, school=request.school, now=request.now)
    if request.method != "POST":
        return _shown(request, group)
    try:
        sent = cells_of_form(request.POST)
        outcomes = _saved(request, group, sent)
    except (UnreadableError, RepeatedCellError) as error:
        raise BadRequest(str(error)) from error
    except CollectionClosedError as error:
        return _shown(request, group, refusal=str(error), status=409)
    troubles = troubles_of(outcomes, now=request.now)
    n_saved = len(outcomes) - len(troubles)
    if troubles:
        status = 409 if any(isinstance(each, Clash) for each in outcomes) else 400
        return _shown(request, group, troubles=troubles, status=status, saved=saved_words(n_saved) if n_saved else "")
    messages.success(request, saved_words(n_saved))
    return redirect(_addresses(group)["page"])


def _saved(request: SchoolRequest, group: ClassTerm, sent: SentCells) -> Sequence[Outcome]:
    """What became of the cells that were typed over; of a form, the others are sent along untouched."""
    cells = touched(sent.cells, school=request.school, by=request.viewer, now=request.now)
    if not cells:
        return ()
    school, by, now = request.school, request.viewer, request.now
    return record(cells, term=group.term.code, school=school, by=by, now=now, request_id=sent.request)


def _shown(
    request: SchoolRequest,
    group: ClassTerm,
    *,
    troubles: Mapping[CellName, Trouble] | None = None,
    status: int = 200,
    **said: str,
) -> HttpResponse:
    page = sheet_page(sheet_of(group), troubles=troubles or {})
    context = {"page": page, "addresses": _addresses(group), "request_id": uuid4(), **said}
    return render(request, "marks/page.html", context, status=status)


def _addresses(group: ClassTerm) -> Mapping[str, str]:
    """Where the page's form and its script send to, narrowed to the subject the page is; and where else to look."""
    code, term, subject = group.code, group.term.code, group.chosen
    narrowed = f"?{urlencode({'subject': subject})}" if subject else ""
    names = {"page": "marks", "cells": "marks-cells", "changes": "marks-changes"}
    found = {what: reverse(name, args=[code, term]) + narrowed for what, name in names.items()}
    who = urlencode({"who": f"class:{code}", "subject": subject, "term": term})
    return {**found, "progress": f"{reverse('progress')}?{who}"}
