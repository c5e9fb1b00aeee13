"""People: everybody who works here, one of them with what can be changed, and somebody new."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from headway.services.people import (
    Invited,
    PersonDetail,
    PersonRefusedError,
    RoleRefusedError,
    bring_back,
    change_roles,
    end_time,
    invite,
    invite_person,
    new_link,
    people_of,
    person_of,
    roles_to_give,
    scopes_of,
)
from headway.web.forms.people import InviteForm, LastDayForm, RolesForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.people import change_words, day_words, people_page, person_line, role_choices

__all__ = ["people", "people_invite", "person", "person_back", "person_leave", "person_link", "person_roles"]

_LONGEST = 100


@signed_in
@require_safe
def people(request: SchoolRequest) -> HttpResponse:
    """Everybody who works at the school."""
    rows = people_of(request.viewer, school=request.school, now=request.now)
    show, find = request.GET.get("show", ""), " ".join(request.GET.get("q", "")[:_LONGEST].split())
    page = people_page(rows, show=show, find=find, address=request.path, now=request.now)
    return render(request, "people/list.html", {"page": page, "anybody": bool(rows)})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def people_invite(request: SchoolRequest) -> HttpResponse:
    """Somebody new: sent back, it makes their account and shows the one-time link, this once."""
    viewer, school, now = request.viewer, request.school, request.now
    choices = role_choices(scopes_of(school), roles_to_give(viewer, school=school, now=now))
    form = InviteForm(request.POST if request.method == "POST" else None, choices=choices)
    if form.is_valid():
        said = form.cleaned_data
        try:
            invited = invite(
                name=said["name"],
                email=said["email"],
                code=said["code"] or None,
                roles=form.roles(),
                school=school,
                by=viewer,
                now=now,
            )
        except (PersonRefusedError, RoleRefusedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            return _link_shown(request, invited)
    return render(request, "people/invite.html", {"form": form}, status=400 if form.errors else 200)


@signed_in
@require_safe
def person(request: SchoolRequest, person: UUID) -> HttpResponse:
    """One of them."""
    return _page(request, person)


@signed_in
@require_POST
def person_roles(request: SchoolRequest, person: UUID) -> HttpResponse:
    """Gives and ends roles."""
    viewer, school, now = request.viewer, request.school, request.now
    form = _roles_form(request, person_of(person, viewer=viewer, school=school, now=now))
    if form.is_valid():
        try:
            change_roles(person, give=form.given(), end=form.ended(), school=school, by=viewer, now=now)
        except (PersonRefusedError, RoleRefusedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The roles are changed. They hold from the next click.")
            return redirect("person", person)
    return _page(request, person, roles_form=form)


@signed_in
@require_POST
def person_leave(request: SchoolRequest, person: UUID) -> HttpResponse:
    """Ends somebody's time at the school."""
    form = LastDayForm(request.POST)
    if form.is_valid():
        try:
            day = end_time(person, last_day=form.day(), school=request.school, by=request.viewer, now=request.now)
        except PersonRefusedError as refusal:
            form.add_error("last_day" if form.day() else None, str(refusal))
        else:
            out = "They are out at their next click." if day < request.now.date() else f"Last day: {day_words(day)}."
            messages.success(request, f"Their time here ends. {out}")
            return redirect("person", person)
    return _page(request, person, leave_form=form)


@signed_in
@require_POST
def person_back(request: SchoolRequest, person: UUID) -> HttpResponse:
    """Takes a last day back."""
    try:
        bring_back(person, school=request.school, by=request.viewer, now=request.now)
    except PersonRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "They are back, with the roles they had.")
    return redirect("person", person)


@signed_in
@require_POST
def person_link(request: SchoolRequest, person: UUID) -> HttpResponse:
    """Makes a one-time link, for a first account or a new password, and shows it this once."""
    viewer, school, now = request.viewer, request.school, request.now
    row = person_of(person, viewer=viewer, school=school, now=now).row
    lost = request.POST.get("lost_steps") == "yes"
    try:
        if row.account == "none":
            invited = invite_person(person, school=school, by=viewer, now=now)
        else:
            path = new_link(person, lost_steps=lost, school=school, by=viewer, now=now)
            invited = Invited(person, row.name, row.email, path)
    except (PersonRefusedError, RoleRefusedError) as refusal:
        messages.error(request, str(refusal))
        return redirect("person", person)
    return _link_shown(request, invited, again=row.account not in ("none", "invited"))


def _link_shown(request: SchoolRequest, invited: Invited, *, again: bool = False) -> HttpResponse:
    until = request.now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    said = {
        "invited": invited,
        "link": request.build_absolute_uri(invited.path) if invited.path else "",
        "until": f"{until:%A} {day_words(until.date())}, {until:%H:%M}",
        "again": again,
        "address": request.build_absolute_uri(reverse("sign-in")),
    }
    return render(request, "people/link.html", said)


def _page(
    request: SchoolRequest,
    uid: UUID,
    *,
    roles_form: RolesForm | None = None,
    leave_form: LastDayForm | None = None,
) -> HttpResponse:
    detail = person_of(uid, viewer=request.viewer, school=request.school, now=request.now)
    wrong = roles_form or leave_form
    said = {
        "person": person_line(detail.row, now=request.now),
        "row": detail.row,
        "detail": detail,
        "left": detail.row.left(request.now.date()),
        "changes": change_words(detail.changes),
        "form": wrong,
        "roles_form": roles_form or _roles_form(request, detail),
        "leave_form": leave_form or LastDayForm(initial={"last_day": request.now.date()}),
    }
    return render(request, "people/person.html", said, status=400 if wrong else 200)


def _roles_form(request: SchoolRequest, detail: PersonDetail) -> RolesForm:
    line = person_line(detail.row, now=request.now)
    held = {each.role: words for each, words in zip(detail.row.roles, line.roles, strict=True)}
    given = request.POST if request.resolver_match and request.resolver_match.url_name == "person-roles" else None
    return RolesForm(given, held=held, choices=role_choices(detail.scopes, detail.gives))
