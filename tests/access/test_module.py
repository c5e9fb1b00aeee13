"""The access module itself: every check holds, every branch is taken, and what is wrong in it is noticed."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from coverage import Coverage

from headway.services import access
from tests.access.asking import Check
from tests.access.checks import CHECKS
from tests.access.mutants import EQUIVALENT, made_anew, mutants, noticed_by
from tests.access.world import World

Record = Callable[[str, object], None]

ALL_OF_THEM = os.environ.get("HEADWAY_HARDEN") == "1"
"""Whether every mutant is tried (`make harden`), or every so-manieth."""

PARTS, SAMPLED = 4, 10


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_it_holds(check: Check, world: World) -> None:
    check(access, world)


def test_every_line_and_branch_of_it_is_taken(world: World, tmp_path: Path) -> None:
    """Read anew under coverage, so that a suite that is itself measured measures it too."""
    file = str(access.__file__)
    measured = Coverage(data_file=None, branch=True, include=[file], config_file=False)
    measured.start()
    try:
        module = made_anew()
        for check in CHECKS:
            check(module, world)
    finally:
        measured.stop()
    measured.json_report(outfile=str(tmp_path / "coverage.json"))
    (found,) = json.loads((tmp_path / "coverage.json").read_text())["files"].values()

    assert found["missing_lines"] == []
    assert found["missing_branches"] == []
    assert found["summary"]["num_branches"] > 50


@pytest.mark.parametrize("part", range(PARTS))
def test_its_mutants_are_noticed(part: int, world: World, record_property: Record) -> None:
    every = list(mutants())
    tried = [each for each in every if not each.equivalent][part :: PARTS if ALL_OF_THEM else PARTS * SAMPLED]
    survived = [str(each) for each in tried if noticed_by(each, world) is None]

    record_property("mutants", [len(every), len(EQUIVALENT), len(tried), len(survived)])
    assert survived == []


def test_what_is_said_to_make_no_difference_is_still_there() -> None:
    assert EQUIVALENT.keys() - {(each.place, each.change) for each in mutants()} == set()
