"""A12 to A16: people of the school itself, with somebody else's ids, an old right, a good guess, or a file too many."""

import json
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from headway.formats.kinds import KINDS, OUT_ONLY
from headway.formats.sheets_out import write_csv
from headway.records import history
from headway.records.models import Assessment, Group, GroupMember, Person, Pupil, School, Target, Upload, User
from headway.services.access import COMMAND_LINE, NotAllowedError, viewer_of
from headway.services.backups import back_up
from headway.services.exports import ExportRefusedError, export
from headway.services.groups import make_group
from headway.services.installation import findings
from tests.data_folder import at_work_on, make_tables
from tests.school import NOW
from tests.security.conftest import Known
from tests.security.crawl import content_of
from tests.security.state import rows
from tests.security.walk import NOBODY, places
from tests.web.conftest import Visitor
from tests.web.doors import enter
from tests.web.html import read
from tests.web.primary import HEAD, IN_5A, PASSWORD, TEACHER, add_account

TERM = "2026-27-autumn"
CELLS = f"/classes/5A/marks/{TERM}/cells?subject=mathematics"
OF_5B = ("Green", "Hall", "Iqbal", "Jones", "King", "Lowe")


def uid(surname: str) -> str:
    return str(Pupil.objects.get(surname=surname).uid)


def version(surname: str) -> str:
    found = Assessment.objects.filter(pupil__surname=surname, term__code=TERM).first()
    return f"{found.pk}.{found.version}" if found else ""


def cell(surname: str, mark: str = "4a", **more: object) -> dict[str, object]:
    return {"pupil": uid(surname), "subject": "mathematics", "mark": mark, "version": version(surname), **more}


def post(client: Client, address: str, body: object) -> HttpResponse:
    answer: HttpResponse = client.post(address, json.dumps(body), content_type="application/json")  # type: ignore[assignment]
    return answer


def names_in(answer: HttpResponse) -> Sequence[str]:
    """Which of the other class an answer names."""
    content = content_of(answer)
    return [name for name in OF_5B if re.search(rf"\b{name}\b", content)]


