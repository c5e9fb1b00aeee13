from headway.domain.populations import Population
from headway.domain.questions import Question
from headway.services.choices import Choices
from headway.web.forms.progress import ProgressForm, Selection, first_selection

OFFERED = Choices(
    year_groups=[-1, 0, 5, 6, 12],
    subjects=[("reading", "Reading"), ("mathematics", "Mathematics")],
    terms=[("2026-27-autumn", "Autumn 2026–27"), ("2025-26-summer", "Summer 2025–26")],
    default_term="2026-27-autumn",
)
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


def test_it_begins_with_the_oldest_year_group_of_a_key_stage() -> None:
    assert first_selection(OFFERED) == Selection("6", "reading", "2026-27-autumn")


def test_it_fills_what_the_address_leaves_out() -> None:
    form = ProgressForm({"year_group": "R", "upn": "B801200005001"}, offered=OFFERED)

    assert form.is_valid()
    assert form.selection() == Selection("R", "reading", "2026-27-autumn")
