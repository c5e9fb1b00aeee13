"""Questions: their JSON form with every problem said at once, its inverse, and the sentence."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.cuts import CUTS, YES_NO_CUTS
from headway.domain.populations import Population
from headway.domain.pupils import upn_check_letter
from headway.domain.questions import (
    Question,
    QuestionRefused,
    basis_of,
    parse_question,
    question_document,
    sentence,
    term_words,
)

LONDON = ZoneInfo("Europe/London")

_codes = st.text(st.characters(min_codepoint=33, max_codepoint=0x17F), min_size=1, max_size=6)
_years = st.sampled_from(["N1", "N2", "R", *range(1, 15), "7"])
_upns = st.integers(0, 10**12 - 1).map(lambda number: f"{upn_check_letter(f'{number:012d}')}{number:012d}")
_where = st.fixed_dictionaries(
    {},
    optional={
        **{cut: st.none() | st.booleans() for cut in YES_NO_CUTS},
        "sex": st.sampled_from([None, "F", "m", ["F", "M"]]),
        "sen": st.sampled_from([None, "K", ["K", "E"]]),
        "first_language": st.sampled_from(["ENG", ["URD", "PAN"]]),
        "ethnicity": st.sampled_from(["Asian", ["White", "Mixed"], None]),
        "attendance_band": st.sampled_from(["under 90", ["under 90", "90 to under 95"]]),
        "prior_band": st.just("18 and over"),
        "year_group": _years | st.lists(_years, min_size=1, max_size=2, unique_by=str),
        "class": _codes,
        "reg_group": st.none() | _codes,
        "school": st.just("8231234"),
    },
)


def _lists(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, max_size=3, unique_by=str)


documents = st.one_of(
    st.tuples(st.sampled_from(["status", "gap"]), st.sampled_from([None, "progress_target", "target"])),
    st.tuples(
        st.sampled_from(["grades", "points", "at_least:4b", "at_least: C secure"]),
        st.sampled_from([None, "current", "progress_target", "target"]),
    ),
).flatmap(
    lambda measured: st.fixed_dictionaries(
        {"measure": st.just(measured[0]), "basis": st.just(measured[1])},
        optional={
            "population": st.none()
            | st.fixed_dictionaries(
                {},
                optional={
                    "year_groups": _lists(_years),
                    "classes": _lists(_codes),
                    "groups": _lists(_codes),
                    "where": _where,
                    "upns": _lists(_upns),
                },
            ),
            "subjects": _lists(st.sampled_from(["reading", "writing", "history"])),
            "term": st.sampled_from([None, "2026-27-autumn", "2027-28-summer"]),
            "by": st.lists(st.sampled_from(list(CUTS)), max_size=2, unique=True),
            "as_of": st.none() | st.dates().map(date.isoformat),
            "known_at": st.none()
            | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)).map(datetime.isoformat)
            | st.datetimes(
                datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.timezones(), allow_imaginary=False
            ).map(datetime.isoformat)
            | st.dates(date(1900, 1, 1)).map(date.isoformat),
        },
    )
)


def _problems(document: object) -> tuple[str, ...]:
    with pytest.raises(QuestionRefused) as refused:
        parse_question(document)
    return refused.value.problems


@given(documents)
def test_it_writes_a_question_as_it_reads_it(document: dict[str, Any]) -> None:
    question = parse_question(document)
    written = question_document(question)

    assert parse_question(written) == question
    assert parse_question(json.loads(json.dumps(written))) == question
    assert question_document(parse_question(written)) == written
    assert hash(parse_question(written)) == hash(question)


@given(documents)
def test_it_says_every_question_in_words_without_a_pupils_number(document: dict[str, Any]) -> None:
    question = parse_question(document)

    assert sentence(question)
    assert not any(upn in sentence(question) for upn in question.population.upns)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ).flatmap(
        lambda odd: (
            st.dictionaries(
                st.sampled_from(
                    ["measure", "population", "subjects", "term", "basis", "by", "as_of", "known_at", "model"]
                ),
                st.just(odd),
            )
            | st.fixed_dictionaries({"measure": st.just("status"), "population": st.just({"where": odd, "upns": odd})})
            | st.just(odd)
        )
    )
)
def test_it_reads_or_refuses_whatever_it_is_given(document: object) -> None:
    try:
        parse_question(document)
    except QuestionRefused as refused:
        assert refused.problems
        assert all(". Right would be " in problem for problem in refused.problems)


def test_it_reads_the_question_of_the_interface() -> None:
    question = parse_question(
        {
            "population": {"year_groups": [6], "classes": [], "groups": [], "where": {"fsm": True}, "upns": []},
            "subjects": ["reading", "mathematics"],
            "term": "2026-27-autumn",
            "basis": "target",
            "model": None,
            "measure": "at_least:4",
            "by": ["sex", "fsm"],
            "as_of": "2026-12-04",
            "known_at": None,
        }
    )

    assert question == Question(
        measure="at_least:4",
        population=Population(year_groups=(6,), where=(("fsm", True),)),
        subjects=("reading", "mathematics"),
        term="2026-27-autumn",
        basis="target",
        by=("sex", "fsm"),
        as_of=date(2026, 12, 4),
    )


def test_it_says_everything_that_is_wrong_at_once() -> None:
    problems = _problems(
        {
            "measure": "statsu",
            "subject": "reading",
            "basis": "predicted",
            "by": ["sex", "meals", "fsm"],
            "population": {"year_group": [6], "year_groups": [15], "where": {"fsm": "Y", "seen": "K"}},
            "as_of": "04/12/2026",
            "term": "autumn",
            "known_at": "yesterday",
        }
    )

    assert [problem.split(": ")[0] for problem in problems] == [
        *("subject", "measure", "population.year_group", "population.year_groups", "population.where.fsm"),
        *("population.where.seen", "term", "basis", "by", "by", "as_of", "known_at"),
    ]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], 'question: [] is not a question. Right would be a question such as {"measure": "status"}.'),
        (
            {},
            "measure: is missing. Right would be status, gap, grades, points or at_least:GRADE, such as at_least:4.",
        ),
        (
            {"measure": "at_least:"},
            "measure: 'at_least:' is not something that can be measured yet. Right would be status, gap, grades, "
            "points or at_least:GRADE, such as at_least:4 (perhaps at_least:GRADE).",
        ),
        ({"measure": "status", "sujects": []}, "sujects: is not a part of a question. Right would be subjects."),
        (
            {"measure": "status", "subjects": "reading"},
            "subjects: 'reading' is not a list. Right would be a list such as [\"reading\"].",
        ),
        (
            {"measure": "status", "subjects": ["reading", "reading"]},
            "subjects: 'reading' stands there twice. Right would be each once.",
        ),
        (
            {"measure": "status", "by": ["sex", "sex"]},
            "by: 'sex' stands there twice. Right would be each once.",
        ),
        (
            {"measure": "status", "by": ["sex", "fsm", "sen"]},
            "by: 3 cuts are too many. Right would be one or two.",
        ),
        (
            {"measure": "status", "basis": "current"},
            "basis: 'current' is not a basis for status. Right would be progress_target or target.",
        ),
        (
            {"measure": "points", "basis": "predicted"},
            "basis: 'predicted' cannot be asked: no prediction model exists yet. Right would be current, "
            "progress_target or target.",
        ),
        (
            {"measure": "points", "model": "recent"},
            "model: 'recent' cannot be asked: no prediction model exists yet. Right would be null.",
        ),
        (
            {"measure": "gap", "as_of": 20261204},
            "as_of: 20261204 is not a text. Right would be a date such as 2026-12-04.",
        ),
        (
            {"measure": "gap", "as_of": "2026-02-30"},
            "as_of: '2026-02-30' is not a date. Right would be a date such as 2026-12-04.",
        ),
        (
            {"measure": "gap", "population": {"where": {"fsm": [True]}}},
            "population.where.fsm: [true] is not yes or no. Right would be true, false or null (not recorded).",
        ),
        (
            {"measure": "gap", "population": {"where": {"sex": "X"}}},
            "population.where.sex: 'X' is not a code for sex. Right would be F (female), M (male).",
        ),
        (
            {"measure": "gap", "population": {"where": {"ethnicity": "WBRI"}}},
            "population.where.ethnicity: 'WBRI' is not one of its values. Right would be White, Mixed, Asian, Black, "
            "Chinese, Other or Unclassified.",
        ),
        (
            {"measure": "gap", "population": {"where": {"sen": []}}},
            "population.where.sen: the list is empty. Right would be at least one code, or no such choice at all.",
        ),
        (
            {"measure": "gap", "population": {"where": {"sen": ["K", None]}}},
            "population.where.sen: null stands in a list. Right would be null alone, or a list of codes.",
        ),
        (
            {"measure": "gap", "population": {"year_groups": [True]}},
            "population.year_groups: true is not a year group. Right would be N1, N2, R or a number from 1 to 14.",
        ),
        (
            {"measure": "gap", "population": {"upns": ["Q207000016049"]}},
            "population.upns: 'Q207000016049' has the wrong check letter. Right would be P207000016049, if the digits "
            "are right.",
        ),
    ],
)
def test_it_says_what_is_wrong_and_what_would_be_right(document: object, problem: str) -> None:
    assert _problems(document) == (problem,)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-10-12", datetime(2026, 10, 12, 23, 59, 59, 999999, LONDON)),
        ("2026-07-01T09:30", datetime(2026, 7, 1, 9, 30, tzinfo=LONDON)),
        ("2026-07-01T08:30:00Z", datetime(2026, 7, 1, 9, 30, tzinfo=LONDON)),
    ],
)
def test_it_reads_the_moment_known_at_in_the_schools_time(text: str, moment: datetime) -> None:
    known_at = parse_question({"measure": "status", "known_at": text}).known_at

    assert known_at == moment
    assert known_at is not None
    assert known_at.utcoffset() == moment.utcoffset()


def test_it_falls_back_on_the_measures_own_basis() -> None:
    bases = {measure: basis_of(Question(measure)) for measure in ("status", "gap", "grades", "points", "at_least:4")}

    assert bases == {
        "status": "progress_target",
        "gap": "progress_target",
        "grades": "current",
        "points": "current",
        "at_least:4": "current",
    }


@pytest.mark.parametrize(
    ("question", "words"),
    [
        (
            Question("gap", Population(year_groups=(5, 6)), ("reading",), "2026-27-spring", basis="target"),
            "Years 5 and 6 reading, spring 2027, gap in points to target",
        ),
        (
            Question("grades", Population(year_groups=(0, 1)), as_of=date(2026, 12, 4)),
            "Reception and Year 1 every subject, latest term, grades, as of 4 December 2026",
        ),
        (
            Question("points", Population(where=(("fsm", None), ("sen", ("K", "E"))), classes=("5A",)), basis="target"),
            "All pupils, every subject, class 5A, free school meals: not recorded, SEN provision: SEN support or "
            "education, health and care plan, latest term, points of targets",
        ),
        (
            Question("at_least:C", Population(upns=("P207000016049",)), by=("sex", "prior_band")),
            "All pupils, every subject, 1 named pupil, latest term, C or above, by sex and prior attainment",
        ),
        (
            Question("grades", basis="progress_target", known_at=datetime(2026, 10, 12, 15, 30, tzinfo=LONDON)),
            "All pupils, every subject, latest term, grades of progress targets, as known on 12 October 2026 at 15:30",
        ),
    ],
)
def test_it_says_a_question_in_words(question: Question, words: str) -> None:
    assert sentence(question) == words


def test_it_uses_the_schools_names_of_subjects() -> None:
    question = Question("status", Population(year_groups=(7,)), ("speaking_listening", "history"))

    assert sentence(question, subject_names={"history": "History"}).startswith("Year 7 speaking listening and History,")


def test_it_says_a_term_it_cannot_read_as_it_stands() -> None:
    assert term_words("summer") == "summer"
