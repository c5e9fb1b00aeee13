"""Framework files: YAML read into the domain's framework, every problem with its line. Knows no particular framework.

Every scalar is read as text (4, N, No and 5- need no quotation marks); numbers become numbers here, exactly.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib import resources
from itertools import pairwise
from typing import Any, cast

from headway.domain.frameworks import (
    Framework,
    Judgement,
    KeyStage,
    NamedPoint,
    Redraw,
    StageSubject,
    SubjectDefinition,
)
from headway.domain.scales import MarkCode, NotOnScale, Part, PointsRule, Scale, WholeGrade, build_scale
from headway.domain.terms import TermDates, parse_year_group, year_group_code
from headway.formats.framework_form import Path, Problems, Tree, check_schema, nearest, read_tree
from headway.formats.refusals import FileRefused

__all__ = ["FrameworkRefused", "read_framework", "shipped_frameworks"]

_FINEST = 1_000  # units a point may be cut into


class FrameworkRefused(FileRefused):
    """A framework file that cannot be used; ``problems`` holds every reason, each with its line (``row``)."""


def read_framework(text: str, *, file: str) -> Framework:
    """The framework a file's text describes.

    Parameters
    ----------
    text : YAML, laid out as in the frameworks that ship.
    file : how problems name the file.

    Raises
    ------
    FrameworkRefused : with every problem found, each naming its line and what would be right.
    """
    problems = Problems(file)
    tree = read_tree(text, problems)
    if tree is not None:
        broken = check_schema(tree, problems)
        if isinstance(tree, dict):
            framework = _Reading(tree, problems, broken).framework()
            if framework is not None:
                return framework
    raise FrameworkRefused(sorted(problems.found, key=lambda problem: problem.row or 0))


def shipped_frameworks() -> Mapping[str, str]:
    """The texts of the framework files that come with Headway, by code."""
    folder = resources.files("headway") / "frameworks"
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return {each.name.removesuffix(".yaml"): each.read_text(encoding="utf-8") for each in files}


@dataclass
class _Reading:
    """Reads a tree whose form has been checked; entries that are broken in form are passed over."""

    tree: dict[str, Tree]
    problems: Problems
    broken: frozenset[Path]

    def framework(self) -> Framework | None:
        """The framework; None where there was any problem."""
        terms = self._terms()
        marks = self._mark_codes()
        scales = {code: scale for code, given in self._entries("scales") if (scale := self._scale(code, given, marks))}
        stages = self._key_stages()
        points = self._named_points(stages, len(terms))
        subjects = {code: self._subject(code, given, scales) for code, given in self._entries("subjects")}
        thresholds = {code: self._threshold(code, given, scales) for code, given in self._entries("thresholds")}
        if self.problems.found:
            return None
        head, rules = self.tree["framework"], self.tree["rules"]
        return Framework(
            code=head["code"],
            version=int(head["version"]),
            name=head["name"],
            source=head["source"],
            terms=terms,
            key_stages=stages,
            named_points=points,
            scales=scales,
            mark_codes=marks,
            subjects=subjects,
            thresholds=thresholds,
            points_rule=cast("PointsRule", rules["points_rule"]),
            tolerance=int(rules["tolerance"]),
            redraw=cast("Redraw", rules["redraw"]),
            undivided=rules["undivided"] == "yes",
        )

    def _entries(self, section: str) -> Iterator[tuple[str, Any]]:
        if (section,) in self.broken:
            return
        for code, given in self._named(section).items():
            if (section, code) not in self.broken:
                yield code, given

    def _named(self, section: str) -> dict[str, Any]:
        """The entries of a section by code, broken ones too: what others may refer to."""
        entries = self.tree.get(section)
        return entries if isinstance(entries, dict) else {}

    def _known(self, path: Path, value: str, section: str, what: str) -> bool:
        choices = self._named(section)
        if value not in choices:
            self.problems.add(path, value, f"is not the code of a {what} here", nearest(value, choices))
        return value in choices

    def _terms(self) -> tuple[TermDates, ...]:
        terms: list[TermDates] = []
        for name, given in self._entries("terms"):
            days = [self._month_day(("terms", name, key), given[key]) for key in ("starts", "ends")]
            terms.append(TermDates(name, days[0], days[1]))
            if _in_year(days[0]) > _in_year(days[1]):
                right = "an end after the start, in a year from 1 September to 31 August"
                self.problems.add(("terms", name, "ends"), given["ends"], "is before the term starts", right)
        for earlier, later in pairwise(terms):
            if _in_year(earlier.ends) >= _in_year(later.starts):
                path, value = ("terms", later.name, "starts"), f"{later.starts[0]:02}-{later.starts[1]:02}"
                right = "terms in order that do not overlap"
                self.problems.add(path, value, f"is before {earlier.name} has ended", right)
        return tuple(terms)

    def _month_day(self, path: Path, text: str) -> tuple[int, int]:
        month, _, day = text.partition("-")
        try:
            leap = date(2024, int(month), int(day))
        except ValueError:
            self.problems.add(path, text, "is not a day of the year", "a month and a day such as 09-01")
            return int(month), 1
        return leap.month, leap.day

    def _mark_codes(self) -> tuple[MarkCode, ...]:
        marks: list[MarkCode] = []
        seen: dict[str, str] = {}
        for code, given in self._entries("mark_codes"):
            marks.append(MarkCode(code, given["words"], tuple(given.get("also", ()))))
            for text in (code, *marks[-1].also):
                first = seen.setdefault(text.casefold(), code)
                if first != code:
                    wrong = f"would mean both {first} and {code}"
                    self.problems.add(("mark_codes", code), text, wrong, "each spelling for one mark code")
        return tuple(marks)

    def _scale(self, code: str, given: Mapping[str, Any], marks: Sequence[MarkCode]) -> Scale | None:
        path = ("scales", code)
        before = len(self.problems.found)
        parts = [_part(each) for each in given.get("parts", ())]
        self._check_parts(path, given.get("parts", ()), parts)
        wholes = self._wholes(path, given, parts)
        undivided = given.get("undivided", {})
        if not self._problems_since(before):
            self._check_rising(path, given.get("grades", ()), wholes, parts)
            self._check_undivided(path, undivided, wholes, parts)
        if self._problems_since(before):
            return None
        try:
            scale = build_scale(
                code,
                name=given["name"],
                version=int(given["version"]),
                wholes=wholes,
                parts=parts,
                prefixes=given.get("prefixes", ()),
                undivided={bare: (each["words"], each["counts_as"]) for bare, each in undivided.items()},
                mark_codes=marks,
                family=given.get("points_of"),
            )
        except ValueError as error:
            self.problems.add(path, "", str(error), "grades whose spellings each mean one grade")
            return None
        self._check_scale(path, scale)
        return None if self._problems_since(before) else scale

    def _wholes(self, path: Path, given: Mapping[str, Any], parts: Sequence[Part]) -> list[WholeGrade]:
        if ("grades" in given) == ("range" in given):
            right = "either grades (a list) or range (the lowest and highest number)"
            self.problems.add(path, "", "the scale has neither or both of grades and range", right)
            return []
        if "range" in given:
            return self._range((*path, "range"), given["range"])
        codes: set[str] = set()
        for n, each in enumerate(given["grades"]):
            at = (*path, "grades", n)
            if each["code"].casefold() in codes:
                self.problems.add((*at, "code"), each["code"], "is on the scale already", "each grade once")
            codes.add(each["code"].casefold())
            if each.get("divided") == "yes" and not parts:
                self.problems.add((*at, "divided"), "yes", "is not so: the scale has no parts", "no, or no such key")
            if _divided(each, parts) and "band_from" in each:
                right = "no such key here: the grade's lowest part opens its band"
                self.problems.add((*at, "band_from"), each["band_from"], "is said of the parts", right)
        return [_whole(each, parts) for each in given["grades"]]

    def _range(self, path: Path, given: Mapping[str, str]) -> list[WholeGrade]:
        lowest, highest = int(given["from"]), int(given["to"])
        if not lowest < highest <= lowest + 1000:
            right = f"a number above {lowest}, by a thousand at most"
            self.problems.add((*path, "to"), given["to"], "cannot end the range", right)
            return []
        words = given["words"]
        return [WholeGrade(str(n), f"{words} {n}", Fraction(n), Fraction(n)) for n in range(lowest, highest + 1)]

    def _check_parts(self, path: Path, given: Sequence[Mapping[str, str]], parts: Sequence[Part]) -> None:
        if parts and sum(part.points == 0 for part in parts) != 1:
            wrong = "there is not one middle part"
            self.problems.add((*path, "parts"), "", wrong, "points: 0 for the middle part, and for it alone")
        for n, (lower, higher) in enumerate(pairwise(parts), start=1):
            for key, low, high in (("points", lower.points, higher.points), ("band_from", lower.low, higher.low)):
                if low >= high:
                    right = f"a number above {low}, which {lower.words} has"
                    self.problems.add((*path, "parts", n, key), given[n][key], "does not rise", right)

    def _check_rising(
        self, path: Path, given: Sequence[Mapping[str, str]], wholes: Sequence[WholeGrade], parts: Sequence[Part]
    ) -> None:
        for n, (lower, higher) in enumerate(pairwise(wholes), start=1):
            top, bottom = _worth(lower, parts)[-1], _worth(higher, parts)[0]
            for key, low, high in (("points", top[1], bottom[1]), ("band_from", top[2], bottom[2])):
                if low >= high:
                    at = key if key in given[n] and not higher.divided else "points"
                    wrong = f"does not rise: {bottom[0]} comes to {high}, and {top[0]} below it to {low}"
                    right = f"a number with which {bottom[0]} comes to more than {low}"
                    self.problems.add((*path, "grades", n, at), given[n][at], wrong, right)
                    break

    def _check_undivided(
        self, path: Path, given: Mapping[str, Any], wholes: Sequence[WholeGrade], parts: Sequence[Part]
    ) -> None:
        codes = [grade for whole in wholes for grade, _, _ in _worth(whole, parts)]
        for bare, each in given.items():
            if each["counts_as"] not in codes:
                at, right = (*path, "undivided", bare, "counts_as"), nearest(each["counts_as"], codes)
                self.problems.add(at, each["counts_as"], "is not a grade of this scale", right)

    def _check_scale(self, path: Path, scale: Scale) -> None:
        if scale.per_point > _FINEST:
            wrong = f"points would have to be counted in units of 1/{scale.per_point}"
            self.problems.add(path, scale.code, wrong, f"fractions that share a unit of 1/{_FINEST} or coarser")
        for mark in scale.mark_codes:
            if mark.code.casefold() in scale.spellings:
                wrong = f"is a spelling of a grade, and the code of a mark ({mark.words})"
                right = "another code; only the further spellings of a mark (also) give way to grades"
                self.problems.add(path, mark.code, wrong, right)

    def _problems_since(self, before: int) -> bool:
        return len(self.problems.found) > before

    def _key_stages(self) -> dict[str, KeyStage]:
        stages: dict[str, KeyStage] = {}
        taken: dict[int, str] = {}
        for code, given in self._entries("key_stages"):
            years = tuple(parse_year_group(each) for each in given["years"])
            for n, year in enumerate(years):
                path = ("key_stages", code, "years", n)
                other = taken.setdefault(year, code)
                if other != code or year in years[:n]:
                    right = "each year group in one key stage, once"
                    self.problems.add(path, given["years"][n], f"is in {other} already", right)
                elif n and year != years[n - 1] + 1:
                    right = f"{year_group_code(years[n - 1] + 1)}, the year after {given['years'][n - 1]}"
                    self.problems.add(path, given["years"][n], "is out of order", right)
            prior = None if given["prior"] == "none" else given["prior"]
            kinds = tuple(prior["kinds"]) if prior else ()
            stages[code] = KeyStage(code, given["name"], years, prior["from"] if prior else None, kinds)
        for code, stage in stages.items():
            self._check_prior(("key_stages", code, "prior", "from"), stage, stages)
        return stages

    def _check_prior(self, path: Path, stage: KeyStage, stages: Mapping[str, KeyStage]) -> None:
        if stage.prior_stage is None or not self._known(path, stage.prior_stage, "key_stages", "key stage"):
            return
        before = stages.get(stage.prior_stage)
        if before is not None and before.year_groups[0] >= stage.year_groups[0]:
            earlier = [each.code for each in stages.values() if each.year_groups[0] < stage.year_groups[0]]
            right = f"one of {', '.join(earlier)}" if earlier else "none (prior: none)"
            self.problems.add(path, stage.prior_stage, f"is not before {stage.code}", right)

    def _named_points(self, stages: Mapping[str, KeyStage], per_year: int) -> dict[str, NamedPoint]:
        points: dict[str, NamedPoint] = {}
        for code, given in self._entries("named_points"):
            path, stage, k = ("named_points", code), given["key_stage"], int(given["term"])
            if code in self._named("key_stages"):
                self.problems.add(path, code, "is a key stage already", "a code of its own, such as Y4")
            if self._known((*path, "key_stage"), stage, "key_stages", "key stage") and stage in stages and per_year:
                n_terms = len(stages[stage].year_groups) * per_year
                if not 1 <= k <= n_terms:
                    wrong, right = f"is not a term of {stage}", f"a number from 1 to {n_terms}"
                    self.problems.add((*path, "term"), given["term"], wrong, right)
            points[code] = NamedPoint(code, stage, k)
        return points

    def _subject(self, code: str, given: Mapping[str, Any], scales: Mapping[str, Scale]) -> SubjectDefinition:
        stages = tuple(self._stage_subject(code, stage, each) for stage, each in given["stages"].items())
        threshold = given.get("threshold")
        if threshold is not None:
            self._check_grade(("subjects", code, "threshold"), threshold, scales.get(stages[-1].scale))
        return SubjectDefinition(
            code, given["name"], stages, tuple(given.get("counts_as", ())), given.get("gcse_size"), threshold
        )

    def _stage_subject(self, code: str, stage: str, given: Mapping[str, Any]) -> StageSubject:
        path = ("subjects", code, "stages", stage)
        self._known(path, stage, "key_stages", "key stage")
        self._known((*path, "scale"), given["scale"], "scales", "scale")
        results_scales = tuple(given.get("results_scales", ()))
        for n, scale in enumerate(results_scales):
            self._known((*path, "results_scales", n), scale, "scales", "scale")
        parts = tuple(given.get("parts", ()))
        for n, part in enumerate(parts):
            self._check_part((*path, "parts", n), part, stage, given["scale"])
        self._check_start(path, code, given)
        return StageSubject(stage, given["scale"], cast("Judgement", given["judgement"]), parts, results_scales)

    def _check_start(self, path: Path, code: str, given: Mapping[str, Any]) -> None:
        """A line of current grades starts from results of the stage before: both must be on one scale."""
        stage = str(path[-1])
        there = {} if ("key_stages", stage) in self.broken else self._named("key_stages").get(stage, {})
        prior = there.get("prior", "none")
        if given["judgement"] != "current" or prior == "none":
            return
        before = self._named("subjects")[code]["stages"].get(prior["from"])
        both = {given["scale"], before["scale"]} if before is not None else set()
        if before is not None and len(both) == 2 and both <= set(self._named("scales")):
            wrong = f"is not the scale {before['scale']} of the results in {prior['from']} that its lines start from"
            right = f"{before['scale']}; or judgement: likely; or prior: none in {stage}"
            self.problems.add((*path, "scale"), given["scale"], wrong, right)

    def _check_part(self, path: Path, part: str, stage: str, scale: str) -> None:
        if not self._known(path, part, "subjects", "subject") or ("subjects", part) in self.broken:
            return
        there = self._named("subjects")[part]["stages"].get(stage)
        if there is None:
            right = f"a subject taught in {stage}, or {stage} among the stages of {part}"
            self.problems.add(path, part, f"is not taught in {stage}", right)
        elif "parts" in there:
            self.problems.add(path, part, f"has parts itself in {stage}", "a subject without parts")
        elif there["scale"] != scale:
            wrong = f"is on the scale {there['scale']} in {stage}"
            self.problems.add(path, part, wrong, f"a subject on {scale}: a mean needs one scale")

    def _threshold(self, code: str, given: Mapping[str, str], scales: Mapping[str, Scale]) -> Mapping[str, str]:
        for name, grade in given.items():
            path = ("thresholds", code, name)
            if self._known(path, name, "scales", "scale"):
                self._check_grade(path, grade, scales.get(name))
        return dict(given)

    def _check_grade(self, path: Path, grade: str, scale: Scale | None) -> None:
        try:
            if scale is not None:
                scale.threshold(grade)
        except NotOnScale as error:
            self.problems.add(path, grade, "is not on the scale", error.right)


def _part(given: Mapping[str, str]) -> Part:
    return Part(given["code"], given["words"], Fraction(given["points"]), Fraction(given["band_from"]))


def _divided(given: Mapping[str, str], parts: Sequence[Part]) -> bool:
    return bool(parts) and given.get("divided", "yes") == "yes"


def _whole(given: Mapping[str, str], parts: Sequence[Part]) -> WholeGrade:
    points = Fraction(given["points"])
    divided = _divided(given, parts)
    low = points + parts[0].low if divided else Fraction(given.get("band_from", given["points"]))
    level = int(given["level"]) if "level" in given else None
    return WholeGrade(given["code"], given["words"], points, low, divided, level)


def _worth(whole: WholeGrade, parts: Sequence[Part]) -> list[tuple[str, Fraction, Fraction]]:
    """Code, points and opening of the band of each grade that a whole grade is made of, lowest first."""
    if not whole.divided:
        return [(whole.code, whole.points, whole.low)]
    return [(whole.code + part.code, whole.points + part.points, whole.points + part.low) for part in parts]


def _in_year(month_day: tuple[int, int]) -> tuple[int, int]:
    """A month and day so that they compare within an academic year."""
    month, day = month_day
    return (month - 9) % 12, day
