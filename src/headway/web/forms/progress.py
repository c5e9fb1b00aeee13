"""The choices that make a question about progress, offered and checked."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms

from headway.domain.cuts import CUT_WORDS, YES_NO_CUTS, cut_order, listed, year_group_words
from headway.domain.terms import parse_year_group, year_group_code
from headway.services.access import EVERY_FIELD
from headway.services.choices import Choices
from headway.services.whom import Whom
from headway.web.forms.selects import Offers, QuickChoiceField, QuickSelect
from headway.web.presenters.cut_words import cut_heading, value_words
from headway.web.presenters.pupil_list import SORT_WORDS
from headway.web.presenters.status import STATUS_WORDS
from headway.web.selections import COMPARED_BY, FILTERS, LINKED_FILTERS, Selection, code_of

__all__ = ["ProgressForm", "first_selection"]

_LAST_WITH_LEVELS = 11
_LONGEST = 600
_ALL: tuple[str, str] = ("", "All")


class ProgressForm(forms.Form):
    """Which pupils, which subject, when; which of them to list, in which order, and what to compare them by.

    Offers what the viewer's pupils have. ``fields`` are the guarded ones the viewer may see: without one there is no
    choice of it, and ``not_allowed`` says when it was asked for all the same.
    """

    who = QuickChoiceField(label="Pupils")
    subject = QuickChoiceField(label="Subject")
    term = QuickChoiceField(label="Term")
    status = QuickChoiceField(label="Status", required=False)
    by = QuickChoiceField(label="Compare by", required=False, widget=QuickSelect(attrs={"form": "ask"}))
    sort = QuickChoiceField(label="Sort by", required=False, widget=QuickSelect(attrs={"form": "ask"}))

    def __init__(self, given: Mapping[str, Any], *, offered: Choices, whom: Whom, fields: Collection[str]) -> None:
        """Fills what the address leaves out with the first choices, so that the bare page shows something."""
        self.cuts = [cut for cut in COMPARED_BY if cut in fields or cut not in EVERY_FIELD]
        self.filters = [cut for cut in FILTERS if cut in self.cuts]
        first = first_selection(offered, whom, who=_who(given))
        said = {
            "who": _who(given) or first.who,
            "subject": given.get("subject") or first.subject,
            "term": given.get("term") or first.term,
            "by": given.get("by") or self.cuts[0],
            "came_from": came_from if len(came_from := given.get("from", "")) <= _LONGEST else "",
        }
        kept = ("status", "sort", *FILTERS, *LINKED_FILTERS) if "who" in given else ("status", "sort", *FILTERS)
        said |= {name: str(given[name]) for name in kept if given.get(name)}
        self.not_allowed = [cut for cut in COMPARED_BY if cut not in self.cuts and (cut in given or cut == said["by"])]
        said["by"] = self.cuts[0] if said["by"] in self.not_allowed else said["by"]
        super().__init__(said, use_required_attribute=False)
        self._offer(offered, whom)

    def narrowing(self) -> Sequence[forms.BoundField]:
        """The choices that leave pupils out, beside the status."""
        return [self[cut] for cut in self.filters]

    def narrowed(self) -> bool:
        """Whether any of them was made."""
        return any(self.data.get(cut) for cut in self.filters)

    def carried(self) -> Sequence[tuple[str, str]]:
        """What the address holds and no choice on the page changes."""
        carried = [(cut, self.data.get(cut, "")) for cut in LINKED_FILTERS]
        return [(name, value) for name, value in [*carried, ("from", self.data["came_from"])] if value]

    def clean(self) -> dict[str, Any]:
        """Refuses what nobody may ask for in words that say why."""
        cleaned = super().clean() or self.cleaned_data
        for cut in self.not_allowed:
            self.add_error(
                None,
                f"Your role does not include {CUT_WORDS[cut]} of pupils, so they cannot be listed, counted or "
                f"compared by it. Right would be {listed([CUT_WORDS[each] for each in self.cuts], last='or')}.",
            )
        try:
            parse_year_group(self.data.get("year_group") or "1")
        except ValueError as error:
            self.add_error(None, str(error))
        return cleaned

    def selection(self) -> Selection:
        """What was chosen, once the form is valid."""
        chosen = self.cleaned_data
        where = [(cut, chosen.get(cut) or self.data.get(cut, "")) for cut in (*self.filters, *LINKED_FILTERS)]
        return Selection(
            **{name: chosen[name] for name in ("who", "subject", "term", "status", "by", "sort")},
            where=tuple(pair for pair in where if pair[1]),
            came_from=self.data["came_from"],
        )

    def _offer(self, offered: Choices, whom: Whom) -> None:
        years = [(f"year:{year_group_code(each)}", year_group_words(each)) for each in offered.year_groups]
        classes = [(f"class:{code}", code) for code in whom.classes]
        groups = [(f"group:{code}", code) for code in whom.groups]
        parts = (("Year groups", years), ("Your classes" if whom.own else "Classes", classes), ("Groups", groups))
        self._choose("who", [part for part in parts if part[1]])
        self._choose("subject", offered.subjects)
        self._choose("term", offered.terms)
        self._choose("status", [_ALL, ("off_track", "Off track"), *STATUS_WORDS.items()])
        self._choose("by", [(cut, cut_heading(cut)) for cut in self.cuts])
        self._choose("sort", list(SORT_WORDS.items()))
        for cut in self.filters:
            self.fields[cut] = QuickChoiceField(label=cut_heading(cut), required=False)
            self._choose(cut, [_ALL, *_values(cut, whom)])

    def _choose(self, name: str, offers: Offers) -> None:
        field = self.fields[name]
        assert isinstance(field, QuickChoiceField)
        field.offer(offers)


def first_selection(offered: Choices, whom: Whom, *, who: str = "") -> Selection:
    """What the page shows before anybody chooses: the first class of who teaches some, else the oldest year group with
    levels; the first subject (a class's own), the latest term."""
    in_stages = [each for each in offered.year_groups if 1 <= each <= _LAST_WITH_LEVELS] or offered.year_groups
    if not who:
        mine = next(iter(whom.classes), None) if whom.own else None
        who = f"class:{mine}" if mine else f"year:{year_group_code(in_stages[-1])}"
    taught = whom.classes.get(who.removeprefix("class:"), ()) if who.startswith("class:") else ()
    subjects = [code for code, _ in offered.subjects]
    return Selection(who, next((code for code in subjects if code in taught), subjects[0]), offered.default_term)


def _who(given: Mapping[str, Any]) -> str:
    """Who was asked for; an address from before there were classes to choose names a year group alone."""
    year_group = given.get("year_group")
    return str(given.get("who") or (f"year:{year_group}" if year_group else ""))


def _values(cut: str, whom: Whom) -> Offers:
    """What a filter offers: each value in its words, and not recorded last."""
    if cut == "first_language":
        values: Sequence[object] = whom.languages
    elif cut in YES_NO_CUTS:
        return [("yes", "Yes"), ("no", "No"), ("none", "Not recorded")]
    else:
        values = cut_order(cut)
    return [(code_of(cut, value), value_words(cut, value)) for value in (*values, None)]
