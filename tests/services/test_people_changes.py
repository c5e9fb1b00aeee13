"""Roles and days: changed at once, by those who may, and never beyond what they may themselves."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from headway.domain.roles import ScopedRole, parse_roles
from headway.records.models import Act, AuditEntry, Person, Pupil, School, Token, User
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, may, schools_of, viewer_of
from headway.services.groups import GroupRefusedError, make_group, rename
from headway.services.people import (
    PersonRefusedError,
    RoleRefusedError,
    bring_back,
    change_roles,
    end_time,
    person_of,
    roles_to_give,
    scopes_of,
)
from headway.services.transfers import UndoRefusedError, apply, undo
from headway.services.uploads import Reading, UploadRefusedError, apply_upload, keep, plan_of
from tests.school import (
    NOW,
    bring_in,
    csv,
    make_school,
    make_upn,
    planned,
    pupils_file,
    sign_in_for,
    viewer_for,
)

TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)
HEADERS = "staff,name,email,roles"


def person_for(school: School, role: str) -> Person:
    return Person.objects.get(user=sign_in_for(school, role))


def own(viewer: Viewer) -> Person:
    return Person.objects.get(user=viewer.user)


def held(person: Person) -> list[str]:
    return sorted(str(ScopedRole(*each)) for each in person.roles.values_list("role", "scope"))


def change(person: Person, by: Viewer, *, give: str = "", end: str = "") -> None:
    change_roles(
        person.uid,
        give=parse_roles(give) if give else (),
        end=parse_roles(end) if end else (),
        school=person.school,
        by=by,
        now=NOW,
    )


class TestRoles:
    def test_they_are_given_and_ended_together_in_one_act(self, tracked: School) -> None:
        person = person_for(tracked, "tutor")

        change(person, viewer_for(tracked, "head"), give="subject_leader:Mathematics; head_of_year:5", end="tutor")

        assert held(person) == ["head_of_year:5", "subject_leader:mathematics"]
        assert Act.objects.get(kind="change roles").revisions.count() == 3
        (entry,) = AuditEntry.objects.filter(action="change roles")
        assert entry.detail == {
            "person": str(person.uid),
            "given": ["subject_leader:mathematics", "head_of_year:5"],
            "ended": ["tutor"],
        }

    def test_what_is_named_by_neither_stays(self, tracked: School) -> None:
        person = person_for(tracked, "tutor")
        head = viewer_for(tracked, "head")
        change(person, head, give="senco")

        change(person, head, end="head; class_teacher")

        assert held(person) == ["senco", "tutor"]

    def test_they_hold_at_once(self, tracked: School) -> None:
        person = person_for(tracked, "head")
        assert person.user is not None
        assert may(viewer_of(person.user), "import", school=tracked, on=TODAY)

        change(person, COMMAND_LINE, give="class_teacher", end="head")

        assert not may(viewer_of(person.user), "import", school=tracked, on=TODAY)

    @pytest.mark.parametrize(
        ("roles", "said"),
        [
            ("subject_leader:alchemy", "no subject ‘alchemy’. Right would be one of"),
            ("head_of_year:9", "no year group ‘9’. Right would be one of 5"),
            ("tutor:9B", "no registration group yet"),
            ("senco:9B", "The role senco is not of anything"),
        ],
    )
    def test_it_refuses_what_is_not_there(self, tracked: School, roles: str, said: str) -> None:
        person = person_for(tracked, "tutor")

        with pytest.raises(RoleRefusedError, match=said):
            change(person, COMMAND_LINE, give=roles)
        assert held(person) == ["tutor"]

    def test_nobody_changes_their_own(self, school: School) -> None:
        head = viewer_for(school, "head")

        with pytest.raises(PersonRefusedError, match="Nobody changes their own roles"):
            change(own(head), head, give="senco")
        assert held(own(head)) == ["head"]

    @pytest.mark.parametrize(("role", "given", "ended"), [("tutor", "head", ""), ("head", "", "head")])
    def test_only_a_head_makes_or_unmakes_a_head(self, school: School, role: str, given: str, ended: str) -> None:
        person = person_for(school, role)
        manager = viewer_for(school, "assessment_manager")
        head = viewer_of(sign_in_for(school, "head", email="other.head@8231234.example"))

        with pytest.raises(PersonRefusedError, match="head"):
            change(person, manager, give=given, end=ended)
        assert held(person) == [role]
        change(person, head, give=given, end=ended)
        assert held(person) != [role]

    def test_only_the_command_line_makes_an_installer(self, school: School) -> None:
        person, head = person_for(school, "tutor"), viewer_for(school, "head")

        with pytest.raises(PersonRefusedError):
            change(person, head, give="installer")
        change(person, COMMAND_LINE, give="installer")
        assert "installer" not in roles_to_give(head, school=school, now=NOW)

    def test_an_assessment_manager_is_not_offered_the_role_of_head(self, school: School) -> None:
        manager = viewer_for(school, "assessment_manager")

        assert "head" not in roles_to_give(manager, school=school, now=NOW)
        assert "head" in roles_to_give(viewer_for(school, "head"), school=school, now=NOW)

    def test_somebody_who_manages_people_is_always_left(self, school: School) -> None:
        """The one who would be left leaves tomorrow: then nobody may take the other's role away today."""
        going, staying = viewer_for(school, "head"), viewer_of(sign_in_for(school, "head", email="h@h.example"))
        end_time(own(going).uid, last_day=TODAY, school=school, by=staying, now=NOW)

        with pytest.raises(PersonRefusedError, match="Nobody would be left to manage people"):
            change(own(staying), viewer_of(_again(going)), end="head")
        with pytest.raises(PersonRefusedError, match="Nobody would be left to manage people"):
            end_time(own(staying).uid, last_day=None, school=school, by=viewer_of(_again(going)), now=NOW)
        assert held(own(staying)) == ["head"]

    def test_it_is_for_those_who_manage_people_of_the_school(self, school: School) -> None:
        person = person_for(school, "tutor")

        with pytest.raises(NotAllowedError):
            change(person, viewer_for(school, "senior_leader"), give="senco")
        with pytest.raises(NotFoundError):
            change(person, viewer_for(make_school("8239999"), "head"), give="senco")

    def test_nobody_of_another_school_is_found(self, school: School) -> None:
        person = person_for(make_school("8239999"), "tutor")

        with pytest.raises(NotFoundError):
            change_roles(person.uid, school=school, by=viewer_for(school, "head"), now=NOW)


