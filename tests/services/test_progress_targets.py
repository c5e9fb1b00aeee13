"""Lines laid, redrawn and kept, through the files that move them."""

from fractions import Fraction

import pytest

from headway.domain.questions import Question
from headway.records.models import ProgressTarget, School
from headway.services.access import COMMAND_LINE
from headway.services.collections import close
from headway.services.exports import Wanted, export
from headway.services.progress_targets import line_of
from headway.services.questions import ask
from tests.school import NOW, bring_in, csv, make_upn, pupils_file
from tests.services.conftest import BEN, CAT

TARGETS = "upn,subject,key_stage,grade,reason"
MARKS = "upn,subject,term,grade"


def line(upn: str, subject: str) -> dict[str, tuple[str, str, str]]:
    """A pupil's exported line: points, grade and target by term."""
    school = School.objects.get()
    sheet = export("progress_targets", school=school, by=COMMAND_LINE, now=NOW, wanted=Wanted(subject=subject))
    return {str(row[2]): (str(row[3]), str(row[5]), str(row[6])) for row in sheet.rows if row[0] == upn}


def test_it_lays_the_line_of_the_rules(tracked: School) -> None:
    reading = line(BEN, "reading")
    assert len(reading) == 12
    assert reading["2024-25-autumn"] == ("16", "2b", "4b")
    assert reading["2024-25-spring"] == ("17", "2a", "4b")
    assert reading["2024-25-summer"] == ("18", "2a", "4b")
    assert reading["2027-28-summer"] == ("27", "4b", "4b")


def test_it_keeps_fractions_exact(tracked: School) -> None:
    assert line(BEN, "mathematics")["2026-27-autumn"] == ("151/6", "4c", "5c")


def test_a_changed_target_redraws_at_once_from_prior_attainment(tracked: School) -> None:
    bring_in(tracked, csv(TARGETS, f"{BEN},reading,KS2,5b,"), file="targets.csv")
    assert line(BEN, "reading")["2024-25-autumn"] == ("33/2", "2b", "5b")


def test_closed_terms_keep_the_progress_target_that_was_in_force(tracked: School) -> None:
    close("2026-27-autumn", school=tracked, by=COMMAND_LINE, now=NOW)
    before = line(BEN, "reading")
    bring_in(tracked, csv(TARGETS, f"{BEN},reading,KS2,5b,"), file="targets.csv")
    after = line(BEN, "reading")
    assert after["2026-27-autumn"] == before["2026-27-autumn"] == ("22", "3b", "4b")
    assert after["2026-27-spring"] == ("27", "4b", "5b")
    assert ProgressTarget.objects.filter(pupil__upn=BEN, subject__code="reading").count() == 1


def test_without_prior_attainment_the_line_starts_at_the_first_assessment(tracked: School) -> None:
    bring_in(tracked, csv(TARGETS, f"{CAT},mathematics,KS2,4b,"), file="targets.csv")
    assert line(CAT, "mathematics") == {}
    bring_in(
        tracked,
        csv(MARKS, f"{CAT},mathematics,2025-26-summer,Abs", f"{CAT},mathematics,2026-27-autumn,3c"),
        file="assessments.csv",
    )
    mathematics = line(CAT, "mathematics")
    assert list(mathematics) == sorted(mathematics)
    assert min(mathematics) == "2026-27-autumn"
    assert mathematics["2026-27-autumn"] == ("19", "3c", "4b")
    assert mathematics["2026-27-spring"] == ("103/5", "3c", "4b")


def test_an_earlier_assessment_found_later_moves_the_start(tracked: School) -> None:
    bring_in(tracked, csv(TARGETS, f"{CAT},mathematics,KS2,4b,"), file="targets.csv")
    bring_in(tracked, csv(MARKS, f"{CAT},mathematics,2026-27-autumn,3c"), file="assessments.csv")
    bring_in(tracked, csv(MARKS, f"{CAT},mathematics,2025-26-autumn,2a"), file="assessments.csv")
    assert min(line(CAT, "mathematics")) == "2025-26-autumn"


def test_a_composite_has_a_line_once_each_part_has_one(tracked: School) -> None:
    assert line(BEN, "english") == {}
    bring_in(tracked, csv("upn,key_stage,subject,grade,kind", f"{BEN},KS1,writing,2c,teacher"), file="results.csv")
    bring_in(tracked, csv(TARGETS, f"{BEN},writing,KS2,4c,"), file="targets.csv")
    english = line(BEN, "english")
    assert english["2024-25-autumn"] == ("15", "2b", "4b")  # the mean of 16 and 14; targets 27 and 25 have the mean 26
    assert english["2027-28-summer"] == ("26", "4c", "4b")
    bring_in(tracked, csv(TARGETS, f"{BEN},writing,KS2,4b,"), file="targets.csv")
    assert line(BEN, "english")["2027-28-summer"] == ("27", "4b", "4b")


def test_a_target_for_the_composite_itself_counts_until_its_parts_have_theirs(tracked: School) -> None:
    bring_in(tracked, csv("upn,key_stage,subject,grade,kind", f"{BEN},KS1,writing,2c,teacher"), file="results.csv")
    bring_in(tracked, csv(TARGETS, f"{BEN},english,KS2,5c,"), file="targets.csv")
    assert line(BEN, "english")["2027-28-summer"] == ("31", "5c", "5c")
    assert line(BEN, "english")["2024-25-autumn"] == (str(Fraction(14) + Fraction(17, 12)), "2b", "5c")
    bring_in(tracked, csv(TARGETS, f"{BEN},writing,KS2,4c,"), file="targets.csv")
    assert line(BEN, "english")["2027-28-summer"] == ("26", "4c", "4b")


