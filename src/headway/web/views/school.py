"""The school's own pages: what is managed here, what each role sees and does, and which school somebody is at."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from headway.services.access import may
from headway.services.role_sheets import roles_page
from headway.web.entrance import our_own
from headway.web.guards import AccountRequest, SchoolRequest, choose_school, own_account, signed_in
from headway.web.presenters.school import managed_there

__all__ = ["roles", "school", "school_choose"]


@signed_in
@require_safe
def school(request: SchoolRequest) -> HttpResponse:
    """What is managed here, as far as this person may."""
    on = request.now.date()
    entries = [
        (each, address)
        for each, address in managed_there()
        if each.action is None or may(request.viewer, each.action, school=request.school, on=on)
    ]
    return render(request, "school/page.html", {"entries": entries})


@signed_in
@require_safe
def roles(request: SchoolRequest) -> HttpResponse:
    """What each role sees, does and never does."""
    return render(request, "school/roles.html", {"page": roles_page()})


@own_account()
@require_POST
def school_choose(request: AccountRequest) -> HttpResponse:
    """Changes over to another school of somebody's own, and goes on to where they were going."""
    choose_school(request, request.POST.get("school", ""))
    return redirect(our_own(request, request.POST.get("next", "")))
