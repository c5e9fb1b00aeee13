"""What was written last to each part of a school's records, so that what is kept in memory is known to be fresh."""

from django.db import models


class SliceVersion(models.Model):
    """A number that every write to one slice of a school's records replaces by one that never was before.

    ``kind`` says of what (`headway.records.freshness`); ``subject`` and ``term`` are keys of theirs and ``cohort`` the
    academic year its pupils were born in, each 0 where the slice is of all of them.
    """

    school = models.ForeignKey("School", on_delete=models.CASCADE, related_name="+", db_index=False)
    term = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=20)
    subject = models.BigIntegerField(default=0)
    cohort = models.SmallIntegerField(default=0)
    version = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "term", "kind", "subject", "cohort"], name="slice_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.term} {self.cohort}: {self.version}"
