"""What a person should look at in one pupil's judgements and targets. The rules themselves are the domain's."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.flags import Flag, a4_uneven, t2_target_already_attained
from headway.domain.scales import Grade
from headway.domain.terms import Term
from headway.services.pupil_evidence import PupilEvidence
from headway.services.pupil_progress import StageProgress, SubjectProgress

__all__ = ["PupilFlag", "flags_of"]


@dataclass(frozen=True, slots=True)
class PupilFlag:
    """Something a person should look at, and the subject it is about."""

    subject: str
    name: str
    flag: Flag


def flags_of(subjects: Sequence[SubjectProgress], *, term: Term, evidence: PupilEvidence) -> tuple[PupilFlag, ...]:
    """What stands out in a term's judgements, and in the targets that stand (RULES 7: A2, A3, A4, T2)."""
    uneven, found = _uneven(subjects, term), []
    for subject in subjects:
        stage, judged = subject.stage_at(term), subject.at(term)
        if stage is None or judged is None:
            continue
        flags = [uneven.get(subject.code), *judged.flags]
        if judged.k < evidence.framework.n_terms(stage.key_stage):  # to have reached it in the last term was hoped
            flags.append(_target_attained(subject, stage, evidence))
        found += [PupilFlag(subject.code, subject.name, flag) for flag in flags if flag]
    return tuple(found)


def _uneven(subjects: Sequence[SubjectProgress], term: Term) -> Mapping[str, Flag]:
    """A4, by subject code: each judged in the term beside the others on its scale, likely outcomes with likely ones."""
    alike: defaultdict[tuple[str, str], dict[str, Grade]] = defaultdict(dict)
    for subject in subjects:
        stage, judged = subject.stage_at(term), subject.at(term)
        if stage and judged and judged.grade and not stage.parts:
            grade = stage.scale.spellings[judged.grade.casefold()]
            alike[stage.scale.code, stage.judgement][subject.name] = grade
    found = {}
    for subject in subjects:
        for grades in alike.values():
            if subject.name in grades and (flag := a4_uneven(subject.name, grades=grades)):
                found[subject.code] = flag
    return found


def _target_attained(subject: SubjectProgress, stage: StageProgress, evidence: PupilEvidence) -> Flag | None:
    """T2: against the results and the current judgements so far; a likely outcome is not attained yet."""
    if stage.target is None or stage.target.from_parts:
        return None
    scale = stage.scale
    attained = [
        found.grade
        for each in subject.stages
        if each.judgement == "current" and each.scale.code == scale.code
        for found in each.assessed
        if not found.from_parts
    ]
    for (code, _), rows in evidence.results.items():
        attained += [row.grade for row in rows if code == subject.code and row.made_on.code == scale.code]
    grades = [scale.spellings[code.casefold()] for code in attained if code.casefold() in scale.spellings]
    return t2_target_already_attained(scale.spellings[stage.target.grade.casefold()], attained=grades)
