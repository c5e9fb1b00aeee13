"""Letting people in, and turning away whoever may not go on: the one place that every guard asks.

In this order: who has not signed in, whose twelve hours are over, who has been away too long, who still owes a second
step. Whoever is turned away comes back to where they were going.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from headway.services import audit
from headway.services.access import needs_second_factor, schools_of, viewer_of
from headway.services.people import is_dormant
from headway.services.sign_in import devices
from headway.services.sign_in.attempts import Attempt, attempt, take_back
from headway.services.sign_in.locking import idle_minutes_of
from headway.services.sign_in.passwords import AnyUser, is_password_of
from headway.services.sign_in.second_steps import has_second_step, second_steps_of
from headway.services.sign_in.sessions import clear_expired
from headway.web import clock, sessions
from headway.web.browsers import device_words

__all__ = [
    "UNLOCKS",
    "idle_minutes",
    "known_device",
    "let_in",
    "locked_page",
    "our_own",
    "owes_second_step",
    "standing",
    "too_many",
    "try_at",
    "turned_away",
    "unlock",
    "welcome",
]

UNLOCKS = "unlock_password"
"""The field of a locked form in which its sender gives the password; the rest of the form goes on from there."""

_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_DEVICE_COOKIE = "__Host-device" if settings.BEHIND_TLS else "device"
_DEVICE_SECONDS = 400 * 24 * 60 * 60


# ---- In ----------------------------------------------------------------------------------------------------------


def welcome(request: HttpRequest, user: AnyUser, *, goes_to: str) -> HttpResponse:
    """Goes on with somebody whose password was right, or for whom another provider vouches: in, or to a second step."""
    if not has_second_step(user):
        return let_in(request, user, second_step=False, goes_to=goes_to)
    sessions.keep_half(request.session, user, goes_to=goes_to, now=clock.now())
    return redirect("second-step")


def let_in(request: HttpRequest, user: AnyUser, *, second_step: bool, goes_to: str) -> HttpResponse:
    """Signs somebody in, in a session of its own under a new id; notes the browser; goes on where they were going."""
    now = clock.now()
    request.session.flush()
    if not settings.DEMO and is_dormant(user, now=now):
        return render(request, "sign_in/asleep.html", status=403)
    login(request, user)
    clear_expired()
    value = devices.sound_value(request.COOKIES.get(_DEVICE_COOKIE, ""))
    device = devices.note_device(user, value, name=device_words(request.headers.get("User-Agent", "")), now=now)
    sessions.begin(request.session, second_step=second_step, now=now, device=device)
    audit.note_sign_in(user, now=now)
    response = redirect(our_own(request, goes_to))
    response.set_cookie(
        _DEVICE_COOKIE, value, max_age=_DEVICE_SECONDS, secure=settings.BEHIND_TLS, httponly=True, samesite="Lax"
    )
    return response


def our_own(request: HttpRequest, address: str) -> str:
    """An address of ours to go on to; the first page where it is somebody else's."""
    secure, hosts = request.is_secure(), {request.get_host()}
    ours = url_has_allowed_host_and_scheme(address, allowed_hosts=hosts, require_https=secure)
    return address if ours and address.startswith("/") else "/"


# ---- Trying ------------------------------------------------------------------------------------------------------


def try_at(request: HttpRequest, name: str, *, purpose: str) -> Attempt:
    """Counts a try at a name from this browser."""
    return attempt(
        name,
        purpose=purpose,
        address=str(request.META.get("REMOTE_ADDR", "")),
        device=known_device(request, name),
        now=clock.now(),
    )


def known_device(request: HttpRequest, email: str) -> str | None:
    """The digest of this browser where the account of an e-mail address has signed in from it before."""
    return devices.known_digest(email, request.COOKIES.get(_DEVICE_COOKIE, ""))


def too_many(wait: int) -> str:
    """What somebody is told who has tried too often."""
    minutes = "1 minute" if wait == 1 else f"{wait} minutes"
    return f"There have been too many tries. Try again in {minutes}."


