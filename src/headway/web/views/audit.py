"""Who has looked: the audit read, taken out, walked; and its alerts marked as seen."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from headway.formats.sheets_out import write_csv
from headway.services.access import require
from headway.services.audit import (
    chain_state,
    entries,
    export_entries,
    mark_seen,
    people_of,
    unseen_alerts,
    verify,
)
from headway.web.entrance import our_own
from headway.web.forms.audit import WantedForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.audit import alert_lines, audit_page, audit_rows, chain_words

__all__ = ["audit", "audit_file", "audit_seen", "audit_verify"]


@signed_in
@require_safe
def audit(request: SchoolRequest) -> HttpResponse:
    """The entries somebody asks for, newest first; above them what should be looked at."""
    viewer, school, now = request.viewer, request.school, request.now
    form = _form(request)
    wanted = form.wanted()
    found = entries(wanted, viewer=viewer, school=school, now=now)
    state = chain_state(viewer, school=school, now=now)
    said = {
        "form": form,
        "page": audit_page(found, wanted, path=reverse("audit"), file=reverse("audit-file"), today=now.date()),
        "alerts": alert_lines(unseen_alerts(viewer, school=school, now=now), today=now.date()),
        "chain": chain_words(state, today=now.date()),
        "state": state,
    }
    return render(request, "audit/page.html", said, status=400 if form.errors else 200)


@signed_in
@require_safe
def audit_file(request: SchoolRequest) -> HttpResponse:
    """The same entries as a file."""
    found = export_entries(_form(request).wanted(), viewer=request.viewer, school=request.school, now=request.now)
    headers, rows = audit_rows(found)
    disposition = {"Content-Disposition": 'attachment; filename="who-has-looked.csv"'}
    return HttpResponse(write_csv(headers, rows), content_type="text/csv; charset=utf-8", headers=disposition)


@signed_in
@require_POST
def audit_verify(request: SchoolRequest) -> HttpResponse:
    """Walks all of the chain, and goes back to where it says how that went."""
    require(request.viewer, "see_audit", school=request.school, on=request.now.date())
    state = verify(now=request.now, by=request.viewer.author(request.school).name)
    said = messages.error if state.broken else messages.success
    said(request, chain_words(state, today=request.now.date()))
    return redirect("audit")


@signed_in
@require_POST
def audit_seen(request: SchoolRequest) -> HttpResponse:
    """Marks alerts as seen, and goes back to where they stood."""
    alerts = [
        int(each) for each in request.POST.getlist("alert") if each.isascii() and each.isdigit() and len(each) < 19
    ]
    mark_seen(alerts, by=request.viewer, school=request.school, now=request.now)
    messages.success(request, "Marked as seen. It stays in the record, with your name.")
    return redirect(our_own(request, request.POST.get("next", "")))


def _form(request: SchoolRequest) -> WantedForm:
    """What is asked for. What a link of ours never says is left out."""
    people = people_of(request.viewer, school=request.school, now=request.now)
    form = WantedForm(request.GET, people=people)
    form.is_valid()
    return form
