from headway.domain.populations import Population
from headway.domain.questions import Question
from headway.web.selections import Selection

CHOSEN = Selection("5", "mathematics", "2026-27-autumn", status="below", sex="girls", fsm="unrecorded")


def test_it_asks_the_question_that_was_chosen() -> None:
    who = Population(year_groups=(5,), where=(("fsm", None), ("sex", "F")))

    assert CHOSEN.question(by=("sex",)) == Question("status", who, ("mathematics",), "2026-27-autumn", by=("sex",))


def test_it_keeps_every_choice_in_the_address_and_nothing_else() -> None:
    assert CHOSEN.address() == (
        "/progress?year_group=5&subject=mathematics&term=2026-27-autumn&status=below&sex=girls&fsm=unrecorded"
    )
    assert CHOSEN.address(sex="", status="") == (
        "/progress?year_group=5&subject=mathematics&term=2026-27-autumn&fsm=unrecorded"
    )


def test_it_lists_both_statuses_that_are_off_track() -> None:
    assert Selection("5", "", "", status="off_track").statuses == {"below", "well_below"}
    assert len(Selection("5", "", "").statuses) == 5
