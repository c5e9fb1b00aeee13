"""Whom a viewer can ask about by name."""

from datetime import timedelta

import pytest

from headway.records.models import School
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, viewer_of
from headway.services.groups import make_group
from headway.services.people import add_person
from headway.services.whom import whom
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for

AMY, BOB = make_upn(1), make_upn(2)


@pytest.fixture
def school(db: None) -> School:
    """Amy in 9A, taught by Tess, and in 10B; Bob in 10B alone."""
    school = make_school()
    said = {AMY: {"first_language": "ENG"}, BOB: {"first_language": "POL"}}
    bring_in(school, pupils_file(said, columns=["first_language"]), file="pupils.csv")
    bring_in(school, csv("staff,name,email,roles", "TEA,Tess,tess@s.example,class_teacher"), file="staff.csv")
    rows = [f"10B,writing,10,{upn}," for upn in (AMY, BOB)]
    rows += [f"9A,reading,9,{AMY},TEA", f"9A,mathematics,9,{AMY},"]
    bring_in(school, csv("class,subject,year_group,upn,teacher", *rows), file="classes.csv")
    make_group("Choir", pupils=[], school=school, by=COMMAND_LINE, now=NOW)
    return school


def test_it_gives_the_classes_of_this_year_with_their_subjects(school: School) -> None:
    found = whom(viewer=COMMAND_LINE, school=school, now=NOW)

    assert list(found.classes.items()) == [("9A", ["reading", "mathematics"]), ("10B", ["writing"])]
    assert (list(found.groups), list(found.languages), found.own) == (["Choir"], ["ENG", "POL"], False)
    assert whom(viewer=COMMAND_LINE, school=school, now=NOW + timedelta(days=365)).classes == {}


def test_it_knows_a_class_that_has_just_come_in(school: School) -> None:
    whom(viewer=COMMAND_LINE, school=school, now=NOW)
    bring_in(school, csv("class,subject,year_group,upn,teacher", f"9Z,reading,9,{BOB},"), file="classes.csv")

    assert "9Z" in whom(viewer=COMMAND_LINE, school=school, now=NOW).classes


def test_it_gives_a_teacher_their_own_classes(school: School) -> None:
    account = {"name": "Tess", "email": "tess@s.example", "roles": "class_teacher"}
    tess = viewer_of(add_person(**account, school=school, by=COMMAND_LINE, now=NOW, password=None))

    found = whom(viewer=tess, school=school, now=NOW)
    assert (list(found.classes), found.own, list(found.languages)) == (["9A"], True, ["ENG"])


def test_it_gives_no_languages_but_those_of_the_pupils_somebody_sees(school: School) -> None:
    for role in ("subject_leader", "gifted_talented_coordinator"):
        assert list(whom(viewer=viewer_for(school, role), school=school, now=NOW).languages) == []


def test_it_tells_a_stranger_nothing(school: School) -> None:
    with pytest.raises(NotFoundError):
        whom(viewer=viewer_for(make_school("8239999"), "head"), school=school, now=NOW)


def test_it_refuses_who_may_not_ask(school: School) -> None:
    with pytest.raises(NotAllowedError):
        whom(viewer=viewer_for(school, "governor"), school=school, now=NOW)
