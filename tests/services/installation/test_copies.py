"""When a backup was last taken, as far as is known."""

from datetime import timedelta
from pathlib import Path

import pytest

from headway.services.installation import findings, remember_backup
from tests.school import NOW
from tests.services.installation.conftest import Unsound


@pytest.mark.parametrize("age", [timedelta(), timedelta(days=7)])
def test_one_of_this_week_is_recent(sound: Path, unsound: Unsound, age: timedelta) -> None:
    remember_backup(NOW - age)

    assert unsound() == []
    assert any("The last backup known is of " in each.sentence for each in findings(now=NOW))


def test_an_older_one_is_not(sound: Path, unsound: Unsound) -> None:
    remember_backup(NOW - timedelta(days=8))

    (said,) = unsound()
    assert said.startswith("The last backup known is of 15 November 2026. Right would be one every school day")


@pytest.mark.parametrize("kept", [None, "", "yesterday"])
def test_where_none_is_known_it_says_how_one_is_taken(sound: Path, unsound: Unsound, kept: str | None) -> None:
    if kept is not None:
        (sound / "last-backup.txt").write_text(kept)

    assert unsound() == []
    assert any(each.sentence.startswith("No backup is known yet.") for each in findings(now=NOW))
