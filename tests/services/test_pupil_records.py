"""What stands beside a pupil's name: read once, and fresh as soon as anything of it changes."""

from fractions import Fraction

from headway.domain.populations import Population
from headway.domain.questions import Question
from headway.records.models import School
from headway.services.access import COMMAND_LINE
from headway.services.pupil_records import PupilRecord
from headway.services.questions import names
from tests.school import NOW, bring_in, csv, pupils_file
from tests.services.conftest import BEN, CAT

TERM = "2026-27-autumn"


def records(school: School, subject: str = "reading") -> list[PupilRecord]:
    """Ben and Cat."""
    question = Question("status", Population(year_groups=(5,)), (subject,), TERM)
    return list(names(question, viewer=COMMAND_LINE, school=school, now=NOW))


def test_it_gives_prior_attainment_and_target_with_their_ranks(tracked: School) -> None:
    ben, cat = records(tracked)

    assert (ben.prior, ben.target, cat.prior, cat.target) == ("2b", "4b", "3", "5b")
    assert ben.prior_rank is not None
    assert cat.prior_rank is not None
    assert ben.prior_rank < cat.prior_rank
    assert (ben.target_rank or 0) < (cat.target_rank or 0)
    assert (ben.expected_points, cat.expected_points) == (Fraction(22), Fraction(28))


def test_it_gives_the_note_beside_the_grade_that_counts(tracked: School) -> None:
    rows = [f"{BEN},reading,{TERM},3b,current,A good talker.", f"{CAT},reading,2025-26-summer,3a,current,Then."]
    bring_in(tracked, csv("upn,subject,term,grade,kind,comment", *rows), file="assessments.csv")

    assert [each.note for each in records(tracked)] == ["A good talker.", ""]


def test_it_gives_the_attendance_of_this_year_so_far(tracked: School) -> None:
    rows = [f"{BEN},2025-26-summer,,100,10", f"{BEN},{TERM},1,60,60", f"{BEN},{TERM},2,40,30"]
    bring_in(tracked, csv("upn,term,half_term,possible,attended", *rows), file="attendance.csv")

    assert [each.attendance for each in records(tracked)] == [Fraction(9, 10), None]


def test_it_counts_a_whole_term_once_where_its_halves_came_too(tracked: School) -> None:
    rows = [f"{BEN},{TERM},,100,95", f"{BEN},{TERM},1,60,10"]
    bring_in(tracked, csv("upn,term,half_term,possible,attended", *rows), file="attendance.csv")

    assert records(tracked)[0].attendance == Fraction(19, 20)


def test_it_is_fresh_as_soon_as_anything_changes(tracked: School) -> None:
    records(tracked)
    bring_in(tracked, pupils_file({BEN: {"surname": "Zed", "forename": "Ben"}}), file="pupils.csv")
    bring_in(
        tracked, csv("upn,key_stage,subject,grade,year,kind", f"{CAT},KS1,reading,2a,2024,teacher"), file="results.csv"
    )
    bring_in(tracked, csv("upn,term,possible,attended", f"{CAT},{TERM},10,9"), file="attendance.csv")
    content = csv("upn,subject,term,grade,comment", f"{CAT},reading,{TERM},3b,New.")
    bring_in(tracked, content, file="assessments.csv")

    cat, ben = records(tracked)
    assert (ben.name, cat.prior, cat.attendance, cat.note) == ("Zed, Ben", "2a", Fraction(9, 10), "New.")
    assert cat.expected_points != Fraction(28)
