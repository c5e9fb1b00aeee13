import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.school import NOW
from tests.web.conftest import Visitor
from tests.web.doors import enter
from tests.web.html import pupils, read
from tests.web.primary import HEAD, OFF_TRACK, add_account

from headway.records.models import Group, GroupMember, Pupil, School
from headway.services.access import COMMAND_LINE
from headway.services.groups import make_group

LIST = "/progress?who=year:5&subject=mathematics&term=2026-27-autumn&status=off_track"


def uids(*surnames: str) -> list[str]:
    return [str(Pupil.objects.get(surname=surname).uid) for surname in surnames]


def made(school: School, *surnames: str, name: str = "Reading club") -> str:
    """A group of some pupils; gives its address."""
    pupils = list(Pupil.objects.filter(surname__in=surnames).values_list("uid", flat=True))
    return f"/groups/{make_group(name, pupils=pupils, school=school, by=COMMAND_LINE, now=NOW)}"


def members() -> list[tuple[str, date | None]]:
    return list(GroupMember.objects.order_by("pupil__surname", "starts").values_list("pupil__surname", "ends"))


def followed(client: Client, response: HttpResponse) -> str:
    """The words of the page a change leads to."""
    assert response.status_code == 302, read(response).words
    return read(client.get(response["Location"])).words


def test_it_says_how_to_begin_where_there_is_no_group(head: Client) -> None:
    words = read(head.get("/groups")).words

    assert "There is no group yet." in words
    assert "tick the pupils in the list and make a group of them" in words


def test_it_lists_groups_with_their_size_and_progress(head: Client, primary: School) -> None:
    address = made(primary, "Adams", "Hall", name="Reading & writing")
    page = read(head.get("/groups"))

    assert "Reading & writing 2 Progress" in page.words
    links = [str(each["href"]) for each in page.find("a")]
    assert f"{address}?from=%2Fgroups" in links
    progress = next(each for each in links if each.startswith("/progress?who"))
    assert parse_qs(urlsplit(progress).query) == {"who": ["group:Reading & writing"], "from": ["/groups"]}
    assert pupils(read(head.get(progress))) == ["Adams, Amir", "Hall, Hana"]


def test_it_shows_a_group_with_its_members_and_its_progress(head: Client, primary: School) -> None:
    page = read(head.get(made(primary, "Adams", "Hall")))

    assert "2 pupils in it today." in page.words
    assert "Adams, Amir 5A since 23 Nov 2026" in page.words
    assert "1 of 2 50.0 %" in page.words
    label = "Mathematics: 1 of 2 apparently off track"
    assert pupils(read(head.get(page.links()[label]))) == ["Adams, Amir"]


def test_it_leads_from_a_list_of_pupils_to_a_group(head: Client) -> None:
    chosen = {"pupil": uids("Adams", "Jones"), "from": LIST, "into": "new"}
    asked = head.post("/groups/new", chosen)

    page = read(asked)
    assert (asked.status_code, Group.objects.count()) == (200, 0)
    assert "A group of 2 pupils" in page.words
    assert pupils(page) == ["Adams, Amir", "Jones, Jo"]
    sent = {"name": "Catch-up", "pupil": [each["value"] for each in page.find("input", name="pupil")], "from": LIST}
    made = head.post("/groups/new", sent)

    assert "The group is made. 2 pupils are in it from today." in followed(head, made)
    assert parse_qs(urlsplit(made["Location"]).query)["from"] == [LIST]
    assert [surname for surname, _ in members()] == ["Adams", "Jones"]


def test_it_takes_all_that_the_list_shows(head: Client) -> None:
    page = read(head.post("/groups/new", {"all": "shown", "from": LIST, "into": "new"}))

    assert pupils(page) == sorted(OFF_TRACK)


def test_it_trusts_no_list_but_its_own(head: Client) -> None:
    response = head.post("/groups/new", {"all": "shown", "from": "https://elsewhere.example/progress", "into": "new"})

    assert response["Location"] == "/groups"


