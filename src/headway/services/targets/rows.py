"""The rows of a target sheet: each pupil's evidence, the targets that stand, how they came to be, and their flags."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from uuid import UUID

from headway.domain.composites import composite
from headway.domain.flags import Flag, t4_target_missing
from headway.domain.frameworks import StageTerm
from headway.domain.pupils import name_words
from headway.domain.scales import Grade, NotOnScale
from headway.domain.scales import Scale as DomainScale
from headway.domain.status import Comparison
from headway.domain.terms import terms_after
from headway.records.curricula import TaughtSubject
from headway.records.models import Assessment, Person, Pupil, Target
from headway.services.attainment import Attainment, Figure, Places
from headway.services.mark_sheets.class_terms import ClassTerm
from headway.services.target_history import TargetChange, target_changes
from headway.services.targets.ground import settable_for, token_of
from headway.services.transfers.registry import Registry
from headway.services.transfers.target_rules import Attained, attained_by, flag_attained

__all__ = ["ClassTargets", "LatestMark", "SheetPoint", "SheetRow", "SheetTarget"]


@dataclass(frozen=True, slots=True)
class SheetPoint:
    """A point the sheet shows targets for: the end of the key stage, or a named point before it; in words."""

    code: str
    words: str
    named: bool


@dataclass(frozen=True, slots=True)
class LatestMark:
    """Where a pupil was last seen to be: the grade, and its term."""

    grade: str
    term: str


@dataclass(frozen=True, slots=True)
class SheetTarget:
    """A pupil's target for one point, as it stands; all blank where there is none.

    ``version`` is the token a change hands back. ``raised`` says whether the last change went up or down; None where
    there was none, or it cannot be said. ``parts`` are the targets it is the mean of, where it is one.
    """

    point: str
    grade: str
    version: str
    agreed_on: date | None
    agreed_by: str
    reason: str
    changes: Sequence[TargetChange]
    flags: Sequence[Flag]
    raised: bool | None = None
    parts: Sequence[tuple[str, str]] = ()

    @property
    def n_changes(self) -> int:
        """How often it was changed since it was set."""
        return max(len(self.changes) - 1, 0)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A pupil: what is known of the subject, and the targets, the key stage's end first.

    ``mark_words`` say why this term has no grade, where a mark code stands; ``whole`` is the whole grade of the first
    target, blank where there is none.
    """

    key: int
    uid: UUID
    name: str
    prior: str
    mark_words: str
    latest: LatestMark | None
    expected: Figure | None
    compared: Comparison
    starts_here: bool
    targets: Sequence[SheetTarget]
    whole: str
    may_set: bool

    @property
    def flags(self) -> Sequence[Flag]:
        return [flag for target in self.targets for flag in target.flags]


