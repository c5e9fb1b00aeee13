import gzip
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from tests.school import NOW, bring_in, csv, make_upn, pupils_file
from tests.web.conftest import Visitor
from tests.web.html import Page, pupils, read
from tests.web.primary import ABOVE, IN_5A, NOT_KNOWN, OFF_TRACK, ON, add_account

from headway.records.models import Person, Pupil, School
from headway.services.access import COMMAND_LINE
from headway.services.groups import make_group

CHOICES = "subject=mathematics&term=2026-27-autumn"
MATHEMATICS = f"/progress?who=year:5&{CHOICES}"
WRITTEN = f"/progress?who=year%3A5&{CHOICES}"
HEAVIEST = 150_000


def test_it_says_in_a_sentence_what_it_shows(head: Client) -> None:
    page = read(head.get(MATHEMATICS))

    assert "Year 5 mathematics, autumn 2026, against progress target" in page.words
    assert "4 of 9 pupils are apparently off track." in page.words


def test_it_shows_the_latest_term_before_anybody_chooses(head: Client) -> None:
    assert read(head.get("/progress")).words == read(head.get(MATHEMATICS)).words


def test_it_understands_an_address_from_before_there_were_classes(head: Client) -> None:
    assert read(head.get(f"/progress?year_group=5&{CHOICES}")).words == read(head.get(MATHEMATICS)).words


def test_it_shows_a_class(head: Client) -> None:
    page = read(head.get(f"/progress?who=class:5A&{CHOICES}"))

    assert "5A mathematics, autumn 2026, against progress target" in page.words
    assert sorted(pupils(page)) == IN_5A


def test_it_shows_a_group(head: Client, primary: School) -> None:
    chosen = Pupil.objects.filter(surname__in=["Adams", "Hall"]).values_list("uid", flat=True)
    make_group("Reading club", pupils=list(chosen), school=primary, by=COMMAND_LINE, now=NOW)

    page = read(head.get(f"/progress?who=group:Reading+club&{CHOICES}"))
    assert "Reading club, mathematics, autumn 2026, against progress target" in page.words
    assert pupils(page) == ["Adams, Amir", "Hall, Hana"]


def test_it_offers_year_groups_classes_and_groups(head: Client, primary: School) -> None:
    make_group("Choir", pupils=[], school=primary, by=COMMAND_LINE, now=NOW)
    page = read(head.get("/progress"))

    assert [each["label"] for each in page.find("optgroup")] == ["Year groups", "Classes", "Groups"]
    assert {"year:5", "class:5A", "class:5B", "group:Choir"} <= {str(each.get("value")) for each in page.find("option")}


def test_it_leads_from_a_class_to_its_mark_sheet_and_targets(head: Client) -> None:
    links = read(head.get(f"/progress?who=class:5A&{CHOICES}")).find("a")
    addresses = [str(each.get("href")) for each in links]

    assert any(each.startswith("/classes/5A/marks/2026-27-autumn?subject=mathematics&from=") for each in addresses)
    assert any(each.startswith("/targets/5A/mathematics?from=") for each in addresses)


def test_it_leads_from_a_group_to_its_page(head: Client, primary: School) -> None:
    chosen = Pupil.objects.filter(surname__in=["Adams", "Hall"]).values_list("uid", flat=True)
    make_group("Reading club", pupils=list(chosen), school=primary, by=COMMAND_LINE, now=NOW)

    page = read(head.get(f"/progress?who=group:Reading+club&{CHOICES}"))

    assert any(str(each.get("href")).startswith("/groups/") for each in page.find("a"))


def test_a_year_group_has_no_sheet_of_its_own(head: Client) -> None:
    addresses = [str(each.get("href")) for each in read(head.get(f"/progress?who=year:5&{CHOICES}")).find("a")]

    assert not any(each.startswith(("/targets/", "/classes/")) for each in addresses)


def test_it_begins_with_the_own_class_of_a_teacher(teacher: Client) -> None:
    page = read(teacher.get("/progress"))

    assert "5A mathematics, autumn 2026, against progress target" in page.words
    assert [each["label"] for each in page.find("optgroup")] == ["Year groups", "Your classes"]


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


