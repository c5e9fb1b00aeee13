"""The repository's own files, as the tests about it read them."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {
    *(".git", ".venv", ".demo", ".start", "build", "dist", "vendor", "__pycache__", ".idea", ".vscode"),
    *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache"),
}


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def files() -> Sequence[Path]:
    """Every file somebody of this house wrote, by its place in the repository."""
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        found.extend(Path(folder, name).relative_to(ROOT) for name in sorted(names))
    return [file for file in found if not file.parent.name.endswith(".egg-info") and file.suffix != ".pyc"]


@pytest.fixture(scope="session")
def texts(files: Sequence[Path]) -> dict[Path, str]:
    """What stands in each of them, where it is text."""
    read: dict[Path, str] = {}
    for file in files:
        try:
            read[file] = (ROOT / file).read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return read
