"""The pupils behind a number, each with the attainment record the number was made from (M90)."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

import polars as pl

from headway.analysis.layout import slice_column
from headway.domain.cuts import CUT_WORDS
from headway.domain.pupils import CHARACTERISTICS
from headway.domain.questions import Basis
from headway.domain.status import Status, status_of
from headway.domain.terms import Term
from headway.records.models import ProgressTarget, Pupil, Result
from headway.records.rolls import Roll
from headway.services.progress_targets import line_of

__all__ = ["PupilRecord", "records_of"]


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """One pupil behind a number, in one subject and term."""

    uid: UUID
    name: str
    reg_group: str
    prior: str
    target: str
    expected: str
    expected_points: Fraction | None
    grade: str
    mark_code: str
    gap: Fraction | None
    steps: int | None
    status: Status
    starts_here: bool
    cuts: Mapping[str, object]


def records_of(
    frame: pl.DataFrame, *, roll: Roll, subject: str, term: Term, basis: Basis, tolerance: int
) -> list[PupilRecord]:
    """The records of a frame's pupils in a subject and term, by surname."""
    code = term.code
    against_target = basis == "target"
    shown = {
        what: slice_column(subject, code, what)
        for what in (
            "rank",
            "grade",
            "mark",
            "line_rank",
            "line_grade",
            "line_starts_here",
            "target_rank",
            "target_grade",
        )
    }
    pupils = {pupil.pk: pupil for pupil in Pupil.objects.filter(pk__in=frame["pupil"].to_list())}
    priors, lines = _priors(roll, subject, term), _exact_lines(roll, subject, term)
    found = []
    for row in frame.iter_rows(named=True):
        pupil = pupils[row["pupil"]]
        at = {what: row[column] for what, column in shown.items()}
        starts_here = bool(at["line_starts_here"]) and not against_target
        compared_with = at["target_rank"] if against_target else at["line_rank"]
        known = at["rank"] is not None and compared_with is not None and not starts_here
        steps = at["rank"] - compared_with if known else None
        found.append(
            PupilRecord(
                uid=pupil.uid,
                name=_name(pupil),
                reg_group=row["reg_group"] or "",
                prior=priors.get(pupil.pk, ""),
                target=at["target_grade"] or "",
                expected=at["line_grade"] or "",
                expected_points=lines.get(pupil.pk),
                grade=at["grade"] or "",
                mark_code=at["mark"] or "",
                gap=_gap(row, subject, code, against_target=against_target),
                steps=steps,
                status=status_of(steps, tolerance=tolerance),
                starts_here=starts_here,
                cuts={cut: row[cut] for cut in (*CHARACTERISTICS, "year_group", "class", "group") if cut in CUT_WORDS},
            )
        )
    return sorted(found, key=lambda record: (record.name.casefold(), str(record.uid)))


def _gap(row: Mapping[str, int | None], subject: str, term: str, *, against_target: bool) -> Fraction | None:
    thousandths = row[slice_column(subject, term, "target_gap" if against_target else "gap")]
    return None if thousandths is None else Fraction(thousandths, 1000)


def _name(pupil: Pupil) -> str:
    preferred = f" ({pupil.preferred_forename})" if pupil.preferred_forename else ""
    return f"{pupil.surname}, {pupil.forename}{preferred}"


def _exact_lines(roll: Roll, subject: str, term: Term) -> dict[int, Fraction]:
    """Each pupil's exact progress target in the question's subject and term."""
    per_year, found = len(roll.framework.terms), {}
    rows = ProgressTarget.objects.filter(**roll.filters, subject__code=subject)
    for row in rows:
        stage_term = roll.stage_term(row.pupil_id, term) if row.pupil_id in roll.placements else None
        if stage_term is None or stage_term.key_stage != row.key_stage:
            continue
        line_term = line_of(row).at(term.index - row.first_year * per_year + 1)
        if line_term is not None:
            found[row.pupil_id] = line_term.value
    return found


def _priors(roll: Roll, subject: str, term: Term) -> dict[int, str]:
    """Each pupil's prior attainment in the subject, as it was given."""
    best: dict[int, tuple[int, int, str]] = {}
    rows = Result.objects.filter(**roll.filters, subject__code=subject)
    for pupil, key_stage, kind, year, grade, mark in rows.values_list(
        "pupil_id", "key_stage", "kind", "year", "grade", "mark_code"
    ):
        stage_term = roll.stage_term(pupil, term) if pupil in roll.placements else None
        stage = roll.framework.key_stages[stage_term.key_stage] if stage_term else None
        if stage is None or stage.prior_stage != key_stage:
            continue
        kinds = {each: place for place, each in enumerate(stage.prior_kinds)}
        found = (kinds.get(kind, len(kinds)), -(year or 0), grade or mark)
        best[pupil] = min(best.get(pupil, found), found)
    return {pupil: grade for pupil, (_, _, grade) in best.items()}
