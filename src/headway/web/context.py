"""What the frame round every page needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from headway.services.access import Action, Viewer, may
from headway.services.schools import AnySchool
from headway.web import clock
from headway.web.helps import HELPS
from headway.web.themes import theme_of
from headway.web.trail import from_here, trail_of

__all__ = ["Place", "frame"]

_EVERYWHERE: Sequence[tuple[str, Sequence[str], Action]] = (
    ("Today", ("home",), "ask"),
    ("Mark sheets", ("classes", "marks", "targets"), "ask"),
    ("Progress", ("progress",), "ask"),
    ("Groups", ("groups", "group", "group-new"), "ask"),
    ("Transfers", ("transfers", "upload", "transfer"), "import"),
)
"""What people do here: in words, the names of its addresses (the first is where it begins), and what it takes."""


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
    here = request.resolver_match.url_name if request.resolver_match else None
    return {
        "help": HELPS.get(here or ""),
        "trail": trail_of(request),
        "from_here": from_here(request),
        "demo": settings.DEMO,
        "theme": theme_of(request),
        "school": school,
        "several_schools": len(getattr(request, "schools", ())) > 1,
        "places": _places(here, viewer, school) if viewer and school else (),
        "viewer_name": viewer.author(school).name if viewer and school else getattr(viewer, "name", ""),
    }


def _places(here: str | None, viewer: Viewer, school: AnySchool) -> Sequence[Place]:
    """Where this person has something to do."""
    on = clock.now().date()
    return [
        Place(words, addresses[0], here in addresses)
        for words, addresses, action in _EVERYWHERE
        if may(viewer, action, school=school, on=on)
    ]
