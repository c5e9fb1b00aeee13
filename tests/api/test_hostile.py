"""Whatever is sent, the answer is one of ours: never a fault, never a page, never somebody else's pupil."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from headway.records.models import School
from tests.api.conftest import SECRETS, Asks, give_token
from tests.api.routes import walked
from tests.web.primary import HEAD

PARAMETERS = (
    *("school", "limit", "cursor", "academic_year", "year_group", "class", "group", "pupil", "subject", "term"),
    *("on_roll", "format", "pupil__upn", "order_by", "where[]", "__class__", "id"),
)
NASTY = (
    "", "\0", "%00", "'", '"; DROP TABLE pupil;--', "' OR 1=1--", "../../etc/passwd", "{{7*7}}", "<script>", "٣", "１",
    "nan", "inf", "1e999", "-1", "9" * 400, "null", "true", "[]", "{}", "\u202eabc", "e\u0301" * 99, "\ud7ff", "😀",
    "\r\nX: y", "2026-27-autumn\0", "0" * 100_000, "=1+1", "%F0%28%8C%28", "_" * 999,
)  # fmt: skip
KEYS = st.one_of(st.sampled_from(PARAMETERS), st.text(max_size=30))
VALUES = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.integers().map(str))
BODIES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.sampled_from(NASTY),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.just("upn"), inner, max_size=4)
    ),
    max_leaves=8,
)
FINE = {200, 400, 401, 403, 404, 405, 413, 415, 429}

fuzzed = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)  # fmt: skip


@pytest.fixture(autouse=True)
def without_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.api.rate.MOST", 1_000_000)


def sound(response: Any) -> None:
    """An answer of ours: JSON, and no fault."""
    assert response.status_code in FINE, (response.status_code, response.content[:500])
    kind = response.headers["Content-Type"]
    assert kind == ("application/json" if response.status_code == 200 else "application/problem+json")
    said = json.loads(response.content.decode("utf-8"))
    if response.status_code != 200:
        assert said["status"] == response.status_code
        assert len(response.content) < 30_000


def with_token(**more: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {SECRETS[HEAD]}", **more})


@fuzzed
@given(asked=st.lists(st.tuples(KEYS, VALUES), max_size=5))
@example(asked=[("limit", each) for each in NASTY])
@example(asked=[("limit\0", "5")])
def test_no_parameter_is_a_fault(primary: School, head: Asks, asked: list[tuple[str, str]]) -> None:
    query = urlencode(asked, errors="surrogatepass")

    for route in walked(primary):
        sound(getattr(with_token(), route.method)(f"{route.address.partition('?')[0]}?{query}"))


@pytest.mark.parametrize("value", NASTY)
def test_no_value_of_any_parameter_is_a_fault(primary: School, head: Asks, value: str) -> None:
    for name in PARAMETERS:
        query = urlencode({name: value}, errors="surrogatepass")
        for path in ("pupils", "assessments"):
            sound(with_token().get(f"/api/v1/{path}?{query}"))


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"k{number}=1" for number in range(100_000)),
        "&".join("class=5A" for _ in range(3_000)),
        "%", "%zz=%zz", "%ff=%fe", "\xff=1", "=", "&&&", "a" * 100_000, "%ED%A0%80=%ED%A0%80", "class=%ED%A0%80",
        "a[0][b]=1",
    ],
    ids=lambda query: query[:12],
)  # fmt: skip
def test_no_query_is_a_fault(primary: School, head: Asks, query: str) -> None:
    sound(with_token().get("/api/v1/pupils", QUERY_STRING=query))
    sound(with_token().get("/api/v1/assessments", QUERY_STRING=query))


@fuzzed
@given(body=BODIES)
@example(body={"upn": "\ud800"})
@example(body={"\ud800": 1, "upn": "x"})
@example(body={"upn": {"upn": []}})
@example(body={"upn": 10**400})
def test_no_body_is_a_fault(primary: School, head: Asks, body: object) -> None:
    sound(with_token().post("/api/v1/pupils/find", data=json.dumps(body), content_type="application/json"))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"[" * 10_000 + b"]" * 10_000, 400),
        (b'{"upn":' * 10_000 + b"1" + b"}" * 10_000, 413),
        (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, 400),
        (b'{"upn": "A", "upn": "B"}', 400),
        (b'{"upn": NaN}', 400),
        (b'{"upn": 1' + b"0" * 5_000 + b"}", 400),
        (b'{"upn": -Infinity}', 400),
        (b"\xff\xfe{\x00}\x00", 400),
        (b'{"upn": "\xff"}', 400),
        (b'\xef\xbb\xbf{"upn": "x"}', 400),
        (b"", 400),
        (b"null", 400),
        (b'{"upn": "\\ud800"}', 400),
        (b'{"upn": "\\u0000"}', 400),
        (b'{"\\u0000": 1}', 400),
        (b" " * 70_000, 413),
        (b"x" * (6 * 1024 * 1024), 413),
        (b'{"' + b"k" * 60_000 + b'": 1}', 400),
        (b"{" + b",".join(b'"k%d":1' % number for number in range(5_000)) + b"}", 400),
    ],
    ids=lambda sent: repr(sent[:14]) if isinstance(sent, bytes) else str(sent),
)
def test_a_hostile_body_is_refused(primary: School, head: Asks, sent: bytes, status: int) -> None:
    response = with_token().post("/api/v1/pupils/find", data=sent, content_type="application/json")

    sound(response)
    assert response.status_code == status, response.content[:300]


@pytest.mark.parametrize(
    "kind",
    [
        *("application/xml", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"),
        *("", "json", "a" * 9999),
    ],
)  # fmt: skip
def test_only_json_is_read(primary: School, head: Asks, kind: str) -> None:
    response = with_token().generic("POST", "/api/v1/pupils/find", b'{"upn": "x"}', content_type=kind)

    sound(response)
    assert response.status_code == 415


@fuzzed
@given(path=st.lists(st.one_of(st.sampled_from(("pupils", "..", "find", *NASTY)), st.text(max_size=9)), max_size=4))
def test_no_path_is_a_fault(primary: School, head: Asks, path: list[str]) -> None:
    address = "/api/v1/" + "/".join(quote(each, safe="", errors="surrogatepass") for each in path)[:5_000]

    sound(with_token().get(address))


@fuzzed
@given(said=st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=80))
@example(said="Bearer")
@example(said="Bearer  ")
@example(said="bearer hw_" + "a" * 43)
@example(said="Basic aGVhZDpwYXNz")
@example(said="Bearer " + "hw_" * 9_999)
def test_no_header_is_a_fault_or_lets_anybody_in(primary: School, said: str) -> None:
    give_nothing = Client(headers={"Authorization": said})

    response = give_nothing.get("/api/v1/pupils")

    sound(response)
    assert response.status_code == 401


def test_an_accept_header_changes_nothing(primary: School, head: Asks) -> None:
    for accept in ("text/html", "application/xml", "*/*;q=0", "x" * 9_999, ";;;", "application/json; indent=4"):
        response = with_token(Accept=accept).get("/api/v1/schools?limit=1")
        assert response.status_code == 200
        assert response.headers["Content-Type"] == "application/json"


def test_a_method_cannot_be_overridden(primary: School) -> None:
    give_token(HEAD)

    response = with_token(**{"X-HTTP-Method-Override": "DELETE"}).get("/api/v1/schools")

    assert response.status_code == 200
