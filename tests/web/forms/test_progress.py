from headway.services.choices import Choices
from headway.web.forms.progress import ProgressForm, first_selection
from headway.web.selections import Selection

OFFERED = Choices(
    year_groups=[-1, 0, 5, 6, 12],
    subjects=[("reading", "Reading"), ("mathematics", "Mathematics")],
    terms=[("2026-27-autumn", "Autumn 2026–27"), ("2025-26-summer", "Summer 2025–26")],
    default_term="2026-27-autumn",
)


def test_it_begins_with_the_oldest_year_group_of_a_key_stage() -> None:
    assert first_selection(OFFERED) == Selection("6", "reading", "2026-27-autumn")


def test_it_fills_what_the_address_leaves_out() -> None:
    form = ProgressForm({"year_group": "R", "upn": "B801200005001"}, offered=OFFERED)

    assert form.is_valid()
    assert form.selection() == Selection("R", "reading", "2026-27-autumn")
