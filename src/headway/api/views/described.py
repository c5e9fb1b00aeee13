"""The API's description of itself, for anybody; and the answer at addresses where there is nothing."""

from typing import Any

from django.http import Http404
from rest_framework.response import Response

from headway.api.routes import Guarded, Route

__all__ = ["Described", "Nothing"]


class Described(Guarded):
    """What the API can do, as OpenAPI. It says nothing of any school, so it asks for no token."""

    schema = None
    authentication_classes = ()

    def get(self, request: Any) -> Response:
        from headway.api.schema import described  # noqa: PLC0415  # seldom asked for, and slow to load

        return Response(described())


class Nothing(Route):
    """Any other address: with a token there is nothing, without one nobody learns that."""

    schema = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404
