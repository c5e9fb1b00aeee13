"""Marks typed in: what becomes of each cell, versions, clashes, notes, repeated requests, and who may."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from headway.records import history
from headway.records.models import Act, Assessment, AuditEntry, Pupil, Revision, School
from headway.services import assessments, collections
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer
from headway.services.assessments import (
    Cell,
    Clash,
    CollectionClosedError,
    Fine,
    Outcome,
    Refused,
    RepeatedCellError,
    Saved,
    check,
    record,
    touched,
)
from headway.services.audit import catch_up
from tests.school import NOW, bring_in, csv, make_school, viewer_for
from tests.services.conftest import BEN, CAT

TERM = "2026-27-autumn"


def uid(upn: str) -> UUID:
    return Pupil.objects.get(upn=upn).uid


def cell(upn: str, mark: str, version: str = "", *, subject: str = "reading", note: str | None = None) -> Cell:
    return Cell(uid(upn), subject, mark, version, note)


def save(
    school: School, *cells: Cell, request: UUID | None = None, by: Viewer = COMMAND_LINE, term: str = TERM
) -> list[Outcome]:
    return list(record(cells, term=term, school=school, by=by, now=NOW, request_id=request or uuid4()))


def saved(school: School, one: Cell) -> Saved:
    (outcome,) = save(school, one)
    assert isinstance(outcome, Saved)
    return outcome


def grades() -> Mapping[str, str]:
    rows = Assessment.objects.values_list("pupil__upn", "grade", "mark_code")
    return {upn: grade or mark for upn, grade, mark in rows}


def teaches(school: School, viewer: Viewer, upn: str, *, subject: str = "reading", term: str = TERM) -> None:
    person = viewer.user and viewer.user.people.get().code
    content = csv("class,subject,year_group,upn,teacher", f"5A,{subject},5,{upn},{person}")
    bring_in(school, content, file="classes.csv", academic_year=term[:7])


def beaten_by(
    rival: Callable[..., object], *sent: object, error: Exception, monkeypatch: pytest.MonkeyPatch, **how: object
) -> None:
    """The next write is the second: a rival's comes between its look at what stands and its own, which then fails."""
    real, beaten = assessments._save, []

    def second(*args: Any, **more: Any) -> Any:
        if not beaten:
            beaten.append(True)
            rival(*sent, **how)
            raise error
        return real(*args, **more)

    monkeypatch.setattr(assessments, "_save", second)
    monkeypatch.setattr(assessments, "transaction", SimpleNamespace(atomic=nullcontext))  # the rival's stays


def test_it_saves_a_batch_as_one_act_with_its_history(tracked: School) -> None:
    outcomes = save(tracked, cell(BEN, "3 secure"), cell(CAT, "Abs"))
    assert [each.mark for each in outcomes if isinstance(each, Saved)] == ["3b", "Abs"]
    assert AuditEntry.objects.filter(action="marks").count() == 0  # the act says it all, and comes into the audit later
    catch_up()
    assert Act.objects.filter(kind="marks").count() == AuditEntry.objects.filter(action="marks").count() == 1
    first = Assessment.objects.get(pupil__upn=BEN)
    saved(tracked, cell(BEN, "3a", f"{first.pk}.1"))
    states = Revision.objects.filter(kind="Assessment", row=first.pk).order_by("version")
    assert [state.state["grade"] for state in states] == ["3b", "3a"]


def test_it_tells_the_version_and_the_status_of_what_it_saved(tracked: School) -> None:
    ben = saved(tracked, cell(BEN, "3c"))  # 2b to 4b: 22 points after this term, a 3b
    row = Assessment.objects.get()
    assert (ben.version, ben.compared.status, ben.compared.gap) == (f"{row.pk}.1", "below", -3)
    assert saved(tracked, cell(CAT, "Abs")).compared.status == "not_known"


def test_it_saves_the_good_cells_where_others_are_wrong(tracked: School) -> None:
    cat, ben = save(tracked, cell(CAT, "4c"), cell(BEN, "4x"))
    assert isinstance(cat, Saved)
    assert isinstance(ben, Refused)
    assert ben.sentence == "“4x” is not a grade of National Curriculum levels. Right would be 4c, 4b or 4a."
    assert grades() == {CAT: "4c"}


def test_it_refuses_a_whole_level_where_levels_are_divided(tracked: School) -> None:
    (ben,) = save(tracked, cell(BEN, "4"))
    assert isinstance(ben, Refused)
    assert ben.sentence.endswith("this school divides its grades. Right would be 4c, 4b or 4a.")


