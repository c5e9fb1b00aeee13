"""How passwords are kept."""

import threading
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest

from headway.config import passwords
from headway.config.passwords import SteadyArgon2Hasher


@pytest.fixture
def hasher() -> SteadyArgon2Hasher:
    return SteadyArgon2Hasher()


def test_they_are_kept_as_argon2id_at_19_mebibytes(hasher: SteadyArgon2Hasher) -> None:
    encoded = hasher.encode("a long enough passphrase", hasher.salt())

    kept = argon2.extract_parameters("$" + encoded.partition("$")[2])
    assert (kept.type, kept.memory_cost, kept.time_cost, kept.parallelism) == (argon2.Type.ID, 19 * 1024, 2, 1)


def test_only_the_right_one_is_right(hasher: SteadyArgon2Hasher) -> None:
    encoded = hasher.encode("a long enough passphrase", hasher.salt())

    assert hasher.verify("a long enough passphrase", encoded)
    assert not hasher.verify("a long enough passphrasE", encoded)


def test_no_more_than_four_are_worked_on_at_once(hasher: SteadyArgon2Hasher, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most, counting = 0, 0, threading.Lock()
    really = argon2.low_level.hash_secret

    def watched(*args: object, **kwargs: object) -> bytes:
        nonlocal at_work, most
        with counting:
            at_work += 1
            most = max(most, at_work)
        try:
            return really(*args, **kwargs)
        finally:
            with counting:
                at_work -= 1

    monkeypatch.setattr(argon2.low_level, "hash_secret", watched)
    with ThreadPoolExecutor(12) as people:
        encoded = list(people.map(lambda _: hasher.encode("a long enough passphrase", hasher.salt()), range(12)))

    assert len(set(encoded)) == 12
    assert 1 <= most <= passwords._AT_ONCE._initial_value == 4
