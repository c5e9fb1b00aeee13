"""Whatever is written down as done has words a head understands."""

import ast
from collections.abc import Iterator
from pathlib import Path

import headway
from headway.web.presenters.audit_words import act_words

SERVICES = Path(headway.__file__).parent / "services"
SAYING = {"_act", "_change", "_note", "_write", "begin", "note", "note_change"}
"""The functions that are told what is done, by keyword or as one of their first arguments."""


def done_in(file: Path) -> Iterator[str]:
    """What a module writes down as done, wherever it says so in so many words."""
    for call in ast.walk(ast.parse(file.read_text("utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in SAYING:
            said = [*call.args[:2], *(each.value for each in call.keywords if each.arg in {"kind", "action"})]
            for each in (constant for part in said for constant in ast.walk(part)):
                if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value:
                    yield each.value


def test_it_has_words_for_everything_that_is_written_down_as_done() -> None:
    done = {each for file in SERVICES.rglob("*.py") for each in done_in(file)}

    assert len(done) > 30
    assert {each for each in done if act_words(each) == each} <= NOT_SHOWN


NOT_SHOWN = {"export"}
"""Told in words of their own, with what was taken out."""
