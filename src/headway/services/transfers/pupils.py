"""Pupils in: who they are, when they were on roll, their year group, and what is true of them from when."""

from collections.abc import Sequence
from datetime import date

from headway.domain.pupils import CHARACTERISTICS
from headway.domain.terms import AcademicYear as DomainYear
from headway.domain.terms import academic_year_of, year_group_in
from headway.formats.rows import ParsedRow
from headway.records.models import Characteristic, Enrolment, Placement, Pupil
from headway.services.transfers.draft import Draft, RefusedRowError, spelled
from headway.services.transfers.registry import Registry

__all__ = ["held_on", "plan_pupils"]

_DETAILS = ("surname", "forename", "dob", "preferred_forename", "admission_number")
_Differing = dict[str, tuple[object, object]]


def plan_pupils(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a pupils file."""
    standing = _Standing(registry)
    for row in rows:
        try:
            _plan_pupil(draft, row, registry, standing)
        except RefusedRowError as error:
            draft.refuse(row, error)


def held_on(year: DomainYear, *, today: date, left: date | None) -> date:
    """The day on which what a pupils file says is compared with what stands: the last of the year that is not to come.

    A leaver's is the last day on roll, so that a file exported today says the same when it comes back.
    """
    day = min(max(today, year.starts), year.ends)
    return min(day, left) if left else day


class _Standing:
    """The enrolments, placements and characteristics of every pupil, by pupil."""

    def __init__(self, registry: Registry) -> None:
        of_school = {"school": registry.school}
        self.enrolments: dict[int, list[Enrolment]] = {}
        self.placements: dict[int, dict[DomainYear, Placement]] = {}
        self.characteristics: dict[tuple[int, str], list[Characteristic]] = {}
        for enrolment in Enrolment.objects.filter(**of_school).order_by("starts"):
            self.enrolments.setdefault(enrolment.pupil_id, []).append(enrolment)
        for placement in Placement.objects.filter(**of_school).select_related("year"):
            self.placements.setdefault(placement.pupil_id, {})[DomainYear(placement.year.starts_in)] = placement
        for each in Characteristic.objects.filter(**of_school).order_by("starts"):
            self.characteristics.setdefault((each.pupil_id, each.kind), []).append(each)


def _plan_pupil(draft: Draft, row: ParsedRow, registry: Registry, standing: _Standing) -> None:
    values = row.values
    _check_dates(row, registry)
    year = _year_of(row, registry)
    pupil = registry.pupils.get(str(values["upn"]))
    details = {name: values[name] for name in _DETAILS if values[name] is not None}
    if pupil is None:
        made = draft.add(Pupil(school=registry.school, upn=str(values["upn"]), **details))
        _enrol(draft, row, registry, made, year)
        draft.add(_placement(row, registry, made, year))
        for kind in CHARACTERISTICS:
            if values[kind] is not None:
                draft.add(_characteristic(registry, made, kind, year.starts, str(values[kind])))
        draft.say(row, "new", str(values["upn"]))
        return
    differing: _Differing = {**draft.amend(pupil, **details)}
    differing |= _amend_enrolment(draft, row, registry, pupil, standing.enrolments.get(pupil.pk, []), year)
    moved = _amend_placement(draft, row, registry, pupil, standing.placements.get(pupil.pk, {}), year)
    if "year_group" in moved:
        draft.pupils.add(pupil.pk)
        draft.subjects.update(subject.pk for subject in registry.subjects.values())
    differing |= moved
    left = values["enrolled_to"] if isinstance(values["enrolled_to"], date) else None
    day = held_on(year, today=registry.today, left=left)
    for kind in CHARACTERISTICS:
        if values[kind] is not None:
            rows = standing.characteristics.get((pupil.pk, kind), [])
            differing |= _amend_characteristic(draft, registry, pupil, kind, str(values[kind]), rows, year, day)
    before, after = spelled(differing)
    draft.say(row, "changed" if differing else "same", pupil.upn, before=before, after=after)


def _check_dates(row: ParsedRow, registry: Registry) -> None:
    born, joined, left = row.values["dob"], row.values["enrolled_from"], row.values["enrolled_to"]
    if isinstance(born, date) and born > registry.today:
        raise RefusedRowError("dob", "it is in the future", "a date of birth before today")
    if isinstance(joined, date) and isinstance(left, date) and left < joined:
        raise RefusedRowError("enrolled_to", "it is before enrolled_from", f"a day from {joined:%d/%m/%Y} on")


def _year_of(row: ParsedRow, registry: Registry) -> DomainYear:
    """The academic year a row speaks of: the file's; for a leaver of an earlier year, the one they left in."""
    left = row.values["enrolled_to"]
    if isinstance(left, date) and left < registry.year.starts:
        return academic_year_of(left)
    return registry.year


def _enrol(draft: Draft, row: ParsedRow, registry: Registry, pupil: Pupil, year: DomainYear) -> None:
    joined, left = row.values["enrolled_from"], row.values["enrolled_to"]
    draft.add(
        Enrolment(
            school=registry.school,
            pupil=pupil,
            starts=joined if isinstance(joined, date) else year.starts,
            given=joined is not None,
            ends=left,
        )
    )


def _placement(row: ParsedRow, registry: Registry, pupil: Pupil, year: DomainYear) -> Placement:
    return Placement(
        school=registry.school,
        pupil=pupil,
        year=registry.year_row(year),
        year_group=row.values["year_group"],
        reg_group=row.values["reg_group"] or "",
    )


def _characteristic(registry: Registry, pupil: Pupil, kind: str, starts: date, value: str) -> Characteristic:
    return Characteristic(school=registry.school, pupil=pupil, kind=kind, starts=starts, value=value)


def _amend_enrolment(
    draft: Draft, row: ParsedRow, registry: Registry, pupil: Pupil, spells: Sequence[Enrolment], year: DomainYear
) -> _Differing:
    joined, left = row.values["enrolled_from"], row.values["enrolled_to"]
    latest = spells[-1] if spells else None
    if latest is None or (isinstance(joined, date) and latest.ends is not None and joined > latest.ends):
        _enrol(draft, row, registry, pupil, year)
        return {"enrolled_from": (None, joined or year.starts)}
    spell = next((each for each in spells if each.starts == joined), latest)
    differing: _Differing = {}
    if isinstance(joined, date):
        differing |= draft.amend(spell, starts=joined, given=True)
    if isinstance(left, date):
        if left < spell.starts:
            raise RefusedRowError("enrolled_to", f"it is before {spell.starts:%d/%m/%Y}, the first day", "a later day")
        differing |= draft.amend(spell, ends=left)
    names = {"starts": "enrolled_from", "ends": "enrolled_to", "given": "enrolled_from"}
    return {names[name]: pair for name, pair in differing.items()}


def _amend_placement(
    draft: Draft,
    row: ParsedRow,
    registry: Registry,
    pupil: Pupil,
    placements: dict[DomainYear, Placement],
    year: DomainYear,
) -> _Differing:
    year_group, reg_group = row.values["year_group"], row.values["reg_group"]
    placement = placements.get(year)
    if placement is not None:
        wanted: dict[str, object] = {"year_group": year_group}
        if reg_group is not None:
            wanted["reg_group"] = reg_group
        return draft.amend(placement, **wanted)
    known = {each: placed.year_group for each, placed in placements.items()}
    expected = year_group_in(year, placements=known) if known else None
    if expected == year_group and reg_group is None:
        return {}
    draft.add(_placement(row, registry, pupil, year))
    moved: _Differing = {"year_group": (expected, year_group)} if expected != year_group else {}
    return moved | ({"reg_group": (None, reg_group)} if reg_group else {})


def _amend_characteristic(
    draft: Draft,
    registry: Registry,
    pupil: Pupil,
    kind: str,
    value: str,
    rows: Sequence[Characteristic],
    year: DomainYear,
    day: date,
) -> _Differing:
    """A value holds from 1 September of the file's year; what stands from later in that year is corrected."""
    in_force = next((each for each in reversed(rows) if each.starts <= day), None)
    if in_force is not None and in_force.value == value:
        return {}
    if in_force is not None and in_force.starts >= year.starts:
        return {kind: draft.amend(in_force, value=value)["value"]}
    draft.add(_characteristic(registry, pupil, kind, year.starts, value))
    return {kind: (in_force.value if in_force else None, value)}
