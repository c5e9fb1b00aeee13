"""Marks: a shape for each status."""

import re
from pathlib import Path

import pytest

import headway
from headway.charts.marks import diamond, square, status_mark
from headway.domain.status import STATUSES

SOURCE = Path(str(headway.__file__)).parent


@pytest.mark.parametrize("status", STATUSES)
def test_it_has_a_shape_for_every_status(status: str) -> None:
    drawn = status_mark(status, 10, 10, size=16)

    assert "chart-ring" in drawn if status == "not_known" else f"fill-{status}" in drawn


def test_it_gives_no_two_statuses_the_same_shape() -> None:
    shapes = {re.sub(r' class="[^"]+"', "", status_mark(status, 0, 0, size=16)) for status in STATUSES[:4]}

    assert len(shapes) == 4


def test_it_draws_diamonds_and_squares_round_their_middle() -> None:
    assert 'points="10,4 16,10 10,16 4,10"' in diamond(10, 10, r=6, class_="chart-target")
    assert '<rect x="6" y="6" width="8" height="8"' in square(10, 10, r=4, class_="chart-prior")


def test_it_points_the_way_the_page_does() -> None:
    """Above points up, below points down, as in the shapes of the pages."""
    page = (SOURCE / "web" / "templates" / "parts" / "shapes.html").read_text("utf-8")
    assert 'id="shape-above" viewBox="0 0 16 16"><path d="M8 2.2 15 13.8H1z"' in page

    assert status_mark("above", 0, 0, size=16).startswith('<path d="M0-6.6')
    assert status_mark("below", 0, 0, size=16).startswith('<path d="M0 6.6')
