"""A school with two pupils, their prior attainment and targets: the smallest one that is tracked."""

import pytest

from headway.records.models import School
from tests.school import bring_in, csv, make_school, make_upn, pupils_file

BEN, CAT = make_upn(1), make_upn(2)


@pytest.fixture
def school(db: None) -> School:
    return make_school()


@pytest.fixture
def tracked(school: School) -> School:
    """Ben (2b → 4b in reading, 2a → 5c in mathematics) and Cat (3 → 5b in reading), both in Year 5."""
    pupils = {BEN: {"sex": "M"}, CAT: {"sex": "F"}}
    bring_in(school, pupils_file(pupils), file="pupils.csv")
    bring_in(
        school,
        csv(
            "upn,key_stage,subject,grade,year,kind",
            f"{BEN},KS1,reading,2b,2024,teacher",
            f"{BEN},KS1,mathematics,2a,2024,teacher",
            f"{CAT},KS1,reading,3,2024,teacher",
        ),
        file="results.csv",
    )
    bring_in(
        school,
        csv(
            "upn,subject,key_stage,grade",
            f"{BEN},reading,KS2,4b",
            f"{BEN},mathematics,KS2,5c",
            f"{CAT},reading,KS2,5b",
        ),
        file="targets.csv",
    )
    return school
