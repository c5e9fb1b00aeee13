"""Pupils: who they are, when they were on roll, the year group they were in, and what was true of them from when."""

import uuid

from django.db import models
from django.db.models import F, Q

from headway.domain.pupils import CHARACTERISTICS
from headway.records.versioned import Versioned


class Pupil(Versioned):
    """A pupil of a school, by unique pupil number."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    upn = models.CharField(max_length=13)
    surname = models.CharField(max_length=100)
    forename = models.CharField(max_length=100)
    preferred_forename = models.CharField(max_length=100, blank=True)
    dob = models.DateField()
    admission_number = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "upn"], name="pupil_once_per_school"),
            models.CheckConstraint(
                condition=Q(upn__regex=r"^[A-Z][0-9]{11}[0-9A-Z]\Z"), name="pupil_upn_is_well_formed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)


class Enrolment(Versioned):
    """A pupil's time on roll. ``given`` says whether the first day was given, or taken as 1 September."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="enrolments")
    starts = models.DateField()
    given = models.BooleanField(default=False)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "starts"], name="enrolment_once"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="enrolment_ends_after_it_starts"
            ),
        ]


class Placement(Versioned):
    """The year group and registration group a pupil was in, in one academic year."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="placements")
    year = models.ForeignKey("AcademicYear", on_delete=models.PROTECT, related_name="+")
    year_group = models.SmallIntegerField()
    reg_group = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "year"], name="placement_once_per_year"),
            models.CheckConstraint(
                condition=Q(year_group__gte=-2, year_group__lte=14), name="placement_year_group_exists"
            ),
        ]


class Characteristic(Versioned):
    """What is true of a pupil from a date on, until the next row of the same kind (RULES 10)."""

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="characteristics")
    kind = models.CharField(max_length=20)
    starts = models.DateField()
    value = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "kind", "starts"], name="characteristic_once_per_day"),
            models.CheckConstraint(condition=Q(kind__in=list(CHARACTERISTICS)), name="characteristic_is_known"),
        ]
