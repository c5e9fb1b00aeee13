"""Cards with which pupils sign in: a name and a password of the school's making, shown once, on paper.

Passwords are stored like all others, so a card can be printed only when it is made; made anew, the old one ends.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from headway.domain.families import PASSWORD_KINDS, PICTURES, SECRET_LENGTH, numbers_for, usual_kind
from headway.domain.pupils import name_words
from headway.domain.terms import YearGroup
from headway.formats.word_lists import word_list
from headway.records import history
from headway.records.models import Act, Pupil, PupilAccount, School, User
from headway.services import audit
from headway.services.access import NotFoundError, Viewer, require, taught_by
from headway.services.families.registers import PupilSet, card_pupils, class_sets, in_order, registration_sets
from headway.services.people.accounts import end_access

__all__ = [
    "Card",
    "CardClass",
    "CardPupil",
    "CardsRefusedError",
    "DealtCard",
    "ListedCards",
    "card_classes",
    "cards_of",
    "deal",
    "make_cards",
]

_MOST_TRIES = 100


class CardsRefusedError(ValueError):
    """Cards cannot be made as asked; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class ListedCards:
    """A class or registration group on the list: how many pupils, and how many of them have a card."""

    code: str
    year_group: YearGroup
    n_pupils: int
    n_cards: int


@dataclass(frozen=True, slots=True)
class CardPupil:
    """A pupil of a class, with the card they have; without one ``sign_in_name`` is blank."""

    uid: UUID
    name: str
    sign_in_name: str
    kind: str
    made_at: datetime | None


@dataclass(frozen=True, slots=True)
class CardClass:
    """A class as far as somebody may make its cards, and what its pupils would usually sign in with."""

    code: str
    year_group: YearGroup
    usual_kind: str
    pupils: Sequence[CardPupil]


