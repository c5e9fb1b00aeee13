"""What the audit tells, in words a head and a family understand: pages, acts, alerts."""

from collections.abc import Mapping, Sequence

from headway.domain.questions import term_words

__all__ = ["ALERT_WORDS", "act_words", "alert_words", "listed", "look_verb", "place_words", "records_words"]

_PLACES: Mapping[str, str] = {
    "home": "Today",
    "pupil": "the pupil’s page",
    "pupil-as-family": "the page as the family sees it",
    "my-progress": "the pupil’s own page",
    "my-child": "the family’s page",
    "search": "what a search found",
    "search-suggestions": "what a search suggested",
    "group": "a group",
    "group-new": "the pupils chosen for a group",
    "upload": "the plan of a file",
    "transfer": "a file that came in",
    "families": "the families",
    "contact": "a family contact",
    "class-cards-of": "sign-in cards of a class",
    "class-cards": "sign-in cards",
    "audit": "the record of looking",
    "audit-file": "the record of looking",
    "api-pupil-find": "a pupil looked up by number",
}
_OF_A_CLASS: Mapping[str, str] = {
    "marks": "the mark sheet",
    "marks-cells": "the mark sheet",
    "marks-changes": "the mark sheet",
    "targets": "the target sheet",
    "targets-check": "the target sheet",
    "class-cards-of": "the sign-in cards",
}

_ACTS: Mapping[str, str] = {
    "marks": "entered marks",
    "targets": "set targets",
    "import": "brought a file in",
    "undo": "undid a file",
    "undo import": "undid a file",
    "create school": "made the school",
    "open term": "opened a term",
    "close collection": "closed the collection of a term",
    "reopen collection": "opened the collection of a term again",
    "make group": "made a group",
    "rename group": "renamed a group",
    "add to group": "put pupils into a group",
    "end group membership": "took pupils out of a group",
    "release marks": "released marks",
    "withdraw marks": "took released marks back",
    "make cards": "made sign-in cards",
    "invite family": "invited somebody of a family",
    "new family link": "made somebody of a family a new one-time link",
    "restrict family": "restricted somebody of a family",
    "lift restriction": "lifted a restriction of somebody of a family",
    "agreed as adult": "noted that a pupil of age lets the family see",
    "agreed no longer": "noted that a pupil of age no longer lets the family see",
    "end contact": "ended what somebody of a family may see",
    "add person": "added somebody who works here",
    "change roles": "changed somebody’s roles",
    "end time": "ended somebody’s time here",
    "bring back": "brought somebody back",
    "upload file": "sent a file in to look at its plan",
    "discard upload": "put a file away without applying it",
    "set up school": "set the school up",
    "sign in": "signed in",
    "sign out": "signed out",
    "failed sign in": "did not get in: the password or name was wrong",
    "new device": "signed in from a device not seen before",
    "claim account": "set a password by a one-time link",
    "reset account": "made somebody a new one-time link",
    "change password": "changed their password",
    "add passkey": "added a passkey",
    "rename passkey": "renamed a passkey",
    "remove passkey": "took a passkey away",
    "add code app": "added a code app",
    "remove code app": "took the code app away",
    "renew recovery codes": "made new recovery codes",
    "forget second steps": "took away somebody’s second steps of signing in",
    "choose idle minutes": "chose after how many minutes a page locks",
    "disable account": "closed an account",
    "make token": "made a token for a program",
    "revoke token": "took a token away",
    "refused": "was refused",
}

_RECORDS: Mapping[str, tuple[str, str]] = {
    "Assessment": ("mark", "marks"),
    "Target": ("target", "targets"),
    "ProgressTarget": ("line of progress targets", "lines of progress targets"),
    "Result": ("result", "results"),
    "Pupil": ("pupil", "pupils"),
    "Enrolment": ("time on roll", "times on roll"),
    "Placement": ("place in a year group", "places in year groups"),
    "Characteristic": ("characteristic", "characteristics"),
    "SchoolClass": ("class", "classes"),
    "TeachingGroup": ("class in a subject", "classes in subjects"),
    "ClassMember": ("place in a class", "places in classes"),
    "Group": ("group", "groups"),
    "GroupMember": ("place in a group", "places in groups"),
    "Person": ("person", "people"),
    "Role": ("role", "roles"),
    "Contact": ("family contact", "family contacts"),
    "Release": ("release of marks", "releases of marks"),
    "Attendance": ("attendance record", "attendance records"),
    "BehaviourIncident": ("behaviour incident", "behaviour incidents"),
    "Subject": ("subject", "subjects"),
    "Teaching": ("class taught", "classes taught"),
    "Term": ("term", "terms"),
    "AcademicYear": ("school year", "school years"),
    "StageSubject": ("subject in a key stage", "subjects in key stages"),
}
_MOST_RECORDS = 3

ALERT_WORDS: Mapping[str, str] = {
    "mass export": "took out records of {n} pupils at once",
    "many looks": "looked at {n} different pupils within an hour",
    "many refusals": "was refused {n} times within five minutes",
    "new device": "signed in from a device not seen before",
}


def place_words(place: str, about: Mapping[str, str], *, plainly: bool = False) -> str:
    """What was looked at: the mark sheet of 5A, autumn 2026. ``plainly`` leaves out what a family need not know."""
    code, term = about.get("code", ""), about.get("term", "")
    if place in _OF_A_CLASS and code:
        when = f", {term_words(term)}" if term and not plainly else ""
        return f"{_OF_A_CLASS[place]} of {code}{when}"
    if place == "progress":
        kind, _, which = about.get("who", "").partition(":")
        whom = {"year": f" of Year {which}", "class": f" of {which}", "group": " of a group"}.get(kind, "")
        return f"the progress list{whom}"
    if place.startswith("api-") and place not in _PLACES:
        return f"{place.removeprefix('api-').replace('-', ' ')}, by a program"
    return _PLACES.get(place, "a page")


def look_verb(way: str) -> str:
    """What was done in looking."""
    return {"print": "printed", "export": "took out", "api": "read"}.get(way, "looked at")


def act_words(action: str) -> str:
    """What was done, of an act or a note."""
    return _ACTS.get(action, action)


def records_words(records: Mapping[str, int]) -> str:
    """What an act wrote, most of it first: 30 marks, 2 targets and more."""
    told = sorted(records.items(), key=lambda each: (each[0] == "ProgressTarget", -each[1]))
    said = [f"{n:,} {_RECORDS.get(kind, (kind, kind))[n != 1]}" for kind, n in told[:_MOST_RECORDS]]
    return ", ".join(said) + (" and more" if len(told) > _MOST_RECORDS else "")


def alert_words(what: str, n: int) -> str:
    """What an alert says somebody did."""
    return ALERT_WORDS.get(what, what).format(n=f"{n:,}")


def listed(words: Sequence[str]) -> str:
    """Things in a row: a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
