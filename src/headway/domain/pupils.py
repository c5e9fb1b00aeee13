"""What is known of a pupil beside attainment: the unique pupil number and the characteristics analyses cut by."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = [
    "ATTENDANCE_BANDS",
    "CHARACTERISTICS",
    "Characteristic",
    "attendance_band",
    "check_upn",
    "ethnicity_group",
    "name_words",
    "prior_band",
    "upn_check_letter",
]

_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = re.compile(rf"[{_LETTERS}][0-9]{{11}}[0-9{_LETTERS}]")


def name_words(surname: str, forename: str, preferred: str) -> str:
    """A pupil's name as lists give it: by surname, the preferred forename behind.

    >>> name_words("O'Neill", "Máire", "Mary")
    "O'Neill, Máire (Mary)"
    """
    return f"{surname}, {forename} ({preferred})" if preferred else f"{surname}, {forename}"


def check_upn(text: str) -> str:
    """A unique pupil number, checked.

    Parameters
    ----------
    text : as given; letter case and outer spaces do not matter.

    Returns
    -------
    The number in capitals. A temporary number (its last character a letter) is right too.

    Raises
    ------
    ValueError : with what is wrong and what would be right.

    Source
    ------
    DfE, Unique Pupil Numbers (UPNs): guide for schools; data/DOMAIN 4.4 (weights 2 … 13, modulo 23).

    >>> check_upn("b801200005001")
    'B801200005001'
    >>> check_upn("Q207000016049")
    Traceback (most recent call last):
        ...
    ValueError: 'Q207000016049' has the wrong check letter. Right would be P207000016049, if the digits are right.
    """
    upn = text.strip().upper()
    if not _UPN.fullmatch(upn):
        raise ValueError(
            f"'{text}' is not a unique pupil number. Right would be a letter, eleven digits and a digit "
            "(or a letter, if temporary), such as B801200005001; the letters I, O and S are never used."
        )
    letter = upn_check_letter(upn[1:])
    if upn[0] != letter:
        raise ValueError(
            f"'{text}' has the wrong check letter. Right would be {letter}{upn[1:]}, if the digits are right."
        )
    return upn


def upn_check_letter(rest: str) -> str:
    """The check letter for the other twelve characters of a unique pupil number.

    >>> upn_check_letter("207000016049")
    'P'
    """
    values = [_LETTERS.index(character) if character.isalpha() else int(character) for character in rest]
    return _LETTERS[sum(weight * value for weight, value in enumerate(values, start=2)) % 23]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """Something true of a pupil from a date on, by which analyses are cut.

    ``codes`` lists the codes a file may give with their words; ``yes_no`` marks those that are a plain yes or no.
    """

    code: str
    words: str
    codes: Mapping[str, str]
    yes_no: bool = False

    def parse(self, text: str) -> str:
        """The stored code a text means; raises ValueError with what would be right."""
        given = text.strip().upper()
        if self.yes_no:
            given = {"TRUE": "Y", "1": "Y", "YES": "Y", "FALSE": "N", "0": "N", "NO": "N"}.get(given, given)
        if given in self.codes:
            return given
        if not self.codes and re.fullmatch(r"[A-Z]{3}", given):
            return given
        listed = ", ".join(f"{code} ({words})" for code, words in self.codes.items())
        right = listed or "a code of three letters, such as ENG"
        raise ValueError(f"'{text}' is not a code for {self.words}. Right would be {right}.")


_YES_NO = {"Y": "yes", "N": "no"}
_ETHNICITY: Mapping[str, tuple[str, str]] = {
    "WBRI": ("White British", "White"),
    "WIRI": ("Irish", "White"),
    "WIRT": ("Traveller of Irish heritage", "White"),
    "WROM": ("Gypsy/Roma", "White"),
    "WOTH": ("any other White background", "White"),
    "MWBC": ("White and Black Caribbean", "Mixed"),
    "MWBA": ("White and Black African", "Mixed"),
    "MWAS": ("White and Asian", "Mixed"),
    "MOTH": ("any other mixed background", "Mixed"),
    "AIND": ("Indian", "Asian"),
    "APKN": ("Pakistani", "Asian"),
    "ABAN": ("Bangladeshi", "Asian"),
    "AOTH": ("any other Asian background", "Asian"),
    "BCRB": ("Black Caribbean", "Black"),
    "BAFR": ("Black African", "Black"),
    "BOTH": ("any other Black background", "Black"),
    "CHNE": ("Chinese", "Chinese"),
    "OOTH": ("any other ethnic group", "Other"),
    "REFU": ("refused", "Unclassified"),
    "NOBT": ("information not yet obtained", "Unclassified"),
}

CHARACTERISTICS: Mapping[str, Characteristic] = {
    each.code: each
    for each in (
        Characteristic("sex", "sex", {"F": "female", "M": "male"}),
        Characteristic("fsm", "free school meals", _YES_NO, yes_no=True),
        Characteristic("looked_after", "looked after", _YES_NO, yes_no=True),
        Characteristic(
            "sen",
            "special educational needs provision",
            {
                "N": "none",
                "K": "SEN support",
                "E": "education, health and care plan",
                "A": "School Action",
                "P": "School Action Plus",
                "S": "statement",
            },
        ),
        Characteristic("first_language", "first language", {}),
        Characteristic("ethnicity", "ethnicity", {code: words for code, (words, _) in _ETHNICITY.items()}),
        Characteristic("gifted_talented", "gifted or talented", _YES_NO, yes_no=True),
        Characteristic("pupil_premium", "pupil premium", _YES_NO, yes_no=True),
        Characteristic("service_child", "service child", _YES_NO, yes_no=True),
    )
}
"""Every characteristic, in the order files give them (RULES 10)."""


def ethnicity_group(code: str) -> str:
    """The group an ethnicity code is cut by.

    >>> ethnicity_group("APKN")
    'Asian'
    """
    return _ETHNICITY[code][1]


ATTENDANCE_BANDS: Sequence[str] = ("under 90", "90 to under 95", "95 and over")


def attendance_band(*, possible: int, attended: int) -> str | None:
    """The band of attendance a pupil is in.

    Parameters
    ----------
    possible, attended : sessions, ``0 <= attended <= possible``.

    Returns
    -------
    One of `ATTENDANCE_BANDS`, decided exactly; None where no session was possible.

    Source
    ------
    RULES 10.

    >>> attendance_band(possible=120, attended=108), attendance_band(possible=120, attended=107)
    ('90 to under 95', 'under 90')
    """
    if possible == 0:
        return None
    if attended * 100 < 90 * possible:
        return ATTENDANCE_BANDS[0]
    return ATTENDANCE_BANDS[1] if attended * 100 < 95 * possible else ATTENDANCE_BANDS[2]


def prior_band(points: Sequence[Fraction]) -> str | None:
    """The band of prior attainment: the average of the Key Stage 1 points in reading, writing and mathematics.

    Parameters
    ----------
    points : exact Key Stage 1 points of the subjects there are.

    Returns
    -------
    ``under 12``, ``12 to under 18`` or ``18 and over``; None without any.

    Source
    ------
    RULES 10; DfE performance tables 2011.

    >>> prior_band([Fraction(15), Fraction(13), Fraction(21)])
    '12 to under 18'
    """
    if not points:
        return None
    average = sum(points, Fraction(0)) / len(points)
    if average < 12:
        return "under 12"
    return "12 to under 18" if average < 18 else "18 and over"
