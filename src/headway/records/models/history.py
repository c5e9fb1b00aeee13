"""What was done: acts and the revisions they made, and transfers of files."""

import uuid
from typing import Any, NoReturn, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

Kept = TypeVar("Kept", bound="AppendOnly")


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or remove what is written once."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is append-only")


class AppendOnlyQuerySet(models.QuerySet[Kept]):
    """A query set that reads and adds, and never changes or removes."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnlyError(self.model.__name__)

    update = delete = bulk_update = _refuse


class AppendOnly(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(type(self).__name__)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(type(self).__name__)


class Act(AppendOnly):
    """One person's one change, however many rows it touched: who, when, why. Written once, never changed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey("School", on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=30)
    person = models.ForeignKey("Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    why = models.TextField(blank=True)
    request_id = models.UUIDField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "request_id"], condition=Q(request_id__isnull=False), name="act_once_per_request"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by}"


class Revision(AppendOnly):
    """What one row became in one act; ``state`` is None where it was removed. The one before it is what it was."""

    school = models.ForeignKey("School", on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(Act, on_delete=models.PROTECT, related_name="revisions")
    kind = models.CharField(max_length=30)
    row = models.BigIntegerField()
    version = models.PositiveIntegerField()
    state = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "row", "version"], name="revision_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.row} version {self.version}"


class Transfer(models.Model):
    """A file that came in: what it was, what it changed, and whether that was undone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey("School", on_delete=models.PROTECT, related_name="transfers")
    act = models.OneToOneField(Act, on_delete=models.PROTECT, related_name="transfer")
    undone_by = models.OneToOneField(Act, on_delete=models.PROTECT, null=True, blank=True, related_name="undoes")
    kind = models.CharField(max_length=30)
    file = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    n_new = models.PositiveIntegerField()
    n_changed = models.PositiveIntegerField()
    n_same = models.PositiveIntegerField()
    n_refused = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.kind} from {self.file}"


class Upload(models.Model):
    """A file somebody sent in and has not applied yet: kept for them alone while they look at its plan."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey("School", on_delete=models.PROTECT, related_name="uploads")
    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="uploads")
    at = models.DateTimeField()
    file = models.CharField(max_length=255)
    content = models.BinaryField()
    options = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.file
