"""Who a pupil is and what belongs to them beside attainment: classes, groups, characteristics, targets, notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from headway.domain.cuts import year_group_words
from headway.domain.pupils import CHARACTERISTICS
from headway.domain.questions import term_words
from headway.services.pupil_pages import PupilPage
from headway.services.pupil_particulars import ClassTaught, GroupSpell, HeldCharacteristic, Spell
from headway.services.target_history import TargetChange
from headway.web.presenters.days import day_words, short_day

__all__ = [
    "ChangeRow",
    "CharacteristicRow",
    "ClassRow",
    "GroupRow",
    "NoteRow",
    "change_rows",
    "characteristic_rows",
    "class_rows",
    "group_rows",
    "note_rows",
    "place_words",
]


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class, its subjects and teachers; its sheet this term, where it is one of this year."""

    code: str
    subjects: str
    teachers: str
    address: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A time in a group."""

    uid: UUID
    code: str
    dates: str


@dataclass(frozen=True, slots=True)
class CharacteristicRow:
    """One characteristic: what holds now, since when, and everything else that was recorded, newest first."""

    words: str
    now: str
    dates: str
    others: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a target."""

    subject: str
    point: str
    what: str
    on: str
    by: str
    how: str
    agreed: str
    why: str


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What a teacher wrote beside a judgement."""

    when: str
    subject: str
    mark: str
    text: str
    by: str


def place_words(page: PupilPage) -> str:
    """Where the pupil is, or was, and since when."""
    here = [year_group_words(page.year_group)] if page.year_group is not None else []
    here += [page.reg_group] if page.reg_group else []
    spell = page.spell
    where = ", ".join(here)
    if spell is None:
        return where
    if spell.starts > page.today:
        return f"Joins on {day_words(spell.starts)}, {where}".rstrip(", ")
    if page.on_roll:
        return f"{where}, on roll since {_since(spell)}".lstrip(", ")
    assert spell.ends is not None
    return f"Left on {day_words(spell.ends)}, from {where}" if where else f"Left on {day_words(spell.ends)}"


def class_rows(page: PupilPage) -> Sequence[ClassRow]:
    """The classes, a row a class with the same teachers."""
    found: dict[tuple[str, tuple[str, ...]], list[ClassTaught]] = {}
    for each in page.classes:
        found.setdefault((each.code, each.teachers), []).append(each)
    this_year = page.classes_year == page.this_term.year
    return [
        ClassRow(
            code=code,
            subjects=", ".join(each.name for each in classes),
            teachers=" and ".join(teachers) or "nobody is put down as the teacher",
            address=reverse("marks", args=[code, page.this_term.code]) if this_year else "",
        )
        for (code, teachers), classes in found.items()
    ]


def group_rows(page: PupilPage) -> Sequence[GroupRow]:
    """The groups, those the pupil is in now first."""
    return [
        GroupRow(each.uid, each.code, _dates(each.starts, each.ends))
        for each in sorted(page.groups, key=lambda each: not _holds(each, page.today))
    ]


def characteristic_rows(page: PupilPage) -> Sequence[CharacteristicRow] | None:
    """What is recorded of each characteristic; None where the viewer may not see it."""
    if page.characteristics is None:
        return None
    by_kind: dict[str, list[HeldCharacteristic]] = {}
    for each in page.characteristics:
        by_kind.setdefault(each.kind, []).append(each)
    return [_characteristic(kind, held, page.today) for kind, held in by_kind.items()]


def change_rows(page: PupilPage, *, subject_names: Mapping[str, str]) -> Sequence[ChangeRow]:
    """Every change of every target, subject by subject in their order, newest first."""
    order = {code: place for place, code in enumerate(subject_names)}
    changes = sorted(page.target_changes, key=lambda each: order.get(each.subject, len(order)))
    return [_change(each, page, subject_names) for each in changes]


def note_rows(page: PupilPage) -> Sequence[NoteRow]:
    """The notes, newest first."""
    return [
        NoteRow(
            when=term_words(each.term.code).capitalize(),
            subject=each.name,
            mark=each.mark,
            text=each.text,
            by=", ".join(part for part in (each.by, short_day(each.on) if each.on else "") if part),
        )
        for each in page.notes
    ]


def _characteristic(kind: str, held: Sequence[HeldCharacteristic], today: date) -> CharacteristicRow:
    now = next((each for each in held if each.starts <= today and (each.ends is None or each.ends >= today)), None)
    others = [f"{_value(each)} {_dates(each.starts, each.ends)}" for each in reversed(held) if each is not now]
    words = CHARACTERISTICS[kind].words
    return CharacteristicRow(
        words=words[:1].upper() + words[1:],
        now=_value(now) if now else "not recorded",
        dates=_dates(now.starts, now.ends) if now else "",
        others=others,
    )


def _value(held: HeldCharacteristic) -> str:
    return CHARACTERISTICS[held.kind].codes.get(held.value, held.value)


def _change(change: TargetChange, page: PupilPage, names: Mapping[str, str]) -> ChangeRow:
    agreed = [change.agreed_by] if change.agreed_by else []
    agreed += [short_day(change.agreed_on)] if change.agreed_on else []
    return ChangeRow(
        subject=names.get(change.subject, change.subject),
        point=_point(change.point, page),
        what=_what(change),
        on=short_day(change.at),
        by=change.by,
        how="by file" if change.how == "import" else "",
        agreed=", ".join(agreed),
        why="; ".join(dict.fromkeys(part for part in (change.reason, change.why) if part)),
    )


def _what(change: TargetChange) -> str:
    if not change.after:
        return f"{change.before} taken away"
    if not change.before:
        return f"set to {change.after}"
    if change.before == change.after:
        return f"{change.after} kept, details changed"
    return f"{change.before} → {change.after}"


def _point(point: str, page: PupilPage) -> str:
    stage = page.framework.key_stages.get(point)
    return stage.name if stage else f"Year {point.removeprefix('Y')}"


def _holds(each: GroupSpell, today: date) -> bool:
    return (each.starts is None or each.starts <= today) and (each.ends is None or each.ends >= today)


def _since(spell: Spell) -> str:
    return day_words(spell.starts) if spell.given else f"September {spell.starts.year}"


def _dates(starts: date | None, ends: date | None) -> str:
    if starts and ends:
        return f"from {short_day(starts)} to {short_day(ends)}"
    return f"from {short_day(starts)}" if starts else f"to {short_day(ends)}" if ends else ""
