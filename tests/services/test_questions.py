"""Questions asked of a school: counts by hand, who sees whom, and what the answer says of itself."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from headway.domain.questions import Answer, Population, Question, QuestionRefused
from headway.records.models import School, User
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.choices import choices
from headway.services.people import add_person
from headway.services.questions import ask, names
from tests.school import LONDON, NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for

TERM = "2026-27-autumn"
UPNS = [make_upn(number) for number in range(1, 7)]


@pytest.fixture
def year_five(db: None) -> School:
    """Six pupils of Year 5 in reading, all from 2b to 4b: this term's progress target is 22 points, a 3b (21)."""
    school = make_school()
    said: dict[str, Mapping[str, str]] = {
        upn: {"sex": "M" if number < 3 else "F", "fsm": "Y" if number in (0, 3) else "N"}
        for number, upn in enumerate(UPNS)
    }
    said = {**said, make_upn(9): {"year_group": "3", "fsm": ""}}
    bring_in(school, pupils_file(said, columns=["fsm"]), file="pupils.csv")
    results = [f"{upn},KS1,reading,2b,teacher" for upn in UPNS]
    bring_in(school, csv("upn,key_stage,subject,grade,kind", *results), file="results.csv")
    targets = [f"{upn},reading,KS2,4b" for upn in UPNS]
    bring_in(school, csv("upn,subject,key_stage,grade", *targets), file="targets.csv")
    marks = zip(UPNS, ["3a", "3b", "3c", "2a", "Abs"], strict=False)  # the last girl has nothing entered
    rows = [f"{upn},reading,{TERM},{mark}" for upn, mark in marks]
    bring_in(school, csv("upn,subject,term,grade", *rows), file="assessments.csv")
    return school


def answer(
    school: School, measure: str, *, viewer: Viewer = COMMAND_LINE, now: datetime = NOW, **asked: object
) -> Answer:
    question = Question(measure, subjects=("reading",), population=Population(year_groups=(5,)))
    return ask(replace(question, **asked), viewer=viewer, school=school, now=now)


def figures(of: Answer, *wanted: str) -> list[tuple[object, ...]]:
    return [tuple(row.figures[name] for name in wanted) for row in of.rows]


STATUS = ("above", "on", "below", "well_below", "not_known", "numerator", "denominator", "percent")


def test_it_counts_the_five_words(year_five: School) -> None:
    assert figures(answer(year_five, "status"), *STATUS) == [(1, 1, 1, 1, 2, 2, 4, Decimal("50.0"))]


def test_it_cuts_by_one_and_by_two(year_five: School) -> None:
    by_sex = answer(year_five, "status", by=("sex",))
    assert {row.by["sex"]: row.figures["not_known"] for row in by_sex.rows} == {"M": 0, "F": 2}
    both = answer(year_five, "status", by=("sex", "fsm"))
    assert [(row.by["sex"], row.by["fsm"], len(row.pupils)) for row in both.rows] == [
        ("M", True, 1),
        ("M", False, 2),
        ("F", True, 1),
        ("F", False, 2),
    ]


def test_it_gives_the_gap_from_the_exact_line(year_five: School) -> None:
    (row,) = answer(year_five, "gap").rows
    assert (row.figures["n"], row.figures["missing"]) == (4, 2)
    assert row.figures["mean"] == Decimal("-2.00")  # 23, 21, 19 and 17 points less 22 each: 1, -1, -3, -5
    assert row.figures["median_steps"] == Decimal("-0.5")


def test_at_least_counts_pupils_on_roll(year_five: School) -> None:
    assert figures(answer(year_five, "at_least:3"), "numerator", "denominator", "missing", "percent") == [
        (3, 6, 2, Decimal("50.0"))
    ]
    assert figures(answer(year_five, "at_least:3b"), "numerator") == [(2,)]
    assert figures(answer(year_five, "at_least:4", basis="target"), "numerator", "missing") == [(6, 0)]


def test_grades_count_everybody_once(year_five: School) -> None:
    counted = {row.figures["grade"]: row.figures["count"] for row in answer(year_five, "grades").rows}
    assert {grade: count for grade, count in counted.items() if count} == {
        "2a": 1,
        "3c": 1,
        "3b": 1,
        "3a": 1,
        "Abs": 1,
        "not entered": 1,
    }


def test_points_are_a_mean_with_its_interval(year_five: School) -> None:
    assert figures(answer(year_five, "points"), "n", "missing", "mean") == [(4, 2, Decimal("20.00"))]


