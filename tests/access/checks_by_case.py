"""What the access module must do in cases made on the spot: days that count, years that turn, names missing."""

from collections.abc import Sequence
from datetime import date

from headway.records.models import (
    AcademicYear,
    Characteristic,
    ClassMember,
    Contact,
    Enrolment,
    GroupMember,
    Person,
    Placement,
    Role,
    SchoolClass,
)
from tests.access.asking import (
    TOMORROW,
    YESTERDAY,
    Access,
    again,
    both_ways,
    change,
    changed,
    family_in,
    keys_of,
    pupil_row,
    raises,
    scoped,
    viewer_in,
)
from tests.access.facts import ACTORS, GROUP, KIDS, OURS, STRANGERS, THIS_YEAR, TODAY
from tests.access.world import World

# ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def days_of_joining_and_leaving_count(access: Access, world: World) -> None:
    for starts, ends, right in SPANS:
        person = Person.objects.get(email="head@people.example")
        with changed(world.schools[OURS], changed=[change(person, starts=starts, ends=ends)]):
            viewer = viewer_in(access, world, ACTORS["head"])
            assert access.may(viewer, "ask", school=world.schools[OURS], on=TODAY) == right, (starts, ends)
            assert bool(access.schools_of(viewer, on=TODAY)) == right


def days_of_a_contact_count(access: Access, world: World) -> None:
    for starts, ends, right in SPANS:
        contact = Contact.objects.get(user=world.users["parent"], pupil=world.pupils["amy"])
        with changed(world.schools[OURS], changed=[change(contact, starts=starts, ends=ends)]):
            assert ("amy" in family_in(access, world, "parent")) == right, (starts, ends)


def days_in_a_group_count(access: Access, world: World) -> None:
    for starts, ends, right in SPANS:
        member = GroupMember.objects.get(pupil=world.pupils["amy"])
        with changed(world.schools[OURS], changed=[change(member, starts=starts, ends=ends)]):
            mentor = ACTORS["learning_mentor"]
            assert both_ways(access, world, mentor, world.schools[OURS]) == ({"amy"} if right else set())


def days_on_roll_count_for_families(access: Access, world: World) -> None:
    for starts, ends, right in SPANS:
        if starts is None:
            continue
        spell = Enrolment.objects.get(pupil=world.pupils["amy"])
        with changed(world.schools[OURS], changed=[change(spell, starts=starts, ends=ends)]):
            assert family_in(access, world, "parent") == ({"amy", "jon"} if right else {"jon"})
            assert family_in(access, world, "pupil") == ({"amy"} if right else set())


SPANS: Sequence[tuple[date | None, date | None, bool]] = (
    (None, None, True),
    (None, TODAY, True),
    (None, YESTERDAY, False),
    (TODAY, None, True),
    (TOMORROW, None, False),
    (TODAY, TODAY, True),
    (YESTERDAY, TOMORROW, True),
    (date(2026, 9, 1), YESTERDAY, False),
    (TOMORROW, TOMORROW, False),
)
"""First and last days, and whether today is between them."""


def coming_of_age_ends_what_families_see(access: Access, world: World) -> None:
    """On the eighteenth birthday, not a day before; who is born on 29 February has it on the 28th."""
    born = {date(2008, 11, 23): False, date(2008, 11, 24): True, date(2008, 11, 22): False, date(1998, 1, 1): False}
    for dob, right in born.items():
        with changed(world.schools[OURS], changed=[change(pupil_row(world, "amy"), dob=dob)]):
            assert ("amy" in family_in(access, world, "parent")) == right, dob
            assert family_in(access, world, "pupil") == {"amy"}
    with changed(world.schools[OURS], changed=[change(pupil_row(world, "amy"), dob=date(2010, 3, 1))]):
        assert family_in(access, world, "parent", on=date(2028, 2, 29)) == {"amy", "jon"}
    with changed(world.schools[OURS], changed=[change(pupil_row(world, "amy"), dob=date(2010, 2, 28))]):
        assert family_in(access, world, "parent", on=date(2028, 2, 29)) == {"jon"}
        assert family_in(access, world, "parent", on=date(2028, 2, 27)) == {"amy", "jon"}


def what_is_recorded_last_of_gifts_counts(access: Access, world: World) -> None:
    school, coordinator = world.schools[OURS], ACTORS["gifted_talented_coordinator"]
    for kid, value, starts, right in (
        ("dan", "N", TODAY, set()),
        ("dan", "N", TOMORROW, {"dan"}),
        ("dan", "N", date(2026, 8, 31), {"dan"}),
        ("amy", "Y", TODAY, {"amy", "dan"}),
        ("amy", "N", TODAY, {"dan"}),
        ("amy", "Y", TOMORROW, {"dan"}),
    ):
        row = Characteristic(school=school, pupil=world.pupils[kid], kind="gifted_talented", starts=starts, value=value)
        with changed(school, new=[row]):
            assert both_ways(access, world, coordinator, school) == right, (kid, value, starts)
    other = Characteristic(school=school, pupil=world.pupils["amy"], kind="service_child", starts=TODAY, value="Y")
    with changed(school, new=[other]):
        assert both_ways(access, world, coordinator, school) == {"dan"}


