"""Are the installation's files sound: where they lie, who can read them, room on the disk."""

import os
import shutil
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from pytest_django import Settings

from headway.services.installation import files
from tests.school import NOW
from tests.services.installation.conftest import Unsound

Usage = namedtuple("Usage", "total used free")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@pytest.mark.parametrize(
    "name", ["", "secret.key", "headway.sqlite3", "audit.sqlite3", "headway.sqlite3.before-restore"]
)
@pytest.mark.parametrize("mode", [0o710, 0o704, 0o740])
def test_it_names_what_others_can_read(sound: Path, unsound: Unsound, name: str, mode: int) -> None:
    if not (sound / name).exists():
        (sound / name).touch()
    (sound / name).chmod(mode)

    (said,) = unsound()
    assert said.startswith(f"Others on this machine can read {name or 'data'}")  # and SQLite's journal, as the file is
    assert said.endswith(f". Right would be its owner alone: chmod go= for each, in {sound}.")


def test_it_names_what_another_account_owns(sound: Path, unsound: Unsound, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = (sound / "secret.key").stat().st_uid or 4711
    if owner == 4711:
        os.chown(sound / "secret.key", owner, -1)
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)

    assert any(
        said.startswith("Another account owns ") and "secret.key" in said and "chown" in said for said in unsound()
    )


def test_it_wants_room_for_the_data_twice(sound: Path, unsound: Unsound, monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(file.stat().st_size for file in sound.glob("*.sqlite3"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, size))

    (said,) = unsound()
    assert said.endswith("Right would be twice the data at least.")


@LINUX
@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone", "9p", "vboxsf", "davfs"])
def test_it_names_a_network_share(
    sound: Path, unsound: Unsound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    mounts = tmp_path / "mounts"
    escaped = str(sound.parent.resolve()).replace(" ", "\\040")
    mounts.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/homes {escaped} {kind} rw 0 0\nproc /proc proc rw 0 0\n")
    monkeypatch.setattr(files, "MOUNTS", mounts)

    (said,) = unsound()
    assert said.startswith(f"The data lies on a network share ({kind}), where saved marks can be lost. Right would be")


@LINUX
def test_it_lets_a_disk_pass_that_has_a_share_beside_it(sound: Path, unsound: Unsound, tmp_path: Path) -> None:
    assert unsound() == []
    share = tmp_path / "mounts"
    share.write_text(f"/dev/vda / ext4 rw 0 0\nserver:/x {sound.parent}/other nfs rw 0 0\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "MOUNTS", share)
        assert unsound() == []
        patch.setattr(files, "MOUNTS", tmp_path / "none")
        assert unsound() == []


@pytest.mark.parametrize(
    "name", ["OneDrive", "OneDrive - Hillside Primary", "Dropbox", "Google Drive", "iCloud Drive", "Nextcloud"]
)
def test_it_names_a_synchronised_folder(sound: Path, tmp_path: Path, settings: Settings, name: str) -> None:
    settings.DATA = tmp_path / name / "headway"

    (found,) = files.place(NOW)

    assert not found.sound
    assert f"synchronised ({name})" in found.sentence


@pytest.mark.parametrize("name", ["Drop boxes", "one drive too many", "synced", "Cloud"])
def test_it_takes_no_other_folder_for_one(sound: Path, tmp_path: Path, settings: Settings, name: str) -> None:
    settings.DATA = tmp_path / name / "headway"

    assert [each.sound for each in files.place(NOW)] == [True]
