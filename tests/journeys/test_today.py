"""The five minutes between lessons: what is owed, who needs somebody, and for a head where in the school to look."""

import re

import pytest
from playwright.sync_api import expect

from headway.records.models import School
from tests.journeys.conftest import Opens, names, sign_in, violations
from tests.school import bring_in, csv, make_upn, pupils_file
from tests.web.primary import GOVERNOR, HEAD, OFF_TRACK, TEACHER

LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


def test_it_leads_a_head_from_a_number_to_names_to_a_pupil_and_back(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Monday 23 November")

    page.get_by_role("link", name="Year 5, mathematics: 56 % of 9 on or above; 4 apparently off track").click()
    expect(page).to_have_url(re.compile(r"status=off_track.*#pupils"))
    page.locator("table.pupils").wait_for()
    assert names(page) == OFF_TRACK

    page.get_by_role("link", name="Jones, Jo").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jo")
    way_back = page.get_by_role("navigation", name="The way back")
    expect(way_back.get_by_role("link")).to_have_text(["Today", "Progress: Year 5 mathematics"])

    way_back.get_by_role("link", name="Progress: Year 5 mathematics").click()
    page.locator("table.pupils").wait_for()
    assert names(page) == OFF_TRACK
    page.get_by_role("navigation", name="The way back").get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", name="Newly off track")).to_be_visible()


def test_it_tells_a_teacher_what_is_missing_and_opens_the_sheet(opens: Opens, school: School) -> None:
    upn = make_upn(99)
    bring_in(school, pupils_file({upn: {"surname": "Moss", "forename": "Mia"}}), file="pupils.csv")
    joins = csv("class,subject,year_group,upn,teacher", f"5A,mathematics,5,{upn},TEA")
    bring_in(school, joins, file="classes.csv")
    page = opens()
    sign_in(page, email=TEACHER)

    expect(page.get_by_text("1 mark is missing on your sheet.")).to_be_visible()
    expect(page.get_by_role("row", name="5A Mathematics")).to_contain_text("6 of 7")
    page.get_by_role("link", name="5A Mathematics", exact=True).click()

    expect(page).to_have_url(re.compile("/classes/5A/marks/2026-27-autumn"))
    expect(page.get_by_role("link", name="Moss, Mia")).to_be_visible()
    page.get_by_role("navigation", name="The way back").get_by_role("link", name="Today").click()
    expect(page.get_by_role("heading", name="My classes, autumn 2026")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
@pytest.mark.parametrize("email", [HEAD, TEACHER, GOVERNOR])
def test_it_is_open_to_everybody(opens: Opens, email: str, width: int, scheme: str) -> None:
    page = opens(width=width, scheme=scheme)
    sign_in(page, email=email)
    for details in page.locator("main section details").all():
        details.locator("summary").click()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_keeps_the_subject_in_sight_while_the_table_is_moved(opens: Opens) -> None:
    page = opens(width=390)
    sign_in(page)
    region = page.get_by_role("region", name="Subjects and year groups")
    region.focus()
    subject = region.get_by_role("rowheader", name="Mathematics")
    before = subject.bounding_box()

    region.evaluate("each => each.scrollLeft = 60")

    assert before is not None
    assert subject.bounding_box() == before
