"""A group in words: its members with their days, and its progress in each subject. Computes no figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from headway.charts.bars import Part, stacked_bar
from headway.charts.svg import Drawing
from headway.domain.cuts import listed
from headway.domain.questions import Answer, AnswerRow
from headway.domain.status import OFF_TRACK, STATUSES
from headway.services.groups import GroupDetail, Membership
from headway.web.presenters.comparison import status_counts
from headway.web.presenters.figures import percent_words, pupils_words
from headway.web.presenters.status import STATUS_MEANINGS
from headway.web.selections import NAMES, Selection

__all__ = ["GroupSubject", "MemberRow", "group_subjects", "member_rows"]

_BAR_HEIGHT = 22


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member, and their days in the group in words."""

    uid: UUID
    name: str
    reg_group: str
    days: str
    here: bool


@dataclass(frozen=True, slots=True)
class GroupSubject:
    """How a group is getting on in one subject, and where that can be read in full."""

    words: str
    address: str
    bar: Drawing
    n_off_track: int
    off_track_address: str
    n_known: int
    percent: str


def member_rows(members: Sequence[Membership], *, today: date) -> Sequence[MemberRow]:
    """Members as the page lists them."""
    return [MemberRow(each.pupil, each.name, each.reg_group, _days(each, today), each.here) for each in members]


def group_subjects(
    group: GroupDetail, answer: Answer, *, subject_names: Mapping[str, str], came_from: str
) -> Sequence[GroupSubject]:
    """Each subject in which anything is known of the group's pupils."""
    rows = [row for row in answer.rows if row.figures["denominator"]]
    return [_subject(group, row, answer.question.term or "", subject_names, came_from) for row in rows]


def _subject(
    group: GroupDetail, row: AnswerRow, term: str, subject_names: Mapping[str, str], came_from: str
) -> GroupSubject:
    code = str(row.by["subject"])
    selection = Selection(f"group:{group.name}", code, term, came_from=came_from)
    figures = status_counts(row)
    words = subject_names.get(code, code)
    parts = [
        Part(
            n=figures[status],
            meaning=status,
            address=selection.address(status=status) + NAMES,
            words=f"{words}: {pupils_words(figures[status])} {STATUS_MEANINGS[status]} (show the names)",
        )
        for status in STATUSES
    ]
    said = listed([f"{figures[status]} {STATUS_MEANINGS[status]}" for status in STATUSES if figures[status]])
    return GroupSubject(
        words=words,
        address=selection.address(),
        bar=stacked_bar(parts, words=f"{words}: {said}", height=_BAR_HEIGHT),
        n_off_track=sum(figures[status] for status in OFF_TRACK),
        off_track_address=selection.address(status="off_track") + NAMES,
        n_known=sum(figures.values()) - figures["not_known"],
        percent=percent_words(row.figures["percent"]),
    )


def _days(member: Membership, today: date) -> str:
    """Since when, and until when where that is known."""
    first = "" if member.starts is None else _day(member.starts)
    if member.ends is None:
        if not first:
            return "from the beginning"
        return f"from {first}" if member.starts and member.starts > today else f"since {first}"
    if not first:
        return f"until {_day(member.ends)}"
    return f"{first} to {_day(member.ends)}" if member.starts != member.ends else f"on {first}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
