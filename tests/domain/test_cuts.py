"""What answers are cut by: the list people hold on to, the words, and the order."""

from fractions import Fraction

import pytest

from headway.domain.cuts import CUT_WORDS, CUTS, cut_order, cut_place, said, year_group_value
from headway.domain.pupils import ATTENDANCE_BANDS, prior_band
from headway.domain.terms import parse_year_group


def test_it_lists_the_cuts_of_the_interface_in_its_order() -> None:
    assert " ".join(CUTS) == (
        "sex fsm looked_after sen first_language ethnicity gifted_talented pupil_premium service_child class reg_group "
        "year_group group intervention attendance_band prior_band school subject term"
    )


def test_it_has_words_for_every_cut() -> None:
    assert all(CUT_WORDS[cut] for cut in CUTS)


def test_it_orders_bands_as_they_are_made() -> None:
    assert list(cut_order("attendance_band")) == list(ATTENDANCE_BANDS)
    assert list(cut_order("prior_band")) == [prior_band([Fraction(points)]) for points in (0, 12, 18)]


@pytest.mark.parametrize(
    ("cut", "values"),
    [
        ("sex", ["M", "F", None]),
        ("fsm", [True, False, None]),
        ("year_group", [-2, -1, 0, 1, 9, 10, None]),
        ("class", ["9A", "9b", "10A", "A9", "A10", "choir", None]),
        ("attendance_band", ["under 90", "90 to under 95", "95 and over", None]),
        ("ethnicity", ["White", "Mixed", "Asian", "Black", "Chinese", "Other", "Unclassified", None]),
        ("sen", ["N", "K", "E", "A", "P", "S", "new code", None]),
    ],
)
def test_it_puts_values_in_a_fixed_order(cut: str, values: list[object]) -> None:
    mixed = [*values[1::2], *values[::2]]

    assert sorted(mixed, key=lambda value: cut_place(cut, value)) == values


def test_it_never_ties_two_codes() -> None:
    codes = ["7A", "7a", "007A", "٣", "3", ""]

    assert len({cut_place("class", code) for code in codes}) == len(codes)


@pytest.mark.parametrize(
    ("cut", "value", "words"),
    [
        ("sen", "E", "education, health and care plan"),
        ("sen", "old", "old"),
        ("year_group", 7, "Year 7"),
        ("year_group", -1, "Nursery 2"),
        ("fsm", False, "no"),
        ("group", None, "in none"),
        ("ethnicity", None, "not recorded"),
        ("class", "5A", "5A"),
    ],
)
def test_it_says_values_in_words(cut: str, value: object, words: str) -> None:
    assert said(cut, value) == words


@pytest.mark.parametrize("year_group", range(-2, 15))
def test_it_writes_year_groups_as_they_are_read(year_group: int) -> None:
    assert parse_year_group(str(year_group_value(year_group))) == year_group
