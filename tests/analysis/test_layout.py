"""The pupil-row layout: its names, and the check that refuses what cannot be true."""

import polars as pl
import pytest

from headway.analysis.layout import (
    LayoutBroken,
    check_layout,
    empty_frame,
    frame_of,
    layout_schema,
    slice_column,
    slices_of,
)

SLICES = [("reading", "2026-27-autumn"), ("mathematics", "2026-27-autumn")]


def _broken(**values: object) -> pl.DataFrame:
    row = {slice_column("reading", "2026-27-autumn", what): value for what, value in values.items()}
    return frame_of([{"pupil": 1} | row], slices=SLICES[:1])


def test_it_accepts_an_empty_frame_of_its_own() -> None:
    check_layout(empty_frame(SLICES), slices=SLICES)


def test_it_finds_the_slices_a_frame_holds() -> None:
    assert slices_of(empty_frame(SLICES)) == tuple(SLICES)


def test_it_keeps_every_column_of_every_slice_apart() -> None:
    assert len(layout_schema(SLICES)) == len(layout_schema([])) + 2 * (
        len(layout_schema(SLICES[:1])) - len(layout_schema([]))
    )


def test_it_names_every_column_that_is_missing_or_of_another_type() -> None:
    frame = empty_frame(SLICES).drop("sex").with_columns(pl.col("year_group").cast(pl.Int64))

    with pytest.raises(LayoutBroken, match="year_group holds Int64, not Int8; sex is missing"):
        check_layout(frame, slices=SLICES)


def test_it_refuses_a_pupil_twice() -> None:
    with pytest.raises(LayoutBroken, match="a pupil stands there twice"):
        check_layout(frame_of([{"pupil": 1}, {"pupil": 1}], slices=[]), slices=[])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rank": 3, "whole": 1, "points": 9_000}, "rank without grade, or the reverse"),
        ({"line_rank": 3, "line_whole": 1, "line_grade": "1a"}, "line_rank without line_points, or the reverse"),
        ({"rank": 3, "whole": 1, "points": 9_000, "grade": "1a", "mark": "Abs"}, "a grade and a mark code at once"),
        ({"gap": 500}, "a gap where nothing can be compared, or the reverse"),
        ({"target_gap": 500}, "a target_gap where nothing can be compared, or the reverse"),
    ],
)
def test_it_refuses_what_cannot_be_true_at_once(values: dict[str, object], words: str) -> None:
    with pytest.raises(LayoutBroken, match=f"reading, 2026-27-autumn: {words}"):
        check_layout(_broken(**values), slices=SLICES[:1])