def test_it_sorts_as_somebody_chose_in_one_list(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&sort=-gap"))

    assert pupils(page) == [*ABOVE, *ON, "Green, Gil", "Adams, Amir", "Cole, Carl", "Jones, Jo", *NOT_KNOWN]
    assert "On or above 5" not in page.words


def test_it_sorts_by_attendance(head: Client, primary: School) -> None:
    upns = dict(Pupil.objects.values_list("surname", "upn"))
    rows = [f"{upns['King']},2026-27-autumn,120,60", f"{upns['Adams']},2026-27-autumn,120,113"]
    bring_in(primary, csv("upn,term,possible,attended", *rows), file="attendance.csv")

    page = read(head.get(f"{MATHEMATICS}&sort=attendance"))
    assert pupils(page)[:2] == ["King, Kai", "Adams, Amir"]
    assert "94.2 %" in page.words


def test_it_says_how_it_is_sorted_and_offers_the_other_way_round(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&sort=gap"))

    assert [each["aria-sort"] for each in page.find("th") if each.get("aria-sort")] == ["ascending"]
    addresses = {str(each["href"]) for each in page.find("a")}
    assert {f"{WRITTEN}&by=sex&sort=-gap#pupils", f"{WRITTEN}&by=sex&sort=name#pupils"} <= addresses


def test_it_shows_a_pupil_with_what_the_status_was_made_from(head: Client) -> None:
    words = read(head.get(f"{MATHEMATICS}&status=well_below")).words

    assert "Adams, Amir 5A Well below −5.0 2a 3b 22 points 4b 2b" in words


def test_it_opens_what_was_written_beside_a_grade(head: Client, primary: School) -> None:
    upn = Pupil.objects.get(surname="Adams").upn
    row = f"{upn},mathematics,2026-27-autumn,2a,Away for < a month"
    bring_in(primary, csv("upn,subject,term,grade,comment", row), file="assessments.csv")

    response = head.get(f"{MATHEMATICS}&status=well_below")
    assert "2a note Away for < a month 3b 22 points" in read(response).words
    assert "< a month" not in response.content.decode()


def test_it_opens_the_pupil_and_leads_back_to_the_same_choices(head: Client) -> None:
    address = f"{MATHEMATICS}&status=below&sort=name&fsm=yes"
    uid = Pupil.objects.get(surname="Green").uid
    (link,) = [str(each["href"]) for each in read(head.get(address)).find("a") if f"/pupils/{uid}" in str(each["href"])]

    (back,) = parse_qs(urlsplit(link).query)["from"]
    assert parse_qs(urlsplit(back).query) == {**parse_qs(urlsplit(address).query), "by": ["sex"]}


def test_it_keeps_the_page_that_led_here(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&from=/groups"))

    assert {"name": "from", "value": "/groups", "type": "hidden"} in page.find("input")
    assert all("from=%2Fgroups" in str(each["href"]) for each in page.find("a") if "#pupils" in str(each["href"]))


def test_it_says_why_a_status_is_not_known(head: Client) -> None:
    words = read(head.get(f"{MATHEMATICS}&status=not_known")).words

    assert "Not known: absent (1), not entered (1), no progress target (1)." in words
    assert "Frost, Freya 5A Not known – absent 3b 22 points 4b 2b" in words
    assert "Lowe, Lena 5B Not known no progress target – 3b – – –" in words


@pytest.mark.parametrize(
    "by", [("sex", "fsm"), ("class", "reg_group", "year_group"), ("prior_band", "attendance_band")]
)
def test_it_opens_exactly_the_names_a_number_counts(head: Client, by: Sequence[str]) -> None:
    for cut in by:
        links = _numbers(read(head.get(f"{MATHEMATICS}&by={cut}")))
        assert len(links) > 8

        for label, (n, address) in links.items():
            assert len(pupils(read(head.get(address)))) == n, label


def test_it_compares_by_what_is_chosen(head: Client) -> None:
    by_sex = read(head.get(MATHEMATICS)).words
    by_meals = read(head.get(f"{MATHEMATICS}&by=fsm")).words

    assert "All 12 pupils too few to read much into 12 2 3 1 3 3 55.6 % 26.7 to 81.1" in by_sex
    assert "Boys too few to read much into 6 2 0 1 2 1 40.0 % 11.8 to 76.9" in by_sex
    assert "Girls too few to read much into 6 0 3 0 1 2 75.0 % 30.1 to 95.4" in by_sex
    assert "Free school meals too few to read much into 4 0 1 1 2 0 25.0 % 4.6 to 69.9" in by_meals
    assert "Not recorded too few to read much into 1 0 0 0 0 1 –" in by_meals


def test_it_shows_the_mean_gap_with_its_interval(head: Client) -> None:
    words = read(head.get(f"{MATHEMATICS}&by=fsm")).words

    assert re.search(r"Free school meals too few .* 25\.0 % 4\.6 to 69\.9 −4\.\d\d −\d\.\d\d to [−+]\d\.\d\d", words)


def test_it_compares_only_classes_that_take_the_subject(head: Client, primary: School) -> None:
    rows = [f"Art,art,5,{upn}," for upn in Pupil.objects.values_list("upn", flat=True)[:4]]
    bring_in(primary, csv("subject,name,key_stages,scale", "art,Art,KS2,nc_levels"), file="subjects.csv")
    bring_in(primary, csv("class,subject,year_group,upn,teacher", *rows), file="classes.csv")

    page = read(head.get(f"{MATHEMATICS}&by=class"))
    assert {"Class 5A: all 6", "Class 5B: all 6"} <= page.links().keys()
    assert not [label for label in page.links() if "Art" in label]


def test_it_keeps_the_other_filters_when_a_number_is_opened(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&sex=M&by=fsm"))

    address = page.links()["Free school meals: 1 below progress target"]
    assert address == f"{WRITTEN}&status=below&by=fsm&sex=M&fsm=yes#pupils"
    assert pupils(read(head.get(address))) == ["Green, Gil"]


def test_it_offers_to_take_each_filter_away(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&status=below&sex=M&reg_group=5B"))

    addresses = {str(each["href"]) for each in page.find("a")}
    assert f"{WRITTEN}&by=sex&sex=M&reg_group=5B#pupils" in addresses
    assert f"{WRITTEN}&status=below&by=sex&reg_group=5B#pupils" in addresses
    assert f"{WRITTEN}&status=below&by=sex&sex=M#pupils" in addresses
    assert {"type": "hidden", "name": "reg_group", "value": "5B"} in page.find("input")


def test_it_says_when_a_filter_leaves_nobody(head: Client) -> None:
    words = read(head.get(f"{MATHEMATICS}&status=above&sex=F")).words

    assert "Nobody here is of this status. Show all 6 ." in words


def test_it_says_when_there_is_nobody(head: Client) -> None:
    page = read(head.get(f"{MATHEMATICS}&fsm=none&sex=M"))

    assert "There is no such pupil." in page.words
    addresses = {str(each["href"]) for each in page.find("a")}
    assert {f"{WRITTEN}&by=sex&fsm=none#pupils", f"{WRITTEN}&by=sex&sex=M#pupils"} <= addresses


def test_it_says_when_a_subject_is_not_taught_there(head: Client, primary: School) -> None:
    bring_in(primary, pupils_file({make_upn(90): {"year_group": "R", "dob": "2022-01-05"}}), file="pupils.csv")

    page = read(head.get("/progress?who=year:R"))

    assert "Nobody here is taught this subject in this term." in page.words
    assert pupils(page) == []


def test_it_shows_a_teacher_only_the_own_class(teacher: Client) -> None:
    page = read(teacher.get(MATHEMATICS))

    assert sorted(pupils(page)) == IN_5A
    assert "2 of 5 pupils are apparently off track." in page.words


def test_it_offers_a_teacher_no_class_of_somebody_else(teacher: Client) -> None:
    response = teacher.get(f"/progress?who=class:5B&{CHOICES}")

    assert response.status_code == 400
    assert "“5B” is not among the choices. Right would be Year 5 or 5A." in read(response).words


@pytest.fixture
def assistant(primary: School, visitor: Visitor) -> Client:
    """A teaching assistant in 5A: of what is guarded, only special needs and first language are for them."""
    return teaches_5a("teaching_assistant", primary, visitor)


def teaches_5a(role: str, school: School, visitor: Visitor) -> Client:
    """Somebody who is put down as a teacher of 5A."""
    add_account(school, f"{role}@elm.example", "Lea Leader", role)
    code = Person.objects.get(school=school, email=f"{role}@elm.example").code
    taught = Pupil.objects.filter(surname__in=[name.partition(",")[0] for name in IN_5A])
    rows = [f"5A,mathematics,5,{upn},{code}" for upn in taught.values_list("upn", flat=True)]
    bring_in(school, csv("class,subject,year_group,upn,teacher", *rows), file="classes.csv")
    return visitor(f"{role}@elm.example")


def test_it_offers_only_what_a_role_may_see_of_pupils(assistant: Client) -> None:
    page = read(assistant.get(MATHEMATICS))

    assert len(pupils(page)) == 6
    for word in ("By sex", "SEN provision", "First language"):
        assert word in page.words
    for word in ("Free school meals", "Ethnicity", "Looked after", "Pupil premium"):
        assert word not in page.words


@pytest.mark.parametrize("asked", ["fsm=yes", "by=ethnicity", "looked_after=no&sort=gap"])
def test_it_refuses_in_words_to_ask_for_what_a_role_may_not_see(assistant: Client, asked: str) -> None:
    response = assistant.get(f"{MATHEMATICS}&{asked}")

    assert response.status_code == 403
    assert "Your role does not include" in read(response).words
    assert pupils(read(response)) == []


def test_it_explains_itself(head: Client) -> None:
    words = read(head.get(MATHEMATICS)).words

    assert "How this is worked out" in words
    assert "a prompt to ask why, never a decision" in words
    assert "the highest grade whose points it has reached" in words
    assert "Framework england-2008@1" in words


@pytest.mark.parametrize(
    ("choice", "right"),
    [
        ("who=year:6", "“6” is not among the choices. Right would be Year 5, 5A or 5B."),
        ("year_group=6", "“6” is not among the choices. Right would be Year 5, 5A or 5B."),
        ("subject=alchemy", "“alchemy” is not among the choices. Right would be Mathematics."),
        ("term=2031-32-autumn", "“2031-32-autumn” is not among the choices. Right would be Autumn 2026."),
        ("status=splendid", "“splendid” is not among the choices. Right would be All, Off track, Above"),
        ("by=eye_colour", "“eye_colour” is not among the choices. Right would be Sex, Free school meals"),
        ("sort=fsm", "“fsm” is not among the choices. Right would be Off track first"),
        ("sex=%3Cscript%3E", "“<script>” is not among the choices. Right would be All, Boys, Girls or Not recorded."),
        ("who=class:5A&year_group=zzz", "'zzz' is not a year group."),
    ],
)
def test_it_says_what_would_be_right(head: Client, choice: str, right: str) -> None:
    response = head.get(f"/progress?{choice}")

    assert response.status_code == 400
    assert right in read(response).words
    assert "Adams" not in response.content.decode()


@pytest.mark.parametrize(("role", "n"), [("subject_leader", 6), ("teaching_assistant", 0)])
def test_it_lets_pupils_be_chosen_by_who_may_make_groups(primary: School, visitor: Visitor, role: str, n: int) -> None:
    page = read(teaches_5a(role, primary, visitor).get(MATHEMATICS))

    assert len(pupils(page)) == 6
    assert len(page.find("input", name="pupil")) == len(page.find("input", name="all")) * 6 == n


def test_it_tells_a_head_what_to_bring_in_first(elsewhere: School, visitor: Visitor) -> None:
    head = visitor("head@elsewhere.example")

    assert "First bring in the pupils" in read(head.get("/progress")).words


def test_it_tells_a_teacher_without_a_class_whom_to_ask(primary: School, visitor: Visitor) -> None:
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
        numbers = [int(word) for word in label.rpartition(":")[2].split() if word.isdigit()]
        found[label] = (numbers[0], address)
    return found
