"""Whom people may sign in with besides Headway: Google, Microsoft or another OpenID provider. Knows no Django.

Nothing is asked of anybody elsewhere unless the environment names them.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

__all__ = ["ProviderRefusedError", "providers"]

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class ProviderRefusedError(ValueError):
    """A provider cannot be used as the environment describes it; the message says what would be right."""


def providers(environment: Mapping[str, str]) -> dict[str, Any]:
    """What django-allauth is told of each provider that the environment names."""
    told = {"google": _google, "microsoft": _microsoft, "openid_connect": _openid}
    return {name: {"APPS": [app]} for name, of in told.items() if (app := of(environment)) is not None}


def _google(environment: Mapping[str, str]) -> Mapping[str, object] | None:
    given = _given(environment, "GOOGLE", ("CLIENT_ID", "CLIENT_SECRET"))
    if given is None:
        return None
    client, secret = given
    settings = {"oauth_pkce_enabled": True, "scope": ["openid", "email"], "auth_params": {"prompt": "select_account"}}
    return {"client_id": client, "secret": secret, "name": "Google", "settings": settings}


def _microsoft(environment: Mapping[str, str]) -> Mapping[str, object] | None:
    """Microsoft, for one directory only: in any other, somebody else decides who is called what."""
    given = _given(environment, "MICROSOFT", ("CLIENT_ID", "CLIENT_SECRET", "TENANT"))
    if given is None:
        return None
    client, secret, tenant = given
    if not _names_one_directory(tenant):
        raise ProviderRefusedError(
            f"HEADWAY_MICROSOFT_TENANT is '{tenant}'. Right would be the school's own directory: its id, or its domain "
            "such as elmtree.example; common, organizations and consumers would let in anybody's."
        )
    settings = {"oauth_pkce_enabled": True, "tenant": tenant, "auth_params": {"prompt": "select_account"}}
    return {"client_id": client, "secret": secret, "name": "Microsoft", "settings": settings}


def _openid(environment: Mapping[str, str]) -> Mapping[str, object] | None:
    given = _given(environment, "OIDC", ("URL", "CLIENT_ID", "CLIENT_SECRET"))
    if given is None:
        return None
    url, client, secret = given
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise ProviderRefusedError(f"HEADWAY_OIDC_URL is '{url}'. Right would be an address that begins with https://.")
    name = environment.get("HEADWAY_OIDC_NAME", "").strip() or "your school's sign-in"
    settings = {"server_url": url, "oauth_pkce_enabled": True}
    return {"provider_id": "school", "client_id": client, "secret": secret, "name": name, "settings": settings}


def _given(environment: Mapping[str, str], provider: str, names: tuple[str, ...]) -> list[str] | None:
    """The values of a provider: all of them, or none where it is not wanted."""
    values = {f"HEADWAY_{provider}_{name}": environment.get(f"HEADWAY_{provider}_{name}", "").strip() for name in names}
    missing = [name for name, value in values.items() if not value]
    if len(missing) == len(values):
        return None
    if missing:
        raise ProviderRefusedError(f"Sign-in with another provider lacks {', '.join(missing)}. Right would be all.")
    return list(values.values())


def _names_one_directory(tenant: str) -> bool:
    try:
        UUID(tenant)
    except ValueError:
        return "." in tenant and "/" not in tenant
    return True
