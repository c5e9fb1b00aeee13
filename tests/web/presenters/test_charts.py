from decimal import Decimal

from headway.web.presenters.charts import Segment, Whisker, segments, whisker


def test_it_makes_parts_as_wide_as_what_they_count() -> None:
    assert segments([1, 3]) == [
        Segment("0.000%", "25.000%", "12.500%", roomy=True),
        Segment("25.000%", "75.000%", "62.500%", roomy=True),
    ]


def test_it_keeps_a_number_out_of_a_part_too_small_for_it() -> None:
    assert [part.roomy for part in segments([1, 99])] == [False, True]


def test_it_draws_nobody_as_nothing() -> None:
    assert [part.width for part in segments([0, 0])] == ["0.000%", "0.000%"]


def test_it_places_a_share_and_its_interval() -> None:
    figures = {"percent": Decimal("72.4"), "low": Decimal("54.3"), "high": Decimal("85.3")}

    assert whisker(figures) == Whisker("54.3%", "85.3%", "72.4%")


def test_it_places_no_share_where_there_is_none() -> None:
    assert whisker({"percent": None, "low": None, "high": None}) is None
