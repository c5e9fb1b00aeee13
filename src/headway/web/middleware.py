"""What every page of an installation has in common on its way out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PersonalPagesMiddleware:
    """Keeps personal pages out of every cache: nothing a signed-in person saw stays on a shared machine."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
