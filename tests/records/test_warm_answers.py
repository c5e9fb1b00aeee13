"""What a process keeps between pages changes how fast an answer comes and never what it says."""

import random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from headway.domain.questions import Question
from headway.records import history
from headway.records.kept import KEPT
from headway.records.models import Assessment, Pupil, School
from headway.services.access import COMMAND_LINE, Viewer
from headway.services.questions import Asking
from tests.records.busy_school import QUESTIONS, TERM, UPNS, Writer, busy_school, nothing_kept, told
from tests.school import NOW, bring_in, csv, make_school, viewer_for

READING = Question("status", subjects=("reading",), term=TERM)


@pytest.fixture
def school(db: None) -> School:
    return busy_school()


def teacher_of(school: School, *upns: str, code: str = "5T") -> Viewer:
    """Somebody who teaches some pupils reading, and nobody else."""
    viewer = viewer_for(school, "class_teacher")
    staff = viewer.user and viewer.user.people.get().code
    rows = [f"{upn},{code},reading,5,{staff}" for upn in upns]
    bring_in(school, csv("upn,class,subject,year_group,teacher", *rows), file="classes.csv")
    return viewer


def upns_behind(school: School, viewer: Viewer) -> set[str]:
    """Whom a viewer is told of."""
    asking = Asking(viewer=viewer, school=School.objects.get(pk=school.pk), now=NOW)
    counted = {pupil for row in asking.ask(READING).rows for pupil in row.pupils}
    named = {record.uid for record in asking.names(READING)}
    pupils = Pupil.objects.filter(pk__in=counted)
    assert {pupil.uid for pupil in pupils} == named
    return {pupil.upn for pupil in pupils}


def write_and_compare(school: School, chance: random.Random, *, n_writes: int) -> None:
    """After each of many writes, what is told warm is what a process that keeps nothing would tell."""
    writer, done = Writer(school, chance), []
    for question in QUESTIONS:
        told(question, school=school)
    for _ in range(n_writes):
        done.append(writer.write())
        question = chance.choice(QUESTIONS)
        warm = told(question, school=school)
        with nothing_kept():
            cold = told(question, school=school)
        assert warm == cold, (question, done)


@pytest.mark.parametrize("seed", range(5))
def test_after_any_writes_a_warm_answer_is_the_cold_one(school: School, seed: int) -> None:
    write_and_compare(school, random.Random(seed), n_writes=25)


@pytest.mark.parametrize("seed", range(2))
def test_without_the_versions_moving_it_would_not_be(
    school: School, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "bump", lambda rows: None)

    with pytest.raises(AssertionError, match="Question"):
        write_and_compare(school, random.Random(seed), n_writes=30)


def test_a_page_asked_for_again_reads_nothing_but_versions(school: School) -> None:
    def ask() -> object:
        return Asking(viewer=COMMAND_LINE, school=School.objects.select_related("framework").get(), now=NOW).ask(
            READING
        )

    ask()
    with CaptureQueriesContext(connection) as asked:
        ask()

    assert len(asked) == 2, [each["sql"] for each in asked]
    assert 'FROM "records_school"' in asked[0]["sql"]
    assert "FROM records_sliceversion" in asked[1]["sql"]


def test_a_mark_moves_what_is_read_of_its_own_subject_alone(school: School) -> None:
    everything = Question("status", term=TERM)
    told(everything, school=school)
    mark = Assessment.objects.filter(subject__code="reading", term__code=TERM)[0]
    history.record(Writer(school, random.Random(0)).begin(), changed=[mark])

    with CaptureQueriesContext(connection) as asked:
        told(everything, school=school)

    read = [each["sql"] for each in asked if 'FROM "records_assessment"' in each["sql"] and "EXISTS" not in each["sql"]]
    assert len(read) == 1
    assert not [each for each in asked if 'FROM "records_progresstarget"' in each["sql"]]


def test_one_page_stands_on_one_moment(school: School) -> None:
    asking = Asking(viewer=COMMAND_LINE, school=school, now=NOW)
    before = asking.ask(READING).rows

    history.record(
        Writer(school, random.Random(0)).begin(),
        removed=list(Assessment.objects.filter(subject__code="reading", term__code=TERM)),
    )

    assert asking.ask(READING).rows == before
    assert Asking(viewer=COMMAND_LINE, school=school, now=NOW).ask(READING).rows != before


def test_what_was_read_in_a_transaction_that_was_rolled_back_is_never_told(school: School) -> None:
    before = told(READING, school=school)
    act = Writer(school, random.Random(0)).begin()
    marks = list(Assessment.objects.filter(subject__code="reading", term__code=TERM))

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        history.record(act, removed=marks)
        assert told(READING, school=school) != before
        raise ZeroDivisionError

    assert told(READING, school=school) == before


def test_viewers_of_different_reach_share_what_is_kept_and_see_their_own_pupils(school: School) -> None:
    head, teacher = viewer_for(school, "head"), teacher_of(school, *UPNS[:3])
    everybody = upns_behind(school, head)

    with CaptureQueriesContext(connection) as asked:
        theirs = upns_behind(school, teacher)

    assert (everybody, theirs) == (set(UPNS), set(UPNS[:3]))
    assert not [each for each in asked if 'FROM "records_assessment"' in each["sql"]]
    assert upns_behind(school, head) == set(UPNS)


def test_whoever_asks_first_and_sees_little_leaves_nothing_out_for_others(school: School) -> None:
    teacher, head = teacher_of(school, UPNS[4]), viewer_for(school, "head")
    KEPT.clear()

    assert upns_behind(school, teacher) == {UPNS[4]}
    assert upns_behind(school, head) == set(UPNS)


def test_somebody_who_teaches_nobody_is_told_of_nobody(school: School) -> None:
    upns_behind(school, viewer_for(school, "head"))

    assert upns_behind(school, viewer_for(school, "class_teacher")) == set()


def test_what_is_kept_of_one_school_is_never_told_of_another(school: School) -> None:
    other = make_school("8239999")
    answers = [Asking(viewer=COMMAND_LINE, school=each, now=NOW).ask(READING) for each in (school, other, school)]

    assert [answer.total_pupils for answer in answers] == [len(UPNS), 0, len(UPNS)]
