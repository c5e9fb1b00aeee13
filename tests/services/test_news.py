"""What others have changed since a moment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from headway.records import history
from headway.records.models import Assessment, Group, GroupMember, Pupil, School, Target
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, Viewer, viewer_of
from headway.services.assessments import record
from headway.services.collections import close, reopen
from headway.services.mark_cells import Cell
from headway.services.news import (
    CollectionNews,
    FileNews,
    GroupNews,
    MarksNews,
    NewsItem,
    TargetChanged,
    TargetsNews,
    news,
)
from headway.services.people import add_person
from headway.services.transfers import undo
from tests.school import NOW, bring_in, csv, make_school, make_upn, planned, pupils_file, viewer_for

AMIR, BELLA, DORA = make_upn(1), make_upn(2), make_upn(3)
LAST_WEEK = NOW - timedelta(days=7)
TEACHES = {"TEA": "tess@s.example", "TIM": "tim@s.example"}


@pytest.fixture
def school(db: None) -> School:
    """Amir and Bella in 5A, which Tess teaches; Dora in 5B, which is Tim's. Each has a target; nobody has a mark."""
    school, then = make_school(), NOW - timedelta(days=60)
    pupils = {
        AMIR: {"surname": "Adams", "forename": "Amir"},
        BELLA: {"surname": "Baker", "forename": "Bella"},
        DORA: {},
    }
    rows = [f"{code},{mail.split('@')[0]},{mail},class_teacher" for code, mail in TEACHES.items()]
    classes = [
        *(f"5A,{subject},5,{upn},TEA" for subject in ("mathematics", "reading") for upn in (AMIR, BELLA)),
        f"5B,mathematics,5,{DORA},TIM",
    ]
    targets = [f"{upn},mathematics,KS2,4b" for upn in (AMIR, BELLA, DORA)]
    bring_in(school, pupils_file(pupils), file="pupils.csv", now=then)
    bring_in(school, csv("staff,name,email,roles", *rows), file="staff.csv", now=then)
    bring_in(school, csv("class,subject,year_group,upn,teacher", *classes), file="classes.csv", now=then)
    bring_in(school, csv("upn,subject,key_stage,grade", *targets), file="targets.csv", now=then)
    return school


@pytest.fixture
def head(school: School) -> Viewer:
    return viewer_for(school, "head")


@pytest.fixture
def tess(school: School) -> Viewer:
    return _teacher(school, "TEA")


@pytest.fixture
def tim(school: School) -> Viewer:
    return _teacher(school, "TIM")


def _teacher(school: School, code: str) -> Viewer:
    mail = TEACHES[code]
    user = add_person(
        name=mail.split("@")[0], email=mail, roles="class_teacher", school=school, by=COMMAND_LINE, now=NOW
    )
    return viewer_of(user)


def _told(viewer: Viewer, school: School, *, since: datetime = LAST_WEEK) -> Sequence[NewsItem]:
    return news(viewer=viewer, school=school, now=NOW + timedelta(days=1), since=since).items


def _type(
    by: Viewer, school: School, marks: dict[str, str], *, subject: str = "mathematics", now: datetime = NOW
) -> None:
    """Types marks into a sheet, over what stands."""
    rows = Assessment.objects.filter(school=school, subject__code=subject).select_related("pupil")
    standing = {row.pupil.upn: f"{row.pk}.{row.version}" for row in rows}
    cells = [Cell(_pupil(school, upn).uid, subject, mark, standing.get(upn, "")) for upn, mark in marks.items()]
    record(cells, term="2026-27-autumn", school=school, by=by, now=now, request_id=uuid4())


def _pupil(school: School, upn: str) -> Pupil:
    return Pupil.objects.get(school=school, upn=upn)


def _target(by: Viewer, school: School, upn: str, grade: str, *, reason: str = "") -> None:
    """Changes a target by hand."""
    row = Target.objects.get(school=school, pupil__upn=upn)
    row.grade, row.reason = grade, reason
    act = history.begin(school, kind="targets", by=by.author(school), at=NOW)
    history.record(act, changed=[row])


