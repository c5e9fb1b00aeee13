"""Mark sheets in the browser: the page, the form without a script, what the script is answered, and the list."""

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.school import NOW, bring_in, csv, make_upn
from tests.web.conftest import Visitor
from tests.web.doors import enter
from tests.web.html import Page, read
from tests.web.primary import HEAD, IN_5A, TEACHER, add_account

from headway.records.models import Act, Assessment, Pupil, School, User
from headway.services import collections
from headway.services.access import COMMAND_LINE, viewer_of
from headway.services.assessments import Cell, record

TERM = "2026-27-autumn"
SHEET = f"/classes/5A/marks/{TERM}?subject=mathematics"
CELLS = f"/classes/5A/marks/{TERM}/cells?subject=mathematics"
CHANGES = f"/classes/5A/marks/{TERM}/changes?subject=mathematics"


def uid(surname: str) -> str:
    return str(Pupil.objects.get(surname=surname).uid)


def opened(client: Client, address: str = SHEET, *, status: int = 200) -> Page:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()
    return read(response)


def form_of(page: Page) -> dict[str, str]:
    """What a browser would send, were nothing touched."""
    fields = [each for each in page.find("input") if each.get("name", "") not in (None, "q", "next", "theme")]
    return {str(each["name"]): each.get("value") or "" for each in fields if each.get("type") != "search"}


def mark(school: School, surname: str, typed: str, *, by: str = HEAD) -> None:
    """Somebody else's mark, put over what stands."""
    row = Assessment.objects.filter(pupil__surname=surname, term__code=TERM).first()
    version = f"{row.pk}.{row.version}" if row else ""
    cell = Cell(Pupil.objects.get(surname=surname).uid, "mathematics", typed, version)
    viewer = viewer_of(User.objects.get(email=by))
    record([cell], term=TERM, school=school, by=viewer, now=NOW, request_id=uuid4())


def grade(surname: str) -> str:
    row = Assessment.objects.filter(pupil__surname=surname, term__code=TERM, subject__code="mathematics").first()
    return (row.grade or row.mark_code) if row else ""


def test_the_page_is_a_table_of_inputs_with_all_the_script_needs(primary: School, teacher: Client) -> None:
    page = opened(teacher)
    (form,) = page.find("form", id="sheet-form")
    assert (form["method"], form["action"], form["data-cells"], form["data-changes"]) == ("post", SHEET, CELLS, CHANGES)
    assert form["data-sheet"] == f"{primary.uid}/5A/{TERM}/mathematics"
    assert form["data-user"] == str(User.objects.get(email=TEACHER).uid)
    assert form["data-have"]
    assert "data-closed" not in form
    assert [each["data-pupil"] for each in page.find("tr") if "data-pupil" in each] == [
        uid(name.partition(",")[0]) for name in IN_5A
    ]
    (amir,) = page.find("input", name=f"mark.{uid('Adams')}.mathematics")
    row = Assessment.objects.get(pupil__surname="Adams")
    assert (amir["value"], amir["data-version"], amir["data-near"]) == ("2a", f"{row.pk}.1", "3b")
    assert (amir["aria-labelledby"], amir["maxlength"]) == ("p1 s-mathematics", "20")
    assert page.find("input", name=f"version.{uid('Adams')}.mathematics", type="hidden", value=f"{row.pk}.1")
    assert page.find("input", name=f"note.{uid('Adams')}.mathematics")
    assert page.find("output", id="missing-mathematics")
    assert page.find("td", **{"data-status": "mathematics", "class": "status edge-well_below"})


def test_the_page_says_the_scales_for_the_script(teacher: Client) -> None:
    scales = json.loads(next(each for each in opened(teacher).scripts if "grades" in each))
    mathematics = scales["mathematics"]
    assert (mathematics["name"], mathematics["grades"][:3]) == ("National Curriculum levels", ["W", "1c", "1b"])
    assert (mathematics["wholes"][:3], mathematics["codes"][0]) == (["W", "1", "2"], ["Abs", "absent"])


def test_the_page_shows_each_pupil_s_context(teacher: Client) -> None:
    words = opened(teacher).words
    assert "5A · Autumn 2026" in words
    assert "Adams, Amir 2b 4b 3b 22 points – Well below −5.0" in words
    assert "Open: the term ends on 31 December 2026." in words


