"""The same counts for parts of the pupils: by sex and by free school meals, each number opening its names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.questions import Answer, AnswerRow
from headway.domain.status import STATUSES, Status
from headway.web.presenters.charts import Whisker, whisker
from headway.web.presenters.figures import interval_words, percent_words
from headway.web.presenters.status import STATUS_MEANINGS, STATUS_WORDS
from headway.web.selections import CUT_CHOICES, NAMES, Selection

__all__ = ["GROUP_WORDS", "GroupSet", "group_sets", "status_counts"]

GROUP_WORDS: Mapping[tuple[str, str], str] = {
    ("sex", "girls"): "Girls",
    ("sex", "boys"): "Boys",
    ("sex", "unrecorded"): "Sex not recorded",
    ("fsm", "yes"): "Free school meals",
    ("fsm", "no"): "Not free school meals",
    ("fsm", "unrecorded"): "Free school meals not recorded",
}


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


def group_sets(selection: Selection, *, whole: Answer, by_sex: Answer, by_fsm: Answer) -> Sequence[GroupSet]:
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


def status_counts(row: AnswerRow | None) -> dict[Status, int]:
    """How many pupils of a row have each status; none where there is no row."""
    return {status: _whole_number(row.figures[status]) if row else 0 for status in STATUSES}


def _group(row: AnswerRow, words: str, selection: Selection, choices: Mapping[str, str]) -> GroupRow:
    figures = status_counts(row)
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
        words="Not recorded" if "unrecorded" in choices.values() else words,
        counts=[everybody, *counts],
        percent=percent_words(row.figures["percent"]),
        interval=interval_words(row.figures["low"], row.figures["high"]),
        whisker=whisker(row.figures),
        few=row.few,
    )


def _whole_number(figure: object) -> int:
    assert isinstance(figure, int)
    return figure