def test_a_filter_narrows_who_is_counted(year_five: School) -> None:
    girls = Population(year_groups=(5,), where=(("sex", "F"),))
    assert figures(answer(year_five, "status", population=girls), "well_below", "not_known") == [(1, 2)]
    assert answer(year_five, "status", population=Population()).total_pupils == 7


def test_without_a_term_it_is_the_latest_begun(year_five: School) -> None:
    assert answer(year_five, "status").question.term == TERM


def test_a_mark_dated_after_the_day_asked_about_is_not_counted_yet(year_five: School) -> None:
    content = csv("upn,subject,term,grade,date", f"{UPNS[0]},reading,{TERM},3a,2026-12-10")
    bring_in(year_five, content, file="assessments.csv")
    now = answer(year_five, "status")
    assert figures(now, "above", "not_known") == [(0, 3)]
    assert any("1 in the school" in note for note in now.notes)
    assert figures(answer(year_five, "status", as_of=date(2026, 12, 10)), "above", "not_known") == [(1, 2)]


def test_a_leaver_is_counted_until_their_last_day(year_five: School) -> None:
    leaver = pupils_file({UPNS[0]: {"sex": "M", "enrolled_to": "2026-10-31"}}, columns=["enrolled_to"])
    bring_in(year_five, leaver, file="pupils.csv")
    assert answer(year_five, "status").total_pupils == 5
    assert answer(year_five, "status", as_of=date(2026, 10, 31)).total_pupils == 6


def test_characteristics_are_as_on_the_day_asked_about(year_five: School) -> None:
    later = datetime(2027, 9, 20, 9, 0, tzinfo=LONDON)
    content = pupils_file({UPNS[1]: {"sex": "M", "year_group": "6", "fsm": "Y"}}, columns=["fsm"])
    bring_in(year_five, content, file="pupils.csv", now=later)
    everybody = Population(upns=(UPNS[1],))
    asked = {"by": ("fsm",), "population": everybody, "term": TERM}
    before = answer(year_five, "status", now=later, as_of=date(2027, 8, 31), **asked)
    after = answer(year_five, "status", now=later, as_of=date(2027, 9, 1), **asked)
    assert ([row.by["fsm"] for row in before.rows], [row.by["fsm"] for row in after.rows]) == ([False], [True])


def test_no_subjects_means_every_one_in_use_that_is_not_a_composite(year_five: School) -> None:
    bring_in(year_five, csv("upn,subject,key_stage,grade", f"{UPNS[0]},writing,KS2,4b"), file="targets.csv")
    rows = answer(year_five, "status", subjects=()).rows
    assert [row.by["subject"] for row in rows] == ["reading", "writing"]
    assert answer(year_five, "status", subjects=("english",)).rows[0].figures["not_known"] == 6


def test_every_count_opens_exactly_its_names(year_five: School) -> None:
    question = Question("status", subjects=("reading",), population=Population(year_groups=(5,)), by=("sex",))
    rows = ask(question, viewer=COMMAND_LINE, school=year_five, now=NOW).rows
    for number, row in enumerate(rows):
        behind = names(question, viewer=COMMAND_LINE, school=year_five, now=NOW, row=number)
        for word in ("above", "on", "below", "well_below", "not_known"):
            assert row.figures[word] == sum(record.status == word for record in behind)


def test_names_come_with_their_attainment_records(year_five: School) -> None:
    question = Question("status", subjects=("reading",), population=Population(year_groups=(5,)))
    records = names(question, viewer=COMMAND_LINE, school=year_five, now=NOW)
    first = records[0]
    assert (first.prior, first.target, first.expected, first.grade, first.status) == ("2b", "4b", "3b", "3a", "above")
    assert (first.expected_points, first.gap, first.steps) == (Fraction(22), Fraction(1), 1)
    assert records[4].mark_code == "Abs"


def test_where_the_line_starts_the_status_is_not_known(year_five: School) -> None:
    upn = make_upn(9)
    bring_in(year_five, csv("upn,subject,key_stage,grade", f"{upn},reading,KS2,4b"), file="targets.csv")
    bring_in(year_five, csv("upn,subject,term,grade", f"{upn},reading,{TERM},2b"), file="assessments.csv")
    question = Question("status", subjects=("reading",), population=Population(year_groups=(3,)))
    (record,) = names(question, viewer=COMMAND_LINE, school=year_five, now=NOW)
    assert (record.starts_here, record.status, record.gap) == (True, "not_known", None)


def test_what_the_school_does_not_have_is_refused_all_at_once(year_five: School) -> None:
    question = Question("status", subjects=("alchemy",), population=Population(classes=("9Z",)), by=("intervention",))
    with pytest.raises(QuestionRefused) as refused:
        ask(question, viewer=COMMAND_LINE, school=year_five, now=NOW)
    assert len(refused.value.problems) == 3
    assert all("Right would be" in problem for problem in refused.value.problems)


