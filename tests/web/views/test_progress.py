import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from tests.school import bring_in, make_upn, pupils_file
from tests.web.html import Page, pupils, read
from tests.web.primary import ABOVE, IN_5A, NOT_KNOWN, OFF_TRACK, ON, add_account

from headway.records.models import Pupil, School

MATHEMATICS = "/progress?year_group=5&subject=mathematics&term=2026-27-autumn"
HEAVIEST = 150_000


def test_it_says_in_a_sentence_what_it_shows(head: Client) -> None:
    page = read(head.get(MATHEMATICS))

    assert "Year 5 mathematics, autumn 2026, against progress target" in page.words
    assert "4 of 9 pupils are apparently off track." in page.words


def test_it_shows_the_latest_term_before_anybody_chooses(head: Client) -> None:
    assert read(head.get("/progress")).words == read(head.get(MATHEMATICS)).words


def test_it_lists_the_furthest_behind_first_and_the_unknown_last(head: Client) -> None:
    assert pupils(read(head.get(MATHEMATICS))) == [*OFF_TRACK, *sorted(ON), *sorted(ABOVE), *NOT_KNOWN]


@pytest.mark.parametrize(
    ("status", "listed"),
    [
        ("off_track", OFF_TRACK),
        ("below", ["Green, Gil"]),
        ("well_below", OFF_TRACK[:3]),
        ("on", ON),
        ("above", ABOVE),
        ("not_known", NOT_KNOWN),
    ],
)
def test_it_lists_only_the_status_asked_for(head: Client, status: str, listed: list[str]) -> None:
    assert pupils(read(head.get(f"{MATHEMATICS}&status={status}"))) == listed


def test_it_shows_a_pupil_with_what_the_status_was_made_from(head: Client) -> None:
    words = read(head.get(f"{MATHEMATICS}&status=well_below")).words

    assert "Adams, Amir 5A Well below −5.0 2a 3b 22 points 4b 2b" in words


def test_it_says_why_a_status_is_not_known(head: Client) -> None:
    words = read(head.get(f"{MATHEMATICS}&status=not_known")).words

    assert "Not known: absent: 1; not entered: 1; no progress target: 1." in words
    assert "Frost, Freya 5A Not known – absent 3b 22 points 4b 2b" in words
    assert "Lowe, Lena 5B Not known no progress target – 3b – – –" in words


def test_it_opens_exactly_the_names_a_number_counts(head: Client) -> None:
    links = _numbers(read(head.get(MATHEMATICS)))
    assert len(links) > 20

    for label, (n, address) in links.items():
        assert len(pupils(read(head.get(address)))) == n, label


def test_it_counts_by_sex_and_free_school_meals(head: Client) -> None:
    page = read(head.get(MATHEMATICS))

    assert "Boys 6 2 0 1 2 1 40.0 % 11.8 to 76.9" in page.words
    assert "Girls 6 0 3 0 1 2 75.0 % 30.1 to 95.4" in page.words
    assert "Free school meals 4 0 1 1 2 0 25.0 % 4.6 to 69.9" in page.words
    assert "Not recorded 1 0 0 0 0 1 –" in page.words
    assert "too few to read much into" in page.words


