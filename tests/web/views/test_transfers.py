"""Files in by the browser: the field, the plan, applying, what came in before, and undoing."""

from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from tests.school import csv, make_upn
from tests.web.conftest import Visitor
from tests.web.doors import enter
from tests.web.html import read
from tests.web.primary import GOVERNOR, HEAD, TEACHER, add_account

from headway.records.models import Assessment, Pupil, School, Transfer, Upload
from headway.web.incoming import MOST_SENT

ADAMS, BAKER = make_upn(1), make_upn(2)
HEADERS = "upn,subject,term,grade"
TERM = "2026-27-autumn"
GOOD = csv(HEADERS, f"{ADAMS},mathematics,{TERM},3b", f"{BAKER},mathematics,{TERM},3b", f"{BAKER},reading,{TERM},4c")
ONE_WRONG = csv(HEADERS, f"{ADAMS},mathematics,{TERM},3b", f"{BAKER},mathematics,{TERM},9z")


def send(client: Client, content: bytes, *, file: str = "assessments.csv", **said: str) -> str:
    """Sends a file; gives the address of its plan."""
    response = client.post("/transfers", {"file": SimpleUploadedFile(file, content), **said})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def seen(response: HttpResponse) -> str:
    return str(read(response).find("input", name="seen")[0]["value"])


def act(client: Client, address: str, act: str, **said: str) -> HttpResponse:
    """Presses a button of a plan's page."""
    said = said or {"seen": seen(client.get(address))}
    return client.post(address, {"act": act, **said})


def grades() -> list[str]:
    return list(
        Assessment.objects.filter(pupil__upn__in=[ADAMS, BAKER])
        .order_by("pupil", "subject")
        .values_list("grade", flat=True)
    )


class TestTheField:
    def test_it_is_a_real_file_field_and_says_what_is_understood(self, head: Client) -> None:
        page = read(head.get("/transfers"))

        assert page.find("input", type="file", name="file")
        assert page.find("form", enctype="multipart/form-data", method="post", action="/transfers")
        for words in ("Drop a file here, or choose one", "upn surname forename sex dob year_group", "up to 20 MB"):
            assert words in page.words

    def test_it_leads_to_the_plan_and_changes_nothing(self, head: Client) -> None:
        before = grades()
        address = send(head, GOOD)

        page = read(head.get(address))
        assert "1 new , 1 changed , 1 same , 0 refused ." in page.words
        assert "Baker, Bella reading 2026-27-autumn 4c" in page.words
        assert "Adams, Amir mathematics 2026-27-autumn grade 2a grade 3b" in page.words
        assert "Apply 3 rows" in page.words
        assert grades() == before

    def test_it_asks_for_a_file_where_there_is_none(self, head: Client) -> None:
        response = head.post("/transfers", {})

        assert response.status_code == 400
        assert "Choose a file, or drop one on the field." in read(response).words

    def test_it_drops_what_is_too_large_before_it_is_kept(self, head: Client, tmp_path: object) -> None:
        file = BytesIO(b"x" * MOST_SENT)
        file.name = "pupils.csv"

        response = head.post("/transfers", {"file": file})

        assert response.status_code == 413
        assert "larger than 20 MB" in read(response).words
        assert not Upload.objects.exists()

    def test_it_goes_back_to_our_own_pages_only(self, head: Client) -> None:
        response = head.post("/transfers", {"file": SimpleUploadedFile("a.csv", GOOD), "back": "https://else.example"})

        assert response.status_code == 400

    def test_it_keeps_the_name_of_a_stranger_out_of_the_page_as_code(self, head: Client) -> None:
        address = send(head, GOOD, file="<img src=x>.csv")

        assert b"<img" not in head.get(address).content


