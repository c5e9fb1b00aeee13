"""People who work with a school's records: the account they sign in with, who they are, the roles they hold."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from headway.domain.roles import ROLES
from headway.records.versioned import Versioned


class UserManager(BaseUserManager["User"]):
    """Makes accounts; an account without a password cannot sign in until a one-time link sets one."""

    def create_user(self, email: str | None, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).casefold() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account to sign in with. What it may see comes from the roles of its people, never from the account."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254, unique=True, null=True)  # noqa: DJ001  # a pupil's account has none
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_in_any_letter_case")]

    def __str__(self) -> str:
        return self.email or str(self.uid)


class Person(Versioned):
    """Somebody who works in or with a school, by the school's own staff code."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    code = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254, blank=True)
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("school", Lower("code"), name="person_code_once"),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=True) | Q(ends__gte=F("starts")),
                name="person_leaves_after_joining",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(Versioned):
    """Which role a person holds in a school; ``scope`` says of what: a year group, a subject, a registration group."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40)
    scope = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "scope"], name="role_once"),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role}"


class Visit(models.Model):
    """When somebody was last here in a school: the visit they are on, and the end of the one before it."""

    school = models.ForeignKey("School", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="visits")
    seen_at = models.DateTimeField()
    before = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "user"], name="visit_once")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.seen_at:%Y-%m-%d}"
