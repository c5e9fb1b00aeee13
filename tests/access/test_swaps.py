"""Somebody else's id, wherever an id can stand: the whole request is refused, and as if there were no such thing."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest

from headway.records.models import Assessment, GroupMember, PupilAccount, Revision, Subject, Target, Upload
from headway.services.people import claim_path
from headway.services.uploads import keep
from tests.access.answers import NOWHERE
from tests.access.browsing import Answer, Browser
from tests.access.facts import ACTORS, KIDS, LAST_TERM, OURS, SISTER, TERM
from tests.access.world import World, secret_of
from tests.school import NOW

TEACHER = ACTORS["class_teacher"]
FOREIGN = ("cat", "eve", "lea", "ned", None)
"""Pupils the class teacher does not see: of another class, another year, two other schools; and nobody at all."""

Request = Callable[[World, list[str]], Mapping[str, Any]]


def _cells(world: World, pupils: list[str]) -> Mapping[str, Any]:
    cells = [{"pupil": each, "subject": "mathematics", "mark": "4b", "version": _version(each)} for each in pupils]
    return {"path": f"/classes/5A/marks/{TERM}/cells", "sent": {"request": str(uuid4()), "cells": cells}}


def _marks(world: World, pupils: list[str]) -> Mapping[str, Any]:
    form = {f"mark.{each}.mathematics": "4b" for each in pupils}
    form |= {f"version.{each}.mathematics": _version(each) for each in pupils}
    return {"path": f"/classes/5A/marks/{TERM}", "form": {**form, "request": str(uuid4())}}


def _version(pupil: str) -> str:
    row = Assessment.objects.filter(pupil__uid=pupil, subject__code="mathematics", term__code=TERM).first()
    return f"{row.pk}.{row.version}" if row else ""


def _targets(world: World, pupils: list[str]) -> Mapping[str, Any]:
    form: dict[str, Any] = {"why": "Better", "request": str(uuid4())}
    for each in pupils:
        row = Target.objects.filter(pupil__uid=each, subject__code="mathematics").first()
        form |= {f"grade:{each}:KS2": "5c", f"read:{each}:KS2": f"{row.pk}.{row.version} 4b" if row else " "}
    return {"path": "/targets/5A/mathematics", "form": form}


def _tried(world: World, pupils: list[str]) -> Mapping[str, Any]:
    cells = [{"pupil": each, "point": "KS2", "grade": "5c"} for each in pupils]
    return {"path": "/targets/5A/mathematics/check", "sent": {"cells": cells}}


def _new_group(world: World, pupils: list[str]) -> Mapping[str, Any]:
    return {"path": "/groups/new", "form": {"into": "new", "name": "Poets", "pupil": pupils}}


def _into_group(world: World, pupils: list[str]) -> Mapping[str, Any]:
    group = str(world.groups[OURS, "Booster"])
    return {"path": "/groups/new", "form": {"into": "group", "group": group, "pupil": pupils}}


def _added(world: World, pupils: list[str]) -> Mapping[str, Any]:
    return {"path": f"/groups/{world.groups[OURS, 'Booster']}", "form": {"act": "add", "pupil": pupils}}


def _ended(world: World, pupils: list[str]) -> Mapping[str, Any]:
    form = {"act": "end", "pupil": pupils, "last_day": "2026-11-23"}
    return {"path": f"/groups/{world.groups[OURS, 'Booster']}", "form": form}


def _carded(world: World, pupils: list[str]) -> Mapping[str, Any]:
    form = {"kind": "words", "pupil": pupils, "request_id": str(uuid4())}
    return {"path": "/school/class-cards/5A", "form": form}


BATCHES: Mapping[str, Request] = {
    each.__name__.strip("_"): each
    for each in (_cells, _marks, _targets, _tried, _new_group, _into_group, _added, _ended, _carded)
}


@pytest.mark.parametrize("foreign", FOREIGN, ids=str)
@pytest.mark.parametrize("batch", BATCHES)
def test_one_foreign_pupil_among_ones_own_refuses_all(
    batch: str, foreign: str | None, world: World, browser: Browser
) -> None:
    own, other = str(world.pupils["amy"].uid), str(world.pupils[foreign].uid) if foreign else str(NOWHERE)
    fine = BATCHES[batch](world, [own])
    assert browser.ask(TEACHER, method="POST", **fine).status in (200, 302)
    before = _all_there_is()

    for pupils in ([own, other], [other, own], [other]):
        answer = browser.ask(TEACHER, method="POST", keep=True, **BATCHES[batch](world, pupils))

        assert answer.status == 404, pupils
        assert _all_there_is() == before


def _all_there_is() -> list[object]:
    """What these batches could have written."""
    tables = (Assessment, Target, GroupMember, PupilAccount, Revision)
    return [list(each.objects.order_by("pk").values_list("pk", *_told(each))) for each in tables]


def _told(model: type[Any]) -> tuple[str, ...]:
    return {PupilAccount: ("sign_in_name",), Revision: ()}.get(model, ("version",))


@pytest.mark.parametrize("batch", BATCHES)
def test_it_says_the_same_of_what_is_not_theirs_and_what_is_not_there(
    batch: str, world: World, browser: Browser
) -> None:
    said = set()
    for foreign in FOREIGN:
        other = str(world.pupils[foreign].uid) if foreign else str(NOWHERE)
        answer = browser.ask(TEACHER, method="POST", **BATCHES[batch](world, [str(world.pupils["amy"].uid), other]))
        said.add((answer.status, _plain(answer)))

    assert len(said) == 1


def _plain(answer: Answer) -> str:
    """What an answer says, but for its one-time token and its clock."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"|csrftoken=\w+|expires=[^;]+', "", answer.text)


