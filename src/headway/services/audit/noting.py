"""Entries written as things happen: what a service notes, and what a page has shown."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from headway.domain.audit import kind_of
from headway.records.audit_chain import Line, append
from headway.records.models import Act, Pupil, School
from headway.services.access import Viewer
from headway.services.audit.alerts import watch

__all__ = ["Way", "looked", "note"]

Way = Literal["view", "print", "export", "api"]
_LONGEST = 100
_SAID = frozenset({"code", "term", "subject", "who", "group", "class", "year_group", "kind", "status", "transfer"})
"""What of an address may be written down: codes, never what somebody typed to look for a name."""


def note(
    school: School | None,
    *,
    action: str,
    by: Viewer,
    now: datetime,
    detail: Mapping[str, object],
    pupils: Iterable[int] = (),
    place: str = "",
) -> None:
    """Writes one entry; ``pupils`` are the keys of those it is about.

    Names and marks stay out of ``detail``: it says what kind of thing, how many, and which id. Written at once, before
    a change is committed: where it cannot be written, nothing changes.
    """
    kind = kind_of(action)
    if kind == "managed" and school is not None and _tells_of_an_act(action, school, now):
        kind = "noted"
    line = Line(
        at=now,
        kind=kind,
        action=action,
        by=by.name,
        name=_name(by, school),
        user=by.user.pk if by.user else None,
        school=school.pk if school else None,
        place=place,
        pupils=frozenset(pupils),
        detail=detail,
    )
    (sequence,) = append([line])
    watch(line, sequence, viewer=by, school=school)


def looked(
    viewer: Viewer,
    *,
    school: School | None,
    place: str,
    now: datetime,
    way: Way = "view",
    about: Mapping[str, str] | None = None,
) -> None:
    """Writes down whom somebody was shown since they began to look; nothing where it was nobody.

    ``place`` is the name of the address, ``about`` what of it was asked for: only codes are kept. Without a school the
    pupils' own schools are meant, each with an entry.
    """
    shown = viewer.shown
    if not shown:
        return
    by_school = {school: shown} if school is not None else _by_school(shown)
    said = {name: value[:_LONGEST] for name, value in (about or {}).items() if value and name in _SAID}
    for each, pupils in by_school.items():
        line = Line(
            at=now,
            kind="exported" if way == "export" else "looked",
            action=way,
            by=viewer.name,
            name=_name(viewer, each),
            user=viewer.user.pk if viewer.user else None,
            school=each.pk,
            place=place,
            pupils=pupils,
            detail=said,
        )
        (sequence,) = append([line])
        watch(line, sequence, viewer=viewer, school=each)


def _name(viewer: Viewer, school: School | None) -> str:
    return viewer.author(school).name if school is not None and not viewer.installer else viewer.name


def _by_school(keys: frozenset[int]) -> Mapping[School, frozenset[int]]:
    found: dict[School, set[int]] = {}
    for pupil in Pupil.objects.filter(pk__in=keys).select_related("school"):
        found.setdefault(pupil.school, set()).add(pupil.pk)
    return {school: frozenset(pupils) for school, pupils in found.items()}


def _tells_of_an_act(action: str, school: School, now: datetime) -> bool:
    """Whether the change it tells of has just been made as an act, which gets an entry of its own."""
    newest = Act.objects.filter(school=school).order_by("-pk").values_list("kind", "at").first()
    return newest is not None and newest[1] == now and action.startswith(newest[0])
