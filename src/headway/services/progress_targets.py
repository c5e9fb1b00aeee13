"""Lines laid when results and targets come in, redrawn at once when they change. What a line is, is the domain's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from headway.domain.composites import composite
from headway.domain.frameworks import Framework, KeyStage
from headway.domain.progress_targets import (
    Line,
    LineTerm,
    composite_line,
    keep_closed_terms,
    lay_line,
    redraw_from_latest,
    starting_point,
)
from headway.domain.scales import Grade, PointsRule
from headway.domain.scales import Scale as DomainScale
from headway.domain.terms import AcademicYear as DomainYear
from headway.domain.terms import academic_year_of, year_group_in
from headway.records import history
from headway.records.models import (
    Act,
    Assessment,
    Placement,
    ProgressTarget,
    Result,
    School,
    StageSubject,
    Subject,
    Target,
    Term,
)
from headway.services.schools import SchoolSettings, domain_scales, framework_of, settings_of

__all__ = ["lay_lines", "line_of", "lines_if", "settled_lines"]

_AT_ONCE = 600


def lay_lines(school: School, *, act: Act, pupils: Iterable[int], subjects: Iterable[int], today: date) -> int:
    """Lays or redraws every line of some pupils in some subjects, as part of an act; gives how many changed.

    A composite among the subjects brings its parts, and a part its composite.
    """
    school_lines = _SchoolLines.of(school, today=today)
    wanted = school_lines.with_composites(subjects)
    new: list[ProgressTarget] = []
    changed: list[ProgressTarget] = []
    removed: list[ProgressTarget] = []
    everyone = sorted(set(pupils))
    for start in range(0, len(everyone), _AT_ONCE):
        some = _Evidence.of(school_lines, everyone[start : start + _AT_ONCE], wanted)
        for key, line, target in some.lines():
            before = some.standing.pop(key, None)
            row = before or ProgressTarget(school=school, pupil_id=key[0], subject_id=key[1], key_stage=key[2])
            if some.write(row, line, target):
                (changed if before else new).append(row)
        removed.extend(some.standing.values())
    history.record(act, new=new, changed=changed, removed=removed)
    return len(new) + len(changed) + len(removed)


def lines_if(school: School, *, targets: Sequence[Target], today: date) -> Mapping[tuple[int, int, str], Line]:
    """The lines (by pupil, subject, key stage) as `lay_lines` would lay them if some targets, not saved, stood.

    A target that would change one that stands has its key and the version it would get. Writes nothing.
    """
    of_school = _SchoolLines.of(school, today=today)
    wanted = of_school.with_composites({target.subject_id for target in targets})
    pupils = sorted({target.pupil_id for target in targets})
    return {key: line for key, line, _ in _Evidence.of(of_school, pupils, wanted, proposed=targets).lines()}


def settled_lines(school: School) -> frozenset[tuple[int, int, str]]:
    """The lines (pupil, subject, key stage) that no assessment can move: those that start from prior attainment."""
    if settings_of(school).redraw == "from_latest":
        return frozenset()
    rows = ProgressTarget.objects.filter(school=school, k0=0)
    return frozenset(rows.values_list("pupil_id", "subject_id", "key_stage"))


def line_of(row: ProgressTarget) -> Line:
    """A stored line as the domain's value."""
    terms = tuple(LineTerm(k, Fraction(over, under), rank, target) for k, over, under, rank, target in row.terms)
    rule: PointsRule = "band" if row.rule == "band" else "reached"
    return Line(Fraction(row.start), row.k0, Fraction(row.end), row.n_terms, rule, terms)


_Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class _SchoolLines:
    """What every line of a school depends on."""

    school: School
    framework: Framework
    settings: SchoolSettings
    scales: Mapping[int, DomainScale]
    scale_rows: Mapping[str, int]
    stages: Mapping[tuple[int, str], StageSubject]
    parts: Mapping[tuple[int, str], tuple[int, ...]]
    closed: frozenset[int]
    year: DomainYear

    @classmethod
    def of(cls, school: School, *, today: date) -> "_SchoolLines":
        framework = framework_of(school)
        stages = {(stage.subject_id, stage.key_stage): stage for stage in StageSubject.objects.filter(school=school)}
        codes = dict(Subject.objects.filter(school=school).values_list("code", "pk"))
        parts = {
            key: tuple(codes[part] for part in stage.parts if part in codes)
            for key, stage in stages.items()
            if stage.parts
        }
        per_year = len(framework.terms)
        closed = Term.objects.filter(school=school, closed_at__isnull=False).select_related("year")
        return cls(
            school,
            framework,
            settings_of(school),
            domain_scales(school),
            dict(school.scales.order_by("version").values_list("code", "pk")),
            stages,
            parts,
            frozenset(term.year.starts_in * per_year + term.number - 1 for term in closed),
            academic_year_of(today),
        )

    def with_composites(self, subjects: Iterable[int]) -> frozenset[int]:
        wanted = set(subjects)
        for (subject, _), parts in self.parts.items():
            if {subject, *parts} & wanted:
                wanted |= {subject, *parts}
        return frozenset(wanted)


