"""What pupils are compared and filtered by, as people say it: the cut, each of its values, and a filter in force."""

from collections.abc import Mapping

from headway.domain.cuts import CUT_WORDS, YES_NO_CUTS, said

__all__ = ["cut_heading", "filter_words", "value_words"]

_VALUES: Mapping[tuple[str, object], str] = {
    ("sex", "F"): "Girls",
    ("sex", "M"): "Boys",
    ("sen", "N"): "No SEN provision",
    ("attendance_band", "under 90"): "Under 90 %",
    ("attendance_band", "90 to under 95"): "90 to under 95 %",
    ("attendance_band", "95 and over"): "95 % and over",
    ("prior_band", "under 12"): "Under 12 points",
    ("prior_band", "12 to under 18"): "12 to under 18 points",
    ("prior_band", "18 and over"): "18 points and over",
    ("first_language", "ENG"): "English",
}
_NAMED = ("class", "reg_group")
_BANDS = ("attendance_band", "prior_band")


def cut_heading(cut: str) -> str:
    """A cut at the head of a column or beside a choice.

    >>> cut_heading("fsm"), cut_heading("sen"), cut_heading("attendance_band")
    ('Free school meals', 'SEN provision', 'Attendance')
    """
    words = CUT_WORDS[cut]
    return words[:1].upper() + words[1:]


def value_words(cut: str, value: object) -> str:
    """One value of a cut at the head of a row.

    >>> value_words("fsm", True), value_words("fsm", False), value_words("fsm", None), value_words("sex", "F")
    ('Free school meals', 'Not free school meals', 'Not recorded', 'Girls')
    """
    if value is not None and cut in YES_NO_CUTS:
        return cut_heading(cut) if value else f"Not {CUT_WORDS[cut]}"
    words = _VALUES.get((cut, value)) or said(cut, value)
    return words[:1].upper() + words[1:]


def filter_words(cut: str, value: object) -> str:
    """A filter in force, as it goes on after "only".

    >>> filter_words("sex", "M"), filter_words("fsm", None), filter_words("class", "5A"), filter_words("fsm", False)
    ('boys', 'free school meals not recorded', 'class 5A', 'not free school meals')
    >>> filter_words("sen", "K"), filter_words("year_group", 5), filter_words("attendance_band", "under 90")
    ('SEN provision: SEN support', 'Year 5', 'attendance: under 90 %')
    """
    if cut in _NAMED:
        return f"in no {CUT_WORDS[cut]}" if value is None else f"{CUT_WORDS[cut]} {value}"
    if value is None:
        return f"{CUT_WORDS[cut]} not recorded"
    words = value_words(cut, value)
    if cut == "year_group":
        return words
    if cut == "sex" or cut in YES_NO_CUTS:
        return words.lower()
    if (cut, value) == ("sen", "N"):
        return "no SEN provision"
    return f"{CUT_WORDS[cut]}: {words.lower() if cut in _BANDS else words}"
