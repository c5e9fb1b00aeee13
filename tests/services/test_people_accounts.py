"""People and their accounts: claimed once, reset at once, and gone with the day somebody leaves."""

from datetime import date, datetime, timedelta
from importlib import import_module
from uuid import UUID, uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session

from headway.records import history
from headway.records.history import Author
from headway.records.models import AuditEntry, Device, Person, School, Token, User, Visit
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
    add_person,
    claim_account,
    claim_path,
    claimed_user,
    disable_account,
    is_dormant,
    new_link,
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
        """Else whoever manages one school could reset the head of another, and walk in there."""
        victim = sign_in_for(make_school("8239999"), "head", email=KHAN)
        add(school, roles="governor")

        with pytest.raises(PersonRefusedError, match="signs in to other schools too"):
            reset_account(KHAN, school=school, by=viewer_for(school, "assessment_manager"), now=NOW)

        victim.refresh_from_db()
        assert victim.has_usable_password()
        assert reset_account(KHAN, school=school, by=COMMAND_LINE, now=NOW)

    def test_nobody_but_a_head_resets_a_head(self, school: School) -> None:
        """Else an assessment manager would hold the link to the head's account."""
        sign_in_for(school, "head", email=KHAN)

        with pytest.raises(PersonRefusedError, match="is a head"):
            reset_account(KHAN, school=school, by=viewer_for(school, "assessment_manager"), now=NOW)
        assert reset_account(KHAN, school=school, by=viewer_for(school, "head"), now=NOW)

    def test_nobody_resets_their_own(self, school: School) -> None:
        head = sign_in_for(school, "head", email=KHAN)

        with pytest.raises(PersonRefusedError, match="your own account"):
            reset_account(KHAN, school=school, by=viewer_of(head), now=NOW)

    def test_it_ends_the_tokens_too_and_second_steps_only_where_they_are_lost(self, school: School) -> None:
        user = sign_in_for(school, "tutor", email=KHAN)
        person = Person.objects.get(user=user)
        token = Token.objects.create(user=user, name="T", digest="d", made_at=NOW, ends=NOW.date())
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})

        new_link(person.uid, school=school, by=COMMAND_LINE, now=NOW)
        kept = Authenticator.objects.count()
        new_link(person.uid, lost_steps=True, school=school, by=COMMAND_LINE, now=NOW)

        token.refresh_from_db()
        assert (token.revoked_at, kept, Authenticator.objects.count()) == (NOW, 1, 0)

    def test_only_the_head_and_the_assessment_manager_may(self, school: School) -> None:
        sign_in_for(school, "tutor", email=KHAN)

        with pytest.raises(NotAllowedError):
            reset_account(KHAN, school=school, by=viewer_for(school, "senior_leader"), now=NOW)


class TestDisable:
    def test_it_ends_the_account_its_sessions_and_its_tokens_at_once(self, school: School) -> None:
        user = sign_in_for(school, "head", email=KHAN)
        sign_in_somewhere(user)
        token = Token.objects.create(user=user, name="T", digest="d", made_at=NOW, ends=NOW.date())

        disable_account(KHAN.upper(), school=school, by=COMMAND_LINE, now=NOW)

        user.refresh_from_db()
        token.refresh_from_db()
        assert (user.is_active, token.revoked_at, Session.objects.count()) == (False, NOW, 0)
        assert AuditEntry.objects.filter(action="disable account").count() == 1

    def test_a_reset_opens_it_again(self, school: School) -> None:
        user = sign_in_for(school, "tutor", email=KHAN)
        disable_account(KHAN, school=school, by=COMMAND_LINE, now=NOW)

        path = reset_account(KHAN, school=school, by=COMMAND_LINE, now=NOW)

        assert claimed_user(*path.split("/")[2:]) == user

    def test_it_is_for_those_who_manage_people_of_the_school(self, school: School) -> None:
        sign_in_for(school, "tutor", email=KHAN)
        with pytest.raises(NotAllowedError):
            disable_account(KHAN, school=school, by=viewer_for(school, "data_manager"), now=NOW)
        with pytest.raises(NotFoundError):
            disable_account(KHAN, school=school, by=viewer_for(make_school("8239999"), "head"), now=NOW)


class TestDormant:
    @pytest.mark.parametrize(("days", "asleep"), [(90, False), (91, True)])
    def test_an_account_sleeps_when_nobody_used_it_for_ninety_days(
        self, school: School, days: int, asleep: bool
    ) -> None:
        user = sign_in_for(school, "head", email=KHAN)
        user.last_login = NOW - timedelta(days=days)
        user.save()

        assert is_dormant(user, now=NOW) is asleep

    def test_a_visit_or_a_device_keeps_it_awake(self, school: School) -> None:
        long_ago = NOW - timedelta(days=200)
        users = [sign_in_for(school, role) for role in ("head", "tutor", "senco")]
        for user in users:
            user.last_login = long_ago
            user.save()
        Visit.objects.create(school=school, user=users[0], seen_at=NOW)
        Device.objects.create(user=users[1], digest="d", name="D", first_seen_at=long_ago, last_seen_at=NOW)

        assert [is_dormant(user, now=NOW) for user in users] == [False, False, True]

    def test_a_new_link_wakes_it(self, school: School) -> None:
        user = sign_in_for(school, "head", email=KHAN)
        user.last_login = NOW - timedelta(days=200)
        user.save()

        claim_account(user, password="another long passphrase", now=NOW)

        assert not is_dormant(user, now=NOW)

    def test_who_was_never_here_and_who_is_no_staff_does_not_sleep(self, school: School) -> None:
        parent = User.objects.create_user("parent@home.example", "a long enough passphrase")
        parent.last_login = NOW - timedelta(days=200)
        parent.save()

        assert not is_dormant(sign_in_for(school, "head"), now=NOW)
        assert not is_dormant(parent, now=NOW)


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
