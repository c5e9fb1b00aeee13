"""Groups a school makes for itself: who is in one and since when, made, renamed, joined and left, nothing forgotten."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from headway.domain.cuts import cut_place
from headway.domain.pupils import name_words
from headway.domain.terms import academic_year_of
from headway.records import history
from headway.records.models import Act, Group, GroupMember, Placement, Pupil, School
from headway.services import audit
from headway.services.access import NotFoundError, Viewer, pupils_within_reach, require, sees_whole_school
from headway.services.people.scopes import roles_of_group

__all__ = [
    "ChosenPupil",
    "GroupDetail",
    "GroupRefusedError",
    "ListedGroup",
    "Membership",
    "add_members",
    "end_membership",
    "group_of",
    "groups_of",
    "known_groups",
    "make_group",
    "pupils_chosen",
    "rename",
]

_LONGEST = 100


class GroupRefusedError(ValueError):
    """A group cannot be as asked; the message says what would be right. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group, and how many of the pupils the viewer reaches are in it today."""

    uid: UUID
    name: str
    n_pupils: int


@dataclass(frozen=True, slots=True)
class Membership:
    """A pupil's time in a group; no ``starts``: always so far. ``here`` says whether they are still on roll."""

    pupil: UUID
    name: str
    reg_group: str
    here: bool
    starts: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class GroupDetail:
    """A group with those of its members the viewer reaches: now (or from a day to come), and earlier.

    ``whole`` says whether the viewer reaches every pupil of the school, so that nobody can be missing here.
    """

    uid: UUID
    name: str
    members: Sequence[Membership]
    earlier: Sequence[Membership]
    n_today: int
    whole: bool


@dataclass(frozen=True, slots=True)
class ChosenPupil:
    """A pupil somebody has chosen, to be put into a group."""

    uid: UUID
    name: str
    reg_group: str


def groups_of(viewer: Viewer, *, school: School, now: datetime) -> Sequence[ListedGroup]:
    """The groups a viewer may know of, with their size today."""
    require(viewer, "ask", school=school, on=now.date())
    groups = _known_to(viewer, school=school, on=now.date()).values_list("pk", "uid", "code")
    rows = GroupMember.objects.filter(_still(now.date()), _begun(now.date()), school=school)
    if not sees_whole_school(viewer, school=school, on=now.date()):
        rows = rows.filter(pupil__in=pupils_within_reach(viewer, school=school, on=now.date()))
    inside = set(rows.values_list("group_id", "pupil_id"))
    here = _on_roll({pupil for _, pupil in inside}, on=now.date())
    sizes = Counter(group for group, pupil in inside if pupil in here)
    listed = [ListedGroup(uid, code, sizes[pk]) for pk, uid, code in groups]
    return sorted(listed, key=lambda group: cut_place("group", group.name))


def known_groups(viewer: Viewer, *, school: School, now: datetime) -> Mapping[str, UUID]:
    """The groups a viewer may know of, by name."""
    found = _known_to(viewer, school=school, on=now.date()).values_list("code", "uid")
    return dict(sorted(found, key=lambda each: cut_place("group", each[0])))


def group_of(uid: UUID, *, viewer: Viewer, school: School, now: datetime) -> GroupDetail:
    """One group, with those of its members the viewer reaches, by name."""
    require(viewer, "ask", school=school, on=now.date())
    today, group = now.date(), _group(uid, viewer=viewer, school=school, on=now.date())
    rows = list(
        GroupMember.objects.filter(
            group=group, pupil__in=pupils_within_reach(viewer, school=school, on=today)
        ).values_list(
            "pupil_id", "starts", "ends", "pupil__uid", "pupil__surname", "pupil__forename", "pupil__preferred_forename"
        )
    )
    keys = {row[0] for row in rows}
    viewer.saw(keys)
    here, reg_groups = _on_roll(keys, on=today), _reg_groups(keys, school=school, on=today)
    found = [
        Membership(pupil_uid, name_words(*name), reg_groups.get(pupil, ""), pupil in here, starts, ends)
        for pupil, starts, ends, pupil_uid, *name in rows
    ]
    found.sort(key=lambda each: (each.name.casefold(), each.starts or date.min))
    members = [each for each in found if each.here and (each.ends is None or each.ends >= today)]
    return GroupDetail(
        uid=group.uid,
        name=group.code,
        members=members,
        earlier=[each for each in found if each not in members],
        n_today=len({each.pupil for each in members if each.starts is None or each.starts <= today}),
        whole=sees_whole_school(viewer, school=school, on=today),
    )


