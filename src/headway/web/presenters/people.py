"""People in words: their roles, how their accounts stand, when they were last here. Decides nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from headway.domain.roles import ROLES, ScopedRole
from headway.formats.policy import school_policy
from headway.services.people import PersonChange, PersonRow, Scopes

__all__ = ["ACCOUNT_WORDS", "PeoplePage", "PersonLine", "change_words", "day_words", "people_page", "person_line"]
__all__ += ["role_choices", "role_words"]

ACCOUNT_WORDS: Mapping[str, str] = {
    "none": "No account yet",
    "invited": "Invited, link not used yet",
    "open": "Can sign in",
    "dormant": "Asleep: needs a new link",
    "closed": "Account closed",
}
_OF: Mapping[str, str] = {"head_of_year": "head of {}"}
_CHANGES: Mapping[str, str] = {
    "add person": "Invited, or roles added",
    "change roles": "Roles changed",
    "end time": "Last day set",
    "bring back": "Last day taken back",
    "import": "Changed by a file of staff",
    "undo": "A file of staff undone",
}


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as a list shows them; ``needs_you`` says that something about the account waits for somebody."""

    uid: UUID
    name: str
    code: str
    email: str
    roles: Sequence[str]
    days: str
    account: str
    needs_you: bool
    last_here: str
    second_step: str


@dataclass(frozen=True, slots=True)
class Show:
    """One way to cut the list, with how many it leaves and where it can be seen."""

    words: str
    n: int
    address: str
    here: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The list as it was asked for: the people, the other ways to cut it, and what it says above them."""

    lines: Sequence[PersonLine]
    shows: Sequence[Show]
    find: str
    show: str
    headline: str


_Holds = Callable[[PersonRow, date], bool]
_SHOWS: Mapping[str, tuple[str, _Holds]] = {
    "here": ("Everybody here", lambda row, today: not row.left(today)),
    "no_account": ("No account yet", lambda row, today: not row.left(today) and row.account == "none"),
    "invited": ("Link not used yet", lambda row, today: not row.left(today) and row.account == "invited"),
    "asleep": ("Asleep", lambda row, today: not row.left(today) and row.account == "dormant"),
    "no_step": ("Second step missing", lambda row, today: not row.left(today) and _lacks_step(row)),
    "no_role": ("No role", lambda row, today: not row.left(today) and not row.roles),
    "left": ("Have left", lambda row, today: row.left(today)),
}


def people_page(rows: Sequence[PersonRow], *, show: str, find: str, address: str, now: datetime) -> PeoplePage:
    """The people of a school, cut as asked; an unknown cut is everybody here."""
    today, chosen = now.date(), show if show in _SHOWS else "here"
    found = [row for row in rows if _fits(row, find)]
    kept = [row for row in found if _SHOWS[chosen][1](row, today)]
    shows = []
    for key, (words, holds) in _SHOWS.items():
        n = sum(holds(row, today) for row in found)
        asked = {name: value for name, value in (("show", key if key != "here" else ""), ("q", find)) if value}
        if n or key in ("here", chosen):
            shows.append(Show(words, n, f"{address}?{urlencode(asked)}" if asked else address, key == chosen))
    people = "1 person" if len(kept) == 1 else f"{len(kept)} people"
    named = f" whose name, code or address holds “{find}”" if find else ""
    return PeoplePage([person_line(row, now=now) for row in kept], shows, find, chosen, f"{people}{named}")


def person_line(row: PersonRow, *, now: datetime) -> PersonLine:
    """A person in words."""
    return PersonLine(
        uid=row.uid,
        name=row.name,
        code=row.code,
        email=row.email,
        roles=[
            _sentence(role_words(each.role, each.of)) + ("" if each.there else " (not there now)") for each in row.roles
        ],
        days=_days(row, now.date()),
        account=ACCOUNT_WORDS[row.account],
        needs_you=not row.left(now.date()) and row.account == "dormant",
        last_here=_when(row.last_here, now=now),
        second_step="Set" if row.second_step else "Missing" if row.needs_second_step else "Not needed",
    )


def role_words(role: ScopedRole, of: str = "") -> str:
    """A role in words: subject leader of Mathematics, head of Year 9, tutor of 9B."""
    words = ROLES[role.role]
    if role.scope:
        return _OF.get(role.role, words + " of {}").format(of or role.scope)
    policy = school_policy().roles[role.role]
    if policy.scope is None:
        return words
    return f"{words}, own classes only" if any(policy.reaches("")) else f"{words} of nobody yet"


def role_choices(scopes: Scopes, gives: Sequence[str]) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """The roles somebody may give, as a field offers them: those of one kind together."""
    plain: list[tuple[str, str]] = []
    kinds: list[tuple[str, Sequence[tuple[str, str]]]] = []
    for role in gives:
        there, policy = scopes.of(role), school_policy().roles[role]
        if there is None:
            plain.append((role, _sentence(role_words(ScopedRole(role)))))
            continue
        offered = [ScopedRole(role, code) for code in there]
        if any(policy.reaches("")):
            offered.append(ScopedRole(role))
        named = [(str(each), _sentence(role_words(each, scopes.words(each)))) for each in offered]
        if named:
            kinds.append((_sentence(ROLES[role]), named))
    return [("One for the whole school, or for their own classes", plain), *kinds]


def change_words(changes: Sequence[PersonChange]) -> Sequence[str]:
    """What was done to somebody's roles and days, and by whom."""
    return [f"{day_words(each.at.date())}: {_CHANGES.get(each.kind, each.kind)}, by {each.by}" for each in changes]


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _lacks_step(row: PersonRow) -> bool:
    return row.needs_second_step and not row.second_step and row.account in ("open", "dormant")


def _fits(row: PersonRow, find: str) -> bool:
    held = " ".join((row.name, row.code, row.email, *(role_words(each.role, each.of) for each in row.roles))).casefold()
    return all(word in held for word in find.casefold().split())


def _days(row: PersonRow, today: date) -> str:
    if row.ends is not None:
        return f"left after {day_words(row.ends)}" if row.ends < today else f"last day {day_words(row.ends)}"
    return f"begins on {day_words(row.starts)}" if row.starts is not None and row.starts > today else ""


def _when(moment: datetime | None, *, now: datetime) -> str:
    if moment is None:
        return "Never"
    days = (now.date() - moment.astimezone(now.tzinfo).date()) // timedelta(days=1)
    if days <= 1:
        return "Today" if days <= 0 else "Yesterday"
    return f"{days} days ago" if days < 28 else day_words(moment.astimezone(now.tzinfo).date())


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
