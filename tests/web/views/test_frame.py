from django.test import Client
from tests.web.html import read

from headway.records.models import School


def test_it_follows_the_device_until_somebody_chooses(client: Client, primary: School) -> None:
    assert "data-bs-theme" not in read(client.get("/sign-in")).find("html")[0]


def test_it_remembers_a_theme(client: Client, primary: School) -> None:
    response = client.post("/theme", {"theme": "dark", "next": "/sign-in"})

    assert response["Location"] == "/sign-in"
    assert read(client.get("/sign-in")).find("html", **{"data-bs-theme": "dark"})
    assert read(client.get("/sign-in")).find("button", value="dark", **{"aria-pressed": "true"})


def test_it_goes_back_to_nowhere_else(client: Client, primary: School) -> None:
    assert client.post("/theme", {"theme": "dark", "next": "//elsewhere.example/"})["Location"] == "/"


def test_it_ignores_a_theme_there_is_not(client: Client, primary: School) -> None:
    client.cookies["theme"] = '"><script>'

    assert "data-bs-theme" not in read(client.get("/sign-in")).find("html")[0]


def test_it_leads_people_only_where_they_have_something_to_do(head: Client, governor: Client) -> None:
    assert read(head.get("/progress")).find("a", href="/progress", **{"aria-current": "page"})
    assert not read(governor.get("/progress")).find("a", href="/progress")
