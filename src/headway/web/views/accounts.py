"""Signing in and out, and claiming an account by a one-time link."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from headway.services.access import COMMAND_LINE, schools_of
from headway.services.people import claim_account, claimed_user
from headway.services.schools import any_school
from headway.web import clock
from headway.web.attempts import WINDOW_SECONDS
from headway.web.forms.accounts import ChoosePasswordForm, SignInForm
from headway.web.guards import public

__all__ = ["claim", "sign_in", "sign_out"]


class _SignIn(LoginView):
    template_name = "sign_in.html"
    authentication_form = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        passphrase, sign_ins = _demo_sign_ins()
        return super().get_context_data(
            **kwargs, demo_passphrase=passphrase, demo_sign_ins=sign_ins, any_school=any_school()
        )

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if isinstance(form, SignInForm) and form.too_many:
            response.status_code = 429
            response.headers["Retry-After"] = str(WINDOW_SECONDS)
        return response


sign_in = public(_SignIn.as_view())
sign_out = public(LogoutView.as_view())


@public
@sensitive_post_parameters()
def claim(request: HttpRequest, account_id: UUID, token: str) -> HttpResponse:
    """Sets the password of the account a one-time link is for."""
    user = claimed_user(account_id, token)
    if user is None:
        return render(request, "claim_over.html", status=404)
    form = ChoosePasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        claim_account(user, password=form.cleaned_data["new_password1"], now=clock.now())
        messages.success(request, f"Your password is set. Sign in as {user.email}.")
        return redirect("sign-in")
    return render(request, "claim.html", {"form": form, "email": user.email})


def _demo_sign_ins() -> tuple[str, Sequence[object]]:
    """The made-up schools' passphrase and one sign-in a role; nothing where schools are real."""
    if not settings.DEMO:
        return "", ()
    from headway.demo.make import PASSPHRASE, sign_ins  # noqa: PLC0415  # a real school never loads the demo

    now = clock.now()
    schools = [school for school in schools_of(COMMAND_LINE, on=now.date()) if school.demo]
    return PASSPHRASE, [each for school in schools for each in sign_ins(school, now=now)]
