"""Are the installation's files sound: where they lie, who can read them, room on the disk."""

import ctypes
import os
import re
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, connections

from headway.services.installation.finding import Finding

__all__ = ["owners_alone", "place", "room"]

MOUNTS = Path("/proc/self/mounts")
_NETWORK = re.compile(
    r"(fuse\.)?(9p|afpfs|afs|ceph|cifs|davfs2?|drvfs|glusterfs|lustre|ncpfs|nfs4?|rclone|s3fs|smb3|smbfs|sshfs"
    r"|vboxsf|vmhgfs(-fuse)?|webdav)"
)
_SYNCED = re.compile(
    r"(box sync|dropbox|google ?drive|icloud ?drive|megasync|mobile documents|nextcloud|onedrive|owncloud"
    r"|pcloud ?drive|synology ?drive)([ -].*)?"
)
_REMOTE_DRIVE = 4


def place(now: datetime) -> Iterator[Finding]:
    """On a disk of this machine, and nobody copies it behind our back: SQLite's journal bears neither."""
    if connection.vendor != "sqlite":
        return
    folder = Path(settings.DATA).resolve()
    right = "Right would be --data and a folder on this machine's own disk, which nothing synchronises."
    if kind := _network_share(folder):
        yield Finding(False, f"The data lies on a network share ({kind}), where saved marks can be lost. {right}")
    elif synced := next((part for part in folder.parts if _SYNCED.fullmatch(part.casefold())), None):
        yield Finding(False, f"The data lies in a folder that is synchronised ({synced}), which damages it. {right}")
    else:
        yield Finding(True, "The data lies on this machine's own disk, as far as can be seen.")


def owners_alone(now: datetime) -> Iterator[Finding]:
    """Nobody else on this machine can read the pupils' data, or the secret that sign-ins rest on."""
    if os.name != "posix":
        yield Finding(True, "Who may read the data folder is Windows' to say.")
        return
    open_to = [path.name for path in _kept() if stat.S_IMODE(path.stat().st_mode) & 0o077]
    strangers = [path.name for path in _kept() if path.stat().st_uid not in (os.geteuid(), 0)]
    if open_to:
        right = f"Right would be its owner alone: chmod go= for each, in {settings.DATA}."
        yield Finding(False, f"Others on this machine can read {', '.join(open_to)}. {right}")
    if strangers:
        right = f"Right would be the account that Headway runs as: chown, in {settings.DATA}."
        yield Finding(False, f"Another account owns {', '.join(strangers)}. {right}")
    if not (open_to or strangers):
        yield Finding(True, "Only its owner can read the data.")


def room(now: datetime) -> Iterator[Finding]:
    """Room for the data twice over: for its journal, and for the copy that an upgrade or a backup makes."""
    kept = [Path(str(each.settings_dict["NAME"])) for each in connections.all() if each.vendor == "sqlite"]
    if not kept:
        return
    size = sum(file.stat().st_size for file in kept if file.exists())
    free = shutil.disk_usage(settings.DATA).free
    said = f"{free // 2**20:,} MB of disk are free; the data takes {size // 2**20:,} MB."
    enough = free > 2 * size
    yield Finding(enough, said if enough else f"{said} Right would be twice the data at least.")


def _kept() -> Iterator[Path]:
    """The data folder and what in it is nobody else's to read; its other files are the same in every installation."""
    yield Path(settings.DATA)
    for pattern in ("secret.key", "*.sqlite3*"):
        yield from sorted(Path(settings.DATA).glob(pattern))


def _network_share(folder: Path) -> str:
    """What kind of network share a folder lies on; nothing where it is a disk, or where that cannot be seen."""
    if sys.platform == "win32":
        remote = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _REMOTE_DRIVE
        return folder.anchor if remote or folder.anchor.startswith("\\\\") else ""
    try:
        mounted = [line.split(" ") for line in MOUNTS.read_text("utf-8", errors="replace").splitlines()]
    except OSError:
        return ""
    holding = [
        (len(at.parts), kind)
        for _, where, kind, *_ in mounted
        if folder.is_relative_to(at := Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), where)))
    ]
    kind = max(holding, key=lambda each: each[0], default=(0, ""))[1]
    return kind if _NETWORK.fullmatch(kind) else ""
