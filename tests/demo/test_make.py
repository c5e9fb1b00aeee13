"""A made-up school that has come in by its files."""

from collections.abc import Iterator

import pytest
from django.contrib.auth import authenticate
from django.db import transaction
from pytest_django import DjangoDbBlocker

from headway.demo.families import PARENTS
from headway.demo.make import PASSPHRASE, DemoRefusedError, cards, make_demo, sign_ins, standing_demo
from headway.demo.shapes import SHAPES
from headway.domain.roles import ROLES
from headway.formats.sheets_out import write_csv
from headway.records.models import Act, Assessment, ProgressTarget, School, Target, Term, User
from headway.services.access import COMMAND_LINE, viewer_of
from headway.services.exports import Wanted, export
from headway.services.families.pages import own_page, own_pupils
from headway.services.families.pupil_sign_in import pupil_of_card, try_card
from tests.school import NOW, planned

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def heard() -> list[tuple[str, float]]:
    return []


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: DjangoDbBlocker, heard: list[tuple[str, float]]) -> Iterator[School]:
    """A primary of 45 pupils, made once for all tests here and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_demo("primary", n_pupils=45, seed=7, now=NOW, heard=lambda *said: heard.append(said))
        transaction.set_rollback(True)


def test_it_is_a_demo_school_on_its_framework(made: School) -> None:
    assert made.demo
    assert made.dfe == SHAPES["primary"].dfe
    assert str(made.framework) == "england-2008@1"


def test_it_says_how_far_it_is(made: School, heard: list[tuple[str, float]]) -> None:
    assert list(dict(heard)) == ["The year 2024-25", "The year 2025-26", "The year 2026-27", "Done"]
    assert [share for _, share in heard] == sorted(share for _, share in heard)


def test_it_has_seven_terms_of_marks_the_last_one_open(made: School) -> None:
    terms = list(Term.objects.filter(school=made).order_by("starts"))

    assert len(terms) == 7
    assert all(term.assessments.count() > 100 for term in terms)
    assert [term.code for term in terms if term.closed_at is None] == ["2026-27-autumn"]


def test_it_has_lines_that_start_from_results_and_from_the_first_assessment(made: School) -> None:
    starts = set(ProgressTarget.objects.filter(school=made, key_stage="KS2").values_list("k0", flat=True))

    assert 0 in starts
    assert starts - {0}


def test_it_has_a_history_of_revised_targets_by_the_assessment_manager(made: School) -> None:
    assert Target.objects.filter(school=made, version__gt=1).exclude(reason="").exists()
    acts = Act.objects.filter(school=made, kind="import").order_by("pk")
    assert {act.person.roles.get().role for act in acts if act.person} == {"assessment_manager"}
    assert [act.at for act in acts] == sorted(act.at for act in acts)
    assert acts[0].at.year == 2024


def test_it_keeps_later_marks_out_of_earlier_terms(made: School) -> None:
    for mark in Assessment.objects.filter(school=made).select_related("term"):
        assert mark.date is not None
        assert mark.term.starts <= mark.date <= min(mark.term.ends, NOW.date())


@pytest.mark.parametrize(
    "kind",
    [
        "pupils",
        "subjects",
        "staff",
        "contacts",
        "classes",
        "groups",
        "results",
        "assessments",
        "targets",
        "attendance",
        "behaviour",
    ],
)
def test_it_changes_nothing_when_what_went_out_comes_back(made: School, kind: str) -> None:
    of_open_term = Wanted(term="2026-27-autumn") if kind in ("assessments", "attendance") else None
    sheet = export(kind, school=made, by=COMMAND_LINE, now=NOW, wanted=of_open_term)

    plan = planned(made, write_csv(sheet.headers, sheet.rows), file=f"{kind}.csv")

    assert plan.counts == f"0 new, 0 changed, {len(sheet.rows)} same, 0 refused"
    assert sheet.rows


def test_it_has_one_sign_in_for_each_role(made: School) -> None:
    listed = sign_ins(made, now=NOW)

    staff = [words for role, words in ROLES.items() if role != "installer"]
    assert [each.role for each in listed] == [*staff, *(each.role for each in PARENTS)]
    assert authenticate(username="head@demo.example", password=PASSPHRASE) is not None


def test_it_is_found_again(made: School) -> None:
    assert standing_demo("primary", now=NOW) == made


def test_it_refuses_to_be_another_school(made: School) -> None:
    with pytest.raises(DemoRefusedError, match=r"Another made-up school is here.*--data"):
        standing_demo("secondary", now=NOW)


def test_it_refuses_to_live_beside_a_real_school() -> None:
    School.objects.update(demo=False)

    with pytest.raises(DemoRefusedError, match="do not belong among real ones"):
        standing_demo("primary", now=NOW)


def test_it_leaves_nothing_behind_where_it_fails() -> None:
    def interrupt(words: str, share: float) -> None:
        if share > 0.2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_demo("secondary", n_pupils=30, seed=7, now=NOW, heard=interrupt)

    assert not School.objects.filter(dfe=SHAPES["secondary"].dfe).exists()


def test_it_makes_a_secondary_too() -> None:
    school = make_demo("secondary", n_pupils=40, seed=7, now=NOW, heard=lambda *_: None)

    kinds = set(Assessment.objects.filter(school=school).values_list("kind", flat=True))
    assert kinds == {"current", "likely"}


def test_it_has_two_parents_and_two_cards_and_shows_them_what_is_over(made: School) -> None:
    viewers = {each.email: viewer_of(User.objects.get(email=each.email)) for each in PARENTS}
    children = {email: own_pupils(viewer, now=NOW) for email, viewer in viewers.items()}

    assert [len(each) for each in children.values()] == [2, 1]
    (child,) = children[PARENTS[1].email]
    page = own_page(child.uid, viewer=viewers[PARENTS[1].email], now=NOW)
    assert len(page.released) > 2
    assert "2026-27-autumn" not in {each.term.code for each in page.released}
    for card in cards(made):
        tried = try_card(card.sign_in_name, address="", now=NOW)
        assert pupil_of_card(card.sign_in_name, " ".join(card.secret), made=tried) is not None