def _group(by: Viewer, school: School, code: str, upns: Sequence[str]) -> Group:
    group = Group(school=school, code=code)
    members = [GroupMember(school=school, group=group, pupil=_pupil(school, upn)) for upn in upns]
    act = history.begin(school, kind="group", by=by.author(school), at=NOW)
    history.record(act, new=[group, *members])
    return group


def test_it_counts_the_marks_of_each_person_and_sheet_together(school: School, head: Viewer, tess: Viewer) -> None:
    _type(tess, school, {AMIR: "3b"})
    _type(tess, school, {BELLA: "3c"}, now=NOW + timedelta(minutes=4))
    _type(tess, school, {AMIR: "3a"}, subject="reading")

    mathematics, reading = _told(head, school)

    assert mathematics == MarksNews(
        by="tess",
        at=NOW + timedelta(minutes=4),
        code="5A",
        subject="mathematics",
        subject_name="Mathematics",
        term="2026-27-autumn",
        n_entered=2,
        n_changed=0,
        n_removed=0,
    )
    assert isinstance(reading, MarksNews)
    assert (reading.subject, reading.n_entered) == ("reading", 1)


def test_it_counts_a_cell_once_however_often_it_was_typed(school: School, head: Viewer, tess: Viewer) -> None:
    for mark in ("3c", "3b", "3a"):
        _type(tess, school, {AMIR: mark})

    (item,) = _told(head, school)

    assert isinstance(item, MarksNews)
    assert (item.n_entered, item.n_changed, item.n_removed) == (1, 0, 0)


def test_it_tells_marks_changed_and_taken_away_from_marks_entered(school: School, head: Viewer, tess: Viewer) -> None:
    _type(tess, school, {AMIR: "3c", BELLA: "3c"}, now=NOW - timedelta(days=30))
    _type(tess, school, {AMIR: "3a", BELLA: ""})

    (item,) = _told(head, school)

    assert isinstance(item, MarksNews)
    assert (item.code, item.n_entered, item.n_changed, item.n_removed) == ("5A", 0, 1, 1)


def test_it_says_nothing_of_a_mark_typed_and_taken_back(school: School, head: Viewer, tess: Viewer) -> None:
    _type(tess, school, {AMIR: "3c"})
    _type(tess, school, {AMIR: ""})

    assert _told(head, school) == []


def test_it_says_nothing_of_what_one_has_done_oneself(school: School, tess: Viewer) -> None:
    _type(tess, school, {AMIR: "3c"})

    assert _told(tess, school) == []


def test_it_tells_a_teacher_of_their_own_pupils_only(school: School, head: Viewer, tess: Viewer, tim: Viewer) -> None:
    _type(head, school, {AMIR: "3c", DORA: "3b"})

    (of_tess,), (of_tim,) = _told(tess, school), _told(tim, school)

    assert isinstance(of_tess, MarksNews)
    assert isinstance(of_tim, MarksNews)
    assert (of_tess.code, of_tess.n_entered) == ("5A", 1)
    assert (of_tim.code, of_tim.n_entered) == ("5B", 1)


def test_it_tells_of_targets_with_names_and_reasons(school: School, head: Viewer, tess: Viewer) -> None:
    _target(head, school, AMIR, "5c")
    _target(head, school, AMIR, "4c", reason="Long illness")
    _target(head, school, DORA, "5c")

    (item,) = _told(tess, school)

    assert isinstance(item, TargetsNews)
    assert (item.by, item.code, item.subject_name) == ("Head", "5A", "Mathematics")
    assert item.changes == [TargetChanged(_pupil(school, AMIR).uid, "Amir Adams", "4b", "4c", "Long illness")]


def test_it_says_nothing_of_a_target_put_back(school: School, head: Viewer, tess: Viewer) -> None:
    _target(head, school, AMIR, "5c")
    _target(head, school, AMIR, "4b")

    assert _told(tess, school) == []


