"""Files in: dropped, looked at as a plan, applied or not; and what came in before, to be opened and undone."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from headway.formats.sheets_out import write_csv
from headway.services.schools import framework_of
from headway.services.transfers import UndoRefusedError, transfer_of, transfers_of, undo
from headway.services.uploads import (
    Shown,
    UploadRefusedError,
    apply_upload,
    discard,
    keep,
    plan_of,
    read_again,
)
from headway.web.forms.transfers import BACK_TO, FileForm, ReadingForm
from headway.web.guards import SchoolRequest, signed_in
from headway.web.incoming import is_too_large
from headway.web.presenters.file_kinds import file_kinds
from headway.web.presenters.transfers import past_rows, transfer_page, undo_refusal
from headway.web.presenters.uploads import plan_page, refusal_rows

__all__ = ["transfer", "transfers", "upload"]

_A_PAGE = 25
_TOO_LARGE = "The file is larger than 20 MB. Right would be its rows shared out over several files."


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def transfers(request: SchoolRequest) -> HttpResponse:
    """Takes a file in and goes on to its plan; shows what has come in before."""
    if request.method != "POST":
        return _front_page(request, FileForm(), status=200)
    form = FileForm(request.POST, request.FILES)
    if is_too_large(request):
        form.add_error("file", _TOO_LARGE)
        return _front_page(request, form, status=413)
    if not form.is_valid():
        return _front_page(request, form, status=400)
    file, reading = form.cleaned_data["file"], form.reading()
    try:
        kept = keep(
            file.read(), file=file.name, reading=reading, school=request.school, by=request.viewer, now=request.now
        )
    except UploadRefusedError as refusal:
        form.add_error("file", str(refusal))
        return _front_page(request, form, status=413)
    return _opened("upload", kept, back=reading.back or "transfers")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SchoolRequest, upload_id: UUID) -> HttpResponse:
    """A file's plan; sent back, it is applied, read as something else, or discarded."""
    if request.method == "POST":
        act = _ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise BadRequest("There is no such act.")
        return act(request, upload_id)
    shown = plan_of(upload_id, viewer=request.viewer, school=request.school, now=request.now)
    if shown.transfer is not None:
        return _opened("transfer", shown.transfer)
    if request.GET.get("refusals") == "csv":
        return _refusals_file(shown)
    return _plan_shown(request, shown, status=200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: SchoolRequest, transfer: UUID) -> HttpResponse:
    """What a transfer changed; asked to undo it, a page that asks again; told to, it puts everything back."""
    detail = transfer_of(transfer, viewer=request.viewer, school=request.school, now=request.now)
    page = transfer_page(detail)
    if request.method != "POST":
        template = "transfers/undo.html" if "undo" in request.GET and not page.undone_by else "transfers/transfer.html"
        return render(request, template, {"page": page})
    try:
        n_rows = undo(transfer, school=request.school, by=request.viewer, now=request.now)
    except UndoRefusedError as refusal:
        context = {"page": page, "refusal": undo_refusal(refusal)}
        return render(request, "transfers/transfer.html", context, status=409)
    records = "1 record is as it was" if n_rows == 1 else f"{n_rows:,} records are as they were"
    messages.success(request, f"Undone: {records}.")
    return redirect(request.get_full_path())


def _front_page(request: SchoolRequest, form: FileForm, *, status: int) -> HttpResponse:
    said = request.GET.get("page", "1")
    page = int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 1
    skip = max(page - 1, 0) * _A_PAGE
    found = transfers_of(request.viewer, school=request.school, now=request.now, skip=skip, most=_A_PAGE)
    context = {
        "form": form,
        "kinds": file_kinds(),
        "rows": past_rows(found),
        "n_all": found.n_all,
        "earlier": page + 1 if skip + len(found.rows) < found.n_all else None,
        "later": page - 1 if page > 1 else None,
    }
    return render(request, "transfers/page.html", context, status=status)


def _plan_shown(request: SchoolRequest, shown: Shown, *, status: int, refused: str = "") -> HttpResponse:
    terms = framework_of(request.school).terms
    chosen = {name: getattr(shown.reading, name) or "" for name in ("kind", "academic_year", "term")}
    form = ReadingForm(chosen, terms=terms, today=request.now.date())
    context = {"page": plan_page(shown), "form": form, "refused": refused, "back": _back(shown)}
    return render(request, "transfers/upload.html", context, status=status)


def _apply(request: SchoolRequest, upload_id: UUID) -> HttpResponse:
    viewer, school, now = request.viewer, request.school, request.now
    seen, leave_out = request.POST.get("seen", ""), request.POST.get("act") == "leave_out"
    try:
        applied = apply_upload(upload_id, seen=seen, leave_out_refused=leave_out, school=school, by=viewer, now=now)
    except UploadRefusedError as refusal:
        shown = plan_of(upload_id, viewer=viewer, school=school, now=now)
        return _plan_shown(request, shown, status=409, refused=str(refusal))
    page = transfer_page(transfer_of(applied, viewer=viewer, school=school, now=now))
    messages.success(request, f"{page.file} is in: {page.counts}.")
    back = _back(plan_of(upload_id, viewer=viewer, school=school, now=now))
    return redirect(back) if back in BACK_TO else _opened("transfer", applied)


def _read_again(request: SchoolRequest, upload_id: UUID) -> HttpResponse:
    form = ReadingForm(request.POST, terms=framework_of(request.school).terms, today=request.now.date())
    if not form.is_valid():
        raise BadRequest("There is no such choice.")
    read_again(upload_id, form.reading(), school=request.school, by=request.viewer, now=request.now)
    return redirect(request.get_full_path())


def _discard(request: SchoolRequest, upload_id: UUID) -> HttpResponse:
    shown = plan_of(upload_id, viewer=request.viewer, school=request.school, now=request.now)
    discard(upload_id, school=request.school, by=request.viewer, now=request.now)
    messages.success(request, f"{shown.file} was not applied. Nothing has changed.")
    return redirect(_back(shown))


_ACTS: Mapping[str, Callable[[SchoolRequest, UUID], HttpResponse]] = {
    "apply": _apply,
    "leave_out": _apply,
    "read": _read_again,
    "discard": _discard,
}
"""What a plan's own buttons say."""


def _opened(route: str, of: UUID, *, back: str = "transfers") -> HttpResponse:
    """Goes on to a file's or a transfer's page, with the way back on it."""
    return redirect(f"{reverse(route, args=[of])}?{urlencode({'from': reverse(back)})}")


def _back(shown: Shown) -> str:
    """The page its sender set out from: one of our own by name, whatever was sent."""
    return shown.reading.back if shown.reading.back in BACK_TO else "transfers"


def _refusals_file(shown: Shown) -> HttpResponse:
    headers, rows = refusal_rows(shown.problems)
    disposition = {"Content-Disposition": 'attachment; filename="refusals.csv"'}
    return HttpResponse(write_csv(headers, rows), content_type="text/csv; charset=utf-8", headers=disposition)
