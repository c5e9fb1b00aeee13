"""The staffroom's words: one entry each, and one for every kind of record."""

import re
from pathlib import Path

from django.apps import apps

ENTRY = re.compile(r"\*\*(?P<term>[a-z][a-z ]*)\*\*(?: \((?P<names>`\w+`(?:, `\w+`)*)\))? — \S.*\.", re.S)


def _paragraphs(root: Path) -> list[str]:
    """What stands below the title and the line that opens the page."""
    text = (root / "docs" / "glossary.md").read_text("utf-8")
    return [paragraph.strip() for paragraph in text.split("\n\n")[2:] if paragraph.strip()]


def _entries(root: Path) -> list[re.Match[str]]:
    return [match for match in map(ENTRY.fullmatch, _paragraphs(root)) if match]


def test_it_opens_every_entry_with_its_term_in_bold(root: Path) -> None:
    assert [paragraph for paragraph in _paragraphs(root) if not ENTRY.fullmatch(paragraph)] == []


def test_it_lists_terms_once_and_in_order(root: Path) -> None:
    terms = [entry["term"] for entry in _entries(root)]

    assert terms == sorted(set(terms))


def test_it_explains_every_kind_of_record(root: Path) -> None:
    terms = {entry["term"] for entry in _entries(root)}
    names = set(re.findall(r"`(\w+)`", " ".join(entry["names"] or "" for entry in _entries(root))))

    models = [model.__name__ for model in apps.get_app_config("records").get_models()]
    unknown = [model for model in models if model not in names and _in_words(model) not in terms]

    assert models
    assert unknown == []


def test_it_names_no_record_that_is_gone(root: Path) -> None:
    named = set(re.findall(r"`(\w+)`", " ".join(entry["names"] or "" for entry in _entries(root))))

    assert named <= {model.__name__ for model in apps.get_app_config("records").get_models()}


def _in_words(model: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", model).lower()
