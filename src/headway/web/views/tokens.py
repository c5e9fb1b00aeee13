"""Tokens: one's own and, for those who look after people, everybody's; a new one, shown once; and its end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from headway.services.access import may, require
from headway.services.tokens import (
    TokenRefusedError,
    make_token,
    revoke_token,
    scopes_of,
    tokens_of,
    tokens_of_everybody,
)
from headway.web.forms.tokens import TokenForm
from headway.web.guards import SchoolRequest, proven, signed_in
from headway.web.presenters.tokens import over, working

__all__ = ["token_new", "token_revoke", "tokens"]


@signed_in
@require_safe
def tokens(request: SchoolRequest) -> HttpResponse:
    """The tokens somebody has made, and those of others where they look after the school's people."""
    viewer, school, now = request.viewer, request.school, request.now
    manages = may(viewer, "manage_people", school=school, on=now.date())
    makes = may(viewer, "use_api", school=school, on=now.date())
    mine = tokens_of(viewer, school=school, now=now) if makes or not manages else ()
    own = {each.uid for each in mine}
    everybody = tokens_of_everybody(viewer, school=school, now=now) if manages else ()
    others = [each for each in everybody if each.uid not in own]
    said = {
        "makes": makes,
        "mine": working(mine, now=now),
        "mine_over": over(mine, now=now),
        "manages": manages,
        "others": working(others, now=now),
        "others_over": over(others, now=now),
    }
    return render(request, "tokens/list.html", said)


@signed_in
@proven
@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: SchoolRequest) -> HttpResponse:
    """Makes a token and shows it, this once; for who has just proved who they are."""
    viewer, school, now = request.viewer, request.school, request.now
    require(viewer, "use_api", school=school, on=now.date())
    offered = scopes_of(viewer, school=school, now=now)
    form = TokenForm(request.POST if request.method == "POST" else None, scopes=offered, today=now.date())
    if form.is_valid():
        wanted = form.cleaned_data
        try:
            made = make_token(
                wanted["name"], scopes=wanted["scopes"], ends=wanted["ends"], school=school, by=viewer, now=now
            )
        except TokenRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "tokens/made.html", {"secret": made.secret, "token": made.token})
    return render(request, "tokens/new.html", {"form": form}, status=400 if form.errors else 200)


@signed_in
@require_POST
def token_revoke(request: SchoolRequest, token: UUID) -> HttpResponse:
    """Ends a token for good."""
    name = revoke_token(token, school=request.school, by=request.viewer, now=request.now)
    messages.success(request, f"“{name}” is revoked: whatever uses it is turned away from its next request on.")
    return redirect("tokens")