class TestLeaving:
    def test_at_once_is_out_at_the_next_click(self, school: School) -> None:
        person = person_for(school, "tutor")
        assert person.user is not None
        token = Token.objects.create(user=person.user, name="T", digest="d", made_at=NOW, ends=TODAY)

        day = end_time(person.uid, last_day=None, school=school, by=viewer_for(school, "head"), now=NOW)

        token.refresh_from_db()
        assert (day, token.revoked_at) == (YESTERDAY, NOW)
        assert list(schools_of(viewer_of(person.user), on=TODAY)) == []
        assert AuditEntry.objects.get(action="end time").detail["last_day"] == YESTERDAY.isoformat()
        assert Act.objects.filter(kind="end time").count() == 1

    def test_after_a_last_day_they_are_here_until_it_is_over(self, school: School) -> None:
        person = person_for(school, "tutor")
        assert person.user is not None

        end_time(person.uid, last_day=TODAY, school=school, by=viewer_for(school, "head"), now=NOW)

        viewer = viewer_of(person.user)
        assert list(schools_of(viewer, on=TODAY)) == [school]
        assert list(schools_of(viewer, on=TODAY + timedelta(days=1))) == []

    def test_whoever_began_today_can_be_out_today(self, school: School) -> None:
        row = f"AKH,A. Khan,a@a.example,tutor,{TODAY}"
        bring_in(school, csv(f"{HEADERS},from", row), file="staff.csv")

        end_time(Person.objects.get().uid, last_day=None, school=school, by=COMMAND_LINE, now=NOW)

        person = Person.objects.get()
        assert (person.starts, person.ends) == (YESTERDAY, YESTERDAY)

    def test_it_refuses_a_day_before_the_first(self, school: School) -> None:
        bring_in(school, csv(f"{HEADERS},from", "AKH,A. Khan,a@a.example,tutor,2026-09-01"), file="staff.csv")

        with pytest.raises(PersonRefusedError, match=r"A\. Khan began on 1 September 2026"):
            end_time(Person.objects.get().uid, last_day=date(2026, 8, 31), school=school, by=COMMAND_LINE, now=NOW)

    def test_they_can_be_brought_back_with_their_roles(self, school: School) -> None:
        person, head = person_for(school, "tutor"), viewer_for(school, "head")
        end_time(person.uid, last_day=None, school=school, by=head, now=NOW)

        bring_back(person.uid, school=school, by=head, now=NOW)

        assert person.user is not None
        assert list(schools_of(viewer_of(person.user), on=TODAY)) == [school]
        with pytest.raises(PersonRefusedError, match="has no last day"):
            bring_back(person.uid, school=school, by=head, now=NOW)

    @pytest.mark.parametrize("act", [end_time, bring_back])
    def test_nobody_does_it_to_themselves_and_nobody_but_a_head_to_a_head(
        self, school: School, act: Callable[..., object]
    ) -> None:
        head, manager = viewer_for(school, "head"), viewer_for(school, "assessment_manager")
        end_time(own(head).uid, last_day=TODAY, school=school, by=COMMAND_LINE, now=NOW)
        options = {"last_day": date(2027, 1, 1)} if act is end_time else {}

        for by in (head, manager):
            with pytest.raises(PersonRefusedError):
                act(own(head).uid, **options, school=school, by=viewer_of(_again(by)), now=NOW)
        assert own(head).ends == TODAY

    def test_it_is_for_those_who_manage_people_of_the_school(self, school: School) -> None:
        person = person_for(school, "tutor")
        for act, options in ((end_time, {"last_day": None}), (bring_back, {})):
            with pytest.raises(NotAllowedError):
                act(person.uid, **options, school=school, by=viewer_for(school, "data_manager"), now=NOW)
            with pytest.raises(NotFoundError):
                elsewhere = School.objects.filter(dfe="8239999").first() or make_school("8239999")
                act(person.uid, **options, school=school, by=viewer_for(elsewhere, "head"), now=NOW)


