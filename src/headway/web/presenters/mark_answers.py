"""What the script of a mark sheet is answered: each cell's outcome, or every cell as it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from headway.domain.status import Comparison
from headway.services.assessments import Clash, Fine, Outcome, Refused, Saved
from headway.services.mark_sheets import Sheet
from headway.web.presenters.figures import gap_words
from headway.web.presenters.news import when_words
from headway.web.presenters.status import STATUS_WORDS

__all__ = ["outcomes_answer", "sheet_answer"]


def outcomes_answer(
    outcomes: Sequence[Outcome | Fine], *, missing: Mapping[str, int], now: datetime
) -> Mapping[str, object]:
    """What became of each cell sent, in their order; and how many marks are missing now."""
    return {"cells": [_outcome(each, now=now) for each in outcomes], "missing": missing}


def sheet_answer(sheet: Sheet) -> Mapping[str, object]:
    """Every cell of a sheet as it stands, under the digest to ask with next."""
    return {
        "have": sheet.digest,
        "cells": [
            {
                "pupil": str(pupil.uid),
                "subject": subject,
                "mark": cell.mark,
                "version": cell.version,
                "note": cell.note,
                "by": cell.by,
                "status": _status(cell.now),
            }
            for pupil in sheet.pupils
            for subject, cell in pupil.cells.items()
        ],
        "missing": {subject.code: subject.n_missing for subject in sheet.subjects},
    }


def _outcome(outcome: Outcome | Fine, *, now: datetime) -> Mapping[str, object]:
    cell = {"pupil": str(outcome.cell.pupil), "subject": outcome.cell.subject}
    if isinstance(outcome, Refused):
        return {**cell, "outcome": "refused", "sentence": outcome.sentence}
    stands = {"mark": outcome.mark, "version": outcome.version, "note": outcome.note}
    if isinstance(outcome, Clash):
        at = when_words(outcome.at, now=now) if outcome.at else ""
        return {**cell, "outcome": "clash", **stands, "by": outcome.by, "at": at}
    word = "saved" if isinstance(outcome, Saved) else "fine"
    return {**cell, "outcome": word, **stands, "status": _status(outcome.compared)}


def _status(compared: Comparison) -> Mapping[str, str]:
    word = STATUS_WORDS[compared.status]
    return {"code": compared.status, "word": word, "gap": gap_words(compared.gap)}
