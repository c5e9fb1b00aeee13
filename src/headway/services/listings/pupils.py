"""Pupils a page at a time, for programs that ask: those within reach, with what of each may be seen.

What the policy guards is looked up pupil by pupil: it is there only where whoever asks may see it of that very pupil.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from headway.domain.pupils import CHARACTERISTICS, check_upn
from headway.domain.terms import AcademicYear, academic_year_of, year_group_in
from headway.records.freshness import Versions
from headway.records.models import Characteristic, ClassMember, Enrolment, GroupMember, Placement, Pupil, School
from headway.records.registers import read_register
from headway.services.access import (
    EVERY_FIELD,
    NotFoundError,
    Viewer,
    fields_seen,
    keys_within_reach,
    pupils_within_reach,
    require,
)
from headway.services.groups import known_groups
from headway.services.listings.pages import Page, UnknownValueError, Window, rows_of

__all__ = [
    "ON_ROLL",
    "ListedPupil",
    "ListedSpell",
    "OnRoll",
    "PupilRefusedError",
    "PupilsAsked",
    "find_pupil",
    "list_pupils",
    "one_pupil",
]

OnRoll = Literal["yes", "no", "any"]
ON_ROLL: Sequence[OnRoll] = ("yes", "no", "any")

_YES = "Y"


class PupilRefusedError(ValueError):
    """What was given is no unique pupil number; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class PupilsAsked:
    """Which pupils are wanted: those on roll, of a year group, class (of this year) or group (as of today)."""

    on_roll: OnRoll = "yes"
    year_group: int | None = None
    class_code: str | None = None
    group: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListedSpell:
    """A time on roll; no ``ends``: still."""

    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class ListedPupil:
    """A pupil as whoever asks may see them.

    The year group and registration group are this year's, or those they were in last. ``date_of_birth`` is None, and a
    characteristic left out, where it may not be seen; one that is None is not recorded.
    """

    uid: UUID
    upn: str
    surname: str
    forename: str
    preferred_forename: str
    admission_number: str
    date_of_birth: date | None
    year_group: int | None
    reg_group: str
    on_roll: bool
    enrolments: tuple[ListedSpell, ...]
    characteristics: Mapping[str, str | bool | None]


def list_pupils(
    viewer: Viewer, *, school: School, window: Window, now: datetime, asked: PupilsAsked
) -> Page[ListedPupil]:
    """The pupils within reach, in the order they were first recorded. Raises UnknownValueError."""
    on = now.date()
    require(viewer, "ask", school=school, on=on)
    reach = pupils_within_reach(viewer, school=school, on=on)
    if asked.on_roll != "any":
        here = Q(pk__in=Enrolment.objects.filter(_holds(on), school=school).values("pupil"))
        reach = reach.filter(here if asked.on_roll == "yes" else ~here)
    if asked.year_group is not None:
        reach = reach.filter(pk__in=_in_year_group(asked.year_group, school=school, on=on))
    if asked.class_code is not None:
        reach = reach.filter(pk__in=_in_class(asked.class_code, reach, school=school, on=on))
    if asked.group is not None:
        reach = reach.filter(pk__in=_in_group(asked.group, viewer=viewer, school=school, now=now))
    page = rows_of(reach, window)
    viewer.saw(row.pk for row in page.items)
    return page.map(_Listing.of(page.items, viewer=viewer, school=school, on=on))


def one_pupil(uid: UUID, *, viewer: Viewer, school: School, now: datetime) -> ListedPupil:
    """One pupil within reach; NotFoundError where there is none."""
    return _one(viewer, school=school, now=now, uid=uid)


def find_pupil(upn: str, *, viewer: Viewer, school: School, now: datetime) -> ListedPupil:
    """The pupil within reach whose number this is; PupilRefusedError for what is no number."""
    try:
        number = check_upn(upn)
    except ValueError as error:
        raise PupilRefusedError(str(error)) from None
    return _one(viewer, school=school, now=now, upn=number)


def _one(viewer: Viewer, *, school: School, now: datetime, **known: object) -> ListedPupil:
    on = now.date()
    require(viewer, "ask", school=school, on=on)
    row = pupils_within_reach(viewer, school=school, on=on).filter(**known).first()
    if row is None:
        raise NotFoundError("There is no such pupil here.")
    viewer.saw([row.pk])
    return _Listing.of([row], viewer=viewer, school=school, on=on)(row)