class TestOnePerson:
    def test_it_says_what_changed_and_what_may_be_done(self, school: School) -> None:
        person, head = person_for(school, "tutor"), viewer_for(school, "head")
        change(person, head, give="senco", end="tutor")

        found = person_of(person.uid, viewer=head, school=school, now=NOW)

        assert [str(each.role) for each in found.row.roles] == ["senco"]
        assert [(each.kind, each.by) for each in found.changes] == [
            ("change roles", "Head"),
            ("add person", "Command line"),
        ]
        assert (found.own, found.above, found.signs_in_as) == (False, False, "tutor@8231234.example")
        assert person_of(own(head).uid, viewer=head, school=school, now=NOW).own

    def test_a_head_is_above_an_assessment_manager(self, school: School) -> None:
        person, manager = person_for(school, "head"), viewer_for(school, "assessment_manager")

        assert person_of(person.uid, viewer=manager, school=school, now=NOW).above

    def test_it_is_for_those_who_manage_people_of_the_school(self, school: School) -> None:
        person = person_for(school, "tutor")
        with pytest.raises(NotAllowedError):
            person_of(person.uid, viewer=viewer_for(school, "class_teacher"), school=school, now=NOW)
        with pytest.raises(NotFoundError):
            person_of(person.uid, viewer=viewer_for(make_school("8239999"), "head"), school=school, now=NOW)