def test_all_subjects_stand_side_by_side(primary: School, teacher: Client) -> None:
    bring_in(primary, csv("class,subject,year_group,upn", f"5A,reading,5,{make_upn(1)}"), file="classes.csv")
    page = opened(teacher, f"/classes/5A/marks/{TERM}")
    assert [each["id"] for each in page.find("th", **{"class": "marking"})] == ["s-reading", "s-mathematics"]
    assert not page.find("input", name=f"note.{uid('Adams')}.mathematics")
    assert not page.find("input", name=f"mark.{uid('Adams')}.reading")  # taught by somebody else: to be read
    (form,) = page.find("form", id="sheet-form")
    assert str(form["data-sheet"]).endswith("/all")
    assert "Not taught here" in page.words


def test_who_may_not_mark_reads(primary: School, visitor: Visitor) -> None:
    add_account(primary, "senco@elm.example", "Sid Senco", "senco")
    page = opened(visitor("senco@elm.example"))
    assert not [each for each in page.find("input") if str(each.get("name")).startswith(("mark.", "note."))]
    assert "You can read this sheet. Its marks are entered by Tess Teacher." in page.words
    assert "Save marks" not in page.words


def test_a_closed_collection_is_read_only_and_says_since_when(primary: School, teacher: Client) -> None:
    collections.close(TERM, school=primary, by=COMMAND_LINE, now=NOW)
    page = opened(teacher)
    assert "Closed since 23 November 2026" in page.words
    assert "data-closed" in page.find("form", id="sheet-form")[0]
    assert not [each for each in page.find("input") if str(each.get("name")).startswith("mark.")]


def test_the_form_saves_what_was_changed_and_says_how_much(teacher: Client) -> None:
    sent = form_of(opened(teacher))
    sent |= {f"mark.{uid('Adams')}.mathematics": "3B", f"mark.{uid('Frost')}.mathematics": "3 secure"}
    response = teacher.post(SHEET, sent, follow=True)
    assert response.redirect_chain == [(SHEET, 302)]
    assert "2 marks saved." in read(response).words
    assert (grade("Adams"), grade("Frost"), grade("Baker")) == ("3b", "3b", "3b")
    assert Act.objects.filter(kind="marks").count() == 1


def test_a_form_nobody_touched_saves_nothing_and_says_so(primary: School, teacher: Client) -> None:
    sent = form_of(opened(teacher))
    mark(primary, "Baker", "4b")
    response = teacher.post(SHEET, sent, follow=True)
    assert "Nothing had changed" in read(response).words
    assert grade("Baker") == "4b"


def test_the_same_form_sent_twice_is_saved_once(teacher: Client) -> None:
    sent = form_of(opened(teacher)) | {f"mark.{uid('Adams')}.mathematics": "3b"}
    for _ in range(2):
        assert "1 mark saved." in read(teacher.post(SHEET, sent, follow=True)).words
    assert Act.objects.filter(kind="marks").count() == 1


def test_a_wrong_mark_is_said_at_its_cell_and_everything_typed_is_kept(teacher: Client) -> None:
    sent = form_of(opened(teacher))
    adams, baker = uid("Adams"), uid("Baker")
    sent |= {
        f"mark.{adams}.mathematics": "4x",
        f"note.{adams}.mathematics": "new here",
        f"mark.{baker}.mathematics": "4c",
    }
    response = teacher.post(SHEET, sent)
    page = read(response)
    assert response.status_code == 400
    assert "1 mark is not saved yet 1 mark saved." in page.words
    assert "Adams, Amir, Mathematics : “4x” is not a grade of National Curriculum levels." in page.words
    assert page.find("a", href=f"#c-{adams}.mathematics")
    (wrong,) = page.find("input", name=f"mark.{adams}.mathematics")
    assert (wrong["value"], wrong["aria-invalid"], wrong["id"]) == ("4x", "true", f"c-{adams}.mathematics")
    assert page.find("p", id=str(wrong["aria-describedby"]))
    assert page.find("input", name=f"note.{adams}.mathematics")[0]["value"] == "new here"
    assert (grade("Adams"), grade("Baker")) == ("2a", "4c")


