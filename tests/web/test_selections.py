import pytest

from headway.domain.populations import Population
from headway.domain.questions import Question
from headway.web.selections import Selection, code_of, value_of

TERM = "2026-27-autumn"
CHOSEN = Selection(
    "year:5", "mathematics", TERM, status="below", by="sen", sort="-gap", where=(("sex", "F"), ("fsm", "none"))
)


def test_it_asks_the_question_that_was_chosen() -> None:
    who = Population(year_groups=(5,), where=(("fsm", None), ("sex", "F")))

    assert CHOSEN.question(by=("sex",)) == Question("status", who, ("mathematics",), TERM, by=("sex",))
    assert CHOSEN.question("gap").measure == "gap"


@pytest.mark.parametrize(
    ("who", "population"),
    [
        ("year:R", Population(year_groups=(0,))),
        ("class:5A", Population(classes=("5A",))),
        ("class:10A/Ma1", Population(classes=("10A/Ma1",))),
        ("group:Reading: the club", Population(groups=("Reading: the club",))),
    ],
)
def test_it_asks_about_a_year_group_a_class_or_a_group(who: str, population: Population) -> None:
    assert Selection(who, "reading", TERM).question().population == population


def test_it_keeps_every_choice_in_the_address_and_nothing_else() -> None:
    assert CHOSEN.address() == (
        "/progress?who=year%3A5&subject=mathematics&term=2026-27-autumn&status=below&by=sen&sort=-gap&sex=F&fsm=none"
    )


def test_it_changes_a_choice_in_the_address() -> None:
    fewer = CHOSEN.address(sex="", status="", sort="", by="")

    assert fewer == "/progress?who=year%3A5&subject=mathematics&term=2026-27-autumn&fsm=none"
    assert CHOSEN.address(sex="M", reg_group="5A").endswith("&sex=M&fsm=none&reg_group=5A")


def test_it_writes_names_into_an_address_safely() -> None:
    address = Selection("group:A & B?", "reading", TERM, came_from="/groups?a=1").address()

    assert address == "/progress?who=group%3AA+%26+B%3F&subject=reading&term=2026-27-autumn&from=%2Fgroups%3Fa%3D1"


def test_it_lists_both_statuses_that_are_off_track() -> None:
    assert Selection("year:5", "", "", status="off_track").statuses == {"below", "well_below"}
    assert len(Selection("year:5", "", "").statuses) == 5


@pytest.mark.parametrize(
    ("cut", "value", "code"),
    [
        ("fsm", True, "yes"),
        ("fsm", False, "no"),
        ("sen", None, "none"),
        ("sex", "M", "M"),
        ("year_group", 0, "R"),
        ("year_group", 11, "11"),
        ("attendance_band", "under 90", "under 90"),
        ("class", "5A", "5A"),
    ],
)
def test_it_writes_values_as_it_reads_them(cut: str, value: object, code: str) -> None:
    assert code_of(cut, value) == code
    assert value_of(cut, code) == value
