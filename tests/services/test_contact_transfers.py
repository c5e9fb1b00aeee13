"""The contacts file: what it brings in, what it leaves, and everything it refuses."""

from datetime import date

import pytest

from headway.records.models import Contact, School
from headway.services.access import NotAllowedError
from headway.services.transfers import apply, undo
from tests.school import NOW, bring_in, csv, make_school, make_upn, planned, pupils_file, viewer_for
from tests.services.conftest import BEN, CAT

pytestmark = pytest.mark.django_db

HEADERS = "upn,name,relationship,email,language,receives_reports,restricted,from,to"


@pytest.fixture
def school() -> School:
    school = make_school()
    bring_in(school, pupils_file({BEN: {}, CAT: {}}), file="pupils.csv")
    return school


def refused(school: School, *rows: str, headers: str = HEADERS) -> str:
    (problem,) = planned(school, csv(headers, *rows), file="contacts.csv").problems
    return problem.sentence()


def test_it_brings_in_who_they_are_from_when_and_what_they_may(school: School) -> None:
    bring_in(
        school, csv(HEADERS, f"{BEN},Mona Ali,mother,Mona@Home.example,Urdu,N,Y,2024-09-01,2030-08-31"), file="c.csv"
    )

    (row,) = Contact.objects.all()
    assert (row.pupil.upn, row.name, row.relationship, row.email, row.language) == (
        *(BEN, "Mona Ali", "mother", "mona@home.example", "Urdu"),
    )
    assert (row.receives_reports, row.restricted, row.starts, row.ends) == (
        *(False, True, date(2024, 9, 1), date(2030, 8, 31)),
    )
    assert row.user is None


def test_it_is_known_by_its_headers_and_needs_three(school: School) -> None:
    plan = planned(school, csv("UPN,Name,Relationship", f"{BEN},Mona Ali,mother"), file="x.csv")

    assert (plan.kind, plan.counts) == ("contacts", "1 new, 0 changed, 0 same, 0 refused")


def test_a_blank_cell_or_an_absent_column_leaves_what_stands(school: School) -> None:
    bring_in(school, csv(HEADERS, f"{BEN},Mona Ali,mother,m@home.example,Urdu,N,Y,2024-09-01,"), file="contacts.csv")

    assert planned(school, csv(HEADERS, f"{BEN},mona ali,mother,,,,,,"), file="contacts.csv").counts.startswith(
        "0 new, 1 changed"  # the name, in other letters
    )
    again = planned(school, csv("upn,name,relationship", f"{BEN},Mona Ali,mother"), file="contacts.csv")
    assert again.counts == "0 new, 0 changed, 1 same, 0 refused"


def test_it_says_what_changes_in_the_words_of_the_file(school: School) -> None:
    bring_in(school, csv(HEADERS, f"{BEN},Mona Ali,mother,m@home.example,,,,,"), file="contacts.csv")

    (row,) = planned(school, csv(HEADERS, f"{BEN},Mona Ali,mother,,,,Y,,2026-12-31"), file="contacts.csv").rows

    assert (row.before, row.after) == ("restricted N, to nothing", "restricted Y, to 2026-12-31")


@pytest.mark.parametrize(
    ("row", "column", "right"),
    [
        ("A801200005001,Mona Ali,mother,,,,,,", "upn", "letter"),
        ("{ben},,mother,,,,,,", "name", "every row needs name"),
        ("{ben},Mona Ali,,,,,,,", "relationship", "every row needs relationship"),
        ("{ben},Mona Ali,mother,mona at home,,,,,", "email", "a.khan@school.example"),
        ("{ben},Mona Ali,mother,,,perhaps,,,", "receives_reports", "Y or N"),
        ("{ben},Mona Ali,mother,,,,maybe,,", "restricted", "Y or N"),
        ("{ben},Mona Ali,mother,,,,,31/02/2026,", "from", "a date such as"),
        ("{ben},Mona Ali,mother,,,,,2026-09-02,2026-09-01", "to", "a day from 02/09/2026 on"),
        ("{ben}," + "M" * 201 + ",mother,,,,,,", "name", "at most 200 letters"),
        ("{ben},Mona Ali," + "m" * 61 + ",,,,,,", "relationship", "at most 60 letters"),
    ],
)
def test_it_refuses_what_is_wrong_at_its_place(school: School, row: str, column: str, right: str) -> None:
    sentence = refused(school, row.format(ben=BEN))

    assert f"row 2, column {column}" in sentence
    assert right in sentence


def test_it_refuses_a_pupil_nobody_knows(school: School) -> None:
    assert "no pupil of this school" in refused(school, f"{make_upn(99)},Mona Ali,mother,,,,,,")


def test_it_refuses_both_rows_of_one_contact(school: School) -> None:
    row = f"{BEN},Mona Ali,mother,,,,,,"
    plan = planned(school, csv(HEADERS, row, row.upper().replace(BEN.upper(), BEN)), file="contacts.csv")

    assert [problem.row for problem in plan.problems] == [2, 3]
    assert "about the same contact" in plan.problems[0].wrong


def test_it_refuses_a_last_day_before_the_first_that_stands_and_changes_nothing_of_the_row(school: School) -> None:
    bring_in(school, csv(HEADERS, f"{BEN},Mona Ali,mother,,,,,2026-09-01,"), file="contacts.csv")

    plan = planned(school, csv(HEADERS, f"{BEN},Mona Ali,aunt,,,,,,2026-08-31"), file="contacts.csv")

    assert "before 01/09/2026" in plan.problems[0].wrong
    assert list(plan.changed) == []


def test_it_refuses_an_address_shared_by_somebody_restricted_and_somebody_who_is_not(school: School) -> None:
    rows = [f"{BEN},Mona Ali,mother,a@home.example,,,,,", f"{BEN},Dan Ali,father,a@home.example,,,Y,,"]

    assert "Mona Ali, who is not restricted, has it too" in refused(school, *rows)
    of_two = [f"{BEN},Mona Ali,mother,a@home.example,,,,,", f"{CAT},Dan Ali,father,a@home.example,,,Y,,"]
    assert not planned(school, csv(HEADERS, *of_two), file="contacts.csv").problems


def test_it_can_be_undone(school: School) -> None:
    applied = bring_in(school, csv(HEADERS, f"{BEN},Mona Ali,mother,,,,,,"), file="contacts.csv")

    undo(applied.transfer, school=school, by=viewer_for(school, "head"), now=NOW)

    assert not Contact.objects.exists()


def test_it_takes_managing_people(school: School) -> None:
    content = csv(HEADERS, f"{BEN},Mona Ali,mother,,,,,,")
    data_manager = viewer_for(school, "data_manager")

    with pytest.raises(NotAllowedError):
        planned(school, content, file="contacts.csv", by=data_manager)
    with pytest.raises(NotAllowedError):
        apply(planned(school, content, file="contacts.csv"), by=data_manager, now=NOW)
