"""Classes: who is taught which subject together, and by whom."""

import uuid

from django.db import models
from django.db.models import Q

from headway.records.versioned import Versioned


class SchoolClass(Versioned):
    """A class: a code in an academic year. It may take several subjects."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.ForeignKey("AcademicYear", on_delete=models.PROTECT, related_name="classes")
    code = models.CharField(max_length=30)
    year_group = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "year", "code"], name="class_once_per_year"),
            models.CheckConstraint(condition=Q(year_group__gte=-2, year_group__lte=14), name="class_year_group_exists"),
        ]

    def __str__(self) -> str:
        return self.code


class TeachingGroup(Versioned):
    """A class in one of its subjects."""

    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="teaching_groups")
    subject = models.ForeignKey("Subject", on_delete=models.PROTECT, related_name="teaching_groups")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_class", "subject"], name="teaching_group_once"),
        ]


class Teaching(Versioned):
    """A person teaching a class in a subject."""

    teaching_group = models.ForeignKey(TeachingGroup, on_delete=models.PROTECT, related_name="teachings")
    person = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="teachings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["teaching_group", "person"], name="teaching_once"),
        ]


class ClassMember(Versioned):
    """A pupil taught in a class in a subject."""

    teaching_group = models.ForeignKey(TeachingGroup, on_delete=models.PROTECT, related_name="members")
    pupil = models.ForeignKey("Pupil", on_delete=models.PROTECT, related_name="classes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["teaching_group", "pupil"], name="class_member_once"),
        ]
