"""A1, A4, A7 and A8: requests nobody's page sends. Nothing is done, nothing is given away, and nothing falls over."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from headway.records.models import School
from tests.security.conftest import Known
from tests.security.crawl import content_of
from tests.security.state import files, rows
from tests.security.walk import Place, places
from tests.web.html import read

SOURCE = Path(__file__).parents[2] / "src" / "headway"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
DOORS = {"sign-in", "sign-in-passkey", "passkey-question", "pupil-sign-in", "claim", "set-up-school", "api-openapi"}
"""What anybody may open: the ways in, and what the API says of itself."""
ASKED_OF_A_PAGE = (
    *(
        "who",
        "subject",
        "term",
        "year",
        "year_group",
        "school",
        "sex",
        "fsm",
        "status",
        "by",
        "sort",
        "order",
        "group_by",
    ),
    *(
        "from",
        "q",
        "find",
        "also",
        "show",
        "page",
        "kind",
        "refusals",
        "sample",
        "undo",
        "have",
        "format",
        "next",
        "act",
    ),
    *("fields", "ordering", "filter", "limit", "offset", "cursor", "pupil", "group", "role", "scope", "into", "all"),
)


def ask(client: Client, method: str, address: str, body: str = "", kind: str = "application/json") -> HttpResponse:
    answer: HttpResponse = client.generic(method, address, body, kind)  # type: ignore[assignment]
    return answer


def texts_in(place: Place) -> bool:
    return bool({"code", "term", "subject", "token"} & set(place.parameters)) or "something" in place.address


class TestA1:
    """An endpoint that writes for somebody who has not signed in (Gibbon, CVE-2023-45878)."""

    def test_A1_nobody_changes_or_reads_anything_without_signing_in(self, anybody: Client, known: Known) -> None:
        before, kept = rows(), files(Path.cwd() / "src")
        said: dict[str, int] = {}

        for each in places(known):
            for method in METHODS:
                for kind, body in _bodies(known):
                    answer = ask(anybody, method, each.address, body, kind)
                    said[f"{method} {each.name}"] = answer.status_code
                    assert answer.status_code < 500, (method, each)
                    for name in ("Adams", "Amir", "Readers", "marks.csv", "Tess Teacher"):
                        assert name not in content_of(answer), (method, each, name)
            sent = {"file": SimpleUploadedFile("../../evil.csv", b"upn\n"), "img": "x", "path": "../evil.php"}
            assert anybody.post(each.address, sent).status_code < 500

        assert rows() == before
        assert files(Path.cwd() / "src") == kept
        open_to_all = {
            name.partition(" ")[2] for name, status in said.items() if status == 200 and "OPTIONS" not in name
        }
        assert open_to_all <= DOORS, open_to_all - DOORS
        assert len(said) > 160

    def test_A1_a_form_from_another_site_changes_nothing(self, head: Client, known: Known) -> None:
        strict = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
        strict.cookies = head.cookies
        before = rows()

        for each in places(known):
            for kind, body in _bodies(known):
                assert ask(strict, "POST", each.address, body, kind).status_code in (401, 403, 405), each

        assert rows() == before

    def test_A1_looking_changes_nothing(self, head: Client, known: Known) -> None:
        before = rows()

        for each in places(known):
            for said in (
                "act=apply",
                "act=discard&undo=",
                "into=group&all=shown",
                "theme=dark",
                "_method=POST&act=end",
            ):
                assert head.get(f"{each.address}?{said}").status_code < 500, each
            for method in ("HEAD", "OPTIONS"):
                assert ask(head, method, each.address).status_code < 500, (method, each)

        assert rows() == before


def _bodies(known: Known) -> list[tuple[str, str]]:
    form = {"act": "apply", "pupil": known["pupil"], "name": "evil", "theme": "dark", "username": "x", "password": "x"}
    return [
        ("application/x-www-form-urlencoded", "&".join(f"{name}={value}" for name, value in form.items())),
        ("application/json", json.dumps({"cells": [{"pupil": str(known["pupil"])}], "path": "../x", "img": "x"})),
    ]


class TestA4:
    """A file of the server's given for a name in the address (Gibbon, CVE-2023-34598)."""

    WANTED = (
        "../../../../../../../../etc/passwd",
        "/etc/passwd",
        "..%2f..%2f..%2fsecret.key",
        "....//....//secret.key",
        "%2e%2e/%2e%2e/headway.sqlite3",
        "..\\..\\secret.key",
        "file:///etc/passwd",
        "./secret.key",
        "php://filter/resource=secret.key",
        "secret.key%00.csv",
    )

    def test_A4_no_path_and_no_choice_opens_a_file(self, head: Client, known: Known) -> None:
        secret = settings.SECRET_KEY
        for wanted in self.WANTED:
            for address in _with(wanted, known):
                answer = head.get(address)
                content = content_of(answer)
                answer.close()
                assert answer.status_code < 500, address
                assert secret not in content, address
                assert "root:x:" not in content and "SQLite format 3" not in content, address

    @pytest.mark.parametrize("name", ["secret.key", "headway.sqlite3", "serve.lock", "last-backup.txt"])
    def test_A4_nothing_of_the_data_lies_where_it_is_served(self, client: Client, db: None, name: str) -> None:
        static = Path(settings.STATIC_ROOT).resolve()
        assert not Path(settings.DATA, name).resolve().is_relative_to(static)
        for before in ("/", "/static/", "/static/../", "/media/", "/data/", "/backups/", "/.git/", "/static/%2e%2e/"):
            answer = client.get(before + name)
            answer.close()
            assert answer.status_code in (400, 404), before


