"""The tables of what is promised and of what is tried: each row that applies has evidence that is there."""

import ast
import csv
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import pytest
from tests.repository.conftest import ROOT

ASVS, ATTACKS = "docs/asvs.csv", "docs/attacks.csv"
NAMED = (
    *("1.2.10", "6.3.8", "8.3.2", "14.2.7", "16.3.2", "8.2.1", "8.2.2", "8.2.3", "8.3.1", "8.4.1", "1.5.1", "5.2.1"),
    *("5.2.2", "5.2.3", "2.3.3", "2.4.1", "3.4.1", "3.4.3", "3.4.4", "3.4.5", "3.4.6", "6.3.1", "6.3.3", "7.2.4"),
    *("7.4.2", "11.4.2", "14.3.2", "15.3.1", "15.3.3", "16.2.1", "16.3.1", "16.4.1", "16.5.1"),
)
CASES = [f"A{number}" for number in range(1, 17)]


def rows(file: str) -> Sequence[Mapping[str, str]]:
    with (ROOT / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened, strict=True))


def evidence(row: Mapping[str, str]) -> Sequence[str]:
    return [each for each in row["evidence"].split("; ") if each]


@lru_cache
def named_in(file: Path) -> frozenset[str]:
    """The tests of a file, as pytest names them."""
    found = []
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found += [f"{node.name}::{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)]
        elif isinstance(node, ast.FunctionDef):
            found.append(node.name)
    return frozenset(each for each in found if each.rpartition("::")[2].startswith("test_"))


def missing(said: str) -> bool:
    """Whether what is said to be evidence is not there."""
    path, _, name = said.partition("::")
    file = ROOT / path
    return not file.exists() or bool(name and name not in named_in(file))


@pytest.mark.parametrize(("file", "key"), [(ASVS, "id"), (ATTACKS, "case")])
def test_each_row_that_applies_has_evidence_that_is_there(file: str, key: str) -> None:
    applying = [row for row in rows(file) if row.get("applicable", row.get("applies")) == "yes"]

    assert [row[key] for row in applying if not evidence(row)] == []
    assert [(row[key], each) for row in applying for each in evidence(row) if missing(each)] == []


@pytest.mark.parametrize(("file", "key"), [(ASVS, "id"), (ATTACKS, "case")])
def test_each_row_stands_once_and_says_whether_it_applies_and_why_not(file: str, key: str) -> None:
    found = rows(file)

    assert len({row[key] for row in found}) == len(found)
    for row in found:
        applies = row.get("applicable", row.get("applies"))
        assert applies in ("yes", "no", "later"), row
        assert applies == "yes" or row["note"], row
        assert row.get("level", "1") in ("1", "2", "3"), row


def test_the_rows_that_matter_most_are_there() -> None:
    assert set(NAMED) - {row["id"] for row in rows(ASVS)} == set()
    assert all(re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{1,2}", row["id"]) for row in rows(ASVS))


def test_each_attack_has_a_test_of_its_name() -> None:
    assert [row["case"] for row in rows(ATTACKS)] == CASES
    for row in rows(ATTACKS):
        if row["applies"] == "yes":
            assert any(re.search(rf"::test_{row['case']}_", each) for each in evidence(row)), row["case"]


def test_it_would_notice_evidence_that_is_gone() -> None:
    assert missing("tests/nowhere.py")
    assert missing("tests/repository/test_asvs.py::test_that_is_not_there")
    assert not missing("tests/repository/test_asvs.py::test_it_would_notice_evidence_that_is_gone")
