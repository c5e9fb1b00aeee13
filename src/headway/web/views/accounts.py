"""My account: who I am here, my password, the browsers I sign in from; proving who I am before any of it changes."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from headway.services.families.pages import own_pupils
from headway.services.sign_in.attempts import take_back
from headway.services.sign_in.devices import devices_of
from headway.services.sign_in.locking import choose_idle_minutes, idle_minutes_of, idle_minutes_to_choose
from headway.services.sign_in.passkeys import PasskeyRefusedError, owner_of_answer
from headway.services.sign_in.passwords import change_password
from headway.services.sign_in.second_steps import check_code, second_steps_of
from headway.services.sign_in.sessions import count_sessions, end_sessions
from headway.web import sessions
from headway.web.entrance import our_own, owes_second_step, standing, too_many, try_at, unlock
from headway.web.forms.sign_in import ChangePasswordForm, IdleForm
from headway.web.guards import AccountRequest, SchoolRequest, own_account, proven, signed_in
from headway.web.presenters.accounts import account_page

__all__ = ["account", "locking", "password", "prove_again", "prove_by_passkey", "sign_out_elsewhere"]


@own_account()
@require_safe
def account(request: AccountRequest) -> HttpResponse:
    """Everything about how somebody signs in."""
    user = request.user
    page = account_page(
        user.email or "",
        [(school, request.viewer.author(school).name) for school in request.schools],
        second_steps_of(user),
        devices_of(user, this=standing(request).device),
        n_elsewhere=count_sessions(user, but=request.session.session_key),
        has_password=user.has_usable_password(),
        needs_second=owes_second_step(request),
        minutes=idle_minutes_of(request.schools),
        now=request.now,
    )
    own = [each.forename for each in own_pupils(request.viewer, now=request.now)]
    return render(request, "account/page.html", {"page": page, "own": own})


@own_account(unfinished=True)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def prove_again(request: AccountRequest) -> HttpResponse:
    """Asks once more who somebody is, by password or code, before they change how they sign in."""
    goes_to = our_own(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        return _proof(request, goes_to)
    if request.POST.get("password"):
        sentence, status = unlock(request, request.POST["password"])
    else:
        sentence, status = _by_code(request, request.POST.get("code", ""))
    return _proof(request, goes_to, sentence=sentence, status=status) if sentence else redirect(goes_to)


@own_account(unfinished=True)
@require_POST
def prove_by_passkey(request: AccountRequest) -> HttpResponse:
    """Takes a passkey as the proof."""
    goes_to = our_own(request, request.POST.get("next", ""))
    try:
        owner_of_answer(request.POST.get("credential", ""), user=request.user, now=request.now)
    except PasskeyRefusedError:
        sentence = "That passkey is not one of this account's. Try another, or use your password."
        return _proof(request, goes_to, sentence=sentence, status=400)
    sessions.note_proof(request.session, now=request.now, second_step=True)
    return redirect(goes_to)


@own_account()
@proven
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: AccountRequest) -> HttpResponse:
    """Changes the password; every other browser is signed out."""
    form = ChangePasswordForm(request.user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/password.html", {"form": form}, status=400 if form.errors else 200)
    key, new = request.session.session_key, form.cleaned_data["new_password1"]
    change_password(request.user, password=new, keep=key, now=request.now)
    update_session_auth_hash(request, request.user)
    messages.success(request, "Your password is changed, and every other browser is signed out.")
    return redirect("account")


@own_account()
@proven
@require_POST
def sign_out_elsewhere(request: AccountRequest) -> HttpResponse:
    """Signs this account out everywhere but here."""
    n_ended = end_sessions(request.user, but=request.session.session_key)
    said = "one other browser" if n_ended == 1 else f"{n_ended} other browsers"
    messages.success(request, f"You are signed out in {said}." if n_ended else "You were signed in nowhere else.")
    return redirect("account")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def locking(request: SchoolRequest) -> HttpResponse:
    """After how many minutes without anybody there the school's pages are locked."""
    viewer, school = request.viewer, request.school
    stands = idle_minutes_to_choose(school=school, by=viewer, now=request.now)
    form = IdleForm(request.POST if request.method == "POST" else None, initial={"minutes": stands})
    if not form.is_valid():
        return render(request, "account/locking.html", {"form": form}, status=400 if form.errors else 200)
    choose_idle_minutes(form.cleaned_data["minutes"], school=school, by=viewer, now=request.now)
    messages.success(request, f"Pages are locked after {form.cleaned_data['minutes']} minutes from now on.")
    return redirect("locking")


def _by_code(request: AccountRequest, code: str) -> tuple[str, int]:
    tried = try_at(request, request.user.email or str(request.user.uid), purpose="code")
    if not tried.allowed:
        return too_many(tried.minutes_to_wait), 429
    if check_code(request.user, code, now=request.now) is None:
        return "That code is wrong, too old, or has been used already. Type the one the app shows now.", 400
    take_back(tried)
    sessions.note_proof(request.session, now=request.now, second_step=True)
    return "", 200


def _proof(request: AccountRequest, goes_to: str, *, sentence: str = "", status: int = 200) -> HttpResponse:
    about = {
        "goes_to": goes_to,
        "back": reverse("account"),
        "sentence": sentence,
        "has_password": request.user.has_usable_password(),
        "steps": second_steps_of(request.user),
    }
    return render(request, "account/prove_again.html", about, status=status)
