"""What the access module must say of everybody in the world: what the oracle says, and what a viewer is."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.records.models import Person, Placement, Subject, User
from tests.access.asking import (
    STAFF,
    Access,
    at,
    both_ways,
    change,
    changed,
    family_of,
    keys_of,
    raises,
    scoped,
    viewer_in,
)
from tests.access.facts import ACTORS, KIDS, LAST_YEAR, OURS, SISTER, STRANGERS, SUBJECTS, THIS_YEAR, TODAY
from tests.access.oracle import (
    FIELDS,
    fields_of,
    may,
    needs_second_step,
    reaches,
    sees,
    sees_all,
    sees_as_family,
    table,
    writes,
)
from tests.access.world import World

ACTIONS = sorted({row.action for row in table()})

# ── against the oracle ──────────────────────────────────────────────────────────────────────────────────────────────


def what_the_table_says(access: Access, world: World) -> None:
    """Every line of the policy that names a field, as the oracle has it."""
    allowed = {tuple(row)[:4] for row in table() if row.answer == "allow"}
    lines = {(row.role, row.action, row.relation, row.field) for row in access.school_policy().rows()}
    assert {line for line in lines if line[3]} == {line for line in allowed if line[3]}
    assert {line for line in lines if not line[3]} <= allowed


def whom_everybody_reaches(access: Access, world: World) -> None:
    """Both ways of asking give the pupils the oracle gives, in every school."""
    for actor in STAFF:
        for code, school in world.schools.items():
            kids = [kid for kid in KIDS.values() if kid.school == code and sees(at(actor, code), kid)]
            assert both_ways(access, world, actor, school) == {kid.key for kid in kids}, (actor.name, code)
            everybody = sees_all(at(actor, code))
            assert access.sees_whole_school(viewer_in(access, world, actor), school=school, on=TODAY) == everybody


def whom_everybody_reaches_with_a_field(access: Access, world: World) -> None:
    for actor in STAFF:
        for field in FIELDS:
            kids = {kid.key for kid in KIDS.values() if kid.school == OURS and sees(at(actor, OURS), kid, field)}
            assert both_ways(access, world, actor, world.schools[OURS], field) == kids, (actor.name, field)


def whom_somebody_reaches_with_several_fields(access: Access, world: World) -> None:
    """Two fields at once are seen of those of whom each is seen, by whichever role."""
    for name in ("mentor_who_teaches", "learning_mentor", "teaching_assistant", "assessment_manager", "head"):
        for pair in (("fsm", "sen"), ("confidential", "sen"), ("first_language", "sen")):
            kids = {
                kid.key
                for kid in KIDS.values()
                if kid.school == OURS and all(sees(ACTORS[name], kid, field) for field in pair)
            }
            assert both_ways(access, world, ACTORS[name], world.schools[OURS], *pair) == kids, (name, pair)


def whom_everybody_may_do_something_to(access: Access, world: World) -> None:
    """By the very role that allows it: seeing a pupil by another role is not enough."""
    for actor in STAFF:
        for action in ("make_pupil_accounts", "make_groups", "export", "see_audit"):
            viewer = viewer_in(access, world, actor)
            found = keys_of(world, access.pupils_open_to(viewer, action, school=world.schools[OURS], on=TODAY))
            here = at(actor, OURS)
            right = {kid.key for kid in KIDS.values() if kid.school == OURS and reaches(here, action, kid)}
            assert found == right, (actor.name, action)
    placed = Placement.objects.get(pupil=world.pupils["ada"])
    with changed(world.schools[OURS], changed=[change(placed, reg_group="")]), scoped(world, "tutor", ""):
        viewer = viewer_in(access, world, ACTORS["tutor"])  # without a group named, not those without a group
        assert not access.pupils_open_to(viewer, "make_pupil_accounts", school=world.schools[OURS], on=TODAY).exists()
        assert both_ways(access, world, ACTORS["tutor"], world.schools[OURS]) == set()


def which_fields_everybody_sees(access: Access, world: World) -> None:
    for actor in STAFF:
        for code, school in world.schools.items():
            seen = access.fields_seen(viewer_in(access, world, actor), school=school, on=TODAY)
            assert seen == fields_of(at(actor, code)), (actor.name, code)
        for key in ("amy", "cat", "dan", "eve", "fay", "kim", "lea"):
            kid = KIDS[key]
            of = access.fields_seen_of(viewer_in(access, world, actor), world.pupils[key], on=TODAY)
            right = {field for field in FIELDS if sees(at(actor, kid.school), kid, field)}
            assert of == right, (actor.name, key)


def which_fields_may_be_used(access: Access, world: World) -> None:
    for name in ("head", "assessment_manager", "learning_mentor", "governor"):
        viewer, school = viewer_in(access, world, ACTORS[name]), world.schools[OURS]
        for field in FIELDS:
            with raises(access.NotAllowedError, unless=field in fields_of(ACTORS[name])):
                access.require_fields(viewer, [field], school=school, on=TODAY)
    with raises(access.NotAllowedError, says="ethnicity"):
        viewer = viewer_in(access, world, ACTORS["learning_mentor"])
        access.require_fields(viewer, ["sen", "looked_after", "ethnicity"], school=world.schools[OURS], on=TODAY)
    access.require_fields(viewer_in(access, world, ACTORS["governor"]), [], school=world.schools[OURS], on=TODAY)


def what_everybody_may_do(access: Access, world: World) -> None:
    for actor in STAFF:
        for code, school in world.schools.items():
            here = at(actor, code)
            stranger = not here.held and not family_of(actor, code)
            viewer = viewer_in(access, world, actor)
            for action in ACTIONS:
                family = action == "see_family_page" and not here.held and bool(family_of(actor, code))
                right = may(here, action) or family
                assert access.may(viewer, action, school=school, on=TODAY) == right, (actor.name, code, action)
                with raises(access.NotFoundError if stranger else access.NotAllowedError, unless=right):
                    access.require(viewer, action, school=school, on=TODAY)


def which_roles_everybody_has(access: Access, world: World) -> None:
    for actor in STAFF:
        for code, school in world.schools.items():
            here = at(actor, code)
            roles = here.roles or {kind for kind, of in family_of(actor, code)}
            assert access.roles_held(viewer_in(access, world, actor), school=school, on=TODAY) == roles, (
                actor.name,
                code,
            )
        names = sorted(world.schools[code].name for code in actor.schools)
        found = access.schools_of(viewer_in(access, world, actor), on=TODAY)
        assert [school.name for school in found] == names, actor.name


def who_needs_a_second_step(access: Access, world: World) -> None:
    for actor in STAFF:
        needed = access.needs_second_factor(viewer_in(access, world, actor), on=TODAY)
        assert needed == needs_second_step(actor), actor.name


def whom_families_reach(access: Access, world: World) -> None:
    for actor in STAFF:
        viewer = viewer_in(access, world, actor)
        reached = {world.kid(pupil.uid).key for pupil in access.family_within_reach(viewer, on=TODAY)}
        assert reached == {kid.key for kid in KIDS.values() if sees_as_family(actor, kid)}, actor.name
        assert access.is_pupil(viewer) == bool(actor.pupil)


def whose_marks_and_targets_everybody_writes(access: Access, world: World) -> None:
    subjects = dict(Subject.objects.filter(school=world.schools[OURS]).values_list("code", "pk"))
    for actor in STAFF:
        here = at(actor, OURS)
        for action, reach, anywhere in (
            ("record_marks", "marking_within_reach", "marks_any_class"),
            ("set_targets", "targets_within_reach", "sets_any_target"),
        ):
            for year in (THIS_YEAR, LAST_YEAR):
                cells = {
                    (world.pupils[kid.key].pk, subjects[subject]): writes(here, action, kid, subject, year=year)
                    for kid in KIDS.values()
                    if kid.school == OURS
                    for subject in SUBJECTS
                }
                viewer, asked = viewer_in(access, world, actor), list(cells)
                found = getattr(access, reach)(viewer, asked, school=world.schools[OURS], year=year, on=TODAY)
                assert found == {cell for cell, right in cells.items() if right}, (actor.name, action, year)
            rows = [row for row in table() if (row.action, row.relation) == (action, "school")]
            everywhere = bool(here.roles & {row.role for row in rows})
            found = getattr(access, anywhere)(viewer_in(access, world, actor), school=world.schools[OURS], on=TODAY)
            assert found == everywhere, (actor.name, action)


def only_cells_asked_about_come_back(access: Access, world: World) -> None:
    viewer = viewer_in(access, world, ACTORS["class_teacher"])
    subject = Subject.objects.get(school=world.schools[OURS], code="reading").pk
    mine = [(world.pupils["amy"].pk, subject)]
    found = access.marking_within_reach(viewer, mine, school=world.schools[OURS], year=THIS_YEAR, on=TODAY)
    assert found == frozenset(mine)


def which_classes_somebody_teaches(access: Access, world: World) -> None:
    def codes(name: str, school: str = OURS) -> set[tuple[str, str]]:
        viewer = viewer_in(access, world, ACTORS[name])
        rows = access.taught_by(viewer, school=world.schools[school], on=TODAY)
        return set(rows.values_list("school_class__code", "subject__code"))

    assert codes("class_teacher") == {(code, subject) for code in ("4A", "5A") for subject in SUBJECTS}
    assert codes("teaching_assistant") == {("5B", "reading")}
    assert codes("head") == codes("class_teacher", SISTER) == set()


def the_command_line_does_everything(access: Access, world: World) -> None:
    viewer = access.COMMAND_LINE
    names = ["Oakfield School", "Sisterbrook School", "Strangeways School"]
    assert [school.name for school in access.schools_of(viewer, on=TODAY)] == names
    ours = world.schools[OURS]
    for action in ACTIONS:
        assert access.may(viewer, action, school=ours, on=TODAY)
        access.require(viewer, action, school=ours, on=TODAY)
    assert set(access.fields_seen(viewer, school=ours, on=TODAY)) == set(FIELDS)
    assert set(access.fields_seen_of(viewer, world.pupils["amy"], on=TODAY)) == set(FIELDS)
    assert access.pupils_within_reach(viewer, school=ours, on=TODAY).count() == 12
    assert access.keys_within_reach(viewer, school=ours, on=TODAY, fields=["sen"]) is None
    assert access.sees_whole_school(viewer, school=ours, on=TODAY)
    assert access.pupils_open_to(viewer, "make_pupil_accounts", school=ours, on=TODAY).count() == 12
    assert access.marks_any_class(viewer, school=ours, on=TODAY)
    cells = [(1, 1)]
    assert access.targets_within_reach(viewer, cells, school=ours, year=THIS_YEAR, on=TODAY) == frozenset(cells)
    assert not access.needs_second_factor(viewer, on=TODAY)
    assert not access.is_pupil(viewer)
    assert not access.family_within_reach(viewer, on=TODAY).exists()
    assert access.taught_by(viewer, school=ours, on=TODAY).count() == 0
    author = viewer.author(ours)
    assert (author.name, author.person) == ("Command line", None)
    viewer.saw([1])
    assert viewer.shown == frozenset()


# ── what a viewer is ────────────────────────────────────────────────────────────────────────────────────────────────


def what_a_viewer_holds_is_read_once(access: Access, world: World) -> None:
    viewer, school = viewer_in(access, world, ACTORS["double_in_ours"]), world.schools[OURS]
    with CaptureQueriesContext(connection) as asked:
        for _ in range(3):
            access.schools_of(viewer, on=TODAY)
            access.require(viewer, "ask", school=school, on=TODAY)
            access.fields_seen(viewer, school=world.schools[SISTER], on=TODAY)
            assert viewer.author(school).name.startswith("Double")
            assert [each.framework is None for each in access.schools_of(viewer, on=TODAY)] == [False, False]
    assert len(asked) == 1, [each["sql"] for each in asked]
    parent = viewer_in(access, world, ACTORS["parent"])
    access.may(parent, "see_family_page", school=school, on=TODAY)
    with CaptureQueriesContext(connection) as asked:
        assert access.may(parent, "see_family_page", school=school, on=TODAY)
        assert not access.may(parent, "see_family_page", school=school, on=date(2020, 1, 1))
    assert len(asked) == 1


def who_somebody_is_does_not_change_with_what_was_read(access: Access, world: World) -> None:
    viewer, other = (viewer_in(access, world, ACTORS["head"]) for _ in range(2))
    access.schools_of(viewer, on=TODAY)
    access.may(viewer, "see_family_page", school=world.schools[STRANGERS], on=TODAY)
    viewer.saw([1, 2])
    viewer.saw([2, 3])
    assert (viewer, hash(viewer), repr(viewer)) == (other, hash(other), repr(other))
    assert viewer.shown == frozenset({1, 2, 3}) and other.shown == frozenset()


def how_somebody_is_written_down(access: Access, world: World) -> None:
    head, stranger = viewer_in(access, world, ACTORS["head"]), viewer_in(access, world, ACTORS["stranger_head"])
    assert head.author(world.schools[OURS]).name == "Head oustaffzq"
    assert head.author(world.schools[OURS]).person == Person.objects.get(email="head@people.example")
    written = stranger.author(world.schools[OURS])
    assert (written.name, written.person) == ("stranger_head@people.example", None)
    assert viewer_in(access, world, ACTORS["pupil"]).name == "A pupil"


def a_refusal_says_whom_to_ask(access: Access, world: World) -> None:
    with raises(access.NotAllowedError, says="Oakfield School"):
        viewer = viewer_in(access, world, ACTORS["governor"])
        access.require(viewer, "ask", school=world.schools[OURS], on=TODAY)


def an_account_that_was_closed_holds_nothing(access: Access, world: World) -> None:
    for name in ("head", "parent", "pupil", "teacher_and_parent"):
        user = User.objects.get(pk=world.users[name].pk)
        user.is_active = False
        viewer = access.viewer_of(user)
        assert access.schools_of(viewer, on=TODAY) == []
        assert not access.pupils_within_reach(viewer, school=world.schools[OURS], on=TODAY).exists()
        assert not access.family_within_reach(viewer, on=TODAY).exists()
        assert not access.needs_second_factor(viewer, on=TODAY)
        with raises(access.NotFoundError):
            access.require(viewer, "ask", school=world.schools[OURS], on=TODAY)
