"""A pupil's page: what is on it, worked out by hand, and who may open it."""

from datetime import date, datetime
from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.domain.questions import Population, Question
from headway.domain.rounding import thousandths
from headway.records.models import Pupil, School
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer
from headway.services.collections import close
from headway.services.pupil_pages import PupilPage, pupil_page
from headway.services.pupil_progress import StageProgress, TermProgress
from headway.services.questions import names
from tests.school import LONDON, NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for

ADA, BOB, CAM, DEE, EVA = (make_upn(number) for number in range(1, 6))
TERM = "2026-27-autumn"
SUBJECTS = ("reading", "writing", "english", "mathematics", "science")


@pytest.fixture
def school(db: None) -> School:
    """Year 5: Ada has everything, Bob no prior attainment, Cam only a code, Dee no target, and Eva has left."""
    school = make_school()
    said = {upn: {} for upn in (ADA, BOB, CAM, DEE)} | {EVA: {"enrolled_to": "2026-10-01"}}
    said[ADA] = {"surname": "Lane", "forename": "Ada", "preferred_forename": "Addie", "fsm": "N", "sen": "K"}
    columns = ["preferred_forename", "reg_group", "enrolled_from", "enrolled_to", "fsm", "sen"]
    bring_in(school, pupils_file(said, columns=columns), file="pupils.csv")
    staff = "staff,name,email,roles\nTEA,Tess Teacher,tea@elm.example,class_teacher\n"
    bring_in(school, staff.encode(), file="staff.csv")
    classes = [f"5A,{subject},5,{ADA},TEA" for subject in ("reading", "writing", "mathematics", "science")]
    bring_in(school, csv("class,subject,year_group,upn,teacher", *classes), file="classes.csv")
    results = [f"{upn},KS1,{s},2b,2024,teacher" for upn in (ADA, CAM, DEE, EVA) for s in ("reading", "writing")]
    results += [f"{ADA},KS1,mathematics,2a,2024,teacher", f"{ADA},KS1,mathematics,3,2024,test"]
    bring_in(school, csv("upn,key_stage,subject,grade,year,kind", *results), file="results.csv")
    targets = [f"{upn},{s},KS2,4b,TEA" for upn in (ADA, BOB, CAM, EVA) for s in ("reading", "writing")]
    targets += [f"{ADA},mathematics,KS2,5c,TEA", f"{ADA},reading,Y5,3a,"]
    bring_in(school, csv("upn,subject,key_stage,grade,agreed_by", *targets), file="targets.csv")
    marks = [
        f"{ADA},reading,2024-25-autumn,2b,TEA,",
        f"{ADA},reading,2025-26-summer,3c,TEA,",
        f"{ADA},reading,{TERM},4c,TEA,Reads at home every night.",
        f"{ADA},writing,2025-26-summer,2a,TEA,",
        f"{ADA},writing,{TERM},2c,TEA,",
        f"{ADA},mathematics,{TERM},4b,TEA,",
        f"{ADA},science,{TERM},Abs,TEA,",
        f"{BOB},reading,{TERM},3b,TEA,",
        f"{BOB},writing,2025-26-summer,3c,TEA,",
        f"{BOB},writing,{TERM},3b,TEA,",
        f"{CAM},reading,{TERM},NE,TEA,",
        f"{DEE},reading,{TERM},3b,TEA,",
        f"{EVA},reading,2025-26-summer,3b,TEA,",
    ]
    bring_in(school, csv("upn,subject,term,grade,by,comment", *marks), file="assessments.csv")
    return school


def page_of(school: School, upn: str = ADA, *, viewer: Viewer = COMMAND_LINE, now: datetime = NOW) -> PupilPage:
    return pupil_page(Pupil.objects.get(upn=upn).uid, viewer=viewer, school=school, now=now)


def stage_of(page: PupilPage, subject: str) -> StageProgress:
    (stage,) = next(each for each in page.subjects if each.code == subject).stages
    return stage


def term_of(page: PupilPage, subject: str, term: str = TERM) -> TermProgress:
    return next(each for each in stage_of(page, subject).terms if each.term.code == term)


