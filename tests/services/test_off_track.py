"""Pupils newly off track. All of them go from 2b to 4b, so that 3b is on in summer 2026 (21 points) and after (22)."""

from collections.abc import Mapping
from datetime import datetime

import pytest

from headway.domain.questions import Population, Question
from headway.records.models import Pupil, School
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.off_track import NewlyOffTrack, newly_off_track
from headway.services.people import add_person
from headway.services.questions import Asking
from tests.school import NOW, bring_in, csv, make_school, make_upn, viewer_for

SUMMER, AUTUMN = "2025-26-summer", "2026-27-autumn"
PUPILS: Mapping[str, str] = {
    "Adams": "5A",
    "Baker": "5A",
    "Cole": "5A",
    "Diaz": "5A",
    "Evans": "5A",
    "Frost": "5B",
}
UPNS = {name: make_upn(number) for number, name in enumerate(PUPILS, start=1)}
MARKS = {
    ("Adams", "mathematics"): ("3b", "3c"),
    ("Baker", "mathematics"): ("3a", "2a"),
    ("Baker", "reading"): ("3b", "3c"),
    ("Cole", "mathematics"): ("", "2a"),
    ("Cole", "reading"): ("Abs", "3c"),
    ("Diaz", "mathematics"): ("3c", "3c"),
    ("Evans", "mathematics"): ("3c", "3b"),
    ("Frost", "mathematics"): ("3b", "3c"),
}
"""The marks of summer and autumn."""


@pytest.fixture
def school(db: None) -> School:
    """Tess teaches 5A mathematics, Tim 5A reading; nobody is put down for 5B."""
    school = make_school()
    said = "upn,surname,forename,sex,dob,year_group,reg_group"
    pupils = [f"{UPNS[name]},{name},Sam,F,2017-01-05,5,{code}" for name, code in PUPILS.items()]
    cells = [(upn, subject) for upn in UPNS.values() for subject in ("mathematics", "reading")]
    staff = ["TEA,Tess,tess@s.example,class_teacher", "TIM,Tim,tim@s.example,class_teacher"]
    teachers = {("5A", "mathematics"): "TEA", ("5A", "reading"): "TIM"}
    classes = [
        f"{code},{subject},5,{UPNS[name]},{teachers.get((code, subject), '')}"
        for name, code in PUPILS.items()
        for subject in ("mathematics", "reading")
    ]
    bring_in(school, csv(said, *pupils), file="pupils.csv")
    bring_in(school, csv("staff,name,email,roles", *staff), file="staff.csv")
    bring_in(school, csv("class,subject,year_group,upn,teacher", *classes), file="classes.csv")
    results = [f"{upn},KS1,{subject},2b,2024,teacher" for upn, subject in cells]
    bring_in(school, csv("upn,key_stage,subject,grade,year,kind", *results), file="results.csv")
    bring_in(
        school,
        csv("upn,subject,key_stage,grade", *(f"{upn},{subject},KS2,4b" for upn, subject in cells)),
        file="targets.csv",
    )
    return school


@pytest.fixture
def marked(school: School) -> School:
    for place, term in enumerate((SUMMER, AUTUMN)):
        _marks(school, term, {cell: marks[place] for cell, marks in MARKS.items() if marks[place]})
    return school


@pytest.fixture
def head(school: School) -> Viewer:
    return viewer_for(school, "head")


@pytest.fixture
def tess(school: School) -> Viewer:
    user = add_person(
        name="Tess", email="tess@s.example", roles="class_teacher", school=school, by=COMMAND_LINE, now=NOW
    )
    return viewer_of(user)


def _marks(school: School, term: str, marks: Mapping[tuple[str, str], str]) -> None:
    rows = [f"{UPNS[name]},{subject},{term},{mark}" for (name, subject), mark in marks.items()]
    bring_in(school, csv("upn,subject,term,grade", *rows), file="assessments.csv")


def _told(viewer: Viewer, school: School, *, now: datetime = NOW, most: int | None = None) -> NewlyOffTrack:
    return newly_off_track(viewer=viewer, school=school, now=now, most=most)


def _said(told: NewlyOffTrack) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (pupil.name.split(",")[0], [(each.code, each.before, each.status) for each in pupil.subjects])
        for pupil in told.pupils
    ]


def test_it_names_who_is_off_track_and_was_not_with_what_they_were(marked: School, head: Viewer) -> None:
    told = _told(head, marked)

    assert (told.term.code, told.before.code) == (AUTUMN, SUMMER)
    assert _said(told) == [
        ("Baker", [("reading", "on", "below"), ("mathematics", "above", "well_below")]),
        ("Adams", [("mathematics", "on", "below")]),
        ("Frost", [("mathematics", "on", "below")]),
        ("Cole", [("reading", "not_known", "below"), ("mathematics", "not_known", "well_below")]),
    ]


def test_it_counts_all_of_them_and_names_the_foremost(marked: School, head: Viewer) -> None:
    told = _told(head, marked, most=2)

    assert [pupil.name for pupil in told.pupils] == ["Baker, Sam", "Adams, Sam"]
    assert (told.n_pupils, told.n_fell, dict(told.by_year)) == (4, 3, {5: 4})
    assert (told.pupils[0].reg_group, told.pupils[0].year_group) == ("5A", 5)


