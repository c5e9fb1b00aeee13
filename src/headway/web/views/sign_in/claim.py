"""A one-time link: whoever has it sets the password of the account it is for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from headway.services.people import claim_account, claimed_user
from headway.services.sign_in.attempts import take_back
from headway.web import clock
from headway.web.entrance import too_many, try_at
from headway.web.forms.sign_in import ChoosePasswordForm
from headway.web.guards import public

__all__ = ["claim"]


@public
@sensitive_post_parameters()
def claim(request: HttpRequest, account_id: UUID, token: str) -> HttpResponse:
    """Sets the password of the account a one-time link is for. A second step that is set up stays."""
    tried = try_at(request, str(account_id), purpose="link")
    if not tried.allowed:
        about = {"sentence": too_many(tried.minutes_to_wait)}
        return render(request, "sign_in/claim_wait.html", about, status=429)
    user = claimed_user(account_id, token)
    if user is None:
        return render(request, "sign_in/claim_over.html", status=404)
    take_back(tried)
    form = ChoosePasswordForm(user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        claim_account(user, password=form.cleaned_data["new_password1"], now=clock.now())
        messages.success(request, f"Your password is set. Sign in as {user.email}.")
        return redirect("sign-in")
    return render(request, "sign_in/claim.html", {"form": form, "email": user.email})
