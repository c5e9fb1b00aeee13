"""Today: what somebody owes, who needs them, what changed; for leaders where in the school to look."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from headway.services.access import may, sees_whole_school
from headway.services.audit import unseen_alerts
from headway.services.today import today
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.audit import alert_lines
from headway.web.presenters.today import today_page

__all__ = ["home"]

_LONGEST = 30


@signed_in
@require_safe
def home(request: SchoolRequest) -> HttpResponse:
    """The first page of everybody who has signed in."""
    viewer, school, now = request.viewer, request.school, request.now
    if not may(viewer, "ask", school=school, on=now.date()):
        return render(request, "today/visitor.html")
    term = request.GET.get("term", "")[:_LONGEST]
    found = today(viewer=viewer, school=school, now=now, term=term)
    if not found.any_pupils:
        leads = sees_whole_school(viewer, school=school, on=now.date())
        return render(request, "today/empty.html", {"leads": leads, "may_set_up": bool(found.steps)})
    here = f"{request.path}?{urlencode({'term': term})}" if term else request.path
    sees = may(viewer, "see_audit", school=school, on=now.date())
    alerts = alert_lines(unseen_alerts(viewer, school=school, now=now), today=now.date()) if sees else ()
    return render(request, "today/page.html", {"page": today_page(found, now=now, here=here), "alerts": alerts})