class TestStaffFile:
    """The file does no more than its sender may do on the page of people."""

    def test_it_gives_roles_with_what_they_are_of(self, tracked: School) -> None:
        row = "AKH,A. Khan,a@a.example,class_teacher; Subject leader: Reading; head_of_year:Y5; learning_mentor:Poets"
        made = planned(tracked, csv(HEADERS, row), file="staff.csv")
        apply(made, by=COMMAND_LINE, now=NOW)

        assert held(Person.objects.get()) == [
            "class_teacher",
            "head_of_year:5",
            "learning_mentor:Poets",
            "subject_leader:reading",
        ]
        assert list(made.warnings) == [
            "row 2: there is no group ‘Poets’ yet; until there is, learning_mentor:Poets sees nobody by it."
        ]

    @pytest.mark.parametrize(
        ("roles", "wrong", "right"),
        [
            ("subject_leader:alchemy", "the school has no subject ‘alchemy’", "one of "),
            ("head_of_year:9", "the school has no year group ‘9’", "one of 5"),
            ("tutor:5Z", "the school has no registration group yet", "to bring in the pupils file first"),
            ("head:5", "the role head is not of anything, but ‘5’ stands after it", "head"),
        ],
    )
    def test_it_refuses_what_is_not_there_at_its_place(
        self, tracked: School, roles: str, wrong: str, right: str
    ) -> None:
        (problem,) = planned(tracked, csv(HEADERS, f"AKH,A. Khan,a@a.example,{roles}"), file="staff.csv").problems

        assert (problem.row, problem.column, problem.value, problem.wrong) == (2, "roles", roles, wrong)
        assert problem.right.startswith(right)

    def test_what_is_held_already_is_no_refusal_though_it_is_gone(self, tracked: School) -> None:
        bring_in(tracked, csv(HEADERS, "AKH,A. Khan,a@a.example,head_of_year:5"), file="staff.csv")
        pupils = Pupil.objects.filter(school=tracked)
        bring_in(
            tracked,
            pupils_file({pupil.upn: {"year_group": "6"} for pupil in pupils}),
            file="pupils.csv",
        )

        made = planned(tracked, csv(HEADERS, "AKH,A. Khan,a@a.example,head_of_year:5"), file="staff.csv")

        assert (made.counts, list(scopes_of(tracked).there["year"])) == ("0 new, 0 changed, 1 same, 0 refused", ["6"])

    def test_the_plan_says_what_ends(self, school: School) -> None:
        bring_in(school, csv(HEADERS, "AKH,A. Khan,a@a.example,tutor; senco"), file="staff.csv")

        made = planned(school, csv(f"{HEADERS},to", f"AKH,A. Khan,a@a.example,tutor,{YESTERDAY}"), file="staff.csv")

        assert list(made.warnings) == [
            "row 2: A. Khan will no longer be senco, from the next click.",
            "row 2: A. Khan's last day is 22 November 2026, and A. Khan is out at the next click.",
        ]
        (row,) = made.rows
        assert (row.outcome, row.before) == ("changed", "ends nothing, roles senco; tutor")
        assert row.after == "ends 2026-11-22, roles tutor"

    def test_whoever_is_not_in_it_is_untouched(self, school: School) -> None:
        bring_in(school, csv(HEADERS, "AKH,A. Khan,a@a.example,tutor"), file="staff.csv")
        bring_in(school, csv(HEADERS, "BLE,B. Lee,b@b.example,tutor"), file="staff.csv")

        assert {person.code: held(person) for person in Person.objects.all()} == {"AKH": ["tutor"], "BLE": ["tutor"]}

    def test_nobody_changes_their_own_row_and_nobody_but_a_head_a_heads(self, school: School) -> None:
        head, manager = viewer_for(school, "head"), viewer_for(school, "assessment_manager")
        rows = (
            "head,Head,head@8231234.example,senco",
            "assessment_manager,Manager,assessment_manager@8231234.example,assessment_manager; senior_leader",
            "AKH,A. Khan,a@a.example,head",
        )

        by_manager = planned(school, csv(HEADERS, *rows), file="staff.csv", by=manager)
        by_head = planned(school, csv(HEADERS, *rows), file="staff.csv", by=head)

        assert [(each.row, each.wrong) for each in by_manager.problems] == [
            (2, "only a head makes or unmakes head"),
            (3, "nobody changes their own roles or days"),
            (4, "only a head makes or unmakes head"),
        ]
        assert [(each.row, each.wrong) for each in by_head.problems] == [(2, "nobody changes their own roles or days")]

    def test_a_row_that_changes_nothing_of_ones_own_is_the_same(self, school: School) -> None:
        manager = viewer_for(school, "assessment_manager")
        rows = (f"{own(manager).code},Assessment manager,{own(manager).email},assessment_manager",)

        made = planned(school, csv(HEADERS, *rows), file="staff.csv", by=manager)

        assert made.counts == "0 new, 0 changed, 1 same, 0 refused"

    def test_it_leaves_somebody_to_manage_people(self, school: School) -> None:
        going, staying = viewer_for(school, "head"), viewer_of(sign_in_for(school, "head", email="h@h.example"))
        end_time(own(going).uid, last_day=TODAY, school=school, by=staying, now=NOW)
        row = f"{own(staying).code},H,h@h.example,tutor"
        by = viewer_of(_again(going))
        upload = keep(
            csv(HEADERS, row), file="staff.csv", reading=Reading(None, None, None), school=school, by=by, now=NOW
        )
        shown = plan_of(upload, viewer=by, school=school, now=NOW)

        with pytest.raises(UploadRefusedError, match="Nobody would be left to manage people"):
            apply_upload(upload, seen=shown.seen, leave_out_refused=False, school=school, by=by, now=NOW)
        assert held(own(staying)) == ["head"]

    def test_undoing_it_gives_no_role_back_that_its_author_may_not_give(self, school: School) -> None:
        person = person_for(school, "head")
        row = f"{person.code},Head,{person.email},tutor"
        done = bring_in(school, csv(HEADERS, row), file="staff.csv")

        with pytest.raises(UndoRefusedError, match="Only a head makes or unmakes a head"):
            undo(done.transfer, school=school, by=viewer_for(school, "assessment_manager"), now=NOW)
        assert held(person) == ["tutor"]


