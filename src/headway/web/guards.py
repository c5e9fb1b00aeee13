"""Who may open a page at all. Every view wears one of these; what its viewer may see in it, services decide."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from headway.services.access import Viewer
from headway.services.families.pages import OwnPupil, own_pupils
from headway.services.schools import AnySchool
from headway.services.sign_in.passwords import AnyUser
from headway.web.entrance import owes_second_step, standing, turned_away

__all__ = [
    "AccountRequest",
    "FamilyRequest",
    "SchoolRequest",
    "choose_school",
    "family",
    "own_account",
    "polled",
    "proven",
    "public",
    "signed_in",
    "waiting",
]

P = ParamSpec("P")
View = Callable[..., Any]
Page = Callable[Concatenate[Any, P], HttpResponse]

_CHOSEN = "school"


class SchoolRequest(HttpRequest):
    """A request by somebody who is signed in, about one of their schools, at one moment."""

    viewer: Viewer
    school: AnySchool
    schools: Sequence[AnySchool]
    now: datetime


class AccountRequest(HttpRequest):
    """A request by somebody who is signed in, about their own account."""

    user: AnyUser
    viewer: Viewer
    schools: Sequence[AnySchool]
    now: datetime


class FamilyRequest(HttpRequest):
    """A request by somebody who is signed in, about a pupil they see as themselves or as family."""

    user: AnyUser
    viewer: Viewer
    school: AnySchool
    schools: Sequence[AnySchool]
    own: Sequence[OwnPupil]
    now: datetime


def public(view: View) -> View:
    """A page anybody may open."""
    return _named(view, "public")


def polled(view: View) -> View:
    """Says of a view, inside its guard, that pages ask it by themselves: that is not somebody being there."""
    view.polled = True  # type: ignore[attr-defined]
    return view


def own_account(*, unfinished: bool = False) -> Callable[[View], View]:
    """A page about the account of whoever is signed in, with a role or without.

    ``unfinished`` pages are open to those who need a second step and have yet to set one up.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, /, *args: Any, **kwargs: Any) -> HttpResponse:
            elsewhere = turned_away(request, unfinished=unfinished)
            if elsewhere is not None:
                return elsewhere
            school = _chosen_school(request)
            if school is not None and (standing(request).second_step or not owes_second_step(request)):
                request.school = school  # for the frame: the way back to the school's own pages
            response: HttpResponse = view(request, *args, **kwargs)
            return response

        return _named(guarded, "own_account")

    return guard


def waiting(view: View) -> View:
    """A page of whoever is signed in that may be opened while their session is locked: it is where it is opened."""

    @wraps(view)
    def guarded(request: Any, /, *args: Any, **kwargs: Any) -> HttpResponse:
        return turned_away(request, quietly=True, unfinished=True, locked_too=True) or view(request, *args, **kwargs)

    return _named(guarded, "waiting")


def proven(view: View) -> View:
    """Inside another guard: only for who has proved within ten minutes who they are; others are asked to, first."""

    @wraps(view)
    def guarded(request: Any, /, *args: Any, **kwargs: Any) -> HttpResponse:
        if standing(request).fresh:
            response: HttpResponse = view(request, *args, **kwargs)
            return response
        way_back = request.get_full_path() if request.method == "GET" else reverse("account")
        return redirect_to_login(way_back, reverse("prove-again"))

    return guarded


def signed_in(view: Page[P]) -> View:
    """A page for people who have signed in and have a role in a school; others are sent to sign in."""
    quietly = getattr(view, "polled", False)

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        elsewhere = turned_away(request, quietly=quietly)
        if elsewhere is not None:
            return elsewhere
        if not request.schools:
            return _not_staff(request)
        asked, school = _asked_school(request), _chosen_school(request)
        if asked is not None and asked != school:  # an address never changes the school by itself
            status = 200 if request.method in {"GET", "HEAD"} else 409
            return render(request, "change_school.html", {"asked": asked, "current": school}, status=status)
        if school is None:
            return render(request, "choose_school.html")
        request.school = school
        return view(request, *args, **kwargs)

    return _named(guarded, "signed_in")


def family(view: Page[P]) -> View:
    """A page for pupils and families, about those they see as themselves or as family; others are told so."""

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        elsewhere = turned_away(request)
        if elsewhere is not None:
            return elsewhere
        request.own = own_pupils(request.viewer, now=request.now)
        if not request.own:
            return render(request, "families/nothing.html", status=403)
        asked = next((each for each in request.own if each.uid == kwargs.get("pupil")), request.own[0])
        request.school = asked.school
        return view(request, *args, **kwargs)

    return _named(guarded, "family")


def _not_staff(request: Any) -> HttpResponse:
    """A page of staff asked for by somebody who works nowhere: pupils and families are shown the way to their own."""
    if not own_pupils(request.viewer, now=request.now):
        return render(request, "no_school.html", status=403)
    if request.resolver_match.url_name == "home" and request.method in {"GET", "HEAD"}:
        return redirect("my-progress")
    return render(request, "families/theirs.html", status=403)


def choose_school(request: AccountRequest, uid: str) -> None:
    """Keeps which school somebody is at from now on; without one they are asked again."""
    if uid and not any(uid == str(school.uid) for school in request.schools):
        raise Http404
    request.session[_CHOSEN] = uid


def _asked_school(request: SchoolRequest) -> AnySchool | None:
    """The school an address names, which must be one of theirs."""
    asked = request.GET.get(_CHOSEN)
    mine = [school for school in request.schools if str(school.uid) == asked]
    if asked and not mine:
        raise Http404
    return mine[0] if mine else None


def _chosen_school(request: SchoolRequest) -> AnySchool | None:
    """The school this request is about: the only one, or the one chosen before."""
    mine = {str(school.uid): school for school in request.schools}
    return request.schools[0] if len(mine) == 1 else mine.get(request.session.get(_CHOSEN, ""))


def _named(view: View, guard: str) -> View:
    """Says on the view which guard it wears: a test walks every address and asks."""
    view.guard = guard  # type: ignore[attr-defined]
    return view
