"""Subjects, and what each is in a key stage: its scale, what the termly judgement says, its parts."""

from django.db import models
from django.db.models import Q

from headway.records.versioned import Versioned


class Subject(Versioned):
    """A subject of a school, by its code."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    counts_as = models.CharField(max_length=100, blank=True)
    qualification_number = models.CharField(max_length=20, blank=True)
    gcse_size = models.CharField(max_length=10, blank=True)
    threshold = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "code"], name="subject_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[a-z][a-z0-9_]*\Z"), name="subject_code_is_plain"),
        ]

    def __str__(self) -> str:
        return self.name


class StageSubject(Versioned):
    """A subject in one key stage. ``parts`` are the codes of its parts where it is a composite."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="stages")
    key_stage = models.CharField(max_length=10)
    scale = models.CharField(max_length=60)
    judgement = models.CharField(max_length=10)
    parts = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "key_stage"], name="stage_subject_once"),
            models.CheckConstraint(condition=Q(judgement__in=["current", "likely"]), name="stage_subject_judgement"),
        ]
