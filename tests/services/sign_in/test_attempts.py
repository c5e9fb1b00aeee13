"""What can be guessed, and who is locked out by whoever guesses: in tries and minutes."""

from datetime import datetime, timedelta

import pytest
from tests.school import NOW

from headway.services.sign_in.attempts import MOST, Attempt, attempt, take_back

pytestmark = pytest.mark.django_db
TEACHER = "teacher@elm.example"


def tried(name: str = TEACHER, *, at: datetime = NOW, address: str = "10.0.0.1", device: str | None = None) -> Attempt:
    return attempt(name, purpose="password", address=address, device=device, now=at)


def test_it_allows_ten_tries_from_one_address_and_then_asks_to_wait() -> None:
    assert all(tried().allowed for _ in range(MOST))
    assert tried().minutes_to_wait == 15


def test_it_allows_the_next_try_when_the_wait_is_over_however_often_somebody_asked_meanwhile() -> None:
    for _ in range(MOST):
        tried()
    for minute in range(15):
        assert not tried(at=NOW + timedelta(minutes=minute)).allowed

    assert tried(at=NOW + timedelta(minutes=15)).allowed


def test_it_lets_few_of_ten_thousand_guesses_from_many_addresses_through() -> None:
    at_once = sum(tried(address=f"10.1.{number // 250}.{number % 250}").allowed for number in range(5_000))
    later = [NOW + timedelta(seconds=number) for number in range(1, 5_001)]
    slowly = sum(tried(at=at, address=f"10.2.{at.minute}.{at.second}").allowed for at in later)

    assert at_once == MOST
    assert at_once + slowly <= 100


def test_it_locks_nobody_out_for_longer_than_a_quarter_of_an_hour() -> None:
    waits = [tried(at=NOW + timedelta(minutes=minute), address="10.9.9.9").minutes_to_wait for minute in range(600)]

    assert max(waits) <= 15


def test_it_never_locks_out_a_browser_the_account_has_signed_in_from() -> None:
    for number in range(500):
        tried(address=f"10.3.{number // 250}.{number % 250}")

    assert not tried().allowed
    assert tried(device="known").allowed


def test_it_counts_the_tries_of_a_known_browser_too() -> None:
    assert [tried(device="stolen").allowed for _ in range(MOST + 1)] == [True] * MOST + [False]


def test_it_does_not_lock_out_a_class_behind_one_address() -> None:
    names = [f"pupil{number}@elm.example" for number in range(40)]

    assert all(tried(name).allowed for name in names for _ in range(MOST))


def test_it_takes_the_right_one_back() -> None:
    for _ in range(5 * MOST):
        right = tried()
        assert right.allowed
        take_back(right)


def test_it_counts_codes_apart_from_passwords() -> None:
    for _ in range(MOST):
        tried()

    assert attempt(TEACHER, purpose="code", address="10.0.0.1", device=None, now=NOW).allowed


def test_it_counts_the_same_for_a_name_that_is_nobodys() -> None:
    assert [tried("nobody@nowhere.example").allowed for _ in range(MOST + 1)] == [True] * MOST + [False]
    assert [tried("not even an address").allowed for _ in range(MOST + 1)] == [True] * MOST + [False]
