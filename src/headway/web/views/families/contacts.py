"""Families: the contacts of a class, one of them with its history, and who may sign in."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from headway.services.families.contacts import contact_of, families_of
from headway.services.families.invitations import (
    ContactRefusedError,
    FamilyInvited,
    agree_as_adult,
    end_contact,
    invite_contact,
    lift_restriction,
    new_family_link,
    restrict_contact,
)
from headway.web.forms.families import ReasonForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.contacts import contact_page, families_page
from headway.web.presenters.days import day_words

__all__ = [
    "contact",
    "contact_agreed",
    "contact_end",
    "contact_invite",
    "contact_lift",
    "contact_link",
    "contact_restrict",
    "families",
]

_LONGEST = 100


@signed_in
@require_safe
def families(request: SchoolRequest) -> HttpResponse:
    """The contacts of one class."""
    chosen = request.GET.get("class", "")[:_LONGEST]
    found = families_of(request.viewer, school=request.school, now=request.now, chosen=chosen)
    return render(request, "families/list.html", {"page": families_page(found)})


@signed_in
@require_safe
def contact(request: SchoolRequest, contact: UUID) -> HttpResponse:
    """One of them."""
    return _page(request, contact)


@signed_in
@require_POST
def contact_invite(request: SchoolRequest, contact: UUID) -> HttpResponse:
    """Lets a contact see this one pupil, and shows the one-time link, this once."""
    return _invited(request, contact, invite_contact, again=False)


@signed_in
@require_POST
def contact_link(request: SchoolRequest, contact: UUID) -> HttpResponse:
    """Makes a new one-time link; the old password ends."""
    return _invited(request, contact, new_family_link, again=True)


@signed_in
@require_POST
def contact_restrict(request: SchoolRequest, contact: UUID) -> HttpResponse:
    """A court order or safeguarding: nothing is shown from the next click on."""
    said = "The contact is restricted. They see nothing of this pupil from the next click on."
    return _with_reason(request, contact, restrict_contact, said)


@signed_in
@require_POST
def contact_lift(request: SchoolRequest, contact: UUID) -> HttpResponse:
    """The restriction ends."""
    return _with_reason(request, contact, lift_restriction, "The restriction is lifted.")


@signed_in
@require_POST
def contact_agreed(request: SchoolRequest, contact: UUID) -> HttpResponse:
    """A pupil of age agrees, or no longer agrees, that the contact sees their record."""
    agreed = request.POST.get("agreed") == "yes"
    said = "It is noted that the pupil agrees." if agreed else "It is noted that the pupil agrees no longer."
    return _with_reason(request, contact, partial(agree_as_adult, agreed=agreed), said)


@signed_in
@require_POST
def contact_end(request: SchoolRequest, contact: UUID) -> HttpResponse:
    """The contact's time ends."""
    return _with_reason(
        request, contact, end_contact, "The contact has ended: they see nothing from the next click on."
    )


def _invited(request: SchoolRequest, uid: UUID, invite: Callable[..., FamilyInvited], *, again: bool) -> HttpResponse:
    try:
        invited = invite(uid, school=request.school, by=request.viewer, now=request.now)
    except ContactRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("contact", uid)
    detail = contact_of(uid, viewer=request.viewer, school=request.school, now=request.now)
    until = request.now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    said = {
        "invited": invited,
        "contact": uid,
        "pupil": detail.pupil_name,
        "link": request.build_absolute_uri(invited.path) if invited.path else "",
        "until": f"{until:%A} {day_words(until.date())}, {until:%H:%M}",
        "again": again,
        "address": request.build_absolute_uri(reverse("sign-in")),
    }
    return render(request, "families/link.html", said)


def _with_reason(request: SchoolRequest, uid: UUID, change: Callable[..., None], said: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        change(uid, why=form.cleaned_data["why"], school=request.school, by=request.viewer, now=request.now)
        messages.success(request, said)
        return redirect("contact", uid)
    return _page(request, uid, form=form)


def _page(request: SchoolRequest, uid: UUID, *, form: ReasonForm | None = None) -> HttpResponse:
    detail = contact_of(uid, viewer=request.viewer, school=request.school, now=request.now)
    wrong = request.resolver_match.url_name if form and request.resolver_match else ""
    said = {"page": contact_page(detail), "form": form, "wrong": wrong}
    return render(request, "families/contact.html", said, status=400 if form else 200)
