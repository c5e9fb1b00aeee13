"""People and their accounts: claimed once, reset at once, and gone with the day somebody leaves."""

from datetime import date, datetime, timedelta
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session

from headway.records import history
from headway.records.history import Author
from headway.records.models import Act, AuditEntry, Person, Role, School, User
from headway.services.access import (
    COMMAND_LINE,
    NotAllowedError,
    NotFoundError,
    may,
    pupils_within_reach,
    require,
    schools_of,
    sees_whole_school,
    viewer_of,
)
from headway.services.people import (
    PersonRefusedError,
    accounts_of,
    add_person,
    claim_path,
    claimed_user,
    reset_account,
)
from tests.school import NOW, bring_in, csv, make_school, sign_in_for, viewer_for

KHAN = "a.khan@school.example"


def add(school: School, *, roles: str = "class_teacher", email: str = KHAN, name: str = "A. Khan") -> User:
    return add_person(name=name, email=email, roles=roles, school=school, by=COMMAND_LINE, now=NOW)


def link_of(user: User) -> tuple[UUID, str]:
    """The two parts of a one-time link."""
    _, claim, key, token = claim_path(user).split("/")
    assert claim == "claim"
    return UUID(key), token


def sign_in_somewhere(user: User) -> str:
    """A session of somebody's, as a browser keeps it."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()
    return str(session.session_key)


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


class TestClaim:
    def test_a_link_names_its_account(self, school: School) -> None:
        user = add(school)

        assert claimed_user(*link_of(user)) == user

    def test_it_works_once(self, school: School) -> None:
        user = add(school)
        link = link_of(user)

        user.set_password("a long enough passphrase")
        user.save()

        assert claimed_user(*link) is None

    def test_it_ends_with_the_first_sign_in(self, school: School) -> None:
        user = add(school)
        link = link_of(user)

        user.last_login = NOW
        user.save()

        assert claimed_user(*link) is None

    def test_it_grows_old(self, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
        link = link_of(add(school))
        later = datetime.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)

        monkeypatch.setattr(default_token_generator, "_now", lambda: later)

        assert claimed_user(*link) is None

    def test_it_does_not_outlive_the_account(self, school: School) -> None:
        user = add(school)
        link = link_of(user)
        user.is_active = False
        user.save()

        assert claimed_user(*link) is None

    def test_a_link_is_nobody_elses(self, school: School) -> None:
        one, two = add(school), add(school, email="b.lee@school.example")

        assert claimed_user(link_of(one)[0], link_of(two)[1]) is None

    def test_a_link_of_nobody_is_nobodys(self, school: School) -> None:
        _, token = link_of(add(school))

        assert claimed_user(uuid4(), token) is None


class TestReset:
    def test_it_ends_the_password_and_every_session_and_gives_a_new_link(self, school: School) -> None:
        user = sign_in_for(school, "head", email=KHAN)
        other = sign_in_for(school, "tutor")
        gone, kept = sign_in_somewhere(user), sign_in_somewhere(other)

        path = reset_account("A.Khan@school.example", school=school, by=COMMAND_LINE, now=NOW)

        user.refresh_from_db()
        assert not user.has_usable_password()
        assert set(Session.objects.values_list("session_key", flat=True)) == {kept}
        assert gone != kept
        assert claimed_user(*path.split("/")[2:]) == user
        (entry,) = AuditEntry.objects.filter(action="reset account")
        assert entry.detail == {"user": str(user.uid)}

    def test_an_earlier_link_no_longer_works(self, school: School) -> None:
        user = sign_in_for(school, "head", email=KHAN)
        earlier = link_of(user)

        reset_account(KHAN, school=school, by=COMMAND_LINE, now=NOW)

        assert claimed_user(*earlier) is None

    @pytest.mark.parametrize("email", ["nobody@school.example", ""])
    def test_it_refuses_somebody_it_does_not_know(self, school: School, email: str) -> None:
        with pytest.raises(PersonRefusedError, match="Nobody at School 8231234 signs in as"):
            reset_account(email, school=school, by=COMMAND_LINE, now=NOW)

    def test_it_knows_nobody_of_another_school(self, school: School) -> None:
        sign_in_for(make_school("8239999"), "head", email=KHAN)

        with pytest.raises(PersonRefusedError):
            reset_account(KHAN, school=school, by=viewer_for(school, "head"), now=NOW)

    def test_no_school_resets_an_account_that_opens_another(self, school: School) -> None:
        """Else whoever manages one school could add another's head to it, reset them, and walk in there."""
        victim = sign_in_for(make_school("8239999"), "head", email=KHAN)
        manager = viewer_for(school, "assessment_manager")
        add_person(name="A. Khan", email=KHAN, roles="governor", school=school, by=manager, now=NOW)

        with pytest.raises(PersonRefusedError, match="signs in to other schools too"):
            reset_account(KHAN, school=school, by=manager, now=NOW)

        victim.refresh_from_db()
        assert victim.has_usable_password()
        assert reset_account(KHAN, school=school, by=COMMAND_LINE, now=NOW)

    def test_only_the_head_and_the_assessment_manager_may(self, school: School) -> None:
        sign_in_for(school, "tutor", email=KHAN)

        with pytest.raises(NotAllowedError):
            reset_account(KHAN, school=school, by=viewer_for(school, "senior_leader"), now=NOW)


