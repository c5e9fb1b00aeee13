"""Every address of the API as tests walk them, with what makes each of them answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse

from headway.api.urls import urlpatterns
from headway.records.models import Pupil, School

__all__ = ["Walked", "route_names", "walked"]

PUBLIC = frozenset({"api-openapi"})
NOT_THERE = frozenset({"api-nothing"})
BY_POST = frozenset({"api-pupil-find"})
QUERIES: Mapping[str, str] = {"api-assessments": "?term=2026-27-autumn"}


@dataclass(frozen=True, slots=True)
class Walked:
    """One address: its name, where it is, how it is asked, and the body it is sent."""

    name: str
    address: str
    method: str
    body: Mapping[str, str] | None


def route_names() -> list[str]:
    """The names of all routes."""
    return [str(each.name) for each in urlpatterns]


def walked(school: School, *, names: list[str] | None = None) -> Iterator[Walked]:
    """Every route, with a pupil of a school where one is needed."""
    pupil = Pupil.objects.filter(school=school).order_by("pk").first()
    assert pupil is not None
    for name in names or route_names():
        if name in NOT_THERE:
            address = "/api/v1/not/there"
        else:
            address = reverse(name, args=[pupil.uid] if name == "api-pupil" else [])
        body = {"upn": pupil.upn} if name in BY_POST else None
        yield Walked(name, address + QUERIES.get(name, ""), "post" if body else "get", body)
