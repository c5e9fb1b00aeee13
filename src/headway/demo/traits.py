"""What is true of made-up pupils beside their names, and what they bring to their learning.

Shares, gaps and their size follow published national figures in kind, not to the digit: about 18 in 100 on free school
meals, 14 with SEN support and 3 with a statement, 20 whose first language is not English, 1 looked after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from random import Random

from headway.demo.dice import dice, share_of, weighted

__all__ = ["Traits", "make_traits"]

_ETHNICITIES = (
    *(("WBRI", 66.0), ("WIRI", 0.5), ("WROM", 0.3), ("WOTH", 6.5), ("MWBC", 2.0), ("MWBA", 1.0), ("MWAS", 1.5)),
    *(("MOTH", 1.5), ("AIND", 4.0), ("APKN", 5.5), ("ABAN", 2.0), ("AOTH", 1.8), ("BCRB", 1.4), ("BAFR", 3.5)),
    *(("BOTH", 0.5), ("CHNE", 0.6), ("OOTH", 1.4), ("REFU", 0.4), ("NOBT", 0.3)),
)
_LANGUAGES: Mapping[str, tuple[float, Sequence[str]]] = {
    "WBRI": (0.01, ("POL",)),
    "WROM": (0.9, ("RMN", "SLO")),
    "WOTH": (0.8, ("POL", "POL", "RUM", "LIT", "POR")),
    "MWAS": (0.2, ("PNJ", "URD")),
    "MOTH": (0.3, ("SPA", "ARA")),
    "AIND": (0.7, ("PNJ", "GUJ", "HIN", "TAM")),
    "APKN": (0.8, ("URD", "PNJ")),
    "ABAN": (0.85, ("BNG",)),
    "AOTH": (0.8, ("VIE", "TGL", "NEP", "TAM")),
    "BAFR": (0.65, ("SOM", "YOR", "TWI", "IGB")),
    "BOTH": (0.4, ("SOM", "AMR")),
    "CHNE": (0.8, ("CHI",)),
    "OOTH": (0.85, ("ARA", "TUR", "KUR")),
}

_FSM, _SEN, _STATEMENT, _ACTION_PLUS, _LOOKED_AFTER, _GIFTED = 0.18, 0.17, 0.18, 0.24, 0.01, 0.07
_NOT_RECORDED = 0.012
_ABILITY_OF_SEN = {"N": 0.0, "A": -0.8, "P": -1.05, "S": -1.7}
_ABILITY_OF_FSM, _ABILITY_OF_LOOKED_AFTER, _ABILITY_OF_ALL = -0.18, -0.4, 0.20
_SPREAD_OF_ABILITY = 0.93
_FSM_ENDS, _FSM_BEGINS = 0.05, 0.011


@dataclass(frozen=True, slots=True)
class Traits:
    """A pupil's characteristics (None: not recorded) and gifts.

    ``fsm`` holds free school meals by the calendar year in which an academic year starts. ``ability`` and ``growth``
    (a year) are in standard deviations of attainment in a year group; ``attendance`` is the usual share of sessions.
    """

    background: str
    ethnicity: str | None
    language: str | None
    fsm: Mapping[int, bool]
    sen: str
    looked_after: bool
    gifted: bool
    service_child: bool
    ability: float
    growth: float
    attendance: float

    @property
    def learns_english(self) -> bool:
        return self.language not in (None, "ENG")

    @property
    def ever_fsm(self) -> bool:
        return any(self.fsm.values())


def make_traits(sexes: Sequence[str], *, seed: int, years: Sequence[int]) -> Sequence[Traits]:
    """Traits for so many pupils, of these sexes."""
    throw = dice(seed, "traits")
    n = len(sexes)
    fsm = share_of([throw.gauss(0, 1) for _ in range(n)], _FSM)
    sen = _sen(sexes, fsm, throw)
    looked_after = share_of([throw.random() for _ in range(n)], _LOOKED_AFTER)
    ability = [
        _ability(throw, sen=sen[place], fsm=place in fsm, looked_after=place in looked_after) for place in range(n)
    ]
    gifted = share_of([each + throw.gauss(0, 0.5) for each in ability], _GIFTED)
    made = []
    for place in range(n):
        ethnicity = weighted(_ETHNICITIES, throw)
        language = _language(ethnicity, throw)
        attendance = _attendance(throw, fsm=place in fsm, sen=sen[place])
        by_year = _fsm_by_year(throw, fsm=place in fsm, years=years)
        made.append(
            Traits(
                background=ethnicity,
                ethnicity=None if throw.random() < _NOT_RECORDED else ethnicity,
                language=None if throw.random() < _NOT_RECORDED else language,
                fsm=by_year,
                sen=sen[place],
                looked_after=place in looked_after,
                gifted=place in gifted,
                service_child=throw.random() < 0.015,
                ability=ability[place],
                growth=_growth(throw, fsm=place in fsm, attendance=attendance),
                attendance=attendance,
            )
        )
    return made


def _sen(sexes: Sequence[str], fsm: frozenset[int], throw: Random) -> list[str]:
    needs = [throw.gauss(0, 1) + 0.35 * (sex == "M") + 0.45 * (place in fsm) for place, sex in enumerate(sexes)]
    supported = share_of(needs, _SEN)
    steps = [throw.random() if place in supported else 2.0 for place in range(len(sexes))]
    n_statements, n_plus = round(_STATEMENT * len(supported)), round(_ACTION_PLUS * len(supported))
    order = sorted(supported, key=lambda place: steps[place])
    provision = ["N"] * len(sexes)
    for rank, place in enumerate(order):
        provision[place] = "S" if rank < n_statements else "P" if rank < n_statements + n_plus else "A"
    return provision


def _ability(throw: Random, *, sen: str, fsm: bool, looked_after: bool) -> float:
    given = _ABILITY_OF_SEN[sen] + _ABILITY_OF_FSM * fsm + _ABILITY_OF_LOOKED_AFTER * looked_after
    return _ABILITY_OF_ALL + given + throw.gauss(0, _SPREAD_OF_ABILITY)


def _attendance(throw: Random, *, fsm: bool, sen: str) -> float:
    """Most miss little and a few miss much: absence is skewed."""
    absence = 0.040 * exp(throw.gauss(0, 0.6)) * (1.35 if fsm else 1) * (1.2 if sen != "N" else 1)
    return 1 - min(absence, 0.45)


def _growth(throw: Random, *, fsm: bool, attendance: float) -> float:
    """Growth against the year group, a year: less for pupils on free school meals and for those who are often away."""
    return -0.03 * fsm + 0.8 * (attendance - 0.945) + throw.gauss(0, 0.035)


def _language(ethnicity: str, throw: Random) -> str:
    share, languages = _LANGUAGES.get(ethnicity, (0.0, ("ENG",)))
    return throw.choice(languages) if throw.random() < share else "ENG"


def _fsm_by_year(throw: Random, *, fsm: bool, years: Sequence[int]) -> Mapping[int, bool]:
    by_year: dict[int, bool] = {}
    for year in years:
        by_year[year] = fsm
        fsm = throw.random() >= _FSM_ENDS if fsm else throw.random() < _FSM_BEGINS
    return by_year
