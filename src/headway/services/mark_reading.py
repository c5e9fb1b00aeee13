"""What somebody typed into a mark sheet, read: a grade, a code, a note; or what is wrong with it and what is right."""

import unicodedata
from dataclasses import dataclass

from headway.domain.cuts import listed
from headway.domain.scales import Grade, MarkCode, NotOnScale, Scale
from headway.services.attainment import Places
from headway.services.mark_cells import Cell, Refused

__all__ = ["LONGEST_NOTE", "Asked", "read_cell"]

LONGEST_NOTE = 500
_LONGEST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A cell that could be read: which it is, by the keys of its pupil and subject, and what it is to hold."""

    cell: Cell
    key: tuple[int, int]
    kind: str
    scale: Scale
    mark: Grade | MarkCode | None
    note: str | None

    @property
    def code(self) -> str:
        """The mark as it is kept; empty where there is to be none."""
        return self.mark.code if self.mark else ""


def read_cell(cell: Cell, key: tuple[int, int], places: Places, *, undivided: bool) -> Asked | Refused:
    """A cell as it was typed. ``undivided``: whether the school allows bare whole grades."""
    stage, scale = places.stage(key), places.scale(key)
    if stage is None or scale is None:
        return Refused(cell, "This subject is not taught in the pupil's key stage. Right would be another subject.")
    try:
        mark = _mark(cell.mark, scale, undivided=undivided)
        note = None if cell.note is None else _note(cell.note)
        if note and mark is None:
            raise _RefusedError("A note needs a mark to stand beside", f"a grade, or a code such as {_a_code(scale)}")
    except _RefusedError as error:
        return Refused(cell, str(error))
    return Asked(cell, key, stage.judgement, scale, mark, note)


class _RefusedError(ValueError):
    def __init__(self, wrong: str, right: str) -> None:
        super().__init__(f"{wrong}. Right would be {right}.")


def _mark(typed: str, scale: Scale, *, undivided: bool) -> Grade | MarkCode | None:
    if not typed.strip():
        return None
    try:
        mark = scale.parse_mark(typed)
    except NotOnScale:
        raise _RefusedError(f"“{_shown(typed)}” is not a grade of {scale.name}", _right(typed, scale)) from None
    if isinstance(mark, Grade) and mark.bare and mark.code in scale.wholes and not undivided:
        wrong = f"“{_shown(typed)}” is a whole grade, and this school divides its grades"
        raise _RefusedError(wrong, _right(mark.code, scale))
    return mark


def _note(typed: str) -> str:
    """A note as it is kept: one line of text."""
    note = " ".join(typed.split())
    if len(note) > LONGEST_NOTE:
        raise _RefusedError(f"The note is {len(note)} characters long", f"at most {LONGEST_NOTE}")
    if any(unicodedata.category(each) in ("Cc", "Cs") for each in note):
        raise _RefusedError("The note holds a character that cannot be shown", "letters, figures and signs")
    return note


def _right(typed: str, scale: Scale) -> str:
    """The parts of the whole grade a text begins or ends with, where it does; else everything the scale has."""
    said = typed.strip().casefold()
    begun = [whole for whole in scale.wholes if said.startswith(whole.casefold())]
    ended = [whole for whole in scale.wholes if said.endswith(whole.casefold())]
    near = max(begun or ended, key=len, default=None)
    parts = [grade.code for grade in scale.grades if grade.whole == near]
    if parts:
        return listed(parts, last="or")
    codes = listed([f"{code.code} ({code.words})" for code in scale.mark_codes], last="or")
    return f"a grade from {scale.grades[0].code} to {scale.grades[-1].code}, or {codes}"


def _a_code(scale: Scale) -> str:
    """The code that says nothing could be judged, as an example."""
    code = next((code for code in scale.mark_codes if code.code == "NE"), scale.mark_codes[0])
    return f"{code.code} ({code.words})"


def _shown(typed: str) -> str:
    text = " ".join("".join(each if each.isprintable() else " " for each in typed).split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
