"""What is: termly assessments, and the results (prior attainment, statutory) that lines start from."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from headway.records.versioned import Versioned

GRADED_OR_MARKED = Q(grade__gt="", mark_code="", rank__isnull=False, units__isnull=False) | Q(
    grade="", mark_code__gt="", rank__isnull=True, units__isnull=True
)


class Mark(Versioned):
    """A grade as it was given, with its rank and points on the scale's version of the day; or a mark code.

    ``units`` are exact points in the scale's own unit.
    """

    pupil = models.ForeignKey("records.Pupil", on_delete=models.PROTECT, related_name="%(class)ss")
    subject = models.ForeignKey("records.Subject", on_delete=models.PROTECT, related_name="%(class)ss")
    scale = models.ForeignKey("records.Scale", on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(max_length=20, blank=True)
    mark_code = models.CharField(max_length=20, blank=True)
    rank = models.SmallIntegerField(null=True, blank=True)
    units = models.IntegerField(null=True, blank=True)

    class Meta:
        abstract = True


class Assessment(Mark):
    """A teacher's judgement of a pupil in a subject in a term."""

    term = models.ForeignKey("Term", on_delete=models.PROTECT, related_name="assessments")
    kind = models.CharField(max_length=10)
    date = models.DateField(null=True, blank=True)
    by = models.CharField(max_length=100, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "subject", "term", "kind"], name="assessment_once"),
            models.CheckConstraint(condition=GRADED_OR_MARKED, name="assessment_graded_or_marked"),
            models.CheckConstraint(condition=Q(kind__in=["current", "likely"]), name="assessment_kind"),
        ]
        indexes = [models.Index(fields=["school", "term", "subject"], name="assessment_slice")]


class Result(Mark):
    """A result at the end of a key stage: prior attainment for the next one."""

    key_stage = models.CharField(max_length=10)
    kind = models.CharField(max_length=10, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("pupil", "subject", "key_stage", "kind", Coalesce("year", 0), name="result_once"),
            models.CheckConstraint(condition=GRADED_OR_MARKED, name="result_graded_or_marked"),
            models.CheckConstraint(condition=Q(kind__in=["", "test", "teacher"]), name="result_kind"),
        ]
