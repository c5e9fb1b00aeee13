from decimal import Decimal
from fractions import Fraction

import pytest

from headway.web.presenters.figures import gap_words, interval_words, percent_words, points_words, pupils_words


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (Fraction(22), "22"),
        (Fraction(67, 3), "22⅓"),
        (Fraction(1, 2), "½"),
        (Fraction(0), "0"),
        (Fraction(265, 12), "22 1/12"),
        (Fraction(-5, 2), "−2½"),
    ],
)
def test_it_says_points_exactly(points: Fraction, words: str) -> None:
    assert points_words(points) == words


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (Fraction(-10, 3), "−3.3"),
        (Fraction(2, 3), "+0.7"),
        (Fraction(0), "0.0"),
        (Fraction(1, 100), "0.0"),
        (Fraction(-1, 20), "0.0"),
        (None, ""),
    ],
)
def test_it_says_a_gap_with_its_sign_and_one_decimal(gap: Fraction | None, words: str) -> None:
    assert gap_words(gap) == words


def test_it_says_a_share_or_that_there_is_none() -> None:
    assert percent_words(Decimal("72.4")) == "72.4 %"
    assert percent_words(None) == "–"


def test_it_says_an_interval_or_nothing() -> None:
    assert interval_words(Decimal("54.3"), Decimal("85.3")) == "54.3 to 85.3"
    assert interval_words(None, None) == ""


def test_it_counts_pupils() -> None:
    assert [pupils_words(n) for n in (0, 1, 2)] == ["0 pupils", "1 pupil", "2 pupils"]