def test_it_tells_of_files_those_who_may_bring_them_in(school: School, head: Viewer, tess: Viewer) -> None:
    marks = csv("upn,subject,term,grade", f"{AMIR},mathematics,2026-27-autumn,3c")
    applied = bring_in(school, marks, file="marks.csv", as_kind="assessments")
    undo(applied.transfer, school=school, by=COMMAND_LINE, now=NOW + timedelta(minutes=1))

    undone, came_in = _told(head, school)

    assert isinstance(came_in, FileNews)
    assert came_in == FileNews("Command line", NOW, applied.transfer, "assessments", "marks.csv", 1, 0, undone=False)
    assert isinstance(undone, FileNews)
    assert undone.undone
    assert _told(tess, school) == []


def test_it_tells_of_collections_closed_and_opened_again(school: School, head: Viewer, tess: Viewer) -> None:
    close("2026-27-autumn", school=school, by=head, now=NOW)
    reopen("2026-27-autumn", school=school, by=head, now=NOW + timedelta(minutes=1))

    assert _told(tess, school) == [
        CollectionNews("Head", NOW + timedelta(minutes=1), "2026-27-autumn", closed=False),
        CollectionNews("Head", NOW, "2026-27-autumn", closed=True),
    ]


def test_it_tells_of_groups_that_hold_a_pupil_of_theirs(
    school: School, head: Viewer, tess: Viewer, tim: Viewer
) -> None:
    group = _group(head, school, "Boosters", [AMIR, DORA])
    _group(head, school, "Choir", [AMIR])

    assert _told(tim, school) == [GroupNews("Head", NOW, group.uid, "Boosters", 1)]
    assert [item.code for item in _told(tess, school) if isinstance(item, GroupNews)] == ["Boosters", "Choir"]
    assert _told(head, school) == []


def test_it_says_nothing_of_what_was_before(school: School, head: Viewer, tess: Viewer) -> None:
    _type(tess, school, {AMIR: "3c"})

    assert _told(head, school, since=NOW) == []
    assert len(_told(head, school, since=NOW - timedelta(seconds=1))) == 1


def test_it_gives_the_newest_and_says_that_there_is_more(school: School, head: Viewer) -> None:
    for minute in range(25):
        act = close if minute % 2 == 0 else reopen
        act("2026-27-autumn", school=school, by=COMMAND_LINE, now=NOW + timedelta(minutes=minute))

    told = news(viewer=head, school=school, now=NOW + timedelta(days=1), since=LAST_WEEK)

    assert len(told.items) == 20
    assert told.more
    assert told.items[0].at == NOW + timedelta(minutes=24)


def test_it_says_that_there_is_more_than_it_has_read(
    school: School, head: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.services.news.acts._MOST_ACTS", 2)
    close("2026-27-autumn", school=school, by=COMMAND_LINE, now=NOW)
    reopen("2026-27-autumn", school=school, by=COMMAND_LINE, now=NOW)

    assert news(viewer=head, school=school, now=NOW, since=LAST_WEEK).more


def test_it_does_not_read_what_a_file_wrote(school: School, head: Viewer) -> None:
    pupils = {make_upn(number): {} for number in range(100, 160)}
    assert not planned(school, pupils_file(pupils), file="pupils.csv").problems
    bring_in(school, pupils_file(pupils), file="pupils.csv")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        (item,) = _told(head, school)

    assert isinstance(item, FileNews)
    assert item.n_new == 60
    assert not [query for query in asked.captured_queries if "records_revision" in query["sql"]]


def test_it_is_not_for_strangers_and_readers(school: School) -> None:
    stranger, governor = viewer_for(make_school("8239999"), "head"), viewer_for(school, "governor")

    with pytest.raises(NotFoundError):
        _told(stranger, school)
    with pytest.raises(NotAllowedError):
        _told(governor, school)