def _with(wanted: str, known: Known) -> Iterator[str]:
    """An address for each place that takes text, and for each choice of each page."""
    for place in places({**known, "code": wanted, "term": wanted, "subject": wanted, "token": wanted}):
        if texts_in(place):
            yield place.address
    for place in places(known):
        yield f"{place.address}?" + "&".join(f"{name}={quote(wanted)}" for name in ASKED_OF_A_PAGE)
    yield f"/static/{wanted}"
    yield f"/{wanted}"


class TestA7:
    """Code in the names of what is asked for: keys, columns to sort by, the parts of a cut (openSIS 473–475)."""

    NAMES = (
        "id; DROP TABLE records_pupil--",
        "surname') OR 1=1--",
        "pupil__user__password",
        "school__secret__startswith",
        "pk__in",
        "-password",
        '"password"',
        "password) FROM records_user--",
        "__class__.__init__.__globals__",
        "a[b][c]",
        "a[]",
        "$where",
        "\u202eemos",
        "1e999",
    )

    def test_A7_hostile_names_of_choices_and_what_they_are_sorted_by_do_nothing(
        self, head: Client, known: Known
    ) -> None:
        before = rows()

        for turn, place in enumerate(places(known)):
            for number, name in enumerate(self.NAMES):
                hostile = quote(name)
                queries = (
                    "&".join(f"{each}={hostile}" for each in ASKED_OF_A_PAGE),
                    f"{hostile}=1&{hostile}[]=2&who[{hostile}]=3",
                    f"subject[]={hostile}&who__in=1&by={hostile}",
                )
                query = queries[(turn + number) % len(queries)]
                answer = head.get(f"{place.address}?{query}")
                content = content_of(answer)
                assert answer.status_code < 500, (place, query)
                assert not re.search(r"argon2\$|md5\$|no such column|syntax error|FieldError", content), (place, query)

        assert rows() == before

    def test_A7_hostile_keys_in_forms_and_json_do_nothing(self, head: Client, known: Known) -> None:
        before = rows()
        deep = "[" * 10_000 + "]" * 10_000
        pupil = str(known["pupil"])
        bodies = [
            deep,
            '{"cells": ' + deep + "}",
            json.dumps({"cells": [{name: name for name in self.NAMES}]}),
            json.dumps({"cells": {"pupil": pupil}, "request": ["x"]}),
            '{"cells": [{"pupil": "'
            + pupil
            + '", "pupil": "x", "subject": {"$ne": ""}, "mark": [], "version": 1e999}]}',
            '{"cells": [{"pupil": "\\ud800", "subject": "\\u0000", "mark": "\\ud800", "version": ""}]}',
            json.dumps({"__proto__": {"x": 1}, "constructor": {}, "cells": [None, True, 1e308, "x"]}),
            "9" * 100_000,
            "NaN",
            "",
        ]

        for place in places(known):
            for body in bodies:
                for method in ("POST", "PUT", "PATCH"):
                    assert ask(head, method, place.address, body).status_code < 500, (place, body[:60])
            form = "&".join(f"{quote(name)}={quote(name)}" for name in self.NAMES)
            for prefix in ("", f"mark.{pupil}.", f"grade:{pupil}:", "read:", "version.", "note."):
                body = "&".join(f"{quote(prefix + name)}={quote(name)}" for name in self.NAMES) + "&" + form
                answer = ask(head, "POST", place.address, body, "application/x-www-form-urlencoded")
                assert answer.status_code < 500, (place, prefix)

        assert rows() == before

    def test_A7_a_form_of_very_many_fields_does_nothing(self, head: Client, known: Known) -> None:
        many, before = "&".join(f"a{number}=" for number in range(100_000)), rows()

        for place in places(known):
            answer = ask(head, "POST", place.address, many, "application/x-www-form-urlencoded")
            assert answer.status_code < 500, place

        assert rows() == before

    def test_A7_columns_called_like_statements_are_refused_as_columns(self, head: Client) -> None:
        hostile = ",".join(f'"{name}"'.replace('""', '"') for name in self.NAMES if '"' not in name)
        for kind in ("pupils", "assessments", "subjects", "groups"):
            content = f"upn,{hostile}\nx,{','.join('1' for _ in self.NAMES)}\n".encode()
            sent = {"file": SimpleUploadedFile(f"{kind}.csv", content)}
            assert head.post("/transfers", sent, follow=True).status_code < 500

    def test_A7_no_statement_is_put_together_from_what_somebody_sent(self) -> None:
        """Where SQL is written by hand, what it is put together from stands in the code."""
        found = {
            f"{file.relative_to(SOURCE)}"
            for file in SOURCE.rglob("*.py")
            if "migrations" not in file.parts
            for call in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(call, ast.Call) and _is_made_sql(call)
        }

        assert found <= BY_HAND, found - BY_HAND

    def test_A7_it_would_notice_such_a_statement(self) -> None:
        made = [
            "c.execute(f'SELECT {x}')",
            "c.execute('SELECT ' + x)",
            "Pupil.objects.raw(sql % x)",
            "q.extra(where=[x])",
        ]

        assert all(_is_made_sql(ast.parse(each, mode="eval").body) for each in made)
        assert not _is_made_sql(ast.parse("c.execute('SELECT %s', [x])", mode="eval").body)