@dataclass(frozen=True, slots=True)
class ClassTargets:
    """Everything the rows are made of, read once for all of them."""

    registry: Registry
    key_stage: str
    subject: int
    parts: Sequence[tuple[str, int]]
    scale: DomainScale
    pupils: Sequence[Pupil]
    places: Places
    expected: Mapping[tuple[int, int], tuple[Figure, bool]]
    compared: Mapping[tuple[int, int], Comparison]
    prior: Mapping[tuple[int, int], str]
    marks: Mapping[int, str]
    latest: Mapping[int, LatestMark]
    targets: Mapping[tuple[int, int, str], Target]
    changes: Mapping[int, Sequence[TargetChange]]
    staff: Mapping[str, str]
    attained: Attained
    may_set: frozenset[int]

    @classmethod
    def of(cls, of_class: ClassTerm, subject: TaughtSubject) -> "ClassTargets":
        """The targets of those of a class who are taught a subject, or the parts of a composite."""
        viewer, school, now, term = of_class.viewer, of_class.school, of_class.now, of_class.term
        registry, curriculum = Registry.at(school, by=viewer, now=now), of_class.curriculum
        stage = subject.stages[of_class.key_stage]
        parts = [(part, curriculum.subjects[part].pk) for part in stage.parts if part in curriculum.subjects]
        keys = frozenset({subject.pk, *(key for _, key in parts)})
        pupils = sorted({pupil for pupil, each in of_class.members if each in keys})
        places = Places.of(school, curriculum=curriculum, pupils=pupils, term=term)
        attainment = Attainment.of(places, school=school, subjects=keys, terms=[term])
        judged = attainment.judged(places)
        scale = registry.framework.scales[stage.scale]
        targets = {
            (row.pupil_id, row.subject_id, row.point): row
            for row in Target.objects.filter(pupil_id__in=pupils, subject_id__in=keys)
        }
        staff = dict(Person.objects.filter(school=school).values_list("code", "name"))
        wanted = [(pupil, subject.pk) for pupil in pupils]
        return cls(
            registry,
            of_class.key_stage,
            subject.pk,
            parts,
            scale,
            sorted(Pupil.objects.filter(pk__in=pupils), key=lambda each: (each.surname.casefold(), each.forename)),
            places,
            attainment.expected(places),
            attainment.compared(places, wanted, tolerance=registry.settings.tolerance),
            attainment.prior(places),
            {pupil: judged[pupil, subject.pk].mark_code for pupil in pupils if (pupil, subject.pk) in judged},
            _latest(places, pupils, subject.pk, parts=[key for _, key in parts], scale=scale),
            targets,
            _changes(targets.values(), staff),
            staff,
            attained_by(school, pupils=pupils, subjects={subject.pk}),
            settable_for(pupils, subject.pk, places, by=viewer, school=school, on=now.date()),
        )

    def points(self, also: str) -> list[SheetPoint]:
        """The key stage's end, the named points to come that somebody has a target for, and the one asked for."""
        end = SheetPoint(self.key_stage, f"end of {self.stage_name}", named=False)
        return [
            end,
            *(
                point
                for point in self._named()
                if point.code == also or (point.code in self._used and not self._over(point.code))
            ),
        ]

    def other_points(self, shown: Sequence[SheetPoint]) -> list[SheetPoint]:
        """The named points that are not shown: those to come, and those that somebody had a target for."""
        return [
            point
            for point in self._named()
            if point not in shown and not self.parts and (point.code in self._used or not self._over(point.code))
        ]

    def row(self, pupil: Pupil, points: Sequence[SheetPoint]) -> SheetRow:
        """One pupil's row."""
        key = (pupil.pk, self.subject)
        expected, starts_here = self.expected.get(key, (None, False))
        targets = [self._target(pupil.pk, point.code) for point in points]
        aimed = self._read(targets[0].grade)
        return SheetRow(
            key=pupil.pk,
            uid=pupil.uid,
            name=name_words(pupil.surname, pupil.forename, pupil.preferred_forename),
            prior=self._prior(pupil.pk),
            mark_words=self._mark_words(pupil.pk),
            latest=self.latest.get(pupil.pk),
            expected=expected,
            compared=self.compared[key],
            starts_here=starts_here,
            targets=targets,
            whole=aimed.whole if aimed else "",
            may_set=pupil.pk in self.may_set and self._stage_term(pupil.pk) is not None,
        )

    def _named(self) -> list[SheetPoint]:
        named = self.registry.framework.named_points.values()
        of_stage = sorted((point for point in named if point.key_stage == self.key_stage), key=lambda each: each.k)
        return [SheetPoint(point.code, f"end of Year {point.code.removeprefix('Y')}", named=True) for point in of_stage]

    @property
    def _used(self) -> set[str]:
        return {point for _, subject, point in self.targets if subject == self.subject}

    def _over(self, point: str) -> bool:
        """Whether every pupil is past a point of the key stage."""
        _, k = self.registry.framework.point(point)
        return all(each.k > k for pupil in self.pupils if (each := self._stage_term(pupil.pk)))

    @property
    def stage_name(self) -> str:
        """The key stage in words."""
        return self.registry.framework.key_stages[self.key_stage].name

    def _stage_term(self, pupil: int) -> StageTerm | None:
        """Where a pupil stands in the sheet's key stage; None where they are in another."""
        found = self.places.stage_terms.get(pupil)
        return found if found and found.key_stage == self.key_stage else None

    def _mark_words(self, pupil: int) -> str:
        """What this term's mark is where it is no grade."""
        code = self.marks.get(pupil, "")
        return next((mark.words for mark in self.scale.mark_codes if mark.code == code), code)

    def _prior(self, pupil: int) -> str:
        direct = self.prior.get((pupil, self.subject))
        if direct or not self.parts:
            return direct or ""
        given = [(code, self.prior.get((pupil, key), "")) for code, key in self.parts]
        return ", ".join(f"{code.replace('_', ' ')} {grade}" for code, grade in given if grade)

    def _target(self, pupil: int, point: str) -> SheetTarget:
        of_parts = [(code, self.targets.get((pupil, key, point))) for code, key in self.parts]
        found = [(code, target.grade) for code, target in of_parts if target]
        if self.parts and len(found) == len(self.parts):
            return self._from_parts(point, found)
        standing = self.targets.get((pupil, self.subject, point))
        by = standing.agreed_by if standing else ""
        changes = self.changes.get(standing.pk, ()) if standing else ()
        return SheetTarget(
            point=point,
            grade=standing.grade if standing else "",
            version=token_of(standing),
            agreed_on=standing.agreed_on if standing else None,
            agreed_by=self.staff.get(by, by),
            reason=standing.reason if standing else "",
            changes=changes,
            flags=self._flags(pupil, point, standing),
            raised=self._raised(changes),
        )

    def _from_parts(self, point: str, parts: Sequence[tuple[str, str]]) -> SheetTarget:
        """A composite's target where each part has one: their mean (RULES 3, 4)."""
        points = {code: self.scale.parse(grade).points for code, grade in parts}
        mean = composite(points, scale=self.scale).grade
        return SheetTarget(point, mean.code if mean else "", "", None, "", "", (), (), parts=tuple(parts))

    def _flags(self, pupil: int, point: str, standing: Target | None) -> Sequence[Flag]:
        """What a person should look at. To have attained a target in its last term is what was hoped: no flag.

        Of a point that is over nothing is asked any more, and of a composite no target where its parts have none.
        """
        where, grade, flag = self._stage_term(pupil), self._grade(standing), None
        _, last = self.registry.framework.point(point)
        if where is None or where.k > last:
            return []
        if grade is not None and where.k < last:
            attained = self.attained.get((pupil, self.subject), ())
            flag = flag_attained(grade, scale=self.scale, attained=attained, registry=self.registry)
        elif standing is None and point == where.key_stage and not self.parts:
            flag = t4_target_missing(None, stage=self.stage_name, k=where.k, n_terms=where.n_terms)
        return [flag] if flag else []

    def _raised(self, changes: Sequence[TargetChange]) -> bool | None:
        """Whether the last change of a target went up."""
        before, after = (
            (self._read(code) for code in (changes[0].before, changes[0].after)) if changes else (None, None)
        )
        if before is None or after is None or before.points == after.points:
            return None
        return after.points > before.points

    def _grade(self, standing: Target | None) -> Grade | None:
        return self._read(standing.grade) if standing else None

    def _read(self, code: str) -> Grade | None:
        """A grade on the scale the subject is on now; None where that has no such grade."""
        try:
            return self.scale.parse(code)
        except NotOnScale:
            return None


