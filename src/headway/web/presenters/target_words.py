"""What is said of a target, in sentences: how it came to be, what a typed one would mean, what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from headway.domain.flags import Flag
from headway.domain.status import Status
from headway.services.attainment import Figure
from headway.services.targets import Checked, Outcome, SheetTarget
from headway.web.presenters.figures import points_words
from headway.web.presenters.status import STATUS_WORDS

__all__ = ["Said", "changed_words", "history_words", "said_of_check", "said_of_outcome", "saved_words"]


@dataclass(frozen=True, slots=True)
class Said:
    """What is said beside a target as typed: what is wrong, its flags, the line there would be and the status on it.

    ``this_term`` and ``next_term`` are the progress targets; ``line`` is said where there can be none yet.
    """

    wrong: str = ""
    flags: Sequence[Flag] = ()
    this_term: str = ""
    next_term: str = ""
    status: Status | None = None
    line: str = ""
    needs_reason: bool = False
    as_typed: str = ""

    @property
    def status_word(self) -> str:
        return STATUS_WORDS[self.status] if self.status else ""

    @property
    def aloud(self) -> str:
        """The same in one go, for those who hear it."""
        said = [self.as_typed, self.wrong, *(flag.sentence for flag in self.flags), self.line, *self._terms()]
        return " ".join(each for each in said if each)

    def _terms(self) -> Sequence[str]:
        status = f": {self.status_word.lower()}" if self.status else ""
        now = f"Progress target this term {self.this_term}{status}." if self.this_term else ""
        return [now, f"Next term {self.next_term}." if self.next_term else ""]


def said_of_check(checked: Checked) -> Said:
    """What is said of a target that was tried."""
    if checked.wrong:
        return Said(wrong=_refusal(checked.cell.grade, checked.wrong, checked.right))
    if checked.same:
        return Said()
    prospect = checked.prospect
    as_typed = f"{checked.grade}, {checked.words}." if checked.words != checked.grade else f"{checked.grade}."
    if prospect is None:
        return Said(flags=checked.flags, needs_reason=checked.needs_reason, as_typed=as_typed)
    known = prospect.this_term or prospect.next_term
    return Said(
        flags=checked.flags,
        this_term=_figure_words(prospect.this_term),
        next_term=_figure_words(prospect.next_term),
        status=prospect.status if prospect.this_term else None,
        line="" if known else "There is no prior attainment or mark to start a line from yet.",
        needs_reason=checked.needs_reason,
        as_typed=as_typed,
    )


def said_of_outcome(outcome: Outcome) -> Said:
    """What is said of a target that was not saved."""
    if outcome.kind == "clash":
        return Said(wrong=_clash(outcome))
    if outcome.kind == "asked":
        # Whoever is asked has given the reason that lowering needs: what is left to look at are the other flags.
        return Said(flags=[flag for flag in outcome.flags if flag.code != "T7"] or outcome.flags)
    if outcome.field == "reason":
        lowered = [flag for flag in outcome.flags if flag.code == "T7"]
        return Said(wrong=" ".join(flag.sentence for flag in lowered), needs_reason=True)
    return Said(wrong=_refusal(outcome.cell.grade, outcome.wrong, outcome.right))


def history_words(target: SheetTarget) -> str:
    """How a target came to be what it is: its last change, or who agreed it first."""
    if target.parts:
        listed = [f"{code.replace('_', ' ')} {grade}" for code, grade in target.parts]
        return f"From {' and '.join(listed)}."
    if not target.grade:
        return ""
    agreed_by = f" by {target.agreed_by}" if target.agreed_by else ""
    agreed_on = f" on {_day(target.agreed_on)}" if target.agreed_on else ""
    reason = f": {target.reason.rstrip('.')}" if target.reason else ""
    if not target.n_changes:
        return f"Agreed{agreed_by}{agreed_on}{reason}." if agreed_by or agreed_on or reason else ""
    last = target.changes[0]
    how = _direction(target)
    on = agreed_on or f" on {_day(timezone.localtime(last.at).date())}"
    entered = f" Entered by {last.by}." if last.by != target.agreed_by else ""
    return f"{how} from {last.before}{agreed_by or f' by {last.by}'}{on}{reason}.{entered if agreed_by else ''}"


def changed_words(n_changes: int) -> str:
    """How often a target was changed; nothing where it never was."""
    if not n_changes:
        return ""
    return "Changed once" if n_changes == 1 else f"Changed {n_changes} times"


def saved_words(outcomes: Sequence[Outcome]) -> str:
    """What was saved, as the message over the page says it; nothing where nothing was."""
    n = sum(outcome.kind == "saved" for outcome in outcomes)
    n_new = sum(outcome.kind == "saved" and not outcome.before for outcome in outcomes)
    if not n:
        return ""
    what = "set" if n == n_new else "changed"
    whose = "its progress targets" if n == 1 else "their progress targets"
    return f"{n} target{'' if n == 1 else 's'} {what}, {whose} redrawn."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _direction(target: SheetTarget) -> str:
    return {True: "Raised", False: "Lowered", None: "Changed"}[target.raised]


def _figure_words(figure: Figure | None) -> str:
    return f"{figure.grade} ({points_words(figure.points)})" if figure else ""


def _refusal(typed: str, wrong: str, right: str) -> str:
    return f"“{typed.strip()}”: {wrong}. Right would be {right}."


def _clash(outcome: Outcome) -> str:
    standing = outcome.standing
    if standing is None or not standing.grade:
        typed = outcome.cell.grade.strip()
        return f"This target is gone since you opened the page. To set {typed} all the same, save again."
    when = f" on {_moment(standing.at)}" if standing.at else ""
    return (
        f"{standing.by} has set {standing.grade}{when}, after you opened the page. Leave {standing.grade}, or save "
        f"again to replace it with {outcome.cell.grade.strip()}."
    )


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.day} {local:%B} at {local:%H:%M}"
