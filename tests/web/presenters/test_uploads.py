"""A plan in words."""

from uuid import uuid4

from headway.formats.refusals import Problem
from headway.services.uploads import Reading, Shown
from headway.web.presenters.uploads import plan_page, refusal_rows


def refused(*problems: Problem) -> Shown:
    """A kept file that cannot be read."""
    return Shown(uuid4(), "a.csv", Reading(), None, problems, "", {})


def problem(*, value: str = "", right: str = "something else") -> Problem:
    return Problem("a.csv", None, 2, "grade", value, "it is wrong", right)


def test_it_names_the_choices_of_the_page_where_the_command_line_names_its_options() -> None:
    page = plan_page(
        refused(
            problem(right="--term, such as --term 2026-27-autumn"), problem(right="a name, or --as pupils or --as x")
        )
    )

    assert [each.right for each in page.refusals] == [
        "its term, chosen below under “Read it differently”",
        "a name, or its kind chosen below under “Read it differently”",
    ]
    assert "--" not in str(refusal_rows([problem(right="--term, such as x")]))


def test_it_shows_a_thousand_refusals_and_counts_the_others() -> None:
    page = plan_page(refused(*(problem() for _ in range(1_001))))

    assert (len(page.refusals), page.n_refusals) == (1_000, 1_001)


def test_it_shortens_a_value_and_keeps_it_whole_for_the_file() -> None:
    long = problem(value="x\n" * 200)

    assert plan_page(refused(long)).refusals[0].value == f"{'x ' * 39}x…"
    assert refusal_rows([long])[1][0][4] == "x\n" * 200
