"""What every address of the API has in common: a token, its rate, its scope, the school it is about, and one moment.

What its viewer may see in it, services decide.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest
from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from headway.api import clock
from headway.api.answers import page_serializer
from headway.api.cursors import cursor, place_of
from headway.api.parameters import CURSOR, LIMIT, SCHOOL, USUAL_ITEMS, Parameter, read_parameters
from headway.api.problems import Place, ProblemError
from headway.services import audit
from headway.services.access import Viewer
from headway.services.listings import Page, Window, schools_by_token
from headway.services.schools import AnySchool

__all__ = ["Guarded", "ListRoute", "Route", "SchoolRoute"]


class Guarded(APIView):
    """An address that says which guard it wears: a test walks every one and asks."""

    guard = "public"
    http_method_names = ("get", "head", "post")

    @classmethod
    def as_view(cls, **kwargs: Any) -> Callable[..., Any]:
        view: Callable[..., Any] = super().as_view(**kwargs)
        view.guard = cls.guard  # type: ignore[attr-defined]
        return view


class Route(Guarded):
    """An address that wants a token. ``operation`` and ``tag`` are what the description calls it and lists it under."""

    guard = "token"
    scope = "read"
    way: Literal["api", "export"] = "api"
    operation = ""
    tag = ""
    parameters: Sequence[Parameter] = ()
    answer: type[Serializer] | None = None
    body: type[Serializer] | None = None
    school: Any = None

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.now: datetime = clock.now()
        request.now = self.now  # type: ignore[attr-defined]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.schools: Sequence[AnySchool] = schools_by_token(self.viewer, now=self.now)
        self.asked: Mapping[str, Any] = read_parameters(request.query_params, self.accepted())

    def check_permissions(self, request: Any) -> None:
        if request.auth is None:
            raise NotAuthenticated
        self.require_scope(self.scope)

    @classmethod
    def accepted(cls) -> Sequence[Parameter]:
        """Every parameter this address takes."""
        return cls.parameters

    @property
    def viewer(self) -> Viewer:
        """Whom the token acts for."""
        viewer: Viewer = self.request.auth.viewer
        return viewer

    def require_scope(self, scope: str) -> None:
        """Refuses what was not allowed to the token, whatever its owner may do."""
        if scope not in self.request.auth.scopes:
            raise ProblemError("scope_needed", f"Right would be a token with the scope {scope}.")

    def answered(self, thing: object) -> Response:
        """The answer that tells of something, once it is written down whom it tells of."""
        assert self.answer is not None
        said = self.answer(thing).data
        about = {name: self.request.query_params[name] for name in self.asked if name != CURSOR.name}
        audit.looked(self.viewer, school=self.school, place=self.place, now=self.now, way=self.way, about=about)
        return Response(said)

    @property
    def place(self) -> str:
        """The name of this address."""
        return str(self.request.resolver_match.url_name)


class SchoolRoute(Route):
    """An address about one school: the only one of the token's owner, or the one that is named."""

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.school = self._chosen()
        request._request.school = self.school  # for the record of what was refused

    @classmethod
    def accepted(cls) -> Sequence[Parameter]:
        return (*super().accepted(), SCHOOL)

    def _chosen(self) -> AnySchool:
        mine = {school.dfe: school for school in self.schools}
        asked = self.asked.get(SCHOOL.name)
        if asked is None and len(mine) > 1:
            right = ", ".join(f"{dfe} ({school.name})" for dfe, school in mine.items())
            place = Place("query.school", f"Say which school is meant. Right would be one of {right}.")
            raise ProblemError("school_needed", places=[place])
        if asked is not None and asked not in mine:
            raise ProblemError("not_found", "There is nothing here, or it is not for the owner of this token to see.")
        return mine[asked] if asked else self.schools[0]


class ListRoute(Route):
    """An address that gives a list, a page at a time. ``item`` is what one thing in it looks like."""

    item: type[Serializer]

    def __init_subclass__(cls) -> None:
        if "item" in cls.__dict__:
            cls.answer = page_serializer(cls.item)

    @classmethod
    def accepted(cls) -> Sequence[Parameter]:
        return (*super().accepted(), LIMIT, CURSOR)

    def page(self, window: Window) -> Page[Any]:
        """The part of the list that was asked for."""
        raise NotImplementedError

    def get(self, request: Any) -> Response:
        asked = {name: value for name, value in self.asked.items() if name != CURSOR.name}
        about = {name: value for name, value in asked.items() if name != LIMIT.name}
        page = self.page(Window(self._place(about), asked.get(LIMIT.name, USUAL_ITEMS)))
        following = None
        if page.last is not None:
            sent = {name: request.query_params[name] for name in asked}
            sent[CURSOR.name] = cursor(page.last, route=self.operation, asked=about)
            following = f"{request.path}?{urlencode(sent)}"
        return self.answered({"items": page.items, "next": following})

    def _place(self, about: Mapping[str, object]) -> int:
        text = self.asked.get(CURSOR.name)
        try:
            return place_of(text, route=self.operation, asked=about) if text else 0
        except ValueError:
            place = Place("query.cursor", f"This cursor does not belong here. Right would be {CURSOR.right}.")
            raise ProblemError("unknown_value", places=[place]) from None
