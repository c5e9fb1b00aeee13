"""Groups: who is in one and since when, made, renamed, joined and left, with nothing forgotten."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from headway.records.models import Act, AuditEntry, Group, GroupMember, Pupil, Revision, School
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.groups import (
    GroupRefusedError,
    add_members,
    end_membership,
    group_of,
    groups_of,
    make_group,
    pupils_chosen,
    rename,
)
from headway.services.people import add_person
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for

AMY, BOB, CAL, GONE = (make_upn(number) for number in (1, 2, 3, 4))
TODAY = NOW.date()
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def school(db: None) -> School:
    """Amy, Bob and Cal; Tess teaches Amy and Bob. Dee has left."""
    school = make_school()
    pupils = {
        AMY: {"surname": "Ash", "forename": "Amy", "reg_group": "5A"},
        BOB: {"surname": "Birch", "forename": "Robert", "preferred_forename": "Bob", "reg_group": "5A"},
        CAL: {"surname": "Cedar", "forename": "Cal", "reg_group": "5B"},
    }
    bring_in(school, pupils_file(pupils, columns=["reg_group", "preferred_forename"]), file="pupils.csv")
    gone = {GONE: {"surname": "Dawn", "forename": "Dee", "enrolled_to": "2026-10-01"}}
    bring_in(school, pupils_file(gone, columns=["enrolled_to"]), file="pupils.csv")
    bring_in(school, csv("staff,name,email,roles", "TEA,Tess,tess@s.example,class_teacher"), file="staff.csv")
    taught = [f"5A,reading,5,{upn},TEA" for upn in (AMY, BOB)]
    bring_in(school, csv("class,subject,year_group,upn,teacher", *taught), file="classes.csv")
    return school


@pytest.fixture
def tess(school: School) -> Viewer:
    account = {"name": "Tess", "email": "tess@s.example", "roles": "class_teacher"}
    return viewer_of(add_person(**account, school=school, by=COMMAND_LINE, now=NOW, password=None))


def uid(upn: str) -> UUID:
    return Pupil.objects.get(upn=upn).uid


def made(school: School, *upns: str, name: str = "Reading club", by: Viewer = COMMAND_LINE) -> UUID:
    return make_group(name, pupils=[uid(upn) for upn in upns], school=school, by=by, now=NOW)


def in_it(school: School, group: UUID, *, viewer: Viewer = COMMAND_LINE) -> list[str]:
    return [each.name for each in group_of(group, viewer=viewer, school=school, now=NOW).members]


def test_it_makes_a_group_from_today_on(school: School) -> None:
    group = made(school, AMY, BOB)

    found = group_of(group, viewer=COMMAND_LINE, school=school, now=NOW)
    assert (found.name, found.n_today, found.whole) == ("Reading club", 2, True)
    assert [(each.name, each.reg_group, each.starts, each.ends) for each in found.members] == [
        ("Ash, Amy", "5A", TODAY, None),
        ("Birch, Robert (Bob)", "5A", TODAY, None),
    ]


def test_it_writes_down_who_made_it(school: School) -> None:
    head = viewer_for(school, "head")
    group = made(school, AMY, by=head)

    assert Act.objects.get(kind="make group").by == "Head"
    entry = AuditEntry.objects.get(action="make group")
    assert (entry.by, entry.detail) == (head.name, {"group": str(group), "pupils": 1})


def test_it_makes_a_group_of_nobody_yet(school: School) -> None:
    assert in_it(school, made(school)) == []


def test_it_lists_groups_with_their_size_today(school: School) -> None:
    choir, club = made(school, AMY, name="Choir"), made(school, AMY, BOB, CAL)
    end_membership(club, pupils=[uid(CAL)], last_day=TODAY, school=school, by=COMMAND_LINE, now=NOW)

    listed = groups_of(COMMAND_LINE, school=school, now=TOMORROW)
    assert [(each.uid, each.name, each.n_pupils) for each in listed] == [(choir, "Choir", 1), (club, "Reading club", 2)]


def test_it_counts_those_who_have_left_the_school_no_more(school: School) -> None:
    rows = [f"Choir,{GONE},2026-09-10,", f"Choir,{AMY},2026-09-10,"]
    bring_in(school, csv("group,upn,from,to", *rows), file="groups.csv")
    (listed,) = groups_of(COMMAND_LINE, school=school, now=NOW)

    found = group_of(listed.uid, viewer=COMMAND_LINE, school=school, now=NOW)
    assert (listed.n_pupils, found.n_today) == (1, 1)
    assert [(each.name, each.here) for each in found.earlier] == [("Dawn, Dee", False)]


@pytest.mark.parametrize("name", ["Reading club", "  reading   CLUB ", "Reading\tclub"])
def test_it_refuses_a_taken_name_in_words(school: School, name: str) -> None:
    made(school)

    with pytest.raises(GroupRefusedError, match="already a group called Reading club"):
        made(school, name=name)
    assert Group.objects.count() == 1


@pytest.mark.parametrize(("name", "words"), [("  ", "has no name yet"), ("x" * 101, "101 letters")])
def test_it_refuses_a_name_that_is_none(school: School, name: str, words: str) -> None:
    with pytest.raises(GroupRefusedError, match=words):
        made(school, name=name)


def test_it_renames_and_remembers(school: School) -> None:
    group = made(school, AMY)
    rename(group, name=" Book   club", school=school, by=COMMAND_LINE, now=NOW)

    assert group_of(group, viewer=COMMAND_LINE, school=school, now=NOW).name == "Book club"
    states = Revision.objects.filter(kind="Group").order_by("version").values_list("state__code", flat=True)
    assert list(states) == ["Reading club", "Book club"]
    assert AuditEntry.objects.filter(action="rename group").count() == 1


def test_it_lets_a_group_keep_its_own_name_in_other_letters(school: School) -> None:
    group = made(school)
    rename(group, name="READING club", school=school, by=COMMAND_LINE, now=NOW)

    assert Group.objects.get().code == "READING club"
    made(school, name="Choir")
    with pytest.raises(GroupRefusedError):
        rename(group, name="choir", school=school, by=COMMAND_LINE, now=NOW)


def test_it_adds_those_who_are_not_in_it_yet(school: School) -> None:
    group = made(school, AMY)
    added = add_members(group, pupils=[uid(AMY), uid(CAL)], school=school, by=COMMAND_LINE, now=NOW)

    assert added == 1
    assert in_it(school, group) == ["Ash, Amy", "Cedar, Cal"]
    assert AuditEntry.objects.get(action="add to group").detail == {"group": str(group), "pupils": 1}
    again = add_members(group, pupils=[uid(CAL)], school=school, by=COMMAND_LINE, now=NOW)
    assert (again, AuditEntry.objects.filter(action="add to group").count()) == (0, 1)


def test_it_keeps_who_was_in_it_and_until_when(school: School) -> None:
    group = made(school, AMY, BOB)
    ended = end_membership(group, pupils=[uid(AMY)], last_day=TODAY, school=school, by=COMMAND_LINE, now=TOMORROW)

    found = group_of(group, viewer=COMMAND_LINE, school=school, now=TOMORROW)
    assert (ended, [each.name for each in found.members]) == (1, ["Birch, Robert (Bob)"])
    assert [(each.name, each.starts, each.ends) for each in found.earlier] == [("Ash, Amy", TODAY, TODAY)]
    assert AuditEntry.objects.filter(action="end group membership").count() == 1


def test_it_takes_out_who_was_added_by_mistake_today(school: School) -> None:
    group = made(school, AMY, BOB)
    end_membership(group, pupils=[uid(AMY)], last_day=TODAY, school=school, by=COMMAND_LINE, now=NOW)

    found = group_of(group, viewer=COMMAND_LINE, school=school, now=NOW)
    assert ([each.name for each in found.members], found.earlier) == (["Birch, Robert (Bob)"], [])
    states = [each.state for each in Revision.objects.filter(kind="GroupMember").order_by("version")]
    assert [bool(state) for state in states] == [True, True, False]  # and yet it is not forgotten


def test_it_lets_somebody_added_today_stay_until_a_day_to_come(school: School) -> None:
    group = made(school, AMY)
    end_membership(group, pupils=[uid(AMY)], last_day=date(2026, 12, 18), school=school, by=COMMAND_LINE, now=NOW)

    assert GroupMember.objects.get().ends == date(2026, 12, 18)


def test_it_takes_somebody_back(school: School) -> None:
    group = made(school, AMY)
    later = NOW + timedelta(days=30)
    end_membership(group, pupils=[uid(AMY)], last_day=TODAY, school=school, by=COMMAND_LINE, now=TOMORROW)
    add_members(group, pupils=[uid(AMY)], school=school, by=COMMAND_LINE, now=later)

    found = group_of(group, viewer=COMMAND_LINE, school=school, now=later)
    assert [each.starts for each in found.members] == [later.date()]
    assert [each.ends for each in found.earlier] == [TODAY]


def test_it_takes_an_end_away_when_somebody_stays(school: School) -> None:
    group = made(school, AMY)
    end_membership(group, pupils=[uid(AMY)], last_day=date(2026, 12, 18), school=school, by=COMMAND_LINE, now=TOMORROW)

    assert add_members(group, pupils=[uid(AMY)], school=school, by=COMMAND_LINE, now=TOMORROW) == 1
    assert GroupMember.objects.get().ends is None


def test_it_refuses_a_last_day_before_the_first(school: School) -> None:
    group = made(school, AMY)

    with pytest.raises(GroupRefusedError, match="Right would be a day from 23/11/2026 on"):
        end_membership(
            group, pupils=[uid(AMY)], last_day=date(2026, 9, 1), school=school, by=COMMAND_LINE, now=TOMORROW
        )
    assert GroupMember.objects.get().ends is None


def test_it_names_only_pupils_within_reach(school: School, tess: Viewer) -> None:
    group = made(school, AMY, CAL)

    found = group_of(group, viewer=tess, school=school, now=NOW)
    assert ([each.name for each in found.members], found.n_today, found.whole) == (["Ash, Amy"], 1, False)
    assert [each.n_pupils for each in groups_of(tess, school=school, now=NOW)] == [1]


def test_it_hides_groups_in_which_there_is_nobody_within_reach(school: School, tess: Viewer) -> None:
    group = made(school, CAL)

    assert groups_of(tess, school=school, now=NOW) == []
    with pytest.raises(NotFoundError):
        group_of(group, viewer=tess, school=school, now=NOW)
    with pytest.raises(NotFoundError):
        add_members(group, pupils=[uid(AMY)], school=school, by=tess, now=NOW)


def test_it_lets_a_teacher_make_a_group_of_their_own_pupils_only(school: School, tess: Viewer) -> None:
    group = made(school, AMY, by=tess)

    assert in_it(school, group, viewer=tess) == ["Ash, Amy"]
    for act in (
        lambda: made(school, CAL, name="Other", by=tess),
        lambda: add_members(group, pupils=[uid(CAL)], school=school, by=tess, now=NOW),
        lambda: end_membership(group, pupils=[uid(CAL)], last_day=TODAY, school=school, by=tess, now=NOW),
        lambda: pupils_chosen([uid(AMY), uid(CAL)], viewer=tess, school=school, now=NOW),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert Group.objects.count() == GroupMember.objects.count() == 1


def test_it_says_who_was_chosen(school: School) -> None:
    found = pupils_chosen([uid(CAL), uid(BOB)], viewer=COMMAND_LINE, school=school, now=NOW)

    assert [(each.name, each.reg_group) for each in found] == [("Birch, Robert (Bob)", "5A"), ("Cedar, Cal", "5B")]


def acts(school: School, group: UUID, by: Viewer) -> list[Callable[[], object]]:
    """Everything that can be done to groups."""
    pupil = uid(AMY)
    return [
        lambda: make_group("Other", pupils=[pupil], school=school, by=by, now=NOW),
        lambda: rename(group, name="Other", school=school, by=by, now=NOW),
        lambda: add_members(group, pupils=[pupil], school=school, by=by, now=NOW),
        lambda: end_membership(group, pupils=[pupil], last_day=TODAY, school=school, by=by, now=NOW),
    ]


def test_it_shows_a_stranger_nothing(school: School) -> None:
    stranger = viewer_for(make_school("8239999"), "head")
    group = made(school, AMY)

    looks = [
        lambda: groups_of(stranger, school=school, now=NOW),
        lambda: group_of(group, viewer=stranger, school=school, now=NOW),
        lambda: pupils_chosen([uid(AMY)], viewer=stranger, school=school, now=NOW),
    ]
    for act in [*looks, *acts(school, group, stranger)]:
        with pytest.raises(NotFoundError):
            act()


def test_it_knows_no_group_of_another_school(school: School) -> None:
    elsewhere = make_group("Choir", pupils=[], school=make_school("8239999"), by=COMMAND_LINE, now=NOW)

    with pytest.raises(NotFoundError):
        group_of(elsewhere, viewer=viewer_for(school, "head"), school=school, now=NOW)


@pytest.mark.parametrize("role", ["tutor", "teaching_assistant"])
def test_it_refuses_a_reader_who_may_not_make_groups(school: School, role: str) -> None:
    reader = viewer_for(school, role)

    for act in acts(school, made(school, AMY), reader):
        with pytest.raises(NotAllowedError):
            act()
    assert [Group.objects.get().code, GroupMember.objects.get().ends] == ["Reading club", None]


def test_it_refuses_who_may_not_ask(school: School) -> None:
    governor = viewer_for(school, "governor")

    with pytest.raises(NotAllowedError):
        groups_of(governor, school=school, now=NOW)
