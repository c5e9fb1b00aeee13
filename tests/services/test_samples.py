"""Samples of the files a new school brings in."""

import pytest

from headway.formats.kinds import KINDS
from headway.services.access import COMMAND_LINE, NotAllowedError, NotFoundError
from headway.services.samples import SAMPLED, sample_of
from tests.school import NOW, bring_in, make_school, viewer_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("framework", ["england-2008", "england-2026"])
def test_it_gives_samples_that_an_empty_school_takes_in_their_order(framework: str) -> None:
    school = make_school(framework=framework)

    for kind in SAMPLED:
        bring_in(school, sample_of(kind, viewer=COMMAND_LINE, school=school, now=NOW), file=f"{kind}.csv")

    assert school.transfers.count() == len(SAMPLED)
    assert school.transfers.filter(kind="assessments", n_new=3).exists()


@pytest.mark.parametrize("kind", SAMPLED)
def test_it_heads_a_sample_with_every_column_of_its_kind(kind: str) -> None:
    content = sample_of(kind, viewer=COMMAND_LINE, school=make_school(), now=NOW)

    assert content.decode().splitlines()[0] == ",".join(KINDS[kind].headers)
    assert "Example" in content.decode() or "99999990000" in content.decode()


def test_it_has_no_sample_of_other_kinds() -> None:
    with pytest.raises(NotFoundError):
        sample_of("attendance", viewer=COMMAND_LINE, school=make_school(), now=NOW)


def test_it_gives_none_to_strangers_or_to_those_who_bring_nothing_in() -> None:
    school = make_school()

    with pytest.raises(NotFoundError):
        sample_of("pupils", viewer=viewer_for(make_school("8239999"), "head"), school=school, now=NOW)
    with pytest.raises(NotAllowedError):
        sample_of("pupils", viewer=viewer_for(school, "governor"), school=school, now=NOW)
