import argon2
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings
from tests.school import NOW, make_school, sign_in_for

from headway.records.models import AuditEntry, School, User
from headway.services.sign_in.passwords import account_at, account_of, account_still, change_password
from headway.services.sign_in.sessions import count_sessions, end_sessions

pytestmark = pytest.mark.django_db
OLD, NEW = "a long enough passphrase", "plum kettle harbour nine"


@pytest.fixture
def school() -> School:
    made = make_school()
    made.name = "St Oakwood’s Primary School"
    made.save()
    return made


@pytest.fixture
def user(school: School) -> User:
    return sign_in_for(school, "head")


def signed_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    return str(client.session.session_key)


def test_it_signs_out_everywhere_but_here_when_the_password_changes(user: User, school: School) -> None:
    here, _ = signed_in(user), signed_in(user)
    signed_in(sign_in_for(school, "tutor"))
    change_password(user, password=NEW, keep=here, now=NOW)

    assert account_of(str(user.email), NEW) == user
    assert account_of(str(user.email), OLD) is None
    assert (count_sessions(user), count_sessions(user, but=here)) == (1, 0)
    assert AuditEntry.objects.get(action="change password").user_id == user.pk


def test_it_ends_one_accounts_sessions_and_nobody_elses(user: User, school: School) -> None:
    other = sign_in_for(school, "tutor")
    signed_in(user), signed_in(other)

    assert end_sessions(user) == 1
    assert (count_sessions(user), count_sessions(other)) == (0, 1)


def test_it_goes_on_with_nobody_whose_password_has_changed_or_account_has_closed(user: User) -> None:
    proof = user.get_session_auth_hash()
    assert account_still(user.pk, proof=proof) == user
    user.set_password(NEW)
    user.save()
    assert account_still(user.pk, proof=proof) is None
    User.objects.update(is_active=False)
    assert account_still(user.pk, proof=user.get_session_auth_hash()) is None
    assert account_at(str(user.email)) is None


@pytest.mark.parametrize("password", ["oakwood oakwood oakwood", "we all love Oak-Wood's", "St.Oakwoods2026!"])
def test_it_refuses_the_name_of_the_school(user: User, password: str) -> None:
    with pytest.raises(ValidationError, match="name of your school"):
        validate_password(password, user)


def test_it_takes_a_password_that_only_resembles_it(user: User) -> None:
    validate_password("plum kettle harbour oak", user)
    validate_password(NEW)


@pytest.mark.parametrize("password", ["short", "elevenlette", "123456789012", "qwertyuiop123456789"[:12]])
def test_it_refuses_what_is_short_or_well_known(user: User, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, user)


@pytest.mark.parametrize("whose", ["known", "nobody", "closed", "invited"])
def test_it_takes_as_long_over_nobody_as_over_a_wrong_password(
    user: User, settings: Settings, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    settings.PASSWORD_HASHERS = ["headway.config.passwords.SteadyArgon2Hasher"]
    user.set_password(OLD) if whose != "invited" else user.set_unusable_password()
    user.is_active = whose != "closed"
    user.save()
    hashed: list[int] = []
    low_level = argon2.low_level.hash_secret

    def counted(*given: object, **how: object) -> bytes:
        hashed.append(int(str(how["memory_cost"])))
        return low_level(*given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(argon2.low_level, "hash_secret", counted)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *_: hashed.append(19 * 1024))
    account_of("nobody@elm.example" if whose == "nobody" else str(user.email), "wrong, and wrong again")

    assert hashed == [19 * 1024]
