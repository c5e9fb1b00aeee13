"""A locked page: opened again by its owner, and told by the page itself that somebody is there, or nobody."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from headway.services.sign_in.passkeys import PasskeyRefusedError, ask_for_one, owner_of_answer
from headway.web import sessions
from headway.web.entrance import UNLOCKS, locked_page, our_own, standing, unlock
from headway.web.guards import AccountRequest, own_account, waiting

__all__ = ["lock", "still_here", "unlock_page", "unlock_passkey", "unlock_question"]


@waiting
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def unlock_page(request: AccountRequest) -> HttpResponse:
    """Asks for the password of whoever was here, and goes back to where they were; or says so to a script."""
    goes_to = our_own(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        return locked_page(request, goes_to=goes_to) if standing(request).state == "locked" else redirect(goes_to)
    sentence, status = unlock(request, request.POST.get(UNLOCKS, ""))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"sentence": sentence}, status=status)
    return locked_page(request, goes_to=goes_to, sentence=sentence, status=status) if sentence else redirect(goes_to)


@waiting
@require_POST
def unlock_question(request: AccountRequest) -> HttpResponse:
    """What the browser is asked to show one of the account's passkeys."""
    return JsonResponse(dict(ask_for_one(request.user)))


@waiting
@sensitive_post_parameters()
@require_POST
def unlock_passkey(request: AccountRequest) -> HttpResponse:
    """Opens a locked page by a passkey."""
    goes_to = our_own(request, request.POST.get("next", ""))
    try:
        owner_of_answer(request.POST.get("credential", ""), user=request.user, now=request.now)
    except PasskeyRefusedError:
        sentence = "That passkey is not one of this account's. Try another, or use your password."
        return locked_page(request, goes_to=goes_to, sentence=sentence, status=400)
    sessions.note_proof(request.session, now=request.now, second_step=True)
    return redirect(goes_to)


@own_account(unfinished=True)
@require_POST
def still_here(request: AccountRequest) -> HttpResponse:
    """Told by a page in which somebody types or points: the guard has noted it."""
    return HttpResponse(status=204)


@waiting
@require_POST
def lock(request: AccountRequest) -> HttpResponse:
    """Told by a page that has covered itself: nobody is there."""
    sessions.lock(request.session)
    return HttpResponse(status=204)