def pupils_chosen(pupils: Collection[UUID], *, viewer: Viewer, school: School, now: datetime) -> Sequence[ChosenPupil]:
    """Who some pupils are, by name; NotFoundError where one is out of reach."""
    require(viewer, "ask", school=school, on=now.date())
    rows = _reached(pupils, viewer=viewer, school=school, on=now.date())
    viewer.saw(row.pk for row in rows)
    reg_groups = _reg_groups({row.pk for row in rows}, school=school, on=now.date())
    found = [
        ChosenPupil(row.uid, name_words(row.surname, row.forename, row.preferred_forename), reg_groups.get(row.pk, ""))
        for row in rows
    ]
    return sorted(found, key=lambda each: each.name.casefold())


def make_group(name: str, *, pupils: Collection[UUID], school: School, by: Viewer, now: datetime) -> UUID:
    """A new group of some pupils, from today on; or of none yet.

    Raises GroupRefusedError where the name cannot be.
    """
    require(by, "make_groups", school=school, on=now.date())
    rows = _reached(pupils, viewer=by, school=school, on=now.date())
    group = Group(school=school, code=_checked(name, school=school))
    members = [GroupMember(school=school, group=group, pupil=row, starts=now.date()) for row in rows]
    with _act("make group", group, n_pupils=len(members), by=by, now=now) as act:
        history.record(act, new=[group, *members])
    return group.uid


def rename(uid: UUID, *, name: str, school: School, by: Viewer, now: datetime) -> None:
    """Another name for a group. Raises GroupRefusedError where it cannot be."""
    require(by, "make_groups", school=school, on=now.date())
    group = _group(uid, viewer=by, school=school, on=now.date())
    code = _checked(name, school=school, group=group)
    if code == group.code:
        return
    roles = roles_of_group(school, group.code)
    if roles and ";" in code:
        raise GroupRefusedError("The group has a mentor, and staff files divide roles by ;. Right would be no ; in it.")
    for role in roles:
        role.scope = code  # whoever mentors the group goes on to
    group.code = code
    with _act("rename group", group, n_pupils=0, by=by, now=now) as act:
        history.record(act, changed=[group, *roles])


def add_members(uid: UUID, *, pupils: Collection[UUID], school: School, by: Viewer, now: datetime) -> int:
    """Puts pupils into a group from today on; gives how many were not in it for good already."""
    require(by, "make_groups", school=school, on=now.date())
    today, group = now.date(), _group(uid, viewer=by, school=school, on=now.date())
    rows = _reached(pupils, viewer=by, school=school, on=today)
    standing = {row.pupil_id: row for row in GroupMember.objects.filter(_still(today), group=group, pupil__in=rows)}
    new = [GroupMember(school=school, group=group, pupil=row, starts=today) for row in rows if row.pk not in standing]
    changed = []
    for row in standing.values():
        to_come = row.starts is not None and row.starts > today
        if to_come or row.ends is not None:
            row.starts, row.ends = today if to_come else row.starts, None
            changed.append(row)
    if new or changed:
        with _act("add to group", group, n_pupils=len(new) + len(changed), by=by, now=now) as act:
            history.record(act, new=new, changed=changed)
    return len(new) + len(changed)


