"""Flags: the code, and a sentence with its numbers."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.flags import (
    Flag,
    a2_fall,
    a3_rise,
    a4_uneven,
    t2_target_already_attained,
    t3_target_on_scale,
    t4_target_missing,
    t7_target_lowered,
)
from headway.domain.scales import Grade, Scale


def _grades(scale: Scale, *texts: str) -> list[Grade]:
    return [scale.parse(text) for text in texts]


@pytest.mark.parametrize(
    ("target", "attained", "sentence"),
    [
        ("4b", ["3a", "4b", "2c"], "The target 4b is the same as 4b, which has already been attained."),
        ("4c", ["4b", "4c"], "The target 4c is below 4b, which has already been attained."),
        ("4", ["4b"], "The target 4 is the same as 4b, which has already been attained."),
    ],
)
def test_T2_target_at_or_below_a_level_already_attained(
    levels: Scale, target: str, attained: list[str], sentence: str
) -> None:
    flag = t2_target_already_attained(levels.parse(target), attained=_grades(levels, *attained))

    assert flag == Flag("T2", sentence)


@pytest.mark.parametrize(("target", "attained"), [("4b", ["4c", "3a"]), ("4b", []), ("1c", ["W"])])
def test_T2_leaves_a_target_above_all_attained_alone(levels: Scale, target: str, attained: list[str]) -> None:
    assert t2_target_already_attained(levels.parse(target), attained=_grades(levels, *attained)) is None


def test_T3_target_not_on_the_scale(levels: Scale) -> None:
    flag = t3_target_on_scale("A*", scale=levels)

    assert isinstance(flag, Flag)
    assert flag.code == "T3"
    assert flag.sentence.startswith("The target 'A*' is not on the scale. Right would be a grade from W to 8a")


def test_T3_gives_the_grade_of_a_target_on_the_scale(levels: Scale) -> None:
    assert t3_target_on_scale("secure 4", scale=levels) == levels.parse("4b")


def test_T4_no_target_where_one_is_due(levels: Scale) -> None:
    flag = t4_target_missing(None, stage="Key Stage 2", k=7, n_terms=12)

    assert flag == Flag("T4", "There is no target for the end of Key Stage 2, though this is its term 7 of 12.")
    assert t4_target_missing(levels.parse("4b"), stage="Key Stage 2", k=7, n_terms=12) is None


def test_T7_target_lowered(levels: Scale) -> None:
    target, standing = _grades(levels, "4c", "4b")

    assert t7_target_lowered(target, standing=standing) == Flag(
        "T7", "The target 4c is lower than 4b, which stands. Lowering a target needs a reason."
    )


@pytest.mark.parametrize(("target", "standing"), [("4b", "4b"), ("4", "4b"), ("4b", "4"), ("5c", "4a")])
def test_T7_leaves_a_target_that_is_no_lower_alone(levels: Scale, target: str, standing: str) -> None:
    assert t7_target_lowered(levels.parse(target), standing=levels.parse(standing)) is None


def test_T7_compares_points_across_scales_of_one_family(levels: Scale, levels_with_p: Scale) -> None:
    assert t7_target_lowered(levels.parse("1c"), standing=levels_with_p.parse("1b")) is not None
    assert t7_target_lowered(levels.parse("1c"), standing=levels_with_p.parse("P8")) is None


def test_T7_says_nothing_of_a_first_target(levels: Scale) -> None:
    assert t7_target_lowered(levels.parse("3a"), standing=None) is None


def test_A2_fall_of_two_steps_or_more_since_the_last_assessment(levels: Scale) -> None:
    current, last = _grades(levels, "3c", "3a")

    assert a2_fall(current, last=last) == Flag("A2", "3c is 2 steps below 3a, the assessment before it.")


@pytest.mark.parametrize(("current", "last"), [("3b", "3a"), ("3a", "3a"), ("4b", "3a")])
def test_A2_leaves_a_smaller_fall_alone(levels: Scale, current: str, last: str) -> None:
    assert a2_fall(levels.parse(current), last=levels.parse(last)) is None


def test_A3_rise_of_three_steps_or_more_in_one_term(levels: Scale) -> None:
    current, before = _grades(levels, "3a", "2a")

    assert a3_rise(current, term_before=before) == Flag("A3", "3a is 3 steps above 2a, the assessment one term before.")


@pytest.mark.parametrize(("current", "before"), [("3a", "3c"), ("3a", "3a"), ("2c", "3a")])
def test_A3_leaves_a_smaller_rise_alone(levels: Scale, current: str, before: str) -> None:
    assert a3_rise(levels.parse(current), term_before=levels.parse(before)) is None


def test_A2_and_A3_say_nothing_of_a_first_assessment(levels: Scale) -> None:
    assert a2_fall(levels.parse("3a"), last=None) is None
    assert a3_rise(levels.parse("3a"), term_before=None) is None


def _given(scale: Scale, *texts: str) -> dict[str, Grade]:
    return dict(zip(("Writing", "Reading", "Mathematics", "Science", "History"), _grades(scale, *texts), strict=False))


def test_A4_subject_four_steps_or_more_below_the_pupils_own_median(levels: Scale) -> None:
    flag = a4_uneven("Writing", grades=_given(levels, "2a", "4c", "4b", "4c", "4c"))

    assert flag == Flag("A4", "Writing at 2a is 4 steps below the median of this pupil's 5 subjects, 4c.")


def test_A4_leaves_three_and_a_half_steps_alone(levels: Scale) -> None:
    grades = _given(levels, "2a", "3a", "4c", "4b")  # the middle: between 3a and 4c

    assert a4_uneven("Writing", grades=grades) is None


def test_A4_says_where_the_median_of_an_even_number_lies(levels: Scale) -> None:
    flag = a4_uneven("Writing", grades=_given(levels, "2b", "3a", "4c", "4b"))

    assert flag == Flag(
        "A4",
        "Writing at 2b is 4½ steps below the median of this pupil's 4 subjects, half way between 3a and 4c.",
    )


def test_A4_names_the_grade_when_both_in_the_middle_are_of_one_rank(levels: Scale) -> None:
    flag = a4_uneven("Writing", grades=_given(levels, "2b", "4c", "4c", "4b"))

    assert flag is not None
    assert flag.sentence.endswith("5 steps below the median of this pupil's 4 subjects, 4c.")


@pytest.mark.parametrize("texts", [("3b",), ("2c", "3b"), ("3c", "3b", "3a"), ("5b", "3b", "3c")])
def test_A4_leaves_even_subjects_and_high_ones_alone(levels: Scale, texts: tuple[str, ...]) -> None:
    assert a4_uneven("Writing", grades=_given(levels, *texts)) is None


@given(ranks=st.lists(st.integers(0, 24), min_size=1, max_size=9))
def test_A4_flags_what_lies_four_below_the_median_and_nothing_else(levels: Scale, ranks: list[int]) -> None:
    grades = {str(place): levels.grades[rank] for place, rank in enumerate(ranks)}

    flagged = [subject for subject in grades if a4_uneven(subject, grades=grades)]

    assert flagged == [subject for subject, grade in grades.items() if median(ranks) - grade.rank >= 4]
