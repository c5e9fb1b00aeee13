"""Targets on the sheet of a class: read, tried as typed, and set."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from headway.domain.flags import Flag
from headway.records.models import Act, AuditEntry, ProgressTarget, Pupil, Revision, School, Target
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer
from headway.services.collections import close
from headway.services.progress_targets import line_of
from headway.services.targets import (
    Outcome,
    SheetRow,
    TargetCell,
    TargetSheet,
    check_targets,
    set_targets,
    target_sheet,
)
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for
from tests.services.conftest import BEN, CAT

MARKS = "upn,subject,term,grade"
TARGETS = "upn,subject,key_stage,grade,agreed_on,agreed_by,reason"
DEE = make_upn(3)


@pytest.fixture
def taught(tracked: School) -> School:
    """Ben and Cat in 5/A, taught reading and writing by Tess; Dee elsewhere. This autumn Ben reads at 3a, Cat at 4b."""
    bring_in(tracked, pupils_file({DEE: {}}), file="pupils.csv")
    bring_in(
        tracked, csv("staff,name,email,roles", "TEA,Tess Teacher,tess@elm.example,class_teacher"), file="staff.csv"
    )
    rows = [f"5/A,{subject},5,{upn},TEA" for subject in ("reading", "writing") for upn in (BEN, CAT)]
    rows += [f"5/A,mathematics,5,{BEN},", f"5B,reading,5,{DEE},"]
    bring_in(tracked, csv("class,subject,year_group,upn,teacher", *rows), file="classes.csv")
    marks = [f"{BEN},reading,2026-27-autumn,3a", f"{CAT},reading,2026-27-autumn,4b"]
    bring_in(tracked, csv(MARKS, *marks), file="assessments.csv")
    return tracked


@pytest.fixture
def tess(taught: School) -> Viewer:
    viewer = viewer_for(taught, "class_teacher")
    assert viewer.user
    person = viewer.user.people.get()
    rows = [f"5/A,{subject},5,{upn},{person.code}" for subject in ("reading", "writing") for upn in (BEN, CAT)]
    bring_in(taught, csv("class,subject,year_group,upn,teacher", *rows), file="classes.csv")
    return viewer


def uid(upn: str) -> UUID:
    return Pupil.objects.get(upn=upn).uid


def sheet(school: School, subject: str = "reading", *, viewer: Viewer = COMMAND_LINE, also: str = "") -> TargetSheet:
    return target_sheet("5/A", subject, viewer=viewer, school=school, now=NOW, also=also)


def row(school: School, upn: str, subject: str = "reading") -> SheetRow:
    wanted = uid(upn)
    return next(each for each in sheet(school, subject).rows if each.uid == wanted)


def version(upn: str, subject: str = "reading", point: str = "KS2") -> str:
    target = Target.objects.filter(pupil__upn=upn, subject__code=subject, point=point).first()
    return f"{target.pk}.{target.version}" if target else ""


def cell(upn: str, grade: str, *, point: str = "KS2", subject: str = "reading", **said: object) -> TargetCell:
    given: dict[str, object] = {"version": version(upn, subject, point), **said}
    return TargetCell(uid(upn), point, grade, **given)  # type: ignore[arg-type]


def save(
    school: School,
    *cells: TargetCell,
    subject: str = "reading",
    by: Viewer = COMMAND_LINE,
    request: UUID | None = None,
) -> list[Outcome]:
    return list(set_targets(cells, subject=subject, by=by, school=school, now=NOW, request_id=request or uuid4()))


def expected(upn: str, k: int, subject: str = "reading") -> str:
    term = line_of(ProgressTarget.objects.get(pupil__upn=upn, subject__code=subject)).at(k)
    assert term is not None
    return str(term.value)


class TestSheet:
    def test_it_shows_what_speaks_for_a_target(self, taught: School) -> None:
        ben = row(taught, BEN)
        assert (ben.name, ben.prior, ben.compared.status) == ("Surname1, Forename1", "2b", "above")
        assert ben.latest is not None
        assert (ben.latest.grade, ben.latest.term) == ("3a", "2026-27-autumn")
        assert ben.expected is not None
        assert (ben.expected.grade, ben.expected.points) == ("3b", 22)
        (target,) = ben.targets
        assert (target.point, target.grade, target.n_changes) == ("KS2", "4b", 0)
        assert target.version == version(BEN)

    def test_it_shows_the_latest_mark_where_this_term_has_none(self, taught: School) -> None:
        marks = [
            f"{BEN},writing,2025-26-summer,2a",
            f"{BEN},writing,2025-26-autumn,2c",
            f"{BEN},writing,2026-27-autumn,Abs",
        ]
        bring_in(taught, csv(MARKS, *marks), file="assessments.csv")
        ben = row(taught, BEN, "writing")
        assert ben.latest is not None
        assert (ben.latest.grade, ben.latest.term, ben.mark_words) == ("2a", "2025-26-summer", "absent")

    def test_T2_stands_on_a_target_already_attained_now_or_before(self, taught: School) -> None:
        bring_in(taught, csv(TARGETS, f"{BEN},writing,KS2,2c,,,"), file="targets.csv")
        bring_in(taught, csv("upn,key_stage,subject,grade,kind", f"{BEN},KS1,writing,2b,teacher"), file="results.csv")
        assert row(taught, CAT).flags == []
        assert row(taught, BEN, "writing").flags == [
            Flag("T2", "The target 2c is below 2b, which has already been attained.")
        ]
        bring_in(taught, csv(MARKS, f"{CAT},reading,2025-26-summer,5b"), file="assessments.csv")
        assert [flag.code for flag in row(taught, CAT).flags] == ["T2"]

    def test_T2_is_silent_in_the_last_term_and_of_likely_outcomes(self, school: School) -> None:
        bring_in(school, pupils_file({BEN: {"year_group": "11"}}), file="pupils.csv")
        bring_in(school, csv("class,subject,year_group,upn,teacher", f"5/A,history,11,{BEN},"), file="classes.csv")
        bring_in(school, csv(TARGETS, f"{BEN},history,KS4,C,,,"), file="targets.csv")
        bring_in(school, csv(MARKS, f"{BEN},history,2026-27-autumn,B"), file="assessments.csv")
        assert row(school, BEN, "history").flags == []

    def test_T4_stands_where_a_target_is_due(self, taught: School) -> None:
        (flag,) = row(taught, BEN, "writing").flags
        assert flag == Flag("T4", "There is no target for the end of Key Stage 2, though this is its term 7 of 12.")

    def test_it_adds_up(self, taught: School) -> None:
        found = sheet(taught)
        assert (found.n_with_target, found.n_flagged) == (2, 0)
        assert found.distribution == [("5", 1), ("4", 1)]
        assert (sheet(taught, "writing").n_with_target, sheet(taught, "writing").n_flagged) == (0, 2)

    def test_it_names_the_subjects_of_the_class_with_their_composites(self, taught: School) -> None:
        assert [code for code, _ in sheet(taught).subjects] == ["reading", "writing", "english", "mathematics"]

    def test_a_composite_follows_from_its_parts(self, taught: School) -> None:
        english = sheet(taught, "english")
        assert english.parts == ["Reading", "Writing"]
        ben = row(taught, BEN, "english")
        assert (ben.targets[0].grade, ben.targets[0].parts, ben.flags) == ("", (), [])
        bring_in(taught, csv(TARGETS, f"{BEN},writing,KS2,4c,,,"), file="targets.csv")
        ben = row(taught, BEN, "english")
        assert (ben.targets[0].grade, ben.targets[0].parts) == ("4b", (("reading", "4b"), ("writing", "4c")))

    def test_it_shows_a_named_point_somebody_has_a_target_for_and_one_asked_for(self, taught: School) -> None:
        assert [point.code for point in sheet(taught).points] == ["KS2"]
        assert [point.code for point in sheet(taught).others] == ["Y5"]
        bring_in(taught, csv(TARGETS, f"{BEN},reading,Y4,3c,,,", f"{BEN},reading,Y5,3a,,,"), file="targets.csv")
        assert [point.code for point in sheet(taught).points] == ["KS2", "Y5"]
        assert [point.code for point in sheet(taught).others] == ["Y4"]
        assert [point.code for point in sheet(taught, also="Y4").points] == ["KS2", "Y4", "Y5"]
        assert [target.grade for target in row(taught, CAT).targets] == ["5b", ""]

    def test_it_tells_how_a_target_was_changed(self, taught: School) -> None:
        bring_in(taught, csv(TARGETS, f"{BEN},reading,KS2,4c,2026-10-12,TEA,a long absence"), file="targets.csv")
        (target,) = row(taught, BEN).targets
        assert (target.grade, target.agreed_on, target.agreed_by) == ("4c", date(2026, 10, 12), "Tess Teacher")
        assert target.n_changes == 1
        last = target.changes[0]
        assert (last.before, last.after, last.reason, last.by, last.at) == (
            "4b", "4c", "a long absence", "Command line", NOW,
        )  # fmt: skip

    def test_a_teacher_may_set_only_in_the_subjects_they_teach(self, taught: School, tess: Viewer) -> None:
        assert sheet(taught, viewer=tess).may_set
        assert sheet(taught, "english", viewer=tess).may_set
        assert not sheet(taught, "mathematics", viewer=tess).may_set

    def test_somebody_who_only_reads_reads(self, taught: School) -> None:
        assert not sheet(taught, viewer=viewer_for(taught, "senco")).may_set

    def test_a_stranger_and_a_wrong_address_find_nothing(self, taught: School, tess: Viewer) -> None:
        other = viewer_for(make_school("8239999"), "head")
        for code, subject, viewer in (
            ("5/A", "reading", other),
            ("5/A", "history", tess),
            ("9Z", "reading", tess),
            ("5B", "reading", tess),
        ):
            with pytest.raises(NotFoundError):
                target_sheet(code, subject, viewer=viewer, school=taught, now=NOW)

    def test_a_governor_may_not_look(self, taught: School) -> None:
        with pytest.raises(NotAllowedError):
            sheet(taught, viewer=viewer_for(taught, "governor"))


class TestCheck:
    def check(self, school: School, *cells: TargetCell, subject: str = "reading", by: Viewer = COMMAND_LINE) -> list:  # type: ignore[type-arg]
        return list(check_targets(cells, subject=subject, viewer=by, school=school, now=NOW))

    @pytest.mark.parametrize(("typed", "grade"), [("5b", "5b"), ("Secure 5", "5b"), ("L5B", "5b"), ("4 high", "4a")])
    def test_it_takes_any_spelling(self, taught: School, typed: str, grade: str) -> None:
        (checked,) = self.check(taught, cell(BEN, typed))
        assert checked.grade == grade

    def test_it_says_what_the_line_would_be(self, taught: School) -> None:
        (checked,) = self.check(taught, cell(BEN, "5b"))  # 15 → 33 over 12: term 7 25½, term 8 27
        prospect = checked.prospect
        assert (prospect.this_term.grade, prospect.this_term.points) == ("4c", 15 + 18 * 7 / 12)
        assert (prospect.next_term.grade, prospect.next_term.points) == ("4b", 27)
        assert prospect.status == "below"
        assert not checked.same
        assert not Revision.objects.filter(act__kind="targets").exists()
        assert Target.objects.get(pupil__upn=BEN, subject__code="reading").grade == "4b"
        assert expected(BEN, 7) == "22"

    def test_it_is_what_setting_then_gives(self, taught: School) -> None:
        for redraw in ("whole", "from_latest"):
            taught.settings = {"redraw": redraw}
            taught.save(update_fields=["settings"])
            typed = cell(BEN, "5a" if redraw == "whole" else "6c")
            (checked,) = self.check(taught, typed)
            save(taught, typed)
            assert expected(BEN, 7) == str(checked.prospect.this_term.points)
            assert expected(BEN, 8) == str(checked.prospect.next_term.points)

    def test_without_prior_attainment_it_starts_at_the_first_mark(self, taught: School) -> None:
        bring_in(taught, csv(MARKS, f"{CAT},writing,2026-27-autumn,3b"), file="assessments.csv")
        (checked,) = self.check(taught, cell(CAT, "4b", subject="writing"), subject="writing")
        assert (checked.prospect.this_term.grade, checked.prospect.status) == ("3b", "not_known")
        assert checked.prospect.next_term.points == 21 + 6 / 5 or str(checked.prospect.next_term.points) == "111/5"

    def test_without_prior_attainment_or_mark_there_is_no_line_yet(self, taught: School) -> None:
        (checked,) = self.check(taught, cell(CAT, "4b", subject="writing"), subject="writing")
        assert (checked.prospect.this_term, checked.prospect.next_term) == (None, None)

    def test_a_closed_term_keeps_its_progress_target(self, taught: School) -> None:
        close("2026-27-autumn", school=taught, by=COMMAND_LINE, now=NOW)
        (checked,) = self.check(taught, cell(BEN, "5b"))
        assert (checked.prospect.this_term.points, checked.prospect.next_term.points) == (22, 27)
        assert checked.prospect.status == "above"

    def test_T3_says_what_would_be_right(self, taught: School) -> None:
        (checked,) = self.check(taught, cell(BEN, "9z"))
        assert checked.grade == ""
        assert checked.wrong == "it is not a grade of National Curriculum levels"
        assert checked.right.startswith("a grade from W to 8a")
        (bare,) = self.check(taught, cell(BEN, "4"))
        assert bare.right == "4c or 4b or 4a"

    def test_T2_and_T7_are_flagged(self, taught: School) -> None:
        (checked,) = self.check(taught, cell(CAT, "4b"))
        assert [flag.code for flag in checked.flags] == ["T2", "T7"]
        assert checked.needs_reason

    def test_what_stands_already_asks_nothing(self, taught: School) -> None:
        checked = self.check(taught, cell(BEN, "4b"), cell(CAT, "5 secure"))
        assert [each.same for each in checked] == [True, True]
        assert [each.prospect for each in checked] == [None, None]
        (blank,) = self.check(taught, cell(BEN, " ", subject="writing"), subject="writing")
        assert blank.same

    def test_a_named_point_has_flags_and_no_line(self, taught: School) -> None:
        (checked,) = self.check(taught, cell(CAT, "4b", point="Y5"))
        assert ([flag.code for flag in checked.flags], checked.prospect) == (["T2"], None)

    def test_it_is_for_those_who_may_set_targets(self, taught: School, tess: Viewer) -> None:
        with pytest.raises(NotAllowedError):
            self.check(taught, cell(BEN, "4a"), by=viewer_for(taught, "senco"))
        with pytest.raises(NotAllowedError):
            self.check(taught, cell(BEN, "5a", subject="mathematics"), subject="mathematics", by=tess)
        with pytest.raises(NotFoundError):
            self.check(taught, cell(DEE, "4a"), by=tess)


class TestSet:
    def test_it_raises_a_target_and_redraws_the_line_at_once(self, taught: School) -> None:
        typed = cell(BEN, "secure 5", agreed_by="Tess and Ben's family", agreed_on=date(2026, 11, 20), reason="flying")
        (outcome,) = save(taught, typed)
        assert (outcome.kind, outcome.before, outcome.grade) == ("saved", "4b", "5b")
        assert outcome.version == version(BEN)
        target = Target.objects.get(pupil__upn=BEN, subject__code="reading")
        assert (target.grade, target.units, target.agreed_by, target.agreed_on, target.reason) == (
            "5b", 33, "Tess and Ben's family", date(2026, 11, 20), "flying",
        )  # fmt: skip
        assert expected(BEN, 7) == "51/2"
        history = Revision.objects.filter(kind="Target", row=target.pk).order_by("version")
        assert [revision.state["grade"] for revision in history if revision.state] == ["4b", "5b"]

    def test_it_writes_the_audit_without_names_or_grades(self, taught: School) -> None:
        save(taught, cell(BEN, "5b"), cell(CAT, "5a"))
        entry = AuditEntry.objects.filter(action="targets").get()
        assert entry.detail == {"targets": 2, "subject": "reading", "lines": 2}

    def test_it_sets_a_first_target(self, taught: School) -> None:
        bring_in(taught, csv("upn,key_stage,subject,grade,kind", f"{CAT},KS1,writing,2b,teacher"), file="results.csv")
        (outcome,) = save(taught, cell(CAT, "4b", subject="writing"), subject="writing")
        assert (outcome.kind, outcome.before, outcome.version) == ("saved", "", version(CAT, "writing"))
        assert expected(CAT, 7, "writing") == "22"
        target = Target.objects.get(pupil__upn=CAT, subject__code="writing")
        assert (target.agreed_by, target.agreed_on) == ("Command line", NOW.date())

    def test_closed_terms_keep_their_progress_target(self, taught: School) -> None:
        close("2026-27-autumn", school=taught, by=COMMAND_LINE, now=NOW)
        save(taught, cell(BEN, "5b"))
        assert (expected(BEN, 7), expected(BEN, 8)) == ("22", "27")

    def test_the_schools_own_redraw_runs_from_the_latest_mark(self, taught: School) -> None:
        taught.settings = {"redraw": "from_latest"}
        taught.save(update_fields=["settings"])
        save(taught, cell(BEN, "5b"))  # from 3a (23) in term 7 to 33 in term 12
        assert (expected(BEN, 7), expected(BEN, 8)) == ("22", "25")

    def test_T7_a_lowered_target_needs_a_reason(self, taught: School) -> None:
        (bare,) = save(taught, cell(BEN, "4c"))
        assert (bare.kind, bare.field, bare.right) == ("refused", "reason", "why it was lowered")
        assert bare.wrong == "it lowers the target from 4b to 4c without one"
        (blank,) = save(taught, cell(BEN, "4c", reason="  "))
        assert blank.kind == "refused"
        (given,) = save(taught, cell(BEN, "4c", reason="a long absence"))
        assert given.kind == "saved"

    def test_T2_is_asked_once(self, taught: School) -> None:
        typed = cell(CAT, "4b", reason="she was ill")
        (asked,) = save(taught, typed)
        assert (asked.kind, asked.grade) == ("asked", "5b")
        assert [flag.code for flag in asked.flags] == ["T2", "T7"]
        (saved,) = save(taught, cell(CAT, "4b", reason="she was ill", anyway=True))
        assert saved.kind == "saved"

    def test_T3_is_refused_and_the_good_ones_are_saved(self, taught: School) -> None:
        refused, saved = save(taught, cell(BEN, "A*"), cell(CAT, "5a"))
        assert (refused.kind, refused.field, refused.grade) == ("refused", "grade", "4b")
        assert saved.kind == "saved"
        assert Target.objects.get(pupil__upn=CAT).grade == "5a"

    def test_a_target_is_not_taken_away(self, taught: School) -> None:
        (blank,) = save(taught, cell(BEN, ""))
        assert (blank.kind, blank.wrong) == ("refused", "a target is changed, not taken away")

    def test_what_stands_already_makes_no_history(self, taught: School) -> None:
        outcomes = save(taught, cell(BEN, "4b"), cell(CAT, "5b", version=""))
        assert [outcome.kind for outcome in outcomes] == ["same", "same"]
        assert not Act.objects.filter(kind="targets").exists()

    def test_the_same_place_twice_is_refused(self, taught: School) -> None:
        outcomes = save(taught, cell(BEN, "5c"), cell(BEN, "5b"))
        assert [outcome.kind for outcome in outcomes] == ["saved", "refused"]

    def test_a_point_of_another_key_stage_is_refused(self, taught: School) -> None:
        (outcome,) = save(taught, cell(BEN, "5c", point="KS3"))
        assert outcome.wrong == "the pupil is in Key Stage 2 this term"
        (unknown,) = save(taught, cell(BEN, "5c", point="KS9"))
        assert unknown.wrong == "it is not a key stage"

    def test_a_named_point_may_have_a_target_of_its_own(self, taught: School) -> None:
        before = expected(BEN, 7)
        (outcome,) = save(taught, cell(BEN, "4c", point="Y5"))
        assert outcome.kind == "saved"
        assert expected(BEN, 7) == before

    def test_a_composite_whose_parts_have_targets_is_refused(self, taught: School) -> None:
        (direct,) = save(taught, cell(BEN, "4b", subject="english"), subject="english")
        assert direct.kind == "saved"
        bring_in(taught, csv(TARGETS, f"{BEN},writing,KS2,4c,,,"), file="targets.csv")
        (outcome,) = save(taught, cell(BEN, "5c", subject="english"), subject="english")
        assert outcome.wrong == "it follows from the targets in reading and writing"

    def test_a_stale_version_is_a_clash_that_says_what_stands(self, taught: School) -> None:
        read = cell(BEN, "5b")
        head = viewer_for(taught, "head")
        save(taught, cell(BEN, "5c"), by=head)
        (clash,) = save(taught, read)
        assert (clash.kind, clash.grade) == ("clash", "5c")
        assert clash.standing is not None
        assert (clash.standing.grade, clash.standing.by, clash.standing.at) == ("5c", "Head", NOW)
        assert clash.standing.version == version(BEN)
        (first,) = save(taught, cell(CAT, "4b", subject="writing", version="999.1"), subject="writing")
        assert first.kind == "clash"

    def test_a_request_sent_again_is_answered_as_the_first_was(self, taught: School) -> None:
        request, cells = uuid4(), [cell(BEN, "5b"), cell(CAT, "9z")]
        first = save(taught, *cells, request=request)
        save(taught, cell(BEN, "5a"))
        again = save(taught, *cells, request=request)
        assert again == first
        assert Target.objects.get(pupil__upn=BEN, subject__code="reading").grade == "5a"
        assert Act.objects.filter(kind="targets").count() == 2

    def test_a_teacher_sets_targets_of_own_pupils_in_own_subjects(self, taught: School, tess: Viewer) -> None:
        (outcome,) = save(taught, cell(BEN, "5b"), by=tess)
        assert outcome.kind == "saved"
        assert Act.objects.get(kind="targets").by == "Class teacher"
        with pytest.raises(NotAllowedError, match="You set targets in the subjects you teach"):
            save(taught, cell(BEN, "5a", subject="mathematics"), subject="mathematics", by=tess)
        with pytest.raises(NotFoundError):
            save(taught, cell(DEE, "4b"), by=tess)

    @pytest.mark.parametrize("role", ["head", "senior_leader", "assessment_manager"])
    def test_some_set_any_target(self, taught: School, role: str) -> None:
        (outcome,) = save(taught, cell(BEN, "5b"), by=viewer_for(taught, role))
        assert outcome.kind == "saved"

    def test_a_stranger_finds_nothing_and_a_reader_may_not(self, taught: School) -> None:
        with pytest.raises(NotFoundError):
            save(taught, cell(BEN, "5b"), by=viewer_for(make_school("8239999"), "head"))
        with pytest.raises(NotAllowedError):
            save(taught, cell(BEN, "5b"), by=viewer_for(taught, "senco"))
        with pytest.raises(NotFoundError):
            save(taught, cell(BEN, "5b"), subject="alchemy")
