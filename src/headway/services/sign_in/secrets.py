"""How the secrets of second steps lie in the database: sealed with the installation's secret, which backups lack."""

from base64 import urlsafe_b64encode
from hashlib import sha256

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

__all__ = ["SecretLostError", "SecretsAdapter"]


class SecretLostError(Exception):
    """A secret was sealed with another installation's key: a backup was put back without its secret.key."""


class SecretsAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Seals and opens what django-allauth keeps of second steps."""

    def encrypt(self, text: str) -> str:
        return _seal().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _seal().decrypt(encrypted_text.encode("ascii")).decode()
        except InvalidToken as error:
            raise SecretLostError from error


def _seal() -> Fernet:
    return Fernet(
        urlsafe_b64encode(sha256(b"headway.services.sign_in.secrets" + settings.SECRET_KEY.encode()).digest())
    )
