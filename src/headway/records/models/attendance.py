"""Attendance and behaviour: what stands beside attainment when progress is discussed."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from headway.records.versioned import Versioned


class Attendance(Versioned):
    """A pupil's sessions in a term, or in one half of it."""

    pupil = models.ForeignKey("Pupil", on_delete=models.PROTECT, related_name="attendances")
    term = models.ForeignKey("Term", on_delete=models.PROTECT, related_name="+")
    half_term = models.PositiveSmallIntegerField(null=True, blank=True)
    possible = models.PositiveSmallIntegerField()
    attended = models.PositiveSmallIntegerField()
    unauthorised = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("pupil", "term", Coalesce("half_term", 0), name="attendance_once"),
            models.CheckConstraint(condition=Q(attended__lte=F("possible")), name="attendance_within_possible"),
            models.CheckConstraint(
                condition=Q(half_term__isnull=True) | Q(half_term__in=[1, 2]), name="attendance_half_of_a_term"
            ),
            models.CheckConstraint(
                condition=Q(unauthorised__isnull=True) | Q(unauthorised__lte=F("possible") - F("attended")),
                name="attendance_unauthorised_within_absent",
            ),
        ]


class BehaviourIncident(Versioned):
    """A dated incident with its type and points."""

    pupil = models.ForeignKey("Pupil", on_delete=models.PROTECT, related_name="behaviour")
    date = models.DateField()
    type = models.CharField(max_length=60)
    points = models.SmallIntegerField()
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "date", "type", "note"], name="behaviour_incident_once"),
        ]
