"""Cards in words: the classes, who has one, and what stands on each of a printed sheet."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from headway.domain.cuts import year_group_words
from headway.domain.families import PASSWORD_KINDS
from headway.services.families.cards import Card, CardClass, ListedCards
from headway.web.presenters.days import short_day
from headway.web.presenters.pictures import Picture, pictures_of

__all__ = ["CardLine", "ClassLine", "PrintedCard", "card_lines", "class_lines", "printed_cards"]


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class in the list."""

    code: str
    year_group: str
    n_pupils: int
    words: str


@dataclass(frozen=True, slots=True)
class CardLine:
    """A pupil of a class; ``ticked`` says whether a card is about to be made: at first for those who have none."""

    uid: UUID
    name: str
    sign_in_name: str
    words: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """What stands on one card."""

    name: str
    sign_in_name: str
    pictures: Sequence[Picture]
    words: Sequence[str]


def class_lines(found: Sequence[ListedCards]) -> Sequence[ClassLine]:
    """The classes in words."""
    return [
        ClassLine(each.code, year_group_words(each.year_group), each.n_pupils, _counted(each.n_cards, each.n_pupils))
        for each in found
    ]


def card_lines(found: CardClass, *, ticked: Collection[UUID]) -> Sequence[CardLine]:
    """The pupils of a class in words."""
    return [
        CardLine(
            each.uid,
            each.name,
            each.sign_in_name,
            f"{PASSWORD_KINDS[each.kind].capitalize()}, made {short_day(each.made_at.date())}"
            if each.made_at
            else "No card",
            each.uid in ticked if ticked else not each.sign_in_name,
        )
        for each in found.pupils
    ]


def printed_cards(made: Sequence[Card]) -> Sequence[PrintedCard]:
    """What stands on each card of a sheet."""
    return [
        PrintedCard(
            each.name,
            each.dealt.sign_in_name,
            pictures_of(each.dealt.secret) if each.kind == "pictures" else (),
            each.dealt.secret if each.kind == "words" else (),
        )
        for each in made
    ]


def _counted(n_cards: int, n_pupils: int) -> str:
    if n_cards == n_pupils:
        return "All have a card"
    return f"{n_cards} of {n_pupils} have a card" if n_cards else "Nobody has a card yet"
