"""The frameworks that ship, read once: the domain's rules are tried on them, not on scales made up for the tests."""

import pytest

from headway.domain.frameworks import Framework
from headway.domain.scales import Scale
from headway.formats.frameworks import read_framework, shipped_frameworks


@pytest.fixture(scope="session")
def frameworks() -> dict[str, Framework]:
    return {code: read_framework(text, file=f"{code}.yaml") for code, text in shipped_frameworks().items()}


@pytest.fixture(scope="session")
def england_2008(frameworks: dict[str, Framework]) -> Framework:
    return frameworks["england-2008"]


@pytest.fixture(scope="session")
def england_2026(frameworks: dict[str, Framework]) -> Framework:
    return frameworks["england-2026"]


@pytest.fixture(scope="session")
def every_scale(frameworks: dict[str, Framework]) -> list[Scale]:
    return [scale for framework in frameworks.values() for scale in framework.scales.values()]


@pytest.fixture(scope="session")
def levels(england_2008: Framework) -> Scale:
    return england_2008.scales["nc_levels"]


@pytest.fixture(scope="session")
def levels_with_p(england_2008: Framework) -> Scale:
    return england_2008.scales["nc_levels_p"]


@pytest.fixture(scope="session")
def gcse(england_2008: Framework) -> Scale:
    return england_2008.scales["gcse"]


@pytest.fixture(scope="session")
def nine_to_one(england_2026: Framework) -> Scale:
    return england_2026.scales["gcse_9to1"]


@pytest.fixture(scope="session")
def teacher_assessment(england_2026: Framework) -> Scale:
    return england_2026.scales["teacher_assessment"]


@pytest.fixture(scope="session")
def scaled_scores(england_2026: Framework) -> Scale:
    return england_2026.scales["scaled_score"]
