"""Whether the chain holds: walked from where it was last found sound, or whole, with the history it tells of."""

from dataclasses import dataclass
from datetime import datetime

from headway.records import audit_chain
from headway.records.audit_acts import broken_act
from headway.records.audit_chain import START, Broken, Head, Line, append
from headway.records.models import AuditEntry, School
from headway.services.access import Viewer, require
from headway.services.audit.acts import catch_up

__all__ = ["ChainState", "NoSuchHeadError", "chain_state", "kept_head", "verify"]

_DAYS = 1


class NoSuchHeadError(ValueError):
    """A head that was kept elsewhere is not one of this chain; the message says what that means."""


@dataclass(frozen=True, slots=True)
class ChainState:
    """The chain as it was last walked: its head then, where it breaks if it does, when and whether all of it was.

    ``at`` is None where it has never been walked.
    """

    n_entries: int
    digest: str
    broken: Broken | None
    at: datetime | None
    whole: bool


def kept_head(text: str) -> Head:
    """A head as it was printed, ``4711:9f86d0…``; NoSuchHeadError where it is none."""
    sequence, _, digest = text.strip().partition(":")
    if not (sequence.isascii() and sequence.isdigit() and len(sequence) < 19 and digest):
        raise NoSuchHeadError(
            f"'{text}' is not a head of the chain. Right would be what headway audit --verify printed."
        )
    return Head(int(sequence), digest)


def verify(*, now: datetime, whole: bool = True, by: str = "Headway", kept: Head | None = None) -> ChainState:
    """Brings the chain up to date and walks it; what was found is an entry itself.

    ``whole`` walks all of it, and reads every change it tells of anew from the history; else only what came since it
    was last found sound. ``kept`` is a head that was noted down earlier: raises NoSuchHeadError where the chain does
    not hold it any more, which is what a chain written anew looks like.
    """
    catch_up(most_rows=None if whole else 20_000)
    if kept is not None:
        found = AuditEntry.objects.filter(sequence=kept.sequence).values_list("digest", flat=True).first()
        if found != kept.digest:
            raise NoSuchHeadError(
                f"Entry {kept.sequence} is not the one whose digest was kept: the chain was written anew, or cut, "
                "after it was noted down. Right would be to compare with a backup of that day."
            )
    last = START if whole else _last_sound()
    head, broken = audit_chain.broken(after=last)
    if whole:
        found_wrong = [each for each in (broken, audit_chain.broken_set(), broken_act()) if each]
        broken = min(found_wrong, key=lambda each: each.sequence, default=None)
    detail = {"entries": head.sequence, "head": head.digest, "whole": whole}
    if broken:
        detail |= {"broken": broken.sequence, "wrong": broken.wrong}
    if whole or broken or head.sequence > last.sequence:
        append([Line(now, "verified", "verify", by, name=by, detail=detail)])
    return ChainState(head.sequence, head.digest, broken, now, whole)


def chain_state(viewer: Viewer, *, school: School, now: datetime) -> ChainState:
    """What is known of the chain. The first look of a day walks what came since the last."""
    require(viewer, "see_audit", school=school, on=now.date())
    state = _known()
    if state.broken is None and (state.at is None or (now - state.at).days >= _DAYS):
        return verify(now=now, whole=False)
    return state


def _known() -> ChainState:
    """What the last walk found. One that found it broken counts until a whole one finds it sound again."""
    walks = AuditEntry.objects.filter(kind="verified").order_by("-sequence")
    row = walks.first()
    if row is None:
        return ChainState(0, "", None, None, whole=False)
    said = row.detail
    broken = Broken(said["broken"], said["wrong"]) if "broken" in said else None
    return ChainState(said["entries"], said["head"], broken, row.at, whole=said["whole"])


def _last_sound() -> Head:
    state = _known()
    return Head(state.n_entries, state.digest) if state.at and state.broken is None else START
