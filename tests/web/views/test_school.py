"""The page of the school, and the page of roles."""

from django.test import Client
from django.urls import reverse
from tests.web.html import Page, read

from headway.domain.roles import ROLES
from headway.formats.policy import school_policy
from headway.services.role_sheets import roles_page
from headway.web.presenters.school import MANAGED, managed_there


def leads_to(page: Page) -> set[str]:
    return {str(each["href"]).partition("?")[0] for each in page.find("a")}


def test_it_lists_what_each_may_open(head: Client, teacher: Client) -> None:
    for_head, for_teacher = leads_to(read(head.get("/school"))), leads_to(read(teacher.get("/school")))

    assert {"/people", "/school/roles", "/set-up"} <= for_head
    assert "/school/roles" in for_teacher
    assert not {"/people", "/set-up"} & for_teacher


def test_every_page_it_lists_opens(head: Client) -> None:
    there = managed_there()

    assert {"people", "roles", "set-up"} <= {each.route for each, _ in there}
    assert {address: head.get(address).status_code for _, address in there} == {address: 200 for _, address in there}


def test_it_leaves_out_what_is_not_there_and_names_nothing_twice() -> None:
    routes = [each.route for each in MANAGED]

    assert len(routes) == len(set(routes))
    assert [address for each, address in managed_there()] == [reverse(each.route) for each, _ in managed_there()]


def test_it_is_in_the_navigation_of_those_who_manage(head: Client, governor: Client) -> None:
    assert "/school" in leads_to(read(head.get("/")))
    assert "/school" not in leads_to(read(governor.get("/")))


def test_everybody_who_works_here_reads_what_each_role_sees(head: Client, teacher: Client, governor: Client) -> None:
    for client in (head, teacher, governor):
        page = client.get("/school/roles")
        assert page.status_code == 200
        words = read(page).words
        for sentence in ("Answers for the whole school", "Guarded fields all of them", "Never enter marks; give roles"):
            assert sentence in words


def test_it_prints_the_table_that_access_answers_from() -> None:
    policy, page = school_policy(), roles_page()

    assert [sheet.code for sheet in page.sheets] == list(policy.roles)
    by_words = {sheet.words: policy.roles[sheet.code] for sheet in page.sheets}
    for matrix, held in ((page.fields, "fields"), (page.actions, "may")):
        known = policy.fields if held == "fields" else policy.actions
        codes = [next(code for code, words in known.items() if words == heading) for heading in matrix.headings]
        for role, cells in matrix.rows:
            assert cells == [code in getattr(by_words[role], held) for code in codes], role


def test_every_role_that_sees_a_pupil_stands_in_both_tables() -> None:
    seeing = [ROLES[code] for code, role in school_policy().roles.items() if code in ROLES and role.sees]

    assert [words for words, _ in roles_page().fields.rows] == seeing
    assert [words for words, _ in roles_page().actions.rows] == seeing
