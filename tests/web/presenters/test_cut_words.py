import pytest

from headway.web.presenters.cut_words import cut_heading, filter_words, value_words
from headway.web.selections import COMPARED_BY


@pytest.mark.parametrize(
    ("cut", "value", "words"),
    [
        ("sex", "F", "Girls"),
        ("fsm", True, "Free school meals"),
        ("fsm", False, "Not free school meals"),
        ("fsm", None, "Not recorded"),
        ("sen", "N", "No SEN provision"),
        ("sen", "K", "SEN support"),
        ("attendance_band", "under 90", "Under 90 %"),
        ("year_group", 0, "Reception"),
        ("class", None, "In none"),
        ("reg_group", "5A", "5A"),
    ],
)
def test_it_says_a_value_at_the_head_of_a_row(cut: str, value: object, words: str) -> None:
    assert value_words(cut, value) == words


@pytest.mark.parametrize(
    ("cut", "value", "words"),
    [
        ("sex", "M", "boys"),
        ("fsm", True, "free school meals"),
        ("fsm", None, "free school meals not recorded"),
        ("sen", "K", "SEN provision: SEN support"),
        ("sen", "N", "no SEN provision"),
        ("attendance_band", "under 90", "attendance: under 90 %"),
        ("ethnicity", "Asian", "ethnicity: Asian"),
        ("class", "5A", "class 5A"),
        ("class", None, "in no class"),
        ("year_group", 5, "Year 5"),
    ],
)
def test_it_says_a_filter_in_force(cut: str, value: object, words: str) -> None:
    assert filter_words(cut, value) == words


def test_it_has_a_heading_for_everything_pupils_are_compared_by() -> None:
    assert all(cut_heading(cut)[0].isupper() for cut in COMPARED_BY)
