"""Classes and groups in: who is taught together, by whom, and the groups a school has made for itself."""

from collections.abc import Sequence
from datetime import date

from headway.domain.terms import year_group_code
from headway.formats.rows import ParsedRow
from headway.records.models import (
    ClassMember,
    Group,
    GroupMember,
    Person,
    SchoolClass,
    Subject,
    Teaching,
    TeachingGroup,
)
from headway.services.transfers.draft import Draft, RefusedRowError, spelled
from headway.services.transfers.registry import Registry

__all__ = ["plan_classes", "plan_groups"]


class _Timetable:
    """The classes of an academic year as they stand, growing as rows are planned."""

    def __init__(self, registry: Registry) -> None:
        year_row = registry.year_row()
        self.classes: dict[str, SchoolClass] = {}
        self.groups: dict[tuple[str, str], TeachingGroup] = {}
        self.teachings: set[tuple[str, str, int]] = set()
        self.members: set[tuple[str, str, int]] = set()
        if year_row.pk is None:
            return
        in_year = SchoolClass.objects.filter(school=registry.school, year=year_row)
        self.classes.update((each.code, each) for each in in_year)
        year = {"school": registry.school, "teaching_group__school_class__year": year_row}
        of_year = TeachingGroup.objects.filter(school=registry.school, school_class__year=year_row)
        for group in of_year.select_related("school_class", "subject"):
            self.groups[group.school_class.code, group.subject.code] = group
        where = ("teaching_group__school_class__code", "teaching_group__subject__code")
        self.teachings.update(Teaching.objects.filter(**year).values_list(*where, "person_id"))
        self.members.update(ClassMember.objects.filter(**year).values_list(*where, "pupil_id"))


def plan_classes(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a classes file."""
    timetable = _Timetable(registry)
    for row in rows:
        try:
            _plan_member(draft, row, registry, timetable)
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_member(draft: Draft, row: ParsedRow, registry: Registry, timetable: _Timetable) -> None:
    pupil, subject = registry.pupil(row.values["upn"]), registry.subject(row.values["subject"])
    people = _teachers(row, registry)
    school_class, moved = _class(draft, row, registry, timetable)
    group = _teaching_group(draft, registry, timetable, school_class, subject)
    differing: dict[str, tuple[object, object]] = {**moved}
    for person in people:
        place = (school_class.code, subject.code, person.pk)
        if place not in timetable.teachings:
            timetable.teachings.add(place)
            draft.add(Teaching(school=registry.school, teaching_group=group, person=person))
            differing["teacher"] = ("", person.code)
    what = f"{pupil.upn} {school_class.code} {subject.code}"
    if (school_class.code, subject.code, pupil.pk) not in timetable.members:
        timetable.members.add((school_class.code, subject.code, pupil.pk))
        draft.add(ClassMember(school=registry.school, teaching_group=group, pupil=pupil))
        draft.say(row, "new", what)
        return
    before, after = spelled(differing)
    draft.say(row, "changed" if differing else "same", what, before=before, after=after)


def _class(
    draft: Draft, row: ParsedRow, registry: Registry, timetable: _Timetable
) -> tuple[SchoolClass, dict[str, tuple[object, object]]]:
    code, year_group = str(row.values["class"]), row.values["year_group"]
    if {".", ".."} & set(code.split("/")):
        wrong = "no browser opens the page of a class of that name"
        raise RefusedRowError("class", wrong, "a code such as 5A or 7x1/Ma")
    found = timetable.classes.get(code)
    if found is None:
        found = draft.add(
            SchoolClass(school=registry.school, year=registry.year_row(), code=code, year_group=year_group)
        )
        timetable.classes[code] = found
        return found, {}
    if found.pk is None or id(found) in draft.changed:
        if found.year_group != year_group:
            said = year_group_code(found.year_group)
            raise RefusedRowError(
                "year_group", f"another row puts class {code} in Year {said}", "one year group a class"
            )
        return found, {}
    return found, draft.amend(found, year_group=year_group)


def _teaching_group(
    draft: Draft, registry: Registry, timetable: _Timetable, school_class: SchoolClass, subject: Subject
) -> TeachingGroup:
    key = (school_class.code, subject.code)
    if key not in timetable.groups:
        made = TeachingGroup(school=registry.school, school_class=school_class, subject=subject)
        timetable.groups[key] = draft.add(made)
    return timetable.groups[key]


def _teachers(row: ParsedRow, registry: Registry) -> list[Person]:
    codes = [code.strip() for code in str(row.values["teacher"] or "").split(";") if code.strip()]
    for code in codes:
        if code.casefold() not in registry.people:
            raise RefusedRowError(
                "teacher", f"nobody on the staff has the code {code}", "a code on the staff file: import that first"
            )
    return [registry.people[code.casefold()] for code in codes]


def plan_groups(draft: Draft, rows: Sequence[ParsedRow], registry: Registry) -> None:
    """Plans each row of a groups file."""
    groups = {group.code: group for group in Group.objects.filter(school=registry.school)}
    members: dict[tuple[str, int], list[GroupMember]] = {}
    for member in GroupMember.objects.filter(school=registry.school).select_related("group"):
        members.setdefault((member.group.code, member.pupil_id), []).append(member)
    for row in rows:
        try:
            _plan_group_member(draft, row, registry, groups, members)
        except RefusedRowError as error:
            draft.refuse(row, error)


def _plan_group_member(
    draft: Draft,
    row: ParsedRow,
    registry: Registry,
    groups: dict[str, Group],
    members: dict[tuple[str, int], list[GroupMember]],
) -> None:
    pupil, code = registry.pupil(row.values["upn"]), str(row.values["group"])
    starts, ends = _dates(row)
    if code not in groups:
        groups[code] = draft.add(Group(school=registry.school, code=code))
    standing = [each for each in members.get((code, pupil.pk), []) if each.pk is not None]
    found = next((each for each in standing if each.starts == starts), None)
    if found is None and starts is None:
        found = next((each for each in standing if each.ends is None), standing[-1] if standing else None)
    what = f"{pupil.upn} {code}"
    if found is None:
        made = GroupMember(school=registry.school, group=groups[code], pupil=pupil, starts=starts, ends=ends)
        members.setdefault((code, pupil.pk), []).append(draft.add(made))
        draft.say(row, "new", what)
        return
    differing = draft.amend(found, ends=ends) if ends is not None else {}
    before, after = spelled(differing)
    draft.say(row, "changed" if differing else "same", what, before=before, after=after)


def _dates(row: ParsedRow) -> tuple[date | None, date | None]:
    starts, ends = row.values["from"], row.values["to"]
    first = starts if isinstance(starts, date) else None
    last = ends if isinstance(ends, date) else None
    if first and last and last < first:
        raise RefusedRowError("to", "it is before from", f"a day from {first:%d/%m/%Y} on")
    return first, last
