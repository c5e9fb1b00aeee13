"""Margins add counts, whatever order they come in."""

from hypothesis import given
from hypothesis import strategies as st

from headway.analysis.margins import SAID_FROM, Share, share_margins
from headway.domain.questions import AnswerRow

COUNTS = st.dictionaries(
    st.tuples(st.sampled_from(["reading", "writing", "science"]), st.integers(3, 6)),
    st.tuples(st.integers(0, 40), st.integers(0, 40)).map(sorted),
    min_size=1,
)


def rows_of(counts: dict[tuple[str, int], list[int]]) -> list[AnswerRow]:
    return [
        AnswerRow({"subject": subject, "year_group": year}, {"numerator": low, "denominator": high}, ())
        for (subject, year), (low, high) in counts.items()
    ]


@given(counts=COUNTS)
def test_parts_add_to_every_margin_in_any_order(counts: dict[tuple[str, int], list[int]]) -> None:
    by = ("subject", "year_group")
    shares = share_margins(rows_of(counts), by=by)
    backwards = share_margins(reversed(rows_of(counts)), by=by)

    assert shares == backwards
    assert shares[None, None] == Share(sum(low for low, _ in counts.values()), sum(high for _, high in counts.values()))
    for place in (0, 1):
        margins = [share for key, share in shares.items() if key[place] is None and key[1 - place] is not None]
        assert sum(share.denominator for share in margins) == shares[None, None].denominator


def test_a_share_is_said_as_a_whole_percentage_halves_up_and_of_too_few_not_at_all() -> None:
    assert Share(1, 8).percent == 13
    assert Share(129, 200).percent == 65
    assert Share(SAID_FROM - 1, SAID_FROM - 1).percent is None
    assert Share(0, 0).percent is None
