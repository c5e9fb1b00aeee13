import pytest
from tests.school import NOW, make_school, viewer_for

from headway.records.models import AuditEntry, School
from headway.services.access import NotAllowedError, NotFoundError
from headway.services.sign_in.locking import choose_idle_minutes, idle_minutes_of, idle_minutes_to_choose

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


def test_it_is_fifteen_minutes_until_a_school_chooses(school: School) -> None:
    assert idle_minutes_of([school]) == idle_minutes_of([]) == 15

    choose_idle_minutes(5, school=school, by=viewer_for(school, "head"), now=NOW)

    assert idle_minutes_of([School.objects.get()]) == 5
    assert AuditEntry.objects.get(action="choose idle minutes").detail == {"minutes": 5}


def test_it_takes_the_fewest_of_several_schools(school: School) -> None:
    other = make_school("8239999")
    other.settings["idle_minutes"] = 10

    assert idle_minutes_of([school, other]) == 10


@pytest.mark.parametrize("minutes", [4, 61, 0, -1])
def test_it_refuses_too_few_and_too_many(school: School, minutes: int) -> None:
    with pytest.raises(ValueError, match="Right would be 5 to 60"):
        choose_idle_minutes(minutes, school=school, by=viewer_for(school, "head"), now=NOW)


def test_it_lets_only_those_choose_who_look_after_the_school(school: School) -> None:
    elsewhere = make_school("8239999")

    with pytest.raises(NotAllowedError):
        choose_idle_minutes(5, school=school, by=viewer_for(school, "class_teacher"), now=NOW)
    with pytest.raises(NotFoundError):
        choose_idle_minutes(5, school=school, by=viewer_for(elsewhere, "head"), now=NOW)
    with pytest.raises(NotAllowedError):
        idle_minutes_to_choose(school=school, by=viewer_for(school, "tutor"), now=NOW)
