"""What is hoped: targets, and the line of progress targets that leads to each."""

from django.db import models
from django.db.models import F, Q

from headway.records.versioned import Versioned


class Target(Versioned):
    """A pupil's target in a subject, for a key stage's end or a named point (``Y4``); revisions are its history."""

    pupil = models.ForeignKey("Pupil", on_delete=models.PROTECT, related_name="targets")
    subject = models.ForeignKey("Subject", on_delete=models.PROTECT, related_name="targets")
    point = models.CharField(max_length=10)
    scale = models.ForeignKey("Scale", on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=20)
    rank = models.SmallIntegerField()
    units = models.IntegerField()
    agreed_on = models.DateField(null=True, blank=True)
    agreed_by = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "subject", "point"], name="target_once"),
            models.CheckConstraint(condition=Q(grade__gt=""), name="target_is_a_grade"),
        ]


class ProgressTarget(Versioned):
    """A pupil's line in a subject and key stage: one row a line, as the domain worked it out (RULES 4).

    ``start`` and ``end`` are exact points (``n`` or ``n/d``); ``terms`` is a list of
    ``[k, numerator, denominator, rank, target grade]``, a closed term's as it was in force.
    ``first_year`` is the academic year (by its calendar start) in which the key stage began.
    """

    pupil = models.ForeignKey("Pupil", on_delete=models.PROTECT, related_name="progress_targets")
    subject = models.ForeignKey("Subject", on_delete=models.PROTECT, related_name="progress_targets")
    key_stage = models.CharField(max_length=10)
    scale = models.ForeignKey("Scale", on_delete=models.PROTECT, related_name="+")
    first_year = models.PositiveSmallIntegerField()
    start = models.CharField(max_length=30)
    k0 = models.PositiveSmallIntegerField()
    end = models.CharField(max_length=30)
    n_terms = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=10)
    target = models.ForeignKey(Target, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    target_version = models.PositiveIntegerField(null=True, blank=True)
    terms = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "subject", "key_stage"], name="progress_target_once"),
            models.CheckConstraint(condition=Q(k0__lte=F("n_terms")), name="progress_target_starts_in_stage"),
            models.CheckConstraint(condition=Q(rule__in=["reached", "band"]), name="progress_target_rule"),
        ]
