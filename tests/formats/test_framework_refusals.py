"""Framework files: every refusal with its line and what would be right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.formats.frameworks import FrameworkRefused, read_framework
from headway.formats.refusals import FileRefused
from tests.formats.small_framework import SMALL, line_of, problem_of, problems_of

# Form


@pytest.mark.parametrize(
    ("old", "new", "place", "value", "wrong", "right"),
    [
        (
            "name: Painting",
            "nmae: Painting\n    name: Painting",
            "subjects.painting.nmae",
            "nmae",
            "is not a key of this part",
            "name",
        ),
        (
            "rules: {",
            "colours: { red: 1 }\nrules: {",
            "colours",
            "colours",
            "is not a key of this part",
            "one of framework, terms, mark_codes, scales, key_stages, named_points, subjects, thresholds, rules",
        ),
        ("points_rule: band", "points_rule: bands", "rules.points_rule", "bands", "cannot be used here", "band"),
        ("undivided: yes", "undivided: maybe", "rules.undivided", "maybe", "cannot be used here", "one of yes, no"),
        (
            "points: 2.0",
            "points: two",
            "scales.stars.grades[2].points",
            "two",
            "cannot be used here",
            "a number such as 27, -2, 0.5 or 1/3",
        ),
        (
            "points: 2.0",
            "points: 2/0",
            "scales.stars.grades[2].points",
            "2/0",
            "cannot be used here",
            "a number such as 27, -2, 0.5 or 1/3",
        ),
        (
            "points: 2.0",
            "points: ２",
            "scales.stars.grades[2].points",
            "２",
            "cannot be used here",
            "a number such as 27, -2, 0.5 or 1/3",
        ),
        (
            "code: our-own",
            "code: Our Own",
            "framework.code",
            "Our Own",
            "cannot be used here",
            "small letters, digits and hyphens, such as england-2008",
        ),
        (
            "name: Painting",
            "name:",
            "subjects.painting.name",
            "",
            "nothing stands here",
            "a few words, up to 200 letters",
        ),
        (
            "years: [3, 4]",
            "years: 3",
            "key_stages.UP.years",
            "3",
            "is not a list",
            "a list of year groups in order, such as [3, 4, 5, 6]",
        ),
        (
            "years: [3, 4]",
            "years: [3, 15]",
            "key_stages.UP.years[1]",
            "15",
            "cannot be used here",
            "N1, N2, R or a number from 1 to 14",
        ),
        (
            "kinds: [test, teacher]",
            "kinds: [test, teachers]",
            "key_stages.UP.prior.kinds[1]",
            "teachers",
            "cannot be used here",
            "teacher",
        ),
        (
            "kinds: [test, teacher]",
            "kinds: [test, test]",
            "key_stages.UP.prior.kinds",
            "",
            "the list names one thing twice",
            "a list of test and teacher, the one to use first in front",
        ),
        (
            "prior: none",
            "prior: nothing",
            "key_stages.LOW.prior",
            "nothing",
            "cannot be used here",
            "none, or the stage before and the kinds of result, such as { from: KS1, kinds: [teacher, test] }",
        ),
        (
            "  Abs: {",
            "  Abs.: {",
            "mark_codes.Abs.",
            "Abs.",
            "cannot be used as a code here",
            "letters and digits, such as Abs",
        ),
        (
            "code: 1, words",
            "code: １, words",
            "scales.stars.grades[1].code",
            "１",
            "cannot be used here",
            "a code of English letters, digits and the signs * + - such as 4, C or A*",
        ),
        (
            "starts: 09-01",
            "starts: 1 Sep",
            "terms.first.starts",
            "1 Sep",
            "cannot be used here",
            "a month and a day such as 09-01",
        ),
    ],
)
def test_it_says_what_would_be_right_of_a_wrong_form(
    old: str, new: str, place: str, value: str, wrong: str, right: str
) -> None:
    problem = problem_of(old, new)
    line = next(n for n, was in enumerate(SMALL.splitlines(), start=1) if old in was)

    assert (problem.file, problem.sheet, problem.row) == ("ours.yaml", None, line)
    assert (problem.column, problem.value, problem.wrong, problem.right) == (place, value, wrong, right)


def test_it_names_a_missing_key_at_the_entry_that_lacks_it() -> None:
    problem = problem_of("scale: stars, judgement: current, parts", "scale: stars, parts")

    assert (problem.row, problem.column) == (line_of("parts: [painting"), "subjects.art.stages.UP")
    assert (problem.wrong, problem.right) == (
        "the key judgement is missing",
        "the key judgement with one of current, likely",
    )


def test_it_names_a_missing_section() -> None:
    problem = problem_of("mark_codes:\n  Abs: { words: absent, also: [A] }\n", "")

    assert (problem.wrong, problem.column) == ("the key mark_codes is missing", None)
    assert problem.right == "the key mark_codes with the marks that are not grades, each with its words"


# Meaning


@pytest.mark.parametrize(
    ("old", "new", "place", "value", "wrong", "right"),
    [
        (
            "LOW: { scale: stars",
            "LOW: { scale: star",
            "subjects.painting.stages.LOW.scale",
            "star",
            "is not the code of a scale here",
            "stars",
        ),
        (
            "      LOW: {",
            "      LO: {",
            "subjects.painting.stages.LO",
            "LO",
            "is not the code of a key stage here",
            "LOW",
        ),
        (
            "parts: [painting, drawing]",
            "parts: [painting, dancing]",
            "subjects.art.stages.UP.parts[1]",
            "dancing",
            "is not the code of a subject here",
            "drawing",
        ),
        (
            "parts: [painting, drawing]",
            "parts: [painting, art]",
            "subjects.art.stages.UP.parts[1]",
            "art",
            "has parts itself in UP",
            "a subject without parts",
        ),
        (
            "results_scales: [marks]",
            "results_scales: [mark]",
            "subjects.painting.stages.UP.results_scales[0]",
            "mark",
            "is not the code of a scale here",
            "marks",
        ),
        (
            "points: 2.0",
            "points: 1.5",
            "scales.stars.grades[2].points",
            "1.5",
            "does not rise: 2- comes to 7/6, and 1+ below it to 4/3",
            "a number with which 2- comes to more than 4/3",
        ),
        (
            "points: 0, divided",
            "points: 0, band_from: 1, divided",
            "scales.stars.grades[1].points",
            "1",
            "does not rise: 1- comes to 1/2, and N below it to 1",
            "a number with which 1- comes to more than 1",
        ),
        (
            "points: +1/3, band_from: +1/6",
            "points: +1/3, band_from: -1/6",
            "scales.stars.parts[2].band_from",
            "-1/6",
            "does not rise",
            "a number above -1/6, which secure has",
        ),
        (
            "code: 2, words",
            "code: 1, words",
            "scales.stars.grades[2].code",
            "1",
            "is on the scale already",
            "each grade once",
        ),
        (
            "points: 0, divided: no",
            "points: 0, divided: yes, band_from: 0",
            "scales.stars.grades[0].band_from",
            "0",
            "is said of the parts",
            "no such key here: the grade's lowest part opens its band",
        ),
        (
            "range: { from: 0, to: 20",
            "range: { from: 0, to: 0",
            "scales.marks.range.to",
            "0",
            "cannot end the range",
            "a number above 0, by a thousand at most",
        ),
        (
            "years: [3, 4]",
            "years: [2, 3, 4]",
            "key_stages.UP.years[0]",
            "2",
            "is in LOW already",
            "each year group in one key stage, once",
        ),
        ("years: [3, 4]", "years: [3, 5]", "key_stages.UP.years[1]", "5", "is out of order", "4, the year after 3"),
        ("from: LOW", "from: LOWER", "key_stages.UP.prior.from", "LOWER", "is not the code of a key stage here", "LOW"),
        ("from: LOW", "from: UP", "key_stages.UP.prior.from", "UP", "is not before UP", "one of LOW"),
        (
            "key_stage: UP, term: 2",
            "key_stage: UP, term: 5",
            "named_points.Y3.term",
            "5",
            "is not a term of UP",
            "a number from 1 to 4",
        ),
        ("  Y3: {", "  LOW: {", "named_points.LOW", "LOW", "is a key stage already", "a code of its own, such as Y4"),
        (
            "marks: 15 }",
            "marks: 21 }",
            "thresholds.good.marks",
            "21",
            "is not on the scale",
            "a grade from 0 to 20 on marks (perhaps 2 or 1)",
        ),
        ("marks: 15 }", "mark: 15 }", "thresholds.good.mark", "mark", "is not the code of a scale here", "marks"),
        (
            "threshold: 2",
            "threshold: C",
            "subjects.painting.threshold",
            "C",
            "is not on the scale",
            "N, 1-, 1, 1+, 2-, 2, 2+ on stars",
        ),
        (
            "ends: 02-29",
            "ends: 02-30",
            "terms.first.ends",
            "02-30",
            "is not a day of the year",
            "a month and a day such as 09-01",
        ),
        (
            "starts: 09-01",
            "starts: 03-01",
            "terms.first.ends",
            "02-29",
            "is before the term starts",
            "an end after the start, in a year from 1 September to 31 August",
        ),
        (
            "starts: 03-01",
            "starts: 02-01",
            "terms.second.starts",
            "02-01",
            "is before first has ended",
            "terms in order that do not overlap",
        ),
        (
            "  Abs: { words: absent, also: [A] }",
            "  Abs: { words: absent, also: [A] }\n  A: { words: away }",
            "mark_codes.A",
            "A",
            "would mean both Abs and A",
            "each spelling for one mark code",
        ),
        (
            "prefixes: [star]",
            "prefixes: [star]\n    undivided: { S: { words: some, counts_as: 3 } }",
            "scales.stars.undivided.S.counts_as",
            "3",
            "is not a grade of this scale",
            "one of N, 1-, 1, 1+, 2-, 2, 2+",
        ),
    ],
)
def test_it_says_what_would_be_right_of_a_wrong_meaning(
    old: str, new: str, place: str, value: str, wrong: str, right: str
) -> None:
    problem = problem_of(old, new)

    assert (problem.column, problem.value, problem.wrong, problem.right) == (place, value, wrong, right)
    assert problem.row in {line_of(old), line_of(old) + 1}


def test_it_wants_one_middle_part() -> None:
    problem = problem_of("words: secure, points: 0", "words: secure, points: 1/6")

    assert (problem.row, problem.column) == (line_of("    parts:"), "scales.stars.parts")
    assert (problem.wrong, problem.right) == (
        "there is not one middle part",
        "points: 0 for the middle part, and for it alone",
    )


def test_it_refuses_two_grades_that_share_a_spelling() -> None:
    problem = problem_of("code: N, words: none", "code: 1l, words: none")

    assert (problem.row, problem.column) == (line_of("  stars:"), "scales.stars")
    assert problem.wrong == "scale stars: '1l' would mean both 1l and 1-"


def test_it_refuses_a_grade_spelled_like_the_code_of_a_mark() -> None:
    problem = problem_of("code: N, words: none", "code: ABS, words: none")

    assert (problem.column, problem.value) == ("scales.stars", "Abs")
    assert problem.wrong == "is a spelling of a grade, and the code of a mark (absent)"


TWO_GRADES = "    grades: [{ code: 1, words: one, points: 1 }, { code: 2, words: two, points: 2 }]\n"


@pytest.mark.parametrize("grades", ["", "    range: { from: 0, to: 20, words: mark }\n" + TWO_GRADES])
def test_it_wants_either_grades_or_a_range(grades: str) -> None:
    problem = problem_of("    range: { from: 0, to: 20, words: mark }\n", grades or "    prefixes: [mark]\n")

    assert problem.wrong == "the scale has neither or both of grades and range"


def test_it_refuses_a_grade_made_of_parts_where_there_are_none() -> None:
    grades = "    grades: [{ code: 1, words: one, points: 1, divided: yes }, { code: 2, words: two, points: 2 }]\n"
    problems = problems_of(SMALL.replace("    range: { from: 0, to: 20, words: mark }\n", grades))

    assert ("scales.marks.grades[0].divided", "is not so: the scale has no parts") in {
        (problem.column, problem.wrong) for problem in problems
    }


def test_it_refuses_points_in_units_too_fine_to_count() -> None:
    problem = problem_of("points: 2.0", "points: 1999/998")

    assert problem.wrong == "points would have to be counted in units of 1/2994"


def test_it_refuses_a_part_on_another_scale() -> None:
    problem = problem_of(
        "  drawing:\n    name: Drawing\n    stages:\n      UP: { scale: stars",
        "  drawing:\n    name: Drawing\n    stages:\n      UP: { scale: marks",
    )

    assert (problem.value, problem.wrong) == ("drawing", "is on the scale marks in UP")


def test_it_refuses_a_part_that_is_not_taught_then() -> None:
    problem = problem_of(
        "  drawing:\n    name: Drawing\n    stages:\n      UP:",
        "  drawing:\n    name: Drawing\n    stages:\n      LOW:",
    )

    assert (problem.value, problem.wrong) == ("drawing", "is not taught in UP")


def test_it_refuses_a_line_that_would_start_on_another_scale() -> None:
    problem = problem_of("LOW: { scale: stars", "LOW: { scale: marks")

    assert problem.column == "subjects.painting.stages.UP.scale"
    assert problem.wrong == "is not the scale marks of the results in LOW that its lines start from"
    assert problem.right == "marks; or judgement: likely; or prior: none in UP"


# All at once


def test_it_says_everything_at_once_in_the_order_of_the_file() -> None:
    text = (
        SMALL.replace("version: 3", "version: three")
        .replace("points: 2.0", "points: 1")
        .replace("years: [3, 4]", "years: [2, 3]")
        .replace("scale: stars, judgement: current, parts", "scale: moons, judgement: current, prats")
        .replace("marks: 15", "marks: 150")
    )

    problems = problems_of(text)

    assert [(problem.row, problem.column) for problem in problems] == [
        (1, "framework.version"),
        (line_of("two stars"), "scales.stars.grades[2].points"),
        (line_of("Upper school"), "key_stages.UP.years[0]"),
        (line_of("parts: [painting"), "subjects.art.stages.UP.prats"),
        (line_of("parts: [painting"), "subjects.art.stages.UP.scale"),
        (line_of("good:"), "thresholds.good.marks"),
    ]


def test_it_is_a_refusal_like_any_other_files() -> None:
    with pytest.raises(
        FileRefused, match=r"ours.yaml, row 1, column framework.version: 'x' cannot be used here\. Right"
    ):
        read_framework(SMALL.replace("version: 3", "version: x"), file="ours.yaml")


@given(start=st.integers(0, len(SMALL)), length=st.integers(0, 40), text=st.text(max_size=20))
def test_it_reads_any_text_or_refuses_it_with_what_would_be_right(start: int, length: int, text: str) -> None:
    try:
        read_framework(SMALL[:start] + text + SMALL[start + length :], file="ours.yaml")
    except FrameworkRefused as refusal:
        assert all(problem.row and problem.right for problem in refusal.problems)


@pytest.mark.parametrize("line", range(1, SMALL.count("\n") + 1))
def test_it_survives_the_loss_of_anyline_of(line: int) -> None:
    lines = SMALL.splitlines(keepends=True)
    try:
        read_framework("".join(lines[: line - 1] + lines[line:]), file="ours.yaml")
    except FrameworkRefused as refusal:
        assert all(problem.row is not None and problem.right for problem in refusal.problems)