def test_it_takes_nobody_where_the_list_has_nobody(elsewhere: School, visitor: Visitor) -> None:
    client = visitor("head@elsewhere.example")
    response = client.post("/groups/new", {"all": "shown", "from": LIST, "into": "new"})

    assert "Choose at least one pupil first" in followed(client, response)


def test_it_adds_those_chosen_to_a_group_there_is(head: Client, primary: School) -> None:
    address = made(primary, "Adams")
    chosen = {"pupil": uids("Adams", "Jones"), "from": LIST, "into": "group", "group": address.split("/")[-1]}
    response = head.post("/groups/new", chosen)

    assert "1 pupil is in it from today. 1 pupil was in it already." in followed(head, response)
    assert [surname for surname, _ in members()] == ["Adams", "Jones"]


@pytest.mark.parametrize("into", ["new", "group"])
def test_it_asks_for_pupils_where_nobody_was_chosen(head: Client, into: str) -> None:
    response = head.post("/groups/new", {"from": LIST, "into": into})

    assert "Choose at least one pupil first" in followed(head, response)
    assert response["Location"] == LIST


def test_it_makes_a_group_of_nobody_yet(head: Client) -> None:
    assert "It begins with nobody in it." in read(head.get("/groups/new")).words

    assert "Nobody is in it yet." in followed(head, head.post("/groups/new", {"name": "Choir"}))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("reading CLUB", "There is already a group called Reading club. Right would be another name."),
        (" ", "Give the group a name, such as Reading club."),
    ],
)
def test_it_keeps_what_was_chosen_where_the_name_is_refused(
    head: Client, primary: School, name: str, words: str
) -> None:
    made(primary)
    response = head.post("/groups/new", {"name": name, "pupil": uids("Adams"), "from": LIST})
    page = read(response)

    assert response.status_code == 400
    assert words in page.words
    assert [each["value"] for each in page.find("input", name="pupil")] == uids("Adams")
    assert {"type": "hidden", "name": "from", "value": LIST} in page.find("input")


def test_it_renames(head: Client, primary: School) -> None:
    address = made(primary)

    assert "The group has its new name." in followed(head, head.post(address, {"act": "rename", "name": "Book club"}))
    assert Group.objects.get().code == "Book club"
    made(primary, name="Choir")
    refused = head.post(address, {"act": "rename", "name": "choir"})
    assert (refused.status_code, Group.objects.filter(code="Book club").count()) == (400, 1)
    assert "There is already a group called Choir." in read(refused).words


def test_it_finds_pupils_to_add_who_are_not_in_it_yet(head: Client, primary: School) -> None:
    address = made(primary, "Green")
    page = read(head.get(f"{address}?find=g"))

    assert "Nobody you can see and who is not in the group is called “g”." in page.words
    boxes = read(head.get(f"{address}?find=ha")).find("input", name="pupil")
    assert uids("Hall")[0] in {each["value"] for each in boxes}
    assert "1 pupil is in it from today." in followed(head, head.post(address, {"act": "add", "pupil": uids("Hall")}))
    assert [surname for surname, _ in members()] == ["Green", "Hall"]


