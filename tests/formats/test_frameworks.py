"""Framework files: what ships, a school's own, and what is no framework file at all."""

from fractions import Fraction

import pytest

from headway.domain.frameworks import Framework, NamedPoint, StageSubject
from headway.domain.scales import Grade
from headway.formats.frameworks import read_framework, shipped_frameworks
from tests.formats.small_framework import SMALL, problem_of, problems_of

# What ships


def test_it_reads_every_framework_that_ships() -> None:
    shipped = shipped_frameworks()

    assert set(shipped) == {"england-2008", "england-2026"}
    assert {code: read_framework(text, file=code).code for code, text in shipped.items()} == {
        code: code for code in shipped
    }


def test_it_finds_the_subjects_of_2008() -> None:
    england = read_framework(shipped_frameworks()["england-2008"], file="england-2008.yaml")
    taught = {code: [stage.key_stage for stage in each.stages] for code, each in england.subjects.items()}

    for code in ("reading", "writing", "speaking_listening"):
        assert taught[code] == ["KS1", "KS2", "KS3"]
    for code in ("english", "mathematics", "science", "ict"):
        assert taught[code] == ["KS1", "KS2", "KS3", "KS4"]
    assert england.subjects["english"].stages == (
        StageSubject("KS1", "nc_levels", "current", ("reading", "writing")),
        StageSubject("KS2", "nc_levels", "current", ("reading", "writing")),
        StageSubject("KS3", "nc_levels", "current"),
        StageSubject("KS4", "gcse", "likely"),
    )


def test_it_judges_the_likely_outcome_in_key_stage_4_only() -> None:
    for code, text in shipped_frameworks().items():
        stages = [stage for subject in read_framework(text, file=code).subjects.values() for stage in subject.stages]
        assert {(stage.key_stage == "KS4", stage.judgement) for stage in stages} == {
            (True, "likely"),
            (False, "current"),
        }


def test_it_takes_scaled_scores_as_results_in_2026() -> None:
    england = read_framework(shipped_frameworks()["england-2026"], file="england-2026.yaml")
    ks2 = {code: stage for code, each in england.subjects.items() for stage in each.stages if stage.key_stage == "KS2"}

    assert {code for code, stage in ks2.items() if stage.results_scales == ("scaled_score",)} == {
        "reading",
        "mathematics",
    }
    assert england.thresholds["ks2_expected"] == {"teacher_assessment": "EXS", "scaled_score": "100"}
    assert england.thresholds["standard_pass"] == {"gcse_9to1": "4"}


def test_it_names_the_expected_levels_of_2008() -> None:
    thresholds = read_framework(shipped_frameworks()["england-2008"], file="england-2008.yaml").thresholds

    assert {name: grades.get("nc_levels", grades.get("gcse")) for name, grades in thresholds.items()} == {
        "ks1_expected": "2",
        "y4_expected": "3",
        "ks2_expected": "4",
        "ks2_higher": "5",
        "ks3_expected": "5",
        "ks3_higher": "6",
        "gcse_good": "C",
        "gcse_any": "G",
    }


# A school's own


def _small() -> Framework:
    return read_framework(SMALL, file="ours.yaml")


def test_it_reads_a_framework_unlike_any_that_ships() -> None:
    ours = _small()

    assert (ours.label, ours.name, ours.source) == ("our-own@3", "Our own", "our school")
    assert [(term.name, term.starts, term.ends) for term in ours.terms] == [
        ("first", (9, 1), (2, 29)),
        ("second", (3, 1), (8, 31)),
    ]
    assert (ours.n_terms("LOW"), ours.n_terms("UP")) == (6, 4)
    assert (ours.key_stages["UP"].prior_stage, ours.key_stages["UP"].prior_kinds) == ("LOW", ("test", "teacher"))
    assert ours.named_points == {"Y3": NamedPoint("Y3", "UP", 2)}
    assert (ours.points_rule, ours.tolerance, ours.redraw, ours.undivided) == ("band", 1, "from_latest", True)


