"""The page of the audit: entries as sentences, under their days; the alerts; the state of the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from urllib.parse import urlencode
from uuid import UUID

from django.utils import timezone

from headway.formats.sheets_out import Value
from headway.services.audit import Alert, ChainState, Entries, Entry, Wanted
from headway.web.presenters.audit_words import (
    act_words,
    alert_words,
    listed,
    look_verb,
    place_words,
    records_words,
)
from headway.web.presenters.days import day_words

__all__ = [
    "AlertLine",
    "AuditPage",
    "EntryLine",
    "alert_lines",
    "audit_page",
    "audit_rows",
    "chain_words",
    "entry_words",
]

_MOST_AT_ONE = 6


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry: when, who, what; the pupils as a number that opens, or by name where it is one or opened."""

    sequence: int
    at: datetime
    who: str
    what: str
    more: str
    file: str
    pupils_words: str
    one: tuple[UUID, str] | None
    names: Sequence[tuple[UUID, str]]
    n_hidden: int
    opened: bool
    opens: str
    transfer: UUID | None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """Something to look at: a sentence, with the entries it stands for."""

    words: str
    when: str
    sequences: Sequence[int]


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries by day, and the addresses to go on to."""

    days: Sequence[tuple[str, Sequence[EntryLine]]]
    pupil: tuple[UUID, str] | None
    headline: str
    narrowed: bool
    earlier: str
    latest: str
    file: str
    without_pupil: str


def audit_page(found: Entries, wanted: Wanted, *, path: str, file: str, today: date) -> AuditPage:
    """What the page says of some entries."""
    asked = _asked(wanted)
    lines = [_line(entry, path=path, asked=asked, before=wanted.before) for entry in found.rows]
    days = [
        (_day_heading(day, today), list(each)) for day, each in groupby(lines, key=lambda line: _local(line.at).date())
    ]
    last = found.rows[-1].sequence if found.rows else 0
    pupil = (found.pupil.uid, found.pupil.name) if found.pupil else None
    return AuditPage(
        days=days,
        pupil=pupil,
        headline=_headline(found, wanted),
        narrowed=bool(asked),
        earlier=_address(path, {**asked, "before": str(last)}) if found.more else "",
        latest=_address(path, asked) if wanted.before else "",
        file=_address(file, asked),
        without_pupil=_address(path, {name: value for name, value in asked.items() if name != "pupil"}),
    )


def alert_lines(alerts: Sequence[Alert], *, today: date) -> Sequence[AlertLine]:
    """Alerts in words; new devices, of which there may be many at once, in one line for all."""
    devices = [each for each in alerts if each.what == "new device"]
    lines = [
        AlertLine(f"{each.name} {alert_words(each.what, each.n)}", _when(each.at, today), [each.sequence])
        for each in alerts
        if each.what != "new device"
    ]
    if devices:
        names = list(dict.fromkeys(each.name for each in devices))
        shown = names if len(names) <= _MOST_AT_ONE else [*names[:_MOST_AT_ONE], f"{len(names) - _MOST_AT_ONE} others"]
        words = f"{listed(shown)} {alert_words('new device', 1)}"
        lines.append(AlertLine(words, _when(devices[0].at, today), [each.sequence for each in devices]))
    return lines


def chain_words(state: ChainState, *, today: date) -> str:
    """How the chain was found, in a sentence."""
    if state.at is None:
        return "It has not been walked yet."
    when = _when(state.at, today)
    if state.broken:
        return (
            f"The chain is broken at entry {state.broken.sequence:,}: {state.broken.wrong}. Found {when}. Keep this "
            "installation as it is, and compare it with a backup."
        )
    how = "all of it was walked" if state.whole else "what came since was walked"
    return f"The chain of {state.n_entries:,} entries is whole: {how} {when}."


def entry_words(entry: Entry) -> str:
    """What somebody did, in a sentence without its subject."""
    if entry.kind == "looked":
        return f"{look_verb(entry.action)} {place_words(entry.place, entry.about)}"
    if entry.kind == "exported":
        what = entry.about.get("kind", "") or place_words(entry.place, entry.about)
        return f"took out {what.replace('_', ' ')}"
    if entry.kind == "refused":
        where = place_words(entry.place, entry.about)
        return f"was refused {where if where != 'a page' else f'a page ({entry.place})'}"
    return act_words(entry.action)


def audit_rows(entries: Sequence[Entry]) -> tuple[Sequence[str], Sequence[Sequence[Value]]]:
    """Entries as a file: its headers and rows."""
    headers = ("entry", "at", "who", "account", "kind", "what", "pupils", "pupil", "records", "why", "digest")
    return headers, [
        (
            entry.sequence,
            _local(entry.at).isoformat(sep=" ", timespec="seconds"),
            entry.name,
            entry.account,
            entry.kind,
            entry_words(entry),
            entry.n_pupils or None,
            entry.pupils[0].name if len(entry.pupils) == 1 and entry.n_pupils == 1 else "",
            records_words(entry.records),
            entry.why,
            entry.digest,
        )
        for entry in entries
    ]


def _line(entry: Entry, *, path: str, asked: Mapping[str, str], before: int | None) -> EntryLine:
    names = [(pupil.uid, pupil.name) for pupil in entry.pupils]
    page = {**asked, "before": str(before)} if before else dict(asked)
    opens = _address(path, {**page, "open": str(entry.sequence)}) + f"#entry-{entry.sequence}"
    more = [records_words(entry.records) if sum(entry.records.values()) > 1 else "", entry.why]
    return EntryLine(
        sequence=entry.sequence,
        at=_local(entry.at),
        who=entry.name,
        what=entry_words(entry),
        more="; ".join(each for each in more if each),
        file=entry.file,
        pupils_words="1 pupil" if entry.n_pupils == 1 else f"{entry.n_pupils:,} pupils" if entry.n_pupils else "",
        one=names[0] if entry.n_pupils == 1 and names else None,
        names=names if entry.opened else (),
        n_hidden=entry.n_pupils - len(names) if entry.opened else 0,
        opened=entry.opened,
        opens=opens,
        transfer=entry.transfer,
    )


def _asked(wanted: Wanted) -> dict[str, str]:
    said = {
        "pupil": wanted.pupil,
        "person": wanted.person,
        "kind": wanted.kind,
        "from_day": wanted.first,
        "to_day": wanted.last,
    }
    return {name: str(value) for name, value in said.items() if value}


def _address(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path


def _headline(found: Entries, wanted: Wanted) -> str:
    whom = f" {found.person}" if found.person else ""
    if found.pupil and wanted.kind == "looked":
        return f"Who has looked at {found.pupil.name}"
    if found.pupil:
        return f"What happened about {found.pupil.name}"
    return f"What{whom} did" if whom else "What happened"


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


def _day_heading(day: date, today: date) -> str:
    return "Today" if day == today else f"{day:%A}, {day_words(day)}"


def _when(at: datetime, today: date) -> str:
    day = _local(at).date()
    return f"{'today' if day == today else 'on ' + day_words(day)} at {_local(at):%H:%M}"
