"""Lists of the API: in pages, each reached from the one before, and cursors that are good for nothing else."""

import json
from typing import Any

from headway.records.models import Pupil, School
from tests.api.conftest import Asks, give_token
from tests.api.conftest import ask as anybody_asks
from tests.api.routes import walked


def page(ask: Asks, path: str) -> dict[str, Any]:
    response = ask(path)
    assert response.status_code == 200, response.content
    said: dict[str, Any] = json.loads(response.content)
    return said


def test_it_gives_every_pupil_once_over_all_pages(primary: School, head: Asks) -> None:
    said, found, n_pages = page(head, "pupils?limit=5&class=5A"), [], 1
    found += said["items"]
    while said["next"]:
        said, n_pages = page(head, said["next"]), n_pages + 1
        found += said["items"]

    assert n_pages == 2
    assert [each["id"] for each in found] == [each["id"] for each in page(head, "pupils?class=5A")["items"]]


def test_it_holds_a_hundred_items_unless_more_are_asked_for(primary: School, head: Asks) -> None:
    assert head("pupils?limit=500").status_code == 200
    for limit in ("0", "501", "-1", "1e2", "٥", "10" * 400, "", "1.0", " 5"):
        response = head("pupils", data={"limit": limit})
        assert response.status_code == 400, limit
        assert json.loads(response.content)["where"] == "query.limit"


def test_it_takes_a_cursor_only_for_the_list_it_is_of(primary: School, head: Asks) -> None:
    cursor = page(head, "pupils?limit=5")["next"].partition("cursor=")[2]

    assert head(f"pupils?limit=7&cursor={cursor}").status_code == 200
    for other in (
        f"pupils?class=5A&cursor={cursor}",
        f"assessments?term=2026-27-autumn&cursor={cursor}",
        f"pupils?cursor={cursor}x",
        f"pupils?cursor={cursor[1:]}",
        "pupils?cursor=5",
        "pupils?cursor=",
    ):
        response = head(other)
        assert response.status_code == 400, other
        assert json.loads(response.content)["where"] == "query.cursor"


def test_a_cursor_opens_nothing_to_somebody_else(primary: School, elsewhere: School, head: Asks) -> None:
    following = page(head, "pupils?limit=5")["next"]
    stranger = give_token("head@elsewhere.example")

    response = anybody_asks(following, token=stranger)

    assert json.loads(response.content) == {"items": [], "next": None}


def test_it_says_all_that_is_wrong_at_once(primary: School, head: Asks) -> None:
    said = json.loads(head("pupils?limit=many&on_roll=perhaps&year_group=99").content)

    assert [each["where"] for each in said["problems"]] == ["query.limit", "query.on_roll", "query.year_group"]
    assert all("Right would be" in each["detail"] for each in said["problems"])


def test_it_offers_the_parameter_that_was_probably_meant(primary: School, head: Asks) -> None:
    said = json.loads(head("pupils?yeargroup=5").content)

    assert said["detail"] == "There is no parameter 'yeargroup' here. Right would be year_group."


def test_it_knows_no_parameter_where_there_is_none(primary: School, head: Asks) -> None:
    pupil = Pupil.objects.first()
    assert pupil is not None
    for route in walked(primary):
        response = head(f"{route.address.partition('?')[0]}?nonsense=1", method=route.method)
        assert response.status_code == {"api-openapi": 200, "api-nothing": 400}.get(route.name, 400), route.name


def test_it_answers_a_head_request_without_a_body(primary: School, head: Asks) -> None:
    response = head("pupils", method="head")

    assert response.status_code == 200
    assert response.content == b""
