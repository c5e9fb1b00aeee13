"""Imports point down, and the core stands without Django."""

import subprocess
import sys
from pathlib import Path

import pytest

IMPORT_ALL_WITHOUT = """
import importlib, pkgutil, sys

package_name, *forbidden = sys.argv[1:]

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in forbidden:
            raise ImportError(f"{name} was imported")

sys.meta_path.insert(0, Refuse())
package = importlib.import_module(package_name)
names = [package_name, *(each.name for each in pkgutil.walk_packages(package.__path__, package_name + "."))]
for name in names:
    importlib.import_module(name)
print(len(names))
"""
STORES_AND_FILES = ("django", "sqlite3", "pysqlite3", "psycopg", "yaml", "python_calamine", "xlsxwriter")


def _import_all(package: str, *, without: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", IMPORT_ALL_WITHOUT, package, *without]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_keeps_every_import_contract(root: Path) -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")

    linted = subprocess.run([lint_imports, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout


@pytest.mark.parametrize(
    ("package", "without"),
    [("headway.domain", (*STORES_AND_FILES, "polars")), ("headway.analysis", STORES_AND_FILES)],
)
def test_it_imports_the_core_without_django(package: str, without: tuple[str, ...]) -> None:
    imported = _import_all(package, without=without)

    assert imported.returncode == 0, imported.stderr
    assert int(imported.stdout) > 1


def test_it_would_notice_a_forbidden_import() -> None:
    imported = _import_all("headway.analysis", without=("polars",))

    assert "polars was imported" in imported.stderr
