"""Where the next page of a list begins, as a text only we can write and only for that very list."""

from collections.abc import Mapping

from django.core import signing

__all__ = ["cursor", "place_of"]


def cursor(place: int, *, route: str, asked: Mapping[str, object]) -> str:
    """The cursor of a place in what a route gives for some parameters."""
    return signing.dumps(place, salt=_salt(route, asked))


def place_of(text: str, *, route: str, asked: Mapping[str, object]) -> int:
    """The place a cursor means; raises ValueError where it is not one of this very list."""
    try:
        return int(signing.loads(text, salt=_salt(route, asked)))
    except signing.BadSignature:
        raise ValueError(text) from None


def _salt(route: str, asked: Mapping[str, object]) -> str:
    said = "&".join(f"{name}={asked[name]}" for name in sorted(asked))
    return f"headway.api.cursors {route}?{said}"
