"""The page of one pupil of Elm Tree."""

import gzip
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from tests.school import bring_in, csv, make_upn
from tests.web.html import Page, read
from tests.web.primary import add_account

from headway.records.models import Pupil, School

HEAVIEST = 150_000
AMIR, JO, LENA = make_upn(1), make_upn(10), make_upn(12)


def _address(upn: str, more: str = "") -> str:
    return f"/pupils/{Pupil.objects.get(upn=upn).uid}{more}"


def _hrefs(page: Page) -> list[str]:
    return [str(each["href"]) for each in page.find("a")]


@pytest.fixture
def more_of_amir(primary: School) -> None:
    """Amir's reading and last year's marks, with what stands beside them."""
    bring_in(
        primary, csv("upn,key_stage,subject,grade,year,kind", f"{AMIR},KS1,reading,2c,2024,teacher"), file="results.csv"
    )
    targets = [f"{AMIR},reading,KS2,4b,2024-09-25,TEA,", f"{AMIR},mathematics,Y5,3a,2026-09-25,TEA,"]
    bring_in(primary, csv("upn,subject,key_stage,grade,agreed_on,agreed_by,reason", *targets), file="targets.csv")
    marks = [
        f"{AMIR},mathematics,2025-26-summer,2b,TEA,",
        f"{AMIR},reading,2025-26-summer,3b,TEA,",
        f"{AMIR},reading,2026-27-autumn,4c,TEA,Reads to his brother.",
    ]
    bring_in(primary, csv("upn,subject,term,grade,by,comment", *marks), file="assessments.csv")
    bring_in(primary, csv("upn,term,possible,attended", f"{AMIR},2026-27-autumn,100,88"), file="attendance.csv")
    bring_in(primary, csv("upn,date,type,points", f"{AMIR},2026-11-02,Merit,2"), file="behaviour.csv")
    bring_in(primary, csv("group,upn,from,to", f"Choir,{AMIR},2026-09-10,"), file="groups.csv")


def test_it_says_who_it_is_and_where_they_stand(head: Client) -> None:
    page = read(head.get(_address(AMIR)))

    assert "Amir Adams Year 5, 5A, on roll since September 2026. Born 5 January 2017" in page.words
    assert "Off track in the one subject known this term; apparently well below in mathematics." in page.words


@pytest.mark.usefixtures("more_of_amir")
def test_it_draws_every_subject_and_tells_it_in_words(head: Client) -> None:
    page = read(head.get(_address(AMIR)))

    drawn = [each["aria-label"] for each in page.find("svg", role="img") if "chart-small" in str(each["class"])]
    assert drawn == [
        "Reading: from 3b in summer 2026 to 4c in autumn 2026, above progress target, which was 3b; "
        "the target is 4b by summer 2028.",
        "Mathematics: from 2b in summer 2026 to 2a in autumn 2026, apparently well below progress target, "
        "which was 3b; the target is 4b by summer 2028.",
    ]
    assert "On or above in 1 of 2 subjects this term; apparently well below in mathematics." in page.words


@pytest.mark.usefixtures("more_of_amir")
def test_it_shows_one_subject_large_with_the_numbers_of_its_chart(head: Client) -> None:
    page = read(head.get(_address(AMIR, "?subject=mathematics")))

    assert "Mathematics Everybody in the year Targets of 5A Close" in page.words
    assert "Prior attainment 2b (15 points, teacher assessment, 2024)" in page.words
    assert "Target 4b (27 points); 3a by the end of Year 5" in page.words
    assert "Summer 2026, Year 4 2b 15 points 3b 21 points −6.0 Well below Tess Teacher" in page.words
    assert "Autumn 2026, Year 5 2a 17 points 3b 22 points −5.0 Well below" in page.words
    assert "Spring 2027, Year 5 – 3a 23 points – to come" in page.words
    assert len([each for each in page.find("svg") if "chart-large" in str(each.get("class"))]) == 2


