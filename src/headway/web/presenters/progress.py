"""The progress page in words: its sentence, its counts, its groups and its list. Asks nothing, computes no figure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from headway.domain.cuts import listed
from headway.domain.questions import Answer, AnswerRow, Column, sentence
from headway.domain.status import OFF_TRACK, STATUSES, Status
from headway.services.questions import PupilRecord
from headway.web.forms.progress import CUT_CHOICES, Selection
from headway.web.presenters.charts import Segment, Whisker, segments, whisker
from headway.web.presenters.figures import gap_words, interval_words, percent_words, points_words, pupils_words
from headway.web.presenters.status import STATUS_MEANINGS, STATUS_WORDS

__all__ = ["ProgressPage", "progress_page"]

NAMES = "#pupils"
_PROPER = frozenset({"English", "French", "German", "Spanish", "Italian", "Latin", "Welsh", "Urdu", "Polish", "Mandarin"})

GROUP_WORDS: Mapping[tuple[str, str], str] = {
    ("sex", "girls"): "Girls",
    ("sex", "boys"): "Boys",
    ("sex", "unrecorded"): "Sex not recorded",
    ("fsm", "yes"): "Free school meals",
    ("fsm", "no"): "No free school meals",
    ("fsm", "unrecorded"): "Free school meals not recorded",
}


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
class GroupCount:
    """One cell of the table of groups."""

    heading: str
    n: int
    address: str
    label: str
    status: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: its counts, and the share on or above with its interval."""

    words: str
    counts: Sequence[GroupCount]
    percent: str
    interval: str
    whisker: Whisker | None
    few: bool


@dataclass(frozen=True, slots=True)
class GroupSet:
    """The groups of one cut."""

    heading: str
    rows: Sequence[GroupRow]


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil of the list."""

    name: str
    reg_group: str
    prior: str
    target: str
    expected: str
    expected_points: str
    now: str
    gap: str
    status: Status
    word: str
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the list under its own heading."""

    heading: str
    rows: Sequence[PupilRow]


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
    figures = _counted(whole.rows[0] if whole.rows else None)
    n_pupils = sum(figures.values())
    n_off_track = sum(figures[status] for status in OFF_TRACK)
    rows = [_pupil(record, mark_words=mark_words) for record in sorted(pupils, key=_furthest_behind)]
    shown = [row for row in rows if row.status in selection.statuses] if n_pupils else []
    return ProgressPage(
        sentence=sentence(selection.question(), subject_names=_in_sentence(subject_names)),
        as_of=f"{whole.as_of.day} {whole.as_of:%B %Y}",
        framework=whole.framework,
        n_pupils=n_pupils,
        n_off_track=n_off_track,
        n_known=n_pupils - figures["not_known"],
        off_track_address=selection.address(status="off_track") + NAMES,
        not_known=_not_known(rows) if figures["not_known"] else "",
        counts=_counts(figures, selection),
        bar_words=listed([f"{figures[status]} {STATUS_MEANINGS[status]}" for status in STATUSES]),
        group_sets=_group_sets(selection, whole=whole, by_sex=by_sex, by_fsm=by_fsm),
        overall=whisker(whole.rows[0].figures) if whole.rows else None,
        filters=_filters(selection),
        sections=_sections(shown),
        n_listed=len(shown),
        all_address=selection.address(status="") + NAMES,
        columns=whole.columns,
        notes=tuple(dict.fromkeys([*whole.notes, *by_sex.notes, *by_fsm.notes])),
    )


def _counted(row: AnswerRow | None) -> dict[Status, int]:
    return {status: _whole_number(row.figures[status]) if row else 0 for status in STATUSES}


def _whole_number(figure: object) -> int:
    assert isinstance(figure, int)
    return figure


def _counts(figures: Mapping[Status, int], selection: Selection) -> Sequence[Count]:
    return [
        Count(
            status=status,
            word=STATUS_WORDS[status],
            n=figures[status],
            address=selection.address(status=status) + NAMES,
            label=f"{pupils_words(figures[status])} {STATUS_MEANINGS[status]}: show the names",
            chosen=selection.status == status,
            segment=segment,
        )
        for status, segment in zip(STATUSES, segments([figures[status] for status in STATUSES]), strict=True)
    ]


