"""Schools made from the command line, and their collections."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import BEN, MARKS, TERM, Headway, Write
from tests.school import csv

HILLSIDE = ("--name", "Hillside", "--dfe", "8231234", "--framework", "england-2008")
VALLEY = ("--name", "Valley", "--dfe", "8239999", "--framework", "england-2026")
CLAIM = re.compile(r"/claim/[\w-]+/[\w-]+")


class TestInit:
    def test_it_makes_an_empty_school_and_says_what_is_next(self, headway_anew: Headway) -> None:
        done = headway_anew("init", *HILLSIDE)

        assert (done.code, done.err) == (0, "")
        assert "Hillside (8231234) is ready, on england-2008@1." in done.out
        assert done.last == "Next: headway import pupils.csv"
        assert headway_anew("user", "list").out == ""

    def test_it_prints_the_one_time_link_of_the_administrator(self, headway_anew: Headway) -> None:
        done = headway_anew("init", *HILLSIDE, "--admin", "A. Khan", "--email", "A.Khan@hillside.example")

        assert CLAIM.search(done.out)
        assert (
            headway_anew("user", "list").out
            == "a.khan\tA. Khan\ta.khan@hillside.example\tassessment_manager\tinvited\n"
        )

    def test_it_closes_the_data_folder_to_others(self, headway_anew: Headway, tmp_path: Path) -> None:
        headway_anew("init", *HILLSIDE)

        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "new").iterdir()}
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        assert modes["headway.sqlite3"] == 0o600

    def test_a_second_one_is_refused_unless_added(self, headway: Headway) -> None:
        refused = headway("init", *VALLEY)

        assert refused.code == 1
        assert "There is a school here already. Right would be --add for another" in refused.err
        assert headway("init", *VALLEY, "--add").code == 0

    @pytest.mark.parametrize(
        ("option", "value", "said"),
        [
            ("--dfe", "823123", "'823123' is not a DfE number. Right would be seven digits"),
            ("--dfe", "８２３１２３４", "is not a DfE number"),
            ("--dfe", "8231234", "There is already a school with the DfE number 8231234."),
            ("--framework", "england-1066", "Right would be one of england-2008, england-2026"),
            ("--name", "  ", "The school has no name."),
            ("--email", "a.khan", "'a.khan' is not an e-mail address. Right would be one such as"),
            ("--admin", " ", "The person has no name."),
        ],
    )
    def test_what_cannot_be_is_refused_and_makes_nothing(
        self, headway: Headway, option: str, value: str, said: str
    ) -> None:
        asked = [*VALLEY, "--admin", "A. Khan", "--email", "a.khan@valley.example"]
        asked[asked.index(option) + 1] = value

        done = headway("init", *asked, "--add")

        assert done.code == 1
        assert said in done.err
        assert headway("collections").code == 0, "there is still one school, and it need not be named"

    @pytest.mark.parametrize("half", [("--admin", "A. Khan"), ("--email", "a.khan@valley.example")])
    def test_a_name_without_an_address_is_wrong_usage(self, headway: Headway, half: tuple[str, str]) -> None:
        done = headway("init", *VALLEY, "--add", *half)

        assert done.code == 2
        assert "--admin and --email go together." in done.err


class TestWhichSchool:
    def test_it_must_be_named_where_there_are_two(self, headway: Headway) -> None:
        headway("init", *VALLEY, "--add")

        for words in (("collections",), ("user", "list"), ("ask", "status")):
            done = headway(*words)
            assert done.code == 1
            assert "There are several schools here. Right would be --school and one of" in done.err
            assert "8231234 (Hillside), 8239999 (Valley)" in done.err

    def test_each_has_its_own(self, headway: Headway, tmp_path: Path) -> None:
        headway("init", *VALLEY, "--add")

        def rows(dfe: str) -> int:
            out = tmp_path / f"{dfe}.csv"
            assert headway("export", "pupils", "--out", out, "--school", dfe).code == 0
            return len(out.read_text("utf-8").splitlines()) - 1

        assert (rows("8231234"), rows("8239999")) == (2, 0)

    def test_it_refuses_one_that_is_not_here(self, headway: Headway) -> None:
        done = headway("collections", "--school", "8230000")

        assert done.code == 1
        assert done.err == "There is no school 8230000 here. Right would be 8231234.\n"


class TestCollections:
    def test_it_lists_the_terms_with_what_they_hold(self, headway: Headway, file: Write) -> None:
        headway("import", file("assessments.csv", csv(MARKS, f"{BEN},reading,{TERM},3a")))

        assert f"{TERM}\t1 assessments\topen" in headway("collections").out

    def test_a_closed_term_takes_no_marks_until_it_is_reopened(self, headway: Headway, file: Write) -> None:
        marks = file("assessments.csv", csv(MARKS, f"{BEN},reading,{TERM},3a"))

        closed = headway("collections", "--close", TERM)
        refused = headway("import", marks)
        reopened = headway("collections", "--reopen", TERM)

        assert f"{TERM}\t0 assessments\tclosed 23 November 2026" in closed.out
        assert refused.code == 1
        assert "column term" in refused.err
        assert "closed on 23 November 2026" in refused.err
        assert f"{TERM}\t0 assessments\topen" in reopened.out
        assert headway("import", marks).last == "1 new, 0 changed, 0 same, 0 refused"

    @pytest.mark.parametrize("option", ["--close", "--reopen"])
    def test_it_refuses_what_is_no_term(self, headway: Headway, option: str) -> None:
        done = headway("collections", option, "2026-27-michaelmas")

        assert done.code == 1
        assert "2026-27-autumn" in done.err
