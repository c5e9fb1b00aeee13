"""What the API says of itself: OpenAPI, made from its routes once and kept."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from headway.api.answers import ProblemSerializer
from headway.api.problems import MEDIA_TYPE, TITLES

__all__ = ["RouteSchema", "TokenScheme", "described"]

_EVERYWHERE = (400, 401, 403, 404, 429, 503)
_WITH_BODY = (413, 415)


class RouteSchema(AutoSchema):
    """Describes a route by what it says of itself."""

    def get_operation_id(self) -> str:
        return str(self.view.operation)

    def get_tags(self) -> list[str]:
        return [self.view.tag]

    def get_summary(self) -> str:
        return str(self.view.__doc__).strip().partition("\n")[0].removesuffix(".")

    def get_override_parameters(self) -> list[Any]:
        return [
            OpenApiParameter(each.name, dict(each.schema), OpenApiParameter.QUERY, description=each.words)
            for each in self.view.accepted()
        ]

    def get_request_serializer(self) -> Any:
        return self.view.body

    def get_response_serializers(self) -> Any:
        statuses = [*_EVERYWHERE, *(_WITH_BODY if self.view.body else ())]
        problems = {(status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, _codes(status)) for status in statuses}
        return {200: OpenApiResponse(self.view.answer, "What was asked for."), **problems}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token in the Authorization header; beside it the scope each route needs."""

    target_class = "headway.api.authentication.BearerToken"
    name = "token"

    def get_security_requirement(self, auto_schema: AutoSchema) -> dict[str, list[Any]]:
        return {"token": [auto_schema.view.scope]}

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A token that begins with hw_."}


@cache
def described() -> Mapping[str, Any]:
    """The description of every route."""
    generator: Any = SchemaGenerator
    schema: Mapping[str, Any] = generator(urlconf="headway.config.urls").get_schema(public=True)
    return schema


def _codes(status: int) -> str:
    known: Sequence[str] = [f"`{code}`: {title}." for code, (each, title) in TITLES.items() if each == status]
    return " ".join(known)
