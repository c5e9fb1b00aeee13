"""Assessments: a list of them."""

from typing import Any

from headway.api.answers import AssessmentSerializer
from headway.api.parameters import CLASS, PUPIL, SUBJECT, TERM
from headway.api.routes import ListRoute, SchoolRoute
from headway.services.listings import AssessmentsAsked, Page, Window, list_assessments

__all__ = ["Assessments"]


class Assessments(ListRoute, SchoolRoute):
    """The assessments of a term; of all terms, where the token has the scope export."""

    operation, tag, item = "list_assessments", "Assessments", AssessmentSerializer
    parameters = (TERM, SUBJECT, CLASS, PUPIL)

    def page(self, window: Window) -> Page[Any]:
        asked = AssessmentsAsked(
            term=self.asked.get("term"),
            subject=self.asked.get("subject"),
            class_code=self.asked.get("class"),
            pupil=self.asked.get("pupil"),
        )
        if asked.term is None:
            self.require_scope("export")
            self.way = "export"
        return list_assessments(self.viewer, school=self.school, window=window, now=self.now, asked=asked)