class TestThePlan:
    def test_it_names_every_refusal_with_its_place(self, head: Client) -> None:
        page = read(head.get(send(head, ONE_WRONG)))

        assert "1 refused" in page.words
        assert "3 grade 9z It is not a grade of National Curriculum levels A grade from W to 8a" in page.words
        assert "Apply the 1 good row, leave out 1" in page.words
        assert not page.find("button", value="apply")

    def test_it_gives_the_refusals_as_a_file_no_spreadsheet_runs(self, head: Client) -> None:
        wrong = csv(HEADERS, f"{ADAMS},mathematics,{TERM},=1+1")
        response = head.get(send(head, wrong) + "&refusals=csv")

        assert response.headers["Content-Disposition"] == 'attachment; filename="refusals.csv"'
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        first, second = response.content.decode().splitlines()
        assert first == "file,sheet,row,column,value,wrong,right"
        assert second.startswith("assessments.csv,,2,grade,'=1+1,it is not a grade")

    def test_it_says_why_a_file_cannot_be_read_at_all(self, head: Client) -> None:
        page = read(head.get(send(head, b"%PDF-1.7 ...", file="marks.pdf")))

        assert "marks.pdf cannot be read" in page.words
        assert "the file is a PDF. Right would be the table saved as CSV or XLSX" in page.words
        assert not page.find("button", value="apply")

    def test_it_reads_a_wide_sheet_once_its_term_is_chosen(self, head: Client) -> None:
        address = send(head, csv("upn,mathematics,room", f"{ADAMS},3b,12", f"{BAKER},,14"), file="5A.csv")
        assert "Right would be its term, chosen below" in read(head.get(address)).words

        response = head.post(address, {"act": "read", "kind": "", "academic_year": "", "term": TERM})

        assert response.headers["Location"] == address
        page = read(head.get(address))
        for words in ("A wide sheet, read as a row", "1 blank grade left aside", "Columns left aside: room."):
            assert words in page.words
        assert [each["value"] for each in page.find("option") if "selected" in each] == ["", "", TERM]

    def test_it_reads_a_file_as_the_kind_that_was_chosen(self, head: Client) -> None:
        address = send(head, GOOD, file="export.csv", kind="targets")

        assert "key_stage: targets needs it and it is not there" in read(head.get(address)).words

    def test_it_refuses_choices_and_acts_there_are_not(self, head: Client) -> None:
        address = send(head, GOOD)

        assert head.post(address, {"act": "read", "term": "never"}).status_code == 400
        assert head.post(address, {"act": "burn"}).status_code == 400

    def test_it_lists_the_first_of_many_rows_and_says_how_many_more(self, head: Client) -> None:
        rows = [f"{ADAMS},2026-11-{day:02d},late,{points}" for day in range(1, 24) for points in (1,)]
        rows += [f"{BAKER},2026-{month:02d}-{day:02d},late,1" for month in range(1, 9) for day in range(1, 27)]

        page = read(head.get(send(head, csv("upn,date,type,points", *rows), file="behaviour.csv")))

        assert f"{len(rows)} new" in page.words
        assert f"… and {len(rows) - 200} more rows." in page.words

    def test_it_shows_flags(self, head: Client) -> None:
        rows = csv("upn,subject,key_stage,grade,reason", f"{ADAMS},mathematics,KS2,2b,moved")

        assert "Flags" in read(head.get(send(head, rows, file="targets.csv"))).words


