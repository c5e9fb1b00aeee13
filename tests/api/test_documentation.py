"""What the page about the API shows is what happens."""

import json
import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

from headway.api.problems import TITLES
from headway.records.models import Pupil, School
from tests.api.conftest import SECRETS, Asks, ask
from tests.api.routes import NOT_THERE, PUBLIC, route_names
from tests.school import bring_in, csv
from tests.web.primary import HEAD

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.M | re.S)


def _commands() -> list[str]:
    return [line for block in SHELL.findall(PAGE.read_text("utf-8")) for line in block.splitlines()]


def test_every_example_works_and_every_route_has_one(primary: School, head: Asks) -> None:
    pupil = Pupil.objects.order_by("pk")[0]
    bring_in(primary, csv("group,upn", f"Choir,{pupil.upn}"), file="groups.csv")
    asked = set()

    for command in _commands():
        filled = command.replace("$TOKEN", SECRETS[HEAD]).replace("$UPN", pupil.upn).replace("$PUPIL", str(pupil.uid))
        said = shlex.split(filled)
        assert said[:3] == ["curl", "-H", f"Authorization: Bearer {SECRETS[HEAD]}"]
        address = urlsplit(said[-1])
        body = said[said.index("-d") + 1] if "-d" in said else None
        sent = {"data": body, "content_type": "application/json"} if body else {}
        response = ask(f"{address.path}?{address.query}", token=SECRETS[HEAD], method="post" if body else "get", **sent)

        assert response.status_code == 200, (command, response.content)
        assert json.loads(response.content).get("items") != [], command
        asked.add(str(response.resolver_match.url_name))  # type: ignore[attr-defined]

    assert asked == set(route_names()) - PUBLIC - NOT_THERE


def test_its_answers_have_what_answers_have(primary: School, head: Asks) -> None:
    school, problem = re.findall(r"^```json\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)

    answer = json.loads(head("schools").content)
    answer["items"][0]["id"] = "…"

    assert json.loads(school) == answer
    assert json.loads(problem) == json.loads(head("pupils?yeargroup=5").content)


def test_it_explains_every_code_a_problem_can_have() -> None:
    rows = re.findall(r"^\| ([\d, ]+) \| (.*?) \|", PAGE.read_text("utf-8"), re.M)
    explained = {code for _, codes in rows for code in re.findall(r"`(\w+)`", codes)}

    assert explained == TITLES.keys()
    for statuses, codes in rows:
        assert {TITLES[code][0] for code in re.findall(r"`(\w+)`", codes)} == set(map(int, statuses.split(", ")))
