"""Releases: what pupils and families see of which term, from which day, and who said so."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from headway.domain.terms import AcademicYear
from headway.services.families.releases import (
    ReleaseRefusedError,
    ReleaseTable,
    release,
    releases_of,
    withdraw,
)
from headway.web.forms.families import ReleaseForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.releases import releases_page

__all__ = ["releases", "releases_withdraw"]

_NOTHING = "Tick at least one box first."


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: SchoolRequest) -> HttpResponse:
    """The table of an academic year; what is sent to it shows the ticked cells from a day on."""
    table = _table(request)
    form = _form(request, table)
    if request.method != "POST":
        return _page(request, table, form)
    if form.is_valid():
        try:
            n = release(form.cells(), starts=form.starts_on, school=request.school, by=request.viewer, now=request.now)
        except ReleaseRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            if not form.cells():
                messages.error(request, _NOTHING)
            else:
                messages.success(request, f"Released: {n} changed." if n else "All of that was released already.")
            return redirect(_address(table))
    return _page(request, table, form)


@signed_in
@require_POST
def releases_withdraw(request: SchoolRequest) -> HttpResponse:
    """Shows the ticked cells no more."""
    table = _table(request)
    cells = _form(request, table).cells()
    try:
        n = withdraw(cells, school=request.school, by=request.viewer, now=request.now)
    except ReleaseRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(table))
    if not cells:
        messages.error(request, _NOTHING)
    else:
        messages.success(request, f"Withdrawn: {n}. They are seen no more from the next click on.")
    return redirect(_address(table))


def _table(request: SchoolRequest) -> ReleaseTable:
    said = (request.POST if request.method == "POST" else request.GET).get("year", "")
    year = AcademicYear(int(said[:4])) if re.fullmatch(r"[0-9]{4}-[0-9]{2}", said) else None
    return releases_of(request.viewer, school=request.school, now=request.now, year=year)


def _form(request: SchoolRequest, table: ReleaseTable) -> ReleaseForm:
    sent = request.POST if request.method == "POST" else None
    chosen = sent.getlist("cell") if sent else []
    return ReleaseForm(sent, chosen=chosen, year_groups=table.year_groups, initial={"starts": request.now.date()})


def _page(request: SchoolRequest, table: ReleaseTable, form: ReleaseForm) -> HttpResponse:
    page = releases_page(table, ticked=form.ticked, today=request.now.date())
    return render(request, "families/releases.html", {"page": page, "form": form}, status=400 if form.errors else 200)


def _address(table: ReleaseTable) -> str:
    return f"{reverse('releases')}?{urlencode({'year': table.year.code})}"
