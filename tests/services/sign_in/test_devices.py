from datetime import timedelta

import pytest
from tests.school import NOW, make_school, sign_in_for

from headway.records.models import AuditEntry, Device, School, User
from headway.services.sign_in import devices

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def user(school: School) -> User:
    return sign_in_for(school, "head")


def test_it_tells_the_school_of_a_new_browser_once(user: User, school: School) -> None:
    value = devices.fresh_value()
    first = devices.note_device(user, value, name="Firefox on Windows", now=NOW)
    again = devices.note_device(user, value, name="Firefox on Windows", now=NOW + timedelta(days=1))

    assert first == again
    entry = AuditEntry.objects.exclude(kind="alert").get(action="new device")
    assert (entry.school_id, entry.user_id) == (school.pk, user.pk)
    assert [(each.name, each.this) for each in devices.devices_of(user, this=first)] == [("Firefox on Windows", True)]


def test_it_keeps_a_digest_and_never_the_value(user: User) -> None:
    value = devices.fresh_value()
    devices.note_device(user, value, name="Firefox", now=NOW)

    assert value not in str(list(Device.objects.values()))


def test_it_knows_a_browser_by_its_account_only(user: User, school: School) -> None:
    other = sign_in_for(school, "tutor")
    value = devices.fresh_value()
    devices.note_device(user, value, name="Firefox", now=NOW)

    assert devices.known_digest(str(user.email), value)
    assert devices.known_digest(str(other.email), value) is None
    assert devices.known_digest(str(user.email), devices.fresh_value()) is None
    assert devices.known_digest(str(user.email), "") is None
    assert devices.known_digest(str(user.email), "x" * 10_000) is None


def test_it_writes_that_a_browser_is_in_use_once_a_minute(user: User) -> None:
    device = devices.note_device(user, devices.fresh_value(), name="Firefox", now=NOW)

    devices.note_seen(device, now=NOW + timedelta(seconds=59))
    assert Device.objects.get().last_seen_at == NOW
    devices.note_seen(device, now=NOW + timedelta(seconds=60))
    assert Device.objects.get().last_seen_at == NOW + timedelta(seconds=60)