@pytest.mark.usefixtures("more_of_amir")
def test_it_opens_mark_sheets_targets_and_the_year_and_knows_the_way_back(head: Client) -> None:
    page = read(head.get(_address(AMIR, "?subject=mathematics")))
    back = "from=%2Fpupils%2F"

    hrefs = _hrefs(page)
    marks = f"/classes/5A/marks/2026-27-autumn?subject=mathematics&{back}"
    assert len([each for each in hrefs if each.startswith(marks)]) >= 2  # the mark on the chart, and in the table
    assert any(each.startswith(f"/targets/5A/mathematics?{back}") for each in hrefs)
    year = "/progress?who=year%3A5&subject=mathematics&term=2026-27-autumn"
    assert any(each.startswith(f"{year}&{back}") for each in hrefs)
    assert "/classes/5A/marks/2025-26-summer" not in " ".join(hrefs)  # he was in no class then


def test_it_keeps_its_own_way_back_when_a_subject_is_opened(head: Client) -> None:
    page = read(head.get(_address(AMIR, "?from=%2Fprogress%3Fwho%3Dyear%253A5")))

    assert "?subject=mathematics&from=%2Fprogress%3Fwho%3Dyear%253A5#subject" in _hrefs(page)
    assert "Progress: Year 5" in page.words


@pytest.mark.usefixtures("more_of_amir")
def test_it_compares_the_subjects(head: Client) -> None:
    words = read(head.get(_address(AMIR))).words

    rows = words[words.index("Subjects side by side") :]
    assert "Mathematics Well below −2 −5.0 2a 3b 22 points 4b 2b" in rows
    assert "Reading Above +2 +3.8 4c 3b 21⅙ points 4b 2c" in rows
    assert rows.index("Mathematics") < rows.index("Reading")


@pytest.mark.usefixtures("more_of_amir")
def test_it_shows_what_stands_beside_attainment(head: Client) -> None:
    words = read(head.get(_address(AMIR))).words

    assert "Attendance 88.0 % in autumn 2026. Behaviour: 1 incident, a good one." in words
    assert "Autumn 2026 88.0 % 88 of 100" in words
    assert "2 Nov 2026 Merit +2" in words
    assert "Reads to his brother. Autumn 2026, Reading 4c; Tess Teacher" in words
    assert "5A Mathematics Tess Teacher" in words
    assert "Choir from 10 Sep 2026" in words
    assert "Free school meals yes from 1 Sep 2026" in words


@pytest.mark.usefixtures("more_of_amir")
def test_it_tells_how_each_target_came_to_be(head: Client, primary: School) -> None:
    row = f"{AMIR},reading,KS2,4c,2026-11-20,TEA,Long absence"
    bring_in(primary, csv("upn,subject,key_stage,grade,agreed_on,agreed_by,reason", row), file="targets.csv")

    words = read(head.get(_address(AMIR))).words

    assert "1 changed since it was set" in words
    assert "Key Stage 2 4b → 4c 23 Nov 2026 Command line by file Tess Teacher, 20 Nov 2026 Long absence" in words
    assert words.index("4b → 4c") < words.index("Key Stage 2 set to 4b")


@pytest.mark.usefixtures("more_of_amir")
def test_it_says_what_to_look_at_and_opens_it(head: Client) -> None:
    page = read(head.get(_address(AMIR)))

    assert "A3" not in page.words  # 3b to 4c is two steps
    assert "A4" not in page.words  # 2a and 4c: the middle is two steps from each


def test_it_flags_a_fall(head: Client, primary: School) -> None:
    bring_in(primary, csv("upn,subject,term,grade", f"{JO},mathematics,2025-26-summer,3c"), file="assessments.csv")

    page = read(head.get(_address(JO)))

    assert "A2 Mathematics: 2b is 2 steps below 3c, the assessment before it." in page.words


def test_it_says_why_nothing_is_known(head: Client) -> None:
    words = read(head.get(_address(LENA, "?subject=mathematics"))).words

    assert "No status this term yet: no progress target in 1 subject." in words
    assert "Not known no progress target" in words
    assert "Prior attainment none recorded Target none yet" in words


