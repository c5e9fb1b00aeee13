"""`headway serve`: what it says as it opens. The server itself is tried in tests/config."""

import pytest

from tests.cli.conftest import Headway

ADDRESS = "http://localhost:8000/"


@pytest.fixture(autouse=True)
def _opens_and_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that opens, says so and stops."""
    monkeypatch.setattr("headway.config.server.run", lambda **options: options["ready"](ADDRESS))


def test_it_says_where_a_new_school_is_set_up_while_there_is_none(headway_anew: Headway) -> None:
    from headway.services.set_up import set_up_path

    first, again = headway_anew("serve"), headway_anew("serve")

    assert first.code == 0
    assert first.out.splitlines()[0] == f"Headway is at {ADDRESS} (Ctrl+C stops it)"
    assert first.last == f"There is no school here yet. Set it up, once, at http://localhost:8000{set_up_path()}"
    assert first.out == again.out


def test_it_says_no_such_address_once_there_is_a_school(headway: Headway) -> None:
    done = headway("serve")

    assert done.code == 0
    assert done.out == f"Headway is at {ADDRESS} (Ctrl+C stops it)\n"
