"""Flags: the code, and a sentence with its numbers."""

import pytest

from headway.domain.flags import Flag, a2_fall, a3_rise, t2_target_already_attained, t3_target_on_scale
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
