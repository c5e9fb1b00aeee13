"""Groups a school defines for itself, with the dates pupils belong to them."""

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from headway.records.versioned import Versioned

ALWAYS = Value(date(1900, 1, 1), output_field=models.DateField())


class Group(Versioned):
    """A locally-defined group of pupils (M66)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="group_once")]

    def __str__(self) -> str:
        return self.code


class GroupMember(Versioned):
    """A pupil's time in a group; without a first day, always so far; without a last, still."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    pupil = models.ForeignKey("Pupil", on_delete=models.PROTECT, related_name="groups")
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("group", "pupil", Coalesce("starts", ALWAYS), name="group_member_once"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=True) | Q(ends__gte=F("starts")),
                name="group_member_ends_after_it_starts",
            ),
        ]