class TestApplying:
    def test_it_applies_what_was_shown_and_opens_the_transfer(self, head: Client) -> None:
        response = act(head, send(head, GOOD), "apply")

        transfer = Transfer.objects.get(digest__gt="", file="assessments.csv", n_new=1)
        assert response.headers["Location"] == f"/transfers/{transfer.uid}?from=%2Ftransfers"
        page = read(head.get(response.headers["Location"]))
        assert "assessments.csv is in: 1 new, 1 changed, 1 same." in page.words
        assert grades() == ["3b", "4c", "3b"]

    def test_it_leaves_refused_rows_out_knowingly(self, head: Client) -> None:
        address = send(head, ONE_WRONG)

        assert act(head, address, "apply").status_code == 409
        assert grades()[0] == "2a"
        response = act(head, address, "leave_out")

        page = read(head.get(response.headers["Location"]))
        assert "0 new, 1 changed, 0 same, 1 left out" in page.words
        assert "1 refused row left out" in page.words
        assert grades()[0] == "3b"

    def test_it_shows_the_plan_anew_where_the_records_have_moved(self, head: Client, primary: School) -> None:
        address = send(head, GOOD)
        shown = seen(head.get(address))
        act(head, send(head, csv(HEADERS, f"{ADAMS},mathematics,{TERM},3a")), "apply")

        response = act(head, address, "apply", seen=shown)

        assert response.status_code == 409
        page = read(response)
        assert "The school's records have changed since this plan was shown" in page.words
        assert "grade 3a grade 3b" in page.words
        assert grades()[0] == "3a"

    def test_it_applies_once_for_two_clicks(self, head: Client) -> None:
        address = send(head, GOOD)
        shown = seen(head.get(address))

        first, second = (act(head, address, "apply", seen=shown) for _ in range(2))

        assert first.headers["Location"] == second.headers["Location"]
        assert head.get(address).status_code == 302
        assert Transfer.objects.filter(n_new=1, kind="assessments").count() == 1

    def test_it_has_nothing_to_apply_where_all_is_the_same(self, head: Client) -> None:
        page = read(head.get(send(head, csv(HEADERS, f"{BAKER},mathematics,{TERM},3b"))))

        assert "there is nothing to apply" in page.words
        assert not page.find("button", value="apply")

    def test_it_puts_a_file_away(self, head: Client) -> None:
        address = send(head, GOOD)

        assert act(head, address, "discard").headers["Location"] == "/transfers"
        assert head.get(address).status_code == 404

    def test_it_goes_back_to_where_the_file_was_sent_from(self, head: Client) -> None:
        address = send(head, GOOD, back="set-up")

        assert address.endswith("?from=%2Fset-up")
        assert act(head, address, "apply").headers["Location"] == "/set-up"


