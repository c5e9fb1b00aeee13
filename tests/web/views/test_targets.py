"""The target sheet as a page: read, typed on without a script, and asked by its script."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.school import NOW, bring_in, csv, make_upn
from tests.web.doors import enter
from tests.web.html import Page, read
from tests.web.primary import TEACHER, add_account

from headway.records.models import Act, Pupil, Revision, School, Target
from headway.services.access import COMMAND_LINE
from headway.services.collections import close
from headway.services.targets import TargetCell, set_targets

MATHEMATICS = "/targets/5A/mathematics"
TRIED = f"{MATHEMATICS}/check"


def uid(surname: str) -> UUID:
    return Pupil.objects.get(surname=surname).uid


def key(surname: str, point: str = "KS2") -> str:
    return f"{uid(surname)}:{point}"


def fields(page: Page) -> dict[str, str]:
    """The form as a browser would send it."""
    return {str(each["name"]): each.get("value") or "" for each in page.find("input") if each.get("name")}


def send(client: Client, page: Page, said: dict[str, str], *, to: str = MATHEMATICS) -> HttpResponse:
    sent = {**fields(page), **{f"{what}:{key(who)}": value for (what, who), value in _split(said)}}
    sent |= {name: value for name, value in said.items() if " " not in name}
    return client.post(to, sent)  # type: ignore[return-value]


def _split(said: dict[str, str]) -> list[tuple[tuple[str, str], str]]:
    """What is typed, as tests write it: ``grade Adams``, ``reason Adams``."""
    return [((name.split()[0], name.split()[1]), value) for name, value in said.items() if " " in name]


def value(page: Page, name: str) -> str:
    return fields(page)[name]


def grade(surname: str) -> str:
    return Target.objects.get(pupil__surname=surname, point="KS2").grade


def try_out(client: Client, *cells: dict[str, str]) -> dict[str, object]:
    response = client.post(TRIED, json.dumps({"cells": cells}), content_type="application/json")
    assert response.status_code == 200
    return response.json()["cells"][0]  # type: ignore[no-any-return]


class TestReading:
    def test_it_shows_each_pupil_with_what_speaks_for_the_target(self, head: Client) -> None:
        page = read(head.get(MATHEMATICS))
        assert "5A Mathematics: targets" in page.words
        assert "Every pupil has a target." in page.words
        assert "Adams, Amir 2b 2a 3b 22 Well below" in page.words
        assert "Frost, Freya 2b – absent 3b 22 Not known" in page.words
        assert value(page, f"grade:{key('Adams')}") == "4b"

    def test_it_counts_targets_by_whole_grade_and_opens_their_names(self, head: Client) -> None:
        page = read(head.get(MATHEMATICS))
        assert "Targets by whole grade 5 1 pupil (show the names) 4 5 pupils (show the names)" in page.words
        fives = read(head.get(f"{MATHEMATICS}?show=at%3A5"))
        assert "Pupils 1 of 6 Only target 5" in fives.words
        assert "Evans, Eli" in fives.words
        assert "Adams" not in fives.words

    def test_it_lists_the_flagged_and_those_without_a_target(self, head: Client) -> None:
        page = read(head.get("/targets/5B/mathematics"))
        assert "5 of 6 pupils have a target; 1 is flagged" in page.words
        assert "T4 There is no target for the end of Key Stage 2, though this is its term 7 of 12." in page.words
        for show in ("flagged", "without"):
            words = read(head.get(f"/targets/5B/mathematics?show={show}")).words
            assert "Lowe, Lena" in words
            assert "King, Kai" not in words
        assert "No pupil here is so." in read(head.get(f"{MATHEMATICS}?show=without")).words

    def test_it_tells_how_a_target_came_to_be(self, head: Client, primary: School) -> None:
        rows = [f"{make_upn(1)},mathematics,KS2,4a,2026-10-12,TEA,moderated at half-term"]
        bring_in(primary, csv("upn,subject,key_stage,grade,agreed_on,agreed_by,reason", *rows), file="targets.csv")
        words = read(head.get(MATHEMATICS)).words
        assert (
            "Raised from 4b by Tess Teacher on 12 October 2026: moderated at half-term. Entered by Command line. "
            "Changed once" in words
        )

    def test_it_leads_to_the_mark_sheet_progress_and_each_pupil(self, head: Client) -> None:
        addresses = [str(each["href"]) for each in read(head.get(MATHEMATICS)).find("a")]
        assert any(each.startswith("/classes/5A/marks/2026-27-autumn?subject=mathematics&from=") for each in addresses)
        assert any(each.startswith("/progress?who=class%3A5A&subject=mathematics") for each in addresses)
        assert any(each.startswith(f"/pupils/{uid('Adams')}?from=") for each in addresses)

    def test_it_offers_a_named_point_and_shows_it(self, head: Client) -> None:
        page = read(head.get(MATHEMATICS))
        assert "Show or set targets for the end of Year 5 too." in page.words
        assert f"grade:{key('Adams', 'Y5')}" in fields(read(head.get(f"{MATHEMATICS}?also=Y5")))

    def test_it_takes_a_class_with_a_stroke_in_its_code(self, head: Client, primary: School) -> None:
        rows = csv("class,subject,year_group,upn,teacher", f"5/M1,mathematics,5,{make_upn(1)},")
        bring_in(primary, rows, file="classes.csv")
        assert "5/M1 Mathematics: targets" in read(head.get("/targets/5/M1/mathematics")).words

    def test_it_lets_a_reader_read_and_nothing_else(
        self, primary: School, visitor: Callable[[str], Client], head: Client
    ) -> None:
        add_account(primary, "senco@elm.example", "Sam Senco", "senco")
        senco = visitor("senco@elm.example")
        page = read(senco.get(MATHEMATICS))
        assert "You can read these targets." in page.words
        assert not [name for name in fields(page) if name.startswith("grade:")]
        assert "Save" not in page.words
        assert send(senco, read(head.get(MATHEMATICS)), {"grade Adams": "5b"}).status_code == 403
        assert senco.post(TRIED, "{}", content_type="application/json").status_code == 400
        cell = {"pupil": str(uid("Adams")), "point": "KS2", "grade": "5b"}
        sent = json.dumps({"cells": [cell]})
        assert senco.post(TRIED, sent, content_type="application/json").status_code == 403
        assert grade("Adams") == "4b"

    def test_a_stranger_and_another_class_find_nothing(
        self, primary: School, elsewhere: School, visitor: Callable[[str], Client], teacher: Client
    ) -> None:
        assert visitor("head@elsewhere.example").get(MATHEMATICS).status_code == 404
        assert teacher.get("/targets/5B/mathematics").status_code == 404
        assert teacher.get("/targets/5A/alchemy").status_code == 404

    def test_a_governor_may_not_look(self, governor: Client) -> None:
        assert governor.get(MATHEMATICS).status_code == 403

    def test_it_puts_no_pupil_number_into_the_page(self, head: Client) -> None:
        content = head.get(MATHEMATICS).content.decode()
        assert not [upn for upn in Pupil.objects.values_list("upn", flat=True) if upn in content]


class TestSetting:
    def test_it_saves_what_was_typed_and_says_so(self, teacher: Client) -> None:
        page = read(teacher.get(MATHEMATICS))
        response = send(
            teacher, page, {"grade Adams": "4 high", "grade Baker": "L5C", "why": "flying", "agreed_by": "Tess"}
        )
        assert response.status_code == 302
        page = read(teacher.get(response["Location"]))
        assert "2 targets changed, their progress targets redrawn." in page.words
        assert (grade("Adams"), grade("Baker"), grade("Cole")) == ("4a", "5c", "4a")
        assert "Raised from 4b by Tess on 23 November 2026: flying. Entered by Tess Teacher." in page.words
        assert Act.objects.filter(kind="targets").count() == 1

    def test_a_sheet_sent_twice_is_saved_once(self, teacher: Client) -> None:
        page = read(teacher.get(MATHEMATICS))
        for _ in range(2):
            assert send(teacher, page, {"grade Adams": "5b"}).status_code == 302
        assert Revision.objects.filter(kind="Target", act__kind="targets").count() == 1

    def test_nothing_typed_changes_nothing(self, teacher: Client) -> None:
        response = send(teacher, read(teacher.get(MATHEMATICS)), {})
        assert "No target was changed." in read(teacher.get(response["Location"])).words
        assert not Act.objects.filter(kind="targets").exists()

    def test_T3_is_refused_at_the_cell_and_the_rest_saved(self, teacher: Client) -> None:
        response = send(teacher, read(teacher.get(MATHEMATICS)), {"grade Adams": "9z", "grade Baker": "5b"})
        page = read(response)
        assert response.status_code == 400
        assert "1 target is not saved yet" in page.words
        assert (
            "“9z”: it is not a grade of National Curriculum levels. Right would be a grade from W to 8a" in page.words
        )
        assert "1 target changed, its progress targets redrawn." in page.words
        assert (grade("Adams"), grade("Baker")) == ("4b", "5b")
        (typed,) = page.find("input", name=f"grade:{key('Adams')}")
        assert (typed["value"], typed["aria-invalid"]) == ("9z", "true")

    def test_T7_asks_for_a_reason_first(self, teacher: Client) -> None:
        response = send(teacher, read(teacher.get(MATHEMATICS)), {"grade Adams": "4c"})
        page = read(response)
        assert "The target 4c is lower than 4b, which stands. Lowering a target needs a reason." in page.words
        assert f"#reason:{key('Adams')}" in {each.get("href") for each in page.find("a")}
        assert grade("Adams") == "4b"
        response = send(teacher, page, {"reason Adams": "a long absence"})
        assert response.status_code == 302
        assert (
            "Lowered from 4b by Tess Teacher on 23 November 2026: a long absence."
            in read(teacher.get(MATHEMATICS)).words
        )

    def test_a_reason_and_a_name_are_kept_as_one_line_that_can_be_shown(self, teacher: Client) -> None:
        said = {"grade Adams": "4c", "reason Adams": " long\0\r\nabsence", "agreed_by": "Tess\u202e\0Teacher"}
        assert send(teacher, read(teacher.get(MATHEMATICS)), said).status_code == 302
        kept = Target.objects.get(pupil__surname="Adams")
        assert (kept.reason, kept.agreed_by) == ("long absence", "Tess Teacher")

    def test_T2_asks_once_and_is_saved_anyway(self, teacher: Client) -> None:
        page = read(send(teacher, read(teacher.get(MATHEMATICS)), {"grade Evans": "4a", "reason Evans": "moderated"}))
        assert "Look again at this target, or save anyway" in page.words
        assert "The target 4a is the same as 4a, which has already been attained." in page.words
        assert "Save anyway" in page.words
        assert grade("Evans") == "5b"
        assert send(teacher, page, {}).status_code == 302
        assert grade("Evans") == "4a"

    def test_a_warning_seen_for_one_grade_is_asked_again_for_another(self, teacher: Client) -> None:
        page = read(send(teacher, read(teacher.get(MATHEMATICS)), {"grade Evans": "4a", "reason Evans": "moderated"}))
        assert send(teacher, page, {"grade Evans": "4b"}).status_code == 400
        assert grade("Evans") == "5b"

    def test_a_clash_says_what_stands_and_may_be_saved_over(self, teacher: Client, primary: School) -> None:
        page = read(teacher.get(MATHEMATICS))
        target = Target.objects.get(pupil__surname="Adams")
        cell = TargetCell(uid("Adams"), "KS2", "5c", version=f"{target.pk}.{target.version}")
        set_targets([cell], subject="mathematics", by=COMMAND_LINE, school=primary, now=NOW, request_id=UUID(int=1))
        page = read(send(teacher, page, {"grade Adams": "5b"}))
        assert (
            "Command line has set 5c on 23 November at 10:00, after you opened the page. Leave 5c, or save again to "
            "replace it with 5b." in page.words
        )
        assert value(page, f"grade:{key('Adams')}") == "5b"
        assert send(teacher, page, {}).status_code == 302
        assert grade("Adams") == "5b"

    def test_an_untouched_target_a_colleague_changed_is_left_alone(self, teacher: Client, primary: School) -> None:
        page = read(teacher.get(MATHEMATICS))
        bring_in(primary, csv("upn,subject,key_stage,grade", f"{make_upn(1)},mathematics,KS2,5c"), file="targets.csv")
        assert send(teacher, page, {"grade Baker": "5b"}).status_code == 302
        assert grade("Adams") == "5c"

    @pytest.mark.parametrize(("day", "said"), [("2026-12-24", "is still to come"), ("soon", "is not a day")])
    def test_a_day_that_cannot_be_is_said_and_what_was_typed_is_kept(
        self, teacher: Client, day: str, said: str
    ) -> None:
        response = send(teacher, read(teacher.get(MATHEMATICS)), {"grade Adams": "5b", "agreed_on": day})
        page = read(response)
        assert response.status_code == 400
        assert said in page.words
        assert (value(page, f"grade:{key('Adams')}"), value(page, "agreed_on")) == ("5b", day)
        assert grade("Adams") == "4b"

    def test_it_refuses_a_form_no_page_of_ours_sends(self, teacher: Client) -> None:
        assert teacher.post(MATHEMATICS, {"grade:nobody:KS2": "4b"}).status_code == 400

    def test_a_teacher_may_not_set_what_a_colleague_teaches(self, teacher: Client, primary: School) -> None:
        rows = csv("class,subject,year_group,upn,teacher", f"5A,reading,5,{make_upn(1)},")
        bring_in(primary, rows, file="classes.csv")
        page = read(teacher.get("/targets/5A/reading"))
        assert "You can read these targets." in page.words
        sent = {f"grade:{key('Adams')}": "4b"}
        assert teacher.post("/targets/5A/reading", sent).status_code == 403


class TestTrying:
    def test_it_says_in_words_what_a_target_would_mean(self, teacher: Client) -> None:
        said = try_out(teacher, {"pupil": str(uid("Adams")), "point": "KS2", "grade": "secure 5"})
        assert (said["grade"], said["same"], said["needs_reason"], said["status"]) == ("5b", False, False, "well_below")
        assert (said["this_term"], said["next_term"]) == ("4c (25½)", "4b (27)")
        assert said["aloud"] == (
            "5b, level 5 secure. Progress target this term 4c (25½): well below. Next term 4b (27)."
        )
        assert grade("Adams") == "4b"

    def test_it_keeps_a_closed_terms_progress_target(self, teacher: Client, primary: School) -> None:
        close("2026-27-autumn", school=primary, by=COMMAND_LINE, now=NOW)
        said = try_out(teacher, {"pupil": str(uid("Adams")), "point": "KS2", "grade": "5b"})
        assert (said["this_term"], said["next_term"]) == ("3b (22)", "4b (27)")

    def test_it_flags_and_asks_for_a_reason(self, teacher: Client) -> None:
        said = try_out(teacher, {"pupil": str(uid("Evans")), "point": "KS2", "grade": "4a"})
        assert [flag["code"] for flag in said["flags"]] == ["T2", "T7"]  # type: ignore[attr-defined]
        assert said["needs_reason"] is True
        assert "which has already been attained" in str(said["html"])

    def test_it_says_what_would_be_right(self, teacher: Client) -> None:
        said = try_out(teacher, {"pupil": str(uid("Adams")), "point": "KS2", "grade": "<b>"})
        assert "Right would be a grade from W to 8a" in str(said["wrong"])
        assert "<b>" not in str(said["html"])

    def test_it_says_nothing_of_what_stands(self, teacher: Client) -> None:
        said = try_out(teacher, {"pupil": str(uid("Adams")), "point": "KS2", "grade": "4B"})
        assert (said["same"], said["aloud"]) == (True, "")

    @pytest.mark.parametrize(
        "body",
        ["", "[]", '{"cells": 3}', '{"cells": [{"pupil": "x"}]}', '{"cells": [{"pupil": 1}]}', "[" * 100_000],
    )
    def test_it_refuses_what_is_no_question(self, teacher: Client, body: str) -> None:
        assert teacher.post(TRIED, body, content_type="application/json").status_code == 400

    def test_it_refuses_a_form(self, primary: School) -> None:
        client = Client(enforce_csrf_checks=True)
        enter(client, TEACHER)
        client.get(MATHEMATICS)
        response = client.post(TRIED, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})
        assert response.status_code == 400

    def test_a_pupil_out_of_reach_is_not_there(self, teacher: Client) -> None:
        cell = {"pupil": str(uid("Hall")), "point": "KS2", "grade": "5b"}
        response = teacher.post(TRIED, json.dumps({"cells": [cell]}), content_type="application/json")
        assert response.status_code == 404


def test_the_way_back_stays_when_another_subject_or_some_of_the_pupils_are_chosen(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}?from=%2Fclasses"))

    stays = [each["href"] for each in page.find("a") if str(each.get("href")).startswith("/targets/")]

    assert stays
    assert all("from=%2Fclasses" in str(address) for address in stays)
