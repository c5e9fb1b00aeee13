"""Who has looked at a record, in words for the family: the day, who, and what it was they had before them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.services.audit import Look
from headway.web.presenters.days import short_day

__all__ = ["LookLine", "look_lines"]

_PLACES: Mapping[str, str] = {
    "pupil": "the pupil’s page",
    "pupil-as-family": "this page, as you see it",
    "home": "a list of pupils to look after",
    "marks": "a mark sheet",
    "marks-cells": "a mark sheet",
    "targets": "a sheet of targets",
    "progress": "a list of pupils in a subject",
    "group": "a group of pupils",
    "groups": "the groups of pupils",
    "search": "a search by name",
    "search-suggestions": "a search by name",
    "families": "the list of contacts",
    "contact": "a contact of the pupil",
    "class-cards-of": "the sign-in cards of the class",
    "upload": "a file before it came in",
    "transfer": "a file that came in",
}
"""What each page is, to somebody who has never seen it."""

_WAYS: Mapping[str, str] = {"export": "took it out in a file", "print": "printed it", "api": "by another program"}


@dataclass(frozen=True, slots=True)
class LookLine:
    """A day and a person: what they looked at."""

    day: str
    who: str
    what: str


def look_lines(looks: Sequence[Look]) -> Sequence[LookLine]:
    """The looks in words."""
    return [LookLine(short_day(each.day), _who(each), _what(each)) for each in looks]


def _who(look: Look) -> str:
    if not look.name:
        return "whoever runs Headway for the school"
    return ", ".join([look.name, *look.roles])


def _what(look: Look) -> str:
    said = []
    for place, about, way in look.places:
        words = _PLACES.get(place, "a page with the pupil’s name")
        code = about.get("code") or about.get("class") or ""
        words += f" ({code})" if code else ""
        said.append(f"{words}: {_WAYS[way]}" if way in _WAYS else words)
    whole = "; ".join(dict.fromkeys(said))
    return whole[:1].upper() + whole[1:]