@dataclass(frozen=True, slots=True)
class _Listing:
    """What is known of some pupils, and of whom each thing may be seen (None: of everybody)."""

    on: date
    spells: Mapping[int, Sequence[ListedSpell]]
    placements: Mapping[int, Mapping[AcademicYear, tuple[int, str]]]
    held: Mapping[tuple[int, str], str]
    seen: Mapping[str, Set[int] | None]

    @classmethod
    def of(cls, pupils: Sequence[Pupil], *, viewer: Viewer, school: School, on: date) -> "_Listing":
        keys = [pupil.pk for pupil in pupils]
        spells: dict[int, list[ListedSpell]] = {}
        enrolments = Enrolment.objects.filter(pupil__in=keys).order_by("starts")
        for key, starts, ends in enrolments.values_list("pupil_id", "starts", "ends"):
            spells.setdefault(key, []).append(ListedSpell(starts, ends))
        placements: dict[int, dict[AcademicYear, tuple[int, str]]] = {}
        for row in Placement.objects.filter(pupil__in=keys).select_related("year"):
            in_year = placements.setdefault(row.pupil_id, {})
            in_year[AcademicYear(row.year.starts_in)] = (row.year_group, row.reg_group)
        seen = _seen(viewer, school=school, on=on)
        characteristics = Characteristic.objects.filter(pupil__in=keys, kind__in=seen.keys(), starts__lte=on)
        held = {
            (key, kind): value
            for key, kind, value in characteristics.order_by("starts").values_list("pupil_id", "kind", "value")
        }
        return cls(on, spells, placements, held, seen)

    def __call__(self, row: Pupil) -> ListedPupil:
        spells = self.spells.get(row.pk, ())
        year_group, reg_group = self._where(row.pk, spells)
        return ListedPupil(
            uid=row.uid,
            upn=row.upn,
            surname=row.surname,
            forename=row.forename,
            preferred_forename=row.preferred_forename,
            admission_number=row.admission_number,
            date_of_birth=row.dob if self._sees("date_of_birth", row.pk) else None,
            year_group=year_group,
            reg_group=reg_group,
            on_roll=any(each.starts <= self.on and (each.ends is None or each.ends >= self.on) for each in spells),
            enrolments=tuple(spells),
            characteristics={kind: self._value(kind, row.pk) for kind in CHARACTERISTICS if self._sees(kind, row.pk)},
        )

    def _where(self, key: int, spells: Sequence[ListedSpell]) -> tuple[int | None, str]:
        """The year group and registration group of this academic year; of the last one on roll for who has left."""
        placed = self.placements.get(key)
        if not placed:
            return None, ""
        last = max((each.ends or self.on for each in spells), default=self.on)
        year = academic_year_of(min(last, self.on))
        year_group = year_group_in(year, placements={each: where[0] for each, where in placed.items()})
        return year_group, placed[year][1] if year in placed else ""

    def _value(self, kind: str, key: int) -> str | bool | None:
        value = self.held.get((key, kind))
        return value == _YES if value is not None and CHARACTERISTICS[kind].yes_no else value

    def _sees(self, what: str, key: int) -> bool:
        if what not in self.seen:
            return False
        of_whom = self.seen[what]
        return of_whom is None or key in of_whom


def _seen(viewer: Viewer, *, school: School, on: date) -> Mapping[str, Set[int] | None]:
    """Of whom each thing may be seen, None being everybody; what may be seen of nobody is not there."""
    unguarded: dict[str, Set[int] | None] = {kind: None for kind in CHARACTERISTICS if kind not in EVERY_FIELD}
    guarded = fields_seen(viewer, school=school, on=on)
    return unguarded | {
        field: keys_within_reach(viewer, school=school, on=on, fields=(field,)) for field in sorted(guarded)
    }


def _in_year_group(year_group: int, *, school: School, on: date) -> Sequence[int]:
    """The keys of the pupils on roll who are in a year group today."""
    register = read_register(school.pk, as_of=on, versions=Versions(school.pk))
    groups = register.year_groups(academic_year_of(on))
    return [key for (key, _), group in zip(register.pupils, groups, strict=True) if group == year_group]


def _in_class(code: str, reach: QuerySet[Pupil], *, school: School, on: date) -> QuerySet[ClassMember, Any]:
    members = ClassMember.objects.filter(
        school=school, teaching_group__school_class__year__starts_in=academic_year_of(on).starts_in, pupil__in=reach
    )
    codes = members.order_by("teaching_group__school_class__code").distinct()
    known = list(codes.values_list("teaching_group__school_class__code", flat=True))
    if code not in known:
        raise UnknownValueError("class", code, known)
    return members.filter(teaching_group__school_class__code=code).values("pupil")


def _in_group(uid: UUID, *, viewer: Viewer, school: School, now: datetime) -> QuerySet[GroupMember, Any]:
    known = known_groups(viewer, school=school, now=now)
    if uid not in known.values():
        raise UnknownValueError("group", uid, [str(each) for each in known.values()])
    return GroupMember.objects.filter(_holds(now.date()), school=school, group__uid=uid).values("pupil")


def _holds(on: date) -> Q:
    begun = Q(starts__isnull=True) | Q(starts__lte=on)
    return begun & (Q(ends__isnull=True) | Q(ends__gte=on))
