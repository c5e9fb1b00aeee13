"""News put together: everything others changed since a moment that a viewer should hear of."""

from datetime import datetime

from headway.records.models import School
from headway.services.access import Viewer, require
from headway.services.news.acts import Listener, recent
from headway.services.news.items import News, NewsItem
from headway.services.news.marks import marks_news
from headway.services.news.school import collection_news, file_news, group_news
from headway.services.news.targets import targets_news

__all__ = ["news"]

_MOST = 20


def news(*, viewer: Viewer, school: School, now: datetime, since: datetime, most: int = _MOST) -> News:
    """What others changed since a moment, newest first.

    Who sees the whole school hears of all of it, a teacher of the classes they teach; of files those who may bring
    files in. What a file changed is told once, as the file.
    """
    require(viewer, "ask", school=school, on=now.date())
    listener = Listener.of(viewer, school, now)
    found = recent(listener, since=since)
    wrote = found.written.get
    items: list[NewsItem] = [
        *marks_news([each for each in wrote("Assessment", ()) if each.act.kind == "marks"], listener),
        *targets_news(wrote("Target", ()), listener),
        *group_news(wrote("Group", ()), listener),
        *collection_news(wrote("Term", ()), listener),
        *file_news(found.acts, listener),
    ]
    items.sort(key=lambda item: item.at, reverse=True)
    return News(items[:most], more=found.more or len(items) > most)
