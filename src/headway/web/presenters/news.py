"""News in sentences: who did what, with a link to it, and when. Decides nobody's news."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from headway.domain.cuts import listed
from headway.domain.questions import term_words
from headway.services.news import (
    CollectionNews,
    FileNews,
    GroupNews,
    MarksNews,
    News,
    NewsItem,
    TargetChanged,
    TargetsNews,
)
from headway.services.visits import LONGEST_TOLD, Since
from headway.web.presenters.figures import pupils_words
from headway.web.presenters.progress import in_sentence

__all__ = ["NewsLine", "NewsPart", "news_lines", "since_words", "when_words"]

_NAMED = 3
_A_WEEK = 7

KIND_WORDS = {
    "assessments": "marks",
    "results": "prior attainment",
    "attendance": "attendance",
    "behaviour": "behaviour",
}
"""What a file of a kind brings, where the kind is not the word for it."""


@dataclass(frozen=True, slots=True)
class NewsPart:
    """A run of words; a link where it has an address."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class NewsLine:
    """A sentence in parts, and when it happened."""

    parts: Sequence[NewsPart]
    when: str
    at: datetime


def news_lines(news: News, *, now: datetime) -> Sequence[NewsLine]:
    """Every item as a sentence, in its order."""
    return [NewsLine(_sentence(item), when_words(item.at, now=now), item.at) for item in news.items]


def since_words(since: Since, *, now: datetime) -> str:
    """From when on there is news, as the line under the heading says it."""
    if since.last_here is None:
        return "From the last seven days."
    last_here = when_words(since.last_here, now=now)
    if since.last_here < since.at:
        return f"You were last here {last_here}; this is from the last {LONGEST_TOLD.days} days."
    return f"Since you were last here, {last_here}."


def when_words(at: datetime, *, now: datetime) -> str:
    """A moment as people say it: today, yesterday, on Friday, on 6 November; with the year where that is another.

    >>> from zoneinfo import ZoneInfo
    >>> now = datetime(2026, 11, 23, 17, 0, tzinfo=ZoneInfo("Europe/London"))
    >>> when_words(datetime(2026, 11, 20, 15, 40, tzinfo=now.tzinfo), now=now)
    'on Friday at 15:40'
    """
    here = at.astimezone(now.tzinfo)
    return f"{_day_words(here.date(), today=now.date())} at {here:%H:%M}"


def _day_words(day: date, *, today: date) -> str:
    days = (today - day).days
    if days in (0, 1):
        return ("today", "yesterday")[days]
    if 1 < days < _A_WEEK:
        return f"on {day:%A}"
    return f"on {day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def _sentence(item: NewsItem) -> Sequence[NewsPart]:
    match item:
        case MarksNews():
            return _marks(item)
        case TargetsNews():
            return _targets(item)
        case FileNews():
            return _file(item)
        case CollectionNews():
            done = "closed" if item.closed else "reopened"
            return [NewsPart(f"{item.by} {done} the collection of {term_words(item.term)}")]
        case GroupNews():
            of = f", {pupils_words(item.n_pupils)}" if item.n_pupils else ""
            return [
                NewsPart(f"{item.by} made the group "),
                NewsPart(item.code, reverse("group", args=[item.group])),
                NewsPart(of),
            ]


def _marks(item: MarksNews) -> Sequence[NewsPart]:
    did = [
        f"{verb} {n}"
        for verb, n in (("entered", item.n_entered), ("changed", item.n_changed), ("took away", item.n_removed))
        if n
    ]
    n_last = [n for n in (item.n_entered, item.n_changed, item.n_removed) if n][-1]
    subject = in_sentence({"": item.subject_name})[""]
    what = f"{item.code} {subject}, {term_words(item.term)}".strip()
    address = f"{reverse('marks', args=[item.code, item.term])}?subject={item.subject}" if item.code else ""
    return [NewsPart(f"{item.by} {listed(did)} {'mark' if n_last == 1 else 'marks'} in "), NewsPart(what, address)]


def _targets(item: TargetsNews) -> Sequence[NewsPart]:
    subject = in_sentence({"": item.subject_name})[""]
    targets = "a target" if len(item.changes) == 1 else f"{len(item.changes)} targets"
    address = reverse("targets", args=[item.code, item.subject]) if item.code else ""
    what = NewsPart(f"{item.code} {subject}".strip(), address)
    parts = [NewsPart(f"{item.by} changed {targets} in "), what, NewsPart(": ")]
    for place, change in enumerate(item.changes[:_NAMED]):
        parts += [NewsPart("; " if place else ""), *_change(change)]
    left = len(item.changes) - _NAMED
    return [*parts, NewsPart(f"; and {left} more")] if left > 0 else parts


def _change(change: TargetChanged) -> Sequence[NewsPart]:
    if not change.before:
        said = f" to {change.after}"
    elif not change.after:
        said = f", {change.before} taken away"
    else:
        said = f" from {change.before} to {change.after}"
    why = f" (“{change.why}”)" if change.why else ""
    return [NewsPart(change.name, reverse("pupil", args=[change.pupil])), NewsPart(said + why)]


def _file(item: FileNews) -> Sequence[NewsPart]:
    what = KIND_WORDS.get(item.kind, item.kind.replace("_", " "))
    link = NewsPart(item.file, reverse("transfer", args=[item.transfer]))
    if item.undone:
        return [NewsPart(f"{item.by} undid the import of {what} from "), link]
    counts = listed([f"{n:,} {word}" for n, word in ((item.n_new, "new"), (item.n_changed, "changed")) if n])
    return [NewsPart(f"{item.by} brought in {what} from "), link, NewsPart(f": {counts or 'nothing new'}")]
