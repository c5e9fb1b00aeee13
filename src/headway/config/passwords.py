"""How passwords are kept: argon2id at a memory cost a small server can bear (TRUST: 19 MiB, two passes, one lane)."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

_AT_ONCE = BoundedSemaphore(4)


class SteadyArgon2Hasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB, and at most four at once, so that a morning's rush of sign-ins cannot exhaust the memory."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _AT_ONCE:
            return super().verify(password, encoded)