def test_a_clash_says_both_and_sending_it_again_overwrites_knowingly(primary: School, teacher: Client) -> None:
    sent = form_of(opened(teacher)) | {f"mark.{uid('Adams')}.mathematics": "4c"}
    mark(primary, "Adams", "3b")
    response = teacher.post(SHEET, sent)
    page = read(response)
    assert response.status_code == 409
    assert "Maya Head put “3b” here today at 10:00; you typed “4c”. Save again to keep yours" in page.words
    assert grade("Adams") == "3b"
    assert form_of(page)[f"mark.{uid('Adams')}.mathematics"] == "4c"
    again = teacher.post(SHEET, form_of(page), follow=True)
    assert "1 mark saved." in read(again).words
    assert grade("Adams") == "4c"


def test_a_form_for_a_collection_that_has_closed_meanwhile_saves_nothing(primary: School, teacher: Client) -> None:
    sent = form_of(opened(teacher)) | {f"mark.{uid('Adams')}.mathematics": "4c"}
    collections.close(TERM, school=primary, by=COMMAND_LINE, now=NOW)
    response = teacher.post(SHEET, sent)
    assert response.status_code == 409
    assert "The collection closed on 23 November 2026. Nothing was saved." in read(response).words
    assert grade("Adams") == "2a"


@pytest.mark.parametrize("broken", [{"mark.x.mathematics": "3b"}, {"request": "1", "mark.x": "3b"}])
def test_a_form_that_is_none_of_ours_is_refused(teacher: Client, broken: Mapping[str, str]) -> None:
    assert teacher.post(SHEET, broken).status_code == 400


@pytest.mark.parametrize("version", ["9" * 18 + ".1", "9" * 25 + ".1", "1." + "9" * 25])
def test_a_version_that_never_was_is_somebody_else_s_change(teacher: Client, version: str) -> None:
    sent = form_of(opened(teacher)) | {f"version.{uid('Adams')}.mathematics": version}
    assert teacher.post(SHEET, sent | {f"mark.{uid('Adams')}.mathematics": "3b"}).status_code == 409
    assert grade("Adams") == "2a"


@pytest.mark.parametrize("surname", ["Green", "Adams"])
@pytest.mark.parametrize("guess", ["3c", "5a"])
def test_a_guess_of_a_mark_out_of_reach_is_answered_alike_right_or_wrong(
    teacher: Client, surname: str, guess: str
) -> None:
    """A version of another class's mark, under its own pupil and under one of the teacher's."""
    row = Assessment.objects.get(pupil__surname="Green", term__code=TERM)
    assert row.grade == "3c"
    cell = f"{uid(surname)}.mathematics"
    response = teacher.post(SHEET, {f"mark.{cell}": guess, f"version.{cell}": f"{row.pk}.{row.version}"})
    assert response.status_code == (404 if surname == "Green" else 409)


@pytest.mark.parametrize(
    "address",
    [
        f"/classes/9Z/marks/{TERM}",
        "/classes/5A/marks/2026-27-yule",
        "/classes/5A/marks/2031-32-autumn",
        f"/classes/5A/marks/{TERM}?subject=latin",
        f"/classes/5B/marks/{TERM}",
        f"/classes/5B/marks/{TERM}/changes",
    ],
)
def test_what_is_not_there_or_out_of_reach_is_not_found(teacher: Client, address: str) -> None:
    assert teacher.get(address).status_code == 404


def test_a_stranger_finds_no_sheet_and_a_governor_may_not_open_one(
    primary: School, elsewhere: School, visitor: Visitor, governor: Client
) -> None:
    assert visitor("head@elsewhere.example").get(SHEET).status_code == 404
    assert governor.get(SHEET).status_code == 403
    assert governor.get("/classes").status_code == 403


def test_a_class_code_may_hold_a_slash(primary: School, head: Client) -> None:
    bring_in(primary, csv("class,subject,year_group,upn", f"7x1/Ma,mathematics,5,{make_upn(1)}"), file="classes.csv")
    assert "7x1/Ma · Autumn 2026" in opened(head, f"/classes/7x1/Ma/marks/{TERM}").words


