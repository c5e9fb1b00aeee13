"""The way past sign-in for tests that are about something else: a session as a whole sign-in would leave it."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from headway.web.sessions import begin
from tests.school import NOW

__all__ = ["enter", "take_second_step"]


def enter(client: Client, email: str, *, second_step: bool = True, now: datetime = NOW) -> None:
    """Signs somebody in without asking for anything."""
    client.force_login(get_user_model().objects.get(email=email))
    session = client.session
    begin(session, second_step=second_step, now=now)
    session.save()


def take_second_step(session_key: str, *, now: datetime = NOW) -> None:
    """Marks a session in which somebody has given their password as if a second step had been taken too."""
    session = SessionStore(session_key)
    begin(session, second_step=True, now=now)
    session.save()