BY_HAND = {
    "records/freshness.py",  # the columns are its own constants, the values parameters
    "records/audit_acts.py",
    "records/audit_chain.py",
    "records/audit_tallies.py",
    "records/history.py",  # the columns of one table of its own
    "services/backup_parts.py",
    "services/backups.py",  # the tables of a backup, quoted
    "services/installation/database.py",  # three settings, named there
}


def _is_made_sql(call: ast.AST) -> bool:
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute | ast.Name):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
    if name in ("extra", "RawSQL"):
        return True
    first = call.args[0] if call.args else None
    return name in ("execute", "executemany", "raw") and first is not None and not isinstance(first, ast.Constant)


class TestA8:
    """SQL in the switch of years, terms or schools, even without signing in (RosarioSIS, CVE-2021-44427)."""

    QUOTES = (
        "2026'",
        "2026-27-autumn'--",
        '2026" OR "1"="1',
        "1' UNION SELECT password FROM records_user--",
        "1;--",
        "%27",
    )

    @pytest.mark.parametrize("who", ["anybody", "head"])
    def test_A8_quotes_in_years_terms_and_schools_lead_nowhere(
        self, known: Known, elsewhere: School, who: str, request: pytest.FixtureRequest
    ) -> None:
        client: Client = request.getfixturevalue(who)
        before = rows()
        for said in self.QUOTES:
            hostile = {**known, "term": quote(said), "code": quote(said)}
            for place in places(hostile):
                switches = dict.fromkeys(("school", "year", "term", "academic_year"), said)
                answers = [client.get(place.address, switches), client.post(place.address, switches)]
                answers.append(client.get(place.address, {"term": said}))
                for answer in answers:
                    assert answer.status_code < 500, (place, said)
                    assert "argon2" not in content_of(answer) and "md5$" not in content_of(answer), (place, said)
                    assert elsewhere.name not in read(answer).words, (place, said)
        assert {name: each for name, each in rows().items() if "upload" not in name} == {
            name: each for name, each in before.items() if "upload" not in name
        }


def test_it_would_notice_a_change(known: Mapping[str, object], head: Client) -> None:
    before = rows()
    head.post("/groups/new", {"name": "Another"})

    assert rows() != before
