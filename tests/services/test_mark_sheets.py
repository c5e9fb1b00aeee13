"""Mark sheets: what each cell is seen beside, who may mark what, and how full every sheet is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from headway.domain.questions import Population, Question
from headway.records.models import Pupil, School, User
from headway.services import collections
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.assessments import Cell, record
from headway.services.mark_sheets import (
    ClassTerm,
    Sheet,
    SheetCell,
    SheetSummary,
    digest_of,
    missing_of,
    sheet_of,
    sheet_terms,
    sheets_of,
)
from headway.services.questions import names
from tests.school import LONDON, NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for
from tests.web.primary import HEAD, IN_5A, TEACHER, make_primary

TERM = "2026-27-autumn"


@pytest.fixture
def primary(db: None) -> School:
    return make_primary()


def who(email: str) -> Viewer:
    return viewer_of(User.objects.get(email=email))


def class_term(
    school: School,
    code: str = "5A",
    *,
    term: str = TERM,
    subject: str = "",
    viewer: Viewer = COMMAND_LINE,
    now: datetime = NOW,
) -> ClassTerm:
    return ClassTerm.of(code, term=term, subject=subject, viewer=viewer, school=school, now=now)


def cells(sheet: Sheet, subject: str = "mathematics") -> dict[str, SheetCell]:
    return {pupil.name: pupil.cells[subject] for pupil in sheet.pupils if subject in pupil.cells}


def mark(school: School, surname: str, typed: str, *, subject: str = "mathematics", version: str = "") -> None:
    cell = Cell(Pupil.objects.get(surname=surname).uid, subject, typed, version)
    record([cell], term=TERM, school=school, by=COMMAND_LINE, now=NOW, request_id=uuid4())


def test_a_sheet_shows_each_pupil_beside_target_progress_target_and_prior_attainment(primary: School) -> None:
    sheet = sheet_of(class_term(primary))
    assert [pupil.name for pupil in sheet.pupils] == IN_5A
    amir, freya = cells(sheet)["Adams, Amir"], cells(sheet)["Frost, Freya"]
    assert (amir.prior, amir.target, amir.mark, amir.note) == ("2b", "4b", "2a", "")
    assert amir.expected is not None
    assert (amir.expected.grade, amir.expected.points) == ("3b", 22)
    assert (amir.now.status, amir.now.gap) == ("well_below", Fraction(-5))
    assert (freya.mark, freya.now.status) == ("Abs", "not_known")


def test_a_sheet_says_what_can_be_marked_how_and_by_whom(primary: School) -> None:
    sheet = sheet_of(class_term(primary, viewer=who(TEACHER)))
    (subject,) = sheet.subjects
    assert (subject.code, subject.name, subject.teachers) == ("mathematics", "Mathematics", ("Tess Teacher",))
    assert (subject.scale.code, subject.may_mark, subject.n_pupils, subject.n_missing) == ("nc_levels", True, 6, 0)
    assert (sheet.chosen, sheet.offered) == ("mathematics", [("mathematics", "Mathematics")])
    assert [term.name for term in sheet.terms] == ["autumn", "spring", "summer"]


def test_last_term_is_the_one_before_even_in_another_academic_year(primary: School) -> None:
    before = csv("upn,subject,term,grade", f"{make_upn(1)},mathematics,2025-26-summer,2b")
    bring_in(primary, before, file="assessments.csv")
    amir = cells(sheet_of(class_term(primary)))["Adams, Amir"]
    assert (amir.last, amir.last_term.status) == ("2b", "well_below")  # 21 points then, a 3b; 15 are three steps less
    spring = cells(sheet_of(class_term(primary, term="2026-27-spring")))["Adams, Amir"]
    assert (spring.last, spring.last_term.status, spring.mark, spring.version) == ("2a", "well_below", "", "")


def test_the_version_of_a_cell_is_what_a_save_needs(primary: School) -> None:
    amir = cells(sheet_of(class_term(primary)))["Adams, Amir"]
    mark(primary, "Adams", "3b", version=amir.version)
    after = cells(sheet_of(class_term(primary)))["Adams, Amir"]
    assert (after.mark, after.by, after.now.status) == ("3b", "Command line", "on")
    assert after.version != amir.version


def test_its_statuses_are_those_of_the_questions(primary: School) -> None:
    question = Question("status", Population(classes=("5A", "5B")), ("mathematics",), TERM)
    asked = {record.name: record for record in names(question, viewer=COMMAND_LINE, school=primary, now=NOW)}
    seen = cells(sheet_of(class_term(primary))) | cells(sheet_of(class_term(primary, "5B")))
    assert {name: cell.now.status for name, cell in seen.items()} == {n: each.status for n, each in asked.items()}
    assert [cell.now.gap for cell in seen.values()] == [asked[name].gap for name in seen]
    assert [cell.expected and cell.expected.points for cell in seen.values()] == [
        asked[name].expected_points for name in seen
    ]
    beside = [(cell.prior, cell.target, cell.mark) for cell in seen.values()]
    assert beside == [(asked[n].prior, asked[n].target, asked[n].grade or asked[n].mark_code) for n in seen]


SUBJECTS = ("reading", "writing", "english")
READ_WRITE = [("3b", "3b", ""), ("3b", "", ""), ("4c", "2a", "3a"), ("", "", "NE"), ("Abs", "3b", "")]


@pytest.fixture
def literate(db: None) -> School:
    """Five pupils of 5A taught reading, writing and English, which in a primary school is both of them together."""
    school = make_school()
    upns = [make_upn(number) for number in range(1, len(READ_WRITE) + 1)]
    bring_in(school, pupils_file({upn: {} for upn in upns}), file="pupils.csv")
    both = [(upn, subject) for upn in upns for subject in SUBJECTS[:2]]
    results = [f"{upn},KS1,{subject},2b,teacher" for upn, subject in both]
    bring_in(school, csv("upn,key_stage,subject,grade,kind", *results), file="results.csv")
    targets = [f"{upn},{subject},KS2,4b" for upn, subject in both]
    bring_in(school, csv("upn,subject,key_stage,grade", *targets), file="targets.csv")
    rows = [f"5A,{subject},5,{upn}" for upn in upns for subject in SUBJECTS]
    bring_in(school, csv("class,subject,year_group,upn", *rows), file="classes.csv")
    return school


def mark_literate(school: School, given: Sequence[tuple[str, str, str]] = READ_WRITE) -> None:
    rows = [
        f"{make_upn(number)},{subject},{TERM},{grade}"
        for number, grades in enumerate(given, start=1)
        for subject, grade in zip(SUBJECTS, grades, strict=True)
        if grade
    ]
    bring_in(school, csv("upn,subject,term,grade", *rows), file="assessments.csv")


def test_a_composite_is_on_the_sheet_only_where_it_is_judged_itself(literate: School) -> None:
    mark_literate(literate, [("3b", "3b", "")])
    sheet = sheet_of(class_term(literate))
    assert [subject.code for subject in sheet.subjects] == ["reading", "writing"]
    assert ("english", "English") in sheet.offered
    assert [each.code for each in sheet_of(class_term(literate, subject="english")).subjects] == ["english"]
    mark_literate(literate, [("3b", "3b", "4c")])
    assert [subject.code for subject in sheet_of(class_term(literate)).subjects] == list(SUBJECTS)
    assert missing_of(class_term(literate)) == {"reading": 4, "writing": 4, "english": 4}


def test_a_composite_compares_as_the_questions_do(literate: School) -> None:
    mark_literate(literate)
    sheet = sheet_of(class_term(literate))
    for subject in SUBJECTS:
        question = Question("status", Population(year_groups=(5,)), (subject,), TERM)
        asked = {each.name: each for each in names(question, viewer=COMMAND_LINE, school=literate, now=NOW)}
        seen = cells(sheet, subject)
        assert {name: (cell.now.status, cell.target) for name, cell in seen.items()} == {
            name: (each.status, each.target) for name, each in asked.items()
        }, subject


def test_a_pupil_has_no_cell_in_a_subject_they_are_not_taught_in_the_class(primary: School) -> None:
    bring_in(primary, csv("class,subject,year_group,upn", f"5A,reading,5,{make_upn(1)}"), file="classes.csv")
    sheet = sheet_of(class_term(primary))
    assert (sheet.chosen, [subject.code for subject in sheet.subjects]) == ("", ["reading", "mathematics"])
    assert list(cells(sheet, "reading")) == ["Adams, Amir"]
    assert [len(pupil.cells) for pupil in sheet.pupils] == [2, 1, 1, 1, 1, 1]
    narrowed = sheet_of(class_term(primary, subject="reading"))
    assert (narrowed.chosen, [pupil.name for pupil in narrowed.pupils]) == ("reading", ["Adams, Amir"])


def test_a_teacher_marks_what_they_teach_and_reads_the_rest(primary: School) -> None:
    rows = [f"5A,reading,5,{make_upn(number)}" for number in range(1, 7)]
    bring_in(primary, csv("class,subject,year_group,upn", *rows), file="classes.csv")
    teacher = sheet_of(class_term(primary, viewer=who(TEACHER)))
    assert {subject.code: subject.may_mark for subject in teacher.subjects} == {"reading": False, "mathematics": True}
    assert {each.may_mark for each in cells(teacher, "reading").values()} == {False}
    assert {each.may_mark for each in cells(teacher).values()} == {True}
    head = sheet_of(class_term(primary, viewer=who(HEAD)))
    assert all(subject.may_mark for subject in head.subjects)
    reader = sheet_of(class_term(primary, viewer=viewer_for(primary, "senco")))
    assert not reader.may_mark


def test_a_closed_collection_is_read_only_since_when(primary: School) -> None:
    collections.close(TERM, school=primary, by=COMMAND_LINE, now=NOW)
    sheet = sheet_of(class_term(primary, viewer=who(HEAD)))
    assert (sheet.closed_at, sheet.may_mark) == (NOW, False)
    assert not any(cell.may_mark for cell in cells(sheet).values())


def test_who_left_before_the_term_is_not_on_its_sheet(primary: School) -> None:
    said = {"surname": "Adams", "forename": "Amir", "enrolled_to": "2026-11-01"}
    bring_in(primary, pupils_file({make_upn(1): said}, columns=["enrolled_to"]), file="pupils.csv")
    assert [pupil.name for pupil in sheet_of(class_term(primary)).pupils] == IN_5A[1:]
    assert missing_of(class_term(primary, "5B")) == {"mathematics": 1}
    (mine,) = [each for each in sheets_of(viewer=who(TEACHER), school=primary, now=NOW) if each.mine]
    assert (mine.n_pupils, mine.n_entered) == (5, 5)


def test_the_digest_changes_with_every_cell_and_with_nothing_else(primary: School) -> None:
    before = sheet_of(class_term(primary)).digest
    assert digest_of(class_term(primary)) == digest_of(class_term(primary, viewer=who(TEACHER))) == before
    mark(primary, "King", "3b")
    assert digest_of(class_term(primary)) == before
    mark(primary, "Adams", "3b", version=cells(sheet_of(class_term(primary)))["Adams, Amir"].version)
    after = sheet_of(class_term(primary))
    assert before != after.digest == digest_of(class_term(primary))
    mark(primary, "Adams", "", version=cells(after)["Adams, Amir"].version)
    mark(primary, "Adams", "2a")
    assert digest_of(class_term(primary)) not in (before, after.digest)


def test_the_queries_of_a_sheet_do_not_grow_with_its_pupils(
    primary: School, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sheet_of(class_term(primary))
    rows = [f"5C,{subject},5,{make_upn(7)}" for subject in ("reading", "mathematics")]
    bring_in(primary, csv("class,subject,year_group,upn", *rows), file="classes.csv")
    group, small = class_term(primary), class_term(primary, "5C")
    with django_assert_num_queries(9):
        sheet_of(group)
    with django_assert_num_queries(9):
        sheet_of(small)


@pytest.mark.parametrize(
    ("code", "asked"),
    [("9Z", {}), ("5A", {"term": "2026-27-yule"}), ("5A", {"term": "2025-26-autumn"}), ("5A", {"subject": "latin"})],
)
def test_what_is_not_there_is_not_found(primary: School, code: str, asked: Mapping[str, str]) -> None:
    with pytest.raises(NotFoundError):
        class_term(primary, code, **asked)


def test_a_class_of_no_key_stage_has_no_sheet(primary: School) -> None:
    upn = make_upn(50)
    bring_in(primary, pupils_file({upn: {"year_group": "R", "dob": "2022-01-05"}}), file="pupils.csv")
    bring_in(primary, csv("class,subject,year_group,upn", f"RA,mathematics,R,{upn}"), file="classes.csv")
    with pytest.raises(NotFoundError):
        class_term(primary, "RA")
    assert "RA" not in {each.code for each in sheets_of(viewer=who(HEAD), school=primary, now=NOW)}


def test_a_class_out_of_reach_is_not_found_and_a_governor_may_not(primary: School) -> None:
    with pytest.raises(NotFoundError):
        class_term(primary, "5B", viewer=who(TEACHER))
    with pytest.raises(NotFoundError):
        class_term(primary, viewer=viewer_for(make_school("8239999"), "head"))
    with pytest.raises(NotAllowedError):
        class_term(primary, viewer=viewer_for(primary, "governor"))


def summaries(school: School, viewer: Viewer, **asked: str) -> list[SheetSummary]:
    return list(sheets_of(viewer=viewer, school=school, now=NOW, **asked))


def test_the_list_counts_what_is_entered_and_begins_with_the_viewer_s_own(primary: School) -> None:
    assert summaries(primary, who(TEACHER)) == [
        SheetSummary("5A", 5, "mathematics", "Mathematics", TERM, 6, 6, ("Tess Teacher",), True, True, False)
    ]
    head = summaries(primary, who(HEAD))
    assert [(each.code, each.n_entered, each.n_pupils, each.mine, each.may_mark) for each in head] == [
        ("5A", 6, 6, False, True),
        ("5B", 5, 6, False, True),
    ]
    assert not any(each.may_mark for each in summaries(primary, viewer_for(primary, "senco")))


def test_the_list_is_of_the_term_asked_about(primary: School) -> None:
    spring = summaries(primary, who(HEAD), term="2026-27-spring")
    assert [(each.term, each.n_entered) for each in spring] == [("2026-27-spring", 0)] * 2
    assert summaries(primary, who(HEAD), term="2025-26-summer") == []
    with pytest.raises(NotFoundError):
        summaries(primary, who(HEAD), term="2026-27-yule")
    assert sheet_terms(viewer=who(HEAD), school=primary, now=NOW) == [
        "2026-27-summer",
        "2026-27-spring",
        "2026-27-autumn",
    ]


def test_the_list_shows_a_composite_only_where_it_is_judged_itself(literate: School) -> None:
    mark_literate(literate, [("3b", "3b", "")])
    assert [each.subject for each in summaries(literate, COMMAND_LINE)] == ["reading", "writing"]
    mark_literate(literate, [("3b", "3b", "4c")])
    assert [each.subject for each in summaries(literate, COMMAND_LINE)] == list(SUBJECTS)


def test_the_list_says_when_its_collection_is_closed(primary: School) -> None:
    collections.close(TERM, school=primary, by=COMMAND_LINE, now=NOW)
    assert {(each.closed, each.may_mark) for each in summaries(primary, who(HEAD))} == {(True, False)}


def test_a_teacher_reaches_every_class_of_their_pupils(primary: School) -> None:
    bring_in(primary, csv("class,subject,year_group,upn", f"5X,science,5,{make_upn(1)}"), file="classes.csv")
    bring_in(primary, csv("class,subject,year_group,upn", f"5X,science,5,{make_upn(8)}"), file="classes.csv")
    science = next(each for each in summaries(primary, who(TEACHER)) if each.code == "5X")
    assert (science.n_pupils, science.mine, science.may_mark) == (1, False, False)
    assert next(each for each in summaries(primary, who(HEAD)) if each.code == "5X").n_pupils == 2


def test_a_stranger_has_no_list_and_a_governor_may_not(primary: School) -> None:
    with pytest.raises(NotFoundError):
        summaries(primary, viewer_for(make_school("8239999"), "head"))
    with pytest.raises(NotAllowedError):
        summaries(primary, viewer_for(primary, "governor"))


def test_a_term_long_over_is_as_on_its_last_day(primary: School) -> None:
    later = datetime(2027, 10, 1, 9, 0, tzinfo=LONDON)
    said = {"surname": "Adams", "forename": "Amir", "year_group": "6", "enrolled_to": "2027-07-20"}
    bring_in(primary, pupils_file({make_upn(1): said}, columns=["enrolled_to"]), file="pupils.csv", now=later)
    sheet = sheet_of(class_term(primary, now=later))
    assert [pupil.name for pupil in sheet.pupils] == IN_5A
