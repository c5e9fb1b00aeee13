"""What is said of targets: how they came to be, and what was saved."""

from datetime import date
from uuid import uuid4

import pytest
from tests.school import NOW

from headway.domain.flags import Flag
from headway.services.target_history import TargetChange
from headway.services.targets import Checked, Outcome, SheetTarget, TargetCell
from headway.web.presenters.target_words import (
    changed_words,
    history_words,
    said_of_check,
    said_of_outcome,
    saved_words,
)

CELL = TargetCell(uuid4(), "KS2", "4b")


def change(before: str, after: str, *, by: str = "Tess Teacher") -> TargetChange:
    return TargetChange("reading", "KS2", before, after, NOW, by, "targets", "", "", "", None, 1)


def target(grade: str = "4b", **said: object) -> SheetTarget:
    given: dict[str, object] = {
        "agreed_on": date(2026, 10, 12), "agreed_by": "Tess Teacher", "reason": "", "changes": (), "flags": (),
    }  # fmt: skip
    return SheetTarget("KS2", grade, "1.1", **{**given, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (target(), "Agreed by Tess Teacher on 12 October 2026."),
        (target(agreed_by="", agreed_on=None), ""),
        (target(""), ""),
        (
            target(changes=(change("4c", "4b"), change("", "4c")), raised=True, reason="well ahead."),
            "Raised from 4c by Tess Teacher on 12 October 2026: well ahead.",
        ),
        (
            target(changes=(change("4c", "4b", by="Flo Manager"), change("", "4c")), raised=True),
            "Raised from 4c by Tess Teacher on 12 October 2026. Entered by Flo Manager.",
        ),
        (
            target(changes=(change("5c", "4b"), change("", "5c")), raised=False, agreed_by="", agreed_on=None),
            "Lowered from 5c by Tess Teacher on 23 November 2026.",
        ),
        (target(changes=(change("4", "4b"), change("", "4"))), "Changed from 4 by Tess Teacher on 12 October 2026."),
        (target(parts=(("reading", "4b"), ("writing", "4c"))), "From reading 4b and writing 4c."),
    ],
)
def test_it_tells_how_a_target_came_to_be(shown: SheetTarget, words: str) -> None:
    assert history_words(shown) == words


@pytest.mark.parametrize(("n", "words"), [(0, ""), (1, "Changed once"), (3, "Changed 3 times")])
def test_it_says_how_often_one_was_changed(n: int, words: str) -> None:
    assert changed_words(n) == words


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ((), ""),
        (("4c",), "1 target changed, its progress targets redrawn."),
        (("", ""), "2 targets set, their progress targets redrawn."),
        (("4c", ""), "2 targets changed, their progress targets redrawn."),
    ],
)
def test_it_says_what_was_saved(before: tuple[str, ...], words: str) -> None:
    outcomes = [Outcome(CELL, "saved", "4b", "1.2", each) for each in before]
    assert saved_words([*outcomes, Outcome(CELL, "same", "4b", "1.2")]) == words


def test_it_says_all_of_it_aloud() -> None:
    flag = Flag("T2", "The target 4b is the same as 4b, which has already been attained.")
    said = said_of_check(Checked(CELL, grade="4b", words="level 4 secure", flags=(flag,)))
    assert said.aloud == f"4b, level 4 secure. {flag.sentence}"


def test_it_says_when_a_target_is_gone() -> None:
    said = said_of_outcome(Outcome(CELL, "clash", "", ""))
    assert said.wrong == "This target is gone since you opened the page. To set 4b all the same, save again."
