"""Data folders to spoil, and what is then said of them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from headway.services.installation import findings
from tests.data_folder import at_work_on, make_tables
from tests.school import NOW

Unsound = Callable[[], Sequence[str]]


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder that is not there yet, and this process at work on it."""
    with at_work_on(tmp_path / "data", unblocked=request) as folder:
        yield folder


@pytest.fixture
def sound(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A data folder with its tables."""
    with at_work_on(make_tables(tmp_path / "data", unblocked=request), unblocked=request) as folder:
        yield folder


@pytest.fixture
def unsound() -> Unsound:
    """What is not sound, in its sentences."""
    return lambda: [each.sentence for each in findings(now=NOW) if not each.sound]
