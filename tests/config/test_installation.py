"""Where an installation keeps its data, and the secret made there."""

import stat
from pathlib import Path

import platformdirs
import pytest

from headway.config.installation import data_folder, database_url, secret_key


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADWAY_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_data_lives_where_it_is_said(folder: Path) -> None:
    assert data_folder() == folder


def test_a_path_from_home_or_from_here_is_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for said in ("~/school", "school", "./elsewhere/../school"):
        monkeypatch.setenv("HEADWAY_DATA", said)
        assert data_folder() == (tmp_path / "school").resolve()


@pytest.mark.parametrize("said", [None, ""])
def test_it_lives_in_the_platforms_own_place_where_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, said: str | None
) -> None:
    monkeypatch.delenv("HEADWAY_DATA") if said is None else monkeypatch.setenv("HEADWAY_DATA", said)

    assert data_folder() == platformdirs.user_data_path("headway")


def test_an_empty_address_is_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_DATABASE_URL", "")

    assert database_url() is None


def test_the_secret_is_made_once_and_is_its_owners_alone(folder: Path) -> None:
    first = secret_key()

    assert secret_key() == first
    assert len(first) >= 64
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_every_installation_has_its_own(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = secret_key()
    monkeypatch.setenv("HEADWAY_DATA", str(tmp_path / "other"))

    assert secret_key() != first


def test_a_first_run_that_was_cut_off_leaves_no_empty_secret(folder: Path) -> None:
    folder.mkdir()
    (folder / "secret.key").touch(mode=0o600)

    assert len(secret_key()) >= 64