def test_it_says_who_the_pupil_is_and_where(school: School) -> None:
    page = page_of(school)

    assert (page.surname, page.forename, page.preferred_forename) == ("Lane", "Ada", "Addie")
    assert (page.year_group, page.date_of_birth) == (5, date(2016, 1, 5))
    assert page.on_roll
    assert page.spell is not None
    assert (page.spell.starts, page.spell.given) == (date(2026, 9, 1), False)


def test_it_gives_every_subject_that_is_taught_marked_or_aimed_at(school: School) -> None:
    assert [subject.code for subject in page_of(school).subjects] == list(SUBJECTS)
    assert [subject.code for subject in page_of(school, DEE).subjects] == ["reading"]


def test_it_gives_every_term_of_the_key_stage(school: School) -> None:
    terms = stage_of(page_of(school), "reading").terms

    assert [each.k for each in terms] == list(range(1, 13))
    assert [each.expected_points for each in terms] == [Fraction(15 + k) for k in range(1, 13)]
    assert (terms[0].term.code, terms[-1].term.code) == ("2024-25-autumn", "2027-28-summer")


def test_it_puts_the_judgement_beside_the_progress_target(school: School) -> None:
    """2b (15) to 4b (27): after term 7 the progress target is 22 points, a 3b; a 4c has 25."""
    each = term_of(page_of(school), "reading")

    assert (each.grade, each.points, each.by, each.comment) == ("4c", 25, "Tess Teacher", "Reads at home every night.")
    assert (each.expected, each.expected_points) == ("3b", 22)
    assert (each.status, each.steps, each.gap) == ("above", 2, 3)
    assert each.class_code == "5A"


def test_it_takes_prior_attainment_as_the_line_does(school: School) -> None:
    """Key Stage 1 by teacher assessment before the test; a composite's from its parts."""
    page = page_of(school)

    prior = stage_of(page, "mathematics").prior
    assert prior is not None
    assert (prior.grade, prior.points, prior.kind, prior.year) == ("2a", 17, "teacher", 2024)
    english = stage_of(page, "english").prior
    assert english is not None
    assert (english.grade, english.points) == ("2b", 15)


def test_it_gives_a_composite_the_mean_of_its_parts(school: School) -> None:
    """Reading 4c (25) and writing 2c (13): 19 points, a 3c; progress target 22, a 3b."""
    page = page_of(school)
    each = term_of(page, "english")

    assert (each.grade, each.points, each.from_parts) == ("3c", 19, True)
    assert (each.expected, each.status, each.gap) == ("3b", "below", -3)
    target = stage_of(page, "english").target
    assert target is not None
    assert (target.grade, target.from_parts) == ("4b", True)


def test_it_gives_targets_for_points_within_the_key_stage(school: School) -> None:
    stage = stage_of(page_of(school), "reading")

    assert stage.target is not None
    assert (stage.target.grade, stage.target.agreed_by) == ("4b", "Tess Teacher")
    assert [(each.point, each.grade) for each in stage.named_targets] == [("Y5", "3a")]


def test_it_says_where_a_line_starts(school: School) -> None:
    """Without prior attainment it is the first judgement: Bob's reading this term, his writing the term before."""
    page = page_of(school, BOB)

    reading, writing = term_of(page, "reading"), term_of(page, "writing")
    assert (reading.starts_here, reading.status, reading.gap) == (True, "not_known", None)
    assert (writing.starts_here, writing.status) == (False, "above")


def test_it_says_why_nothing_is_known(school: School) -> None:
    absent = term_of(page_of(school), "science")
    assert (absent.mark_code, absent.marked, absent.status) == ("Abs", "absent", "not_known")
    aimless = term_of(page_of(school, DEE), "reading")
    assert (aimless.grade, aimless.expected, aimless.status) == ("3b", "", "not_known")


@pytest.mark.parametrize("subject", SUBJECTS)
def test_it_agrees_with_the_names_behind_a_question(school: School, subject: str) -> None:
    question = Question("status", subjects=(subject,), term=TERM, population=Population(year_groups=(5,)))
    records = {each.uid: each for each in names(question, viewer=COMMAND_LINE, school=school, now=NOW)}

    for upn in (ADA, BOB, CAM, DEE):
        page = page_of(school, upn)
        record = records[page.uid]
        found = next((each for each in page.subjects if each.code == subject), None)
        if found is None:
            assert (record.status, record.grade, record.target) == ("not_known", "", "")
            continue
        each = found.at(page.this_term)
        stage = found.stage_at(page.this_term)
        assert each is not None
        assert stage is not None
        told = (each.status, each.steps, each.grade, each.mark_code, each.expected, each.starts_here)
        shown = (record.status, record.steps, record.grade, record.mark_code, record.expected, record.starts_here)
        assert told == shown
        gap = None if each.gap is None else Fraction(thousandths(each.gap), 1000)
        assert (gap, each.expected_points) == (record.gap, record.expected_points)
        assert (stage.target.grade if stage.target else "") == record.target


