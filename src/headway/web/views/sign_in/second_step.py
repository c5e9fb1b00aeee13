"""The second step of signing in: a code from an app, a recovery code, or a passkey."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from headway.services.sign_in.attempts import take_back
from headway.services.sign_in.passkeys import PasskeyRefusedError, owner_of_answer
from headway.services.sign_in.second_steps import check_code, second_steps_of
from headway.web import clock, sessions
from headway.web.entrance import let_in, too_many, try_at
from headway.web.guards import public

__all__ = ["second_step", "second_step_passkey"]

_WRONG_CODE = (
    "That code is wrong, too old, or has been used already. Type the one the app shows now; a recovery code counts "
    "once."
)
_WRONG_PASSKEY = "That passkey is not one of this account's. Try another, or use a code."


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Asks whoever has given their password for the second step of their account."""
    half = sessions.half_of(request.session, now=clock.now())
    if half is None:
        return redirect("sign-in")
    if request.method != "POST":
        return _page(request, half)
    tried = try_at(request, half.user.email or str(half.user.uid), purpose="code")
    if not tried.allowed:
        return _page(request, half, sentence=too_many(tried.minutes_to_wait), status=429)
    if check_code(half.user, request.POST.get("code", ""), now=clock.now()) is None:
        return _page(request, half, sentence=_WRONG_CODE, status=400)
    take_back(tried)
    return let_in(request, half.user, second_step=True, goes_to=half.goes_to)


@public
@sensitive_post_parameters()
@require_POST
def second_step_passkey(request: HttpRequest) -> HttpResponse:
    """Takes a passkey as the second step."""
    half = sessions.half_of(request.session, now=clock.now())
    if half is None:
        return redirect("sign-in")
    try:
        owner_of_answer(request.POST.get("credential", ""), user=half.user, now=clock.now())
    except PasskeyRefusedError:
        return _page(request, half, sentence=_WRONG_PASSKEY, status=400)
    return let_in(request, half.user, second_step=True, goes_to=half.goes_to)


def _page(request: HttpRequest, half: sessions.Half, *, sentence: str = "", status: int = 200) -> HttpResponse:
    steps = second_steps_of(half.user)
    about = {"email": half.user.email, "steps": steps, "sentence": sentence, "goes_to": half.goes_to}
    return render(request, "sign_in/second_step.html", about, status=status)
