"""Groups: the list of them, one of them with its members and its progress, and a new one."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from headway.domain.populations import Population
from headway.domain.questions import Question
from headway.services.access import may, require, sees_whole_school
from headway.services.choices import choices
from headway.services.groups import (
    GroupRefusedError,
    add_members,
    end_membership,
    group_of,
    groups_of,
    make_group,
    pupils_chosen,
    rename,
)
from headway.services.questions import ask
from headway.services.search import Found, search
from headway.web.forms.groups import GroupNameForm, LastDayForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.presenters.figures import pupils_words
from headway.web.presenters.groups import group_subjects, member_rows
from headway.web.presenters.status import STATUS_WORDS
from headway.web.trail import back_to
from headway.web.views.progress import pupils_shown

__all__ = ["group", "group_new", "groups"]

_NOBODY = "Choose at least one pupil first: tick the box beside the name."


@signed_in
@require_safe
def groups(request: SchoolRequest) -> HttpResponse:
    """The groups of the school, with their size today."""
    listed = groups_of(request.viewer, school=request.school, now=request.now)
    whole = sees_whole_school(request.viewer, school=request.school, on=request.now.date())
    return render(request, "groups/list.html", {"groups": listed, "makes": _makes(request), "whole": whole})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def group_new(request: SchoolRequest) -> HttpResponse:
    """A new group: asks its name, with the pupils chosen on another page; or adds those to a group there is."""
    require(request.viewer, "make_groups", school=request.school, on=request.now.date())
    pupils = _chosen(request)
    into = request.POST.get("into")
    if into and not pupils:
        messages.error(request, _NOBODY)
        return redirect(back_to(request, otherwise=reverse("groups")))
    if into == "group":
        return _added(request, _uid(request.POST.get("group", "")), pupils)
    asked = request.method == "POST" and into is None
    form = GroupNameForm(request.POST if asked else None)
    if asked and form.is_valid():
        try:
            made = make_group(
                form.cleaned_data["name"], pupils=pupils, school=request.school, by=request.viewer, now=request.now
            )
        except GroupRefusedError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, f"The group is made. {_since_today(len(pupils))}")
            return redirect(_address(request, made))
    chosen = pupils_chosen(pupils, viewer=request.viewer, school=request.school, now=request.now)
    said = {"form": form, "chosen": chosen, "came_from": _came_from(request)}
    return render(request, "groups/new.html", said, status=400 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: SchoolRequest, group: UUID) -> HttpResponse:
    """One group; what is sent to it renames it, adds pupils or ends their time in it."""
    if request.method != "POST":
        return _page(request, group)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise BadRequest(f"There is no such act. Right would be one of {', '.join(_ACTS)}.")
    return act(request, group)


def _renamed(request: SchoolRequest, uid: UUID) -> HttpResponse:
    form = GroupNameForm(request.POST)
    if form.is_valid():
        try:
            rename(uid, name=form.cleaned_data["name"], school=request.school, by=request.viewer, now=request.now)
        except GroupRefusedError as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, "The group has its new name.")
            return redirect(_address(request, uid))
    return _page(request, uid, name_form=form)


def _added(request: SchoolRequest, uid: UUID, pupils: Sequence[UUID] | None = None) -> HttpResponse:
    chosen = _chosen(request) if pupils is None else pupils
    if not chosen:
        messages.error(request, _NOBODY)
        return redirect(_address(request, uid))
    try:
        added = add_members(uid, pupils=chosen, school=request.school, by=request.viewer, now=request.now)
    except GroupRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect(_address(request, uid))
    already = len(set(chosen)) - added
    were = f" {pupils_words(already)} {'was' if already == 1 else 'were'} in it already." if already else ""
    messages.success(request, _since_today(added) + were)
    return redirect(_address(request, uid))


def _ended(request: SchoolRequest, uid: UUID) -> HttpResponse:
    form, chosen = LastDayForm(request.POST, today=request.now.date()), _chosen(request)
    if not chosen:
        messages.error(request, _NOBODY)
        return redirect(_address(request, uid))
    if form.is_valid():
        day = form.cleaned_data["last_day"]
        try:
            ended = end_membership(
                uid, pupils=chosen, last_day=day, school=request.school, by=request.viewer, now=request.now
            )
        except GroupRefusedError as refusal:
            form.add_error("last_day", str(refusal))
        else:
            messages.success(
                request, f"{pupils_words(ended)} taken out of the group: {day.day} {day:%B %Y} is the last day."
            )
            return redirect(_address(request, uid))
    return _page(request, uid, day_form=form)


_ACTS: Mapping[str, Callable[[SchoolRequest, UUID], HttpResponse]] = {
    "rename": _renamed,
    "add": _added,
    "end": _ended,
}


def _page(
    request: SchoolRequest,
    uid: UUID,
    *,
    name_form: GroupNameForm | None = None,
    day_form: LastDayForm | None = None,
) -> HttpResponse:
    viewer, school, now = request.viewer, request.school, request.now
    detail = group_of(uid, viewer=viewer, school=school, now=now)
    asked = Question("status", Population(groups=(detail.name,)), by=("subject",))
    answer = ask(asked, viewer=viewer, school=school, now=now)
    offered = choices(viewer=viewer, school=school, now=now)
    subjects = group_subjects(detail, answer, subject_names=dict(offered.subjects), came_from=request.get_full_path())
    wrong = next((form for form in (name_form, day_form) if form), None)
    said = {
        "group": detail,
        "members": member_rows(detail.members, today=now.date()),
        "earlier": member_rows(detail.earlier, today=now.date()),
        "subjects": subjects,
        "statuses": STATUS_WORDS.items(),
        "term": dict(offered.terms).get(answer.question.term or "", ""),
        "makes": _makes(request),
        "form": wrong,
        "name_form": name_form or GroupNameForm(name=detail.name),
        "day_form": day_form or LastDayForm(today=now.date()),
        "find": request.GET.get("find", ""),
        "found": _found(request, {member.pupil for member in detail.members}),
        "came_from": _came_from(request),
    }
    return render(request, "groups/page.html", said, status=400 if wrong else 200)


def _found(request: SchoolRequest, members: set[UUID]) -> Found | None:
    """Who could be put into the group: pupils on roll whose name was looked for, but for those who are in it."""
    text = request.GET.get("find", "").strip()
    if not text:
        return None
    found = search(text, viewer=request.viewer, school=request.school, now=request.now)
    pupils = [each for each in found.pupils if each.here and each.uid not in members]
    return Found(pupils, (), found.term, more=found.more)


def _makes(request: SchoolRequest) -> bool:
    return may(request.viewer, "make_groups", school=request.school, on=request.now.date())


def _chosen(request: SchoolRequest) -> Sequence[UUID]:
    """The pupils whose boxes were ticked; or all that the page they were chosen on shows."""
    path, _, query = request.POST.get("from", "").partition("?")
    if request.POST.get("all") == "shown" and path == reverse("progress"):
        return pupils_shown(request, QueryDict(query).dict())
    return [_uid(text) for text in request.POST.getlist("pupil")]


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _came_from(request: SchoolRequest) -> str:
    """The page that led here, where there is one of ours."""
    return back_to(request, otherwise="")


def _address(request: SchoolRequest, uid: UUID) -> str:
    """The group's page, from which the way back leads where somebody came from."""
    came_from = _came_from(request)
    return reverse("group", args=[uid]) + (f"?{urlencode({'from': came_from})}" if came_from else "")


def _since_today(n: int) -> str:
    return "Nobody is in it yet." if n == 0 else f"{pupils_words(n)} {'is' if n == 1 else 'are'} in it from today."