def _group_sets(selection: Selection, *, whole: Answer, by_sex: Answer, by_fsm: Answer) -> Sequence[GroupSet]:
    """The whole, then each cut: every row with the choices that open its names."""
    everybody = [_group(row, "All these pupils", selection, {}) for row in whole.rows]
    sets = [GroupSet("", everybody)]
    for cut, heading, answer in (("sex", "Sex", by_sex), ("fsm", "Free school meals", by_fsm)):
        said = {value: choice for choice, value in CUT_CHOICES[cut].items()}
        rows = []
        for row in answer.rows:
            choice = said[row.by[cut]]
            rows.append(_group(row, GROUP_WORDS[cut, choice], selection, {cut: choice}))
        sets.append(GroupSet(heading, rows))
    return sets


def _group(row: AnswerRow, words: str, selection: Selection, choices: Mapping[str, str]) -> GroupRow:
    figures = _counted(row)
    n = sum(figures.values())
    everybody = GroupCount("Pupils", n, selection.address(status="", **choices) + NAMES, f"{words}: all {n}", "")
    counts = [
        GroupCount(
            heading=STATUS_WORDS[status],
            n=figures[status],
            address=selection.address(status=status, **choices) + NAMES,
            label=f"{words}: {figures[status]} {STATUS_MEANINGS[status]}",
            status=status,
        )
        for status in STATUSES
    ]
    return GroupRow(
        words=words,
        counts=[everybody, *counts],
        percent=percent_words(row.figures["percent"]),
        interval=interval_words(row.figures["low"], row.figures["high"]),
        whisker=whisker(row.figures),
        few=row.few,
    )


def _pupil(record: PupilRecord, *, mark_words: Mapping[str, str]) -> PupilRow:
    marked = mark_words.get(record.mark_code, record.mark_code)
    return PupilRow(
        name=record.name,
        reg_group=record.reg_group,
        prior=record.prior,
        target=record.target,
        expected=record.expected,
        expected_points="" if record.expected_points is None else f"{points_words(record.expected_points)} points",
        now=record.grade or marked or "not entered",
        gap=gap_words(record.gap),
        status=record.status,
        word=STATUS_WORDS[record.status],
        why=_why_not_known(record, marked) if record.status == "not_known" else "",
    )


def _why_not_known(record: PupilRecord, marked: str) -> str:
    if marked:
        return marked
    if not record.grade:
        return "no assessment yet"
    return "the line starts here" if record.starts_here else "no progress target"


def _not_known(rows: Sequence[PupilRow]) -> str:
    """Why some are not known, counted."""
    reasons = Counter(row.why for row in rows if row.status == "not_known")
    return "; ".join(f"{why}: {n}" for why, n in reasons.most_common())


def _furthest_behind(record: PupilRecord) -> tuple[Fraction, str]:
    return record.gap or Fraction(0), record.name.casefold()


def _sections(rows: Sequence[PupilRow]) -> Sequence[Section]:
    """The apparently off track first; those of whom nothing is known last."""
    off_track = [row for row in rows if row.status in OFF_TRACK]
    on_track = [row for row in rows if row.status in ("on", "above")]
    not_known = sorted((row for row in rows if row.status == "not_known"), key=lambda row: row.name.casefold())
    parts = (("Apparently off track", off_track), ("On or above", on_track), ("Not known", not_known))
    return [Section(heading, part) for heading, part in parts if part]


def _filters(selection: Selection) -> Sequence[Filter]:
    status = "apparently off track" if selection.status == "off_track" else ""
    status = status or next((STATUS_MEANINGS[each] for each in STATUSES if each == selection.status), "")
    chosen = [("status", status)]
    chosen += [("sex", GROUP_WORDS["sex", selection.sex].lower())] if selection.sex else []
    chosen += [("fsm", GROUP_WORDS["fsm", selection.fsm].lower())] if selection.fsm else []
    return [Filter(words, selection.address(**{name: ""})) for name, words in chosen if words]


def _in_sentence(names: Mapping[str, str]) -> Mapping[str, str]:
    """Subjects as they stand in the middle of a sentence: mathematics, but English and ICT."""
    return {code: name if _keeps_its_capital(name) else name[:1].lower() + name[1:] for code, name in names.items()}


def _keeps_its_capital(name: str) -> bool:
    first = name.split(" ")[0]
    return first in _PROPER or (len(first) > 1 and first.isupper())
