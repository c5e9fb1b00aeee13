"""Status: actual against progress target, as a word."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.progress_targets import lay_line
from headway.domain.scales import Scale
from headway.domain.status import OFF_TRACK, STATUSES, compare, status_of

ORDER = {"well_below": 0, "below": 1, "on": 2, "above": 3}
RANKS = st.integers(0, 24)


@pytest.mark.parametrize(
    ("steps", "status"),
    [(3, "above"), (1, "above"), (0, "on"), (-1, "below"), (-2, "well_below"), (-7, "well_below"), (None, "not_known")],
)
def test_it_says_the_steps_as_a_word(steps: int | None, status: str) -> None:
    assert status_of(steps) == status


@pytest.mark.parametrize(
    ("steps", "status"),
    [(2, "above"), (1, "on"), (0, "on"), (-1, "on"), (-2, "below"), (-3, "well_below"), (None, "not_known")],
)
def test_it_moves_out_by_the_tolerance_a_school_has_set(steps: int | None, status: str) -> None:
    assert status_of(steps, tolerance=1) == status


def test_it_counts_below_and_well_below_as_off_track() -> None:
    assert {"below", "well_below"} == OFF_TRACK


@given(lower=RANKS, higher=RANKS, expected=RANKS, tolerance=st.integers(0, 3))
def test_it_never_falls_when_the_grade_rises(lower: int, higher: int, expected: int, tolerance: int) -> None:
    lower, higher = sorted((lower, higher))
    first, second = (status_of(rank - expected, tolerance=tolerance) for rank in (lower, higher))

    assert ORDER[first] <= ORDER[second]


@given(
    cohort=st.lists(st.tuples(st.none() | RANKS, st.none() | RANKS)),
    tolerance=st.integers(0, 3),
)
def test_it_puts_every_pupil_in_one_of_four_or_counts_them_apart(
    cohort: list[tuple[int | None, int | None]], tolerance: int
) -> None:
    pairs = [tuple(None if rank is None else (rank, Fraction(rank)) for rank in pupil) for pupil in cohort]
    counts = Counter(compare(assessed, expected, tolerance=tolerance).status for assessed, expected in pairs)
    known = sum(None not in pupil for pupil in cohort)

    assert set(counts) <= set(STATUSES)
    assert sum(counts[status] for status in ORDER) == known
    assert counts["not_known"] == len(cohort) - known


def test_it_shows_the_gap_in_points_beside_the_word(levels: Scale) -> None:
    line = lay_line(Fraction(15), levels.parse("4b"), n_terms=12, scale=levels)
    third = line.at(3)
    assert third is not None
    grade = levels.parse("2b")

    comparison = compare((grade.rank, grade.points), (third.rank, third.value))

    assert (comparison.status, comparison.steps, comparison.gap) == ("below", -1, Fraction(-3))


def test_it_decides_by_the_grade_and_not_by_the_gap(levels: Scale) -> None:
    """At 22 points the progress target is 3b (21): a 3b is on track though a point behind the line."""
    expected = levels.grade_for(Fraction(22))
    grade = levels.parse("3b")

    comparison = compare((grade.rank, grade.points), (expected.rank, Fraction(22)))

    assert (comparison.status, comparison.gap) == ("on", -1)


@pytest.mark.parametrize(("assessed", "expected"), [(None, (3, Fraction(15))), ((3, Fraction(15)), None), (None, None)])
def test_it_knows_no_status_where_either_side_is_missing(
    assessed: tuple[int, Fraction] | None, expected: tuple[int, Fraction] | None
) -> None:
    comparison = compare(assessed, expected)

    assert (comparison.status, comparison.steps, comparison.gap) == ("not_known", None, None)


def test_it_counts_a_bare_level_as_its_middle_part(levels: Scale) -> None:
    bare, target = levels.parse("4"), levels.parse("4b")

    assert compare((bare.rank, bare.points), (target.rank, target.points)).status == "on"
