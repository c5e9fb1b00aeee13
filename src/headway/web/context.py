"""What the frame round every page needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from headway.services.access import Action, Viewer, may
from headway.services.schools import AnySchool
from headway.web import clock
from headway.web.themes import theme_of

__all__ = ["Place", "frame"]

_EVERYWHERE: Sequence[tuple[str, str, Action]] = (("Progress", "progress", "ask"),)
"""What people do here: in words, the name of its address, and what it takes."""


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    words: str
    address: str
    here: bool


def frame(request: HttpRequest) -> dict[str, object]:
    """Whose page it is, in which school, whether in the demo, and in which theme."""
    school: AnySchool | None = getattr(request, "school", None)
    viewer: Viewer | None = getattr(request, "viewer", None)
    return {
        "demo": settings.DEMO,
        "theme": theme_of(request),
        "school": school,
        "several_schools": len(getattr(request, "schools", ())) > 1,
        "places": _places(request, viewer, school) if viewer and school else (),
        "viewer_name": viewer.author(school).name if viewer and school else getattr(viewer, "name", ""),
    }


def _places(request: HttpRequest, viewer: Viewer, school: AnySchool) -> Sequence[Place]:
    """Where this person has something to do."""
    on = clock.now().date()
    here = request.resolver_match.url_name if request.resolver_match else None
    return [
        Place(words, address, address == here)
        for words, address, action in _EVERYWHERE
        if may(viewer, action, school=school, on=on)
    ]