def test_a_key_stage_after_a_composite_starts_from_the_mean_of_its_parts(school: School) -> None:
    bring_in(school, pupils_file({BEN: {"year_group": "7"}}), file="pupils.csv")
    results = [f"{BEN},KS2,reading,4a,test", f"{BEN},KS2,writing,4c,test"]
    bring_in(school, csv("upn,key_stage,subject,grade,kind", *results), file="results.csv")
    bring_in(school, csv(TARGETS, f"{BEN},english,KS3,6b,"), file="targets.csv")
    assert ProgressTarget.objects.get().start == "27"


@pytest.mark.parametrize(
    ("rows", "start"),
    [
        (["2c,2024,test", "2a,2024,teacher"], "17"),
        (["2a,2023,teacher", "2c,2024,teacher"], "13"),
        (["3,2024,test"], "21"),
        (["Abs,2024,teacher", "2c,2023,teacher"], "13"),
    ],
)
def test_prior_attainment_is_the_teachers_at_ks1_and_the_latest_of_a_kind(
    school: School, rows: list[str], start: str
) -> None:
    bring_in(school, pupils_file({BEN: {}}), file="pupils.csv")
    results = [f"{BEN},KS1,reading,{row}" for row in rows]
    bring_in(school, csv("upn,key_stage,subject,grade,year,kind", *results), file="results.csv")
    bring_in(school, csv(TARGETS, f"{BEN},reading,KS2,4b,"), file="targets.csv")
    assert ProgressTarget.objects.get().start == start


def test_prior_attainment_at_ks2_is_the_test(school: School) -> None:
    bring_in(school, pupils_file({BEN: {"year_group": "7"}}), file="pupils.csv")
    results = [f"{BEN},KS2,english,5b,2026,teacher", f"{BEN},KS2,english,4a,2026,test"]
    bring_in(school, csv("upn,key_stage,subject,grade,year,kind", *results), file="results.csv")
    bring_in(school, csv(TARGETS, f"{BEN},english,KS3,6b,"), file="targets.csv")
    row = ProgressTarget.objects.get()
    assert (row.start, row.n_terms) == ("29", 9)


def test_a_likely_outcome_without_an_estimate_is_held_to_the_target(school: School) -> None:
    bring_in(school, pupils_file({BEN: {"year_group": "10"}}), file="pupils.csv")
    bring_in(school, csv(TARGETS, f"{BEN},history,KS4,B-,"), file="targets.csv")
    terms = [f"{year}-{name}" for year in ("2026-27", "2027-28") for name in ("autumn", "spring", "summer")]
    assert line(BEN, "history") == dict.fromkeys(terms, ("44", "B-", "B-"))


def test_a_corrected_year_group_moves_the_lines_terms(tracked: School) -> None:
    bring_in(tracked, pupils_file({BEN: {"year_group": "6", "sex": "M"}}), file="pupils.csv")
    assert max(line(BEN, "reading")) == "2026-27-summer"


def test_the_schools_own_redraw_runs_from_the_latest_assessment(tracked: School) -> None:
    tracked.settings = {"redraw": "from_latest"}
    tracked.save(update_fields=["settings"])
    bring_in(tracked, csv(MARKS, f"{BEN},reading,2026-27-autumn,3b"), file="assessments.csv")
    bring_in(tracked, csv(TARGETS, f"{BEN},reading,KS2,5c,"), file="targets.csv")
    reading = line(BEN, "reading")
    assert reading["2026-27-autumn"] == ("22", "3b", "4b")
    assert reading["2026-27-spring"] == ("23", "3a", "5c")
    bring_in(tracked, csv(MARKS, f"{BEN},reading,2026-27-spring,3a"), file="assessments.csv")
    assert line(BEN, "reading") == reading


def test_a_line_is_one_row_and_reads_back_as_laid(tracked: School) -> None:
    row = ProgressTarget.objects.get(pupil__upn=CAT)
    laid = line_of(row)
    assert laid.terms[0].value == Fraction(22)
    assert laid.terms[-1].value == Fraction(33)


def test_another_scales_prior_attainment_does_not_start_a_line(db: None) -> None:
    from tests.school import make_school

    school = make_school(framework="england-2026")
    upn = make_upn(3)
    bring_in(school, pupils_file({upn: {"year_group": "10"}}), file="pupils.csv")
    bring_in(school, csv("upn,key_stage,subject,grade,kind", f"{upn},KS2,mathematics,104,test"), file="results.csv")
    bring_in(school, csv(TARGETS, f"{upn},mathematics,KS4,6,"), file="targets.csv")
    assert line(upn, "mathematics")["2026-27-autumn"][0] == "6"


def test_a_school_that_takes_up_the_p_scales_keeps_its_lines_and_statuses(tracked: School) -> None:
    bring_in(tracked, csv(MARKS, f"{BEN},reading,2026-27-autumn,3b"), file="assessments.csv")
    before = line(BEN, "reading")
    subjects = csv("subject,name,key_stages,scale", "reading,Reading,KS1 KS2,nc_levels_p")
    bring_in(tracked, subjects, file="subjects.csv")
    assert line(BEN, "reading") == before
    bring_in(tracked, csv(MARKS, f"{CAT},reading,2026-27-autumn,P6"), file="assessments.csv")
    question = Question("status", subjects=("reading",), term="2026-27-autumn", by=("sex",))
    rows = ask(question, viewer=COMMAND_LINE, school=tracked, now=NOW).rows
    assert [(row.by["sex"], row.figures["on"], row.figures["well_below"]) for row in rows] == [("M", 1, 0), ("F", 0, 1)]
