"""What somebody meets first."""

import pytest

from headway.records.models import School, Visit
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.people import add_person
from headway.services.today import Today, today
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for

AUTUMN, SUMMER = "2026-27-autumn", "2025-26-summer"
AMIR, BELLA, DORA = make_upn(1), make_upn(2), make_upn(3)


@pytest.fixture
def school(db: None) -> School:
    """Tess teaches Amir and Bella in 5A; Dora is in 6B. Everybody but Bella has a mark, and Amir's is low."""
    school = make_school()
    pupils = {AMIR: {"surname": "Adams"}, BELLA: {"surname": "Baker"}, DORA: {"surname": "Diaz", "year_group": "6"}}
    classes = [f"5A,reading,5,{AMIR},TEA", f"5A,reading,5,{BELLA},TEA", f"6B,reading,6,{DORA},"]
    bring_in(school, pupils_file(pupils), file="pupils.csv")
    bring_in(school, csv("staff,name,email,roles", "TEA,Tess,tess@s.example,class_teacher"), file="staff.csv")
    bring_in(school, csv("class,subject,year_group,upn,teacher", *classes), file="classes.csv")
    results = [f"{upn},KS1,reading,2b,2024,teacher" for upn in pupils]
    bring_in(school, csv("upn,key_stage,subject,grade,year,kind", *results), file="results.csv")
    bring_in(school, csv("upn,subject,key_stage,grade", *(f"{u},reading,KS2,4b" for u in pupils)), file="targets.csv")
    marks = [f"{AMIR},reading,{AUTUMN},2a", f"{DORA},reading,{AUTUMN},4b"]
    bring_in(school, csv("upn,subject,term,grade", *marks), file="assessments.csv")
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


def _today(viewer: Viewer, school: School, *, term: str = "") -> Today:
    return today(viewer=viewer, school=school, now=NOW, term=term)


def test_it_gives_a_teacher_their_own_sheets_and_pupils(school: School, tess: Viewer) -> None:
    found = _today(tess, school)

    assert [(sheet.code, sheet.n_entered, sheet.n_pupils) for sheet in found.sheets] == [("5A", 1, 2)]
    assert [pupil.name.split(",")[0] for pupil in found.newly.pupils] == ["Adams"]
    assert (found.term.code, found.any_pupils, found.heat, found.steps) == (AUTUMN, True, None, ())


def test_it_gives_a_leader_the_whole_school(school: School, head: Viewer) -> None:
    found = _today(head, school)

    assert {sheet.code for sheet in found.sheets} == {"5A", "6B"}
    assert not found.mine
    assert found.heat is not None
    rows = {(row.by["subject"], row.by["year_group"]): row.figures["numerator"] for row in found.heat.status.rows}
    assert rows == {("reading", 5): 0, ("reading", 6): 1}
    assert found.heat.subject_names["reading"] == "Reading"


def test_it_shows_the_term_asked_for_among_those_there_are(school: School, head: Viewer) -> None:
    shown = {asked: _today(head, school, term=asked).heat for asked in ("", SUMMER, "2019-20-autumn")}

    assert {asked: heat.term.code for asked, heat in shown.items() if heat} == {
        "": AUTUMN,
        SUMMER: SUMMER,
        "2019-20-autumn": AUTUMN,
    }
    assert [term.code for heat in shown.values() if heat for term in heat.terms][:2] == [AUTUMN, SUMMER]


def test_it_begins_a_visit(school: School, tess: Viewer) -> None:
    assert _today(tess, school).since.last_here is None

    assert Visit.objects.get(user=tess.user).seen_at == NOW


def test_it_says_that_there_is_nobody_yet(db: None) -> None:
    school = make_school("8239999")

    found = _today(viewer_for(school, "assessment_manager"), school)

    assert (found.any_pupils, found.sheets, found.heat) == (False, (), None)
    assert next(step.name for step in found.steps if not step.done) == "pupils"


def test_it_is_not_for_strangers_and_readers(school: School) -> None:
    stranger, governor = viewer_for(make_school("8239999"), "head"), viewer_for(school, "governor")

    with pytest.raises(NotFoundError):
        _today(stranger, school)
    with pytest.raises(NotAllowedError):
        _today(governor, school)
    assert not Visit.objects.exists()
