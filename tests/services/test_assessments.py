"""Marks typed in: versions, clashes, repeated requests, and who may."""

from uuid import UUID, uuid4

import pytest

from headway.records.models import Act, Assessment, AuditEntry, Pupil, Revision, School
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError
from headway.services.assessments import Cell, CellRefusedError, ClashError, record
from tests.school import NOW, bring_in, csv, make_school, viewer_for
from tests.services.conftest import BEN, CAT

TERM = "2026-27-autumn"


def uid(upn: str) -> UUID:
    return Pupil.objects.get(upn=upn).uid


def cell(upn: str, mark: str, version: int = 0, *, subject: str = "reading") -> Cell:
    return Cell(uid(upn), subject, TERM, mark, version)


def save(school: School, *cells: Cell, request: UUID | None = None) -> list[tuple[str, int]]:
    saved = record(cells, school=school, by=COMMAND_LINE, now=NOW, request_id=request or uuid4())
    return [(each.mark, each.version) for each in saved]


def test_it_saves_a_batch_as_one_act_with_its_history(tracked: School) -> None:
    assert save(tracked, cell(BEN, "3 secure"), cell(CAT, "Abs")) == [("3b", 1), ("Abs", 1)]
    assert save(tracked, cell(BEN, "3a", 1)) == [("3a", 2)]
    row = Assessment.objects.get(pupil__upn=BEN)
    states = Revision.objects.filter(kind="Assessment", row=row.pk).order_by("version")
    assert [state.state["grade"] for state in states] == ["3b", "3a"]
    assert Act.objects.filter(kind="marks").count() == 2
    assert AuditEntry.objects.filter(action="marks").count() == 2


def test_a_stale_save_is_refused_with_the_value_that_stands_whose_and_when(tracked: School) -> None:
    save(tracked, cell(BEN, "3b"))
    save(tracked, cell(BEN, "3a", 1))
    with pytest.raises(ClashError) as clash:
        save(tracked, cell(BEN, "4c", 1), cell(CAT, "4c"))
    (standing,) = clash.value.standing
    assert (standing.mark, standing.version, standing.by, standing.at) == ("3a", 2, "Command line", NOW)
    assert not Assessment.objects.filter(pupil__upn=CAT).exists()


def test_two_first_marks_in_one_empty_cell_clash(tracked: School) -> None:
    save(tracked, cell(BEN, "3b"))
    with pytest.raises(ClashError):
        save(tracked, cell(BEN, "3a", 0))


def test_a_repeated_request_is_answered_as_the_first_was(tracked: School) -> None:
    request = uuid4()
    first = save(tracked, cell(BEN, "3b"), request=request)
    save(tracked, cell(BEN, "3a", 1))
    assert save(tracked, cell(BEN, "3b"), request=request) == first == [("3b", 1)]
    assert Assessment.objects.get(pupil__upn=BEN).grade == "3a"


def test_a_blank_takes_the_mark_away_and_keeps_its_history(tracked: School) -> None:
    save(tracked, cell(BEN, "3b"))
    assert save(tracked, cell(BEN, "", 1)) == [("", 0)]
    assert not Assessment.objects.exists()
    assert Revision.objects.filter(kind="Assessment", state__isnull=True).count() == 1


def test_a_mark_off_the_scale_saves_nothing_of_the_batch(tracked: School) -> None:
    with pytest.raises(CellRefusedError, match="9z"):
        save(tracked, cell(CAT, "4c"), cell(BEN, "9z"))
    assert not Assessment.objects.exists()


def test_a_first_mark_starts_the_line_of_a_pupil_without_prior_attainment(tracked: School) -> None:
    target = csv("upn,subject,key_stage,grade", f"{CAT},mathematics,KS2,4b")
    bring_in(tracked, target, file="targets.csv")
    save(tracked, cell(CAT, "3c", subject="mathematics"))
    assert Pupil.objects.get(upn=CAT).progress_targets.filter(subject__code="mathematics").count() == 1


def test_a_class_teacher_may_save_only_for_pupils_they_teach(tracked: School) -> None:
    teacher = viewer_for(tracked, "class_teacher")
    code = teacher.user and teacher.user.people.get().code
    bring_in(tracked, csv("class,subject,year_group,upn,teacher", f"5A,reading,5,{BEN},{code}"), file="classes.csv")
    saved = record([cell(BEN, "3b")], school=tracked, by=teacher, now=NOW, request_id=uuid4())
    assert saved[0].mark == "3b"
    with pytest.raises(NotFoundError):
        record([cell(BEN, "3a", 1), cell(CAT, "3b")], school=tracked, by=teacher, now=NOW, request_id=uuid4())
    assert Assessment.objects.get().grade == "3b"


def test_a_stranger_finds_nothing_and_a_reader_may_not(tracked: School) -> None:
    other = viewer_for(make_school("8239999"), "head")
    with pytest.raises(NotFoundError):
        record([cell(BEN, "3b")], school=tracked, by=other, now=NOW, request_id=uuid4())
    with pytest.raises(NotAllowedError):
        record([cell(BEN, "3b")], school=tracked, by=viewer_for(tracked, "senco"), now=NOW, request_id=uuid4())
