"""Do the settings protect what is kept: addresses, https, passwords, the secret, made-up pupils apart."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.core.checks import run_checks

from headway.records.models import School
from headway.services.installation.finding import Finding

__all__ = ["addresses", "django_itself", "https", "made_up_apart", "passwords", "secret"]

_YEAR = 365 * 24 * 60 * 60
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_MEMORY, _PASSES = 19 * 1024, 2
_SECRET = 50


def addresses(now: datetime) -> Iterator[Finding]:
    """It answers to names that somebody has chosen: under any name at all, links can be made to lead elsewhere."""
    hosts = sorted(settings.ALLOWED_HOSTS)
    if "*" in hosts:
        right = "Right would be HEADWAY_HOSTS with the names people type, parted by commas."
        yield Finding(False, f"HEADWAY_HOSTS holds *, so Headway answers to any name. {right}")
    else:
        yield Finding(True, f"It answers to {', '.join(hosts)}, and to no other name.")


def https(now: datetime) -> Iterator[Finding]:
    """Over https everything is held to it; plain http is for this machine alone, and promises nothing."""
    cookies = [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME]
    secure = [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE]
    if settings.BEHIND_TLS:
        held = all(secure) and all(name.startswith("__Host-") for name in cookies)
        sound = held and settings.SECURE_HSTS_SECONDS >= _YEAR and settings.SECURE_SSL_REDIRECT
        said = "It is served over https, and browsers are held to it."
        wrong = "It is served over https, but browsers are not held to it: cookies and headers are those of plain http."
    else:
        sound = not (any(secure) or settings.SECURE_HSTS_SECONDS or settings.SECURE_SSL_REDIRECT)
        others = sorted(set(settings.ALLOWED_HOSTS) - _LOOPBACK)
        said = (
            f"Under {', '.join(others)} it is served over https alone." if others else "It is for this machine alone."
        )
        wrong = "It is served over plain http with the cookies and headers of https: nobody could stay signed in."
    yield Finding(sound, said if sound else f"{wrong} Right would be Headway's settings as they came.")


def passwords(now: datetime) -> Iterator[Finding]:
    """They are kept so that a stolen database does not give them away."""
    kept = get_hasher("default")
    memory, passes = getattr(kept, "memory_cost", 0), getattr(kept, "time_cost", 0)
    if kept.algorithm == "argon2" and memory >= _MEMORY and passes >= _PASSES:
        yield Finding(True, f"Passwords are kept by argon2id, {memory // 1024} MB and {passes} passes each.")
    else:
        right = f"Right would be argon2, with {_MEMORY // 1024} MB and {_PASSES} passes or more."
        yield Finding(False, f"Passwords are kept by {kept.algorithm} in a way too easily guessed. {right}")


def secret(now: datetime) -> Iterator[Finding]:
    """The secret that sign-ins rest on is this installation's own, and long."""
    if len(settings.SECRET_KEY) >= _SECRET:
        yield Finding(True, "The secret is this installation's own.")
    else:
        right = (
            "Right would be to stop Headway, remove the file and start it: it makes a new one, and all sign in again."
        )
        yield Finding(False, f"The secret in {settings.DATA / 'secret.key'} is too short to be one. {right}")


def made_up_apart(now: datetime) -> Iterator[Finding]:
    """A made-up school, whose passphrase everybody knows, stands in no installation with others."""
    schools = list(School.objects.order_by("name"))
    made_up = [school.name for school in schools if school.demo]
    real = [school.name for school in schools if not school.demo]
    if made_up and real:
        right = "Right would be the made-up one in a folder of its own: headway demo --data FOLDER."
        said = f"{made_up[0]} is made up and stands beside {real[0]}: anybody could sign in."
        yield Finding(False, f"{said} {right}")
    elif real and settings.DEMO:
        right = "Right would be to start it by headway serve, without HEADWAY_DEMO."
        yield Finding(False, f"{real[0]} is real and is served as a demo, which asks less of a sign-in. {right}")
    else:
        yield Finding(True, "No made-up school stands beside a real one.")


def django_itself(now: datetime) -> Iterator[Finding]:
    """What Django checks of a server open to others (`check --deploy`); the settings say what does not apply."""
    found = [each for each in run_checks(include_deployment_checks=True) if not each.is_silenced()]
    for each in found:
        yield Finding(False, f"Django's own check says: {each.msg} {each.hint or ''}".strip() + f" ({each.id}).")
    if not found:
        yield Finding(True, "Django's own checks of an open server find nothing.")
