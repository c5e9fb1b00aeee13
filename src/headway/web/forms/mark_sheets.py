"""Cells of a mark sheet as they are sent: by the page's script as JSON, or by the page's form without it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict

from headway.services.assessments import Cell

__all__ = ["MOST_CELLS", "SentCells", "UnreadableError", "cells_of_form", "cells_of_json"]

MOST_CELLS = 2_000
_LONGEST_MARK, _LONGEST_NOTE, _LONGEST_NAME = 200, 5_000, 100


class UnreadableError(ValueError):
    """What was sent is no batch of cells; the message is a sentence that says what would be right."""


@dataclass(frozen=True, slots=True)
class SentCells:
    """A batch of cells under the name of its request; ``check``: only to say what would happen."""

    request: UUID
    cells: Sequence[Cell]
    check: bool = False


def cells_of_json(body: bytes) -> SentCells:
    """The batch a script sent."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableError("This is not JSON. Right would be a request with its cells.") from None
    if not isinstance(sent, dict) or not isinstance(sent.get("cells"), list) or not sent["cells"]:
        raise UnreadableError("There are no cells in it. Right would be “cells”, a list of them.")
    if len(sent["cells"]) > MOST_CELLS:
        raise UnreadableError(f"There are {len(sent['cells']):,} cells in it. Right would be at most {MOST_CELLS:,}.")
    if not isinstance(sent.get("check", False), bool):
        raise UnreadableError("“check” is neither true nor false. Right would be one of them.")
    request = _uuid(sent.get("request"), "request")
    return SentCells(request, [_cell(each) for each in sent["cells"]], sent.get("check", False))


def cells_of_form(post: QueryDict) -> SentCells:
    """The batch the page's form sent: every cell of the sheet, touched or not."""
    cells = []
    for name in post:
        what, _, rest = name.partition(".")
        pupil, _, subject = rest.partition(".")
        if what != "mark":
            continue
        cell = {"pupil": pupil, "subject": subject, "mark": post[name], "version": post.get(f"version.{rest}", "")}
        note = {"note": post[f"note.{rest}"]} if f"note.{rest}" in post else {}
        cells.append(_cell({**cell, **note}))
    request = post.get("request", "")
    return SentCells(_uuid(request, "request") if request else uuid4(), cells)


def _cell(sent: object) -> Cell:
    if not isinstance(sent, dict):
        raise UnreadableError("A cell is no object. Right would be a pupil, a subject, a mark and a version.")
    note = sent.get("note")
    return Cell(
        pupil=_uuid(sent.get("pupil"), "pupil"),
        subject=_text(sent, "subject", _LONGEST_NAME),
        mark=_text(sent, "mark", _LONGEST_MARK),
        version=_text(sent, "version", _LONGEST_NAME),
        note=None if note is None else _text(sent, "note", _LONGEST_NOTE),
    )


def _text(sent: Mapping[str, Any], name: str, longest: int) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise UnreadableError(
            f"The {name} of a cell is not right. Right would be a text of at most {longest} characters."
        )
    return value


def _uuid(value: object, name: str) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise UnreadableError(f"The {name} has no id that could be read. Right would be a UUID.") from None