class TestScopes:
    def test_a_mentor_goes_on_with_a_group_that_is_renamed(self, tracked: School) -> None:
        group = make_group("Poets", pupils=[], school=tracked, by=COMMAND_LINE, now=NOW)
        person = person_for(tracked, "tutor")
        change(person, COMMAND_LINE, give="learning_mentor:poets")

        rename(group, name="Players", school=tracked, by=COMMAND_LINE, now=NOW)

        assert held(person) == ["learning_mentor:Players", "tutor"]
        with pytest.raises(GroupRefusedError, match="The group has a mentor"):
            rename(group, name="Poets; players", school=tracked, by=COMMAND_LINE, now=NOW)

    def test_they_are_what_the_school_has(self, tracked: School) -> None:
        there = scopes_of(tracked).there

        assert there["subject"]["mathematics"] == "Mathematics"
        assert dict(there["year"]) == {"5": "Year 5"}
        assert (dict(there["tutor_group"]), dict(there["group"])) == ({}, {})

    def test_a_registration_group_is_found_in_any_letter_case(self, school: School) -> None:
        bring_in(
            school,
            pupils_file({make_upn(1): {"reg_group": "5 Oak"}}, columns=["reg_group"]),
            file="pupils.csv",
        )

        assert scopes_of(school).settled(ScopedRole("tutor", "5 OAK")) == ScopedRole("tutor", "5 Oak")


def _again(viewer: Viewer) -> User:
    """The account as the next request reads it."""
    assert viewer.user is not None
    return User.objects.get(pk=viewer.user.pk)
