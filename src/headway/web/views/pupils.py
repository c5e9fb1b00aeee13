"""One pupil: everything that is known of them, at one address."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from headway.services.access import may
from headway.services.pupil_pages import pupil_page
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.pupils import pupil_view
from headway.web.trail import from_here

__all__ = ["pupil"]


@signed_in
@require_safe
def pupil(request: SchoolRequest, pupil: UUID) -> HttpResponse:
    """A pupil's lines, subjects side by side, attendance, targets and the rest; one subject large where asked for."""
    found = pupil_page(pupil, viewer=request.viewer, school=request.school, now=request.now)
    view = pupil_view(
        found,
        subject=request.GET.get("subject", ""),
        from_here=from_here(request),
        came_from=request.GET.get("from", ""),
    )
    on = request.now.date()
    may_import = may(request.viewer, "import", school=request.school, on=on)
    sees_audit = may(request.viewer, "see_audit", school=request.school, on=on)
    said = {"page": view, "uid": pupil, "may_import": may_import, "sees_audit": sees_audit}
    return render(request, "pupils/page.html", said)
