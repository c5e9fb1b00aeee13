"""The flat line from prior attainment to the target."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.progress_targets import (
    Line,
    composite_line,
    keep_closed_terms,
    lay_line,
    redraw_from_latest,
    starting_point,
)
from headway.domain.scales import Grade, PointsRule, Scale

RULES: st.SearchStrategy[PointsRule] = st.sampled_from(["reached", "band"])
STARTS = st.fractions(min_value=0, max_value=60, max_denominator=12)


def _codes(line: Line, scale: Scale) -> dict[int, str]:
    return {term.k: scale.grades[term.rank].code for term in line.terms}


def _values(line: Line) -> dict[int, Fraction]:
    return {term.k: term.value for term in line.terms}


@st.composite
def _lines(draw: st.DrawFn, scales: list[Scale]) -> tuple[Scale, Fraction, Grade, int, int, PointsRule]:
    scale = draw(st.sampled_from(scales))
    n_terms = draw(st.integers(1, 12))
    target = draw(st.sampled_from([*scale.grades, *scale.bare_grades]))
    return scale, draw(STARTS), target, draw(st.integers(0, n_terms)), n_terms, draw(RULES)


# The flat line


def test_it_draws_2b_to_4b_over_key_stage_2(levels: Scale) -> None:
    line = lay_line(levels.parse("2b").points, levels.parse("4b"), n_terms=12, scale=levels)

    assert _values(line) == {k: 15 + k for k in range(1, 13)}
    assert {k: code for k, code in _codes(line, levels).items() if k in (1, 2, 3, 12)} == {
        1: "2b", 2: "2a", 3: "2a", 12: "4b",
    }  # fmt: skip


def test_it_keeps_fractions_of_points_exact(levels: Scale) -> None:
    line = lay_line(Fraction(21), levels.parse("4b"), n_terms=9, scale=levels)

    assert _values(line)[1] == Fraction(65, 3)
    assert _values(line)[4] == Fraction(71, 3)


@given(data=st.data())
def test_it_hits_both_ends_exactly_and_rises_evenly(every_scale: list[Scale], data: st.DataObject) -> None:
    scale, start, target, k0, n_terms, rule = data.draw(_lines(every_scale))
    line = lay_line(start, target, k0=k0, n_terms=n_terms, scale=scale, rule=rule)
    values = {**({0: start} if k0 == 0 else {}), **_values(line)}

    assert list(values) == list(range(k0, n_terms + 1))
    assert values[n_terms] == target.points
    if k0 < n_terms:
        assert values[k0] == start
    assert {values[k + 1] - values[k] for k in range(k0, n_terms)} <= {(target.points - start) / max(n_terms - k0, 1)}


@given(data=st.data())
def test_it_gives_grades_that_never_turn_back(every_scale: list[Scale], data: st.DataObject) -> None:
    scale, start, target, k0, n_terms, rule = data.draw(_lines(every_scale))
    line = lay_line(start, target, k0=k0, n_terms=n_terms, scale=scale, rule=rule)
    ranks = [term.rank for term in line.terms]

    assert ranks == sorted(ranks, reverse=target.points < start)
    assert ranks[-1] == target.rank


@given(data=st.data())
def test_it_gives_the_grade_of_each_value_by_the_rule_in_force(every_scale: list[Scale], data: st.DataObject) -> None:
    scale, start, target, k0, n_terms, rule = data.draw(_lines(every_scale))
    line = lay_line(start, target, k0=k0, n_terms=n_terms, scale=scale, rule=rule)

    assert line.rule == rule
    assert all(term.rank == scale.grade_for(term.value, rule=rule).rank for term in line.terms)
    assert {term.target for term in line.terms} == {target.code}


def test_it_draws_by_bands_where_a_school_has_chosen_so(levels: Scale) -> None:
    line = lay_line(Fraction(15), levels.parse("4b"), n_terms=12, scale=levels, rule="band")

    assert _codes(line, levels)[1] == "2a"
    assert _codes(line, levels)[7] == "3a"


# Without prior attainment


def test_it_starts_at_the_first_assessment_without_prior_attainment(levels: Scale) -> None:
    start = starting_point({7: Fraction(23), 4: Fraction(19)})
    assert start == (4, 19)

    line = lay_line(start[1], levels.parse("4b"), k0=start[0], n_terms=12, scale=levels)

    assert _values(line) == {k: 19 + Fraction(8 * (k - 4), 8) for k in range(4, 13)}
    assert line.starts_here == 4
    assert [line.at(k) for k in (1, 2, 3)] == [None, None, None]


def test_it_has_no_start_before_any_assessment() -> None:
    assert starting_point({}) is None


def test_it_is_the_target_where_it_starts_in_the_last_term(levels: Scale) -> None:
    line = lay_line(Fraction(23), levels.parse("4b"), k0=12, n_terms=12, scale=levels)

    assert _values(line) == {12: 27}
    assert _codes(line, levels) == {12: "4b"}
    assert line.starts_here == 12


def test_it_starts_nowhere_in_the_stage_with_prior_attainment(levels: Scale) -> None:
    assert lay_line(Fraction(15), levels.parse("4b"), n_terms=12, scale=levels).starts_here is None


@pytest.mark.parametrize("k0", [-1, 13])
def test_it_refuses_a_start_outside_the_key_stage(levels: Scale, k0: int) -> None:
    with pytest.raises(ValueError, match=f"a line cannot start at term {k0} of 12"):
        lay_line(Fraction(15), levels.parse("4b"), k0=k0, n_terms=12, scale=levels)


# Likely outcomes


def test_it_is_flat_at_the_target_for_a_likely_outcome_without_an_estimate(gcse: Scale) -> None:
    line = lay_line(None, gcse.parse("B"), n_terms=6, scale=gcse)

    assert _values(line) == dict.fromkeys(range(1, 7), Fraction(46))
    assert set(_codes(line, gcse).values()) == {"B"}
    assert line.starts_here is None


def test_it_runs_from_the_estimate_for_a_likely_outcome(gcse: Scale) -> None:
    line = lay_line(gcse.parse("D").points, gcse.parse("C"), n_terms=6, scale=gcse)

    assert list(_values(line).values()) == [35, 36, 37, 38, 39, 40]
    assert list(_codes(line, gcse).values()) == ["D", "D+", "D+", "C-", "C-", "C"]


def test_it_draws_on_thirds(nine_to_one: Scale) -> None:
    line = lay_line(nine_to_one.parse("4").points, nine_to_one.parse("6-"), n_terms=6, scale=nine_to_one)

    assert _values(line)[1] == Fraction(77, 18)
    assert list(_codes(line, nine_to_one).values()) == ["4", "4+", "5-", "5", "5+", "6-"]


# Redrawing


def test_it_keeps_closed_terms_as_they_were(levels: Scale) -> None:
    before = lay_line(Fraction(15), levels.parse("4b"), n_terms=12, scale=levels)
    now = lay_line(Fraction(15), levels.parse("5b"), n_terms=12, scale=levels)

    redrawn = keep_closed_terms(now, before=before, closed=frozenset({1, 2, 3}))

    assert [redrawn.at(k) for k in (1, 2, 3)] == [before.at(k) for k in (1, 2, 3)]
    assert [redrawn.at(k) for k in range(4, 13)] == [now.at(k) for k in range(4, 13)]
    assert [term.target for term in redrawn.terms] == ["4b"] * 3 + ["5b"] * 9
    assert (redrawn.start, redrawn.end) == (15, 33)


def test_it_redraws_later_terms_on_the_whole_line(levels: Scale) -> None:
    """Not from where the old line had come to: term 4 of the new line, as if it had always been the target."""
    before = lay_line(Fraction(15), levels.parse("4b"), n_terms=12, scale=levels)
    now = lay_line(Fraction(15), levels.parse("5b"), n_terms=12, scale=levels)

    fourth = keep_closed_terms(now, before=before, closed=frozenset({1, 2, 3})).at(4)

    assert fourth is not None
    assert fourth.value == 15 + Fraction(18 * 4, 12)


@given(data=st.data())
def test_it_keeps_history_through_any_number_of_changes(levels: Scale, data: st.DataObject) -> None:
    targets = data.draw(st.lists(st.sampled_from(levels.grades), min_size=1, max_size=5))
    closed_then = sorted(data.draw(st.lists(st.integers(0, 12), min_size=len(targets), max_size=len(targets))))
    line: Line | None = None
    history: dict[int, object] = {}
    for target, n_closed in zip(targets, closed_then, strict=True):
        if line is not None:
            history |= {k: line.at(k) for k in range(1, n_closed + 1)}
        whole = lay_line(Fraction(15), target, n_terms=12, scale=levels)
        line = keep_closed_terms(whole, before=line, closed=frozenset(range(1, n_closed + 1)))
        assert [term.k for term in line.terms] == list(range(1, 13))
        assert all(line.at(k) == kept for k, kept in history.items())
        assert all(line.at(k) == whole.at(k) for k in range(n_closed + 1, 13))


def test_it_has_nothing_to_keep_the_first_time(levels: Scale) -> None:
    line = lay_line(Fraction(15), levels.parse("4b"), n_terms=12, scale=levels)

    assert keep_closed_terms(line, before=None, closed=frozenset({1, 2})) == line


def test_it_redraws_from_the_latest_assessment_where_a_school_has_chosen_so(levels: Scale) -> None:
    before = lay_line(Fraction(15), levels.parse("4b"), n_terms=12, scale=levels)
    target = levels.parse("5b")
    now = lay_line(Fraction(15), target, n_terms=12, scale=levels)

    redrawn = redraw_from_latest(now, before=before, k=6, points=Fraction(23), target=target, scale=levels)

    assert [redrawn.at(k) for k in range(1, 7)] == [before.at(k) for k in range(1, 7)]
    assert [term.value for term in redrawn.terms[6:]] == [23 + Fraction(10 * (k - 6), 6) for k in range(7, 13)]


# Composites


def test_it_draws_the_mean_of_the_parts_lines(levels: Scale) -> None:
    reading = lay_line(Fraction(17), levels.parse("4a"), n_terms=12, scale=levels)
    writing = lay_line(Fraction(13), levels.parse("4c"), n_terms=12, scale=levels)

    english = composite_line([reading, writing], scale=levels, target="4b")

    assert (english.start, english.end) == (15, 27)
    assert _values(english) == {k: 15 + k for k in range(1, 13)}
    assert {term.target for term in english.terms} == {"4b"}


def test_it_starts_a_composite_where_the_last_part_starts(levels: Scale) -> None:
    reading = lay_line(Fraction(15), levels.parse("4b"), n_terms=12, scale=levels)
    writing = lay_line(Fraction(17), levels.parse("4b"), k0=4, n_terms=12, scale=levels)

    english = composite_line([reading, writing], scale=levels, target="4b")

    assert english.starts_here == 4
    assert [term.k for term in english.terms] == list(range(4, 13))
    assert english.terms[0].value == Fraction(19 + 17, 2)
    assert english.start == 18


@given(data=st.data())
def test_it_holds_a_composite_between_its_parts(levels: Scale, data: st.DataObject) -> None:
    lines = [
        lay_line(
            data.draw(STARTS),
            data.draw(st.sampled_from(levels.grades)),
            k0=data.draw(st.integers(0, 12)),
            n_terms=12,
            scale=levels,
        )
        for _ in range(data.draw(st.integers(1, 3)))
    ]
    whole = composite_line(lines, scale=levels, target="4b")

    assert [term.k for term in whole.terms] == list(range(max(1, *(line.k0 for line in lines), 0), 13))
    for term in whole.terms:
        parts = [_values(line)[term.k] for line in lines]
        assert term.value == sum(parts, Fraction(0)) / len(parts)
