"""How much one account did of late: asked at every look, so in one short statement each."""

from datetime import datetime

from django.db import connections

from headway.records.models import AuditEntry, AuditSet, AuditSetPupil
from headway.records.stores import audit_alias

__all__ = ["n_pupils_at_most", "n_pupils_looked_at", "n_since"]

_ENTRY, _SET, _MEMBER = (model._meta.db_table for model in (AuditEntry, AuditSet, AuditSetPupil))
_OF_LATE = f"FROM {_ENTRY} e WHERE e.user_id = %s AND e.at > %s AND e.kind = %s"
_SETS = f"SELECT DISTINCT e.pupils_id {_OF_LATE}"


def n_since(user: int, kind: str, since: datetime) -> int:
    """How many entries of a kind an account has since a moment."""
    return _number(f"SELECT count(*) {_OF_LATE}", user, kind, since)


def n_pupils_at_most(user: int, since: datetime) -> int:
    """At most how many pupils an account has looked at since a moment: who was in several sets counts in each."""
    statement = f"SELECT coalesce(sum(n_pupils), 0) FROM {_SET} WHERE id IN ({_SETS})"  # noqa: S608  # nosec B608
    return _number(statement, user, "looked", since)


def n_pupils_looked_at(user: int, since: datetime) -> int:
    """How many different pupils an account has looked at since a moment."""
    statement = f"SELECT count(DISTINCT pupil) FROM {_MEMBER} WHERE audit_set_id IN ({_SETS})"  # noqa: S608  # nosec B608
    return _number(statement, user, "looked", since)


def _number(statement: str, user: int, kind: str, since: datetime) -> int:
    connection = connections[audit_alias()]
    with connection.cursor() as cursor:
        cursor.execute(statement, [user, connection.ops.adapt_datetimefield_value(since), kind])
        return int(cursor.fetchone()[0])
