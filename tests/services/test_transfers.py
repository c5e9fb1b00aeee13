"""Files in: what each kind does, and everything that is refused, with its place."""

import pytest

from headway.formats.tables import FileRefused
from headway.records.models import (
    AcademicYear,
    Act,
    Assessment,
    Enrolment,
    Placement,
    ProgressTarget,
    Pupil,
    Revision,
    School,
    Target,
    Term,
)
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError
from headway.services.collections import close, reopen
from headway.services.exports import export
from headway.services.transfers import StalePlanError, UndoRefusedError, apply, undo
from tests.school import NOW, bring_in, csv, make_school, make_upn, planned, pupils_file, viewer_for
from tests.services.conftest import BEN, CAT

TERM = "2026-27-autumn"
MARKS = "upn,subject,term,grade"


def refusals(school: School, content: bytes, *, file: str, **options: str | None) -> list[str]:
    return [problem.sentence() for problem in planned(school, content, file=file, **options).problems]


def only_refusal(school: School, content: bytes, *, file: str, **options: str | None) -> str:
    (sentence,) = refusals(school, content, file=file, **options)
    return sentence


class TestPupils:
    def test_it_refuses_a_wrong_check_letter_and_says_the_right_one(self, school: School) -> None:
        wrong = "A" + BEN[1:]
        sentence = only_refusal(school, pupils_file({wrong: {}}), file="pupils.csv")
        assert "row 2, column upn" in sentence
        assert BEN in sentence

    def test_it_refuses_both_rows_of_a_pupil_given_twice_even_if_equal(self, school: School) -> None:
        headers = "upn,surname,forename,sex,dob,year_group"
        row = f"{BEN},Ali,Ben,M,2016-01-05,5"
        plan = planned(school, csv(headers, row, row), file="pupils.csv")
        assert [problem.row for problem in plan.problems] == [2, 3]
        assert "row 2 and row 3" in plan.problems[0].wrong
        assert plan.counts == "0 new, 0 changed, 0 same, 2 refused"

    def test_it_leaves_what_stands_where_a_cell_is_blank_or_a_column_absent(self, school: School) -> None:
        bring_in(
            school, pupils_file({BEN: {"fsm": "Y", "reg_group": "5A"}}, columns=["fsm", "reg_group"]), file="pupils.csv"
        )
        again = planned(school, pupils_file({BEN: {"fsm": ""}}, columns=["fsm"]), file="pupils.csv")
        assert again.counts == "0 new, 0 changed, 1 same, 0 refused"

    def test_a_characteristic_holds_from_the_september_of_the_year_given(self, school: School) -> None:
        bring_in(school, pupils_file({BEN: {"fsm": "N"}}, columns=["fsm"]), file="pupils.csv", academic_year="2025-26")
        bring_in(school, pupils_file({BEN: {"fsm": "Y", "year_group": "6"}}, columns=["fsm"]), file="pupils.csv")
        rows = Pupil.objects.get(upn=BEN).characteristics.filter(kind="fsm").order_by("starts")
        assert [(row.starts.isoformat(), row.value) for row in rows] == [("2025-09-01", "N"), ("2026-09-01", "Y")]

    def test_a_leaver_of_an_earlier_year_keeps_the_year_group_they_left_in(self, school: School) -> None:
        bring_in(
            school,
            pupils_file({BEN: {"year_group": "6", "enrolled_to": "2025-07-20"}}, columns=["enrolled_to"]),
            file="pupils.csv",
        )
        placement, enrolment = Placement.objects.get(), Enrolment.objects.get()
        assert (placement.year.starts_in, placement.year_group) == (2024, 6)
        assert (enrolment.starts.isoformat(), enrolment.ends and enrolment.ends.isoformat()) == (
            "2024-09-01",
            "2025-07-20",
        )

    @pytest.mark.parametrize(
        ("column", "value", "said"),
        [
            ("dob", "31/02/2016", "no such day"),
            ("dob", "2030-01-01", "in the future"),
            ("sex", "X", "F (female), M (male)"),
            ("year_group", "15", "a number from 1 to 14"),
            ("surname", "", "every row needs surname"),
        ],
    )
    def test_it_refuses_what_cannot_be(self, school: School, column: str, value: str, said: str) -> None:
        sentence = only_refusal(school, pupils_file({BEN: {column: value}}), file="pupils.csv")
        assert f"row 2, column {column}" in sentence
        assert said in sentence


