from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from pytest_django import Settings
from tests.school import NOW, make_school, sign_in_for, viewer_for

from headway.records.models import AuditEntry, School, User
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, viewer_of
from headway.services.people import add_person
from headway.services.sign_in import second_steps as steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def user(school: School) -> User:
    return sign_in_for(school, "class_teacher")


def code_at(secret: str, moment: datetime) -> str:
    """What a code app shows."""
    return str(format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30)))


def with_app(user: User, *, at: datetime = NOW - timedelta(days=1)) -> str:
    """Gives an account a code app; gives its secret."""
    secret = steps.fresh_secret()
    assert steps.add_code_app(user, secret, code_at(secret, at), now=at, keep=None)
    return secret


def test_it_adds_a_code_app_that_shows_the_right_code(user: User) -> None:
    assert not steps.has_second_step(user)
    with_app(user)

    assert steps.has_second_step(user)
    assert steps.second_steps_of(user).code_app_since == NOW - timedelta(days=1)
    assert AuditEntry.objects.filter(action="add code app").count() == 1


def test_it_adds_no_code_app_that_shows_another_code(user: User) -> None:
    secret = steps.fresh_secret()
    right = code_at(secret, NOW)
    wrong = f"{(int(right) + 1) % 10**6:06}"

    assert not steps.add_code_app(user, secret, wrong, now=NOW, keep=None)
    assert not steps.has_second_step(user)


def test_it_takes_a_code_once(user: User) -> None:
    secret = with_app(user)

    assert steps.check_code(user, code_at(secret, NOW), now=NOW) == "code"
    assert steps.check_code(user, code_at(secret, NOW), now=NOW) is None
    assert steps.check_code(user, code_at(secret, NOW), now=NOW + timedelta(seconds=30)) is None
    later = NOW + timedelta(seconds=60)
    assert steps.check_code(user, code_at(secret, later), now=later) == "code"


def test_it_takes_no_code_that_came_before_the_last_one(user: User) -> None:
    secret = with_app(user)
    steps.check_code(user, code_at(secret, NOW), now=NOW)

    assert steps.check_code(user, code_at(secret, NOW - timedelta(seconds=30)), now=NOW) is None


@pytest.mark.parametrize(("seconds", "kind"), [(-60, None), (-30, "code"), (30, "code"), (60, None)])
def test_it_bears_a_clock_that_is_half_a_minute_off(user: User, seconds: int, kind: str | None) -> None:
    secret = with_app(user)

    assert steps.check_code(user, code_at(secret, NOW + timedelta(seconds=seconds)), now=NOW) == kind


@pytest.mark.parametrize("typed", ["", "abcdef", "١٢٣٤٥٦", "12345", "-1", "0" * 100])
def test_it_takes_nothing_that_is_no_code(user: User, typed: str) -> None:
    with_app(user)
    steps.renew_recovery_codes(user, now=NOW, keep=None)

    assert steps.check_code(user, typed, now=NOW) is None


def test_it_takes_each_recovery_code_once(user: User) -> None:
    with_app(user)
    codes = steps.renew_recovery_codes(user, now=NOW, keep=None)

    assert len(set(codes)) == 10
    assert steps.check_code(user, codes[3], now=NOW) == "recovery"
    assert steps.check_code(user, codes[3], now=NOW) is None
    assert steps.second_steps_of(user).n_recovery_codes == 9


def test_it_ends_old_recovery_codes_with_new_ones(user: User) -> None:
    with_app(user)
    old = steps.renew_recovery_codes(user, now=NOW, keep=None)
    steps.renew_recovery_codes(user, now=NOW, keep=None)

    assert all(steps.check_code(user, code, now=NOW) is None for code in old)


def test_it_takes_nobody_elses_code(user: User, school: School) -> None:
    other = sign_in_for(school, "tutor")
    secret = with_app(user)
    with_app(other)

    assert steps.check_code(other, code_at(secret, NOW), now=NOW) is None


def test_it_keeps_secrets_sealed(user: User) -> None:
    secret = with_app(user)
    steps.renew_recovery_codes(user, now=NOW, keep=None)

    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_it_takes_no_code_whose_secret_was_sealed_elsewhere(user: User, settings: Settings) -> None:
    secret = with_app(user)
    settings.SECRET_KEY = "another installation's"

    assert steps.check_code(user, code_at(secret, NOW), now=NOW) is None


def test_it_takes_the_recovery_codes_away_with_the_last_step(user: User) -> None:
    with_app(user)
    steps.renew_recovery_codes(user, now=NOW, keep=None)
    steps.remove_code_app(user, now=NOW, keep=None)

    assert steps.second_steps_of(user) == steps.SecondSteps([], None, None)
    with pytest.raises(steps.StepGone):
        steps.remove_code_app(user, now=NOW, keep=None)


def test_it_changes_nobody_elses_passkey(user: User, school: School) -> None:
    other = sign_in_for(school, "tutor")
    passkey = Authenticator.objects.create(user=other, type="webauthn", data={"name": "Theirs", "credential": {}})

    with pytest.raises(steps.StepGone):
        steps.rename_passkey(user, passkey.pk, name="Mine", now=NOW)
    with pytest.raises(steps.StepGone):
        steps.remove_passkey(user, passkey.pk, now=NOW, keep=None)
    steps.rename_passkey(other, passkey.pk, name="  ", now=NOW)
    assert [each.name for each in steps.second_steps_of(other).passkeys] == ["Theirs"]


class TestForgettingThem:
    def test_the_head_forgets_what_somebody_has_lost(self, user: User, school: School) -> None:
        with_app(user)
        head = viewer_for(school, "head")
        steps.forget_second_steps(user, school=school, by=head, now=NOW)

        assert not steps.has_second_step(user)
        entry = AuditEntry.objects.get(action="forget second steps")
        assert (entry.by, entry.school_id) == (head.name, school.pk)

    def test_a_teacher_may_not_and_a_stranger_finds_nobody(self, user: User, school: School) -> None:
        elsewhere = make_school("8239999")
        with pytest.raises(NotAllowedError):
            steps.forget_second_steps(user, school=school, by=viewer_of(user), now=NOW)
        with pytest.raises(NotFoundError):
            steps.forget_second_steps(user, school=school, by=viewer_for(elsewhere, "head"), now=NOW)
        with pytest.raises(NotFoundError):
            steps.forget_second_steps(user, school=elsewhere, by=viewer_for(elsewhere, "assessment_manager"), now=NOW)

    def test_only_the_installer_does_for_who_works_in_two_schools(self, user: User, school: School) -> None:
        elsewhere = make_school("8239999")
        assert user.email
        add_person(name="T", email=user.email, roles="tutor", school=elsewhere, by=COMMAND_LINE, now=NOW)
        with_app(user)

        with pytest.raises(NotAllowedError):
            steps.forget_second_steps(user, school=school, by=viewer_for(school, "head"), now=NOW)
        steps.forget_second_steps(user, school=school, by=COMMAND_LINE, now=NOW)
        assert not steps.has_second_step(user)
