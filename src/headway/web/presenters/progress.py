"""The progress page in words: its sentence, its counts, its groups and its list. Asks nothing, computes no figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.cuts import listed
from headway.domain.questions import Answer, Column, sentence
from headway.domain.status import OFF_TRACK, STATUSES, Status
from headway.services.pupil_records import PupilRecord
from headway.web.presenters.charts import Segment, Whisker, segments, whisker
from headway.web.presenters.figures import pupils_words
from headway.web.presenters.groups import GROUP_WORDS, GroupSet, group_sets, status_counts
from headway.web.presenters.pupil_list import Section, pupil_rows, sections, why_not_known
from headway.web.presenters.status import STATUS_MEANINGS, STATUS_WORDS
from headway.web.selections import NAMES, Selection

__all__ = ["ProgressPage", "in_sentence", "progress_page"]

_PROPER = frozenset(
    {"English", "French", "German", "Spanish", "Italian", "Latin", "Welsh", "Urdu", "Polish", "Mandarin"}
)


@dataclass(frozen=True, slots=True)
class Count:
    """A number of pupils of one status that opens their names."""

    status: Status
    word: str
    n: int
    address: str
    label: str
    chosen: bool
    segment: Segment


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that leaves pupils out, and the address without it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """Everything the page says."""

    sentence: str
    as_of: str
    framework: str
    n_pupils: int
    n_off_track: int
    n_known: int
    off_track_address: str
    not_known: str
    counts: Sequence[Count]
    bar_words: str
    group_sets: Sequence[GroupSet]
    overall: Whisker | None
    filters: Sequence[Filter]
    sections: Sequence[Section]
    n_listed: int
    all_address: str
    columns: Sequence[Column]
    notes: Sequence[str]


def progress_page(
    selection: Selection,
    *,
    whole: Answer,
    by_sex: Answer,
    by_fsm: Answer,
    pupils: Sequence[PupilRecord],
    subject_names: Mapping[str, str],
    mark_words: Mapping[str, str],
) -> ProgressPage:
    """The page for a selection: its question's answers, and the pupils behind them."""
    figures = status_counts(whole.rows[0] if whole.rows else None)
    n_pupils = sum(figures.values())
    n_off_track = sum(figures[status] for status in OFF_TRACK)
    rows = pupil_rows(pupils, mark_words=mark_words)
    shown = [row for row in rows if row.status in selection.statuses] if n_pupils else []
    return ProgressPage(
        sentence=sentence(selection.question(), subject_names=in_sentence(subject_names)),
        as_of=f"{whole.as_of.day} {whole.as_of:%B %Y}",
        framework=whole.framework,
        n_pupils=n_pupils,
        n_off_track=n_off_track,
        n_known=n_pupils - figures["not_known"],
        off_track_address=selection.address(status="off_track") + NAMES,
        not_known=why_not_known(rows) if figures["not_known"] else "",
        counts=_counts(figures, selection),
        bar_words=listed([f"{figures[status]} {STATUS_MEANINGS[status]}" for status in STATUSES]),
        group_sets=group_sets(selection, whole=whole, by_sex=by_sex, by_fsm=by_fsm),
        overall=whisker(whole.rows[0].figures) if whole.rows else None,
        filters=_filters(selection),
        sections=sections(shown),
        n_listed=len(shown),
        all_address=selection.address(status="") + NAMES,
        columns=whole.columns,
        notes=tuple(dict.fromkeys([*whole.notes, *by_sex.notes, *by_fsm.notes])),
    )


def _counts(figures: Mapping[Status, int], selection: Selection) -> Sequence[Count]:
    return [
        Count(
            status=status,
            word=STATUS_WORDS[status],
            n=figures[status],
            address=selection.address(status=status) + NAMES,
            label=f"{pupils_words(figures[status])} {STATUS_MEANINGS[status]} (show the names)",
            chosen=selection.status == status,
            segment=segment,
        )
        for status, segment in zip(STATUSES, segments([figures[status] for status in STATUSES]), strict=True)
    ]


def _filters(selection: Selection) -> Sequence[Filter]:
    status = "apparently off track" if selection.status == "off_track" else ""
    status = status or next((STATUS_MEANINGS[each] for each in STATUSES if each == selection.status), "")
    chosen = [("status", status)]
    chosen += [("sex", GROUP_WORDS["sex", selection.sex].lower())] if selection.sex else []
    chosen += [("fsm", GROUP_WORDS["fsm", selection.fsm].lower())] if selection.fsm else []
    return [Filter(words, selection.address(**{name: ""})) for name, words in chosen if words]


def in_sentence(names: Mapping[str, str]) -> Mapping[str, str]:
    """Subjects as they stand in the middle of a sentence: mathematics, but English and ICT."""
    return {code: name if _keeps_its_capital(name) else name[:1].lower() + name[1:] for code, name in names.items()}


def _keeps_its_capital(name: str) -> bool:
    first = name.split(" ", maxsplit=1)[0]
    return first in _PROPER or (len(first) > 1 and first.isupper())
