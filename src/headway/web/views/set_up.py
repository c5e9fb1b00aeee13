"""A new school in the browser: made once, on a page with a one-time address; then step by step to its first sheet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from headway.services import set_up as service
from headway.services.people import PersonRefusedError
from headway.services.samples import sample_of
from headway.services.schools import SchoolRefusedError, framework_of
from headway.web import clock
from headway.web.entrance import let_in
from headway.web.forms.set_up import SchoolForm
from headway.web.guards import SchoolRequest, public, signed_in
from headway.web.presenters.set_up import framework_words, set_up_page

__all__ = ["set_up", "set_up_school"]


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_school(request: HttpRequest, token: str) -> HttpResponse:
    """Makes the first school and its administrator, who is then signed in."""
    service.require_no_school(token)
    form = SchoolForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            user = service.set_up_school(form.school(), token=token, now=clock.now())
        except (SchoolRefusedError, PersonRefusedError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{form.cleaned_data['name'].strip()} is ready, and you are signed in.")
            return let_in(request, user, second_step=False, goes_to=reverse("set-up"))
    return render(request, "set_up/school.html", {"form": form}, status=400 if form.errors else 200)


@signed_in
@require_safe
def set_up(request: SchoolRequest) -> HttpResponse:
    """The steps from an empty school to its first mark sheet; or a sample of the file that a step wants."""
    viewer, school, now = request.viewer, request.school, request.now
    steps = service.steps_of(viewer, school, now)
    kind = request.GET.get("sample")
    if kind:
        content = sample_of(kind, viewer=viewer, school=school, now=now)
        disposition = {"Content-Disposition": f'attachment; filename="{kind}-sample.csv"'}
        return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=disposition)
    sheet = service.first_sheet(viewer, school=school, now=now)
    words = f"{school.name}, {framework_words(framework_of(school).code)}"
    return render(request, "set_up/steps.html", {"page": set_up_page(steps, sheet=sheet, school_words=words)})
