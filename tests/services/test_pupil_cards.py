"""Cards: who makes them for whom, what stands on them, and whom they let in."""

import re
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from headway.domain.families import PICTURES
from headway.formats.word_lists import word_list
from headway.records.models import AuditEntry, Pupil, PupilAccount, School, User
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError, is_pupil, viewer_of
from headway.services.families.cards import (
    Card,
    CardsRefusedError,
    DealtCard,
    card_classes,
    cards_of,
    deal,
    make_cards,
)
from headway.services.families.pages import own_pupils
from headway.services.families.pupil_sign_in import pupil_of_card, try_card
from tests.school import NOW, bring_in, csv, make_school, make_upn, sign_in_for, viewer_for
from tests.web.primary import TEACHER, make_primary

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_primary()


def uid(number: int) -> UUID:
    return Pupil.objects.get(upn=make_upn(number)).uid


def made(school: School, *numbers: int, kind: str = "words", code: str = "5A") -> list[Card]:
    pupils = [uid(number) for number in numbers]
    return list(make_cards(code, pupils=pupils, kind=kind, school=school, by=COMMAND_LINE, now=NOW))


def enters(card: Card, *, secret: str | None = None, address: str = "10.0.0.1") -> User | None:
    tried = try_card(card.dealt.sign_in_name, address=address, now=NOW)
    given = " ".join(card.dealt.secret) if secret is None else secret
    return pupil_of_card(card.dealt.sign_in_name, given, made=tried) if tried.allowed else None


class TestMaking:
    def test_it_gives_a_name_nobody_is_known_by_and_three_words(self, school: School) -> None:
        (card,) = made(school, 1)

        assert re.fullmatch(r"[a-z]+-[a-z]+-[1-9][0-9]", card.dealt.sign_in_name)
        assert "amir" not in card.dealt.sign_in_name
        assert len(card.dealt.secret) == 3
        assert set(card.dealt.secret) <= set(word_list("plain"))
        assert card.name == "Amir Adams"

    def test_it_gives_the_young_three_pictures(self, school: School) -> None:
        (card,) = made(school, 1, kind="pictures")

        assert re.fullmatch(r"[a-z]+-[a-z]+-[2-9]", card.dealt.sign_in_name)
        assert set(card.dealt.secret) <= set(PICTURES)

    def test_it_stores_no_password_that_could_be_read(self, school: School) -> None:
        (card,) = made(school, 1)

        stored = User.objects.get(pupil_account__sign_in_name=card.dealt.sign_in_name)
        assert stored.email is None
        assert not any(word in stored.password for word in card.dealt.secret)

    def test_a_new_card_ends_the_old_one_and_its_sessions(self, school: School) -> None:
        (old,) = made(school, 1)
        user = enters(old)
        assert user is not None
        session = SessionStore()
        session["_auth_user_id"] = str(user.pk)
        session.save()

        (new,) = made(school, 1)

        assert (enters(old), enters(new)) == (None, user)
        assert not Session.objects.exists()
        assert PupilAccount.objects.count() == 1

    def test_it_deals_again_where_a_name_is_taken(self, school: School) -> None:
        dealt = iter(["sunny-otter-41", "sunny-otter-41", "brave-robin-12"])

        def dealer(kind: str) -> DealtCard:
            return DealtCard(next(dealt), ("river", "pencil", "mango"))

        cards = make_cards(
            "5A", pupils=[uid(1), uid(2)], kind="words", school=school, by=COMMAND_LINE, now=NOW, dealer=dealer
        )

        assert [card.dealt.sign_in_name for card in cards] == ["sunny-otter-41", "brave-robin-12"]

    def test_the_same_request_makes_none_again(self, school: School) -> None:
        request = uuid4()
        about = {"pupils": [uid(1)], "kind": "words", "school": school, "by": COMMAND_LINE, "now": NOW}
        (card,) = make_cards("5A", request_id=request, **about)  # type: ignore[arg-type]

        with pytest.raises(CardsRefusedError, match="made already"):
            make_cards("5A", request_id=request, **about)  # type: ignore[arg-type]
        assert enters(card) is not None

    def test_it_refuses_nobody_and_unknown_kinds(self, school: School) -> None:
        with pytest.raises(CardsRefusedError, match="Nobody is chosen"):
            made(school)
        with pytest.raises(CardsRefusedError, match="no such card"):
            made(school, 1, kind="numbers")

    def test_it_is_in_the_audit(self, school: School) -> None:
        made(school, 1, 2)

        entry = AuditEntry.objects.filter(action="make cards").latest("pk")
        assert entry.detail == {"pupils": [str(uid(1)), str(uid(2))], "kind": "words"}

    def test_it_deals_by_chance(self) -> None:
        assert len({deal("words") for _ in range(50)}) == 50