def send(client: Client, *cells: Mapping[str, Any], status: int = 200, **also: Any) -> dict[str, Any]:
    body = {"request": str(uuid4()), "check": False, "cells": list(cells), **also}
    response = client.post(CELLS, json.dumps(body), content_type="application/json")
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json"
    answer: dict[str, Any] = response.json()
    return answer


def a_cell(surname: str, typed: str, **also: str) -> dict[str, Any]:
    row = Assessment.objects.filter(pupil__surname=surname, term__code=TERM).first()
    version = f"{row.pk}.{row.version}" if row else ""
    return {"pupil": uid(surname), "subject": "mathematics", "mark": typed, "version": version, **also}


def test_the_script_is_told_what_became_of_each_cell(primary: School, teacher: Client) -> None:
    stale = a_cell("Cole", "4c")
    mark(primary, "Cole", "3b")
    answer = send(teacher, a_cell("Adams", "3c", note="moved here"), a_cell("Baker", "4x"), stale)
    adams, baker, cole = answer["cells"]
    row = Assessment.objects.get(pupil__surname="Adams")
    assert adams == {
        "pupil": uid("Adams"),
        "subject": "mathematics",
        "outcome": "saved",
        "mark": "3c",
        "version": f"{row.pk}.2",
        "note": "moved here",
        "status": {"code": "below", "word": "Below", "gap": "−3.0"},
    }
    assert baker == {
        "pupil": uid("Baker"),
        "subject": "mathematics",
        "outcome": "refused",
        "sentence": "“4x” is not a grade of National Curriculum levels. Right would be 4c, 4b or 4a.",
    }
    assert {name: cole[name] for name in ("outcome", "mark", "note", "by", "at")} == {
        "outcome": "clash",
        "mark": "3b",
        "note": "",
        "by": "Maya Head",
        "at": "today at 10:00",
    }
    assert answer["missing"] == {"mathematics": 0}


def test_the_script_may_ask_without_saving(teacher: Client) -> None:
    (cell,) = send(teacher, a_cell("Adams", "3 secure"), check=True)["cells"]
    assert (cell["outcome"], cell["mark"], cell["status"]["word"]) == ("fine", "3b", "On")
    assert grade("Adams") == "2a"


def test_the_script_s_request_sent_again_is_answered_as_the_first_was(teacher: Client) -> None:
    request, cell = str(uuid4()), a_cell("Adams", "3b")
    assert send(teacher, cell, request=request) == send(teacher, cell, request=request)
    assert Act.objects.filter(kind="marks").count() == 1


def test_an_emptied_cell_is_missing(teacher: Client) -> None:
    answer = send(teacher, a_cell("Adams", ""))
    assert (answer["cells"][0]["version"], answer["missing"]) == ("", {"mathematics": 1})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"cells": []}',
        b'{"request": "1", "cells": [{}]}',
        b'{"request": "7a0c1c4e-7a0c-4c4e-8a0c-7a0c1c4e7a0c", "cells": [1]}',
        b'{"request": "7a0c1c4e-7a0c-4c4e-8a0c-7a0c1c4e7a0c", "check": "yes", "cells": [{}]}',
        b'{"request": "7a0c1c4e-7a0c-4c4e-8a0c-7a0c1c4e7a0c", "cells": [{"pupil": []}]}',
    ],
)
def test_what_is_no_batch_is_refused_in_a_sentence(teacher: Client, body: bytes) -> None:
    response = teacher.post(CELLS, body, content_type="application/json")
    assert response.status_code == 400
    assert "Right would be" in response.json()["sentence"]


def test_a_form_sent_where_the_script_sends_is_refused_in_a_sentence(primary: School) -> None:
    client = Client(enforce_csrf_checks=True)
    enter(client, TEACHER)
    client.get(SHEET)
    response = client.post(CELLS, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})  # read for its token
    assert response.status_code == 400
    assert "Right would be" in response.json()["sentence"]


@pytest.mark.parametrize("bad", [{"mark": 4}, {"version": None}, {"note": "a" * 6000}, {"mark": "4" * 201}])
def test_a_cell_that_is_none_is_refused_in_a_sentence(teacher: Client, bad: Mapping[str, Any]) -> None:
    assert "Right would be a text" in send(teacher, a_cell("Adams", "3b") | bad, status=400)["sentence"]


