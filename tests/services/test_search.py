"""Finding a pupil or a class."""

from datetime import timedelta

import pytest

from headway.records.models import School
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, viewer_of
from headway.services.people import add_person
from headway.services.search import search
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for

ANNA, MARY, JOHN, LEFT = (make_upn(number) for number in (1, 2, 3, 4))


@pytest.fixture
def school(db: None) -> School:
    school = make_school()
    pupils = {
        ANNA: {"surname": "Smith-Jones", "forename": "Anna Lou", "reg_group": "5A"},
        MARY: {"surname": "O'Neill", "forename": "Máire", "preferred_forename": "Mary", "reg_group": "5B"},
        JOHN: {"surname": "Jonas", "forename": "John"},
    }
    bring_in(school, pupils_file(pupils, columns=["reg_group", "preferred_forename"]), file="pupils.csv")
    gone = {LEFT: {"surname": "Adams", "forename": "John", "enrolled_to": "2026-10-01"}}
    bring_in(school, pupils_file(gone, columns=["enrolled_to"]), file="pupils.csv")
    bring_in(school, csv("staff,name,email,roles", "TEA,Tess,tess@s.example,class_teacher"), file="staff.csv")
    classes = [f"5A,reading,5,{ANNA},TEA", f"10A/Ma,reading,5,{JOHN},", f"5B,reading,5,{MARY},"]
    bring_in(school, csv("class,subject,year_group,upn,teacher", *classes), file="classes.csv")
    return school


def names(school: School, text: str, **options: int) -> list[str]:
    found = search(text, viewer=COMMAND_LINE, school=school, now=NOW, **options)
    return [pupil.name for pupil in found.pupils]


@pytest.mark.parametrize("text", ["smith", "jones", "lou", "anna smi", "Smith-Jones, Anna", "smi ANN"])
def test_it_finds_a_pupil_by_the_beginning_of_any_name(school: School, text: str) -> None:
    assert names(school, text) == ["Smith-Jones, Anna Lou"]


def test_it_finds_by_the_preferred_name_and_shows_it(school: School) -> None:
    assert names(school, "mary o'n") == ["O'Neill, Máire (Mary)"]


def test_it_does_not_find_in_the_middle_of_a_name(school: School) -> None:
    assert names(school, "mith") == []


def test_it_shows_those_who_left_after_those_who_are_here(school: School) -> None:
    found = search("john", viewer=COMMAND_LINE, school=school, now=NOW).pupils

    assert [(pupil.name, pupil.here) for pupil in found] == [("Jonas, John", True), ("Adams, John", False)]


def test_it_says_the_registration_group(school: School) -> None:
    (pupil,) = search("anna", viewer=COMMAND_LINE, school=school, now=NOW).pupils

    assert pupil.reg_group == "5A"


def test_it_finds_classes_of_this_year_by_code(school: School) -> None:
    found = search("5", viewer=COMMAND_LINE, school=school, now=NOW)
    next_year = search("5", viewer=COMMAND_LINE, school=school, now=NOW + timedelta(days=365))

    assert [(each.code, found.term) for each in found.classes] == [("5A", "2026-27-autumn"), ("5B", "2026-27-autumn")]
    assert next_year.classes == []


def test_it_says_when_there_is_more(school: School) -> None:
    found = search("jo", viewer=COMMAND_LINE, school=school, now=NOW, most=1)

    assert (len(found.pupils), found.more) == (1, True)


@pytest.mark.parametrize("text", ["", "  ,  ", "%", "_", "'; drop table"])
def test_it_finds_nothing_for_nothing(school: School, text: str) -> None:
    assert names(school, text) == []


def test_it_shows_a_teacher_only_their_own(school: School) -> None:
    teacher = add_person(
        name="Tess",
        email="tess@s.example",
        roles="class_teacher",
        school=school,
        by=COMMAND_LINE,
        now=NOW,
        password=None,
    )
    found = [search(text, viewer=viewer_of(teacher), school=school, now=NOW) for text in ("j", "5")]

    assert [pupil.name for pupil in found[0].pupils] == ["Smith-Jones, Anna Lou"]
    assert [each.code for each in found[1].classes] == ["5A"]


def test_it_tells_a_stranger_nothing(school: School) -> None:
    with pytest.raises(NotFoundError):
        search("anna", viewer=viewer_for(make_school("8239999"), "head"), school=school, now=NOW)


def test_it_refuses_who_may_not_ask(school: School) -> None:
    with pytest.raises(NotAllowedError):
        search("anna", viewer=viewer_for(school, "governor"), school=school, now=NOW)
