"""Pupils and families as people who look: how a pupil signs in, who a pupil's family is, what has been released."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from headway.domain.families import AUDIENCES, PASSWORD_KINDS
from headway.records.versioned import Versioned


class PupilAccount(models.Model):
    """How a pupil signs in: by a name of the school's making, and words or pictures. No e-mail address is needed."""

    pupil = models.OneToOneField("Pupil", on_delete=models.PROTECT, related_name="account")
    user = models.OneToOneField("User", on_delete=models.CASCADE, related_name="pupil_account")
    sign_in_name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(PASSWORD_KINDS)), name="pupil_account_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.sign_in_name


class Contact(Versioned):
    """A parent or guardian of one pupil, with the dates it holds. ``restricted``: may not see the pupil's record."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey("Pupil", on_delete=models.PROTECT, related_name="contacts")
    user = models.ForeignKey("User", on_delete=models.PROTECT, null=True, blank=True, related_name="contacts")
    name = models.CharField(max_length=200)
    relationship = models.CharField(max_length=60)
    email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=60, blank=True)
    receives_reports = models.BooleanField(default=True)
    restricted = models.BooleanField(default=False)
    agreed_as_adult = models.BooleanField(default=False)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("pupil", Lower("name"), name="contact_once_per_pupil"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=True) | Q(ends__gte=F("starts")),
                name="contact_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Release(Versioned):
    """One term's marks of one year group, shown to pupils or to families from a day on; removed when withdrawn."""

    term = models.ForeignKey("Term", on_delete=models.PROTECT, related_name="releases")
    year_group = models.SmallIntegerField()
    audience = models.CharField(max_length=10)
    starts = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "year_group", "audience"], name="release_once"),
            models.CheckConstraint(condition=Q(audience__in=list(AUDIENCES)), name="release_audience_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.term_id} to {self.audience} of year {self.year_group}"
