"""Where somebody came from, so that the way back keeps what they had chosen: breadcrumbs carried in the address.

A link into a page ends in ``?from=…`` with the address it stands on (`from_here`); the page it leads to shows that
address as its breadcrumb. Only our own addresses are shown again, and none of them holds a name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve

from headway.domain.questions import term_words
from headway.web.presenters.progress import in_sentence

__all__ = ["Crumb", "back_to", "from_here", "trail_of"]

_LONGEST = 1000
_DEEPEST = 3
_FROM = "from"


@dataclass(frozen=True, slots=True)
class Crumb:
    """One page on the way here."""

    words: str
    address: str


def from_here(request: HttpRequest) -> str:
    """What a link on this page adds to its address, so that the page it opens leads back here: ``from=…``."""
    here = request.get_full_path()
    if len(here) > _LONGEST:
        without = request.GET.copy()
        without.pop(_FROM, None)
        here = f"{request.path}?{without.urlencode()}" if without else request.path
    return urlencode({_FROM: here})


def back_to(request: HttpRequest, *, otherwise: str) -> str:
    """The page somebody came from, or another where they came straight here."""
    crumbs = trail_of(request)
    return crumbs[-1].address if crumbs else otherwise


def trail_of(request: HttpRequest) -> Sequence[Crumb]:
    """The pages on the way here, the first one first."""
    crumbs: list[Crumb] = []
    given = _given(request)
    for _ in range(_DEEPEST):
        crumb, query = _crumb(given)
        if crumb is None:
            break
        crumbs.insert(0, crumb)
        given = query.get(_FROM, "")
    return crumbs


def _given(request: HttpRequest) -> str:
    """The address that came along; none where what was sent cannot be read: the page saying so has this frame too."""
    try:
        return request.GET.get(_FROM) or request.POST.get(_FROM, "")
    except (BadRequest, SuspiciousOperation):
        return ""


def _crumb(address: str) -> tuple[Crumb | None, QueryDict]:
    """What an address of ours is called; none for anybody else's."""
    path, _, asked = address.partition("?")
    if not path.startswith("/") or path.startswith("//") or "\\" in path or len(address) > 2 * _LONGEST:
        return None, QueryDict()
    query = QueryDict(asked)
    try:
        match = resolve(path)
    except Resolver404:
        return None, query
    words = _WORDS.get(match.url_name or "")
    return (Crumb(words(match, query), address) if words else None), query


def _progress(match: ResolverMatch, query: QueryDict) -> str:
    who = query.get("who", "").replace("year:", "Year ").rpartition(":")[2]
    subject = query.get("subject", "").replace("_", " ").capitalize()
    what = f"{who} {in_sentence({'': subject})['']}".strip()
    return f"Progress: {what}" if what else "Progress"


def _marks(match: ResolverMatch, query: QueryDict) -> str:
    return f"{match.kwargs['code']} marks, {term_words(match.kwargs['term'])}"


_WORDS: Mapping[str, Callable[[ResolverMatch, QueryDict], str]] = {
    "home": lambda match, query: "Today",
    "classes": lambda match, query: "Mark sheets",
    "marks": _marks,
    "targets": lambda match, query: f"{match.kwargs['code']} targets",
    "progress": _progress,
    "groups": lambda match, query: "Groups",
    "group": lambda match, query: "Group",
    "pupil": lambda match, query: "Pupil",
    "pupil-as-family": lambda match, query: "As the family sees it",
    "families": lambda match, query: "Families",
    "contact": lambda match, query: "Contact",
    "releases": lambda match, query: "Releases",
    "class-cards": lambda match, query: "Sign-in cards",
    "class-cards-of": lambda match, query: f"Cards of {match.kwargs['code']}",
    "search": lambda match, query: "Search",
    "transfers": lambda match, query: "Transfers",
    "account": lambda match, query: "My account",
    "transfer": lambda match, query: "Transfer",
    "school": lambda match, query: "School",
    "people": lambda match, query: "People",
    "people-invite": lambda match, query: "Invite somebody",
    "person": lambda match, query: "Person",
    "roles": lambda match, query: "Roles",
    "tokens": lambda match, query: "Tokens",
    "audit": lambda match, query: "Who has looked",
    "set-up": lambda match, query: "Setting up",
}
"""What each page is called on the way to another."""
