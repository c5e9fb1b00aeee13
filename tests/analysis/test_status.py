"""Status of many: a class worked by hand, the words, and what is not known."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from headway.analysis.status import statuses

TERM = "2026-27-autumn"


@pytest.fixture
def reading_group(readers: Callable[..., pl.DataFrame], make_mark: Any) -> pl.DataFrame:
    """Two above, two on, one below, one well below; one absent, one not entered, one whose line starts here."""
    return readers(
        *(make_mark(grade, line="4c") for grade in ("4a", "4b", "4c", "4c", "3a", "3c")),
        make_mark(mark="Abs", line="4c"),
        make_mark(line="4c"),
        make_mark("4c", line="4c", starts_here=True),
        make_mark("4c"),
    )


def test_it_counts_the_words_and_the_share_on_track(reading_group: pl.DataFrame, asked: Any) -> None:
    (row,) = asked(reading_group, "status")

    assert row.figures == {
        "above": 2,
        "on": 2,
        "below": 1,
        "well_below": 1,
        "not_known": 4,
        "numerator": 4,
        "denominator": 6,
        "percent": Decimal("66.7"),
        "low": Decimal("30.0"),
        "high": Decimal("90.3"),
    }
    assert row.pupils == tuple(range(1, 11))
    assert row.by == {}


def test_it_moves_the_words_out_by_the_tolerance(reading_group: pl.DataFrame, scales: Any, asked: Any) -> None:
    (row,) = type(asked)(scales, tolerance=1)(reading_group, "status")

    assert [row.figures[word] for word in ("above", "on", "below", "well_below")] == [1, 4, 0, 1]


def test_it_compares_with_the_target_where_the_line_starts_too(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    frame = readers(make_mark("4c", line="4c", starts_here=True, target="4b"), make_mark("4c", line="4c"))
    (row,) = asked(frame, "status", basis="target")

    assert [row.figures[word] for word in ("below", "not_known")] == [1, 1]


def test_it_gives_no_share_of_nobody(readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any) -> None:
    (row,) = asked(readers(make_mark()), "status")

    assert [row.figures[figure] for figure in ("denominator", "percent", "low", "high")] == [0, None, None, None]


def test_it_leaves_out_pupils_who_are_not_taught_the_subject_and_says_how_many(
    readers: Callable[..., pl.DataFrame], make_mark: Any, asked: Any
) -> None:
    _, (row,), notes = asked.answer(readers(make_mark("4c", line="4c"), make_mark(scale=None)), "status")

    assert row.pupils == (1,)
    assert "1 pupil is left out of reading: it is not taught in their key stage." in notes


def test_it_says_that_status_is_a_prompt(reading_group: pl.DataFrame, asked: Any) -> None:
    _, _, notes = asked.answer(reading_group, "status")

    assert "apparently off track: a prompt to ask why, never a decision" in notes[0]


def test_it_explains_the_tolerance_in_force(reading_group: pl.DataFrame, scales: Any, asked: Any) -> None:
    columns, _, _ = type(asked)(scales, tolerance=2).answer(reading_group, "status")

    assert [column.note.removeprefix("Pupils whose assessed grade is ") for column in columns[:4]] == [
        "3 steps or more above the progress target.",
        "within 2 steps of the progress target.",
        "3 steps below the progress target.",
        "4 steps or more below the progress target.",
    ]


def test_it_gives_each_pupils_word_for_lists_of_names(reading_group: pl.DataFrame) -> None:
    words = statuses(reading_group, subject="reading", term=TERM, basis="progress_target", tolerance=0)

    assert words.to_list() == [
        *("above", "above", "on", "on", "below", "well_below"),
        *("not_known", "not_known", "not_known", "not_known"),
    ]


def test_it_gives_no_word_where_the_subject_is_not_taught(readers: Callable[..., pl.DataFrame], make_mark: Any) -> None:
    frame = readers(make_mark(scale=None), make_mark("4c", line="4c"))

    assert statuses(frame, subject="reading", term=TERM, basis="progress_target", tolerance=0).to_list() == [None, "on"]
