"""What came in before: listed, opened record by record, and what builds on it."""

from uuid import UUID, uuid4

import pytest

from headway.records.models import Role, School
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError
from headway.services.transfers import UndoRefusedError, transfer_of, transfers_of, undo
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, viewer_for

pytestmark = pytest.mark.django_db

BEN, CAT = make_upn(1), make_upn(2)
STAFF = "staff,name,email,roles"


@pytest.fixture
def school() -> School:
    return make_school()


def brought(school: School, content: bytes, file: str) -> UUID:
    return bring_in(school, content, file=file).transfer


def changes(school: School, transfer: UUID) -> dict[str, list[tuple[str, str, str, str]]]:
    detail = transfer_of(transfer, viewer=COMMAND_LINE, school=school, now=NOW)
    return {
        tally.kind: [(each.outcome, each.what, each.before, each.after) for each in tally.changes]
        for tally in detail.records
    }


def test_it_tells_what_was_made_changed_and_removed(school: School) -> None:
    brought(school, csv(STAFF, "AB,Ann Bee,ann@school.example,tutor"), "staff.csv")
    transfer = brought(school, csv(STAFF, "AB,Ann Cole,ann@school.example,class_teacher"), "staff.csv")

    assert changes(school, transfer) == {
        "Person": [("changed", "Ann Cole (AB)", "name Ann Bee", "name Ann Cole")],
        "Role": [
            ("removed", "Ann Cole", "role tutor", ""),
            ("new", "Ann Cole", "", "role class_teacher"),
        ],
    }


def test_it_names_what_an_undo_took_away_as_it_was_made(school: School) -> None:
    transfer = brought(school, pupils_file({BEN: {"reg_group": "5B"}}, columns=["reg_group"]), "pupils.csv")
    undo(transfer, school=school, by=COMMAND_LINE, now=NOW)

    told = changes(school, transfer)

    assert told["Pupil"] == [("new", "Surname1, Forename1", "", f"dob 2016-01-05, upn {BEN}")]
    assert told["Placement"] == [("new", "Surname1, Forename1 · 2026-27", "", "year group 5, reg group 5B")]


def test_it_counts_the_lines_a_file_moved_and_lists_none_of_them(school: School) -> None:
    brought(school, pupils_file({BEN: {}}), "pupils.csv")
    brought(school, csv("upn,key_stage,subject,grade", f"{BEN},KS1,reading,2b"), "results.csv")
    transfer = brought(school, csv("upn,subject,key_stage,grade", f"{BEN},reading,KS2,4b"), "targets.csv")

    detail = transfer_of(transfer, viewer=COMMAND_LINE, school=school, now=NOW)

    assert detail.n_lines == 1
    assert [tally.kind for tally in detail.records] == ["Target"]


def test_it_lists_the_newest_first_a_page_at_a_time(school: School) -> None:
    for number in range(3):
        brought(school, pupils_file({make_upn(number): {}}), f"pupils{number}.csv")

    first = transfers_of(COMMAND_LINE, school=school, now=NOW, most=2)
    second = transfers_of(COMMAND_LINE, school=school, now=NOW, skip=2, most=2)

    assert [each.file for each in (*first.rows, *second.rows)] == ["pupils2.csv", "pupils1.csv", "pupils0.csv"]
    assert first.n_all == 3


def test_it_says_which_files_refer_to_what_another_brought(school: School) -> None:
    pupils = brought(school, pupils_file({BEN: {}, CAT: {}}), "pupils.csv")
    results = brought(school, csv("upn,key_stage,subject,grade", f"{BEN},KS1,reading,2b"), "results.csv")
    groups = brought(school, csv("group,upn", f"Chess,{CAT}"), "groups.csv")

    with pytest.raises(UndoRefusedError, match="later changes build on it: import by Command line") as refused:
        undo(pupils, school=school, by=COMMAND_LINE, now=NOW)

    assert [(each.transfer, each.file) for each in refused.value.later] == [
        (groups, "groups.csv"),
        (results, "results.csv"),
    ]


def test_it_is_for_those_who_bring_files_in(school: School) -> None:
    transfer = brought(school, pupils_file({BEN: {}}), "pupils.csv")
    teacher, stranger = viewer_for(school, "class_teacher"), viewer_for(make_school("8239999"), "head")

    for asks in (
        lambda viewer: transfers_of(viewer, school=school, now=NOW),
        lambda viewer: transfer_of(transfer, viewer=viewer, school=school, now=NOW),
    ):
        with pytest.raises(NotAllowedError):
            asks(teacher)
        with pytest.raises(NotFoundError):
            asks(stranger)
    with pytest.raises(NotFoundError):
        transfer_of(uuid4(), viewer=COMMAND_LINE, school=school, now=NOW)


def test_it_lets_only_those_who_manage_people_undo_a_staff_file(school: School) -> None:
    transfer = brought(school, csv(STAFF, "AB,Ann Bee,ann@school.example,tutor"), "staff.csv")

    with pytest.raises(NotAllowedError):
        undo(transfer, school=school, by=viewer_for(school, "data_manager"), now=NOW)

    assert Role.objects.filter(role="tutor").exists()
    undo(transfer, school=school, by=viewer_for(school, "assessment_manager"), now=NOW)
    assert not Role.objects.filter(role="tutor").exists()
