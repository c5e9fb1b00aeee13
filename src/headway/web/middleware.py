"""What every page of an installation has in common on its way out: nothing kept in caches, refusals as pages."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request, page_not_found, permission_denied

from headway.services.access import NotAllowedError, NotFoundError

_API = "/api/"
"""Where what cannot be read is refused in another form."""


class PersonalPagesMiddleware:
    """Keeps personal pages out of every cache, and turns what a service refuses into the page that says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        readable = _is_readable(request) or request.path_info.startswith(_API)
        response = self.get_response(request) if readable else bad_request(request, BadRequest("NUL"))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for a refusal: 404 tells a stranger nothing, 403 a reader why, 503 everybody to try again."""
        if isinstance(error, NotFoundError):
            return page_not_found(request, error)
        if isinstance(error, NotAllowedError):
            return permission_denied(request, error)
        return try_again() if isinstance(error, OperationalError | InterfaceError) else None


def try_again() -> HttpResponse:
    """The page that says so; made without the request: who is signed in is kept in the same records."""
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})


def _is_readable(request: HttpRequest) -> bool:
    """Whether an address is text as a database holds it: PostgreSQL knows no NUL, and no code or name here has one."""
    return "\0" not in request.path_info and "%00" not in request.META.get("QUERY_STRING", "")