class TestA12:
    """A right in one class, used on another (Moodle, CVE-2016-8644; customcert, CVE-2026-30884)."""

    def test_A12_marks_of_another_class_sent_through_ones_own_are_refused_whole(self, teacher: Client) -> None:
        before = rows()
        theirs = [cell("Green"), cell("Green") | {"pupil": uid("Green").upper()}]

        for cells in (
            [theirs[0]],
            [cell("Adams"), theirs[0]],
            [theirs[1], cell("Baker")],
            [cell("Adams")] * 3 + theirs,
        ):
            for address in (CELLS, CELLS.replace("5A", "5B"), CELLS.replace("mathematics", "reading")):
                answer = post(teacher, address, {"request": str(uuid4()), "cells": cells})
                assert answer.status_code in (400, 403, 404), (address, answer.content)
                assert names_in(answer) == []

        assert rows() == before  # the good cells beside it too

    def test_A12_a_form_of_marks_with_another_classs_pupil_in_it_is_refused_whole(self, teacher: Client) -> None:
        before = rows()
        key = f"{uid('Green')}.mathematics"
        own = f"{uid('Adams')}.mathematics"
        sent = {f"mark.{key}": "4a", f"version.{key}": version("Green"), f"mark.{own}": "4a"}
        sent |= {f"version.{own}": version("Adams")}

        answer = teacher.post(f"/classes/5A/marks/{TERM}?subject=mathematics", sent)

        assert answer.status_code in (400, 403, 404)
        assert rows() == before

    def test_A12_targets_of_another_class_cannot_be_set_or_tried(self, teacher: Client) -> None:
        before = rows()
        target = Target.objects.get(pupil__surname="Green")
        key = f"{uid('Green')}:{target.point}"
        for address in ("/targets/5A/mathematics", "/targets/5B/mathematics"):
            answer = teacher.post(address, {f"grade:{key}": "6a", f"read:{key}": f"{target.pk}.{target.version} 4b"})
            assert answer.status_code in (400, 403, 404, 409), address
            assert names_in(answer) == []
            tried = post(
                teacher, f"{address}/check", {"cells": [{"pupil": uid("Green"), "point": "KS2", "grade": "6a"}]}
            )
            assert tried.status_code != 200 or "24" not in tried.content.decode(), tried.content

        assert rows() == before

    def test_A12_pupils_of_another_class_come_into_no_group(self, teacher: Client, primary: School) -> None:
        mine = make_group(
            "Mine", pupils=[Pupil.objects.get(surname="Adams").uid], school=primary, by=COMMAND_LINE, now=NOW
        )
        before = rows()
        for sent in (
            {"name": "Theirs", "pupil": [uid("Green")]},
            {"name": "Both", "pupil": [uid("Adams"), uid("Green")]},
            {"name": "Shown", "all": "shown", "from": "/progress?who=class:5B&subject=mathematics"},
        ):
            answer = teacher.post("/groups/new", sent)
            assert names_in(answer) == [], sent
        for sent in ({"act": "add", "pupil": [uid("Baker"), uid("Green")]}, {"into": "group", "pupil": [uid("Green")]}):
            assert teacher.post(f"/groups/{mine}", sent).status_code in (302, 400, 403, 404)
            assert teacher.post("/groups/new", sent | {"group": str(mine)}).status_code in (302, 400, 403, 404)

        assert not GroupMember.objects.filter(pupil__surname__in=(*OF_5B, "Baker")).exists()
        assert rows()["records_groupmember"] == before["records_groupmember"]

    def test_A12_a_teacher_of_another_school_reaches_nothing_here(
        self, known: Known, elsewhere: School, visitor: Visitor
    ) -> None:
        stranger = visitor("head@elsewhere.example")
        before = rows()

        for each in places(known):
            for answer in (
                stranger.get(each.address),
                stranger.post(each.address, {"act": "rename", "name": "Stolen", "pupil": uid("Adams")}),
                post(stranger, each.address, {"request": str(uuid4()), "cells": [cell("Adams")]}),
            ):
                assert answer.status_code < 500, each
                content = content_of(answer)
                for name in ("Adams", "Amir", "Readers", "Tess Teacher", "Elm Tree"):
                    assert name not in content, (each, name)

        assert {name: each for name, each in rows().items() if "_group" not in name} == {
            name: each for name, each in before.items() if "_group" not in name
        }
        assert not Group.objects.filter(school__dfe="8231234", code="Stolen").exists()


class TestA13:
    """Somebody who has left and still gets something (Moodle, CVE-2016-5014)."""

    def _leaves(self, school: School, email: str) -> None:
        person = Person.objects.get(school=school, user__email=email)
        person.starts, person.ends = None, (NOW - timedelta(days=1)).date()
        act = history.begin(school, kind="leave", by=COMMAND_LINE.author(school), at=NOW)
        history.record(act, changed=[person])

    def test_A13_a_leaver_is_out_at_the_next_click_and_reaches_nothing_kept_for_them(
        self, head: Client, known: Known, primary: School
    ) -> None:
        assert head.get("/progress").status_code == 200
        self._leaves(primary, HEAD)
        before = rows()

        for each in places(known):
            for answer in (head.get(each.address), head.post(each.address, {"act": "apply", "name": "x"})):
                assert answer.status_code < 500
                content = content_of(answer)
                for name in ("Adams", "Amir", "Readers", "marks.csv", "Tess Teacher"):
                    assert name not in content, (each, name)
        assert head.get("/").status_code in (302, 403)
        assert rows() == before

    def test_A13_an_account_that_is_shut_is_out_at_the_next_click(self, head: Client, known: Known) -> None:
        assert head.get("/").status_code == 200
        User.objects.filter(email=HEAD).update(is_active=False)

        for each in places(known):
            assert "Adams" not in content_of(head.get(each.address)), each
        assert head.get("/").status_code in (302, 403)

    def test_A13_a_teacher_who_gives_up_a_class_sees_it_no_more(self, teacher: Client, primary: School) -> None:
        sheet = f"/classes/5A/marks/{TERM}?subject=mathematics"
        assert "Adams" in content_of(teacher.get(sheet))
        person = Person.objects.get(user__email=TEACHER)
        act = history.begin(primary, kind="move", by=COMMAND_LINE.author(primary), at=NOW)
        history.record(act, removed=list(person.teachings.all()))

        for address in (
            sheet,
            f"/pupils/{uid('Adams')}",
            "/progress?who=class:5A&subject=mathematics",
            "/search?q=Adams",
        ):
            assert "Amir" not in content_of(teacher.get(address)), address
        assert post(teacher, CELLS, {"request": str(uuid4()), "cells": [cell("Adams")]}).status_code in (403, 404)


