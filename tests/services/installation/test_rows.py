"""Everything that is looked at, and what a server does not start without."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from headway.services.installation import (
    ROWS,
    Finding,
    InstallationRefusedError,
    Row,
    findings,
    remember_backup,
    require_sound,
    rows,
)
from tests.school import NOW
from tests.services.installation.conftest import Unsound


def test_a_sound_installation_has_only_sound_findings(sound: Path, unsound: Unsound) -> None:
    assert unsound() == []
    assert len(findings(now=NOW)) >= len(ROWS)
    require_sound(now=NOW)


def test_every_row_says_something_and_says_it_as_a_sentence(sound: Path) -> None:
    for row in ROWS:
        said = [each.sentence for each in row.look(NOW)]
        assert said, row
        assert all(each.endswith((".", ").")) for each in said), said


def test_a_server_is_refused_with_all_that_is_wrong(sound: Path) -> None:
    (sound / "secret.key").chmod(0o644)
    remember_backup(NOW - timedelta(days=30))

    with pytest.raises(InstallationRefusedError) as refusal:
        require_sound(now=NOW)

    said = str(refusal.value)
    assert "Others on this machine can read secret.key" in said
    assert "headway check says all that was looked at" in said
    assert "backup" not in said


def test_a_row_that_is_added_is_looked_at(sound: Path, unsound: Unsound, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(now: datetime) -> Iterator[Finding]:
        yield Finding(False, "The roof leaks.")

    monkeypatch.setattr(rows, "ROWS", [*ROWS, Row(look, at_start=False)])
    assert unsound() == ["The roof leaks."]
    require_sound(now=NOW)
    monkeypatch.setattr(rows, "ROWS", [*ROWS, Row(look)])
    with pytest.raises(InstallationRefusedError, match=r"The roof leaks\."):
        require_sound(now=NOW)
