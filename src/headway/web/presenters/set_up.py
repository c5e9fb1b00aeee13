"""Setting up in words: what each step is for, which file it wants, and which step is next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from headway.services.set_up import FirstSheet, Step
from headway.web.presenters.file_kinds import FileKind, file_kinds

__all__ = ["SetUpPage", "framework_words", "set_up_page"]

State = Literal["done", "next", "optional", "later"]

_FRAMEWORK_WORDS: Mapping[str, str] = {
    "england-2008": "National Curriculum levels and GCSE A* to G (England 2008)",
    "england-2026": "Teacher assessment, scaled scores and GCSE 9 to 1 (England 2026)",
}

_STATE_WORDS: Mapping[State, str] = {"done": "Done", "next": "Next", "optional": "If you have them", "later": "Later"}

_WHY: Mapping[str, str] = {
    "pupils": "Everybody on roll. Your management information system exports this list as CSV or XLSX.",
    "classes": (
        "First the staff, then who is taught by whom: teachers see the pupils they teach, and each class has its mark "
        "sheet."
    ),
    "results": "What pupils attained at the end of the key stage before: the line to each target begins there.",
    "targets": (
        "The grade each pupil is hoped to reach. With them you see who is on track; without them marks can be entered "
        "all the same, and targets may follow."
    ),
    "sheet": "A teacher's page for the term: a row a pupil, a column a subject. Or bring the marks in as a file.",
}

_FILES: Mapping[str, Sequence[str]] = {
    "pupils": ("pupils",),
    "classes": ("staff", "classes"),
    "results": ("results",),
    "targets": ("targets",),
    "sheet": ("assessments",),
}

_COUNTED: Mapping[str, tuple[str, str]] = {
    "pupils": ("pupil", "pupils"),
    "classes": ("class", "classes"),
    "results": ("result", "results"),
    "targets": ("target", "targets"),
}


@dataclass(frozen=True, slots=True)
class StepCard:
    """One step as the page shows it."""

    name: str
    words: str
    state: State
    state_words: str
    count: str
    why: str
    files: Sequence[FileKind]


@dataclass(frozen=True, slots=True)
class SetUpPage:
    """The steps, which of them is next, and the sheet at the end of them."""

    steps: Sequence[StepCard]
    n_done: int
    n_needed: int
    next: StepCard | None
    sheet: FirstSheet | None


def framework_words(code: str) -> str:
    """What a framework that comes with Headway is, in the words of a staffroom."""
    return _FRAMEWORK_WORDS.get(code, code)


def set_up_page(steps: Sequence[Step], *, sheet: FirstSheet | None, school_words: str) -> SetUpPage:
    """The page of setting up."""
    following = next((step for step in steps if not step.done and not step.optional), None)
    kinds = {kind.name: kind for kind in file_kinds()}
    cards = [_card(step, following=following, kinds=kinds, school_words=school_words) for step in steps]
    needed = [step for step in steps if not step.optional]
    return SetUpPage(
        steps=cards,
        n_done=sum(step.done for step in needed),
        n_needed=len(needed),
        next=next((card for card in cards if following and card.name == following.name), None),
        sheet=sheet,
    )


def _card(step: Step, *, following: Step | None, kinds: Mapping[str, FileKind], school_words: str) -> StepCard:
    state = _state(step, following)
    one, many = _COUNTED.get(step.name, ("", ""))
    count = f"{step.count:,} {one if step.count == 1 else many}" if step.done and many else ""
    return StepCard(
        name=step.name,
        words=step.words,
        state=state,
        state_words=_STATE_WORDS[state],
        count=school_words if step.name == "school" else count,
        why=_WHY.get(step.name, ""),
        files=[kinds[kind] for kind in _FILES.get(step.name, ())],
    )


def _state(step: Step, following: Step | None) -> State:
    if step.done:
        return "done"
    if step.optional:
        return "optional"
    return "next" if following and step.name == following.name else "later"
