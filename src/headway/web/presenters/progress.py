"""The progress page in words: its sentence, counts, comparison and list. Asks nothing, computes no figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.safestring import SafeString

from headway.charts.bars import Part, stacked_bar
from headway.charts.svg import Drawing
from headway.domain.cuts import listed
from headway.domain.populations import population_words
from headway.domain.questions import Answer, Column, term_words
from headway.domain.status import OFF_TRACK, STATUSES, Status
from headway.domain.terms import academic_year_of
from headway.services.pupil_records import PupilRecord
from headway.web.presenters.comparison import Comparison, comparison, status_counts
from headway.web.presenters.cut_words import filter_words
from headway.web.presenters.figures import pupils_words
from headway.web.presenters.pupil_list import (
    SORT_WORDS,
    Heading,
    PupilRow,
    headings,
    pupil_rows,
    sections,
    why_not_known,
)
from headway.web.presenters.pupil_rows import Link, written_rows
from headway.web.presenters.status import STATUS_MEANINGS, STATUS_WORDS
from headway.web.selections import NAMES, Selection, value_of

__all__ = ["Answers", "ProgressPage", "in_sentence", "progress_page"]

_PROPER = frozenset(
    {"English", "French", "German", "Spanish", "Italian", "Latin", "Welsh", "Urdu", "Polish", "Mandarin"}
)
_SOMEBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked for the page: everybody's status and gap, those of each part, and the pupils behind them."""

    whole: Answer
    whole_gap: Answer
    parts: Answer
    part_gaps: Answer
    pupils: Sequence[PupilRecord]


@dataclass(frozen=True, slots=True)
class Count:
    """A number of pupils of one status that opens their names."""

    status: Status
    word: str
    n: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that leaves pupils out, and the address without it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A part of the list with its rows ready for the page."""

    heading: str
    n_pupils: int
    rows: SafeString


@dataclass(frozen=True, slots=True)
class Beside:
    """The pages about the same pupils: the mark sheet and targets of a class, a group. Empty where there is none."""

    marks: str = ""
    targets: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Everything the page says."""

    sentence: str
    beside: Beside
    as_of: str
    framework: str
    n_pupils: int
    n_off_track: int
    n_known: int
    off_track_address: str
    not_known: str
    counts: Sequence[Count]
    bar: Drawing
    comparison: Comparison
    filters: Sequence[Filter]
    sorted_by: str
    unsorted_address: str
    headings: Sequence[Heading]
    sections: Sequence[WrittenSection]
    n_listed: int
    all_address: str
    here: str
    columns: Sequence[Column]
    notes: Sequence[str]


def progress_page(
    selection: Selection,
    answers: Answers,
    *,
    subject_names: Mapping[str, str],
    mark_words: Mapping[str, str],
    classes: Sequence[str],
    choosable: bool,
    groups: Mapping[str, UUID] = MappingProxyType({}),
) -> ProgressPage:
    """The page for a selection: its question's answers, and the pupils behind them.

    ``classes`` are those that take the subject; ``choosable`` says whether pupils can be chosen for a group; ``groups``
    are those the viewer knows, by name.
    """
    whole = answers.whole
    figures = status_counts(whole.rows[0] if whole.rows else None)
    n_pupils = sum(figures.values())
    rows = pupil_rows(answers.pupils, sort=selection.sort, mark_words=mark_words)
    statuses = selection.statuses
    shown = [row for row in rows if row.status in statuses] if n_pupils else []
    counts = _counts(figures, selection)
    return ProgressPage(
        sentence=_sentence(selection, in_sentence(subject_names)),
        beside=_beside(selection, classes=classes, groups=groups, on=whole.as_of),
        as_of=f"{whole.as_of.day} {whole.as_of:%B %Y}",
        framework=whole.framework,
        n_pupils=n_pupils,
        n_off_track=sum(figures[status] for status in OFF_TRACK),
        n_known=n_pupils - figures["not_known"],
        off_track_address=selection.address(status="off_track") + NAMES,
        not_known=why_not_known(rows) if figures["not_known"] else "",
        counts=counts,
        bar=_bar(counts),
        comparison=comparison(
            selection,
            whole=whole,
            whole_gap=answers.whole_gap,
            parts=answers.parts,
            part_gaps=answers.part_gaps,
            only=classes,
        ),
        filters=_filters(selection),
        sorted_by=SORT_WORDS[selection.sort].lower() if selection.sort else "",
        unsorted_address=selection.address(sort="") + NAMES,
        headings=headings(selection),
        sections=_written(shown, selection, choosable=choosable),
        n_listed=len(shown),
        all_address=selection.address(status="") + NAMES,
        here=selection.address(),
        columns=(*whole.columns, *(each for each in answers.whole_gap.columns if each.name == "mean")),
        notes=tuple(dict.fromkeys(note for each in (whole, answers.parts, answers.part_gaps) for note in each.notes)),
    )


