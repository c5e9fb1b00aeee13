"""How many requests a token may make in a minute, counted for all of the server's processes together."""

from typing import Any

from django.core.cache import cache
from rest_framework.throttling import BaseThrottle

__all__ = ["MOST", "TokenRate"]

MOST = 300
_MINUTE = 60


class TokenRate(BaseThrottle):
    """Counts by the minute; of requests that come at the same instant some may count once."""

    _into = 0.0

    def allow_request(self, request: Any, view: object) -> bool:
        if request.auth is None:
            return True
        minute, self._into = divmod(request.now.timestamp(), _MINUTE)
        key = f"api-rate-{request.auth.uid}-{int(minute)}"
        asked = int(cache.get(key, 0)) + 1
        if asked <= MOST:
            cache.set(key, asked, 2 * _MINUTE)
        return asked <= MOST

    def wait(self) -> float:
        return _MINUTE - self._into
