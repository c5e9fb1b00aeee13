"""Setting up and taking away one's own second steps: passkeys, a code app, recovery codes."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from headway.services.sign_in.passkeys import PasskeyRefusedError, add_passkey, ask_for_new, ask_for_one
from headway.services.sign_in.second_steps import (
    StepGone,
    add_code_app,
    code_app_address,
    fresh_secret,
    remove_code_app,
    remove_passkey,
    rename_passkey,
    renew_recovery_codes,
    second_steps_of,
)
from headway.web import sessions
from headway.web.browsers import device_words
from headway.web.entrance import our_own, owes_second_step, standing
from headway.web.forms.sign_in import CodeForm
from headway.web.guards import AccountRequest, own_account, proven
from headway.web.presenters.accounts import in_fours
from headway.web.presenters.qr import qr_picture

__all__ = [
    "code_app",
    "code_app_gone",
    "own_passkey_question",
    "passkey_gone",
    "passkey_name",
    "passkey_new",
    "passkey_new_question",
    "recovery_codes",
    "second_step_new",
]

_PENDING = "code-app-secret"


def _still_there(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers for a passkey or app that is not there, or is somebody else's, as for any page that is not there."""

    @wraps(view)
    def answered(request: AccountRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except StepGone as gone:
            raise Http404 from gone

    return answered


@own_account(unfinished=True)
@proven
@require_safe
def second_step_new(request: AccountRequest) -> HttpResponse:
    """Says what a second step is, and offers a passkey or a code app."""
    about = {
        "needed": owes_second_step(request) and not standing(request).second_step,
        "steps": second_steps_of(request.user),
        "goes_to": our_own(request, request.GET.get("next") or reverse("account")),
        "device": device_words(request.headers.get("User-Agent", "")),
        "sentence": "",
    }
    return render(request, "account/second_step_new.html", about)


@own_account(unfinished=True)
@proven
@require_POST
def passkey_new_question(request: AccountRequest) -> HttpResponse:
    """What the browser is asked to make a passkey."""
    return JsonResponse(dict(ask_for_new(request.user)))


@own_account(unfinished=True)
@require_POST
def own_passkey_question(request: AccountRequest) -> HttpResponse:
    """What the browser is asked to show one of this account's passkeys."""
    return JsonResponse(dict(ask_for_one(request.user)))


@own_account(unfinished=True)
@proven
@require_POST
def passkey_new(request: AccountRequest) -> HttpResponse:
    """Adds the passkey that the browser has made."""
    name = request.POST.get("name", "") or device_words(request.headers.get("User-Agent", ""))
    answer, key = request.POST.get("credential", ""), request.session.session_key
    try:
        add_passkey(request.user, answer, name=name, now=request.now, keep=key)
    except PasskeyRefusedError:
        messages.error(request, "The passkey was not made. Try again, or set up a code app instead.")
        return redirect("second-step-new")
    return _added(request, "Your passkey is ready. Next time you can sign in with it alone.")


@own_account()
@proven
@require_POST
@_still_there
def passkey_name(request: AccountRequest) -> HttpResponse:
    """Gives a passkey another name."""
    rename_passkey(request.user, _number(request), name=request.POST.get("name", ""), now=request.now)
    messages.success(request, "The passkey has its new name.")
    return redirect("account")


@own_account()
@proven
@require_POST
@_still_there
def passkey_gone(request: AccountRequest) -> HttpResponse:
    """Takes a passkey away."""
    remove_passkey(request.user, _number(request), now=request.now, keep=request.session.session_key)
    return _taken_away(request, "The passkey opens this account no more. Take it off the device as well.")


@own_account(unfinished=True)
@proven
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code_app(request: AccountRequest) -> HttpResponse:
    """Sets up a code app: shows its secret, and keeps it once the app has shown a right code."""
    secret = request.session.get(_PENDING) or fresh_secret()
    request.session[_PENDING] = secret
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        key = request.session.session_key
        if add_code_app(request.user, secret, form.cleaned_data["code"], now=request.now, keep=key):
            del request.session[_PENDING]
            return _added(request, "Your code app is ready. It is asked for after your password from now on.")
        form.add_error("code", "That is not the code of this secret now. Type the one your app shows at this moment.")
    about = {
        "form": form,
        "picture": qr_picture(code_app_address(request.user, secret)),
        "secret": in_fours(secret),
        "goes_to": our_own(request, request.POST.get("next") or request.GET.get("next") or reverse("account")),
    }
    return render(request, "account/code_app.html", about, status=400 if form.errors else 200)


@own_account()
@proven
@require_POST
@_still_there
def code_app_gone(request: AccountRequest) -> HttpResponse:
    """Takes the code app away."""
    remove_code_app(request.user, now=request.now, keep=request.session.session_key)
    return _taken_away(request, "The code app is asked for no more. Take the entry out of the app as well.")


@own_account()
@proven
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: AccountRequest) -> HttpResponse:
    """Makes new recovery codes and shows them, this once."""
    steps = second_steps_of(request.user)
    if not steps.any:
        return redirect("second-step-new")
    codes: Sequence[str] = ()
    if request.method == "POST":
        codes = renew_recovery_codes(request.user, now=request.now, keep=request.session.session_key)
    goes_to = our_own(request, request.POST.get("next") or request.GET.get("next") or reverse("account"))
    about = {"codes": codes, "steps": steps, "goes_to": goes_to, "email": request.user.email}
    return render(request, "account/recovery_codes.html", about)


def _added(request: AccountRequest, sentence: str) -> HttpResponse:
    """On from a new second step: to recovery codes where there are none yet."""
    sessions.note_proof(request.session, now=request.now, second_step=True)
    messages.success(request, sentence)
    goes_to = our_own(request, request.POST.get("next") or reverse("account"))
    if second_steps_of(request.user).n_recovery_codes:
        return redirect(goes_to)
    return redirect_to_login(goes_to, reverse("recovery-codes"))


def _taken_away(request: AccountRequest, sentence: str) -> HttpResponse:
    if not second_steps_of(request.user).any:
        sessions.note_no_second_step(request.session)
    messages.success(request, sentence)
    return redirect("account")


def _number(request: AccountRequest) -> int:
    number = request.POST.get("passkey", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise StepGone
    return int(number)
