"""Lists for programs that ask: each a page at a time, of what its viewer may see."""

from headway.services.listings.assessments import AssessmentsAsked, ListedAssessment, list_assessments
from headway.services.listings.classes import ListedClass, ListedGroup, list_classes, list_groups
from headway.services.listings.pages import Page, UnknownValueError, Window
from headway.services.listings.pupils import (
    ON_ROLL,
    ListedPupil,
    PupilRefusedError,
    PupilsAsked,
    find_pupil,
    list_pupils,
    one_pupil,
)
from headway.services.listings.school import (
    ListedScale,
    ListedSchool,
    ListedSubject,
    ListedTerm,
    list_scales,
    list_schools,
    list_subjects,
    list_terms,
    schools_by_token,
)

__all__ = [
    "ON_ROLL",
    "AssessmentsAsked",
    "ListedAssessment",
    "ListedClass",
    "ListedGroup",
    "ListedPupil",
    "ListedScale",
    "ListedSchool",
    "ListedSubject",
    "ListedTerm",
    "Page",
    "PupilRefusedError",
    "PupilsAsked",
    "UnknownValueError",
    "Window",
    "find_pupil",
    "list_assessments",
    "list_classes",
    "list_groups",
    "list_pupils",
    "list_scales",
    "list_schools",
    "list_subjects",
    "list_terms",
    "one_pupil",
    "schools_by_token",
]
