"""Class cards: who of a class has a card to sign in with, and a printed sheet of new ones."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from headway.services.families.cards import CardClass, CardsRefusedError, card_classes, cards_of, make_cards
from headway.web.forms.families import CardsForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.cards import card_lines, class_lines, printed_cards

__all__ = ["card_list", "class_cards"]


@signed_in
@require_safe
def card_list(request: SchoolRequest) -> HttpResponse:
    """The classes whose cards somebody may make."""
    found = card_classes(request.viewer, school=request.school, now=request.now)
    return render(request, "families/card_list.html", {"classes": class_lines(found)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def class_cards(request: SchoolRequest, code: str) -> HttpResponse:
    """One class; what is sent to it makes cards, and shows them this once, ready to print."""
    viewer, school, now = request.viewer, request.school, request.now
    found = cards_of(code, viewer=viewer, school=school, now=now)
    if request.method != "POST":
        form = CardsForm(initial={"kind": found.usual_kind, "request_id": uuid4()})
        return _page(request, found, form)
    form = CardsForm(request.POST, chosen=request.POST.getlist("pupil"))
    if not form.is_valid():
        return _page(request, found, form)
    said = form.cleaned_data
    try:
        made = make_cards(
            code,
            pupils=form.pupils(),
            kind=said["kind"],
            request_id=said["request_id"],
            school=school,
            by=viewer,
            now=now,
        )
    except CardsRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("class-cards-of", code)
    address = request.build_absolute_uri(reverse("pupil-sign-in"))
    shown = {"code": code, "cards": printed_cards(made), "address": address.split("://", 1)[-1]}
    return render(request, "families/cards_made.html", shown)


def _page(request: SchoolRequest, found: CardClass, form: CardsForm) -> HttpResponse:
    said = {"page": found, "lines": card_lines(found, ticked=form.pupils()), "form": form}
    return render(request, "families/class_cards.html", said, status=400 if form.errors else 200)