class TestAssessments:
    @pytest.mark.parametrize(
        ("grade", "said"),
        [
            ("9z", "a grade from W to 8a"),
            ("4d", "perhaps 4"),
            ("٤b", "a grade from W to 8a"),
            ("4²", "a grade from W to 8a"),
            ("04-May", "turned a grade into a date"),
            ("1.0E+1", "number with an exponent"),
            ("4", "does not use undivided grades"),
        ],
    )
    def test_it_refuses_a_grade_that_is_not_one(self, tracked: School, grade: str, said: str) -> None:
        sentence = only_refusal(tracked, csv(MARKS, f"{BEN},reading,{TERM},{grade}"), file="assessments.csv")
        assert "row 2, column grade" in sentence
        assert f"'{grade}'" in sentence
        assert said in sentence

    @pytest.mark.parametrize(
        ("row", "column", "said"),
        [
            (f"{make_upn(77)},reading,{TERM},3a", "upn", "no pupil of this school"),
            (f"{BEN},alchemy,{TERM},3a", "subject", "no such subject"),
            (f"{BEN},reading,2026-27-michaelmas,3a", "term", "2026-27-autumn"),
            (f"{BEN},reading,2050-51-autumn,3a", "term", "2016-17 to 2028-29"),
            (f"{BEN},french,{TERM},3a", "subject", "no french in KS2"),
        ],
    )
    def test_it_refuses_what_the_school_does_not_have(self, tracked: School, row: str, column: str, said: str) -> None:
        sentence = only_refusal(tracked, csv(MARKS, row), file="assessments.csv")
        assert f"row 2, column {column}" in sentence
        assert said in sentence

    @pytest.mark.parametrize("code", [".", "..", "7x1/../Ma"])
    def test_it_refuses_a_class_whose_page_no_browser_would_open(self, tracked: School, code: str) -> None:
        content = csv("class,subject,year_group,upn", f"{code},reading,3,{BEN}")
        assert "row 2, column class" in only_refusal(tracked, content, file="classes.csv")

    def test_nothing_is_applied_where_one_row_is_refused(self, tracked: School) -> None:
        plan = planned(
            tracked, csv(MARKS, f"{BEN},reading,{TERM},3a", f"{CAT},reading,{TERM},9z"), file="assessments.csv"
        )
        assert plan.counts == "1 new, 0 changed, 0 same, 1 refused"
        assert Assessment.objects.count() == 0

    def test_a_blank_grade_is_counted_and_changes_nothing(self, tracked: School) -> None:
        bring_in(tracked, csv(MARKS, f"{BEN},reading,{TERM},3a"), file="assessments.csv")
        plan = planned(
            tracked, csv(MARKS, f"{BEN},reading,{TERM},", f"{CAT},reading,{TERM},4b"), file="assessments.csv"
        )
        assert (plan.n_blank, plan.counts) == (1, "1 new, 0 changed, 0 same, 0 refused")

    def test_a_wide_mark_sheet_is_read_as_a_row_a_pupil_and_subject(self, tracked: School) -> None:
        sheet = csv("UPN,Name,Reading,mathematics", f"{BEN},Ben,3a,Abs", f"{CAT},Cat,4c,")
        plan = planned(tracked, sheet, file="sheet.csv", term=TERM)
        assert plan.wide
        assert plan.ignored == ["Name"]
        assert [row.what for row in plan.rows] == [
            f"{BEN} reading {TERM}",
            f"{BEN} mathematics {TERM}",
            f"{CAT} reading {TERM}",
        ]

    def test_a_wide_sheet_names_its_own_column_in_a_refusal(self, tracked: School) -> None:
        sentence = only_refusal(tracked, csv("upn,Reading", f"{BEN},9z"), file="sheet.csv", term=TERM)
        assert "row 2, column Reading" in sentence

    def test_a_wide_sheet_needs_its_term(self, tracked: School) -> None:
        with pytest.raises(FileRefused, match="--term"):
            planned(tracked, csv("upn,Reading", f"{BEN},3a"), file="sheet.csv")

    def test_mark_codes_are_understood_and_carry_no_points(self, tracked: School) -> None:
        bring_in(tracked, csv(MARKS, f"{BEN},reading,{TERM},a", f"{CAT},reading,{TERM},dis"), file="assessments.csv")
        marks = Assessment.objects.order_by("mark_code").values_list("mark_code", "grade", "rank", "units")
        assert list(marks) == [("Abs", "", None, None), ("Dis", "", None, None)]

    def test_a_row_that_says_its_kind_and_one_that_does_not_are_one_cell(self, tracked: School) -> None:
        content = csv(f"{MARKS},kind", f"{BEN},reading,{TERM},3a,", f"{BEN},reading,{TERM},3b,current")
        assert [problem.row for problem in planned(tracked, content, file="assessments.csv").problems] == [2, 3]

    def test_it_refuses_a_closed_term_until_it_is_reopened(self, tracked: School) -> None:
        close(TERM, school=tracked, by=COMMAND_LINE, now=NOW)
        content = csv(MARKS, f"{BEN},reading,{TERM},3a")
        assert "its collection closed on 23 November 2026" in only_refusal(tracked, content, file="assessments.csv")
        reopen(TERM, school=tracked, by=COMMAND_LINE, now=NOW)
        assert refusals(tracked, content, file="assessments.csv") == []


