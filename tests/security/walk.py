"""Every address there is, with something in the place of each of its parameters."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from uuid import UUID

from django.urls import URLPattern, URLResolver
from django.urls.converters import IntConverter, SlugConverter, UUIDConverter
from django.urls.resolvers import RoutePattern

__all__ = ["NOBODY", "Place", "places"]

NOBODY = UUID(int=0x4000800000000000_0000, version=4)
"""An id that nothing has."""

USUAL: Mapping[str, object] = {"code": "5A", "term": "2026-27-autumn", "subject": "mathematics", "token": "wrong"}
_IN_ROUTE = re.compile(r"<(?:[^:>]+:)?([^>]+)>")
_IN_REGEX = re.compile(r"\(\?P<([^>]+)>[^)]*\)")


@dataclass(frozen=True, slots=True)
class Place:
    """An address: the name of its route, what its parameters are called, and the address with them filled in."""

    name: str
    parameters: tuple[str, ...]
    address: str


def places(known: Mapping[str, object] | None = None) -> list[Place]:
    """Every address of an installation; a parameter not among those ``known`` gets what is usual."""
    patterns: Sequence[URLPattern | URLResolver] = import_module("headway.config.urls").urlpatterns
    return list(_walked(patterns, {**USUAL, **(known or {})}, name="", before="/", parameters=()))


def _walked(
    patterns: Sequence[URLPattern | URLResolver],
    known: Mapping[str, object],
    *,
    name: str,
    before: str,
    parameters: tuple[str, ...],
) -> Iterator[Place]:
    for each in patterns:
        filled, found = _filled(each.pattern, known)
        address, so_far = before + filled, (*parameters, *found)
        if isinstance(each, URLPattern):
            yield Place(name + (each.name or address), so_far, address)
        else:
            below = name + (f"{each.namespace}:" if each.namespace else "")
            yield from _walked(each.url_patterns, known, name=below, before=address, parameters=so_far)


def _filled(pattern: object, known: Mapping[str, object]) -> tuple[str, list[str]]:
    found: list[str] = []

    def fill(part: re.Match[str]) -> str:
        found.append(part[1])
        kind = getattr(pattern, "converters", {}).get(part[1])
        if isinstance(kind, UUIDConverter):
            said = known.get(part[1])
            return str(said if isinstance(said, UUID) else NOBODY)
        if part[1] in known:
            return str(known[part[1]])
        return "1" if isinstance(kind, IntConverter) else "x" if isinstance(kind, SlugConverter) else "something"

    if isinstance(pattern, RoutePattern):
        return _IN_ROUTE.sub(fill, str(pattern)), found
    plain = _IN_REGEX.sub(fill, str(pattern))
    return re.sub(r"\\(.)", r"\1", re.sub(r"\\Z|[\^$?]", "", plain)), found
