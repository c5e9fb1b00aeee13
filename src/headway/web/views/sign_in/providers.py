"""Going to another provider to sign in there, and coming back. Only the providers that the settings name."""

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.google.views import oauth2_callback as google_back
from allauth.socialaccount.providers.microsoft.views import oauth2_callback as microsoft_back
from allauth.socialaccount.providers.openid_connect.views import callback as openid_back
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from headway.web.entrance import our_own
from headway.web.guards import public
from headway.web.providers import providers_offered

__all__ = ["back_from_google", "back_from_microsoft", "back_from_openid", "to_provider"]


@public
@require_POST
def to_provider(request: HttpRequest, provider: str) -> HttpResponse:
    """A page that goes on to the provider: our policy lets no form lead elsewhere, and a page says where one goes."""
    offered = _offered(provider)
    try:
        there = get_adapter().get_provider(request, provider)
        going = there.redirect(request, "login", next_url=our_own(request, request.POST.get("next", "")))
    except requests.RequestException:
        messages.error(request, f"{offered} does not answer. Try again later, or sign in with your password.")
        return redirect("sign-in")
    return render(request, "sign_in/going.html", {"name": offered, "address": going["Location"]})


@public
@require_safe
def back_from_google(request: HttpRequest) -> HttpResponse:
    """Back from Google."""
    _offered("google")
    response: HttpResponse = google_back(request)
    return response


@public
@require_safe
def back_from_microsoft(request: HttpRequest) -> HttpResponse:
    """Back from Microsoft."""
    _offered("microsoft")
    response: HttpResponse = microsoft_back(request)
    return response


@public
@require_safe
def back_from_openid(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from another OpenID provider."""
    _offered(provider_id)
    response: HttpResponse = openid_back(request, provider_id)
    return response


def _offered(code: str) -> str:
    """The name of a provider that is offered here; there is no such page for any other."""
    for offered in providers_offered():
        if offered.code == code:
            return offered.name
    raise Http404