class TestA14:
    """What is not shown, told by a number, a suggestion or a refusal (Moodle, MSA-24-0030, MSA-25-0049)."""

    def test_A14_search_suggests_and_counts_only_what_is_within_reach(self, teacher: Client) -> None:
        for surname in OF_5B:
            for address in (
                f"/search?q={surname}",
                f"/search/suggestions?q={surname}",
                f"/search/suggestions?q={surname[:2]}",
            ):
                page = content_of(teacher.get(address)).replace(f'"{surname}"', "").replace(f"“{surname}”", "")
                assert not re.search(rf"{surname}, \w", page), address
                assert uid(surname) not in page, address

    @pytest.mark.parametrize("who", ["teacher", "governor"])
    def test_A14_absent_and_not_yours_are_answered_alike(
        self, primary: School, elsewhere: School, known: Known, who: str, request: pytest.FixtureRequest
    ) -> None:
        client: Client = request.getfixturevalue(who)
        theirs = {"pupil": uid("Green"), "upload_id": known["upload_id"], "transfer": known["transfer"]}
        for each in places():
            for name in set(each.parameters) & theirs.keys():
                absent = each.address
                hidden = absent.replace(str(NOBODY), str(theirs[name]))
                for method in ("get", "post"):
                    one, other = getattr(client, method)(absent), getattr(client, method)(hidden)
                    assert one.status_code == other.status_code != 200, (method, hidden)
                    assert read(one).words == read(other).words, (method, hidden)

    def test_A14_a_class_that_is_not_yours_is_answered_as_one_that_is_not_there(self, teacher: Client) -> None:
        for absent, hidden in (
            (f"/classes/9Z/marks/{TERM}?subject=mathematics", f"/classes/5B/marks/{TERM}?subject=mathematics"),
            ("/targets/9Z/mathematics", "/targets/5B/mathematics"),
            ("/progress?who=class:9Z&subject=mathematics", "/progress?who=class:5B&subject=mathematics"),
        ):
            one, other = teacher.get(absent), teacher.get(hidden)
            assert one.status_code == other.status_code, hidden
            assert read(one).words.replace("9Z", "5B") == read(other).words, hidden

    def test_A14_counts_are_of_those_within_reach(self, teacher: Client) -> None:
        words = read(teacher.get(f"/progress?who=year:5&subject=mathematics&term={TERM}")).words

        assert re.search(rf"\b{len(IN_5A)}\b", words)
        assert "12 pupils" not in words and "of 12" not in words

    def test_A14_the_name_of_a_group_of_others_is_not_told(self, teacher: Client, primary: School) -> None:
        others = [Pupil.objects.get(surname=name).uid for name in ("Green", "Hall")]
        group = make_group("Bereaved this year", pupils=others, school=primary, by=COMMAND_LINE, now=NOW)

        for address in (
            "/",
            "/groups",
            f"/groups/{group}",
            "/progress?who=year:5&subject=mathematics",
            f"/progress?who=group:{'Bereaved this year'.replace(' ', '+')}&subject=mathematics",
            f"/progress?from=/groups/{group}",
            f"/pupils/{uid('Adams')}",
            "/search?q=Bereaved",
        ):
            told = content_of(teacher.get(address))
            asked_for = "Bereaved" in address
            assert told.count("Bereaved this year") == 0 or (asked_for and _only_echoed(told)), address


def _only_echoed(content: str) -> bool:
    """What somebody typed may be said back to them, as no choice of the school's."""
    return bool(re.search(r"Bereaved this year[^<]{0,60}(not among the choices|no such|nothing)", content))