def test_a_version_of_somebody_else_s_mark_tells_nothing(world: World, browser: Browser) -> None:
    """A cell of one's own, sent as if it had been read as another pupil's: who wrote that one is not told."""
    subject = Subject.objects.get(school=world.schools[OURS], code="mathematics")
    foreign = Assessment.objects.get(pupil=world.pupils["eve"], subject=subject, term__code=TERM)

    def clash(version: str) -> object:
        cell = {"pupil": str(world.pupils["amy"].uid), "subject": "mathematics", "mark": "3c", "version": version}
        sent = {"request": str(uuid4()), "cells": [cell]}
        answer = browser.ask(TEACHER, "/classes/4A/marks/2025-26-spring/cells", method="POST", sent=sent)
        return answer.status, json.loads(answer.body)

    assert clash(f"{foreign.pk}.{foreign.version}") == clash("999999.1")


@pytest.mark.parametrize(
    "query",
    [
        *(f"who=class:{code}" for code in ("5B", "6A", "5S", "9Z")),
        *(f"who=group:{name}" for name in ("Choir", "Nobody")),
        "class=6A",
        "reg_group=6A",
    ],
)
def test_what_is_asked_about_is_ones_own_or_nothing(query: str, world: World, browser: Browser) -> None:
    answer = browser.ask(TEACHER, f"/progress?{query}")

    assert answer.status in (200, 400)
    for key in ("cat", "eve", "lea"):
        assert KIDS[key].canary("surname") not in answer.text


def test_no_address_and_no_session_leads_to_a_school_one_does_not_work_in(world: World, browser: Browser) -> None:
    sister, head = world.schools[SISTER], ACTORS["head"]
    assert browser.ask(head, f"/?school={sister.uid}").status == 404
    assert browser.ask(head, f"/?school={NOWHERE}").status == 404
    assert browser.ask(head, "/school/choose", method="POST", form={"school": str(sister.uid)}).status == 404
    with browser.session_of(head) as session:
        session["school"] = str(sister.uid)
    assert "Oakfield School" in browser.ask(head, "/").text
    assert "Sisterbrook School" not in browser.ask(head, "/").text


def test_an_address_names_a_school_of_ones_own_but_never_changes_it(world: World, browser: Browser) -> None:
    double, lea = ACTORS["double_in_ours"], world.pupils["lea"]
    answer = browser.ask(double, f"/pupils/{lea.uid}?school={world.schools[SISTER].uid}", keep=True)
    assert "surname" not in answer.text and KIDS["lea"].canary("surname") not in answer.text
    assert browser.ask(double, f"/pupils/{lea.uid}").status == 404
    assert browser.ask(double, f"/pupils/{world.pupils['eve'].uid}").status == 200


def test_a_file_that_was_sent_in_is_its_sender_s_alone(world: World, browser: Browser) -> None:
    ours, content = world.schools[OURS], b"upn,surname\n"
    kept = keep(content, file="pupils.csv", school=ours, by=world.viewer(ACTORS["assessment_manager"]), now=NOW)
    for path in (f"/transfers/uploads/{kept}", f"/transfers/uploads/{kept}?refusals=csv"):
        assert browser.ask(ACTORS["assessment_manager"], path).status == 200
        for name in ("head", "data_manager", "sister_head"):
            assert browser.ask(ACTORS[name], path).status == 404
    for act in ("apply", "leave_out", "read", "discard"):
        assert browser.ask(ACTORS["head"], f"/transfers/uploads/{kept}", method="POST", form={"act": act}).status == 404
    assert Upload.objects.filter(uid=kept).exists()


def test_a_one_time_link_is_for_its_own_account(world: World, browser: Browser) -> None:
    link, other = claim_path(world.users["class_teacher"]), world.users["head"].uid
    token = link.rpartition("/")[2]
    assert browser.ask(ACTORS["anonymous"], link).status == 200
    assert browser.ask(ACTORS["anonymous"], f"/claim/{other}/{token}").status == 404
    assert browser.ask(ACTORS["anonymous"], f"/claim/{NOWHERE}/{token}").status == 404


def test_a_cursor_of_somebody_else_shows_nothing_of_theirs(world: World, browser: Browser) -> None:
    """Where a list goes on is a place in it, never a right to it."""
    lists = {name: _list(browser, name, "/api/v1/pupils?limit=1") for name in ("head", "stranger_head")}
    following = lists["head"]["next"]
    assert following

    theirs = _list(browser, "stranger_head", following)

    keys = {KIDS[key].upn for key in ("ned", "oli")}
    assert {each["upn"] for each in theirs["items"]} <= keys


def test_a_token_says_nothing_of_another_school(world: World, browser: Browser) -> None:
    numbers = ("8235678", "9339999", "0000000")
    said = {
        _plain(browser.ask(ACTORS["head"], f"/api/v1/pupils?school={dfe}", token=secret_of("head"))) for dfe in numbers
    }

    assert len(said) == 1


def _list(browser: Browser, name: str, path: str) -> Any:
    answer = browser.ask(ACTORS[name], path, token=secret_of(name))
    assert answer.status == 200, answer.text
    return json.loads(answer.body)


def test_last_year_s_sheet_shows_those_one_still_sees(world: World, browser: Browser) -> None:
    """A class of last year holds pupils who are somebody else's now."""
    text = browser.ask(TEACHER, f"/classes/4A/marks/{LAST_TERM}?subject=mathematics").text

    assert KIDS["amy"].canary("surname") in text
    assert KIDS["gus"].canary("surname") not in text
