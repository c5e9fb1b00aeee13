"""The two made-up schools there are: their names, sizes, year groups and what they teach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.terms import AcademicYear, YearGroup

__all__ = ["FRAMEWORK", "SHAPES", "STAGE_ENDS", "STAGE_STARTS", "Shape", "stage_code"]

FRAMEWORK = "england-2008"
STAGE_ENDS: Mapping[str, YearGroup] = {"KS1": 2, "KS2": 6, "KS3": 9, "KS4": 11}
STAGE_STARTS: Mapping[str, YearGroup] = {"KS1": 1, "KS2": 3, "KS3": 7, "KS4": 10}
"""The last and the first year group of each key stage a made-up school assesses in."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A kind of made-up school.

    ``taught`` lists by key stage what every pupil is assessed in; ``options`` what some choose in Key Stage 4;
    ``forms`` what registration groups are called after their year group. ``tutor_group`` and ``mentored`` are the
    registration group and the group that those who sign in as tutor and as learning mentor look after.
    """

    kind: str
    name: str
    dfe: str
    n_pupils: int
    year_groups: range
    taught: Mapping[str, Sequence[str]]
    options: Sequence[str]
    forms: Sequence[str]
    tutor_group: str
    mentored: str

    def cohort_of(self, year_group: YearGroup, *, year: AcademicYear) -> int:
        """The calendar year in which pupils of a year group started in Year R."""
        return year.starts_in - year_group

    def n_classes(self, n_in_year: int) -> int:
        """How many classes a year group of a size makes."""
        return max(1, min(-(-n_in_year // 30), len(self.forms)))


_PRIMARY_SUBJECTS = ("reading", "writing", "mathematics", "science")

SHAPES: Mapping[str, Shape] = {
    shape.kind: shape
    for shape in (
        Shape(
            kind="primary",
            name="Larkmere Primary School (made up)",
            dfe="8239901",
            n_pupils=420,
            year_groups=range(7),
            taught={"KS1": _PRIMARY_SUBJECTS, "KS2": _PRIMARY_SUBJECTS},
            options=(),
            forms=(" Oak", " Ash", " Elm", " Birch", " Rowan", " Hazel", " Willow", " Maple", " Beech", " Cedar"),
            tutor_group="5 Oak",
            mentored="Breakfast club",
        ),
        Shape(
            kind="secondary",
            name="Tansywold School (made up)",
            dfe="8239902",
            n_pupils=1_200,
            year_groups=range(7, 12),
            taught={
                "KS3": ("english", "mathematics", "science", "history", "geography", "french"),
                "KS4": ("english", "english_literature", "mathematics", "science"),
            },
            options=(
                *("history", "geography", "french", "art", "design_technology", "ict"),
                *("religious_education", "physical_education", "music"),
            ),
            forms=tuple("ABCDEFGHJKLMNPQRSTUVW"),
            tutor_group="9A",
            mentored="Attendance matters",
        ),
    )
}
"""The made-up schools, by the word that asks for them."""


def stage_code(year_group: YearGroup) -> str | None:
    """The key stage of a year group; None below Year 1."""
    return next((stage for stage, last in STAGE_ENDS.items() if 1 <= year_group <= last), None)
