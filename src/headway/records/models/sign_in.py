"""What somebody signs in with and from: devices seen before, and tokens for programs that act for them."""

import uuid

from django.db import models


class Device(models.Model):
    """A browser an account has signed in from, known by a random value it keeps; only its digest is stored."""

    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="device_once")]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """Lets a program ask the API for what its owner may see, until a day. Shown once; only its digest is stored."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("User", on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    ends = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