def test_more_cells_than_a_sheet_can_have_are_refused(teacher: Client) -> None:
    assert "at most 2,000" in send(teacher, *[a_cell("Adams", "3b")] * 2001, status=400)["sentence"]
    assert "twice" in send(teacher, *[a_cell("Adams", "3b")] * 2, status=400)["sentence"]


def test_the_script_is_refused_in_sentences_too(
    primary: School, elsewhere: School, visitor: Visitor, teacher: Client, governor: Client
) -> None:
    senco = add_account(primary, "senco@elm.example", "Sid Senco", "senco")
    assert send(visitor(senco.email), a_cell("Adams", "3b"), status=403)["sentence"]
    assert send(governor, a_cell("Adams", "3b"), status=403)["sentence"]
    assert send(visitor("head@elsewhere.example"), a_cell("Adams", "3b"), status=404)["sentence"]
    assert send(teacher, a_cell("Adams", "3b"), a_cell("King", "3b"), status=404)["sentence"]
    collections.close(TERM, school=primary, by=COMMAND_LINE, now=NOW)
    assert "closed on 23 November 2026" in send(teacher, a_cell("Adams", "3b"), status=409)["sentence"]
    assert grade("Adams") == "2a"


def test_a_save_wants_the_token_of_the_form(primary: School) -> None:
    client = Client(enforce_csrf_checks=True)
    enter(client, TEACHER)
    assert client.post(CELLS, "{}", content_type="application/json").status_code == 403


def test_changes_are_told_only_where_there_are_any(primary: School, teacher: Client) -> None:
    have = str(opened(teacher).find("form", id="sheet-form")[0]["data-have"])
    nothing = teacher.get(f"{CHANGES}&have={have}")
    assert (nothing.status_code, nothing.content) == (204, b"")
    mark(primary, "Adams", "3b")
    answer = teacher.get(f"{CHANGES}&have={have}").json()
    assert answer["have"] != have
    assert (len(answer["cells"]), answer["missing"]) == (6, {"mathematics": 0})
    adams = next(each for each in answer["cells"] if each["pupil"] == uid("Adams"))
    assert {name: adams[name] for name in ("subject", "mark", "note", "by", "status")} == {
        "subject": "mathematics",
        "mark": "3b",
        "note": "",
        "by": "Maya Head",
        "status": {"code": "on", "word": "On", "gap": "−1.0"},
    }
    assert teacher.get(f"{CHANGES}&have={answer['have']}").status_code == 204


def test_the_list_says_how_full_each_sheet_is(head: Client) -> None:
    page = opened(head, "/classes")
    assert "1 mark is missing in these 2 mark sheets." in page.words
    assert re.search(r"5B Mathematics .*5 of 6 1 missing Targets Progress", page.words)
    assert page.find("option", selected="", value=TERM) or page.find("option", value=TERM)
    assert "Sheet Teachers Entered Missing" in page.words


def test_the_list_begins_with_the_teacher_s_own(teacher: Client) -> None:
    page = opened(teacher, "/classes")
    assert "Nothing is missing in your mark sheet." in page.words
    assert [str(each["href"]).partition("&")[0] for each in page.find("a") if "/marks/" in str(each["href"])] == [SHEET]


def test_a_term_without_classes_says_what_to_do(head: Client, teacher: Client) -> None:
    empty = opened(head, "/classes?term=2025-26-summer").words
    assert "There is no mark sheet here for Summer 2026" in empty
    assert "Bring in the classes file" in empty
    assert "ask the head" in opened(teacher, "/classes?term=2025-26-summer").words
    assert head.get("/classes?term=yule").status_code == 404


def test_the_way_back_stays_when_another_subject_or_term_is_chosen(teacher: Client) -> None:
    page = opened(teacher, f"{SHEET}&from=%2F")

    others = [str(each.get("href")) for each in page.find("a") if "/classes/5A/marks/" in str(each.get("href"))]

    assert len(others) > 2
    assert all("from=%2F" in each for each in others)