# ---- Turned away -------------------------------------------------------------------------------------------------


def turned_away(
    request: Any, *, quietly: bool = False, unfinished: bool = False, locked_too: bool = False
) -> HttpResponse | None:
    """Sends away who may not go on; None for who may, with ``request.now``, ``viewer`` and ``schools`` in place.

    ``quietly`` is a page that asks by itself: it does not count as somebody being there. ``unfinished`` is a page that
    may be opened before a second step that is needed has been set up, ``locked_too`` one for a locked session.
    """
    request.now = clock.now()
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    request.viewer = viewer_of(request.user)
    request.schools = list(schools_of(request.viewer, on=request.now.date()))
    found = standing(request)
    by_card = request.user.email is None
    if found.state == "over" or (found.state == "locked" and by_card):
        logout(request)
        return redirect("pupil-sign-in") if by_card else redirect_to_login(request.get_full_path())
    if found.state == "locked" and not locked_too:
        refusal = _unlock_by_form(request)
        if refusal is not None:
            return refusal
    elif not quietly and sessions.note_seen(request.session, now=request.now) and found.device is not None:
        devices.note_seen(found.device, now=request.now)
    if not unfinished and not found.second_step and owes_second_step(request):
        way_back = request.get_full_path() if request.method == "GET" else "/"
        return redirect_to_login(way_back, reverse("second-step-new"))
    return None


def standing(request: Any) -> sessions.Standing:
    """How the session of a request stands."""
    return sessions.standing_of(request.session, idle_minutes=idle_minutes(request), now=request.now)


def idle_minutes(request: Any) -> int:
    """After how many minutes without anybody there this person's pages are locked."""
    return idle_minutes_of(getattr(request, "schools", ()))


def owes_second_step(request: Any) -> bool:
    """Whether this person's roles ask for a second step. Nobody is real in the demo, so there they do not."""
    return not settings.DEMO and needs_second_factor(request.viewer, on=request.now.date())


# ---- Locked ------------------------------------------------------------------------------------------------------


def unlock(request: Any, password: str) -> tuple[str, int]:
    """Opens a locked session by its owner's password; what is wrong, if anything, and the status that says so."""
    user = request.user
    tried = try_at(request, user.email or str(user.uid), purpose="password")
    if not tried.allowed:
        return too_many(tried.minutes_to_wait), 429
    if not is_password_of(user, password):
        return "That is not your password. Check it and try again.", 400
    take_back(tried)
    sessions.note_proof(request.session, now=request.now)
    return "", 200


def locked_page(request: Any, *, goes_to: str, sentence: str = "", status: int = 200) -> HttpResponse:
    """The page of a locked session. A form that met it is carried along, and sent on once it is open."""
    carried = [] if goes_to else [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    about = {
        "carried": [pair for pair in carried if pair[0] not in {UNLOCKS, "csrfmiddlewaretoken"}],
        "action": request.get_full_path() if not goes_to else reverse("unlock"),
        "goes_to": goes_to,
        "field": UNLOCKS,
        "sentence": sentence,
        "email": request.user.email,
        "has_password": request.user.has_usable_password(),
        "has_passkey": bool(goes_to) and bool(second_steps_of(request.user).passkeys),
        "minutes": idle_minutes(request),
    }
    return render(request, "sign_in/unlock.html", about, status=status)


def _unlock_by_form(request: Any) -> HttpResponse | None:
    """Turns a request to a locked session away, unless it is a form with the password in it, which then goes on."""
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path(), reverse("unlock"))
    if request.content_type not in _FORMS or request.FILES:
        return redirect("unlock")  # a script's request, which asks again; or a file, which has to be chosen again
    if UNLOCKS not in request.POST:
        return locked_page(request, goes_to="")
    sentence, status = unlock(request, request.POST[UNLOCKS])
    if sentence:
        return locked_page(request, goes_to="", sentence=sentence, status=status)
    sent: QueryDict = request.POST.copy()
    del sent[UNLOCKS]
    request.POST = sent
    return None
