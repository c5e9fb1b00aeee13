"""What the frame round every page needs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from headway.services.access import Action, Viewer, may
from headway.services.families.pages import OwnPupil
from headway.services.schools import AnySchool
from headway.web import clock
from headway.web.entrance import idle_minutes
from headway.web.helps import HELPS
from headway.web.themes import theme_of
from headway.web.trail import from_here, trail_of

__all__ = ["Place", "frame"]

_PEOPLE = ("people", "people-invite", "person", "person-roles", "person-leave", "person-link")
_FAMILIES = ("families", "contact", "contact-invite", "contact-link", "releases", "class-cards", "class-cards-of")
_EVERYWHERE: Sequence[tuple[str, Sequence[str], Sequence[Action]]] = (
    ("Today", ("home",), ("ask",)),
    ("Mark sheets", ("classes", "marks", "targets"), ("ask",)),
    ("Progress", ("progress",), ("ask",)),
    ("Groups", ("groups", "group", "group-new"), ("ask",)),
    ("Transfers", ("transfers", "upload", "transfer"), ("import",)),
    (
        "School",
        ("school", *_PEOPLE, "roles", "audit", *_FAMILIES),
        ("manage_people", "see_audit", "release_marks", "make_pupil_accounts"),
    ),
)
"""What people do here: in words, the names of its addresses (it begins at the first), and what it takes, any of it."""


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
        "idle_minutes": idle_minutes(request) if viewer and here != "unlock" and not by_card(viewer) else None,
        "school": school,
        "several_schools": len(getattr(request, "schools", ())) > 1,
        "places": _places(here, viewer, school) if viewer and school else (),
        "by_card": by_card(viewer) if viewer else False,
        "viewer_name": _name(request, viewer, school),
    }


def by_card(viewer: Viewer) -> bool:
    """Whether somebody has signed in with a pupil's card: without an address there is no account to look after."""
    return viewer.user is not None and viewer.user.email is None


def _name(request: HttpRequest, viewer: Viewer | None, school: AnySchool | None) -> str:
    """What somebody is called: by the school they work at, or as the pupil or contact they are."""
    own: Sequence[OwnPupil] = getattr(request, "own", ())
    if own and not getattr(request, "schools", ()):
        return own[0].who
    return viewer.author(school).name if viewer and school else getattr(viewer, "name", "")


def _places(here: str | None, viewer: Viewer, school: AnySchool) -> Sequence[Place]:
    """Where this person has something to do."""
    on = clock.now().date()
    return [
        Place(words, addresses[0], here in addresses)
        for words, addresses, actions in _EVERYWHERE
        if any(may(viewer, action, school=school, on=on) for action in actions)
    ]
