"""Tallies: parts add to the whole, overlapping cuts, order, and the median."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median as plain_median
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.analysis.gap import gap_tally
from headway.analysis.grades import grades_tally
from headway.analysis.points import points_tally
from headway.analysis.status import status_tally
from headway.analysis.tallies import NUMBERS, Cuts, add, cells, median
from headway.analysis.thresholds import threshold_tally, thresholds_for
from headway.domain.questions import QuestionRefused
from headway.domain.scales import Scale

TERM = "2026-27-autumn"
SLICES = (("reading", TERM), ("mathematics", TERM))
BY = [("subject",), ("subject", "fsm"), ("subject", "class"), ("subject", "class", "group"), ("year_group", "subject")]


def _plain(tally: pl.DataFrame) -> Mapping[tuple[object, ...], tuple[object, ...]]:
    keys = [name for name in tally.columns if name not in (*NUMBERS, "ids")]
    return {
        tuple(row[key] for key in keys): (*(row[number] for number in NUMBERS), sorted(row["ids"]))
        for row in tally.iter_rows(named=True)
    }


@settings(max_examples=30, deadline=None)
@given(data=st.data(), by=st.sampled_from(BY))
def test_it_adds_parts_to_the_whole_to_the_digit(
    data: st.DataObject,
    by: tuple[str, ...],
    pupils: st.SearchStrategy[list[dict[str, Any]]],
    cohort_of: Callable[..., pl.DataFrame],
    scales: Mapping[str, Scale],
) -> None:
    whole = cohort_of(data.draw(pupils))
    part = data.draw(st.integers(0, whole.height))
    cuts = Cuts(SLICES, by)
    thresholds = thresholds_for(
        whole, "4" if "nc_levels" in whole["reading|2026-27-autumn|scale"] else "C", cuts=cuts, scales=scales
    )
    tallies: Sequence[Callable[[pl.DataFrame], pl.DataFrame]] = (
        lambda frame: status_tally(frame, cuts=cuts, basis="progress_target"),
        lambda frame: gap_tally(frame, cuts=cuts, basis="target"),
        lambda frame: points_tally(frame, cuts=cuts, basis="current"),
        lambda frame: grades_tally(frame, cuts=cuts, basis="current"),
        lambda frame: threshold_tally(frame, cuts=cuts, basis="target", thresholds=thresholds),
    )
    for tally in tallies:
        of_parts = add(tally(whole[:part]), tally(whole[part:]))
        assert _plain(of_parts) == _plain(tally(whole))
        assert of_parts.schema == tally(whole).schema


def test_it_counts_in_64_bit_integers(readers: Callable[..., pl.DataFrame], make_mark: Any) -> None:
    tally = gap_tally(readers(make_mark("4b", line="4c")), cuts=Cuts(SLICES[:1]), basis="progress_target")

    assert [tally.schema[number] for number in NUMBERS] == [pl.Int64] * 3


def test_it_counts_a_pupil_once_in_each_class_even_if_it_is_listed_twice(
    cohort_of: Callable[..., pl.DataFrame],
) -> None:
    frame = cohort_of([{"class": ["5A", "5A", "5B"]}, {"class": []}, {"class": None}])
    cuts = Cuts(SLICES[:1], ("class",))
    found = cells(status_tally(frame, cuts=cuts, basis="target"), cuts=cuts)

    assert [(cell.by["class"], cell.pupils, cell.ids) for cell in found] == [
        ("5A", 1, (1,)),
        ("5B", 1, (1,)),
        (None, 2, (2, 3)),
    ]


def test_it_puts_cells_in_a_fixed_order(cohort_of: Callable[..., pl.DataFrame]) -> None:
    frame = cohort_of(
        [
            {"sex": "F", "class": ["10A"], "sen": "E", "fsm": None},
            {"sex": "M", "class": ["9B"], "sen": "K", "fsm": False},
            {"sex": None, "class": ["9A"], "sen": "N", "fsm": True},
        ]
    )
    orders = {
        cut: [
            cell.by[cut]
            for cell in cells(
                status_tally(frame, cuts=Cuts(SLICES[:1], (cut,)), basis="target"), cuts=Cuts(SLICES[:1], (cut,))
            )
        ]
        for cut in ("sex", "class", "sen", "fsm")
    }

    assert orders == {
        "sex": ["M", "F", None],
        "class": ["9A", "9B", "10A"],
        "sen": ["N", "K", "E"],
        "fsm": [True, False, None],
    }


def test_it_keeps_subjects_in_the_order_asked(cohort_of: Callable[..., pl.DataFrame]) -> None:
    cuts = Cuts(SLICES, ("subject",))
    found = cells(status_tally(cohort_of([{}]), cuts=cuts, basis="target"), cuts=cuts)

    assert [cell.by["subject"] for cell in found] == ["reading", "mathematics"]


def test_it_leaves_one_empty_cell_where_nothing_is_cut_and_none_where_something_is(
    cohort_of: Callable[..., pl.DataFrame],
) -> None:
    empty = cohort_of([])
    whole, cut = Cuts(SLICES[:1]), Cuts(SLICES[:1], ("sex",))

    assert [cell.pupils for cell in cells(status_tally(empty, cuts=whole, basis="target"), cuts=whole)] == [0]
    assert cells(status_tally(empty, cuts=cut, basis="target"), cuts=cut) == ()


def test_it_refuses_a_cut_the_frame_has_no_column_for(cohort_of: Callable[..., pl.DataFrame]) -> None:
    with pytest.raises(QuestionRefused, match="pupils cannot be cut by intervention yet"):
        status_tally(cohort_of([{}]), cuts=Cuts(SLICES, ("intervention",)), basis="target")


@given(st.lists(st.integers(-9, 9), min_size=1))
def test_it_finds_the_median_from_counts(steps: list[int]) -> None:
    assert median({each: steps.count(each) for each in steps}) == plain_median(steps)
