"""Every route, as everybody: who gets in, to what, and what it says of itself."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from headway.api.rate import MOST
from headway.api.schema import described
from headway.records.models import AuditEntry, Pupil, School, Token, User
from tests.api.conftest import SECRETS, Asks, ask, give_token
from tests.api.routes import NOT_THERE, PUBLIC, Walked, route_names, walked
from tests.school import NOW, bring_in, csv
from tests.web.doors import enter
from tests.web.primary import GOVERNOR, HEAD, TEACHER, add_account

WITH_TOKEN = [name for name in route_names() if name not in PUBLIC]
ANSWERING = [name for name in WITH_TOKEN if name not in NOT_THERE]


def go(route: Walked, *, token: str | None = None) -> HttpResponse:
    sent = {"data": json.dumps(route.body), "content_type": "application/json"} if route.body else {}
    return ask(route.address, token=token, method=route.method, **sent)


def problem(response: HttpResponse, status: int, code: str) -> dict[str, Any]:
    """The problem a response tells of, which must be one in every respect."""
    said: dict[str, Any] = json.loads(response.content)
    assert (response.status_code, said.get("code")) == (status, code), response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    assert said["status"] == status
    assert said["type"] == f"urn:headway:problem:{code}"
    _require(said, "Problem")
    return said


def names_in(response: HttpResponse) -> set[str]:
    text = response.content.decode()
    return {surname for surname in Pupil.objects.values_list("surname", flat=True) if surname in text}


# ---- Who gets in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "hw_", "hw_" + "x" * 43, "é", "a b c", "hw_" + "0" * 100_000])
def test_it_lets_nobody_in_without_a_token_that_works(primary: School, token: str | None) -> None:
    give_token(HEAD)

    for route in walked(primary, names=WITH_TOKEN):
        response = go(route, token=token)

        problem(response, 401, "token_needed" if token is None else "token_refused")
        assert response.headers["WWW-Authenticate"].startswith('Bearer realm="Headway"')
        assert response.headers["Cache-Control"] == "no-store"


def test_it_takes_no_cookie_for_a_token(primary: School) -> None:
    client = Client()
    enter(client, HEAD)
    assert client.get("/").status_code == 200

    for route in walked(primary, names=WITH_TOKEN):
        sent = {"data": json.dumps(route.body), "content_type": "application/json"} if route.body else {}
        problem(getattr(client, route.method)(route.address, **sent), 401, "token_needed")


def test_it_takes_no_token_from_an_address_or_a_body(primary: School) -> None:
    secret = give_token(HEAD)

    for place in (
        f"schools?token={secret}",
        f"schools?access_token={secret}",
        f"schools?Authorization=Bearer {secret}",
    ):
        problem(ask(place), 401, "token_needed")
    problem(ask("pupils/find", method="post", data={"access_token": secret}), 401, "token_needed")


def test_it_answers_the_head_everywhere(primary: School, head: Asks) -> None:
    for route in walked(primary, names=ANSWERING):
        response = go(route, token=SECRETS[HEAD])

        assert response.status_code == 200, (route.name, response.content)
        assert response.headers["Content-Type"] == "application/json"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
        assert not response.cookies
    problem(head("not/there"), 404, "not_found")


@pytest.mark.parametrize("email", [TEACHER, GOVERNOR])
def test_it_tells_who_may_use_no_api_so_whatever_token_they_hold(primary: School, email: str) -> None:
    secret = give_token(email)

    for route in walked(primary, names=WITH_TOKEN):
        response = go(route, token=secret)

        problem(response, 403, "not_allowed")
        assert names_in(response) == set()


def test_it_gives_a_stranger_nothing_of_another_school(primary: School, elsewhere: School) -> None:
    stranger = give_token("head@elsewhere.example")

    for route in walked(primary, names=ANSWERING):
        response = go(route, token=stranger)
        named = go(Walked(route.name, _with_school(route.address), route.method, route.body), token=stranger)

        assert names_in(response) == names_in(named) == set()
        assert "Elm Tree" not in response.content.decode() + named.content.decode()
        if route.name in {"api-pupil", "api-pupil-find"}:
            problem(response, 404, "not_found")
        if route.name != "api-schools":
            problem(named, 404, "not_found")


def test_it_answers_what_is_absent_as_what_is_not_theirs(primary: School, elsewhere: School) -> None:
    stranger = give_token("head@elsewhere.example")
    pupil = Pupil.objects.filter(school=primary).first()
    assert pupil is not None
    absent = "00000000-0000-4000-8000-000000000000"

    pairs = [
        (ask(f"pupils/{pupil.uid}", token=stranger), ask(f"pupils/{absent}", token=stranger)),
        (ask("pupils?school=8231234", token=stranger), ask("pupils?school=8230000", token=stranger)),
        (
            ask(f"assessments?term=2026-27-autumn&pupil={pupil.uid}", token=stranger),
            ask(f"assessments?term=2026-27-autumn&pupil={absent}", token=stranger),
        ),
    ]

    for not_theirs, not_there in pairs:
        problem(not_theirs, 404, "not_found")
        assert not_theirs.content == not_there.content
        assert dict(not_theirs.headers) == dict(not_there.headers)


def test_it_lets_nobody_in_once_a_token_is_over(primary: School, elsewhere: School) -> None:
    secret = give_token(HEAD)
    assert ask("schools", token=secret).status_code == 200
    standing = Token.objects.get()
    overs = [
        {"revoked_at": NOW},
        {"ends": NOW.date() - timedelta(days=1)},
    ]

    for over in overs:
        Token.objects.update(**over)
        problem(ask("schools", token=secret), 401, "token_refused")
        Token.objects.update(revoked_at=None, ends=standing.ends)
        assert ask("schools", token=secret).status_code == 200
    User.objects.filter(email=HEAD).update(is_active=False)
    problem(ask("schools", token=secret), 401, "token_refused")


def test_it_shuts_out_a_leaver_at_the_next_request(primary: School, head: Asks) -> None:
    assert head("pupils").status_code == 200
    code = User.objects.get(email=HEAD).people.get().code

    row = f"{code},Maya Head,{HEAD},head,{NOW.date() - timedelta(days=1)}"
    bring_in(primary, csv("staff,name,email,roles,to", row), file="staff.csv")

    problem(head("pupils"), 403, "not_allowed")


def test_it_wants_the_scope_that_a_route_takes(primary: School) -> None:
    export_only, pupil = give_token(HEAD, scopes=("export",)), Pupil.objects.first()
    for route in walked(primary, names=ANSWERING):
        said = problem(go(route, token=export_only), 403, "scope_needed")
        assert "scope read" in said["detail"]
    Token.objects.update(scopes=["read"])

    assert pupil is not None
    assert ask("assessments?term=2026-27-autumn", token=export_only).status_code == 200
    for everything in ("assessments", "assessments?subject=mathematics", f"assessments?pupil={pupil.uid}"):
        said = problem(ask(everything, token=export_only), 403, "scope_needed")
        assert "scope export" in said["detail"]


def test_it_takes_nothing_out_for_who_may_not_export(primary: School) -> None:
    add_account(primary, GOVERNOR, "Gus Governor", "senior_leader")
    leader = give_token(GOVERNOR)

    assert ask("assessments?term=2026-27-autumn", token=leader).status_code == 200
    problem(ask("assessments", token=leader), 403, "not_allowed")


def test_it_asks_which_school_where_there_are_several(primary: School, elsewhere: School, head: Asks) -> None:
    add_account(elsewhere, HEAD, "Maya Head", "head")

    said = problem(head("pupils"), 400, "school_needed")

    assert said["where"] == "query.school"
    assert "8231234 (Elm Tree Primary School), 8239999 (School 8239999)" in said["detail"]
    assert [each["dfe"] for each in json.loads(head("schools").content)["items"]] == ["8231234", "8239999"]
    assert len(json.loads(head("pupils?school=8231234").content)["items"]) == 12
    assert json.loads(head("pupils?school=8239999").content)["items"] == []


# ---- How often, and what is written down -------------------------------------------------------------------------


def test_it_turns_a_token_away_that_asks_too_often_and_no_other(
    primary: School, elsewhere: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headway.api.rate.MOST", 3)
    busy, other = give_token(HEAD), give_token("head@elsewhere.example")

    answers = [ask("schools", token=busy) for _ in range(5)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    problem(answers[-1], 429, "too_many_requests")
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert ask("schools", token=other).status_code == 200
    monkeypatch.setattr("headway.api.clock.now", lambda: NOW + timedelta(minutes=1))
    assert ask("schools", token=busy).status_code == 200


def test_it_counts_to_three_hundred_a_minute() -> None:
    assert MOST == 300


def test_it_writes_down_whom_each_request_showed(primary: School, head: Asks) -> None:
    everybody = Pupil.objects.count()
    shown = {
        "api-classes": everybody, "api-pupils": everybody, "api-pupil": 1, "api-pupil-find": 1, "api-assessments": 11
    }  # fmt: skip
    before = AuditEntry.objects.count()

    for route in walked(primary, names=WITH_TOKEN):
        go(route, token=SECRETS[HEAD])

    entries = AuditEntry.objects.order_by("sequence").select_related("pupils")[before:]
    looks = {each.place: each for each in entries if each.kind == "looked"}
    assert {place: each.pupils.n_pupils for place, each in looks.items()} == shown
    assert {(each.action, each.name) for each in looks.values()} == {("api", "Maya Head")}
    assert len([each for each in entries if each.kind == "looked"]) == len(shown)


def test_it_writes_down_what_was_taken_out_as_an_export(primary: School, head: Asks) -> None:
    head("assessments?subject=mathematics")

    entry = AuditEntry.objects.filter(place="api-assessments").get()
    assert (entry.kind, entry.action, entry.detail) == ("exported", "export", {"subject": "mathematics"})


def test_it_writes_no_unique_pupil_number_down(primary: School, head: Asks) -> None:
    pupil = Pupil.objects.first()
    assert pupil is not None
    head("pupils/find", method="post", data=json.dumps({"upn": pupil.upn}), content_type="application/json")

    assert not [each for each in AuditEntry.objects.values() if pupil.upn in str(each)]


def test_it_says_to_try_again_where_the_records_are_busy(
    primary: School, head: Asks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("headway.api.views.pupils.list_pupils", locked)

    response = head("pupils")

    problem(response, 503, "busy")
    assert response.headers["Retry-After"] == "30"


def test_it_tells_of_a_fault_without_its_trace(
    primary: School, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    secret = give_token(HEAD)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("Adams, Amir")

    monkeypatch.setattr("headway.api.views.pupils.list_pupils", broken)
    client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"})

    response = client.get("/api/v1/pupils")

    problem(response, 500, "fault")
    assert "Adams" not in response.content.decode()
    assert "The API failed" in caplog.messages


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_it_says_what_can_be_done_instead(head: Asks, method: str) -> None:
    response = head("pupils", method=method)

    problem(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD"}


# ---- What it says of itself --------------------------------------------------------------------------------------


def test_it_describes_every_route_and_nothing_else_without_a_warning(primary: School) -> None:
    described.cache_clear()
    GENERATOR_STATS.reset()
    response = ask("openapi.json")
    schema = json.loads(response.content)

    validate_schema(schema)

    assert response.status_code == 200
    assert not GENERATOR_STATS, GENERATOR_STATS._warn_cache | GENERATOR_STATS._error_cache
    listed = {path.removeprefix("/api/v1/").replace("{pupil}", "") for path in schema["paths"]}
    assert listed == {str(route.pattern).replace("<uuid:pupil>", "") for route in _patterns()}
    assert set(schema["components"]["securitySchemes"]) == {"token"}
    for path in schema["paths"].values():
        for operation in path.values():
            assert operation["security"] in ([{"token": ["read"]}],)
            assert operation["summary"]
            assert {"200", "400", "401", "403", "404", "429"} <= operation["responses"].keys()


def test_it_answers_as_it_says(primary: School, head: Asks) -> None:
    bring_in(primary, csv("group,upn", f"Choir,{Pupil.objects.order_by('pk')[0].upn}"), file="groups.csv")
    schema = json.loads(ask("openapi.json").content)

    for route in walked(primary, names=ANSWERING):
        response = go(route, token=SECRETS[HEAD])
        operation = _operation(schema, route)
        said = operation["responses"]["200"]["content"]["application/json"]["schema"]
        answer = json.loads(response.content)

        _require(answer, said["$ref"].rpartition("/")[2])
        assert answer.get("items") != [], route.name


def test_it_takes_every_parameter_it_describes(primary: School, head: Asks) -> None:
    schema = json.loads(ask("openapi.json").content)
    right = {
        "academic_year": "2026-27", "class": "5A", "limit": "5", "on_roll": "any", "school": "8231234",
        "subject": "mathematics", "term": "2026-27-autumn", "year_group": "5",
    }  # fmt: skip

    for route in walked(primary, names=ANSWERING):
        query = {each["name"] for each in _operation(schema, route).get("parameters", ()) if each["in"] == "query"}
        sent = {name: right[name] for name in query & right.keys()}
        if route.method == "get":
            assert head(route.address.partition("?")[0], data=sent).status_code == 200, (route.name, sent)
        assert query <= {*right, "cursor", "group", "pupil"}


def _patterns() -> Iterator[Any]:
    from headway.api.urls import urlpatterns

    return (each for each in urlpatterns if each.name not in {*PUBLIC, *NOT_THERE})


def _operation(schema: dict[str, Any], route: Walked) -> dict[str, Any]:
    path = route.address.partition("?")[0]
    if route.name == "api-pupil":
        path = "/api/v1/pupils/{pupil}"
    operation: dict[str, Any] = schema["paths"][path][route.method]
    return operation


def _require(answer: object, component: str) -> None:
    """Refuses an answer that is not as described, or has more in it than is."""
    schemas = json.loads(ask("openapi.json").content)["components"]["schemas"]
    for schema in schemas.values():
        schema["additionalProperties"] = False
    whole = {"$ref": f"#/components/schemas/{component}", "components": {"schemas": schemas}}
    validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(answer)] == []


def _with_school(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}school=8231234"
