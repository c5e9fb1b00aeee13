"""Made-up schools as the tests about them need them: before anything is stored."""

from datetime import datetime

import pytest

from headway.demo.school import DemoSchool, make_school
from headway.demo.shapes import FRAMEWORK, SHAPES
from headway.domain.frameworks import Framework
from headway.formats.frameworks import read_framework, shipped_frameworks
from tests.school import NOW


@pytest.fixture(scope="session")
def framework() -> Framework:
    return read_framework(shipped_frameworks()[FRAMEWORK], file=FRAMEWORK)


@pytest.fixture(scope="session")
def imagine(framework: Framework) -> "Imagine":
    return Imagine(framework)


class Imagine:
    """Makes schools up, of a kind and size, as they would be at a moment."""

    def __init__(self, framework: Framework) -> None:
        self._framework = framework

    def __call__(self, kind: str = "primary", *, n_pupils: int = 60, seed: int = 7, now: datetime = NOW) -> DemoSchool:
        return make_school(SHAPES[kind], n_pupils=n_pupils, seed=seed, now=now, framework=self._framework)
