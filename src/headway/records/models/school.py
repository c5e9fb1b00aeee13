"""A school, the framework and scales it assesses by, its years and terms."""

import uuid

from django.db import models
from django.db.models import F, Q

from headway.records.versioned import Versioned


class School(models.Model):
    """A school: the owner of every other row. ``dfe`` is its number, authority and establishment together."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=200)
    dfe = models.CharField(max_length=7, unique=True)
    framework = models.ForeignKey("Framework", on_delete=models.PROTECT, null=True, related_name="+")
    settings = models.JSONField(default=dict)
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(dfe__regex=r"^[0-9]{7}\Z"), name="school_dfe_is_seven_digits"),
        ]

    def __str__(self) -> str:
        return self.name


class Framework(models.Model):
    """A framework file as a school took it into force, word for word. Never changed: a new version is a new row."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="frameworks")
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField()
    in_force_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code", "version"], name="framework_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class Scale(models.Model):
    """One version of a scale in a school. Assessments keep the version they were made on."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="scales")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="scales")
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    in_force_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code", "version"], name="scale_once_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class AcademicYear(Versioned):
    """An academic year a school has used, by the calendar year in which it starts."""

    starts_in = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "starts_in"], name="academic_year_once"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_in}-{(self.starts_in + 1) % 100:02d}"


class Term(Versioned):
    """A term a school has used; opened on use. Once its collection is closed, its progress targets are history."""

    year = models.ForeignKey(AcademicYear, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=30)
    starts = models.DateField()
    ends = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="term_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="term_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.code
