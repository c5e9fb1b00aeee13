"""The files that are understood, in words: what each holds, and its columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.formats.kinds import KINDS

__all__ = ["KIND_WORDS", "FileKind", "file_kinds"]

KIND_WORDS: Mapping[str, str] = {
    "pupils": "pupils",
    "subjects": "subjects",
    "staff": "staff",
    "contacts": "contacts",
    "classes": "classes",
    "groups": "groups",
    "results": "prior attainment and results",
    "assessments": "marks",
    "targets": "targets",
    "attendance": "attendance",
    "behaviour": "behaviour",
}
"""What each kind of file is called in a sentence."""

_KIND_MEANINGS: Mapping[str, str] = {
    "pupils": "who is on roll, in which year, and what is true of them",
    "subjects": "what is taught besides the subjects of the framework, and on which scale",
    "staff": "who works here, in which roles",
    "contacts": "parents and guardians, until when, and who may see nothing; nobody is let in by it",
    "classes": "who is taught which subject together, and by whom",
    "groups": "pupils put together for a reason of your own",
    "results": "what pupils attained at the end of a key stage: where their lines begin",
    "assessments": "teachers' judgements in a term; a wide sheet with a column a subject will do too",
    "targets": "the grade a pupil is hoped to reach by the end of a key stage",
    "attendance": "sessions possible and attended, by term or half term",
    "behaviour": "incidents, with their day, type and points",
}


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: what it holds, and its headers."""

    name: str
    words: str
    meaning: str
    needed: Sequence[str]
    optional: Sequence[str]


def file_kinds() -> Sequence[FileKind]:
    """The files that are understood."""
    return [
        FileKind(
            kind.name,
            KIND_WORDS[kind.name].capitalize(),
            _KIND_MEANINGS[kind.name],
            [header for header in kind.headers if header in kind.needed],
            [header for header in kind.headers if header not in kind.needed],
        )
        for kind in KINDS.values()
    ]
