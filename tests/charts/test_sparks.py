"""The spark line."""

import re

from headway.charts.sparks import spark_line


def _points(drawn: str) -> list[str]:
    return re.findall(r'<polyline points="([^"]+)"', drawn)


def test_it_rises_above_its_ground_and_falls_below() -> None:
    drawn = spark_line([-2.0, 0.0, 2.0], words="Gap", width=28, height=22)

    assert _points(drawn) == ["4,18 14,11 24,4"]
    assert 'aria-label="Gap"' in drawn


def test_it_leaves_a_gap_where_nothing_is_known() -> None:
    assert len(_points(spark_line([1.0, 2.0, None, 2.0, 1.0], words="Gap"))) == 2


def test_it_can_be_compared_with_others_of_the_same_reach() -> None:
    assert _points(spark_line([1.0, 1.0], words="", width=28, reach=2.0)) == ["4,7.5 24,7.5"]


def test_it_stays_flat_on_nought_and_draws_nothing_of_nothing() -> None:
    assert _points(spark_line([0.0, 0.0], words="", width=28)) == ["4,11 24,11"]
    assert _points(spark_line([None, None], words="")) == []
