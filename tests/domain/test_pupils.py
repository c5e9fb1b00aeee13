"""Unique pupil numbers, characteristics, and the bands analyses cut by."""

from fractions import Fraction

import pytest
import stdnum.gb.upn
from hypothesis import given
from hypothesis import strategies as st

from headway.domain.pupils import (
    CHARACTERISTICS,
    attendance_band,
    check_upn,
    ethnicity_group,
    prior_band,
    upn_check_letter,
)

LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
DIGITS = st.text("0123456789", min_size=11, max_size=11)


def second_opinion(rest: str) -> str:
    """The check letter worked out a second time, as the guide lays it out: a row of weights, a sum, a remainder."""
    total = 0
    for weight, character in zip((2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13), rest, strict=True):
        worth = {letter: number for number, letter in enumerate(LETTERS)}.get(character)
        total += weight * (int(character) if worth is None else worth)
    return LETTERS[total - 23 * (total // 23)]


@given(digits=DIGITS, last=st.sampled_from("0123456789"))
def test_it_agrees_with_an_independent_check_of_permanent_numbers(digits: str, last: str) -> None:
    rest = digits + last

    assert upn_check_letter(rest) == stdnum.gb.upn.calc_check_digit(rest) == second_opinion(rest)
    assert check_upn(second_opinion(rest) + rest) == second_opinion(rest) + rest


@given(digits=DIGITS, last=st.sampled_from(LETTERS))
def test_it_agrees_with_a_second_implementation_of_temporary_numbers(digits: str, last: str) -> None:
    rest = digits + last

    assert check_upn(second_opinion(rest) + rest) == second_opinion(rest) + rest


@given(digits=DIGITS, last=st.sampled_from("0123456789" + LETTERS), letter=st.sampled_from(LETTERS))
def test_it_refuses_every_other_check_letter_and_says_the_right_one(digits: str, last: str, letter: str) -> None:
    rest = digits + last
    right = second_opinion(rest)
    if letter == right:
        assert check_upn(letter + rest) == letter + rest
        return

    with pytest.raises(ValueError, match=rf"wrong check letter\. Right would be {right}{rest}"):
        check_upn(letter + rest)


@pytest.mark.parametrize("upn", ["B801200005001", "R674123101121", "P207000016049"])
def test_it_takes_known_numbers(upn: str) -> None:
    assert check_upn(upn) == upn


def test_it_does_not_repeat_a_known_slip_in_arithmetic() -> None:
    """The example going round says Q for 207000016049; its sum is 266, remainder 13, which is P."""
    assert upn_check_letter("207000016049") == "P"

    with pytest.raises(ValueError, match="Right would be P207000016049"):
        check_upn("Q207000016049")


def test_it_evens_out_letter_case_and_outer_spaces() -> None:
    assert check_upn("  b801200005001 ") == "B801200005001"


@pytest.mark.parametrize(
    "text",
    ["", "B80120000500", "B8012000050011", "1801200005001", "I801200005001", "B80120000500O", "B8O1200005001",
     "B80120000500１", "B801 20000500", "Ｂ801200005001", "B80120000500\N{LATIN SMALL LETTER LONG S}"],
)  # fmt: skip
def test_it_refuses_what_is_no_number_and_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a unique pupil number\. Right would be a letter, eleven digits"):
        check_upn(text)


@pytest.mark.parametrize(
    ("characteristic", "text", "stored"),
    [
        ("sex", "f", "F"),
        ("fsm", "true", "Y"),
        ("fsm", "0", "N"),
        ("fsm", " n ", "N"),
        ("sen", "k", "K"),
        ("sen", "P", "P"),
        ("first_language", "eng", "ENG"),
        ("ethnicity", "apkn", "APKN"),
        ("looked_after", "Y", "Y"),
    ],
)
def test_it_reads_the_codes_of_characteristics(characteristic: str, text: str, stored: str) -> None:
    assert CHARACTERISTICS[characteristic].parse(text) == stored


@pytest.mark.parametrize(
    ("characteristic", "text"),
    [("sex", "X"), ("fsm", "maybe"), ("sen", "Z"), ("first_language", "English"), ("ethnicity", "ZZZZ")],
)
def test_it_refuses_a_code_it_does_not_know_and_says_what_would_be_right(characteristic: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is not a code for .* Right would be"):
        CHARACTERISTICS[characteristic].parse(text)


def test_it_groups_every_ethnicity_code() -> None:
    assert {ethnicity_group(code) for code in CHARACTERISTICS["ethnicity"].codes} == {
        "White", "Mixed", "Asian", "Black", "Chinese", "Other", "Unclassified",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("possible", "attended", "band"),
    [(100, 89, "under 90"), (100, 90, "90 to under 95"), (1000, 949, "90 to under 95"), (100, 95, "95 and over"),
     (7, 7, "95 and over"), (7, 0, "under 90"), (0, 0, None)],
)  # fmt: skip
def test_it_bands_attendance_exactly(possible: int, attended: int, band: str | None) -> None:
    assert attendance_band(possible=possible, attended=attended) == band


@pytest.mark.parametrize(
    ("points", "band"),
    [
        ([], None),
        ([11, 12, 12], "under 12"),
        ([12], "12 to under 18"),
        ([17, 18, 18], "12 to under 18"),
        ([18, 18], "18 and over"),
    ],
)
def test_it_bands_prior_attainment_exactly(points: list[int], band: str | None) -> None:
    assert prior_band([Fraction(each) for each in points]) == band
