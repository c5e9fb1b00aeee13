"""News of the school as a whole: files that came in or were undone, collections, groups."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q

from headway.records.models import Group, Term, Transfer
from headway.services.access import may
from headway.services.news.acts import WHOLE_FILES, Listener, RecentAct, Written
from headway.services.news.items import CollectionNews, FileNews, GroupNews

__all__ = ["collection_news", "file_news", "group_news"]

_CLOSED: Mapping[str, bool] = {"close collection": True, "reopen collection": False}


def file_news(acts: Sequence[RecentAct], listener: Listener) -> list[FileNews]:
    """Files that came in and files undone, for those who may bring files in."""
    by_act = {act.pk: act for act in acts if act.kind in WHOLE_FILES}
    if not by_act or not may(listener.viewer, "import", school=listener.school, on=listener.now.date()):
        return []
    mine = Q(act__in=by_act) | Q(undone_by__in=by_act)
    told = []
    for row in Transfer.objects.filter(mine, school=listener.school):
        for act_id, undone in ((row.act_id, False), (row.undone_by_id, True)):
            act = by_act.get(act_id or 0)
            if act:
                item = FileNews(act.by, act.at, row.uid, row.kind, row.file, row.n_new, row.n_changed, undone=undone)
                told.append(item)
    return told


def collection_news(written: Sequence[Written], listener: Listener) -> list[CollectionNews]:
    """Collections closed and opened again."""
    told = [each for each in written if each.act.kind in _CLOSED]
    if not told:
        return []
    codes = dict(Term.objects.filter(school=listener.school).values_list("pk", "code"))
    return [CollectionNews(each.act.by, each.act.at, codes[each.row], closed=_CLOSED[each.act.kind]) for each in told]


def group_news(written: Sequence[Written], listener: Listener) -> list[GroupNews]:
    """Groups made that still stand; for those who do not see the whole school, where a pupil of theirs is in it."""
    made = {each.row: each.act for each in written if each.version == 1}
    if not made:
        return []
    today = listener.now.date()
    here = Q(members__pupil__in=listener.reach) & (Q(members__ends__isnull=True) | Q(members__ends__gte=today))
    groups = Group.objects.filter(pk__in=made, school=listener.school)
    told = groups.annotate(n=Count("members__pupil", filter=here, distinct=True)).values_list("pk", "uid", "code", "n")
    return [
        GroupNews(made[pk].by, made[pk].at, uid, code, n_pupils)
        for pk, uid, code, n_pupils in told
        if n_pupils or listener.whole
    ]