class TestResults:
    def test_bare_whole_levels_are_accepted(self, tracked: School) -> None:
        content = csv("upn,key_stage,subject,grade", f"{CAT},KS1,mathematics,2")
        bring_in(tracked, content, file="results.csv")
        assert refusals(tracked, content, file="results.csv") == []

    def test_a_blank_kind_and_year_leave_what_stands(self, tracked: School) -> None:
        plan = planned(tracked, csv("upn,key_stage,subject,grade", f"{BEN},KS1,reading,2b"), file="results.csv")
        assert plan.counts == "0 new, 0 changed, 1 same, 0 refused"


class TestTargets:
    def test_a_lowered_target_needs_a_reason(self, tracked: School) -> None:
        headers = "upn,subject,key_stage,grade,reason"
        bare = only_refusal(tracked, csv(headers, f"{BEN},reading,KS2,4c,"), file="targets.csv")
        assert "row 2, column reason" in bare
        assert "from 4b to 4c" in bare
        assert refusals(tracked, csv(headers, f"{BEN},reading,KS2,4c,long illness"), file="targets.csv") == []

    def test_T2_a_target_already_attained_is_flagged_not_refused(self, tracked: School) -> None:
        plan = planned(tracked, csv("upn,subject,key_stage,grade", f"{CAT},mathematics,KS2,3b"), file="targets.csv")
        assert plan.warnings == ()
        plan = planned(
            tracked, csv("upn,subject,key_stage,grade,reason", f"{CAT},reading,KS2,3b,x"), file="targets.csv"
        )
        assert "T2" in plan.warnings[0]
        assert not plan.problems

    def test_T2_counts_where_a_pupil_was_judged_to_be_and_not_what_was_thought_likely(self, tracked: School) -> None:
        marks = [f"{BEN},reading,{TERM},4a", f"{CAT},history,{TERM},A"]
        bring_in(tracked, pupils_file({CAT: {"year_group": "10"}}), file="pupils.csv")
        bring_in(tracked, csv(MARKS, *marks), file="assessments.csv")
        targets = [f"{BEN},reading,KS2,4a", f"{CAT},history,KS4,B"]
        plan = planned(tracked, csv("upn,subject,key_stage,grade", *targets), file="targets.csv")
        assert plan.warnings == (
            f"row 2, {BEN} reading: T2. The target 4a is the same as 4a, which has already been attained.",
        )

    def test_T3_a_mark_code_is_no_target(self, tracked: School) -> None:
        sentence = only_refusal(
            tracked, csv("upn,subject,key_stage,grade", f"{BEN},writing,KS2,Abs"), file="targets.csv"
        )
        assert "column grade" in sentence

    def test_a_change_keeps_what_was_with_who_when_and_why(self, tracked: School) -> None:
        content = csv("upn,subject,key_stage,grade,reason", f"{BEN},reading,KS2,4a,flying")
        bring_in(tracked, content, file="targets.csv")
        target = Target.objects.get(pupil__upn=BEN, subject__code="reading")
        history = Revision.objects.filter(kind="Target", row=target.pk).order_by("version").select_related("act")
        assert [revision.state["grade"] for revision in history] == ["4b", "4a"]
        assert history[1].state["reason"] == "flying"
        assert history[1].act.by == "Command line"