class TestReach:
    def test_a_teacher_makes_them_for_their_own_class_only(self, school: School) -> None:
        teacher = viewer_of(User.objects.get(email=TEACHER))

        assert [each.code for each in card_classes(teacher, school=school, now=NOW)] == ["5A"]
        for code, pupil in (("5B", uid(7)), ("5A", uid(7))):
            with pytest.raises(NotFoundError):
                make_cards(code, pupils=[pupil], kind="words", school=school, by=teacher, now=NOW)
        assert len(make_cards("5A", pupils=[uid(1)], kind="words", school=school, by=teacher, now=NOW)) == 1

    def test_a_tutor_makes_them_for_the_registration_group_named_with_the_role(self, school: School) -> None:
        user = sign_in_for(school, "tutor:5B", email="tutor@elm.example")
        tutor = viewer_of(user)

        assert [each.code for each in card_classes(tutor, school=school, now=NOW)] == ["5B"]
        assert len(cards_of("5B", viewer=tutor, school=school, now=NOW).pupils) == 6

    def test_what_another_role_sees_gives_no_right_to_make_them(self, school: School) -> None:
        bring_in(
            school,
            csv("staff,name,email,roles", f"TEA,Tess Teacher,{TEACHER},class_teacher; senco"),
            file="staff.csv",
        )
        both = viewer_of(User.objects.get(email=TEACHER))

        assert [each.code for each in card_classes(both, school=school, now=NOW)] == ["5A"]

    def test_strangers_and_readers_make_none(self, school: School) -> None:
        for viewer, error in (
            (viewer_for(make_school("8239999"), "head"), NotFoundError),
            (viewer_for(school, "senco"), NotAllowedError),
        ):
            with pytest.raises(error):
                card_classes(viewer, school=school, now=NOW)
            with pytest.raises(error):
                cards_of("5A", viewer=viewer, school=school, now=NOW)
            with pytest.raises(error):
                make_cards("5A", pupils=[uid(1)], kind="words", school=school, by=viewer, now=NOW)

    def test_it_lists_classes_with_how_many_have_a_card(self, school: School) -> None:
        made(school, 1, 2)

        listed = card_classes(COMMAND_LINE, school=school, now=NOW)
        assert [(each.code, each.n_pupils, each.n_cards) for each in listed] == [("5A", 6, 2), ("5B", 6, 0)]
        assert cards_of("5A", viewer=COMMAND_LINE, school=school, now=NOW).usual_kind == "words"


class TestSignIn:
    def test_a_card_opens_the_pupils_own_page_and_nobody_elses(self, school: School) -> None:
        (card,) = made(school, 1)

        user = enters(card, secret=f"  {' '.join(card.dealt.secret).upper()} ")

        assert user is not None
        viewer = viewer_of(user)
        assert is_pupil(viewer)
        assert [(each.uid, each.audience) for each in own_pupils(viewer, now=NOW)] == [(uid(1), "pupils")]

    def test_it_needs_the_words_in_their_order(self, school: School) -> None:
        card = make_cards(
            "5A",
            pupils=[uid(1)],
            kind="words",
            school=school,
            by=COMMAND_LINE,
            now=NOW,
            dealer=lambda kind: DealtCard("sunny-otter-41", ("river", "pencil", "mango")),
        )[0]

        assert enters(card, secret="pencil river mango") is None
        assert enters(card, secret="riverpencilmango") is None
        assert enters(card, secret="river-pencil-mango") is not None

    def test_ten_wrong_tries_make_one_card_wait_and_no_other(self, school: School) -> None:
        first, second = made(school, 1, 2)
        for _ in range(10):
            assert enters(first, secret="no no no") is None

        assert enters(first) is None
        assert enters(first, address="10.0.0.2") is None
        assert enters(second) is not None

    def test_a_class_behind_one_address_does_not_lock_itself_out(self, school: School) -> None:
        cards = made(school, 1, 2, 3, 4, 5, 6)
        for _ in range(3):
            for card in cards:
                assert enters(card, secret="not yet right") is None

        assert all(enters(card) for card in cards)

    def test_a_right_card_counts_no_try(self, school: School) -> None:
        (card,) = made(school, 1)

        assert all(enters(card) for _ in range(12))

    def test_it_knows_no_closed_account(self, school: School) -> None:
        (card,) = made(school, 1)
        User.objects.filter(pupil_account__isnull=False).update(is_active=False)

        assert enters(card) is None