@dataclass(slots=True)
class _Evidence:
    """What some pupils' lines are laid from: placements, targets, prior results, first assessments, standing lines."""

    of_school: _SchoolLines
    first_years: dict[tuple[int, str], int]
    targets: dict[_Key, Target]
    priors: dict[_Key, list[tuple[int, int, Fraction, str]]]
    assessed: dict[tuple[int, int], list[tuple[int, str, int, Fraction]]]
    standing: dict[_Key, ProgressTarget]
    term_lists: dict[int, list[list[object]]] = field(default_factory=dict)
    kept: list[Line] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        of_school: _SchoolLines,
        pupils: Sequence[int],
        subjects: frozenset[int],
        *,
        proposed: Sequence[Target] = (),
    ) -> "_Evidence":
        framework = of_school.framework
        some = {"pupil_id__in": pupils, "subject_id__in": subjects}
        targets = {
            (row.pupil_id, row.subject_id, row.point): row
            for row in Target.objects.filter(**some, point__in=list(framework.key_stages))
        } | {(row.pupil_id, row.subject_id, row.point): row for row in proposed}
        standing = {(row.pupil_id, row.subject_id, row.key_stage): row for row in ProgressTarget.objects.filter(**some)}
        evidence = cls(of_school, {}, targets, defaultdict(list), defaultdict(list), standing)
        evidence._read_placements(pupils)
        evidence._read_results(some)
        evidence._read_assessments(pupils, subjects)
        return evidence

    def lines(self) -> Iterable[tuple[_Key, Line, Target | None]]:
        """Every line there should be: a target's own; a composite's is its parts' mean, its own if they have none."""
        laid: dict[_Key, Line] = {}
        direct: dict[_Key, Line] = {}
        for key, target in self.targets.items():
            if (key[0], key[2]) not in self.first_years:
                continue
            line = self._lay(key, target)
            if line is None:
                continue
            if (key[1], key[2]) in self.of_school.parts:
                direct[key] = line
            else:
                laid[key] = line
                yield key, line, target
        for (subject, key_stage), parts in self.of_school.parts.items():
            for pupil in {key[0] for key in laid if key[1] == parts[0] and key[2] == key_stage}:
                key = (pupil, subject, key_stage)
                of_parts = [laid[pupil, part, key_stage] for part in parts if (pupil, part, key_stage) in laid]
                if len(of_parts) == len(parts):
                    direct.pop(key, None)
                    yield key, self._lay_composite(key, of_parts, parts), None
        for key, line in direct.items():
            yield key, line, self.targets[key]

    def write(self, row: ProgressTarget, line: Line, target: Target | None) -> bool:
        """Puts a line into its row; says whether anything changed."""
        scale = target.scale_id if target else self.of_school.scale_rows[self._stage(row).scale]
        values = {
            "scale_id": scale,
            "first_year": self.first_years[row.pupil_id, row.key_stage],
            "start": str(line.start),
            "k0": line.k0,
            "end": str(line.end),
            "n_terms": line.n_terms,
            "rule": line.rule,
            "target_id": target.pk if target else None,
            "target_version": target.version if target else None,
            "terms": self._terms(line),
        }
        changed = False
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                changed = True
        return changed

    def _lay(self, key: _Key, target: Target) -> Line | None:
        """The line to a target; None where there is nothing yet to start it from."""
        pupil, subject, key_stage = key
        of_school = self.of_school
        scale = of_school.scales[target.scale_id]
        n_terms = of_school.framework.n_terms(key_stage)
        stage = of_school.stages.get((subject, key_stage))
        start, k0 = self._start(key, scale) if stage is None or stage.judgement == "current" else (None, 0)
        grade = scale.parse(target.grade)
        if start is None and stage is not None and stage.judgement == "current":
            first = starting_point(self._assessed_in(pupil, subject, key_stage, scale))
            if first is None:
                return None
            k0, start = first
        line = lay_line(start, grade, k0=k0, n_terms=n_terms, scale=scale, rule=of_school.settings.points_rule)
        return self._as_history(key, line, target, grade, scale)

    def _as_history(self, key: _Key, line: Line, target: Target, grade: Grade, scale: DomainScale) -> Line:
        before, closed = self.standing.get(key), self._closed(key)
        if before is None or not (closed or self.of_school.settings.redraw == "from_latest"):
            return line
        if before.terms == self._terms(line):  # as laid already: the closed terms too
            return line
        standing = line_of(before)
        if self.of_school.settings.redraw == "from_latest" and (standing.start, standing.k0) == (line.start, line.k0):
            if (before.target_id, before.target_version) == (target.pk, target.version):
                return standing
            assessed = self._assessed_in(key[0], key[1], key[2], scale)
            if assessed:
                k, points = max(assessed.items())
                line = redraw_from_latest(line, before=standing, k=k, points=points, target=grade, scale=scale)
        return keep_closed_terms(line, before=standing, closed=closed)

    def _lay_composite(self, key: _Key, parts: Sequence[Line], part_subjects: Sequence[int]) -> Line:
        stage = self.of_school.stages[key[1], key[2]]
        scale = self.of_school.framework.scales[stage.scale]
        ends = {str(subject): self.targets[key[0], subject, key[2]] for subject in part_subjects}
        points = {code: scale.parse(target.grade).points for code, target in ends.items()}
        grade = composite(points, scale=scale).grade
        line = composite_line(parts, scale=scale, target=grade.code if grade else "")
        before, closed = self.standing.get(key), self._closed(key)
        return keep_closed_terms(line, before=line_of(before) if before and closed else None, closed=closed)

    def _start(self, key: _Key, scale: DomainScale) -> tuple[Fraction | None, int]:
        """Prior attainment at the end of the previous key stage: recorded directly, else the mean of its parts."""
        pupil, subject, key_stage = key
        stage = self.of_school.framework.key_stages[key_stage]
        direct = self._prior(pupil, subject, stage, scale)
        parts = self.of_school.parts.get((subject, stage.prior_stage or ""))
        if direct is not None or not parts:
            return direct, 0
        points = {str(part): self._prior(pupil, part, stage, scale) for part in parts}
        return composite(points, scale=scale).points, 0

    def _prior(self, pupil: int, subject: int, stage: KeyStage, scale: DomainScale) -> Fraction | None:
        results = self.priors.get((pupil, subject, stage.prior_stage or ""), ())
        comparable = [each for each in results if each[3] == scale.family]
        best = min(comparable, key=lambda each: (each[0], -each[1]), default=None)
        return best[2] if best else None

    def _assessed_in(self, pupil: int, subject: int, key_stage: str, scale: DomainScale) -> dict[int, Fraction]:
        of_school = self.of_school
        first = self.first_years[pupil, key_stage] * len(of_school.framework.terms)
        n_terms = of_school.framework.n_terms(key_stage)
        stage = of_school.stages.get((subject, key_stage))
        judgement = stage.judgement if stage else "current"
        return {
            index - first + 1: points
            for index, kind, scale_id, points in self.assessed.get((pupil, subject), ())
            if 1 <= index - first + 1 <= n_terms
            and kind == judgement
            and of_school.scales[scale_id].family == scale.family
        }

    def _closed(self, key: _Key) -> frozenset[int]:
        first = self.first_years[key[0], key[2]] * len(self.of_school.framework.terms)
        return frozenset(index - first + 1 for index in self.of_school.closed)

    def _stage(self, row: ProgressTarget) -> StageSubject:
        return self.of_school.stages[row.subject_id, row.key_stage]

    def _terms(self, line: Line) -> list[list[object]]:
        """A line's terms as stored; the domain gives equal lines as one object, so each is written out once."""
        if id(line) not in self.term_lists:
            self.kept.append(line)
            self.term_lists[id(line)] = [
                [term.k, term.value.numerator, term.value.denominator, term.rank, term.target] for term in line.terms
            ]
        return self.term_lists[id(line)]

    def _read_placements(self, pupils: Sequence[int]) -> None:
        placements: defaultdict[int, dict[DomainYear, int]] = defaultdict(dict)
        rows = Placement.objects.filter(pupil_id__in=pupils)
        for pupil, starts_in, year_group in rows.values_list("pupil_id", "year__starts_in", "year_group"):
            placements[pupil][DomainYear(starts_in)] = year_group
        for pupil, known in placements.items():
            now = year_group_in(self.of_school.year, placements=known)
            for stage in self.of_school.framework.key_stages.values():
                behind = now - stage.year_groups[0]
                self.first_years[pupil, stage.code] = self.of_school.year.starts_in - behind

    def _read_results(self, some: Mapping[str, object]) -> None:
        orders = {
            stage.prior_stage: {kind: place for place, kind in enumerate(stage.prior_kinds)}
            for stage in self.of_school.framework.key_stages.values()
        }
        rows = Result.objects.filter(**some, rank__isnull=False)
        for row in rows.values_list("pupil_id", "subject_id", "key_stage", "kind", "year", "units", "scale_id"):
            pupil, subject, key_stage, kind, year, units, scale_id = row
            scale = self.of_school.scales[scale_id]
            order = orders.get(key_stage, {})
            place = order.get(kind, len(order))
            points = Fraction(units or 0, scale.per_point)
            self.priors[pupil, subject, key_stage].append((place, year or 0, points, scale.family))

    def _read_assessments(self, pupils: Sequence[int], subjects: frozenset[int]) -> None:
        """Only where a line may need them: a subject some pupil has a target but no prior attainment in."""
        latest = self.of_school.settings.redraw == "from_latest"
        needy = {key[1] for key in self.targets if latest or not self._has_prior(key)}
        if not needy:
            return
        per_year = len(self.of_school.framework.terms)
        rows = Assessment.objects.filter(pupil_id__in=pupils, subject_id__in=needy, rank__isnull=False)
        for pupil, subject, starts_in, number, kind, scale_id, units in rows.values_list(
            "pupil_id", "subject_id", "term__year__starts_in", "term__number", "kind", "scale_id", "units"
        ):
            points = Fraction(units or 0, self.of_school.scales[scale_id].per_point)
            self.assessed[pupil, subject].append((starts_in * per_year + number - 1, kind, scale_id, points))

    def _has_prior(self, key: _Key) -> bool:
        prior_stage = self.of_school.framework.key_stages[key[2]].prior_stage
        return bool(prior_stage) and (key[0], key[1], prior_stage) in self.priors
