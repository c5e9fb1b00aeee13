"""Light, dark, or as the device says: a choice of this browser, kept in a cookie that says nothing of a person."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

__all__ = ["THEMES", "keep_theme", "theme_of"]

THEMES = ("auto", "light", "dark")
_COOKIE = "theme"
_YEAR = 365 * 24 * 60 * 60


def theme_of(request: HttpRequest) -> str:
    """The theme this browser chose; as the device says, unless it did."""
    theme = request.COOKIES.get(_COOKIE, "auto")
    return theme if theme in THEMES else "auto"


def keep_theme(response: HttpResponse, theme: str) -> None:
    """Remembers a choice. The page's own script keeps it in the same cookie, so a script may read it."""
    response.set_cookie(_COOKIE, theme, max_age=_YEAR, samesite="Lax", secure=settings.BEHIND_TLS)