def in_sentence(names: Mapping[str, str]) -> Mapping[str, str]:
    """Subjects as they stand in the middle of a sentence: mathematics, but English and ICT."""
    return {code: name if _keeps_its_capital(name) else name[:1].lower() + name[1:] for code, name in names.items()}


def _sentence(selection: Selection, subject_names: Mapping[str, str]) -> str:
    """Who, in what, when, against what: the question as a person would say it."""
    who, *narrowed = population_words(selection.question().population)
    if selection.kind != "year":
        who, narrowed = selection.code, narrowed[1:]
    between = ", " if selection.kind == "group" else " "
    subject = subject_names.get(selection.subject, selection.subject)
    return ", ".join([f"{who}{between}{subject}", *narrowed, term_words(selection.term), "against progress target"])


def _beside(selection: Selection, *, classes: Sequence[str], groups: Mapping[str, UUID], on: date) -> Beside:
    """A class has mark sheets in its own academic year alone; a composite subject is marked in its parts."""
    code = selection.code
    if selection.kind == "group":
        return Beside(group=reverse("group", args=[groups[code]]) if code in groups else "")
    if selection.kind != "class":
        return Beside()
    marks = ""
    if selection.term.startswith(f"{academic_year_of(on).code}-"):
        chosen = f"?{urlencode({'subject': selection.subject})}" if code in classes else ""
        marks = reverse("marks", args=[code, selection.term]) + chosen
    return Beside(marks=marks, targets=reverse("targets", args=[code, selection.subject]))


def _counts(figures: Mapping[Status, int], selection: Selection) -> Sequence[Count]:
    return [
        Count(
            status=status,
            word=STATUS_WORDS[status],
            n=figures[status],
            address=selection.address(status=status) + NAMES,
            chosen=selection.status == status,
        )
        for status in STATUSES
    ]


def _bar(counts: Sequence[Count]) -> Drawing:
    parts = [
        Part(
            n=count.n,
            meaning=count.status,
            address=count.address,
            words=f"{pupils_words(count.n)} {STATUS_MEANINGS[count.status]} (show the names)",
            chosen=count.chosen,
        )
        for count in counts
    ]
    return stacked_bar(parts, words=listed([f"{count.n} {STATUS_MEANINGS[count.status]}" for count in counts]))


def _filters(selection: Selection) -> Sequence[Filter]:
    status = "apparently off track" if selection.status == "off_track" else ""
    status = status or next((STATUS_MEANINGS[each] for each in STATUSES if each == selection.status), "")
    chosen = [("status", status)] if status else []
    chosen += [(cut, filter_words(cut, value_of(cut, code))) for cut, code in selection.where]
    return [Filter(words, selection.address(**{name: ""}) + NAMES) for name, words in chosen]


def _written(rows: Sequence[PupilRow], selection: Selection, *, choosable: bool) -> Sequence[WrittenSection]:
    link = _pupil_link(selection)
    return [
        WrittenSection(part.heading, len(part.rows), written_rows(part.rows, link=link, choosable=choosable))
        for part in sections(rows, sort=selection.sort)
    ]


def _pupil_link(selection: Selection) -> Link:
    """A pupil's page, from which the way back leads here with the same choices."""
    before, after = reverse("pupil", args=[_SOMEBODY]).split(str(_SOMEBODY))
    return before, f"{after}?{urlencode({'from': selection.address()})}"


def _keeps_its_capital(name: str) -> bool:
    first = name.split(" ", maxsplit=1)[0]
    return first in _PROPER or (len(first) > 1 and first.isupper())