def test_it_says_statuses_of_the_latest_term_with_a_judgement(school: School) -> None:
    in_spring = datetime(2027, 1, 10, 9, tzinfo=LONDON)

    page = page_of(school, now=in_spring)

    assert (page.this_term.code, page.term.code) == ("2026-27-spring", TERM)


def test_it_leaves_out_what_is_dated_later(school: School) -> None:
    row = f"{ADA},writing,{TERM},3b,2026-12-10"
    bring_in(school, csv("upn,subject,term,grade,date", row), file="assessments.csv")

    assert term_of(page_of(school), "writing").grade == ""
    assert term_of(page_of(school, now=datetime(2026, 12, 11, tzinfo=LONDON)), "writing").grade == "3b"


def test_it_flags_what_a_person_should_look_at(school: School) -> None:
    """Median of 4c, 2c and 4b is 4c; the last writing before 2c was 2a; no judgement has reached its target."""
    flags = page_of(school).flags

    assert [(each.subject, each.flag.code) for each in flags] == [
        ("reading", "A3"),
        ("writing", "A4"),
        ("writing", "A2"),
    ]
    assert flags[1].flag.sentence == "Writing at 2c is 6 steps below the median of this pupil's 3 subjects, 4c."


def test_it_flags_a_target_that_is_attained_already(school: School) -> None:
    bring_in(school, csv("upn,subject,term,grade", f"{ADA},mathematics,{TERM},5b"), file="assessments.csv")

    flags = [each.flag for each in page_of(school).flags if each.subject == "mathematics"]

    assert [each.sentence for each in flags] == ["The target 5c is below 5b, which has already been attained."]


def test_it_keeps_the_lines_of_closed_terms_as_they_were(school: School) -> None:
    close(TERM, school=school, by=COMMAND_LINE, now=NOW)
    bring_in(school, csv("upn,subject,key_stage,grade", f"{ADA},reading,KS2,5b"), file="targets.csv")

    page = page_of(school)

    assert term_of(page, "reading").expected_points == 22
    assert term_of(page, "reading", "2027-28-summer").expected == "5b"


def test_it_tells_every_change_of_a_target_newest_first(school: School) -> None:
    later = datetime(2026, 12, 1, 15, tzinfo=LONDON)
    row = f"{ADA},reading,KS2,4c,2026-12-01,TEA,Missed a term"
    bring_in(
        school,
        csv("upn,subject,key_stage,grade,agreed_on,agreed_by,reason", row),
        file="targets.csv",
        now=later,
    )

    changes = [each for each in page_of(school, now=later).target_changes if each.subject == "reading"]

    lowered = changes[0]
    assert (lowered.point, lowered.before, lowered.after, lowered.at) == ("KS2", "4b", "4c", later)
    assert (lowered.by, lowered.agreed_by, lowered.agreed_on) == ("Command line", "Tess Teacher", date(2026, 12, 1))
    assert lowered.reason == "Missed a term"
    assert {(each.point, each.before, each.after) for each in changes[1:]} == {("KS2", "", "4b"), ("Y5", "", "3a")}


def test_it_gives_classes_with_their_teachers(school: School) -> None:
    page = page_of(school)

    assert page.classes_year is not None
    assert page.classes_year.code == "2026-27"
    assert [(each.code, each.name, each.teachers) for each in page.classes] == [
        ("5A", name, ("Tess Teacher",)) for name in ("Reading", "Writing", "Mathematics", "Science")
    ]


