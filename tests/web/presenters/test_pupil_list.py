from fractions import Fraction
from uuid import UUID, uuid4

import pytest

from headway.domain.status import Status
from headway.services.pupil_records import PupilRecord
from headway.web.presenters.pupil_list import SORT_WORDS, headings, pupil_rows, sections, why_not_known
from headway.web.presenters.pupil_rows import written_rows
from headway.web.selections import SORTS, Selection

UID = UUID(int=7)
LINK = ("/pupils/", "?from=%2Fprogress")


def record(name: str, status: Status = "on", *, gap: int | None = None, **said: object) -> PupilRecord:
    values: dict[str, object] = {
        "key": 1,
        "uid": uuid4(),
        "reg_group": "5A",
        "prior": "2b",
        "prior_rank": 5,
        "target": "4b",
        "target_rank": 11,
        "expected": "3b",
        "expected_points": Fraction(22),
        "grade": "3b",
        "rank": 8,
        "mark_code": "",
        "note": "",
        "steps": None,
        "starts_here": False,
        "attendance": Fraction(19, 20),
        **said,
    }
    return PupilRecord(name=name, status=status, gap=None if gap is None else Fraction(gap), **values)  # type: ignore[arg-type]


PUPILS = [
    record("Ash, Amy", "below", gap=-2, rank=7, attendance=Fraction(1, 2), prior_rank=4),
    record("Birch, Bob", "well_below", gap=-5, rank=5, attendance=Fraction(9, 10), target_rank=12),
    record("Cedar, Cal", "above", gap=4, rank=10, attendance=None, expected_points=Fraction(67, 3)),
    record("Dawn, Dee", "not_known", rank=None, grade="", prior_rank=None, target_rank=None, expected_points=None),
]


def listed(sort: str) -> str:
    """The pupils' initials, as they stand in the list."""
    return "".join(row.name[0] for row in pupil_rows(PUPILS, sort=sort, mark_words={}))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", "ABCD"),
        ("-name", "DCBA"),
        ("status", "BACD"),
        ("-status", "CABD"),
        ("gap", "BACD"),
        ("-gap", "CABD"),
        ("now", "BACD"),
        ("-now", "CABD"),
        ("expected", "ABCD"),
        ("-expected", "CABD"),
        ("target", "ACBD"),
        ("-target", "BACD"),
        ("prior", "ABCD"),
        ("-prior", "BCAD"),
        ("attendance", "ABDC"),
        ("-attendance", "DBAC"),
    ],
)
def test_it_sorts_by_every_column_with_the_unknown_last(sort: str, order: str) -> None:
    assert listed(sort) == order


def test_it_has_words_for_every_order_and_no_other() -> None:
    assert SORT_WORDS.keys() == {"", *SORTS, *(f"-{column}" for column in SORTS)}


def test_it_parts_the_list_unless_somebody_chose_an_order() -> None:
    rows = pupil_rows(PUPILS, sort="", mark_words={})

    parts = [(part.heading, [row.name[0] for row in part.rows]) for part in sections(rows, sort="")]
    assert parts == [("Apparently off track", ["B", "A"]), ("On or above", ["C"]), ("Not known", ["D"])]
    assert [part.heading for part in sections(rows, sort="gap")] == [""]
    assert sections([], sort="gap") == []


def test_it_leads_to_each_order_and_back() -> None:
    chosen = Selection("year:5", "reading", "2026-27-autumn", sort="gap")
    by_column = {each.words: each for each in headings(chosen)}

    assert (by_column["Gap"].sorted, "sort=-gap" in by_column["Gap"].address) == ("ascending", True)
    assert (by_column["Pupil"].sorted, "sort=name" in by_column["Pupil"].address) == ("", True)
    falling = next(each for each in headings(Selection("year:5", "", "", sort="-gap")) if each.words == "Gap")
    assert (falling.sorted, "sort=gap" in falling.address) == ("descending", True)


def test_it_says_figures_and_why_there_are_none() -> None:
    rows = pupil_rows(
        [
            record("Ash, Amy", "below", gap=-2, expected_points=Fraction(67, 3), attendance=Fraction(2, 3)),
            record("Birch, Bob", "not_known", grade="", mark_code="Abs", attendance=None),
            record("Cedar, Cal", "not_known", starts_here=True),
            record("Dawn, Dee", "not_known", expected_points=None),
        ],
        sort="name",
        mark_words={"Abs": "absent"},
    )

    assert (rows[0].gap, rows[0].expected_points, rows[0].attendance) == ("−2.0", "22⅓ points", "66.7 %")
    assert (rows[1].now, rows[1].attendance) == ("absent", "")
    assert why_not_known(rows) == "absent (1), the line starts here (1), no progress target (1)"


def test_it_writes_a_row_with_a_link_to_the_pupil() -> None:
    drawn = written_rows(pupil_rows([record("Ash, Amy", uid=UID)], sort="", mark_words={}), link=LINK, choosable=False)

    assert f'<a href="/pupils/{UID}?from=%2Fprogress">Ash, Amy</a> <span class="hint">5A</span>' in drawn
    assert "checkbox" not in drawn


def test_it_writes_a_box_where_pupils_may_be_chosen() -> None:
    drawn = written_rows(pupil_rows([record("Ash, Amy", uid=UID)], sort="", mark_words={}), link=LINK, choosable=True)

    assert f'<input type="checkbox" name="pupil" value="{UID}" aria-label="Choose Ash, Amy">' in drawn


def test_it_escapes_whatever_people_wrote() -> None:
    wicked = '<b onclick="x">&'
    told = record(
        wicked, uid=UID, reg_group=wicked, prior=wicked, target=wicked, expected=wicked, grade=wicked, note=wicked
    )
    drawn = written_rows(pupil_rows([told], sort="", mark_words={}), link=('/p/"<', "?a&b"), choosable=True)

    assert "<b " not in drawn
    assert 'onclick="' not in drawn
    assert drawn.count("&lt;b onclick=&quot;x&quot;&gt;&amp;") == 8
    assert 'href="/p/&quot;&lt;' in drawn
