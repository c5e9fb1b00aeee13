"""Signing in with Google, Microsoft or another OpenID provider: they say who it is, never whether there is an account.

django-allauth speaks with them; here their answer ends. An account is found by the verified e-mail address it was
invited with, and by nothing else. None is ever made, and nothing a provider says is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from headway.services.sign_in.passwords import account_at
from headway.web.entrance import welcome

__all__ = ["Offered", "ProvidersAdapter", "address_vouched_for", "providers_offered"]

_NO_ACCOUNT = (
    "{name} knows you, but there is no account here for that e-mail address, or {name} has not verified it. Sign in "
    "with your password, or ask your school's assessment manager which address your account has."
)
_FAILED = "{name} did not sign you in. Try again, or sign in with your password."


@dataclass(frozen=True, slots=True)
class Offered:
    """A provider people may sign in with here."""

    code: str
    name: str


def providers_offered() -> Sequence[Offered]:
    """The providers the installation's settings name, and no others."""
    return [
        Offered(app.get("provider_id", provider), app["name"])
        for provider, told in settings.SOCIALACCOUNT_PROVIDERS.items()
        for app in told["APPS"]
    ]


def address_vouched_for(provider: str, said: Mapping[str, Any]) -> str | None:
    """The e-mail address a provider answers for, from what it said of somebody; None where it answers for none.

    Microsoft: the name they sign in with there, whose domain the school's own directory has proved; the address beside
    it is whatever was typed. Others: the address, where they say in so many words that it is verified.
    """
    if provider == "microsoft":
        return str(said.get("userPrincipalName") or "") or None
    told, token = said.get("userinfo", said), said.get("id_token", {})
    if token and told.get("sub") != token.get("sub"):
        return None
    return str(told.get("email") or "") or None if told.get("email_verified") is True else None


class ProvidersAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Ends django-allauth's part as soon as a provider has answered."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Providers come from the installation's settings, never from its database."""
        found = super().list_apps(request, provider=provider, client_id=client_id)
        return [app for app in found if app.pk is None]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> NoReturn:
        """Signs in the account of the address that is vouched for."""
        app = sociallogin.provider.app
        address = address_vouched_for(app.provider, sociallogin.account.extra_data)
        user = account_at(address) if address else None
        if user is None:
            raise ImmediateHttpResponse(_back(request, _NO_ACCOUNT, app.name))
        raise ImmediateHttpResponse(welcome(request, user, goes_to=sociallogin.state.get("next") or "/"))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **about: Any) -> NoReturn:
        raise ImmediateHttpResponse(_back(request, _FAILED, provider.app.name))


def _back(request: HttpRequest, sentence: str, name: str) -> HttpResponse:
    messages.error(request, sentence.format(name=name))
    return redirect("sign-in")
