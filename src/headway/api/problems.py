"""What went wrong, as a program reads it: application/problem+json (RFC 9457) with a code, a sentence and the place."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from headway.services.access import NotAllowedError, NotFoundError
from headway.services.listings import PupilRefusedError, UnknownValueError

__all__ = ["MEDIA_TYPE", "TITLES", "Place", "ProblemError", "as_problem", "shown"]

MEDIA_TYPE = "application/problem+json"
_LONGEST = 60
_MANY = 20
_TRY_AGAIN_SECONDS = "30"
_log = logging.getLogger(__name__)

TITLES: Mapping[str, tuple[int, str]] = {
    "unknown_parameter": (400, "A parameter is not known here"),
    "unknown_value": (400, "A value is not what it can be"),
    "school_needed": (400, "There are several schools"),
    "unreadable": (400, "The request cannot be read"),
    "token_needed": (401, "A token is needed"),
    "token_refused": (401, "The token does not work"),
    "not_allowed": (403, "The owner of the token may not do this"),
    "scope_needed": (403, "This was not allowed to the token"),
    "not_found": (404, "There is nothing here"),
    "method_not_allowed": (405, "This cannot be done here"),
    "too_large": (413, "The request is too large"),
    "not_json": (415, "The request is not JSON"),
    "too_many_requests": (429, "Too many requests"),
    "fault": (500, "Something is wrong with Headway"),
    "busy": (503, "The records are busy"),
}
"""Every code a problem can have, with its status and title."""


@dataclass(frozen=True, slots=True)
class Place:
    """One thing that is wrong: where it stands (``query.term``, ``body.upn``), and what would be right."""

    where: str
    detail: str


class ProblemError(Exception):
    """A request that cannot be answered as asked."""

    def __init__(
        self, code: str, detail: str = "", *, places: Sequence[Place] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        self.code, self.places, self.headers = code, tuple(places[:_MANY]), dict(headers or {})
        self.detail = detail or " ".join(place.detail for place in self.places)
        super().__init__(self.detail)

    def response(self) -> Response:
        """The answer that says so."""
        status, title = TITLES[self.code]
        said = {
            "type": f"urn:headway:problem:{self.code}",
            "title": title,
            "status": status,
            "detail": self.detail,
            "code": self.code,
            "where": self.places[0].where if self.places else None,
            "problems": [{"where": place.where, "detail": place.detail} for place in self.places],
        }
        return Response(said, status=status, headers=self.headers, content_type=MEDIA_TYPE)


def shown(value: object) -> str:
    """A value as a problem quotes it: cut short, and nothing in it that is no letter.

    >>> shown("Jo\\x00")
    "'Jo\\ufffd'"
    """
    text = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in str(value)[: _LONGEST + 1])
    return f"'{text}'" if len(text) <= _LONGEST else f"'{text[: _LONGEST - 1]}…'"


def as_problem(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to whatever was raised on the way. What nobody foresaw is logged, and told as a fault."""
    if isinstance(error, ProblemError):
        return error.response()
    for kinds, make in _MADE:
        if isinstance(error, kinds):
            return make(error).response()
    got_request_exception.send(sender=type(context.get("view")), request=context.get("request"))
    _log.error("The API failed", exc_info=error)
    return ProblemError("fault", "This is not your doing. It has been logged; try again later.").response()


def _not_found(_: Exception) -> ProblemError:
    return ProblemError("not_found", "There is nothing here, or it is not for the owner of this token to see.")


def _no_token(error: exceptions.NotAuthenticated) -> ProblemError:
    detail = "Right would be a token in the Authorization header: Authorization: Bearer hw_…"
    return ProblemError("token_needed", detail, headers={"WWW-Authenticate": error.auth_header})


def _bad_token(error: exceptions.AuthenticationFailed) -> ProblemError:
    detail = "It is no token of ours, or it has ended, or it or its owner's account was closed. Make a new one."
    challenge = f'{error.auth_header}, error="invalid_token"'
    return ProblemError("token_refused", detail, headers={"WWW-Authenticate": challenge})


def _too_many(error: exceptions.Throttled) -> ProblemError:
    wait = str(max(1, round(error.wait or 1)))
    return ProblemError("too_many_requests", f"Try again in {wait} seconds.", headers={"Retry-After": wait})


def _no_method(error: exceptions.MethodNotAllowed) -> ProblemError:
    return ProblemError("method_not_allowed", "What can be done here stands in the Allow header.")


def _unreadable(error: Exception) -> ProblemError:
    detail = str(error.detail) if isinstance(error, exceptions.ParseError) else "Right would be a smaller request."
    return ProblemError("unreadable", detail)


def _wrong_body(error: exceptions.ValidationError) -> ProblemError:
    said = error.detail if isinstance(error.detail, dict) else {"": error.detail}
    places = [
        Place(f"body.{shown(name)[1:-1]}" if name and name != "non_field_errors" else "body", str(each))
        for name, sentences in said.items()
        for each in (sentences if isinstance(sentences, list) else [sentences])
    ]
    return ProblemError("unknown_value", places=places)


_MADE: Sequence[tuple[tuple[type[Exception], ...], Callable[[Any], ProblemError]]] = (
    ((NotFoundError, Http404, exceptions.NotFound), _not_found),
    ((NotAllowedError,), lambda error: ProblemError("not_allowed", str(error))),
    ((PermissionDenied, exceptions.PermissionDenied), lambda _: ProblemError("not_allowed", "This is not allowed.")),
    ((UnknownValueError,), lambda e: ProblemError("unknown_value", places=[Place(f"query.{e.name}", str(e))])),
    ((PupilRefusedError,), lambda e: ProblemError("unknown_value", places=[Place("body.upn", str(e))])),
    ((exceptions.NotAuthenticated,), _no_token),
    ((exceptions.AuthenticationFailed,), _bad_token),
    ((exceptions.Throttled,), _too_many),
    ((exceptions.MethodNotAllowed,), _no_method),
    (
        (exceptions.UnsupportedMediaType,),
        lambda _: ProblemError("not_json", "Right would be Content-Type: application/json."),
    ),
    ((exceptions.ValidationError,), _wrong_body),
    ((RequestDataTooBig,), lambda _: ProblemError("too_large", "Right would be a smaller request.")),
    ((exceptions.ParseError, BadRequest, SuspiciousOperation), _unreadable),
    (
        (OperationalError, InterfaceError),
        lambda _: ProblemError("busy", "Try again shortly.", headers={"Retry-After": _TRY_AGAIN_SECONDS}),
    ),
)
"""What each refusal is told as; the first that fits."""