class TestRecognising:
    def test_headers_that_fit_two_kinds_are_refused_naming_both(self, tracked: School) -> None:
        content = csv("upn,subject,key_stage,grade", f"{BEN},reading,KS2,4a")
        with pytest.raises(FileRefused) as refused:
            planned(tracked, content, file="mystery.csv")
        assert "results and targets" in refused.value.problems[0].wrong

    def test_the_file_name_decides_before_the_headers(self, tracked: School) -> None:
        content = csv("upn,subject,key_stage,grade", f"{BEN},reading,KS2,4a")
        assert planned(tracked, content, file="targets_year5.csv").kind == "targets"

    def test_progress_targets_only_go_out(self, tracked: School) -> None:
        with pytest.raises(FileRefused, match="only goes out"):
            planned(tracked, csv("upn", BEN), file="progress_targets.csv")


class TestApplyAndUndo:
    def test_undo_puts_everything_back_as_one_act(self, tracked: School) -> None:
        before = {row.pk: (row.version, row.terms) for row in ProgressTarget.objects.all()}
        applied = bring_in(
            tracked,
            csv("upn,subject,key_stage,grade", f"{BEN},reading,KS2,5b", f"{CAT},writing,KS2,4b"),
            file="targets.csv",
        )
        undo(applied.transfer, school=tracked, by=COMMAND_LINE, now=NOW)
        assert {row.pk: row.terms for row in ProgressTarget.objects.all()} == {
            pk: terms for pk, (_, terms) in before.items()
        }
        assert Target.objects.get(pupil__upn=BEN, subject__code="reading").grade == "4b"
        assert not Target.objects.filter(pupil__upn=CAT, subject__code="writing").exists()
        assert Act.objects.filter(kind="undo").count() == 1

    def test_it_refuses_to_undo_what_later_changes_build_on(self, tracked: School) -> None:
        applied = bring_in(tracked, csv(MARKS, f"{BEN},reading,{TERM},3a"), file="assessments.csv")
        bring_in(tracked, csv(MARKS, f"{BEN},reading,{TERM},3b"), file="assessments.csv")
        with pytest.raises(UndoRefusedError, match="import by Command line"):
            undo(applied.transfer, school=tracked, by=COMMAND_LINE, now=NOW)
        assert Assessment.objects.get().grade == "3b"

    def test_it_refuses_to_undo_twice(self, tracked: School) -> None:
        applied = bring_in(tracked, csv(MARKS, f"{BEN},reading,{TERM},3a"), file="assessments.csv")
        undo(applied.transfer, school=tracked, by=COMMAND_LINE, now=NOW)
        with pytest.raises(UndoRefusedError, match="undone already"):
            undo(applied.transfer, school=tracked, by=COMMAND_LINE, now=NOW)

    def test_a_plan_made_before_somebody_else_changed_a_row_writes_nothing(self, tracked: School) -> None:
        bring_in(tracked, csv(MARKS, f"{BEN},reading,{TERM},3c"), file="assessments.csv")
        stale = planned(
            tracked, csv(MARKS, f"{BEN},reading,{TERM},3a", f"{CAT},reading,{TERM},4c"), file="assessments.csv"
        )
        bring_in(tracked, csv(MARKS, f"{BEN},reading,{TERM},3b"), file="assessments.csv")
        with pytest.raises(StalePlanError):
            apply(stale, by=COMMAND_LINE, now=NOW)
        assert [row.grade for row in Assessment.objects.all()] == ["3b"]

    def test_a_plan_whose_new_row_came_into_being_meanwhile_writes_nothing(self, tracked: School) -> None:
        stale = planned(tracked, csv(MARKS, f"{BEN},reading,{TERM},3a"), file="assessments.csv")
        bring_in(tracked, csv(MARKS, f"{BEN},reading,{TERM},3b"), file="assessments.csv")
        with pytest.raises(StalePlanError):
            apply(stale, by=COMMAND_LINE, now=NOW)
        assert [row.grade for row in Assessment.objects.all()] == ["3b"]

    def test_a_stranger_finds_nothing_and_a_class_teacher_may_not(self, tracked: School) -> None:
        other = make_school("8239999")
        content = csv(MARKS, f"{BEN},reading,{TERM},3a")
        with pytest.raises(NotFoundError):
            planned(tracked, content, file="assessments.csv", by=viewer_for(other, "head"))
        with pytest.raises(NotAllowedError):
            planned(tracked, content, file="assessments.csv", by=viewer_for(tracked, "class_teacher"))
        with pytest.raises(NotAllowedError):
            export("pupils", school=tracked, by=viewer_for(tracked, "tutor"), now=NOW)