def test_it_says_every_code_where_nothing_is_near(tracked: School) -> None:
    (ben,) = save(tracked, cell(BEN, "Ω" * 50))
    assert isinstance(ben, Refused)
    assert "a grade from W to 8a, or Abs (absent), Dis (disapplied), NE (not enough evidence)" in ben.sentence
    assert len(ben.sentence) < 250


def test_a_stale_cell_is_told_what_stands_whose_it_is_and_since_when(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b"))
    second = saved(tracked, cell(BEN, "3a", first.version))
    ben, cat = save(tracked, cell(BEN, "4c", first.version), cell(CAT, "4c"))
    assert isinstance(ben, Clash)
    assert (ben.mark, ben.version, ben.by, ben.at) == ("3a", second.version, "Command line", NOW)
    assert isinstance(cat, Saved)
    assert grades() == {BEN: "3a", CAT: "4c"}


def test_two_first_marks_in_one_empty_cell_clash(tracked: School) -> None:
    saved(tracked, cell(BEN, "3b"))
    (second,) = save(tracked, cell(BEN, "3a"))
    assert isinstance(second, Clash)


def test_a_cell_emptied_and_filled_again_is_not_the_one_before(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b"))
    saved(tracked, cell(BEN, "", first.version))
    again = saved(tracked, cell(BEN, "3c"))
    assert again.version != first.version
    (stale,) = save(tracked, cell(BEN, "4c", first.version))
    assert isinstance(stale, Clash)
    assert grades() == {BEN: "3c"}


def test_a_cell_emptied_by_somebody_else_says_who_emptied_it(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b"))
    saved(tracked, cell(BEN, "", first.version))
    (stale,) = save(tracked, cell(BEN, "4c", first.version))
    assert isinstance(stale, Clash)
    assert (stale.mark, stale.version, stale.by, stale.at) == ("", "", "Command line", NOW)


@pytest.mark.parametrize("version", ["nonsense", "1", "0.0", "-1.2", "9" * 40 + ".1", "²." + "1"])
def test_what_is_no_version_of_ours_clashes(tracked: School, version: str) -> None:
    (stale,) = save(tracked, cell(BEN, "3b", version))
    assert isinstance(stale, Clash)
    assert not Assessment.objects.exists()


def test_what_stands_already_is_saved_without_an_act(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b"))
    assert saved(tracked, cell(BEN, "3 secure")) == Saved(
        cell(BEN, "3 secure"), "3b", first.version, "", first.compared
    )
    assert saved(tracked, cell(CAT, " ")).version == ""
    assert Act.objects.filter(kind="marks").count() == 1


def test_a_note_is_saved_with_its_mark_and_stays_until_it_is_changed(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b", note=" bereavement  in week 5 "))
    assert first.note == Assessment.objects.get().comment == "bereavement in week 5"
    second = saved(tracked, cell(BEN, "3a", first.version))
    assert (second.mark, second.note) == ("3a", "bereavement in week 5")
    third = saved(tracked, cell(BEN, "3a", second.version, note=""))
    assert (third.note, Assessment.objects.get().version) == ("", 3)


def test_a_note_alone_is_the_mark_s_own_day_and_author(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b"))
    row = Assessment.objects.get()
    later = NOW + timedelta(days=3)
    teacher = viewer_for(tracked, "head")
    record(
        [cell(BEN, "3b", first.version, note="moderated")],
        term=TERM, school=tracked, by=teacher, now=later, request_id=uuid4(),
    )  # fmt: skip
    after = Assessment.objects.get()
    assert (after.comment, after.by, after.date) == ("moderated", row.by, row.date)


@pytest.mark.parametrize(
    ("mark", "note", "sentence"),
    [
        ("", "was away", "A note needs a mark to stand beside. Right would be a grade, or a code such as NE"),
        ("3b", "a" * 501, "The note is 501 characters long. Right would be at most 500."),
        ("3b", "a\x00b", "The note holds a character that cannot be shown."),
        ("3b", "a\ud800b", "The note holds a character that cannot be shown."),
    ],
)
def test_it_refuses_a_note_that_cannot_be(tracked: School, mark: str, note: str, sentence: str) -> None:
    (refused,) = save(tracked, cell(BEN, mark, note=note))
    assert isinstance(refused, Refused)
    assert refused.sentence.startswith(sentence)


def test_a_blank_takes_the_mark_and_its_note_away_and_keeps_their_history(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b", note="new here"))
    after = saved(tracked, cell(BEN, "", first.version))
    assert (after.mark, after.version, after.note) == ("", "", "")
    assert not Assessment.objects.exists()
    assert Revision.objects.filter(kind="Assessment", state__isnull=True).count() == 1


def test_a_repeated_request_is_answered_as_the_first_was(tracked: School) -> None:
    request, cells = uuid4(), [cell(BEN, "3b"), cell(CAT, "9z")]
    first = save(tracked, *cells, request=request)
    assert isinstance(first[0], Saved)
    saved(tracked, cell(BEN, "3a", first[0].version))
    assert save(tracked, *cells, request=request) == first
    assert grades() == {BEN: "3a"}
    assert Act.objects.filter(kind="marks").count() == 2


def test_a_repeated_request_that_took_a_mark_away_is_answered_so_too(tracked: School) -> None:
    request, first = uuid4(), saved(tracked, cell(BEN, "3b"))
    blank = cell(BEN, "", first.version)
    (taken,) = save(tracked, blank, request=request)
    saved(tracked, cell(BEN, "4c"))
    assert save(tracked, blank, request=request) == [taken]
    assert grades() == {BEN: "4c"}


def test_a_repeated_request_never_saves_what_clashed_when_it_first_came(tracked: School) -> None:
    request, first = uuid4(), saved(tracked, cell(BEN, "3b"))
    cells = [cell(BEN, "4c"), cell(CAT, "4c")]
    assert [type(each) for each in save(tracked, *cells, request=request)] == [Clash, Saved]
    saved(tracked, cell(BEN, "", first.version))  # now the cell is as empty as the stale page thought
    assert [type(each) for each in save(tracked, *cells, request=request)] == [Clash, Saved]
    assert grades() == {CAT: "4c"}


@pytest.mark.parametrize("error", [IntegrityError(), history.StaleWriteError([])])
def test_who_comes_second_is_told_what_stands(
    tracked: School, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    beaten_by(save, tracked, cell(BEN, "3b"), error=error, monkeypatch=monkeypatch)
    (outcome,) = save(tracked, cell(BEN, "4c"))
    assert isinstance(outcome, Clash)
    assert (outcome.mark, grades()) == ("3b", {BEN: "3b"})


def test_the_same_request_twice_at_once_is_one_act(tracked: School, monkeypatch: pytest.MonkeyPatch) -> None:
    request, one = uuid4(), cell(BEN, "3b")
    beaten_by(save, tracked, one, error=IntegrityError(), monkeypatch=monkeypatch, request=request)
    (outcome,) = save(tracked, one, request=request)
    assert isinstance(outcome, Saved)
    assert Act.objects.filter(kind="marks").count() == 1


def test_it_gives_up_on_a_write_that_never_succeeds(tracked: School, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(assessments, "_save", refused)
    with pytest.raises(IntegrityError):
        save(tracked, cell(BEN, "3b"))


def test_check_says_what_would_happen_and_saves_nothing(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b"))
    cells = [cell(BEN, "3A", first.version), cell(CAT, "4x")]
    fine, refused = check(cells, term=TERM, school=tracked, by=COMMAND_LINE, now=NOW)
    assert isinstance(fine, Fine)
    assert (fine.mark, fine.version, fine.compared.status) == ("3a", first.version, "above")
    assert isinstance(refused, Refused)
    (stale,) = check([cell(BEN, "4c")], term=TERM, school=tracked, by=COMMAND_LINE, now=NOW)
    assert isinstance(stale, Clash)
    assert grades() == {BEN: "3b"}
    assert Act.objects.filter(kind="marks").count() == 1


def test_of_a_whole_form_only_what_was_typed_over_is_sent_on(tracked: School) -> None:
    first = saved(tracked, cell(BEN, "3b", note="new here"))
    saved(tracked, cell(BEN, "3a", first.version))  # a colleague's, while the form was open
    asis = [cell(BEN, "3b", first.version, note="new here"), cell(BEN, "3b", first.version), cell(CAT, "")]
    assert touched(asis, school=tracked, by=COMMAND_LINE, now=NOW) == []
    typed = [cell(BEN, "3b", first.version, note="moved"), cell(BEN, "", first.version), cell(CAT, "4c")]
    assert touched(typed, school=tracked, by=COMMAND_LINE, now=NOW) == typed


def test_nothing_is_saved_in_a_term_whose_collection_has_closed(tracked: School) -> None:
    collections.close(TERM, school=tracked, by=COMMAND_LINE, now=NOW)
    with pytest.raises(CollectionClosedError, match="closed on 23 November 2026") as closed:
        save(tracked, cell(BEN, "3b"))
    assert closed.value.closed_at == NOW
    with pytest.raises(CollectionClosedError):
        check([cell(BEN, "3b")], term=TERM, school=tracked, by=COMMAND_LINE, now=NOW)
    assert not Assessment.objects.exists()


def test_a_cell_twice_in_a_batch_is_saved_neither_way(tracked: School) -> None:
    with pytest.raises(RepeatedCellError):
        save(tracked, cell(BEN, "3b"), cell(BEN, "3a"))
    assert not Assessment.objects.exists()


def test_a_first_mark_starts_the_line_of_a_pupil_without_prior_attainment(tracked: School) -> None:
    target = csv("upn,subject,key_stage,grade", f"{CAT},mathematics,KS2,4b")
    bring_in(tracked, target, file="targets.csv")
    outcome = saved(tracked, cell(CAT, "3c", subject="mathematics"))
    assert Pupil.objects.get(upn=CAT).progress_targets.filter(subject__code="mathematics").count() == 1
    assert outcome.compared.status == "not_known"  # the line starts here
    saved(tracked, cell(CAT, "", outcome.version, subject="mathematics"))
    assert not Pupil.objects.get(upn=CAT).progress_targets.filter(subject__code="mathematics").exists()


@pytest.mark.parametrize(("term", "starts_at"), [("2025-26-autumn", 4), ("2026-27-autumn", 7), ("2026-27-spring", 7)])
def test_a_mark_moves_the_line_of_a_pupil_without_prior_attainment_only_where_it_starts(
    tracked: School, term: str, starts_at: int
) -> None:
    bring_in(tracked, csv("upn,subject,key_stage,grade", f"{CAT},mathematics,KS2,4b"), file="targets.csv")
    first = saved(tracked, cell(CAT, "3c", subject="mathematics"))
    again = [cell(CAT, "2a", first.version if term == TERM else "", subject="mathematics")]
    save(tracked, *again, term=term)

    line = Pupil.objects.get(upn=CAT).progress_targets.get(subject__code="mathematics")
    start = {"2026-27-spring": "19"}.get(term, "17")  # 3c until the mark it starts from is another
    assert (line.k0, line.start) == (starts_at, start)


def test_a_class_is_saved_in_as_many_queries_as_a_cell(
    tracked: School, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = saved(tracked, cell(BEN, "3b"))
    with CaptureQueriesContext(connection) as one:
        second = saved(tracked, cell(BEN, "3a", first.version))
    cells = [cell(BEN, "4c", second.version), cell(BEN, "4c", subject="mathematics"), cell(CAT, "4c")]
    with django_assert_max_num_queries(len(one) + 1):  # what is new is written beside what is changed
        save(tracked, *cells)


def test_a_class_teacher_may_mark_only_whom_they_teach_in_what_they_teach_them(tracked: School) -> None:
    teacher = viewer_for(tracked, "class_teacher")
    teaches(tracked, teacher, BEN)
    (outcome,) = save(tracked, cell(BEN, "3b"), by=teacher)
    assert isinstance(outcome, Saved)
    with pytest.raises(NotFoundError):
        save(tracked, cell(BEN, "3a", outcome.version), cell(CAT, "3b"), by=teacher)
    with pytest.raises(NotAllowedError, match="in the subjects you teach"):
        save(tracked, cell(BEN, "3a", subject="mathematics"), by=teacher)
    assert grades() == {BEN: "3b"}


def test_last_year_s_teacher_may_not_mark_this_year(tracked: School) -> None:
    teacher = viewer_for(tracked, "class_teacher")
    teaches(tracked, teacher, BEN, term="2025-26-summer")
    with pytest.raises(NotAllowedError):
        save(tracked, cell(BEN, "3b"), by=teacher)
    (outcome,) = save(tracked, cell(BEN, "3b"), by=teacher, term="2025-26-summer")
    assert isinstance(outcome, Saved)


@pytest.mark.parametrize("unknown", ["subject", "term", "pupil"])
def test_what_is_not_there_is_not_found(tracked: School, unknown: str) -> None:
    one = cell(BEN, "3b", subject="alchemy" if unknown == "subject" else "reading")
    one = Cell(uuid4(), "reading", "3b") if unknown == "pupil" else one
    with pytest.raises(NotFoundError):
        save(tracked, one, cell(CAT, "4c"), term="2026-27-yule" if unknown == "term" else TERM)
    assert not Assessment.objects.exists()


def test_a_stranger_finds_nothing_and_a_reader_may_not(tracked: School) -> None:
    other = viewer_for(make_school("8239999"), "head")
    with pytest.raises(NotFoundError):
        save(tracked, cell(BEN, "3b"), by=other)
    with pytest.raises(NotAllowedError):
        save(tracked, cell(BEN, "3b"), by=viewer_for(tracked, "senco"))
