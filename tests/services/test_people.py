"""People: added, invited and listed."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from headway.records.models import Act, AuditEntry, Person, Role, School, User
from headway.services.access import (
    COMMAND_LINE,
    NotAllowedError,
    NotFoundError,
    Viewer,
    may,
    schools_of,
    viewer_of,
)
from headway.services.people import (
    Invited,
    PersonRefusedError,
    RoleRefusedError,
    add_person,
    claimed_user,
    invite,
    invite_person,
    people_of,
)
from tests.school import NOW, bring_in, csv, make_school, sign_in_for, viewer_for

KHAN = "a.khan@school.example"


def add(school: School, *, roles: str = "class_teacher", email: str = KHAN, name: str = "A. Khan") -> User:
    return add_person(name=name, email=email, roles=roles, school=school, by=COMMAND_LINE, now=NOW)


class TestAdd:
    def test_somebody_new_is_a_person_with_roles_and_an_account_that_cannot_sign_in_yet(self, school: School) -> None:
        user = add(school, roles="class_teacher; senco", email=" A.Khan@School.example ")

        person = Person.objects.get()
        assert (person.name, person.code, person.email, person.user) == ("A. Khan", "a.khan", KHAN, user)
        assert sorted(Role.objects.values_list("role", flat=True)) == ["class_teacher", "senco"]
        assert not user.has_usable_password()

    def test_it_is_an_act_and_audited_without_a_name(self, school: School) -> None:
        add(school)

        act = Act.objects.get(kind="add person")
        (entry,) = AuditEntry.objects.filter(action="add person")
        assert act.revisions.count() == 2
        assert entry.detail == {"person": str(Person.objects.get().uid), "roles": ["class_teacher"]}

    def test_somebody_of_the_staff_file_is_found_by_address_in_any_letter_case(self, school: School) -> None:
        bring_in(school, csv("staff,name,email,roles", "AKH,Aisha Khan,A.KHAN@school.example,tutor"), file="staff.csv")

        user = add(school, roles="tutor;head")

        person = Person.objects.get()
        assert (person.code, person.name, person.user) == ("AKH", "Aisha Khan", user)
        assert sorted(Role.objects.values_list("role", flat=True)) == ["head", "tutor"]

    def test_one_account_may_work_in_two_schools(self, school: School) -> None:
        other = make_school("8239999")

        assert add(school) == add(other, roles="head")

        viewer = viewer_of(User.objects.get())
        assert set(schools_of(viewer, on=NOW.date())) == {school, other}
        assert not may(viewer, "import", school=school, on=NOW.date())
        assert may(viewer, "import", school=other, on=NOW.date())

    def test_two_people_of_one_name_get_codes_of_their_own(self, school: School) -> None:
        for host in ("one", "two", "three"):
            add(school, email=f"a.khan@{host}.example")

        assert sorted(Person.objects.values_list("code", flat=True)) == ["a.khan", "a.khan2", "a.khan3"]

    def test_it_refuses_a_staff_code_that_somebody_has(self, school: School) -> None:
        add(school)

        with pytest.raises(PersonRefusedError, match=r"Somebody else has the staff code A\.KHAN"):
            add_person(
                name="B", email="b@b.example", roles="head", school=school, by=COMMAND_LINE, now=NOW, code="A.KHAN"
            )

    @pytest.mark.parametrize(
        "email", ["", "a.khan", "a khan@school.example", "@school.example", "a@b", "a" * 250 + KHAN]
    )
    def test_it_refuses_what_is_no_address(self, school: School, email: str) -> None:
        with pytest.raises(PersonRefusedError, match="is not an e-mail address"):
            add(school, email=email)

    def test_it_refuses_a_role_it_does_not_know_and_a_name_that_is_none(self, school: School) -> None:
        with pytest.raises(ValueError, match="'wizard' is not a role"):
            add(school, roles="wizard")
        with pytest.raises(PersonRefusedError, match="no name"):
            add(school, name=" ")
        assert not User.objects.exists()

    def test_only_the_head_and_the_assessment_manager_may(self, school: School) -> None:
        for role in ("head", "assessment_manager"):
            by = viewer_for(school, role)
            add_person(name="B", email=f"{role}@b.example", roles="tutor", school=school, by=by, now=NOW)
        by = viewer_for(school, "data_manager")
        with pytest.raises(NotAllowedError):
            add_person(name="C", email="c@c.example", roles="tutor", school=school, by=by, now=NOW)

    def test_a_stranger_finds_no_school(self, school: School) -> None:
        stranger = viewer_for(make_school("8239999"), "head")

        with pytest.raises(NotFoundError):
            add_person(name="C", email="c@c.example", roles="head", school=school, by=stranger, now=NOW)


class TestInvite:
    def invited(self, school: School, by: Viewer, *, email: str = KHAN, roles: str = "class_teacher") -> Invited:
        return invite(name="A. Khan", email=email, roles=roles, code="AKH", school=school, by=by, now=NOW)

    def test_it_makes_a_person_an_account_and_a_link_that_claims_it(self, school: School) -> None:
        made = self.invited(school, viewer_for(school, "head"))

        person = Person.objects.get(code="AKH")
        assert (made.person, made.name, made.email) == (person.uid, "A. Khan", KHAN)
        assert made.path is not None
        assert claimed_user(*made.path.split("/")[2:]) == person.user

    def test_a_second_link_ends_the_first(self, school: School) -> None:
        head = viewer_for(school, "head")
        first = self.invited(school, head)
        second = invite_person(first.person, school=school, by=head, now=NOW)

        assert first.path is not None
        assert second.path is not None
        assert claimed_user(*first.path.split("/")[2:]) is None
        assert claimed_user(*second.path.split("/")[2:]) is not None

    def test_somebody_of_the_staff_file_is_invited_with_the_roles_they_have(self, school: School) -> None:
        row = "AKH,Aisha Khan,a.khan@school.example,tutor; class_teacher"
        bring_in(school, csv("staff,name,email,roles", row), file="staff.csv")
        person = Person.objects.get()

        made = invite_person(person.uid, school=school, by=viewer_for(school, "head"), now=NOW)

        assert (made.name, made.path is not None) == ("Aisha Khan", True)
        assert Role.objects.filter(person=person).count() == 2

    def test_somebody_with_a_password_gets_the_roles_and_no_link(self, school: School) -> None:
        sign_in_for(school, "tutor", email=KHAN)

        assert self.invited(school, viewer_for(school, "head"), roles="senco").path is None

    def test_no_school_invites_an_account_of_another(self, school: School) -> None:
        """Else a link made here, or made there before, would open both."""
        add(make_school("8239999"), roles="head")

        with pytest.raises(PersonRefusedError, match="signs in to other schools too"):
            self.invited(school, viewer_for(school, "head"))
        assert not Person.objects.filter(school=school, email=KHAN).exists()

    def test_no_address_of_another_person_is_taken_for_an_account(self, school: School) -> None:
        add(school)
        row = "a.khan,A. Khan,other@school.example,class_teacher"
        bring_in(school, csv("staff,name,email,roles", row), file="staff.csv")

        with pytest.raises(PersonRefusedError, match=r"signs in as a\.khan@school\.example already"):
            self.invited(school, viewer_for(school, "head"), email="other@school.example")

    def test_whoever_has_left_is_brought_back_first(self, school: School) -> None:
        row = f"AKH,Aisha Khan,{KHAN},tutor,{NOW.date() - timedelta(days=1)}"
        bring_in(school, csv("staff,name,email,roles,to", row), file="staff.csv")

        with pytest.raises(PersonRefusedError, match="has left"):
            self.invited(school, viewer_for(school, "head"))

    def test_only_a_head_invites_a_head(self, school: School) -> None:
        with pytest.raises(PersonRefusedError, match="Only a head makes or unmakes a head"):
            self.invited(school, viewer_for(school, "assessment_manager"), roles="head")
        assert not User.objects.filter(email=KHAN).exists()
        assert self.invited(school, viewer_for(school, "head"), roles="head").path

    def test_only_a_head_makes_the_link_of_an_invited_head(self, school: School) -> None:
        add(school, roles="head")

        with pytest.raises(PersonRefusedError, match="is a head"):
            self.invited(school, viewer_for(school, "assessment_manager"))

    def test_it_refuses_what_the_school_does_not_have(self, school: School) -> None:
        with pytest.raises(RoleRefusedError, match="no subject ‘alchemy’"):
            self.invited(school, viewer_for(school, "head"), roles="subject_leader:alchemy")
        assert not User.objects.filter(email=KHAN).exists()

    def test_it_is_for_those_who_manage_people_of_the_school(self, school: School) -> None:
        with pytest.raises(NotAllowedError):
            self.invited(school, viewer_for(school, "senior_leader"))
        with pytest.raises(NotFoundError):
            self.invited(school, viewer_for(make_school("8239999"), "head"))


class TestList:
    def test_it_lists_people_by_name_with_their_roles_and_how_their_account_stands(self, school: School) -> None:
        add(school, roles="tutor;head", name="Zoë Young", email="z.young@school.example")
        bring_in(school, csv("staff,name,email,roles", "AKH,A. Khan,a.khan@school.example,tutor"), file="staff.csv")

        found = people_of(COMMAND_LINE, school=school, now=NOW)

        assert [(each.code, each.name, [str(held.role) for held in each.roles], each.account) for each in found] == [
            ("AKH", "A. Khan", ["tutor"], "none"),
            ("z.young", "Zoë Young", ["head", "tutor"], "invited"),
        ]

    def test_it_says_whose_account_sleeps_is_closed_or_lacks_a_second_step(self, school: School) -> None:
        for role, last, active in (("head", 1, True), ("senco", 200, True), ("tutor", 1, False)):
            user = sign_in_for(school, role)
            user.last_login, user.is_active = NOW - timedelta(days=last), active
            user.save()
        Authenticator.objects.create(
            user=User.objects.get(email="head@8231234.example"), type=Authenticator.Type.WEBAUTHN, data={}
        )

        found = {each.code: each for each in people_of(COMMAND_LINE, school=school, now=NOW)}

        assert {code: each.account for code, each in found.items()} == {
            "head": "open",
            "senco": "dormant",
            "tutor": "closed",
        }
        assert {code: (each.second_step, each.needs_second_step) for code, each in found.items()} == {
            "head": (True, True),
            "senco": (False, True),
            "tutor": (False, False),
        }

    def test_it_is_for_those_who_manage_people(self, school: School) -> None:
        with pytest.raises(NotAllowedError):
            people_of(viewer_for(school, "class_teacher"), school=school, now=NOW)
        with pytest.raises(NotFoundError):
            people_of(viewer_for(make_school("8239999"), "head"), school=school, now=NOW)