def test_a_plan_writes_nothing_at_all(tracked: School) -> None:
    def everything() -> list[int]:
        return [model.objects.count() for model in (Act, Revision, Assessment, AcademicYear, Term)]

    before = everything()
    plan = planned(tracked, csv(MARKS, f"{BEN},reading,2025-26-spring,3b"), file="assessments.csv")
    assert plan.counts == "1 new, 0 changed, 0 same, 0 refused"
    assert everything() == before
    apply(plan, by=COMMAND_LINE, now=NOW)
    assert Term.objects.get().code == "2025-26-spring"


def test_an_export_comes_back_unchanged_after_its_term_has_closed(tracked: School) -> None:
    content = csv(MARKS, f"{BEN},reading,{TERM},3a")
    bring_in(tracked, content, file="assessments.csv")
    close(TERM, school=tracked, by=COMMAND_LINE, now=NOW)
    assert planned(tracked, content, file="assessments.csv").counts == "0 new, 0 changed, 1 same, 0 refused"
    other = csv(MARKS, f"{BEN},reading,{TERM},3b", f"{CAT},reading,{TERM},3b")
    assert planned(tracked, other, file="assessments.csv").counts == "0 new, 0 changed, 0 same, 2 refused"


def test_a_mark_sheet_may_name_its_subjects_as_the_school_does(tracked: School) -> None:
    sheet = csv("upn,Speaking and listening,MATHEMATICS,term", f"{BEN},3a,3b,{TERM}")
    plan = planned(tracked, sheet, file="sheet.csv")
    assert [row.what for row in plan.rows] == [f"{BEN} speaking_listening {TERM}", f"{BEN} mathematics {TERM}"]


def test_w_is_a_grade_of_its_own_beside_the_p_scales(tracked: School) -> None:
    subjects = csv("subject,name,key_stages,scale", "reading,Reading,KS1 KS2,nc_levels_p")
    bring_in(tracked, subjects, file="subjects.csv")
    assert refusals(tracked, csv(MARKS, f"{BEN},reading,{TERM},W"), file="assessments.csv") == []


class TestStaff:
    def test_it_says_whose_address_it_is_so_that_the_same_person_can_be_given_their_code(self, school: School) -> None:
        head = "staff,name,email,roles"
        bring_in(school, csv(head, "PAT,Pat Brook,pat@brook.example,head"), file="staff.csv")

        sentence = only_refusal(school, csv(head, "PB,Pat Brook,pat@brook.example,class_teacher"), file="staff.csv")

        assert "somebody else of the school has it, whose code is PAT" in sentence
        assert "or the code PAT, if they are the same person" in sentence
