"""What belongs to every page."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from headway.web.entrance import our_own
from headway.web.guards import public
from headway.web.themes import THEMES, keep_theme

__all__ = ["theme"]


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps a choice of theme and goes back to where it was made."""
    chosen, back = request.POST.get("theme", ""), request.POST.get("next", "")
    if chosen not in THEMES:
        raise BadRequest(f"There is no such theme. Right would be one of {', '.join(THEMES)}.")
    response = redirect(our_own(request, back))
    keep_theme(response, chosen)
    return response
