"""The pupil page in words: where the pupil stands, subject by subject. Decides nobody's status."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from headway.domain.cuts import listed
from headway.domain.questions import term_words
from headway.domain.terms import Term
from headway.services.pupil_pages import PupilPage
from headway.services.pupil_progress import SubjectProgress, TermProgress
from headway.web.presenters.days import day_words
from headway.web.presenters.progress import in_sentence
from headway.web.presenters.pupil_axis import axis_of
from headway.web.presenters.pupil_compared import Comparing, compared
from headway.web.presenters.pupil_people import (
    ChangeRow,
    CharacteristicRow,
    ClassRow,
    GroupRow,
    NoteRow,
    change_rows,
    characteristic_rows,
    class_rows,
    group_rows,
    note_rows,
    place_words,
)
from headway.web.presenters.pupil_strips import Strip, strip_of
from headway.web.presenters.pupil_subjects import Card, Chosen, card_of, chosen_of, why_not_known

__all__ = ["FlagSaid", "PupilView", "pupil_view", "standing"]

_MOST_NAMED = 3
_LARGE = "#subject"

_Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class FlagSaid:
    """Something to look at, in a sentence that names its subject, and where the subject opens."""

    code: str
    sentence: str
    address: str


@dataclass(frozen=True, slots=True)
class CardSet:
    """Some subjects' cards: under a heading of their own, and what the list of them is called."""

    heading: str
    label: str
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class PupilView:
    """Everything the page says."""

    name: str
    known_as: str
    place: str
    born: str
    standing: str
    term: str
    flags: Sequence[FlagSaid]
    card_sets: Sequence[CardSet]
    chosen: Chosen | None
    all_address: str
    strip: Strip | None
    comparing: Comparing
    changes: Sequence[ChangeRow]
    n_revised: int
    classes_heading: str
    classes: Sequence[ClassRow]
    groups: Sequence[GroupRow]
    characteristics: Sequence[CharacteristicRow] | None
    notes: Sequence[NoteRow]
    likely: str


def pupil_view(page: PupilPage, *, subject: str, from_here: str, came_from: str) -> PupilView:
    """The page, with one subject large where one of the pupil's is asked for.

    ``from_here`` is what links into other pages add to their address; ``came_from`` is this page's own way back, kept
    where it is opened again with another subject.
    """
    axis = axis_of(page)

    def address(code: str) -> str:
        return f"?{urlencode({'subject': code, **({'from': came_from} if came_from else {})})}{_LARGE}"

    here = [each for each in page.subjects if each.stage_at(page.term)]
    earlier = [each for each in page.subjects if each not in here]
    chosen = next((each for each in page.subjects if each.code == subject), None)
    cards = {
        each.code: card_of(each, page, axis, address=address(each.code), chosen=each is chosen)
        for each in page.subjects
    }
    sets = (
        CardSet("", f"Subjects in {term_words(page.term.code)}", [cards[each.code] for each in here]),
        CardSet("Earlier subjects", "Earlier subjects", [cards[each.code] for each in earlier]),
    )
    names = {each.code: each.name for each in page.subjects}
    return PupilView(
        name=f"{page.forename} {page.surname}",
        known_as=page.preferred_forename if page.preferred_forename != page.forename else "",
        place=place_words(page),
        born=day_words(page.date_of_birth) if page.date_of_birth else "",
        standing=standing(here, page.term, this_term=page.this_term),
        term=term_words(page.term.code),
        flags=_flags(page, address),
        card_sets=[each for each in sets if each.cards],
        chosen=chosen_of(chosen, page, axis, from_here=from_here) if chosen else None,
        all_address=f"?{urlencode({'from': came_from})}" if came_from else "?",
        strip=strip_of(page, axis),
        comparing=compared(here, page, addresses=[address(each.code) for each in here]),
        changes=change_rows(page, subject_names=names),
        n_revised=sum(bool(each.before) for each in page.target_changes),
        classes_heading=_classes_heading(page),
        classes=class_rows(page),
        groups=group_rows(page),
        characteristics=characteristic_rows(page),
        notes=note_rows(page),
        likely=_likely(here, page.term),
    )


def standing(subjects: Sequence[SubjectProgress], term: Term, *, this_term: Term) -> str:
    """Where the pupil stands, in a sentence; composites are left out, for their parts are counted."""
    names = in_sentence({each.code: each.name for each in subjects})
    by_status: dict[str, list[str]] = {}
    reasons: Counter[str] = Counter()
    for each in subjects:
        stage, found = each.stage_at(term), each.at(term)
        if stage and found and not stage.parts and _counts(found):
            by_status.setdefault(found.status, []).append(names[each.code])
            reasons.update([why] if (why := why_not_known(found, term=this_term)) else [])
    when = "this term" if term == this_term else f"in {term_words(term.code)}"
    on, unknown = [*by_status.get("above", []), *by_status.get("on", [])], by_status.get("not_known", [])
    n_known = sum(len(each) for status, each in by_status.items() if status != "not_known")
    if not n_known:
        whys = [f"{why} in {n} subject{'' if n == 1 else 's'}" for why, n in reasons.most_common()]
        return f"No status {when} yet: {', '.join(whys)}." if whys else f"Nothing is known {when} yet."
    off = [
        f"{words} in {listed(by_status[status])}"
        for status, words in (("well_below", "well below"), ("below", "below"))
        if status in by_status
    ]
    said = [_on_track(on, n_known, when)]
    said += [f"apparently {', and '.join(off)}"] if off else []
    said += [f"not known in {listed(unknown) if len(unknown) <= _MOST_NAMED else len(unknown)}"] if unknown else []
    return f"{'; '.join(said)}."


def _on_track(on: Sequence[str], n_known: int, when: str) -> str:
    if n_known == 1:
        return f"{'On or above' if on else 'Off track'} in the one subject known {when}"
    if len(on) == n_known:
        return f"On or above in all {n_known} subjects {when}"
    return f"On or above in {len(on) or 'none'} of {n_known} subjects {when}"


def _flags(page: PupilPage, address: _Address) -> Sequence[FlagSaid]:
    """What to look at, each sentence beginning with its subject."""
    return [
        FlagSaid(
            each.flag.code,
            each.flag.sentence if each.flag.code == "A4" else f"{each.name}: {_lower(each.flag.sentence)}",
            address(each.subject),
        )
        for each in page.flags
    ]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:] if sentence.startswith("The ") else sentence


def _counts(found: TermProgress) -> bool:
    """Whether a subject is one of the term's: taught, judged, or with somewhere to be on the way to a target."""
    return bool(found.grade or found.mark_code or found.class_code or found.expected)


def _likely(subjects: Sequence[SubjectProgress], term: Term) -> str:
    """Which subjects are judged by the likely final grade: all, or some by name."""
    likely = [each for each in subjects if (stage := each.stage_at(term)) and stage.judgement == "likely"]
    if not likely:
        return ""
    if len(likely) == len(subjects):
        return "Each judgement is the likely final grade."
    names = in_sentence({each.code: each.name for each in likely})
    return f"In {listed(list(names.values()))} the judgement is the likely final grade."


def _classes_heading(page: PupilPage) -> str:
    if page.classes_year is None or page.classes_year == page.this_term.year:
        return "Classes this year"
    return f"Classes in {page.classes_year.code.replace('-', '–')}"
