"""Pupils: a list of them, one of them, and one by the unique pupil number, which never stands in an address."""

from typing import Any
from uuid import UUID

from rest_framework.response import Response

from headway.api.answers import PupilFindSerializer, PupilSerializer
from headway.api.parameters import CLASS, GROUP, WITH_ON_ROLL, YEAR_GROUP
from headway.api.routes import ListRoute, SchoolRoute
from headway.services.listings import Page, PupilsAsked, Window, find_pupil, list_pupils, one_pupil

__all__ = ["FindPupil", "OnePupil", "Pupils"]


class Pupils(ListRoute, SchoolRoute):
    """The pupils the owner of the token may see."""

    operation, tag, item = "list_pupils", "Pupils", PupilSerializer
    parameters = (WITH_ON_ROLL, YEAR_GROUP, CLASS, GROUP)

    def page(self, window: Window) -> Page[Any]:
        asked = PupilsAsked(
            on_roll=self.asked.get("on_roll", "yes"),
            year_group=self.asked.get("year_group"),
            class_code=self.asked.get("class"),
            group=self.asked.get("group"),
        )
        return list_pupils(self.viewer, school=self.school, window=window, now=self.now, asked=asked)


class OnePupil(SchoolRoute):
    """One pupil."""

    operation, tag, answer = "get_pupil", "Pupils", PupilSerializer

    def get(self, request: Any, pupil: UUID) -> Response:
        return self.answered(one_pupil(pupil, viewer=self.viewer, school=self.school, now=self.now))


class FindPupil(SchoolRoute):
    """The pupil with a unique pupil number."""

    operation, tag, answer, body = "find_pupil", "Pupils", PupilSerializer, PupilFindSerializer

    def post(self, request: Any) -> Response:
        wanted = PupilFindSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        upn = wanted.validated_data["upn"]
        return self.answered(find_pupil(upn, viewer=self.viewer, school=self.school, now=self.now))