class TestList:
    def test_it_lists_people_by_name_with_their_roles_and_whether_they_sign_in(self, school: School) -> None:
        add(school, roles="tutor;head", name="Zoë Young", email="z.young@school.example")
        bring_in(school, csv("staff,name,email,roles", "AKH,A. Khan,a.khan@school.example,tutor"), file="staff.csv")

        found = accounts_of(COMMAND_LINE, school=school, now=NOW)

        assert [(each.code, each.name, each.roles, each.can_sign_in) for each in found] == [
            ("AKH", "A. Khan", ("tutor",), False),
            ("z.young", "Zoë Young", ("head", "tutor"), True),
        ]

    def test_it_is_for_those_who_manage_people(self, school: School) -> None:
        with pytest.raises(NotAllowedError):
            accounts_of(viewer_for(school, "class_teacher"), school=school, now=NOW)


class TestLeavers:
    @pytest.mark.parametrize(
        ("starts", "ends", "in_post"),
        [
            (None, None, True),
            (None, NOW.date(), True),
            (None, NOW.date() - timedelta(days=1), False),
            (NOW.date(), None, True),
            (NOW.date() + timedelta(days=1), None, False),
        ],
        ids=["no dates", "last day", "day after", "first day", "day before"],
    )
    def test_access_begins_and_ends_with_the_days_in_post(
        self, tracked: School, starts: date | None, ends: date | None, in_post: bool
    ) -> None:
        viewer = viewer_for(tracked, "head")
        person = Person.objects.get(user=viewer.user)
        person.starts, person.ends = starts, ends
        history.record(history.begin(tracked, kind="dates", by=Author("Somebody"), at=NOW), changed=[person])

        today = NOW.date()
        assert may(viewer, "ask", school=tracked, on=today) is in_post
        assert sees_whole_school(viewer, school=tracked, on=today) is in_post
        assert list(schools_of(viewer, on=today)) == ([tracked] if in_post else [])
        assert pupils_within_reach(viewer, school=tracked, on=today).count() == (2 if in_post else 0)
        if not in_post:
            with pytest.raises(NotFoundError):
                require(viewer, "ask", school=tracked, on=today)

    def test_the_staff_file_says_who_leaves(self, tracked: School) -> None:
        head = viewer_for(tracked, "head")
        code = Person.objects.get(user=head.user).code
        row = f"{code},Head,head@8231234.example,head,{NOW.date() - timedelta(days=1)}"

        bring_in(tracked, csv("staff,name,email,roles,to", row), file="staff.csv")

        assert not may(head, "ask", school=tracked, on=NOW.date())

    def test_a_role_that_is_taken_away_is_gone_at_once(self, tracked: School) -> None:
        head = viewer_for(tracked, "head")
        code = Person.objects.get(user=head.user).code

        bring_in(
            tracked,
            csv("staff,name,email,roles", f"{code},Head,head@8231234.example,governor"),
            file="staff.csv",
        )

        assert not may(head, "ask", school=tracked, on=NOW.date())
        with pytest.raises(NotAllowedError):
            require(head, "ask", school=tracked, on=NOW.date())

    def test_a_closed_account_reaches_nothing(self, tracked: School) -> None:
        head = viewer_for(tracked, "head")
        assert head.user is not None
        head.user.is_active = False
        head.user.save()

        assert not may(viewer_of(head.user), "ask", school=tracked, on=NOW.date())
        assert not pupils_within_reach(viewer_of(head.user), school=tracked, on=NOW.date()).exists()
