"""Two who do the same at the same moment, over connections of their own: it is done once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from django.db import connections

from headway.config.installation import database_url
from headway.records.models import School, Transfer, User
from headway.services.set_up import NewSchool, set_up_path, set_up_school
from headway.services.sign_in.attempts import MOST, attempt
from headway.services.uploads import apply_upload, keep, plan_of
from tests.data_folder import at_work_on, make_tables
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file, sign_in_for, viewer_for

pytestmark = [pytest.mark.django_db(transaction=True)] if database_url() else []

OAK = NewSchool("Oak", "8231234", "england-2008", "Ana Manager", "ana@oak.example", "a long enough passphrase")


@pytest.fixture(autouse=True)
def _records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """Records that several connections reach at once."""
    if database_url():
        yield
        return
    with at_work_on(make_tables(tmp_path / "data", unblocked=request), unblocked=request):
        yield


def at_once(*acts: Callable[[], object]) -> Sequence[object]:
    """What came of acts begun at the same moment, each over a connection of its own: its value or its error."""
    together, came = threading.Barrier(len(acts), timeout=60), dict[int, object]()

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            together.wait()
            came[place] = act()
        except Exception as error:
            came[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [came[place] for place in sorted(came)]


def test_it_makes_one_first_school_however_many_set_one_up() -> None:
    token = str(set_up_path()).removeprefix("/set-up/")
    schools = [replace(OAK, dfe=f"823123{n}", email=f"ana{n}@oak.example") for n in range(4)]

    came = at_once(*(lambda new=new: set_up_school(new, token=token, now=NOW) for new in schools))

    assert sorted(type(each).__name__ for each in came) == ["NotFoundError"] * 3 + ["User"]
    assert School.objects.count() == User.objects.count() == 1


def test_it_applies_a_file_once_however_often_its_button_is_pressed() -> None:
    school, upn = make_school(), make_upn(1)
    manager = viewer_for(school, "assessment_manager")
    bring_in(school, pupils_file({upn: {}}), file="pupils.csv")
    content = csv("upn,date,type,points", *(f"{upn},2026-11-{day:02d},late,1" for day in range(1, 21)))
    upload = keep(content, file="behaviour.csv", school=school, by=manager, now=NOW)
    seen = plan_of(upload, viewer=manager, school=school, now=NOW).seen

    def press() -> object:
        return apply_upload(upload, seen=seen, leave_out_refused=False, school=school, by=manager, now=NOW)

    came = at_once(press, press, press)

    assert len(set(came)) == 1
    assert Transfer.objects.filter(kind="behaviour").count() == 1


def test_it_counts_each_of_many_tries_at_an_account() -> None:
    email = str(sign_in_for(make_school(), "head").email)

    def tried(number: int) -> bool:
        return attempt(email, purpose="password", address=f"10.0.0.{number}", device=None, now=NOW).allowed

    came = at_once(*(partial(tried, number) for number in range(16)))

    assert sorted(map(str, came)) == ["False"] * (16 - MOST) + ["True"] * MOST
