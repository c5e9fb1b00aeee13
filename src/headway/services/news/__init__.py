"""What others have changed since a moment: marks, targets, files, collections and groups, as the history holds it."""

from headway.services.news.items import (
    CollectionNews,
    FileNews,
    GroupNews,
    MarksNews,
    News,
    NewsItem,
    TargetChanged,
    TargetsNews,
)
from headway.services.news.telling import news

__all__ = [
    "CollectionNews",
    "FileNews",
    "GroupNews",
    "MarksNews",
    "News",
    "NewsItem",
    "TargetChanged",
    "TargetsNews",
    "news",
]
