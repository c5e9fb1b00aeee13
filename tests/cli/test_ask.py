"""Questions from the command line: on the terminal, as files, from a file."""

import io
import json

import pytest
from python_calamine import CalamineWorkbook

from tests.cli.conftest import BEN, CAT, MARKS, TERM, Headway, Write
from tests.school import csv

FIGURES = {"numerator": 1, "denominator": 2, "not_known": 0, "percent": 50.0}


@pytest.fixture
def marked(headway: Headway, file: Write) -> Headway:
    """Ben is on the line in reading (3b, expected 22 points), Cat two steps below it (3b, expected 4c)."""
    done = headway(
        "import", file("assessments.csv", csv(MARKS, f"{BEN},reading,{TERM},3b", f"{CAT},reading,{TERM},3b"))
    )
    assert done.code == 0, done.err
    return headway


def test_it_answers_on_the_terminal_with_its_notes(marked: Headway) -> None:
    done = marked("ask", "status", "--subject", "reading")

    assert (done.code, done.err) == (0, "")
    assert "50.0" in done.out
    assert "Pupils on roll, characteristics, classes and groups as on 23 November 2026." in done.out


def test_it_answers_as_json(marked: Headway, file: Write) -> None:
    out = file("answer.json", b"")

    done = marked("ask", "status", "--subject", "reading", "--by", "sex", "--out", out)

    answer = json.loads(out.read_text("utf-8"))
    assert done.out == f"2 rows in {out}\n"
    assert answer["question"]["measure"] == "status"
    assert answer["question"]["term"] == TERM
    by_sex = {row["by"]["sex"]: row for row in answer["rows"]}
    assert (by_sex["M"]["on"], by_sex["M"]["well_below"]) == (1, 0)
    assert (by_sex["F"]["on"], by_sex["F"]["well_below"]) == (0, 1)
    assert by_sex["M"]["denominator"] == by_sex["F"]["denominator"] == 1


def test_a_question_may_come_from_a_file(marked: Headway, file: Write) -> None:
    question = {"measure": "status", "subjects": ["reading"], "population": {"year_groups": [5]}, "term": TERM}
    out = file("answer.json", b"")

    done = marked("ask", "--question", file("question.json", json.dumps(question).encode()), "--out", out)

    (row,) = json.loads(out.read_text("utf-8"))["rows"]
    assert done.code == 0
    assert {name: row[name] for name in FIGURES} == FIGURES


def test_the_short_form_and_the_file_say_the_same(marked: Headway, file: Write) -> None:
    question = {"measure": "gap", "subjects": ["reading"], "by": ["sex"], "basis": "target", "as_of": "2026-12-01"}
    asked = file("question.json", json.dumps(question).encode("utf-8-sig"))
    one, two = file("one.json", b""), file("two.json", b"")
    short = ("--subject", "reading", "--by", "sex", "--basis", "target", "--as-of", "2026-12-01")

    marked("ask", "--question", asked, "--out", one)
    marked("ask", "gap", *short, "--out", two)

    first, second = (json.loads(path.read_text("utf-8")) for path in (one, two))
    assert first == {**second, "known_at": first["known_at"]}


def test_a_table_may_be_csv_or_a_workbook(marked: Headway, file: Write) -> None:
    as_csv, as_xlsx = file("answer.csv", b""), file("answer.xlsx", b"")

    for out in (as_csv, as_xlsx):
        assert marked("ask", "grades", "--subject", "reading", "--out", out).code == 0

    rows = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx.read_bytes())).get_sheet_by_index(0).to_python()
    assert "3b" in as_csv.read_text("utf-8")
    assert any("3b" in row for row in rows)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nonsense",), "measure"),
        (("status", "--by", "shoe_size"), "shoe_size"),
        (("status", "--subject", "alchemy"), "the school has no 'alchemy'"),
        (("status", "--class", "5B"), "the school has no '5B'"),
        (("status", "--year-group", "15"), "15"),
        (("status", "--term", "michaelmas"), TERM),
        (("status", "--basis", "hope"), "hope"),
        (("status", "--as-of", "yesterday"), "yesterday"),
        (("at_least:9z", "--subject", "reading"), "9z"),
        (("status", "--out", "answer.docx"), "'answer.docx' would be no kind of file."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_it_refuses_what_cannot_be_asked(marked: Headway, words: tuple[str, ...], said: str) -> None:
    done = marked("ask", *words)

    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert "Right would be" in done.err


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\xff", b"[" * 100_000], ids=["half", "no text", "deep"])
def test_it_refuses_a_question_that_is_no_json(marked: Headway, file: Write, content: bytes) -> None:
    done = marked("ask", "--question", file("question.json", content))

    assert (done.code, done.out) == (1, "")
    assert "question.json is not JSON" in done.err


def test_a_measure_and_a_file_at_once_or_neither_is_wrong_usage(marked: Headway, file: Write) -> None:
    question = file("question.json", b'{"measure": "status"}')

    for words in (("status", "--question", question), ()):
        done = marked("ask", *words)
        assert done.code == 2
        assert "one of the two" in done.err