def test_it_tells_a_teacher_of_the_pupils_and_subjects_they_teach(marked: School, tess: Viewer) -> None:
    told = _told(tess, marked)

    assert _said(told) == [
        ("Baker", [("mathematics", "above", "well_below")]),
        ("Adams", [("mathematics", "on", "below")]),
        ("Cole", [("mathematics", "not_known", "well_below")]),
    ]
    assert {each.taught_in for pupil in told.pupils for each in pupil.subjects} == {"5A"}
    assert told.n_pupils == 3


def test_it_says_of_a_class_what_it_says_of_the_school(marked: School, head: Viewer, tess: Viewer) -> None:
    in_school = {(name, cell) for name, cells in _said(_told(head, marked)) for cell in cells}
    in_class = {(name, cell) for name, cells in _said(_told(tess, marked)) for cell in cells}

    assert in_class == {(name, cell) for name, cell in in_school if cell[0] == "mathematics" and name != "Frost"}


def test_it_decides_as_every_question_does(marked: School, head: Viewer) -> None:
    asking, told = Asking(viewer=head, school=marked, now=NOW), _told(head, marked)
    statuses = {
        (term, pupil.name): pupil.status
        for term in (SUMMER, AUTUMN)
        for pupil in asking.names(Question("status", Population(), ("mathematics",), term))
    }

    for pupil in told.pupils:
        (mathematics,) = (each for each in pupil.subjects if each.code == "mathematics")
        assert statuses[AUTUMN, pupil.name] == mathematics.status
        assert statuses[SUMMER, pupil.name] == mathematics.before


def test_it_counts_the_steps_that_the_school_tolerates_as_on(marked: School, head: Viewer, tess: Viewer) -> None:
    marked.settings = {"tolerance": 1}
    marked.save()

    for viewer in (head, tess):
        told = [(name, cell) for name, cells in _said(_told(viewer, marked)) for cell in cells]
        assert told == [
            ("Baker", ("mathematics", "on", "below")),
            ("Cole", ("mathematics", "not_known", "below")),
        ]


def test_it_shows_the_latest_term_that_has_marks(school: School, head: Viewer, tess: Viewer) -> None:
    _marks(school, SUMMER, {(name, "mathematics"): "3c" for name in PUPILS})

    assert _told(head, school).term.code == SUMMER
    assert _told(tess, school).term.code == SUMMER


def test_it_does_not_take_a_first_mark_for_a_term_of_marks(school: School, head: Viewer, tess: Viewer) -> None:
    cells = [(name, subject) for name in PUPILS for subject in ("mathematics", "reading")]
    _marks(school, SUMMER, dict.fromkeys(cells, "3c"))
    _marks(school, AUTUMN, {("Frost", "mathematics"): "3c"})
    assert _told(head, school).term.code == SUMMER

    _marks(school, AUTUMN, {("Adams", "mathematics"): "Abs"})

    assert _told(head, school).term.code == AUTUMN
    assert _told(tess, school).term.code == AUTUMN


def test_it_looks_at_a_teachers_own_marks_for_the_term_to_show(school: School, head: Viewer, tess: Viewer) -> None:
    for term in (SUMMER, AUTUMN):
        _marks(school, term, {(name, "reading"): "3c" for name in PUPILS})
    _marks(school, SUMMER, {(name, "mathematics"): "3c" for name in PUPILS})

    assert _told(head, school).term.code == AUTUMN
    assert _told(tess, school).term.code == SUMMER


def test_it_shows_the_term_that_has_begun_where_there_is_no_mark_at_all(school: School, head: Viewer) -> None:
    told = _told(head, school)

    assert (told.term.code, told.n_pupils, told.pupils) == (AUTUMN, 0, [])


def test_it_leaves_out_who_has_left(marked: School, head: Viewer, tess: Viewer) -> None:
    gone = f"{UPNS['Baker']},Baker,Sam,F,2017-01-05,5,2026-10-01"
    bring_in(marked, csv("upn,surname,forename,sex,dob,year_group,enrolled_to", gone), file="pupils.csv")

    for viewer in (head, tess):
        assert "Baker" not in dict(_said(_told(viewer, marked)))


def test_it_has_nobody_to_name_to_a_teacher_without_a_class(marked: School) -> None:
    told = _told(viewer_for(marked, "class_teacher"), marked)

    assert (told.n_pupils, told.pupils) == (0, [])


def test_it_has_nobody_to_name_in_an_empty_school(db: None) -> None:
    school = make_school("8239999")

    assert _told(viewer_for(school, "head"), school).n_pupils == 0
    assert not Pupil.objects.exists()


def test_it_is_not_for_strangers_and_readers(marked: School) -> None:
    stranger, governor = viewer_for(make_school("8239999"), "head"), viewer_for(marked, "governor")

    with pytest.raises(NotFoundError):
        _told(stranger, marked)
    with pytest.raises(NotAllowedError):
        _told(governor, marked)
