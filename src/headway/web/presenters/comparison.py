"""Parts of the pupils side by side: counts that open names, shares with their intervals, gaps. Computes no figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from headway.charts.intervals import Interval, interval_dot
from headway.charts.svg import Drawing
from headway.domain.cuts import CUT_WORDS
from headway.domain.questions import Answer, AnswerRow
from headway.domain.status import STATUSES, Status
from headway.web.presenters.cut_words import cut_heading, filter_words, value_words
from headway.web.presenters.figures import interval_words, percent_words, pupils_words, signed_words
from headway.web.presenters.status import STATUS_MEANINGS, STATUS_WORDS
from headway.web.selections import NAMES, Selection, code_of

__all__ = ["Comparison", "comparison", "status_counts"]


@dataclass(frozen=True, slots=True)
class ComparedCount:
    """One count of the table, which opens its names."""

    heading: str
    n: int
    address: str
    label: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One part of the pupils: its counts, the share on or above and the mean gap, each with its interval."""

    words: str
    counts: Sequence[ComparedCount]
    percent: str
    interval: str
    dot: Drawing | None
    gap: str
    gap_interval: str
    few: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All these pupils, then each part of them by one characteristic."""

    words: str
    heading: str
    whole: Sequence[ComparedRow]
    parts: Sequence[ComparedRow]


def comparison(
    selection: Selection, *, whole: Answer, whole_gap: Answer, parts: Answer, part_gaps: Answer, only: Sequence[str]
) -> Comparison:
    """The table of one comparison.

    ``only`` are the classes worth a row of their own where classes are compared: those that take the subject, if any.
    """
    (cut,) = parts.question.by
    overall = _share(whole.rows[0].figures) if whole.rows else None
    gaps = {row.by[cut]: row.figures for row in part_gaps.rows}
    rows = [row for row in parts.rows if cut != "class" or not only or row.by[cut] in (*only, None)]
    all_gap = whole_gap.rows[0].figures if whole_gap.rows else {}
    return Comparison(
        words=CUT_WORDS[cut],
        heading=cut_heading(cut),
        whole=[_row(row, all_gap, selection, cut="", overall=overall) for row in whole.rows],
        parts=[_row(row, gaps.get(row.by[cut], {}), selection, cut=cut, overall=overall) for row in rows],
    )


def status_counts(row: AnswerRow | None) -> dict[Status, int]:
    """How many pupils of a row have each status; none where there is no row."""
    return {status: _whole_number(row.figures[status]) if row else 0 for status in STATUSES}


def _row(
    row: AnswerRow, gap: Mapping[str, object], selection: Selection, *, cut: str, overall: Interval | None
) -> ComparedRow:
    figures = status_counts(row)
    n = sum(figures.values())
    choice = {cut: code_of(cut, row.by[cut])} if cut else {}
    name = filter_words(cut, row.by[cut]) if cut else "all these pupils"
    name = name[:1].upper() + name[1:]
    share = _share(row.figures)
    everybody = ComparedCount("Pupils", n, selection.address(status="", **choice) + NAMES, f"{name}: all {n}")
    counts = [
        ComparedCount(
            heading=STATUS_WORDS[status],
            n=figures[status],
            address=selection.address(status=status, **choice) + NAMES,
            label=f"{name}: {figures[status]} {STATUS_MEANINGS[status]}",
        )
        for status in STATUSES
    ]
    return ComparedRow(
        words=value_words(cut, row.by[cut]) if cut else f"All {pupils_words(n)}",
        counts=[everybody, *counts],
        percent=percent_words(row.figures["percent"]),
        interval=interval_words(row.figures["low"], row.figures["high"]),
        dot=interval_dot(share, whole=overall.at if overall else None) if share else None,
        gap=signed_words(gap.get("mean")),
        gap_interval=interval_words(*(signed_words(gap.get(end)) or None for end in ("low", "high"))),
        few=row.few,
    )


def _share(figures: Mapping[str, object]) -> Interval | None:
    """A share with its interval; None where there is nobody to be a share of."""
    at, low, high = (figures[name] for name in ("percent", "low", "high"))
    if isinstance(at, Decimal) and isinstance(low, Decimal) and isinstance(high, Decimal):
        return Interval(at, low, high)
    return None


def _whole_number(figure: object) -> int:
    assert isinstance(figure, int)
    return figure