class TestWhatCameIn:
    def test_it_lists_what_came_in_the_newest_first(self, head: Client) -> None:
        act(head, send(head, GOOD, file="assessments new.csv"), "apply")

        page = read(head.get("/transfers"))

        assert page.words.index("assessments new.csv") < page.words.index("pupils.csv")
        assert "assessments new.csv Marks 23 Nov 2026, 10:00 Maya Head 1 1 1 0" in page.words

    def test_it_opens_each_with_everything_it_changed(self, head: Client) -> None:
        response = act(head, send(head, GOOD), "apply")

        page = read(head.get(response.headers["Location"]))

        assert "Marks: 1 new, 1 changed" in page.words
        assert "Adams, Amir · Mathematics · 2026-27-autumn Changed grade 2a grade 3b" in page.words
        assert "Baker, Bella · Reading · 2026-27-autumn New – grade 4c" in page.words

    def test_it_asks_before_it_undoes_and_puts_everything_back(self, head: Client) -> None:
        before = grades()
        address = act(head, send(head, GOOD), "apply").headers["Location"]

        asked = head.get(f"{address}&undo=yes")
        assert "Undo assessments.csv ?" in read(asked).words
        assert grades() != before
        page = read(head.post(address, follow=True))

        assert "records are as they were" in page.words
        assert "Undone by Maya Head on 23 November 2026" in page.words
        assert grades() == before
        assert "by Maya Head 23 Nov 2026, 10:00" in read(head.get("/transfers")).words
        assert "Undo assessments.csv" not in read(head.get(f"{address}&undo=yes")).words

    def test_it_says_which_later_changes_stand_in_the_way(self, head: Client) -> None:
        address = act(head, send(head, GOOD), "apply").headers["Location"]
        later = act(head, send(head, csv(HEADERS, f"{ADAMS},mathematics,{TERM},4c")), "apply").headers["Location"]

        response = head.post(address)

        assert response.status_code == 409
        page = read(response)
        assert "It cannot be undone Later changes build on it." in page.words
        assert "assessments.csv, Maya Head , 23 November 2026 at 10:00" in page.words
        assert [link for link in page.find("a") if str(link["href"]).startswith(later.partition("?")[0])]
        assert grades()[0] == "4c"

    def test_it_says_what_refers_to_pupils_that_came_in(self, head: Client, primary: School) -> None:
        pupils = Transfer.objects.get(kind="pupils")

        page = read(head.post(f"/transfers/{pupils.uid}"))

        later = [f"{kind}.csv, Command line" for kind in ("assessments", "classes", "targets", "results")]
        places = [page.words.index(each) for each in later]
        assert places == sorted(places)
        assert Pupil.objects.count() == 12

    def test_it_shows_what_an_undone_file_had_made(self, head: Client) -> None:
        new = make_upn(99)
        content = csv("upn,surname,forename,sex,dob,year_group", f"{new},Young,Yan,M,2017-01-05,5")
        address = act(head, send(head, content, file="pupils.csv"), "apply").headers["Location"]
        head.post(address)

        words = read(head.get(address)).words

        assert "Young, Yan New" in words
        assert "Young, Yan · 2026-27 New – year group 5" in words

    def test_it_turns_pages(self, head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("headway.web.views.transfers._A_PAGE", 2)

        first, second = read(head.get("/transfers")), read(head.get("/transfers?page=2"))

        assert "Earlier ones" in first.words
        assert "Later ones" not in first.words
        assert "Later ones" in second.words
        assert head.get("/transfers?page=nonsense").status_code == 200


class TestWhoMay:
    @pytest.fixture
    def addresses(self, head: Client) -> Iterator[list[str]]:
        upload = send(head, GOOD)
        transfer = Transfer.objects.order_by("pk")[0].uid
        yield ["/transfers", upload, f"{upload}&refusals=csv", f"/transfers/{transfer}"]

    def test_it_is_for_those_who_bring_files_in(self, addresses: list[str], visitor: Visitor) -> None:
        for email in (TEACHER, GOVERNOR):
            client = visitor(email)
            assert [client.get(each).status_code for each in addresses] == [403] * 4
            assert [client.post(each).status_code for each in (addresses[0], addresses[3])] == [403] * 2
            assert "Transfers" not in read(client.get("/progress")).words

    def test_it_opens_an_upload_to_its_sender_alone(
        self, addresses: list[str], visitor: Visitor, primary: School
    ) -> None:
        add_account(primary, "manager@elm.example", "Mo Manager", "assessment_manager")
        client = visitor("manager@elm.example")

        assert [client.get(each).status_code for each in addresses] == [200, 404, 404, 200]
        for each in ("apply", "leave_out", "read", "discard"):
            assert client.post(addresses[1], {"act": each}).status_code == 404

    def test_it_is_not_there_for_strangers(self, addresses: list[str], visitor: Visitor, elsewhere: School) -> None:
        client = visitor("head@elsewhere.example")

        assert [client.get(each).status_code for each in addresses[1:]] == [404] * 3
        assert client.post(addresses[3]).status_code == 404
        assert client.get(f"/transfers/{uuid4()}").status_code == 404
        assert "assessments.csv" not in read(client.get("/transfers")).words

    def test_it_sends_those_who_have_not_signed_in_to_the_door(self, addresses: list[str]) -> None:
        assert [Client().get(each).status_code for each in addresses] == [302] * 4
        assert Client().post("/transfers", {"file": SimpleUploadedFile("a.csv", GOOD)}).status_code == 302
        assert Upload.objects.count() == 1

    def test_it_changes_nothing_without_the_forms_token(self, addresses: list[str]) -> None:
        client = Client(enforce_csrf_checks=True)
        enter(client, HEAD)

        assert client.post(addresses[1], {"act": "apply"}).status_code == 403

    def test_it_lets_a_data_manager_give_nobody_a_role(self, primary: School, visitor: Visitor) -> None:
        add_account(primary, "data@elm.example", "Dee Data", "data_manager")
        client = visitor("data@elm.example")
        content = csv("staff,name,email,roles", "data,Dee Data,data@elm.example,head")

        assert client.get(send(client, content, file="staff.csv")).status_code == 403
