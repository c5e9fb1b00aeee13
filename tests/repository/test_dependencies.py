"""Every dependency has its reason, and every lock its hashes."""

import re
import tomllib
from pathlib import Path

import pytest

LOCKS = ("runtime", "development")
ENTRY = re.compile(
    r"^(?P<name>[a-z0-9-]+)==\S+(?: ; [^\\]+)? \\$(?P<hashes>(?:\n    --hash=sha256:[0-9a-f]{64}(?: \\)?)+)", re.M
)


def _lock(root: Path, name: str) -> str:
    return (root / "requirements" / f"{name}.txt").read_text("utf-8")


def _entries(lock: str) -> dict[str, str]:
    return {entry["name"]: entry[0] for entry in ENTRY.finditer(lock)}


def test_it_gives_a_reason_for_every_dependency(root: Path) -> None:
    lines = (root / "pyproject.toml").read_text("utf-8").splitlines()
    project = tomllib.loads("\n".join(lines))["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]

    without = []
    for dependency in wanted:
        line = lines.index(f'    "{dependency}",')
        above = lines[line - 1].strip()
        types_of_another = dependency.startswith("types-") and above.startswith('"types-')
        if not above.startswith("#") and not types_of_another:
            without.append(dependency)

    assert without == []


@pytest.mark.parametrize("name", LOCKS)
def test_it_locks_every_package_with_hashes(root: Path, name: str) -> None:
    lock = _lock(root, name)

    pinned = re.findall(r"^([A-Za-z0-9_.\[\]-]+)==", lock, re.M)

    assert pinned
    assert sorted(pinned) == sorted(_entries(lock))


@pytest.mark.parametrize("name", LOCKS)
def test_it_names_no_place_in_a_lock(root: Path, name: str) -> None:
    lock = _lock(root, name)

    assert not re.search(
        r"://|file:/|^-|^--|--(?:extra-)?index-url|--find-links|--trusted-host| @ |(?<!\w)/\w", lock, re.M
    )


def test_it_develops_with_what_it_runs_with(root: Path) -> None:
    runtime, development = (_entries(_lock(root, name)) for name in LOCKS)

    assert {name: entry for name, entry in development.items() if name in runtime} == runtime


def test_it_locks_what_the_project_asks_for(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[^A-Za-z0-9_.-]", each)[0].lower().replace("_", "-") for each in requirements}

    assert names(project["dependencies"]) <= set(_entries(_lock(root, "runtime")))
    assert names([*project["dependencies"], *extras["dev"]]) <= set(_entries(_lock(root, "development")))
