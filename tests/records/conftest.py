"""A school with two pupils, as rows; and acts to write with."""

from collections.abc import Callable
from datetime import date

import pytest

from headway.records import history
from headway.records.history import Author
from headway.records.models import Act, Group, Pupil, School
from tests.school import NOW, make_school, make_upn

MakeAct = Callable[..., Act]


@pytest.fixture
def school(db: None) -> School:
    return make_school()


@pytest.fixture
def begin(school: School) -> MakeAct:
    """Opens an act of the school."""

    def make(kind: str = "test", **options: object) -> Act:
        said = {"by": Author("Somebody"), "at": NOW, **options}
        return history.begin(school, kind=kind, **said)  # type: ignore[arg-type]

    return make


def new_pupil(school: School, number: int = 1, **values: object) -> Pupil:
    """A pupil who is not stored yet."""
    said = {"upn": make_upn(number), "surname": "Ali", "forename": "Ben", "dob": date(2016, 1, 5), **values}
    return Pupil(school=school, **said)


@pytest.fixture
def pupil(school: School, begin: MakeAct) -> Pupil:
    row = new_pupil(school)
    history.record(begin("enrol"), new=[row])
    return row


@pytest.fixture
def group(school: School, begin: MakeAct) -> Group:
    row = Group(school=school, code="choir")
    history.record(begin("form"), new=[row])
    return row
