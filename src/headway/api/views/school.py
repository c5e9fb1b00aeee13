"""The schools a token reaches, and what their marks are made of: subjects, terms, scales, classes and groups."""

from typing import Any

from headway.api.answers import (
    ClassSerializer,
    GroupSerializer,
    ScaleSerializer,
    SchoolSerializer,
    SubjectSerializer,
    TermSerializer,
)
from headway.api.parameters import ACADEMIC_YEAR
from headway.api.routes import ListRoute, SchoolRoute
from headway.services.listings import (
    Page,
    Window,
    list_classes,
    list_groups,
    list_scales,
    list_schools,
    list_subjects,
    list_terms,
)

__all__ = ["Classes", "Groups", "Scales", "Schools", "Subjects", "Terms"]


class Schools(ListRoute):
    """The schools this token reaches."""

    operation, tag, item = "list_schools", "School", SchoolSerializer

    def page(self, window: Window) -> Page[Any]:
        return list_schools(self.viewer, window=window, now=self.now)


class Subjects(ListRoute, SchoolRoute):
    """The subjects of the school, with their scale in each key stage."""

    operation, tag, item = "list_subjects", "School", SubjectSerializer

    def page(self, window: Window) -> Page[Any]:
        return list_subjects(self.viewer, school=self.school, window=window, now=self.now)


class Terms(ListRoute, SchoolRoute):
    """The terms the school has used, and the one it is in."""

    operation, tag, item = "list_terms", "School", TermSerializer

    def page(self, window: Window) -> Page[Any]:
        return list_terms(self.viewer, school=self.school, window=window, now=self.now)


class Scales(ListRoute, SchoolRoute):
    """The scales the school has used, each version with its grades."""

    operation, tag, item = "list_scales", "School", ScaleSerializer

    def page(self, window: Window) -> Page[Any]:
        return list_scales(self.viewer, school=self.school, window=window, now=self.now)


class Classes(ListRoute, SchoolRoute):
    """The classes of an academic year, with their teachers and pupils in each subject."""

    operation, tag, item = "list_classes", "Pupils", ClassSerializer
    parameters = (ACADEMIC_YEAR,)

    def page(self, window: Window) -> Page[Any]:
        year = self.asked.get("academic_year")
        return list_classes(self.viewer, school=self.school, window=window, now=self.now, academic_year=year)


class Groups(ListRoute, SchoolRoute):
    """The groups the school has made, with the pupils in them."""

    operation, tag, item = "list_groups", "Pupils", GroupSerializer

    def page(self, window: Window) -> Page[Any]:
        return list_groups(self.viewer, school=self.school, window=window, now=self.now)