def _changes(targets: Iterable[Target], staff: Mapping[str, str]) -> Mapping[int, Sequence[TargetChange]]:
    """The changes of grade of each target that has been changed, newest first, the first of all last."""
    moved = [target.pk for target in targets if target.version > 1]
    found: defaultdict[int, list[TargetChange]] = defaultdict(list)
    for change in target_changes(moved, subjects={}, staff=staff):
        if change.before != change.after:
            found[change.target].append(change)
    return found


def _latest(
    places: Places, pupils: Sequence[int], subject: int, *, parts: Sequence[int], scale: DomainScale
) -> Mapping[int, LatestMark]:
    """Each pupil's latest grade up to this term, of the kind the subject judges by; of a composite, its parts' mean."""
    framework, term = places.framework, places.term
    given: defaultdict[int, defaultdict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    rows = Assessment.objects.filter(pupil_id__in=pupils, subject_id__in=[subject, *parts], rank__isnull=False)
    for pupil, each, kind, grade, starts_in, number in rows.values_list(
        "pupil_id", "subject_id", "kind", "grade", "term__year__starts_in", "term__number"
    ):
        stage = places.stage((pupil, each))
        index = starts_in * term.per_year + number - 1
        if stage is not None and stage.judgement == kind and index <= term.index:
            given[pupil][index][each] = grade
    found: dict[int, LatestMark] = {}
    for pupil, by_term in given.items():
        for index in sorted(by_term, reverse=True):
            grade = by_term[index].get(subject) or _mean(by_term[index], parts, scale)
            if grade:
                code = terms_after(term, index - term.index, terms=framework.terms).code
                found[pupil] = LatestMark(grade, code)
                break
    return found


def _mean(grades: Mapping[int, str], parts: Sequence[int], scale: DomainScale) -> str:
    points: dict[str, Fraction | None] = {}
    for part in parts:
        try:
            points[str(part)] = scale.parse(grades[part]).points if part in grades else None
        except NotOnScale:
            points[str(part)] = None
    mean = composite(points, scale=scale).grade
    return mean.code if mean else ""
