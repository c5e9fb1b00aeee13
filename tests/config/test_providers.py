import pytest

from headway.config.providers import ProviderRefusedError, providers

MICROSOFT = {"HEADWAY_MICROSOFT_CLIENT_ID": "id", "HEADWAY_MICROSOFT_CLIENT_SECRET": "secret"}
OPENID = {"HEADWAY_OIDC_CLIENT_ID": "id", "HEADWAY_OIDC_CLIENT_SECRET": "secret"}


def test_it_asks_nobody_unless_the_environment_names_them() -> None:
    assert providers({}) == {}
    assert providers({"HEADWAY_GOOGLE_CLIENT_ID": "", "HEADWAY_DATA": "/somewhere"}) == {}


def test_it_takes_each_provider_that_is_named_whole() -> None:
    found = providers({"HEADWAY_GOOGLE_CLIENT_ID": "id", "HEADWAY_GOOGLE_CLIENT_SECRET": "secret"})

    assert [app["client_id"] for app in found["google"]["APPS"]] == ["id"]
    assert found["google"]["APPS"][0]["settings"]["oauth_pkce_enabled"]


@pytest.mark.parametrize("lacking", ["HEADWAY_GOOGLE_CLIENT_SECRET", "HEADWAY_MICROSOFT_TENANT", "HEADWAY_OIDC_URL"])
def test_it_names_what_is_missing(lacking: str) -> None:
    given = {"HEADWAY_GOOGLE_CLIENT_ID": "id"} if "GOOGLE" in lacking else MICROSOFT if "MICRO" in lacking else OPENID

    with pytest.raises(ProviderRefusedError, match=lacking):
        providers(given)


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", "../common", "elm/example.com"])
def test_it_takes_no_directory_but_the_schools_own(tenant: str) -> None:
    with pytest.raises(ProviderRefusedError, match="own directory"):
        providers({**MICROSOFT, "HEADWAY_MICROSOFT_TENANT": tenant})


@pytest.mark.parametrize("tenant", ["elmtree.example", "0b5ad9d6-8d0c-4c9e-9a0e-1f7e0c1c4e7a"])
def test_it_takes_the_schools_own_directory(tenant: str) -> None:
    found = providers({**MICROSOFT, "HEADWAY_MICROSOFT_TENANT": tenant})

    assert found["microsoft"]["APPS"][0]["settings"]["tenant"] == tenant


def test_it_asks_nobody_over_plain_http() -> None:
    with pytest.raises(ProviderRefusedError, match="https://"):
        providers({**OPENID, "HEADWAY_OIDC_URL": "http://login.example"})
    assert providers({**OPENID, "HEADWAY_OIDC_URL": "https://login.example", "HEADWAY_OIDC_NAME": "Elm"})