def test_it_reads_numbers_exactly_and_everything_else_as_text() -> None:
    stars = _small().scales["stars"]
    low, none = stars.parse("2-"), stars.parse_mark("N")

    assert (low.points, low.low, low.whole, low.level) == (Fraction(5, 3), Fraction(3, 2), "2", 2)
    assert isinstance(none, Grade)
    assert (none.code, none.points) == ("N", 0)


def test_it_keeps_what_a_subject_counts_as_and_its_size() -> None:
    subjects = _small().subjects

    assert (subjects["art"].counts_as, subjects["art"].gcse_size, subjects["art"].threshold) == (("art",), "0.5", None)
    assert subjects["painting"].threshold == "2"
    assert subjects["art"].stages[0].parts == ("painting", "drawing")
    assert subjects["painting"].stages[1].results_scales == ("marks",)


def test_it_builds_a_range_of_numbers() -> None:
    marks = _small().scales["marks"]

    assert ([grade.code for grade in marks.grades], marks.parse("15").words) == ([str(n) for n in range(21)], "mark 15")


@pytest.mark.parametrize(
    "section", ["named_points:\n  Y3: { key_stage: UP, term: 2 }\n", "thresholds:\n  good: { stars: 2-, marks: 15 }\n"]
)
def test_it_does_without_named_points_and_thresholds(section: str) -> None:
    ours = read_framework(SMALL.replace(section, ""), file="ours.yaml")

    assert not (ours.named_points and ours.thresholds)


# YAML itself


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("framework: { code: x\nterms: [", 2),
        ("framework:\n\tcode: x\n", 2),
        ('framework:\n  code: "x\n', 3),
        ("a: 1\n b: 2\n", 2),
        ("%YAML 9.9\n---\na: 1\n", 1),
    ],
)
def test_it_names_the_line_of_what_is_not_yaml(text: str, line: int) -> None:
    problems = problems_of(text)

    assert [problem.row for problem in problems] == [line]
    assert problems[0].wrong.startswith("the line cannot be read as YAML")
    assert problems[0].right


def test_it_refuses_a_key_that_stands_twice() -> None:
    problem = problem_of("  second: {", "  first: {")

    assert (problem.row, problem.column, problem.value) == (4, "terms.first", "first")
    assert problem.sentence() == (
        "ours.yaml, row 4, column terms.first: 'first' stands here already, in line 3. Right would be each key once."
    )


def test_it_refuses_references_that_could_grow_without_end() -> None:
    layers = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 60))

    problems = problems_of("l0: &l0 [x, x]\n" + layers)

    assert "refers to another place" in {problem.wrong for problem in problems}


@pytest.mark.parametrize(
    "text", ["[" * 150_000, "{a: " * 40_000, "- " * 60_000, "".join(" " * n + "a:\n" for n in range(500))]
)
def test_it_refuses_what_nests_without_end(text: str) -> None:
    assert [problem.wrong for problem in problems_of(text)] == ["the file nests too deep"]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "the file is empty"),
        ("# nothing but a note\n", "the file is empty"),
        ("a: 1\n---\nb: 2\n", "starts a second document"),
        ("x" * 300_000, "the file is too long for a framework"),
        ("name: a\0b\n", "the character U+0000 does not belong in a text"),
        ("name: \ud800\n", "the character U+D800 does not belong in a text"),
        ("just a sentence", "is not a group of keys"),
        ("- a list\n", "a list stands here"),
        ("? [a]\n: b\n", "a list or a group of keys stands where a key belongs"),
    ],
)
def test_it_refuses_what_is_no_framework_at_all(text: str, wrong: str) -> None:
    assert wrong in {problem.wrong for problem in problems_of(text)}


def test_it_constructs_nothing() -> None:
    problem = problem_of("name: Painting", "name: !!python/object/apply:os.getcwd []")

    assert problem.wrong == "a list stands here"
