"""What the walk, the crawl and the rest went through, said at the end of a test run: from every worker's reports."""

from collections import defaultdict
from typing import Any

import pytest

from tests.access.facts import ACTORS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Adds up what the tests of access noted of themselves."""
    noted: defaultdict[str, list[Any]] = defaultdict(list)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                for name, value in report.user_properties:
                    noted[name].append(value)
    lines = [words(noted[name]) for name, words in _WORDS.items() if noted[name]]
    if lines:
        terminalreporter.section("who sees what")
        for line in lines:
            terminalreporter.write_line(line)


def _walked(rows: list[Any]) -> str:
    pairs, requests = sum(row[2] for row in rows), sum(row[1] for row in rows)
    return f"walked: {len(rows)} addresses × {len(ACTORS)} people × relations = {pairs:,} pairs, {requests:,} requests"


def _crawled(rows: list[Any]) -> str:
    pages, found = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return f"crawled: {pages:,} pages as {len(rows)} people; {found:,} marked strings met, each theirs to meet"


def _blindly(rows: list[Any]) -> str:
    asked = sum(row[2] for row in rows)
    return f"asked blindly: {asked:,} questions and pages by {len(rows)} people, in two worlds each: the same answers"


def _mutants(rows: list[Any]) -> str:
    tried, survived = sum(row[2] for row in rows), sum(row[3] for row in rows)
    every, equivalent = rows[0][:2]
    return f"mutants of access: {every}, {equivalent} make no difference; {tried} tried, {survived} survived"


_WORDS = {"walked": _walked, "crawled": _crawled, "asked blindly": _blindly, "mutants": _mutants}
