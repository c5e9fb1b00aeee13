"""The audit: who looked at whom and who did what, each entry bound to the one before it. In a store of its own.

Nothing here refers to a record of the school: keys and names are written as they were, and stay when those are gone.
"""

from typing import Any, NoReturn, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from headway.records.models.history import AppendOnlyError

Link = TypeVar("Link", bound="Chained")


class ChainedQuerySet(models.QuerySet[Link]):
    """A query set that only reads: `headway.records.audit_chain` is the one who adds."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError(self.model.__name__)

    create = bulk_create = get_or_create = update_or_create = update = delete = bulk_update = _refuse


class Chained(models.Model):
    """A row of the audit: added by the chain, never changed or removed."""

    objects = ChainedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(type(self).__name__)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(type(self).__name__)


class AuditSet(Chained):
    """The pupils an entry is about, kept once however often the same are looked at; known by the digest of them."""

    digest = models.CharField(max_length=64, unique=True)
    n_pupils = models.PositiveIntegerField()

    class Meta:
        db_table = "audit_set"

    def __str__(self) -> str:
        return f"{self.n_pupils} pupils"


class AuditSetPupil(Chained):
    """One pupil of a set, by key."""

    audit_set = models.ForeignKey(AuditSet, on_delete=models.PROTECT, related_name="members", db_index=False)
    pupil = models.BigIntegerField()

    class Meta:
        db_table = "audit_set_pupil"
        indexes = [
            models.Index(fields=["audit_set", "pupil"], name="audit_pupils_of_set"),
            models.Index(fields=["pupil", "audit_set"], name="audit_sets_of_pupil"),
        ]

    def __str__(self) -> str:
        return str(self.pupil)


class AuditEntry(Chained):
    """One thing that was done or looked at: who, what, when, about whom; and a digest of it and of the one before it.

    ``by`` is the account, ``name`` what its holder was called then. ``place`` is the name of an address, ``act`` the
    key of the change it tells of, ``about`` the sequence of another entry.
    """

    sequence = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    action = models.CharField(max_length=40)
    by = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    user_id = models.BigIntegerField(null=True)
    school_id = models.BigIntegerField(null=True)
    place = models.CharField(max_length=60, blank=True)
    pupils = models.ForeignKey(AuditSet, on_delete=models.PROTECT, null=True, related_name="+")
    act = models.BigIntegerField(null=True, unique=True)
    about = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["at", "sequence"], name="audit_entry_by_time"),
            models.Index(fields=["user_id", "at"], name="audit_entry_by_person"),
            models.Index(fields=["school_id"], condition=Q(kind="alert"), name="audit_entry_alerts"),
            models.Index(fields=["about"], condition=Q(about__isnull=False), name="audit_entry_about"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.by}"