@dataclass(frozen=True, slots=True)
class DealtCard:
    """What stands on a card: the name, and three words or pictures."""

    sign_in_name: str
    secret: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A card ready to be printed: whose, and what stands on it."""

    name: str
    kind: str
    dealt: DealtCard


Dealer = Callable[[str], DealtCard]
"""Makes what stands on one card of a kind."""


def deal(kind: str) -> DealtCard:
    """A card by chance: a name nobody could be known by, and a secret nobody chose."""
    name = (secrets.choice(word_list("describing")), secrets.choice(word_list("things")))
    source = PICTURES if kind == "pictures" else word_list("plain")
    secret = tuple(secrets.choice(source) for _ in range(SECRET_LENGTH))
    return DealtCard(f"{name[0]}-{name[1]}-{secrets.choice(numbers_for(kind))}", secret)


def card_classes(viewer: Viewer, *, school: School, now: datetime) -> Sequence[ListedCards]:
    """The classes whose cards somebody may make: registration groups, and for teachers the classes they teach."""
    require(viewer, "make_pupil_accounts", school=school, on=now.date())
    sets, mine = _sets(viewer, school=school, now=now)
    have = frozenset(PupilAccount.objects.filter(pupil__in=mine).values_list("pupil_id", flat=True))
    return [
        ListedCards(each.code, each.year_group, len(each.pupils & mine), len(each.pupils & have))
        for each in in_order(sets.values())
    ]


def cards_of(code: str, *, viewer: Viewer, school: School, now: datetime) -> CardClass:
    """One class: who has a card, and who has none yet."""
    require(viewer, "make_pupil_accounts", school=school, on=now.date())
    found, mine = _set(code, viewer, school=school, now=now)
    viewer.saw(mine)
    return CardClass(
        code=found.code,
        year_group=found.year_group,
        usual_kind=usual_kind(found.year_group),
        pupils=[_card_pupil(pupil) for pupil in _pupils(mine)],
    )


def make_cards(
    code: str,
    *,
    pupils: Collection[UUID],
    kind: str,
    school: School,
    by: Viewer,
    now: datetime,
    request_id: UUID | None = None,
    dealer: Dealer = deal,
) -> Sequence[Card]:
    """Makes the cards of some pupils of a class; a pupil's older card ends at once, with every session it opened.

    The same request sent again makes none: what stands on a card is known only to whoever was handed it.
    """
    require(by, "make_pupil_accounts", school=school, on=now.date())
    _, mine = _set(code, by, school=school, now=now)
    chosen = [pupil for pupil in _pupils(mine) if pupil.uid in set(pupils)]
    if len(chosen) != len(set(pupils)):
        raise NotFoundError(code)
    if not chosen:
        raise CardsRefusedError("Nobody is chosen. Right would be a tick beside at least one name.")
    if kind not in PASSWORD_KINDS:
        raise CardsRefusedError(f"There is no such card. Right would be {' or '.join(PASSWORD_KINDS.values())}.")
    with transaction.atomic():
        if request_id is not None and Act.objects.filter(school=school, request_id=request_id).exists():
            raise CardsRefusedError("These cards have been made already. Right would be to make them anew.")
        history.begin(school, kind="make cards", by=by.author(school), at=now, request_id=request_id)
        cards = [_make(pupil, kind, dealer, now=now) for pupil in chosen]
        detail = {"pupils": [str(pupil.uid) for pupil in chosen], "kind": kind}
        keys = [pupil.pk for pupil in chosen]
        audit.note(school, action="make cards", by=by, now=now, detail=detail, pupils=keys)
    by.saw(pupil.pk for pupil in chosen)
    return cards


def _make(pupil: Pupil, kind: str, dealer: Dealer, *, now: datetime) -> Card:
    account = PupilAccount.objects.filter(pupil=pupil).select_related("user").first()
    dealt = _with_free_name(kind, dealer)
    password = "-".join(dealt.secret)
    if account is None:
        user = User.objects.create_user(None, password)
        PupilAccount.objects.create(pupil=pupil, user=user, sign_in_name=dealt.sign_in_name, kind=kind, made_at=now)
    else:
        account.user.set_password(password)
        account.user.save(update_fields=["password"])
        end_access(account.user, now=now)
        account.sign_in_name, account.kind, account.made_at = dealt.sign_in_name, kind, now
        account.save(update_fields=["sign_in_name", "kind", "made_at"])
    return Card(f"{pupil.preferred_forename or pupil.forename} {pupil.surname}", kind, dealt)


def _with_free_name(kind: str, dealer: Dealer) -> DealtCard:
    """A card whose name nobody has, in any school; a made one that is taken is dealt again."""
    for _ in range(_MOST_TRIES):
        dealt = dealer(kind)
        if not PupilAccount.objects.filter(sign_in_name=dealt.sign_in_name).exists():
            return dealt
    raise CardsRefusedError("No free sign-in name was found. Right would be to try again.")


def _sets(viewer: Viewer, *, school: School, now: datetime) -> tuple[Mapping[str, PupilSet], frozenset[int]]:
    """The sets whose cards somebody may make, by code, and the keys of all the pupils they may make them for."""
    on = now.date()
    mine = card_pupils(viewer, school=school, on=on)
    groups, classes = registration_sets(school, on=on), class_sets(school, on=on)
    whole = {code: each for code, each in groups.items() if each.pupils and each.pupils <= mine}
    taught = set(taught_by(viewer, school=school, on=on).values_list("school_class__code", flat=True))
    own = {code: each for code, each in classes.items() if (code in taught or not groups) and each.pupils & mine}
    return {**own, **whole}, mine


def _set(code: str, viewer: Viewer, *, school: School, now: datetime) -> tuple[PupilSet, frozenset[int]]:
    """A set by its code, and the keys of its pupils somebody may make cards for."""
    sets, mine = _sets(viewer, school=school, now=now)
    if code not in sets:
        raise NotFoundError(code)
    return sets[code], sets[code].pupils & mine


def _pupils(keys: Collection[int]) -> Sequence[Pupil]:
    rows = Pupil.objects.filter(pk__in=keys).select_related("account")
    return sorted(rows, key=lambda each: (each.surname.casefold(), each.forename.casefold(), each.pk))


def _card_pupil(pupil: Pupil) -> CardPupil:
    account = getattr(pupil, "account", None)
    name = name_words(pupil.surname, pupil.forename, pupil.preferred_forename)
    if account is None:
        return CardPupil(pupil.uid, name, "", "", None)
    return CardPupil(pupil.uid, name, account.sign_in_name, account.kind, account.made_at)
