"""The pupil's own page in words a ten-year-old reads."""

import re
from datetime import date

import pytest

from headway.domain.status import Status
from headway.services.audit import Look
from headway.web.presenters.family_words import SHORT_WORDS, Addressed
from headway.web.presenters.looks import look_lines

PUPIL, FAMILY = Addressed("Ada", to_pupil=True), Addressed("Ada", to_pupil=False)


@pytest.mark.parametrize(
    ("status", "to_pupil", "to_family"),
    [
        (
            "above",
            "You are further along than we planned. Well done.",
            "Ada is further along than we planned. Well done.",
        ),
        ("on", "You are where we planned you to be.", "Ada is where we planned Ada to be."),
        (
            "below",
            "It looks as if you are a little behind what we planned. Ask your teacher what would help next.",
            "It looks as if Ada is a little behind what we planned. The teachers can say what would help next.",
        ),
        ("not_known", "", ""),
    ],
)
def test_it_speaks_to_the_pupil_and_of_the_child(status: Status, to_pupil: str, to_family: str) -> None:
    assert (PUPIL.standing(status), FAMILY.standing(status)) == (to_pupil, to_family)


@pytest.mark.parametrize("status", SHORT_WORDS)
def test_it_speaks_in_short_sentences_and_never_of_others(status: Status) -> None:
    for said in (PUPIL.standing(status), FAMILY.standing(status), SHORT_WORDS[status]):
        assert all(len(sentence.split()) <= 15 for sentence in said.split(". "))
        assert not re.search(r"class|others|average|rank|better|worse|fail", said)


def test_it_says_who_looked_at_what() -> None:
    looks = [
        Look(
            date(2026, 11, 23),
            "Tess Teacher",
            ["class teacher"],
            [("pupil", {}, "view"), ("marks", {"code": "5A"}, "view")],
            3,
        ),
        Look(date(2026, 11, 22), "", [], [("", {"kind": "pupils"}, "export")], 1),
    ]

    first, second = look_lines(looks)

    assert (first.who, first.what) == ("Tess Teacher, class teacher", "The pupil’s page; a mark sheet (5A)")
    assert second.who == "whoever runs Headway for the school"
    assert second.what.endswith("took it out in a file")
