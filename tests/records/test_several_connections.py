"""Several connections to one school, as several processes have: what one writes is in the next answer of the others."""

import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, connections, transaction

from headway.config.installation import database_url
from headway.domain.questions import Question
from headway.records import history
from headway.records.models import Assessment, Pupil, School
from tests.data_folder import at_work_on, make_tables
from tests.records.busy_school import LAST, TERM, Writer, busy_school, nothing_kept, told

pytestmark = [pytest.mark.django_db(transaction=True)] if database_url() else []

READING = Question("status", subjects=("reading",), term=TERM)


@pytest.fixture
def shared_school(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[School]:
    """A school that several connections work on at once, as several processes would."""
    if database_url():
        yield busy_school()
        return
    with at_work_on(make_tables(tmp_path / "data", unblocked=request), unblocked=request):
        yield busy_school()


def elsewhere(act: Callable[[], object]) -> object:
    """Does something over a connection of its own, to its end."""
    found: list[object] = []

    def run() -> None:
        try:
            found.append(act())
        except BaseException as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def test_what_one_connection_writes_is_in_the_next_answer_of_every_other(shared_school: School) -> None:
    writer = Writer(shared_school, random.Random(1))
    for question in (READING, Question("status", subjects=("reading",), term=LAST)):
        for number in range(8):
            before = told(question, school=shared_school)
            mark = Assessment.objects.filter(subject__code="reading", term__code=question.term).order_by("pk")[number]
            mark.grade, mark.rank, mark.units, mark.date = "5c", 11, 31, None

            elsewhere(lambda mark=mark: history.record(writer.begin(), changed=[mark]))

            after = told(question, school=shared_school)
            with nothing_kept():
                assert after == told(question, school=shared_school)
            assert after != before


def test_what_is_not_committed_yet_is_in_nobody_elses_answer(shared_school: School) -> None:
    before = told(READING, school=shared_school)
    writer = Writer(shared_school, random.Random(1))

    with transaction.atomic():
        history.record(writer.begin(), removed=list(Assessment.objects.filter(term__code=TERM)))
        inside = told(READING, school=shared_school)
        assert elsewhere(lambda: told(READING, school=shared_school)) == before
        assert told(READING, school=shared_school) == inside != before

    assert elsewhere(lambda: told(READING, school=shared_school)) == inside


def test_two_who_write_the_same_slices_wait_for_each_other_and_never_lock_up(shared_school: School) -> None:
    marks = list(Assessment.objects.filter(term__code=TERM).order_by("pk"))
    writer, together, n_rounds = Writer(shared_school, random.Random(1)), threading.Barrier(2, timeout=60), 15
    failed: list[BaseException] = []

    def write(mine: list[Assessment]) -> None:
        try:
            for _ in range(n_rounds):
                together.wait()
                with transaction.atomic():
                    history.record(writer.begin(), changed=mine)
        except BaseException as error:
            failed.append(error)
            together.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[mine]) for mine in (marks[::2], marks[1::2][::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not failed
    assert {mark.version for mark in Assessment.objects.filter(term__code=TERM)} == {1 + n_rounds}


@pytest.mark.postgresql
@pytest.mark.skipif(not database_url(), reason="where writers wait for each other anyway, nothing is held")
def test_nobody_changes_a_date_of_birth_while_a_mark_is_saved_by_it(shared_school: School) -> None:
    mark, writer = Assessment.objects.filter(term__code=TERM)[0], Writer(shared_school, random.Random(1))

    def change_birthday() -> None:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            history.record(writer.begin(), changed=[Pupil.objects.get(pk=mark.pupil_id)])

    with transaction.atomic():
        history.record(writer.begin(), changed=[mark])
        with pytest.raises(OperationalError, match="lock timeout"):
            elsewhere(change_birthday)
    elsewhere(change_birthday)

    assert Pupil.objects.get(pk=mark.pupil_id).version == 2