# ── years ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def last_year_s_classes_count_until_this_year_s_are_there(access: Access, world: World) -> None:
    school, teacher = world.schools[OURS], ACTORS["class_teacher"]
    newer = TODAY.replace(year=TODAY.year + 1)  # next year has no class yet: this year's still count
    assert both_ways(access, world, teacher, school, on=newer) == {"amy", "ben", "fay", "jon"}
    later = TODAY.replace(year=TODAY.year + 2)  # two years on nobody's classes count any more
    assert both_ways(access, world, teacher, school, on=later) == set()
    earlier = TODAY.replace(year=TODAY.year - 1)
    assert both_ways(access, world, teacher, school, on=earlier) == {"amy", "gus", "hal"}
    for of, right in ((school, set()), (world.schools[STRANGERS], {"amy", "ben", "fay", "jon"})):
        year = AcademicYear(school=of, starts_in=THIS_YEAR + 1)
        with changed(of, new=[year, SchoolClass(school=of, year=year, code="6A", year_group=6)]):
            assert both_ways(access, world, teacher, school, on=newer) == right


def pupils_move_up_a_year_before_they_are_placed(access: Access, world: World) -> None:
    """A year later the head of Year 6 looks after those who were in Year 5, until the school has placed somebody."""
    school, head = world.schools[OURS], ACTORS["head_of_year"]
    newer = TODAY.replace(year=TODAY.year + 1)
    fives = {key for key, kid in KIDS.items() if kid.school == OURS and kid.year_group == 5 and key != "hal"}
    assert both_ways(access, world, head, school, on=newer) == fives
    assert both_ways(access, world, head, school, on=TODAY.replace(year=TODAY.year + 2)) == set()
    year = AcademicYear(school=school, starts_in=THIS_YEAR + 1)
    placed = Placement(school=school, pupil=world.pupils["amy"], year=year, year_group=6, reg_group="6B")
    with changed(school, new=[year, placed]):
        assert both_ways(access, world, head, school, on=newer) == {"amy"}
        assert both_ways(access, world, head, school) == {"eve", "ian", "kim"}
    elsewhere = world.schools[STRANGERS]
    year = AcademicYear(school=elsewhere, starts_in=THIS_YEAR + 1)
    placed_there = Placement(school=elsewhere, pupil=world.pupils["ned"], year=year, year_group=6, reg_group="6B")
    with changed(elsewhere, new=[year, placed_there]):
        assert both_ways(access, world, head, school, on=newer) == fives
    tutor = ACTORS["tutor"]
    assert both_ways(access, world, tutor, school, on=newer) == {"cat", "dan", "gus"}
    with changed(school, new=[year := AcademicYear(school=school, starts_in=THIS_YEAR + 1), again(placed, year)]):
        assert both_ways(access, world, tutor, school, on=newer) == set()


# ── what is named with a role ───────────────────────────────────────────────────────────────────────────────────────


def a_role_without_a_name_reaches_own_classes_or_nobody(access: Access, world: World) -> None:
    for name in ("subject_leader", "head_of_year", "tutor", "learning_mentor"):
        with scoped(world, name, ""):
            assert both_ways(access, world, ACTORS[name], world.schools[OURS]) == set(), name
            viewer = viewer_in(access, world, ACTORS[name])
            assert not access.needs_second_factor(viewer, on=TODAY)
            fields = access.fields_seen(viewer, school=world.schools[OURS], on=TODAY)
            assert bool(fields) == (name != "learning_mentor")  # the others may teach


def a_name_reaches_what_it_names(access: Access, world: World) -> None:
    for name, scope, right in (
        ("subject_leader", "reading", {kid.key for kid in KIDS.values() if kid.school == OURS and kid.lessons}),
        ("subject_leader", "writing", set()),
        ("head_of_year", "5", {"amy", "ben", "cat", "dan", "fay", "gus", "jon"}),
        ("head_of_year", "13", {"ada"}),
        ("head_of_year", "R", set()),
        ("tutor", "6A", {"eve", "ian", "kim"}),
        ("learning_mentor", "Choir", {"eve"}),
        ("learning_mentor", GROUP, {"amy"}),
    ):
        with scoped(world, name, scope):
            assert both_ways(access, world, ACTORS[name], world.schools[OURS]) == right, (name, scope)


def a_restriction_wins(access: Access, world: World) -> None:
    contact = Contact.objects.get(user=world.users["parent"], pupil=world.pupils["amy"])
    with changed(world.schools[OURS], changed=[change(contact, restricted=True)]):
        assert family_in(access, world, "parent") == {"jon"}
    contact.refresh_from_db()
    with changed(world.schools[OURS], removed=[contact]):
        assert family_in(access, world, "parent") == {"jon"}


def who_teaches_no_more_reaches_no_more(access: Access, world: World) -> None:
    school, teacher = world.schools[OURS], ACTORS["class_teacher"]
    members = ClassMember.objects.filter(pupil=world.pupils["amy"], teaching_group__school_class__code="5A")
    with changed(school, removed=list(members)):
        assert both_ways(access, world, teacher, school) == {"ben", "fay", "jon"}
    role = Role.objects.get(person__email=teacher.email)
    with changed(school, removed=[role]):
        assert both_ways(access, world, teacher, school) == set()
        with raises(access.NotFoundError):
            access.require(viewer_in(access, world, teacher), "ask", school=school, on=TODAY)


def nobody_at_all_reaches_nobody(access: Access, world: World) -> None:
    viewer = access.Viewer("Nobody")
    assert access.schools_of(viewer, on=TODAY) == []
    assert keys_of(world, access.pupils_within_reach(viewer, school=world.schools[OURS], on=TODAY)) == set()
    assert access.keys_within_reach(viewer, school=world.schools[OURS], on=TODAY) == frozenset()
    assert not access.family_within_reach(viewer, on=TODAY).exists()
    assert not access.is_pupil(viewer)
    assert access.roles_held(viewer, school=world.schools[OURS], on=TODAY) == frozenset()
    with raises(access.NotFoundError):
        access.require(viewer, "ask", school=world.schools[OURS], on=TODAY)
    viewer.saw([1])
    assert viewer.shown == frozenset()
