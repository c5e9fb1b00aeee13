"""Who may do what and whom they reach: read once for a request, and again for the next one."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.records.models import School, User
from headway.services.access import (
    COMMAND_LINE,
    NotAllowedError,
    NotFoundError,
    Viewer,
    keys_within_reach,
    may,
    pupils_within_reach,
    require,
    schools_of,
    sees_whole_school,
    viewer_of,
)
from headway.services.people import add_person
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, sign_in_for

TODAY = NOW.date()
UPNS = [make_upn(number) for number in range(1, 5)]


@pytest.fixture
def school(db: None) -> School:
    school = make_school()
    bring_in(school, pupils_file({upn: {} for upn in UPNS}), file="pupils.csv")
    return school


def teacher_of(school: School, *upns: str) -> User:
    user = sign_in_for(school, "class_teacher")
    code = user.people.get().code
    rows = [f"{upn},5A,reading,5,{code}" for upn in upns]
    bring_in(school, csv("upn,class,subject,year_group,teacher", *rows), file="classes.csv")
    return user


def reached(viewer: Viewer, school: School) -> set[str]:
    """Whom a viewer reaches, told the same by both ways of asking."""
    pupils = pupils_within_reach(viewer, school=school, on=TODAY)
    keys = keys_within_reach(viewer, school=school, on=TODAY)
    assert keys is None or keys == set(pupils.values_list("pk", flat=True))
    assert (keys is None) == sees_whole_school(viewer, school=school, on=TODAY)
    return set(pupils.values_list("upn", flat=True))


def test_what_somebody_holds_is_read_once_for_a_request(school: School) -> None:
    viewer = viewer_of(sign_in_for(school, "head"))

    with CaptureQueriesContext(connection) as asked:
        for _ in range(5):
            (mine,) = schools_of(viewer, on=TODAY)
            require(viewer, "ask", school=mine, on=TODAY)
            assert may(viewer, "import", school=mine, on=TODAY)
            assert sees_whole_school(viewer, school=mine, on=TODAY)
            assert viewer.author(mine).name == "Head"
            assert mine.framework is not None

    assert len(asked) == 1


def test_a_role_that_ends_is_out_at_the_next_request(school: School) -> None:
    user = sign_in_for(school, "head")
    require(viewer_of(user), "ask", school=school, on=TODAY)

    last_day = TODAY - timedelta(days=1)
    email = user.email
    code = user.people.get().code
    bring_in(school, csv("staff,name,email,roles,to", f"{code},Head,{email},head,{last_day}"), file="staff.csv")

    with pytest.raises(NotFoundError):
        require(viewer_of(user), "ask", school=school, on=TODAY)
    require(viewer_of(user), "ask", school=school, on=last_day)


def test_a_role_that_is_given_counts_from_the_next_request_on(school: School) -> None:
    user = sign_in_for(school, "governor")
    with pytest.raises(NotAllowedError):
        require(viewer_of(user), "ask", school=school, on=TODAY)

    add_person(name="Governor", email=user.email, roles="head", school=school, by=COMMAND_LINE, now=NOW)

    require(viewer_of(user), "ask", school=school, on=TODAY)


def test_days_of_joining_and_leaving_count_each_for_itself(school: School) -> None:
    user = sign_in_for(school, "head")
    code = user.people.get().code
    row = f"{code},Head,{user.email},head,2026-11-01,2026-11-30"
    bring_in(school, csv("staff,name,email,roles,from,to", row), file="staff.csv")
    viewer = viewer_of(user)

    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)]

    assert [may(viewer, "ask", school=school, on=day) for day in days] == [False, True, True, False]
    assert [len(schools_of(viewer, on=day)) for day in days] == [0, 1, 1, 0]


def test_a_closed_account_holds_nothing(school: School) -> None:
    user = sign_in_for(school, "head")
    user.is_active = False

    assert schools_of(viewer_of(user), on=TODAY) == []
    with pytest.raises(NotFoundError):
        require(viewer_of(user), "ask", school=school, on=TODAY)
    assert reached(viewer_of(user), school) == set()


def test_a_role_in_one_school_is_none_in_another(school: School) -> None:
    other = make_school("8239999")
    viewer = viewer_of(sign_in_for(school, "head"))

    assert schools_of(viewer, on=TODAY) == [school]
    assert not may(viewer, "ask", school=other, on=TODAY)
    assert keys_within_reach(viewer, school=other, on=TODAY) == frozenset()


def test_schools_come_by_name_each_once(school: School) -> None:
    other = make_school("8230001")
    user = sign_in_for(school, "head")
    for each in (school, other):
        add_person(name="Head", email=user.email, roles="head senco", school=each, by=COMMAND_LINE, now=NOW)

    assert schools_of(viewer_of(user), on=TODAY) == [other, school]


def test_the_whole_school_or_the_classes_somebody_teaches_are_within_reach(school: School) -> None:
    teacher = viewer_of(teacher_of(school, *UPNS[:2]))

    assert reached(viewer_of(sign_in_for(school, "head")), school) == set(UPNS)
    assert reached(COMMAND_LINE, school) == set(UPNS)
    assert reached(teacher, school) == set(UPNS[:2])
    assert reached(viewer_of(sign_in_for(school, "governor")), school) == set()


def test_what_was_read_is_no_part_of_who_a_viewer_is(school: School) -> None:
    user = sign_in_for(school, "head")
    viewer = viewer_of(user)
    schools_of(viewer, on=TODAY)

    assert viewer == viewer_of(user)
    assert hash(viewer) == hash(viewer_of(user))
    assert repr(viewer) == repr(viewer_of(user))
