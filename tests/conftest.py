"""What every test shares: how Hypothesis looks for examples, both databases, and that nothing leaves this machine.

Other fixtures live beside the tests that use them.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.access.counted import pytest_terminal_summary  # noqa: F401  # what was walked is said at the end
from tests.outbound import kept_at_home

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "default")

_DATABASE = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that may use the school's database may use the audit's too, where that is another one."""
    for item in items:
        asked = item.get_closest_marker("django_db")
        if asked or _DATABASE & set(getattr(item, "fixturenames", ())):
            said = {**(asked.kwargs if asked else {}), "databases": "__all__"}
            item.add_marker(pytest.mark.django_db(*(asked.args if asked else ()), **said), append=False)


@pytest.fixture(autouse=True, scope="session")
def at_home() -> Iterator[list[str]]:
    """No test, and nothing it tests, asks anybody elsewhere: a connection that tries is refused and written down."""
    with kept_at_home() as tried:
        yield tried


@pytest.fixture(autouse=True)
def nobody_elsewhere_asked(at_home: list[str]) -> Iterator[None]:
    """Fails the test in which something tried, even where the refusal was swallowed."""
    yield
    tried = at_home.copy()
    at_home.clear()
    assert tried == [], f"asked elsewhere: {tried}"