def test_it_gives_attendance_behaviour_groups_and_notes(school: School) -> None:
    sessions = [f"{ADA},2025-26-summer,1,60,57", f"{ADA},2025-26-summer,2,60,54", f"{ADA},{TERM},,100,95"]
    bring_in(school, csv("upn,term,half_term,possible,attended", *sessions), file="attendance.csv")
    incidents = [f"{ADA},2026-11-02,Merit,1,Helped a friend", f"{ADA},2026-09-20,Late,-1,"]
    bring_in(school, csv("upn,date,type,points,note", *incidents), file="behaviour.csv")
    bring_in(school, csv("group,upn,from,to", f"Choir,{ADA},2026-09-10,"), file="groups.csv")

    page = page_of(school)

    assert [(each.term.code, each.half, each.attended) for each in page.attendance] == [
        ("2025-26-summer", 1, 57),
        ("2025-26-summer", 2, 54),
        (TERM, None, 95),
    ]
    assert [(each.on, each.type, each.points) for each in page.incidents] == [
        (date(2026, 9, 20), "Late", -1),
        (date(2026, 11, 2), "Merit", 1),
    ]
    assert [(each.code, each.starts, each.ends) for each in page.groups] == [("Choir", date(2026, 9, 10), None)]
    assert [(each.subject, each.mark, each.by, each.text) for each in page.notes] == [
        ("reading", "4c", "Tess Teacher", "Reads at home every night.")
    ]


def test_it_gives_characteristics_with_the_dates_they_held(school: School) -> None:
    changed = pupils_file({ADA: {"surname": "Lane", "forename": "Ada", "fsm": "Y"}}, columns=["fsm"])
    bring_in(school, changed, file="pupils.csv", academic_year="2027-28")

    held = [each for each in page_of(school).characteristics or () if each.kind == "fsm"]

    assert [(each.value, each.starts, each.ends) for each in held] == [
        ("N", date(2026, 9, 1), date(2027, 8, 31)),
        ("Y", date(2027, 9, 1), None),
    ]


def test_it_keeps_what_is_guarded_from_those_who_may_not_see_it(school: School) -> None:
    assistant = "teaching_assistant"
    staff = csv("staff,name,email,roles", f"TA,Tia Assistant,{assistant}@8231234.example,{assistant}")
    bring_in(school, staff, file="staff.csv")
    bring_in(school, csv("class,subject,year_group,upn,teacher", f"5A,reading,5,{ADA},TA"), file="classes.csv")
    bring_in(school, csv("upn,date,type,points,note", f"{ADA},2026-10-01,kindness,2,at home"), file="behaviour.csv")

    page = page_of(school, viewer=viewer_for(school, assistant))

    assert {each.kind for each in page.characteristics or ()} == {"sex", "sen"}
    assert page.date_of_birth is None
    assert [(each.type, each.note) for each in page.incidents] == [("kindness", "")]
    assert page.subjects
    assert [each.note for each in page_of(school).incidents] == ["at home"]


def test_it_opens_for_those_who_have_left_without_prompting_anybody(school: School) -> None:
    page = page_of(school, EVA)

    assert not page.on_roll
    assert page.spell is not None
    assert page.spell.ends == date(2026, 10, 1)
    assert page.term.code == "2025-26-summer"
    assert page.flags == ()


def test_it_is_not_there_for_a_stranger_or_out_of_reach(school: School) -> None:
    elsewhere = make_school("8239999")
    uid = Pupil.objects.get(upn=ADA).uid
    with pytest.raises(NotFoundError):
        page_of(school, viewer=viewer_for(elsewhere, "head"))
    with pytest.raises(NotFoundError):
        page_of(school, viewer=viewer_for(school, "tutor"))
    with pytest.raises(NotFoundError):
        pupil_page(uid, viewer=COMMAND_LINE, school=elsewhere, now=NOW)
    with pytest.raises(NotFoundError):
        pupil_page(uuid4(), viewer=COMMAND_LINE, school=school, now=NOW)


def test_it_refuses_a_role_that_may_not_ask(school: School) -> None:
    with pytest.raises(NotAllowedError):
        page_of(school, viewer=viewer_for(school, "governor"))


def test_it_asks_no_more_often_for_more_subjects(school: School) -> None:
    with CaptureQueriesContext(connection) as with_one:
        page_of(school, DEE)
    with CaptureQueriesContext(connection) as with_five:
        page_of(school, ADA)

    assert len(with_five) <= len(with_one) + 2
