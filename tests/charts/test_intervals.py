from decimal import Decimal

from headway.charts.intervals import Interval, interval_dot

SHARE = Interval(Decimal("72.4"), Decimal("54.3"), Decimal("85.3"))


def test_it_places_a_share_and_its_interval() -> None:
    drawn = interval_dot(SHARE)

    assert '<line class="reach" x1="54.3%" x2="85.3%" y1="10" y2="10"/>' in drawn
    assert '<circle class="dot" cx="72.4%" cy="10" r="4.5"/>' in drawn


def test_it_shows_where_everybody_stands() -> None:
    assert '<line class="all" x1="60.0%" x2="60.0%" y1="0" y2="20"/>' in interval_dot(SHARE, whole=Decimal("60.0"))
    assert "all" not in interval_dot(SHARE)


def test_it_is_passed_over_by_who_cannot_see_it() -> None:
    assert 'aria-hidden="true"' in interval_dot(SHARE)
