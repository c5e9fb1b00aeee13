"""What the script of a mark sheet sends and asks: cells to save, and whether anything has changed. JSON both ways."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from headway.services.access import NotAllowedError, NotFoundError
from headway.services.assessments import CollectionClosedError, Fine, Outcome, RepeatedCellError, check, record
from headway.services.mark_sheets import ClassTerm, digest_of, missing_of, sheet_of
from headway.web.forms.mark_sheets import UnreadableError, cells_of_json
from headway.web.guards import SchoolRequest, polled, signed_in
from headway.web.incoming import json_sent
from headway.web.presenters.mark_answers import outcomes_answer, sheet_answer

__all__ = ["cells", "changes"]

P = ParamSpec("P")
View = Callable[Concatenate[SchoolRequest, P], HttpResponse]


def _in_json(view: View[P]) -> View[P]:
    """Says what a service refuses in JSON, as a sentence for the person at the sheet."""

    @wraps(view)
    def answered(request: SchoolRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (UnreadableError, RepeatedCellError) as error:
            return JsonResponse({"sentence": str(error)}, status=400)
        except NotAllowedError as error:
            return JsonResponse({"sentence": str(error)}, status=403)
        except NotFoundError:
            sentence = "There is no such mark for you to change. Right would be to open the sheet again."
            return JsonResponse({"sentence": sentence}, status=404)
        except CollectionClosedError as error:
            return JsonResponse({"sentence": str(error)}, status=409)

    return answered


@signed_in
@require_POST
@_in_json
def cells(request: SchoolRequest, code: str, term: str) -> HttpResponse:
    """Saves a batch of cells, each for itself, or says what would happen to it."""
    group, sent = _class_term(request, code, term), cells_of_json(json_sent(request))
    term, school, by, now = group.term.code, request.school, request.viewer, request.now
    outcomes: Sequence[Outcome | Fine]
    if sent.check:
        outcomes = check(sent.cells, term=term, school=school, by=by, now=now)
    else:
        outcomes = record(sent.cells, term=term, school=school, by=by, now=now, request_id=sent.request)
    return JsonResponse(outcomes_answer(outcomes, missing=missing_of(group), now=now))


@signed_in
@polled
@require_safe
@_in_json
def changes(request: SchoolRequest, code: str, term: str) -> HttpResponse:
    """Every cell as it stands; nothing where the sheet is still as its page has it."""
    group = _class_term(request, code, term)
    if digest_of(group) == request.GET.get("have"):
        return HttpResponse(status=204)
    return JsonResponse(sheet_answer(sheet_of(group)))


def _class_term(request: SchoolRequest, code: str, term: str) -> ClassTerm:
    subject = request.GET.get("subject", "")
    return ClassTerm.of(code, term=term, subject=subject, viewer=request.viewer, school=request.school, now=request.now)
