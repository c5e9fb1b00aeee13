from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.school import NOW

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
from headway.services.visits import Since
from headway.web.presenters.news import NewsLine, news_lines, since_words, when_words

AT = NOW + timedelta(minutes=4)
UID = UUID("00000000-0000-0000-0000-000000000001")


def _line(item: NewsItem) -> NewsLine:
    (line,) = news_lines(News([item], more=False), now=NOW + timedelta(hours=3))
    return line


def _said(item: NewsItem) -> str:
    return "".join(part.words for part in _line(item).parts)


def _links(item: NewsItem) -> list[tuple[str, str]]:
    return [(part.words, part.address) for part in _line(item).parts if part.address]


def _marks(*, entered: int = 0, changed: int = 0, removed: int = 0, code: str = "5A") -> MarksNews:
    return MarksNews(
        "Tess Teacher", AT, code, "mathematics", "Mathematics", "2026-27-autumn", entered, changed, removed
    )


def _change(before: str, after: str, why: str = "") -> TargetChanged:
    return TargetChanged(UID, "Amir Adams", before, after, why)


def _targets(*changes: TargetChanged) -> TargetsNews:
    return TargetsNews("Maya Head", AT, "5A", "mathematics", "Mathematics", changes)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (_marks(entered=28), "Tess Teacher entered 28 marks in 5A mathematics, autumn 2026"),
        (_marks(entered=1), "Tess Teacher entered 1 mark in 5A mathematics, autumn 2026"),
        (_marks(entered=26, changed=2), "Tess Teacher entered 26 and changed 2 marks in 5A mathematics, autumn 2026"),
        (_marks(removed=1), "Tess Teacher took away 1 mark in 5A mathematics, autumn 2026"),
        (_marks(entered=3, code=""), "Tess Teacher entered 3 marks in mathematics, autumn 2026"),
        (_targets(_change("4b", "5c")), "Maya Head changed a target in 5A mathematics: Amir Adams from 4b to 5c"),
        (
            _targets(_change("4b", "4c", "Long illness"), _change("", "4b")),
            "Maya Head changed 2 targets in 5A mathematics: "
            "Amir Adams from 4b to 4c (“Long illness”); Amir Adams to 4b",
        ),
        (
            _targets(*[_change("4b", "")] * 5),
            "Maya Head changed 5 targets in 5A mathematics: "
            + "; ".join(["Amir Adams, 4b taken away"] * 3)
            + "; and 2 more",
        ),
        (
            FileNews("Dan Data", AT, UID, "assessments", "autumn.csv", 1380, 2, undone=False),
            "Dan Data brought in marks from autumn.csv: 1,380 new and 2 changed",
        ),
        (
            FileNews("Dan Data", AT, UID, "progress_targets", "a.csv", 0, 0, undone=False),
            "Dan Data brought in progress targets from a.csv: nothing new",
        ),
        (
            FileNews("Dan Data", AT, UID, "pupils", "a.csv", 4, 0, undone=True),
            "Dan Data undid the import of pupils from a.csv",
        ),
        (
            CollectionNews("Maya Head", AT, "2026-27-autumn", closed=True),
            "Maya Head closed the collection of autumn 2026",
        ),
        (
            CollectionNews("Maya Head", AT, "2026-27-autumn", closed=False),
            "Maya Head reopened the collection of autumn 2026",
        ),
        (GroupNews("Maya Head", AT, UID, "Boosters", 12), "Maya Head made the group Boosters, 12 pupils"),
        (GroupNews("Maya Head", AT, UID, "Empty", 0), "Maya Head made the group Empty"),
    ],
)
def test_it_says_what_happened_in_a_sentence(item: NewsItem, said: str) -> None:
    assert _said(item) == said
    assert _line(item).when == "today at 10:04"


def test_it_leads_to_what_changed() -> None:
    assert _links(_marks(entered=1)) == [
        ("5A mathematics, autumn 2026", "/classes/5A/marks/2026-27-autumn?subject=mathematics")
    ]
    assert _links(_marks(entered=1, code="")) == []
    assert _links(_targets(_change("4b", "5c"))) == [
        ("5A mathematics", "/targets/5A/mathematics"),
        ("Amir Adams", f"/pupils/{UID}"),
    ]
    assert _links(FileNews("Dan", AT, UID, "pupils", "a.csv", 4, 0, undone=False)) == [("a.csv", f"/transfers/{UID}")]
    assert _links(GroupNews("Maya", AT, UID, "Boosters", 12)) == [("Boosters", f"/groups/{UID}")]


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "today at 10:00"),
        (NOW - timedelta(hours=11), "yesterday at 23:00"),
        (NOW - timedelta(days=2), "on Saturday at 10:00"),
        (NOW - timedelta(days=6), "on Tuesday at 10:00"),
        (NOW - timedelta(days=7), "on 16 November at 10:00"),
        (NOW.replace(year=2025), "on 23 November 2025 at 10:00"),
        (datetime.fromisoformat("2026-10-20T14:30:00Z"), "on 20 October at 15:30"),
    ],
)
def test_it_says_a_moment_as_people_do(at: datetime, words: str) -> None:
    assert when_words(at, now=NOW) == words


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (Since(NOW - timedelta(days=7), None), "From the last seven days."),
        (Since(NOW - timedelta(days=1), NOW - timedelta(days=1)), "Since you were last here, yesterday at 10:00."),
        (
            Since(NOW - timedelta(days=14), NOW - timedelta(days=40)),
            "You were last here on 14 October at 10:00; this is from the last 14 days.",
        ),
    ],
)
def test_it_says_from_when_on_there_is_news(since: Since, words: str) -> None:
    assert since_words(since, now=NOW) == words