def test_it_keeps_the_other_filters_when_a_number_is_opened(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&sex=boys"))

    address = page.links()["Free school meals: 1 below progress target"]
    assert address == f"{MATHEMATICS}&status=below&sex=boys&fsm=yes#pupils"
    assert pupils(read(head.get(address))) == ["Green, Gil"]


def test_it_offers_to_take_each_filter_away(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&status=below&sex=boys"))

    assert {f"{MATHEMATICS}&sex=boys", f"{MATHEMATICS}&status=below"} <= {each["href"] for each in page.find("a")}


def test_it_says_when_a_filter_leaves_nobody(head: Client) -> None:
    words = read(head.get(f"{MATHEMATICS}&status=above&sex=girls")).words

    assert "Nobody here is of this status. Show all 6 ." in words


def test_it_says_when_there_is_nobody(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&fsm=unrecorded&sex=boys"))

    assert "There is no such pupil." in page.words
    assert {f"{MATHEMATICS}&fsm=unrecorded", f"{MATHEMATICS}&sex=boys"} <= {each["href"] for each in page.find("a")}


def test_it_says_when_a_subject_is_not_taught_there(head: Client, primary: School) -> None:
    bring_in(primary, pupils_file({make_upn(90): {"year_group": "R", "dob": "2022-01-05"}}), file="pupils.csv")

    page = read(head.get("/progress?year_group=R"))

    assert "This subject is not taught in the key stage these pupils were in." in page.words
    assert pupils(page) == []


def test_it_shows_a_teacher_only_the_own_class(teacher: Client) -> None:
    page = read(teacher.get(MATHEMATICS))

    assert sorted(pupils(page)) == IN_5A
    assert "2 of 5 pupils are apparently off track." in page.words


def test_it_explains_itself(head: Client) -> None:
    words = read(head.get(MATHEMATICS)).words

    assert "How this is worked out" in words
    assert "a prompt to ask why, never a decision" in words
    assert "the highest grade whose points it has reached" in words
    assert "Framework england-2008@1" in words


@pytest.mark.parametrize(
    ("choice", "right"),
    [
        ("year_group=6", "“6” is not among the choices. Right would be Year 5."),
        ("subject=alchemy", "“alchemy” is not among the choices. Right would be Mathematics."),
        ("term=2031-32-autumn", "“2031-32-autumn” is not among the choices. Right would be Autumn 2026–27."),
        ("status=splendid", "“splendid” is not among the choices. Right would be All, Off track, Above"),
        ("sex=%3Cscript%3E", "“<script>” is not among the choices. Right would be All, Girls, Boys or Not recorded."),
    ],
)
def test_it_says_what_would_be_right(head: Client, choice: str, right: str) -> None:
    response = head.get(f"/progress?{choice}")

    assert response.status_code == 400
    assert right in read(response).words
    assert "Adams" not in response.content.decode()


def test_it_tells_a_head_what_to_bring_in_first(elsewhere: School, visitor: Callable[[str], Client]) -> None:
    head = visitor("head@elsewhere.example")

    assert "First bring in the pupils: headway import pupils.csv" in read(head.get("/progress")).words


def test_it_tells_a_teacher_without_a_class_whom_to_ask(primary: School, visitor: Callable[[str], Client]) -> None:
    add_account(primary, "tutor@elm.example", "Theo Tutor", "tutor")

    assert (
        "nobody has put you down as the teacher of a class" in read(visitor("tutor@elm.example").get("/progress")).words
    )


def test_it_refuses_a_role_that_may_not_ask(governor: Client) -> None:
    response = governor.get(MATHEMATICS)

    assert response.status_code == 403
    assert "Your role does not include this." in read(response).words
    assert "Adams" not in response.content.decode()


def test_it_puts_no_pupil_number_into_the_page(head: Client, primary: School) -> None:
    content = head.get(MATHEMATICS).content.decode()

    assert not [upn for upn in Pupil.objects.values_list("upn", flat=True) if upn in content]


def test_it_changes_nothing(head: Client) -> None:
    assert head.post(MATHEMATICS).status_code == 405


def test_it_stays_light(head: Client) -> None:
    response = head.get(MATHEMATICS)

    linked = [*read(response).find("link"), *read(response).find("script")]
    files = [finders.find(str(each.get("href") or each["src"]).removeprefix("/static/")) for each in linked]
    assert len(files) >= 4
    contents = [response.content, *(Path(str(file)).read_bytes() for file in files)]
    assert sum(len(gzip.compress(content)) for content in contents) < HEAVIEST / 3


def _numbers(page: Page) -> dict[str, tuple[int, str]]:
    """Every number that opens names: what it is called, how many it says, and its address."""
    found = {}
    for label, address in page.links().items():
        numbers = [int(word) for word in label.replace(":", " ").split() if word.isdigit()]
        found[label] = (numbers[0], address)
    return found
