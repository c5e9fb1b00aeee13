from datetime import timedelta

import pytest

from headway.web.attempts import MOST, forget, minutes_to_wait, note_attempt
from tests.school import NOW

EMAIL, HERE = "head@elm.example", "10.0.0.1"

pytestmark = pytest.mark.django_db


def _try(times: int) -> None:
    for _ in range(times):
        note_attempt(EMAIL, address=HERE, now=NOW)


def test_it_lets_nine_wrong_tries_pass() -> None:
    _try(MOST - 1)

    assert minutes_to_wait(EMAIL, address=HERE, now=NOW) == 0


def test_it_asks_to_wait_after_ten() -> None:
    _try(MOST)

    assert minutes_to_wait(EMAIL, address=HERE, now=NOW) == 15
    assert minutes_to_wait(EMAIL, address=HERE, now=NOW + timedelta(minutes=14, seconds=30)) == 1


def test_it_lets_people_in_again_after_a_quarter_of_an_hour() -> None:
    _try(MOST)

    assert minutes_to_wait(EMAIL, address=HERE, now=NOW + timedelta(minutes=15)) == 0


def test_it_does_not_let_a_class_lock_out_a_teacher_elsewhere() -> None:
    _try(MOST)

    assert minutes_to_wait(EMAIL, address="10.0.0.2", now=NOW) == 0
    assert minutes_to_wait("teacher@elm.example", address=HERE, now=NOW) == 0


def test_it_forgets_once_the_right_password_is_given() -> None:
    _try(MOST)
    forget(EMAIL, address=HERE)

    assert minutes_to_wait(EMAIL, address=HERE, now=NOW) == 0