class TestA15:
    """A file out that whoever guesses its number gets (Campus Educativa, CVE-2026-3110)."""

    def test_A15_a_kept_file_is_its_senders_alone_and_gone_after_a_day(
        self,
        head: Client,
        known: Known,
        primary: School,
        elsewhere: School,
        visitor: Visitor,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        add_account(primary, "data@elm.example", "Dan Data", "data_manager")
        address = f"/transfers/uploads/{known['upload_id']}"
        assert head.get(address).status_code == 200

        for client in (visitor("data@elm.example"), visitor("head@elsewhere.example")):
            for asked in (address, f"{address}?refusals=csv"):
                assert client.get(asked).status_code == 404
            assert client.post(address, {"act": "discard"}).status_code == 404
        assert Client().get(f"{address}?refusals=csv").status_code == 302
        assert Upload.objects.filter(uid=known["upload_id"]).exists()
        later = NOW + timedelta(days=1, minutes=1)
        monkeypatch.setattr("headway.web.clock.now", lambda: later)
        enter(head, HEAD, now=later)
        assert head.get(address).status_code == 404

    def test_A15_no_export_gives_more_than_its_asker_may_see(
        self, primary: School, teacher: Client, governor: Client
    ) -> None:
        for email in (TEACHER, "governor@elm.example"):
            by = viewer_of(User.objects.get(email=email))
            for kind in (*KINDS, *OUT_ONLY):
                with pytest.raises((NotAllowedError, ExportRefusedError)):
                    export(kind, school=primary, by=by, now=NOW)

    def test_A15_nothing_that_was_written_out_lies_where_it_is_served(self, head: Client, known: Known) -> None:
        head.get("/set-up?sample=pupils")
        head.get(f"/transfers/uploads/{known['upload_id']}?refusals=csv")

        kept = [file for file in Path(settings.DATA).rglob("*") if file.suffix in (".csv", ".xlsx", ".json", ".pdf")]
        assert [file for file in kept if "static" not in file.parts] == []


class TestA16:
    """Secrets in what goes out (Moodle, MSA-24-0028, MSA-24-0053)."""

    def test_A16_no_export_holds_a_password_a_session_or_the_secret(
        self, known: Known, primary: School, head: Client
    ) -> None:
        session = head.cookies["sessionid"].value
        secrets = [settings.SECRET_KEY, session, *User.objects.values_list("password", flat=True), PASSWORD]

        for kind in (*KINDS, *OUT_ONLY):
            try:
                sheet = export(kind, school=primary, by=COMMAND_LINE, now=NOW)
            except ExportRefusedError:
                continue
            written = write_csv(sheet.headers, sheet.rows).decode()
            assert not [each for each in secrets if each in written], kind
            assert not {"password", "token", "secret", "session", "key"} & set(sheet.headers), kind

    def test_A16_no_page_shows_one(self, known: Known, head: Client) -> None:
        session = head.cookies["sessionid"].value
        secrets = [settings.SECRET_KEY, session, *User.objects.values_list("password", flat=True)]

        for each in places(known):
            content = content_of(head.get(each.address))
            assert not [secret for secret in secrets if secret in content], each

    def test_A16_a_file_that_asks_for_a_password_column_gets_none(self, head: Client, primary: School) -> None:
        before = set(User.objects.values_list("pk", "password", "is_active"))
        content = f"staff,name,email,roles,password,is_active,user_id\nX,Xan,{HEAD},head,stolen-it-all,1,1\n".encode()

        head.post("/transfers", {"file": SimpleUploadedFile("staff.csv", content)}, follow=True)

        assert set(User.objects.values_list("pk", "password", "is_active")) == before

    def test_A16_what_headway_check_says_holds_no_secret(self, tmp_path: Path, request: pytest.FixtureRequest) -> None:
        with at_work_on(make_tables(tmp_path / "data", unblocked=request), unblocked=request) as folder:
            said = " ".join(each.sentence for each in findings(now=NOW))
            key = (folder / "secret.key").read_text("ascii")

        assert key not in said
        assert settings.SECRET_KEY not in said

    def test_A16_a_backup_holds_no_secret_and_leaves_nobody_signed_in(
        self, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        with at_work_on(make_tables(tmp_path / "data", unblocked=request), unblocked=request) as folder:
            session = SessionStore()
            session.create()
            cache.set("attempts-somebody", "counted")
            key = (folder / "secret.key").read_text("ascii")
            back_up(tmp_path / "copy.sqlite3")
            assert SessionStore(session.session_key).exists(session.session_key)

        copy = (tmp_path / "copy.sqlite3").read_bytes()
        for secret in (key, session.session_key, "attempts-somebody"):
            assert secret.encode() not in copy