def test_it_shows_the_page_where_a_subject_is_asked_for_that_is_not_theirs(head: Client) -> None:
    response = head.get(_address(AMIR, "?subject=alchemy"))

    assert response.status_code == 200
    assert not [each for each in read(response).find("svg") if "chart-large" in str(each.get("class"))]


def test_it_says_what_to_bring_in_for_a_pupil_of_whom_there_is_nothing(head: Client, primary: School) -> None:
    new = make_upn(77)
    bring_in(
        primary, csv("upn,surname,forename,sex,dob,year_group", f"{new},New,Nia,F,2022-01-05,R"), file="pupils.csv"
    )

    words = read(head.get(_address(new))).words

    assert "There are no classes, marks or targets for Nia New yet" in words
    assert "In no class yet." in words


def test_it_opens_for_a_pupil_who_has_left(head: Client, primary: School) -> None:
    row = f"{AMIR},Adams,Amir,M,2017-01-05,5,2026-11-20"
    bring_in(primary, csv("upn,surname,forename,sex,dob,year_group,enrolled_to", row), file="pupils.csv")

    page = read(head.get(_address(AMIR, "?subject=mathematics")))

    assert "Left on 20 November 2026, from Year 5, 5A" in page.words
    assert "Everybody in the year" not in page.words


def test_it_shows_a_teacher_the_pupils_of_the_own_class_only(teacher: Client) -> None:
    assert teacher.get(_address(AMIR)).status_code == 200
    assert teacher.get(_address(JO)).status_code == 404


def test_it_is_not_there_for_strangers(elsewhere: School, primary: School, visitor: Callable[[str], Client]) -> None:
    stranger = visitor("head@elsewhere.example")

    response = stranger.get(_address(AMIR))

    assert response.status_code == 404
    assert "Adams" not in response.content.decode()
    assert stranger.get(f"/pupils/{uuid4()}").status_code == 404


def test_it_refuses_a_role_that_may_not_ask(governor: Client) -> None:
    response = governor.get(_address(AMIR))

    assert response.status_code == 403
    assert "Adams" not in response.content.decode()


def test_it_leaves_out_what_a_role_may_not_see_of_a_pupil(primary: School, visitor: Callable[[str], Client]) -> None:
    role = "teaching_assistant"
    bring_in(primary, csv("staff,name,email,roles", f"TIA,Tia Assistant,tia@elm.example,{role}"), file="staff.csv")
    bring_in(primary, csv("class,subject,year_group,upn,teacher", f"5A,mathematics,5,{AMIR},TIA"), file="classes.csv")
    add_account(primary, "tia@elm.example", "Tia Assistant", role)

    page = read(visitor("tia@elm.example").get(_address(AMIR)))

    assert "Amir Adams" in page.words
    assert "Sex male" in page.words
    assert "Free school meals" not in page.words
    assert "Born" not in page.words


def test_it_puts_no_pupil_number_into_the_page(head: Client) -> None:
    assert AMIR not in head.get(_address(AMIR)).content.decode()


@pytest.mark.usefixtures("more_of_amir")
def test_it_sends_the_same_drawings_for_the_same_values(head: Client) -> None:
    one, other = (head.get(_address(AMIR, "?subject=reading")).content.decode() for _ in range(2))

    assert _drawings(one) == _drawings(other)
    assert len(_drawings(one)) >= 6


def test_it_changes_nothing(head: Client) -> None:
    assert head.post(_address(AMIR)).status_code == 405


@pytest.mark.usefixtures("more_of_amir")
def test_it_stays_light(head: Client) -> None:
    response = head.get(_address(AMIR, "?subject=reading"))

    linked = [*read(response).find("link"), *read(response).find("script")]
    files = [finders.find(str(each.get("href") or each["src"]).removeprefix("/static/")) for each in linked]
    contents = [response.content, *(Path(str(file)).read_bytes() for file in files)]
    assert sum(len(gzip.compress(content)) for content in contents) < HEAVIEST / 2


def _drawings(content: str) -> list[str]:
    return [part.partition("</svg>")[0] for part in content.split("<svg ")[1:] if 'class="chart ' in part]