def end_membership(
    uid: UUID, *, pupils: Collection[UUID], last_day: date, school: School, by: Viewer, now: datetime
) -> int:
    """Ends pupils' time in a group with a last day; gives how many.

    Who was put into it only today and is to leave it at once leaves no trace in it: that was a mistake. Raises
    GroupRefusedError for a last day before the first.
    """
    require(by, "make_groups", school=school, on=now.date())
    today, group = now.date(), _group(uid, viewer=by, school=school, on=now.date())
    rows = _reached(pupils, viewer=by, school=school, on=today)
    members = list(GroupMember.objects.filter(_still(today), group=group, pupil__in=rows))
    removed = [row for row in members if row.starts is not None and row.starts >= max(today, last_day)]
    changed = [row for row in members if row not in removed and row.ends != last_day]
    latest = max((row.starts for row in changed if row.starts), default=None)
    if latest and last_day < latest:
        raise GroupRefusedError(
            f"{last_day:%d/%m/%Y} is before somebody's first day in {group.code}. "
            f"Right would be a day from {latest:%d/%m/%Y} on."
        )
    for row in changed:
        row.ends = last_day
    if removed or changed:
        with _act("end group membership", group, n_pupils=len(members), by=by, now=now) as act:
            history.record(act, changed=changed, removed=removed)
    return len(removed) + len(changed)


@contextmanager
def _act(kind: str, group: Group, *, n_pupils: int, by: Viewer, now: datetime) -> Iterator[Act]:
    """One change to a group and its audit entry, or neither; two at once are told apart in words."""
    try:
        with transaction.atomic():
            yield history.begin(group.school, kind=kind, by=by.author(group.school), at=now)
            audit.note(group.school, action=kind, by=by, now=now, detail={"group": str(group.uid), "pupils": n_pupils})
    except (IntegrityError, history.StaleWriteError) as error:
        raise GroupRefusedError(
            f"Somebody else has just changed {group.code}, or made a group of that name. Look again, then try again."
        ) from error


def _checked(name: str, *, school: School, group: Group | None = None) -> str:
    """A group's name in its written form; refused where it is empty, too long or taken."""
    code = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    if not code:
        raise GroupRefusedError("The group has no name yet. Right would be what people call it, such as Reading club.")
    if len(code) > _LONGEST:
        raise GroupRefusedError(f"The name has {len(code)} letters. Right would be {_LONGEST} at most.")
    standing = Group.objects.filter(school=school).values_list("pk", "code")
    others = [each for pk, each in standing if group is None or pk != group.pk]
    taken = next((each for each in others if each.casefold() == code.casefold()), None)
    if taken is not None:
        raise GroupRefusedError(f"There is already a group called {taken}. Right would be another name.")
    return code


def _group(uid: UUID, *, viewer: Viewer, school: School, on: date) -> Group:
    group = _known_to(viewer, school=school, on=on).filter(uid=uid).first()
    if group is None:
        raise NotFoundError("There is no such group here.")
    return group


def _known_to(viewer: Viewer, *, school: School, on: date) -> QuerySet[Group]:
    """The groups a viewer may know of: all, or those a pupil within reach is or was in, and those without anybody."""
    groups = Group.objects.filter(school=school)
    if sees_whole_school(viewer, school=school, on=on):
        return groups
    reach = pupils_within_reach(viewer, school=school, on=on)
    mine = GroupMember.objects.filter(school=school, pupil__in=reach).values("group_id")
    return groups.filter(Q(pk__in=mine) | Q(members__isnull=True)).distinct()


def _reached(pupils: Collection[UUID], *, viewer: Viewer, school: School, on: date) -> Sequence[Pupil]:
    """Pupils within reach; one who is not is not there."""
    wanted = set(pupils)
    found = list(pupils_within_reach(viewer, school=school, on=on).filter(uid__in=wanted).order_by("pk"))
    if wanted - {row.uid for row in found}:
        raise NotFoundError("There is no such pupil here.")
    return found


def _begun(on: date) -> Q:
    return Q(starts__isnull=True) | Q(starts__lte=on)


def _still(on: date) -> Q:
    return Q(ends__isnull=True) | Q(ends__gte=on)


def _on_roll(pupils: Collection[int], *, on: date) -> set[int]:
    still = Q(enrolments__ends__isnull=True) | Q(enrolments__ends__gte=on)
    rows = Pupil.objects.filter(still, pk__in=pupils, enrolments__starts__lte=on)
    return set(rows.values_list("pk", flat=True))


def _reg_groups(pupils: Collection[int], *, school: School, on: date) -> dict[int, str]:
    placed = Placement.objects.filter(school=school, pupil__in=pupils, year__starts_in=academic_year_of(on).starts_in)
    return dict(placed.values_list("pupil_id", "reg_group"))
