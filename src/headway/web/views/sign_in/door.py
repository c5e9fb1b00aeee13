"""The door: signing in by password or passkey, and signing out."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from headway.services.access import COMMAND_LINE, schools_of
from headway.services.schools import any_school
from headway.services.sign_in.passkeys import PasskeyRefusedError, ask_for_one, owner_of_answer
from headway.web import clock, sessions
from headway.web.entrance import let_in, our_own, welcome
from headway.web.forms.sign_in import SignInForm
from headway.web.guards import public
from headway.web.providers import providers_offered

__all__ = ["passkey", "passkey_question", "sign_in", "sign_out"]

_NO_PASSKEY = (
    "That passkey opens no account here. Sign in with your e-mail address and password; you can add a passkey under My "
    "account."
)

sign_out = public(LogoutView.as_view())


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for the e-mail address and password; goes on to a second step where the account has one."""
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        return welcome(request, form.user, goes_to=_goes_to(request))
    return _door(request, form, status=form.status)


@public
@require_POST
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What the browser is asked to show a passkey: at the second step one of the account's, else any for this place."""
    half = sessions.half_of(request.session, now=clock.now())
    return JsonResponse(dict(ask_for_one(half.user if half else None)))


@public
@sensitive_post_parameters()
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Signs in whoever the passkey says it is: it is both steps in one, for the device has asked who is there."""
    try:
        user = owner_of_answer(request.POST.get("credential", ""), user=None, now=clock.now())
    except PasskeyRefusedError:
        return _door(request, SignInForm(request, None), sentence=_NO_PASSKEY, status=400)
    return let_in(request, user, second_step=True, goes_to=_goes_to(request))


def _door(request: HttpRequest, form: SignInForm, *, sentence: str = "", status: int = 200) -> HttpResponse:
    passphrase, sign_ins = _demo_sign_ins()
    about = {
        "form": form,
        "sentence": sentence,
        "next": _goes_to(request),
        "providers": providers_offered(),
        "any_school": any_school(),
        "demo_passphrase": passphrase,
        "demo_sign_ins": sign_ins,
    }
    response = render(request, "sign_in/door.html", about, status=status)
    if form.wait_seconds:
        response.headers["Retry-After"] = str(form.wait_seconds)
    return response


def _goes_to(request: HttpRequest) -> str:
    asked = request.POST.get("next") or request.GET.get("next", "")
    return our_own(request, asked)


def _demo_sign_ins() -> tuple[str, Sequence[object]]:
    """The made-up schools' passphrase and one sign-in a role; nothing where schools are real."""
    if not settings.DEMO:
        return "", ()
    from headway.demo.make import PASSPHRASE, sign_ins  # noqa: PLC0415  # a real school never loads the demo

    now = clock.now()
    schools = [school for school in schools_of(COMMAND_LINE, on=now.date()) if school.demo]
    return PASSPHRASE, [each for school in schools for each in sign_ins(school, now=now)]
