"""Who asks: whoever the token in the Authorization header belongs to. No cookie counts, so none can be misused."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from headway.services.tokens import HeldToken, find_token

__all__ = ["BearerToken"]


class BearerToken(BaseAuthentication):
    """``Authorization: Bearer hw_…``: gives the account the token acts for, and the token."""

    def authenticate(self, request: Any) -> tuple[Any, HeldToken] | None:
        scheme, _, secret = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
        if scheme.casefold() != "bearer":
            return None
        held = find_token(secret.strip(), now=request.now)
        if held is None:
            raise AuthenticationFailed
        return held.viewer.user, held

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="Headway"'