def test_a_teacher_is_answered_about_the_pupils_they_teach(year_five: School) -> None:
    teacher = viewer_for(year_five, "class_teacher")
    code = teacher.user and teacher.user.people.get().code
    taught = csv("class,subject,year_group,upn,teacher", *(f"5A,reading,5,{upn},{code}" for upn in UPNS[:2]))
    bring_in(year_five, taught, file="classes.csv")
    assert answer(year_five, "status", viewer=teacher).total_pupils == 2
    assert answer(year_five, "status", viewer=viewer_for(year_five, "head")).total_pupils == 6


def test_what_a_role_does_not_include_is_refused_to_count_cut_or_filter_by(year_five: School) -> None:
    assistant = viewer_for(year_five, "teaching_assistant")

    assert answer(year_five, "status", viewer=assistant, by=("sex", "sen")).total_pupils == 0
    for asked in ({"by": ("fsm",)}, {"population": Population(where=(("looked_after", True),))}):
        with pytest.raises(NotAllowedError, match=r"Your role does not include (free school meals|looked after)"):
            answer(year_five, "status", viewer=assistant, **asked)


def test_by_what_is_guarded_only_pupils_are_counted_of_whom_it_may_be_seen(year_five: School) -> None:
    """Somebody who teaches two of Year 5 and leads reading: who is looked after is theirs to know of the two alone."""
    roles = "class_teacher; subject_leader:reading"
    staff = csv("staff,name,email,roles", f"LEA,Lea Lead,lea@{year_five.dfe}.example,{roles}")
    bring_in(year_five, staff, file="staff.csv")
    add_person(
        name="Lea Lead", email=f"lea@{year_five.dfe}.example", roles=roles, school=year_five, by=COMMAND_LINE, now=NOW
    )
    classes = [f"5{'AB'[number > 1]},reading,5,{upn},{'LEA' if number < 2 else ''}" for number, upn in enumerate(UPNS)]
    bring_in(year_five, csv("class,subject,year_group,upn,teacher", *classes), file="classes.csv")
    lea = viewer_of(User.objects.get(email=f"lea@{year_five.dfe}.example"))

    everybody = answer(year_five, "status", viewer=lea, by=("fsm",))
    own = answer(year_five, "status", viewer=lea, by=("looked_after",))

    note = "Only pupils of whom you may see what is asked for are counted."
    assert (everybody.total_pupils, own.total_pupils) == (6, 2)
    assert note in own.notes
    assert note not in answer(year_five, "status", viewer=lea).notes


def test_a_stranger_finds_nothing_and_a_governor_may_not_ask(year_five: School) -> None:
    with pytest.raises(NotFoundError):
        answer(year_five, "status", viewer=viewer_for(make_school("8239999"), "head"))
    with pytest.raises(NotAllowedError):
        answer(year_five, "status", viewer=viewer_for(year_five, "governor"))


def test_choices_are_what_the_pupils_have(year_five: School) -> None:
    offered = choices(viewer=COMMAND_LINE, school=year_five, now=NOW)
    assert (offered.year_groups, offered.subjects) == ([3, 5], [("reading", "Reading")])
    assert offered.default_term == TERM
    assert offered.terms[0] == (TERM, "Autumn 2026")


def test_two_key_stages_on_two_scales_are_asked_at_once(year_five: School) -> None:
    upn = make_upn(20)
    bring_in(year_five, pupils_file({upn: {"year_group": "10"}}), file="pupils.csv")
    bring_in(year_five, csv("upn,subject,term,grade", f"{upn},mathematics,{TERM},C-"), file="assessments.csv")
    everybody = {"subjects": ("mathematics",), "population": Population()}
    assert figures(answer(year_five, "at_least:C", **everybody), "numerator") == [(1,)]
    with pytest.raises(QuestionRefused):
        answer(year_five, "at_least:Z", **everybody)


def test_it_answers_for_a_whole_school_from_what_is_kept_until_a_mark_moves(year_five: School) -> None:
    question = Question("status", subjects=("reading",))
    first, again = (ask(question, viewer=COMMAND_LINE, school=year_five, now=NOW) for _ in range(2))
    assert again.rows is first.rows

    bring_in(year_five, csv("upn,subject,term,grade", f"{UPNS[5]},reading,{TERM},3b"), file="assessments.csv")
    moved = ask(question, viewer=COMMAND_LINE, school=year_five, now=NOW)

    known = [answer.rows[0].figures["denominator"] for answer in (first, moved)]
    assert known == [4, 5]
