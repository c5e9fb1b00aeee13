from collections.abc import Collection
from dataclasses import replace

import pytest
from django.utils.datastructures import MultiValueDict

from headway.services.access import EVERY_FIELD
from headway.services.choices import Choices
from headway.services.whom import Whom
from headway.web.forms.progress import ProgressForm, first_selection
from headway.web.selections import Selection

TERM = "2026-27-autumn"
OFFERED = Choices(
    year_groups=[-1, 0, 5, 6, 12],
    subjects=[("reading", "Reading"), ("mathematics", "Mathematics")],
    terms=[(TERM, "Autumn 2026"), ("2025-26-summer", "Summer 2026")],
    default_term=TERM,
)
WHOM = Whom(classes={"5A": ["mathematics"], "5B": ["reading"]}, groups={}, languages=["ENG", "POL"], own=False)


def form(given: dict[str, str], *, whom: Whom = WHOM, fields: Collection[str] = EVERY_FIELD) -> ProgressForm:
    return ProgressForm(given, offered=OFFERED, whom=whom, fields=fields)


def chosen(given: dict[str, str], *, whom: Whom = WHOM, fields: Collection[str] = EVERY_FIELD) -> Selection:
    made = form(given, whom=whom, fields=fields)
    assert made.is_valid(), made.errors
    return made.selection()


def wrong(given: dict[str, str], *, fields: Collection[str] = EVERY_FIELD) -> str:
    made = form(given, fields=fields)
    assert not made.is_valid()
    return " ".join(str(error) for errors in made.errors.values() for error in errors)


def test_it_begins_with_the_oldest_year_group_of_a_key_stage() -> None:
    assert first_selection(OFFERED, WHOM) == Selection("year:6", "reading", TERM)


def test_it_begins_with_the_first_class_of_who_teaches_some() -> None:
    assert first_selection(OFFERED, replace(WHOM, own=True)) == Selection("class:5A", "mathematics", TERM)


def test_it_begins_a_class_with_a_subject_it_takes() -> None:
    assert chosen({"who": "class:5A"}).subject == "mathematics"
    assert chosen({"who": "class:5A", "subject": "reading"}).subject == "reading"


def test_it_fills_what_the_address_leaves_out() -> None:
    assert chosen({"upn": "B801200005001"}) == Selection("year:6", "reading", TERM, by="sex")


def test_it_understands_an_address_from_before_there_were_classes() -> None:
    assert chosen({"year_group": "R"}) == Selection("year:R", "reading", TERM, by="sex")


def test_it_narrows_by_a_year_group_where_somebody_else_is_asked_about() -> None:
    assert chosen({"who": "class:5A", "year_group": "5"}).where == (("year_group", "5"),)
    assert "not a year group" in wrong({"who": "class:5A", "year_group": "99"})


def test_it_narrows_by_everything_that_is_chosen() -> None:
    given = {"fsm": "no", "sex": "F", "first_language": "POL", "attendance_band": "under 90", "reg_group": "5A"}

    assert dict(chosen({"who": "year:5", **given}).where) == given


@pytest.mark.parametrize("name", ["fsm", "sex", "sen", "ethnicity", "prior_band", "status", "sort", "by", "who"])
def test_it_refuses_what_it_does_not_offer(name: str) -> None:
    assert "“nonsense” is not among the choices. Right would be " in wrong({name: "nonsense"})


def test_it_offers_classes_and_groups_in_parts_of_one_choice() -> None:
    made = form({}, whom=replace(WHOM, groups={"Choir & co": None}))  # type: ignore[dict-item]  # only names are shown
    drawn = str(made["who"])

    assert '<optgroup label="Year groups"><option value="year:N2">Nursery 2</option>' in drawn
    assert '<option value="class:5B">5B</option>' in drawn
    assert '<optgroup label="Groups"><option value="group:Choir &amp; co">Choir &amp; co</option>' in drawn
    assert drawn.count(" selected") == 1


def test_it_keeps_characteristics_from_who_may_not_see_them() -> None:
    made = form({}, fields=())

    assert [field.name for field in made.narrowing()] == ["sex", "attendance_band", "prior_band"]
    assert chosen({}, fields=()).by == "sex"
    assert "Free school meals" not in str(made["by"])


@pytest.mark.parametrize("asked", [{"fsm": "yes"}, {"by": "fsm"}, {"fsm": "nonsense"}])
def test_it_says_why_a_characteristic_cannot_be_asked_for(asked: dict[str, str]) -> None:
    said = wrong(asked, fields=())

    assert "Your role does not include free school meals of pupils, so they cannot be listed" in said
    assert "by it. Right would be sex, attendance, prior attainment, class" in said
    assert form(asked, fields=()).not_allowed == ["fsm"]


def test_it_offers_no_order_by_a_characteristic_to_anybody() -> None:
    assert "“fsm” is not among the choices" in wrong({"sort": "fsm"})


def test_it_reads_what_browsers_send() -> None:
    sent: MultiValueDict[str, str] = MultiValueDict({"who": ["class:5B"], "sex": [""], "sort": ["-gap"]})
    made = ProgressForm(sent, offered=OFFERED, whom=WHOM, fields=EVERY_FIELD)

    assert made.is_valid()
    assert made.selection() == Selection("class:5B", "reading", TERM, by="sex", sort="-gap")
