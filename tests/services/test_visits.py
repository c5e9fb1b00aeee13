"""When somebody was last here."""

from datetime import datetime, timedelta

import pytest

from headway.records.models import School, Visit
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer
from headway.services.visits import Since, begin_visit
from tests.school import NOW, make_school, viewer_for


@pytest.fixture
def school(db: None) -> School:
    return make_school()


@pytest.fixture
def head(school: School) -> Viewer:
    return viewer_for(school, "head")


def _came(school: School, viewer: Viewer, *moments: datetime) -> Since:
    """What somebody is told who was here at each of these moments."""
    for moment in moments:
        since = begin_visit(viewer=viewer, school=school, now=moment)
    return since


def _seen(viewer: Viewer) -> datetime:
    return Visit.objects.get(user=viewer.user).seen_at


def test_it_tells_a_first_visit_of_the_last_week(school: School, head: Viewer) -> None:
    assert _came(school, head, NOW) == Since(NOW - timedelta(days=7), None)


def test_it_tells_of_everything_since_the_visit_before(school: School, head: Viewer) -> None:
    later = NOW + timedelta(hours=5)

    assert _came(school, head, NOW, later) == Since(NOW, NOW)


def test_it_is_one_visit_to_come_back_within_half_an_hour(school: School, head: Viewer) -> None:
    yesterday, minutes = NOW - timedelta(days=1), [NOW + timedelta(minutes=each) for each in (0, 30, 60)]

    assert _came(school, head, yesterday, *minutes) == Since(yesterday, yesterday)
    assert _came(school, head, NOW + timedelta(minutes=91)) == Since(minutes[-1], minutes[-1])


def test_it_reaches_back_a_fortnight_at_most(school: School, head: Viewer) -> None:
    long_ago = NOW - timedelta(days=60)

    assert _came(school, head, long_ago, NOW) == Since(NOW - timedelta(days=14), long_ago)


def test_it_writes_no_more_than_once_a_minute(school: School, head: Viewer) -> None:
    _came(school, head, NOW, NOW + timedelta(seconds=59))
    assert _seen(head) == NOW

    _came(school, head, NOW + timedelta(seconds=60))
    assert _seen(head) == NOW + timedelta(seconds=60)


def test_it_keeps_visits_to_each_school_and_of_each_account_apart(school: School, head: Viewer) -> None:
    other = viewer_for(school, "class_teacher")
    _came(school, head, NOW)

    assert _came(school, other, NOW + timedelta(hours=2)).last_here is None


def test_it_keeps_nothing_of_whoever_holds_the_machine(school: School) -> None:
    assert _came(school, COMMAND_LINE, NOW, NOW + timedelta(hours=2)).last_here is None
    assert not Visit.objects.exists()


def test_it_knows_nothing_of_the_school_to_a_stranger(school: School) -> None:
    stranger = viewer_for(make_school("8239999"), "head")

    with pytest.raises(NotFoundError):
        begin_visit(viewer=stranger, school=school, now=NOW)


def test_it_is_for_those_who_see_pupils(school: School) -> None:
    with pytest.raises(NotAllowedError):
        begin_visit(viewer=viewer_for(school, "governor"), school=school, now=NOW)
    assert not Visit.objects.exists()
