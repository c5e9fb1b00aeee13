"""Answers as JSON, CSV, XLSX and plain rows: the same figures, said for programs and for people."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook

from headway.domain.populations import Population
from headway.domain.questions import Answer, AnswerRow, Column, Question
from headway.formats.answers import answer_csv, answer_document, answer_table, answer_xlsx

COLUMNS = (
    Column("numerator", "On track", "pupils", "Pupils above or on."),
    Column("percent", "% on track", "percent", "Pupils above or on, of all whose status is known."),
    Column("low", "Low", "percent", "Lower end."),
)
ROWS = (
    AnswerRow(
        {"year_group": 0, "fsm": True}, {"numerator": 21, "percent": Decimal("72.4"), "low": Decimal("54.3")}, (1,)
    ),
    AnswerRow({"year_group": 6, "fsm": None}, {"numerator": 0, "percent": None, "low": None}, (2, 3), few=True),
)


@pytest.fixture
def answer() -> Answer:
    return Answer(
        question=Question(
            "status", Population(year_groups=(0, 6)), ("reading",), "2026-27-autumn", by=("year_group", "fsm")
        ),
        as_of=date(2026, 12, 4),
        known_at=datetime(2026, 12, 4, 9, 5, tzinfo=ZoneInfo("Europe/London")),
        framework="england-2008@1",
        columns=COLUMNS,
        rows=ROWS,
        notes=("Under 10 pupils: too few to read much into.",),
        total_pupils=3,
    )


def _csv_lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_it_writes_the_document_of_the_interface(answer: Answer) -> None:
    document = answer_document(answer, pupils_link=lambda row: f"/api/v1/ask/x/pupils?row={row}")

    assert list(document) == ["question", "as_of", "known_at", "framework", "state", "columns", "rows", "notes"]
    assert document["as_of"] == "2026-12-04"
    assert document["known_at"] == "2026-12-04T09:05:00+00:00"
    assert (document["framework"], document["state"]) == ("england-2008@1", "live")
    assert json.loads(json.dumps(document["rows"])) == [
        {
            "by": {"year_group": "R", "fsm": True},
            "numerator": 21,
            "percent": 72.4,
            "low": 54.3,
            "pupils": "/api/v1/ask/x/pupils?row=0",
        },
        {
            "by": {"year_group": 6, "fsm": None},
            "numerator": 0,
            "percent": None,
            "low": None,
            "pupils": "/api/v1/ask/x/pupils?row=1",
        },
    ]


def test_it_writes_numbers_with_the_digits_they_have(answer: Answer) -> None:
    text = json.dumps(answer_document(answer, pupils_link=lambda _: None))

    assert '"percent": 72.4,' in text


def test_it_writes_csv_with_codes_under_names_for_programs(answer: Answer) -> None:
    lines = _csv_lines(answer_csv(answer))

    assert lines[:3] == [
        ["year_group", "fsm", "numerator", "percent", "low"],
        ["R", "Y", "21", "72.4", "54.3"],
        ["6", "", "0", "", ""],
    ]


def test_it_writes_every_note_under_the_csv(answer: Answer) -> None:
    notes = [line[0] for line in _csv_lines(answer_csv(answer))[4:]]

    assert notes == [
        "# Reception and Year 6 reading, autumn 2026, against progress target, by year group and free school meals",
        "# As of 4 December 2026, as known on 4 December 2026 at 09:05.",
        "# Framework england-2008@1. 3 pupils in the population.",
        "# Under 10 pupils: too few to read much into.",
        "# numerator: Pupils above or on.",
        "# percent: Pupils above or on, of all whose status is known.",
        "# low: Lower end.",
    ]


def test_it_writes_a_spreadsheet_with_words_for_people_and_numbers_as_numbers(answer: Answer) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer_xlsx(answer)))

    assert book.get_sheet_by_index(0).to_python() == [
        ["Year group", "Free school meals", "On track", "% on track", "Low"],
        ["Reception", "yes", 21, 72.4, 54.3],
        ["Year 6", "not recorded", 0, "", ""],
    ]
    assert ["% on track: Pupils above or on, of all whose status is known."] in book.get_sheet_by_index(1).to_python()


def test_it_gives_plain_rows_for_a_terminal(answer: Answer) -> None:
    headings, rows = answer_table(answer)

    assert headings == ("Year group", "Free school meals", "On track", "% on track", "Low")
    assert rows == (("Reception", "yes", "21", "72.4", "54.3"), ("Year 6", "not recorded", "0", "", ""))


def test_it_says_subjects_and_terms_in_words(answer: Answer) -> None:
    row = AnswerRow({"subject": "history", "term": "2026-27-spring"}, ROWS[0].figures, ())
    answer = replace(answer, rows=(row,))

    assert answer_table(answer, subject_names={"history": "History"})[1][0][:2] == ("History", "spring 2027")
    assert answer_table(answer)[1][0][:2] == ("history", "spring 2027")
    assert _csv_lines(answer_csv(answer))[1][:2] == ["history", "2026-27-spring"]


def test_it_keeps_its_headings_without_a_row(answer: Answer) -> None:
    empty = replace(answer, rows=())

    assert answer_table(empty) == (("Year group", "Free school meals", "On track", "% on track", "Low"), ())
    assert _csv_lines(answer_csv(empty))[0] == ["year_group", "fsm", "numerator", "percent", "low"]


def test_it_never_writes_a_pupils_number(answer: Answer) -> None:
    named = replace(answer, question=replace(answer.question, population=Population(upns=("P207000016049",))))

    assert b"P207000016049" not in answer_csv(named)