def test_it_ends_membership_with_a_day_and_keeps_it(
    head: Client, primary: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = made(primary, "Adams", "Hall")
    december = NOW.replace(month=12)
    monkeypatch.setattr("headway.web.clock.now", lambda: december)
    enter(head, HEAD, now=december)
    sent = {"act": "end", "pupil": uids("Adams"), "last_day": "2026-12-18"}

    said = followed(head, head.post(address, sent))
    assert "1 pupil taken out of the group: 18 December 2026 is the last day." in said
    assert members() == [("Adams", date(2026, 12, 18)), ("Hall", None)]


@pytest.mark.parametrize(
    ("last_day", "words"),
    [("2026-11-01", "Right would be a day from 23/11/2026 on."), ("soon", "Write a day as"), ("", "Say the last day")],
)
def test_it_says_what_is_wrong_with_a_last_day(
    head: Client, primary: School, monkeypatch: pytest.MonkeyPatch, last_day: str, words: str
) -> None:
    address = made(primary, "Adams")
    december = NOW.replace(month=12)
    monkeypatch.setattr("headway.web.clock.now", lambda: december)
    enter(head, HEAD, now=december)
    response = head.post(address, {"act": "end", "pupil": uids("Adams"), "last_day": last_day})

    assert response.status_code == 400
    assert words in read(response).words
    assert members() == [("Adams", None)]


@pytest.mark.parametrize("act", ["add", "end"])
def test_it_asks_for_pupils_where_no_member_was_chosen(head: Client, primary: School, act: str) -> None:
    response = head.post(made(primary), {"act": act, "last_day": "2026-11-23"})

    assert "Choose at least one pupil first" in followed(head, response)


def test_it_leads_back_where_somebody_came_from(head: Client, primary: School) -> None:
    address = made(primary)
    response = head.post(f"{address}?from=/groups&find=x", {"act": "rename", "name": "Book club"})

    assert response["Location"] == f"{address}?from=%2Fgroups"


def test_it_shows_a_teacher_only_their_own_pupils(teacher: Client, primary: School) -> None:
    mixed, others = made(primary, "Adams", "Hall"), made(primary, "Hall", name="Others")

    page = read(teacher.get(mixed))
    assert pupils(page) == ["Adams, Amir"]
    assert "You see the pupils you teach; there may be others." in page.words
    assert teacher.get(others).status_code == 404
    assert "Others" not in read(teacher.get("/groups")).words


def test_it_lets_nobody_put_in_a_pupil_out_of_reach(teacher: Client, primary: School) -> None:
    address = made(primary, "Adams")

    assert teacher.post(address, {"act": "add", "pupil": uids("Hall")}).status_code == 404
    assert teacher.post("/groups/new", {"name": "Other", "pupil": uids("Hall")}).status_code == 404
    assert [surname for surname, _ in members()] == ["Adams"]


def test_it_shows_who_may_not_make_groups_no_way_to(primary: School, visitor: Visitor) -> None:
    address = made(primary)
    add_account(primary, "tutor@elm.example", "Theo Tutor", "tutor")
    tutor = visitor("tutor@elm.example")

    assert read(tutor.get(address)).find("form", method="post") == read(tutor.get("/search")).find(
        "form", method="post"
    )
    for sent in ({"act": "rename", "name": "x"}, {"act": "add", "pupil": []}, {"act": "end", "pupil": []}):
        response = tutor.post(address, sent)
        assert response.status_code in (302, 403)
    assert tutor.get("/groups/new").status_code == tutor.post("/groups/new", {"name": "x"}).status_code == 403
    assert Group.objects.get().code == "Reading club"


@pytest.mark.parametrize("address", ["/groups", "/groups/new"])
def test_it_refuses_a_governor(governor: Client, address: str) -> None:
    assert governor.get(address).status_code == 403


def test_it_tells_a_stranger_nothing(primary: School, elsewhere: School, visitor: Visitor) -> None:
    address = made(primary, "Adams")
    stranger = visitor("head@elsewhere.example")

    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {"act": "rename", "name": "x"}).status_code == 404
    assert "Reading club" not in read(stranger.get("/groups")).words


@pytest.mark.parametrize("sent", [{"act": "burn"}, {}])
def test_it_knows_no_other_act(head: Client, primary: School, sent: dict[str, str]) -> None:
    assert head.post(made(primary), sent).status_code == 400


def test_it_puts_no_pupil_number_into_a_page(head: Client, primary: School) -> None:
    address = made(primary, "Adams", "Hall")
    upns = list(Pupil.objects.values_list("upn", flat=True))

    for page in (address, "/groups", f"{address}?find=a"):
        content = head.get(page).content.decode()
        assert not re.search("|".join(upns), content)
