"""Some families of the made-up school: their contacts as a file, and who of them and of the pupils can sign in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.demo.classes import class_of
from headway.demo.dice import dice, weighted
from headway.demo.names import FORENAMES
from headway.demo.pupils import DemoPupil
from headway.demo.school import DemoSchool
from headway.formats.kinds import KINDS
from headway.formats.sheets_out import Value
from headway.services.access import Viewer
from headway.services.families.cards import DealtCard, cards_of, make_cards
from headway.services.families.contacts import families_of
from headway.services.families.invitations import invite_contact
from headway.services.families.releases import Cell, release, releases_of
from headway.services.people import claim_account
from headway.services.schools import AnySchool
from headway.services.sign_in.passwords import account_at

__all__ = [
    "CARDS",
    "CONTACT_HEADERS",
    "PARENTS",
    "DemoCard",
    "DemoParent",
    "contact_rows",
    "open_families",
    "release_term",
]

CONTACT_HEADERS = KINDS["contacts"].headers
_YEAR_GROUPS = {"primary": (5, 2), "secondary": (9, 8)}
_RELATIONS = (("mother", 60.0), ("father", 30.0), ("grandmother", 4.0), ("foster carer", 3.0), ("stepfather", 3.0))
_LANGUAGES = (("English", 80.0), ("Polish", 8.0), ("Urdu", 7.0), ("Somali", 5.0))
_HOME = "home.example"


@dataclass(frozen=True, slots=True)
class DemoParent:
    """A parent who does not exist: in which role the page of sign-ins lists them."""

    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A card anybody may use: whose, in the words of the page that lists it, and what stands on it."""

    who: str
    kind: str
    sign_in_name: str
    secret: tuple[str, ...]

    def deal(self, kind: str) -> DealtCard:
        """What stands on the card, always the same."""
        assert kind == self.kind
        return DealtCard(self.sign_in_name, self.secret)


PARENTS: Sequence[DemoParent] = (
    DemoParent("parent of two children", "Robin Applegarth", "parent@demo.example"),
    DemoParent("parent who may see one of two children", "Sam Applegarth", "other.parent@demo.example"),
)

CARDS: Mapping[str, Sequence[DemoCard]] = {
    "primary": (
        DemoCard("A pupil in Year 5", "words", "sunny-otter-41", ("river", "pencil", "mango")),
        DemoCard("A pupil in Year 2", "pictures", "happy-robin-7", ("boat", "star", "cat")),
    ),
    "secondary": (DemoCard("A pupil in Year 9", "words", "brave-falcon-52", ("planet", "ribbon", "olive")),),
}
"""Cards by kind of school: of the two children in this order."""


def contact_rows(school: DemoSchool) -> list[Sequence[Value]]:
    """The contacts of two classes; two of the pupils are brother and sister."""
    older, younger = _children(school)
    (both, one), rows = PARENTS, list[Sequence[Value]]()
    for child in (older, younger):
        rows.append(_row(child, both.name, "mother", both.email))
        rows.append(_row(child, one.name, "father", one.email, restricted=child is younger))
    throw = dice(school.seed, "families")
    for pupil in (each for child in (older, younger) for each in _class(school, child) if each is not child):
        names = set[str]()
        for relation in (weighted(_RELATIONS, throw), weighted(_RELATIONS, throw)):
            name = f"{throw.choice(FORENAMES['british', 'M' if relation.endswith('father') else 'F'])} {pupil.surname}"
            address = f"{name.casefold().replace(' ', '.')}@{_HOME}" if throw.random() < 0.8 and name.isascii() else ""
            language = weighted(_LANGUAGES, throw)
            if name not in names:
                rows.append(_row(pupil, name, relation, address, language=language))
            names.add(name)
    return rows


def open_families(made: DemoSchool, *, school: AnySchool, by: Viewer, now: datetime, passphrase: str) -> None:
    """Invites the two parents, one of them to both children, and makes cards for the children."""
    children = _children(made)
    for child in children:
        code = _code(made, child)
        found = families_of(by, school=school, now=now, chosen=code)
        contacts = {
            contact.email: contact
            for family in found.families
            for contact in family.contacts
            if _is_of(family.name, child)
        }
        for parent in PARENTS:
            if not contacts[parent.email].restricted:
                invite_contact(contacts[parent.email].uid, school=school, by=by, now=now)
    for parent in PARENTS:
        account = account_at(parent.email)
        assert account is not None
        claim_account(account, password=passphrase, now=now)
    for child, card in zip(children, CARDS[made.shape.kind], strict=False):
        code = _code(made, child)
        listed = cards_of(code, viewer=by, school=school, now=now)
        uid = next(each.uid for each in listed.pupils if _is_of(each.name, child))
        make_cards(code, pupils=[uid], kind=card.kind, school=school, by=by, now=now, dealer=card.deal)


def release_term(term: str, *, school: AnySchool, by: Viewer, now: datetime) -> None:
    """Shows a closed term's marks to every year group's pupils and families."""
    year_groups = releases_of(by, school=school, now=now).year_groups
    cells = [Cell(term, group, audience) for group in year_groups for audience in ("pupils", "families")]
    release(cells, starts=now.date(), school=school, by=by, now=now)


def _children(school: DemoSchool) -> tuple[DemoPupil, DemoPupil]:
    """An older pupil, of a class whose teacher signs in where there is one, and a younger one."""
    older, younger = _YEAR_GROUPS[school.shape.kind]
    return _child(school, older), _child(school, younger)


def _child(school: DemoSchool, year_group: int) -> DemoPupil:
    """The first of a year group on roll today, before all of the first class, and of those who have been here long."""
    year, today = school.time.this_year, school.time.today
    here = [each for each in school.pupils if each.year_group(year) == year_group and each.on_roll(today)]
    first = f"{year_group}{school.shape.forms[0]}"
    return min(
        here, key=lambda each: (not each.on_roll(year.after(-1).starts), _code(school, each) != first, each.place)
    )


def _class(school: DemoSchool, child: DemoPupil) -> Sequence[DemoPupil]:
    """The pupils on roll today in a pupil's class."""
    year, today = school.time.this_year, school.time.today
    same = [
        each
        for each in school.pupils
        if each.cohort == child.cohort and each.on_roll(today) and each.on_roll(year.starts)
    ]
    return [each for each in same if _code(school, each) == _code(school, child)]


def _code(school: DemoSchool, pupil: DemoPupil) -> str:
    return class_of(pupil, shape=school.shape, n_forms=school.n_forms, year=school.time.this_year)


def _is_of(name: str, child: DemoPupil) -> bool:
    return name.startswith(f"{child.surname}, {child.forename}")


def _row(
    pupil: DemoPupil, name: str, relation: str, address: str, *, language: str = "English", restricted: bool = False
) -> Sequence[Value]:
    return (pupil.upn, name, relation, address or None, language, True, restricted, None, None)
