"""Which database a record lives in: the audit's own where there is one, the school's for everything else.

On SQLite the audit is a file of its own, with a writer's lock of its own, so that a look never waits for a mark nor a
mark for a look (docs/decisions/0012). On PostgreSQL, where writers do not wait for each other, it is in the same
database.
"""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models

__all__ = ["AUDIT", "StoreRouter", "audit_alias", "audit_apart"]

AUDIT = "audit"
_TABLES = "audit_"


def audit_apart() -> bool:
    """Whether the audit is in a database of its own."""
    return AUDIT in settings.DATABASES


def audit_alias() -> str:
    """The database the audit is in."""
    return AUDIT if audit_apart() else DEFAULT_DB_ALIAS


class StoreRouter:
    """Sends the audit's models to its database. They are known by their tables' names: so are those of migrations."""

    def db_for_read(self, model: type[models.Model], **_hints: Any) -> str | None:
        return audit_alias() if _is_audit(model) else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, _app_label: str, model_name: str | None = None, **hints: Any) -> bool | None:
        """Makes each table in its own database alone; what is done to rows is done from the school's."""
        if not audit_apart():
            return None
        model = hints.get("model")
        return (model is not None and _is_audit(model)) == (db == AUDIT)


def _is_audit(model: type[models.Model]) -> bool:
    return model._meta.db_table.startswith(_TABLES)
