"""What the target sheet sends: the targets that were typed over, each with what it was read as; or asks to try."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.http import QueryDict

from headway.services.targets import TargetCell

__all__ = ["MalformedError", "Sent", "cells_to_try", "sent"]

_MOST = 1000
_LONGEST = {"agreed_by": 200, "why": 2000, "grade": 40}


class MalformedError(ValueError):
    """Something no page of ours sends."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: the targets typed over, and what goes with all of them. ``problem``: what is wrong."""

    cells: Sequence[TargetCell]
    request_id: UUID
    agreed_by: str
    agreed_on: str
    why: str
    problem: str


def sent(form: QueryDict, *, today: date) -> Sent:
    """The targets that were typed over: those that are no longer what the page showed."""
    agreed_by, why = _line(form.get("agreed_by", ""))[: _LONGEST["agreed_by"]], _line(form.get("why", ""))
    on, problem = _day(form.get("agreed_on", ""), today=today)
    cells = []
    for name in list(form)[: 10 * _MOST]:
        what, _, key = name.partition(":")
        typed = form.get(name, "")
        version, _, was = form.get(f"read:{key}", "").partition(" ")
        if what == "grade" and typed.strip() != was.strip():
            pupil, point = _place(key)
            cells.append(
                TargetCell(
                    pupil,
                    point,
                    typed[: _LONGEST["grade"]],
                    version=version,
                    reason=(_line(form.get(f"reason:{key}", "")) or why)[: _LONGEST["why"]],
                    agreed_by=agreed_by,
                    agreed_on=on,
                    anyway=bool(typed.strip()) and form.get(f"seen:{key}", "").strip() == typed.strip(),
                )
            )
    return Sent(cells, _request_id(form.get("request", "")), agreed_by, form.get("agreed_on", ""), why, problem)


def cells_to_try(body: bytes) -> Sequence[TargetCell]:
    """The cells a script asks about: ``{"cells": [{"pupil", "point", "grade"}]}``."""
    try:
        cells = json.loads(body)["cells"]
        if not isinstance(cells, list) or len(cells) > _MOST:
            raise MalformedError("cells")
        found = {}
        for each in cells:
            pupil, point, grade = UUID(each["pupil"]), each["point"], each["grade"]
            if not isinstance(point, str) or not isinstance(grade, str):
                raise MalformedError("cell")
            found[pupil, point] = TargetCell(pupil, point, grade[: _LONGEST["grade"]])
        return list(found.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise MalformedError(str(error)) from error


def _line(text: str) -> str:
    """One line of what can be shown: all that a person can type into these fields."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _day(text: str, *, today: date) -> tuple[date | None, str]:
    """The day targets were agreed on; blank is today."""
    if not text.strip():
        return None, ""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None, f"“{text}” is not a day. Right would be one such as {today.isoformat()}."
    if day > today:
        return None, f"“{text}” is still to come. Right would be today or a day before it."
    return day, ""


def _place(key: str) -> tuple[UUID, str]:
    pupil, _, point = key.partition(":")
    try:
        return UUID(pupil), point
    except ValueError:
        raise MalformedError(key) from None


def _request_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
