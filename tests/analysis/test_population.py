"""Which pupils a population means."""

from collections.abc import Callable

import polars as pl
import pytest

from headway.analysis.population import select
from headway.domain.populations import EVERYBODY, Population


@pytest.fixture
def school(cohort_of: Callable[..., pl.DataFrame]) -> pl.DataFrame:
    return cohort_of(
        [
            {"year_group": 5, "sex": "F", "fsm": True, "sen": "K", "class": ["5A", "choir"], "group": ["eal"]},
            {"year_group": 5, "sex": "M", "fsm": False, "sen": "N", "class": ["5B"], "group": []},
            {"year_group": 6, "sex": "F", "fsm": None, "sen": "E", "class": [], "group": ["eal", "keep up"]},
            {"year_group": 0, "sex": "M", "fsm": True, "sen": None},
        ]
    )


@pytest.mark.parametrize(
    ("population", "pupils"),
    [
        (EVERYBODY, [1, 2, 3, 4]),
        (Population(year_groups=(5,)), [1, 2]),
        (Population(year_groups=(0, 6)), [3, 4]),
        (Population(classes=("5A",)), [1]),
        (Population(classes=("5A", "5B")), [1, 2]),
        (Population(groups=("eal",)), [1, 3]),
        (Population(year_groups=(5,), groups=("eal",)), [1]),
        (Population(where=(("fsm", True),)), [1, 4]),
        (Population(where=(("fsm", False),)), [2]),
        (Population(where=(("fsm", None),)), [3]),
        (Population(where=(("sen", "K"),)), [1]),
        (Population(where=(("sen", ("K", "E")),)), [1, 3]),
        (Population(where=(("sen", None),)), [4]),
        (Population(where=(("year_group", (5, 0)),)), [1, 2, 4]),
        (Population(where=(("class", None),)), [3, 4]),
        (Population(where=(("group", ("keep up", "choir")),)), [3]),
        (Population(where=(("fsm", True), ("sex", "M"))), [4]),
        (Population(upns=("A000000000002", "A000000000004")), [2, 4]),
        (Population(classes=("none such",)), []),
    ],
)
def test_it_selects_those_who_are_meant(school: pl.DataFrame, population: Population, pupils: list[int]) -> None:
    assert select(school, population)["pupil"].to_list() == pupils
