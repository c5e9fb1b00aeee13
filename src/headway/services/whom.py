"""Whom a viewer can ask about by name: the classes of this year, the groups, and the languages pupils speak first."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.domain.cuts import cut_place
from headway.domain.terms import academic_year_of
from headway.records.freshness import Versions
from headway.records.kept import KEPT
from headway.records.models import Characteristic, School, TeachingGroup
from headway.services.access import Viewer, keys_within_reach, require, sees_whole_school, taught_by
from headway.services.groups import known_groups

__all__ = ["Whom", "whom"]

_BYTES = 400
"""What a class or a language takes in memory, about."""


@dataclass(frozen=True, slots=True)
class Whom:
    """The classes by their codes, each with the subjects it takes, the youngest first; and the groups by their names.

    ``own`` says that the classes are those the viewer teaches; ``languages`` are those of the pupils whose first
    language the viewer may see.
    """

    classes: Mapping[str, Sequence[str]]
    groups: Mapping[str, UUID]
    languages: Sequence[str]
    own: bool


def whom(*, viewer: Viewer, school: School, now: datetime) -> Whom:
    """Whom a viewer can ask about, beside whole year groups (`headway.services.choices`)."""
    require(viewer, "ask", school=school, on=now.date())
    versions = Versions(school.pk)
    own = not sees_whole_school(viewer, school=school, on=now.date())
    classes = _classes(school, versions=versions, now=now)
    if own:
        mine = set(taught_by(viewer, school=school, on=now.date()).values_list("school_class__code", flat=True))
        classes = {code: subjects for code, subjects in classes.items() if code in mine}
    speakers = keys_within_reach(viewer, school=school, on=now.date(), fields={"first_language"})
    return Whom(
        classes=classes,
        groups=known_groups(viewer, school=school, now=now),
        languages=_languages(school, versions=versions) if speakers is None else _spoken(school, by=speakers),
        own=own,
    )


def _classes(school: School, *, versions: Versions, now: datetime) -> Mapping[str, Sequence[str]]:
    """The classes of the academic year with their subjects, by year group."""
    year = academic_year_of(now.date()).starts_in

    def read() -> Mapping[str, Sequence[str]]:
        groups = TeachingGroup.objects.filter(school=school, school_class__year__starts_in=year)
        rows = groups.values_list("school_class__year_group", "school_class__code", "subject__code").order_by("pk")
        found: dict[str, list[str]] = {}
        for _, code, subject in sorted(rows, key=lambda row: (row[0], cut_place("class", row[1]))):
            found.setdefault(code, []).append(subject)
        return found

    return KEPT.fresh(
        ("classes of a year", school.pk, year),
        versions.of("classes", "subjects", "calendar"),
        read,
        n_bytes=lambda found: _BYTES * len(found),
    )


def _languages(school: School, *, versions: Versions) -> Sequence[str]:
    return KEPT.fresh(
        ("languages", school.pk),
        versions.of("characteristics"),
        lambda: _spoken(school),
        n_bytes=lambda found: _BYTES * len(found),
    )


def _spoken(school: School, *, by: Collection[int] | None = None) -> Sequence[str]:
    """The languages that some pupils, or all, speak first."""
    spoken = Characteristic.objects.filter(school=school, kind="first_language")
    spoken = spoken if by is None else spoken.filter(pupil__in=by)
    return sorted(spoken.values_list("value", flat=True).distinct())
