"""The line chart: what is drawn where, told apart without colour."""

import re
from xml.etree import ElementTree

from headway.charts.lines import GradeTick, LinePanel, Mark, line_chart, small_line_chart
from headway.charts.terms import Slot

SLOTS = [Slot(term, year, "KS2") for year in ("Y5", "Y6") for term in ("Aut", "Spr", "Sum")]
GRADES = [
    GradeTick(f"{level}{part}", 6 * level + 3 + offset, part == "b")
    for level in (2, 3, 4, 5)
    for part, offset in (("c", -2), ("b", 0), ("a", 2))
]
WORDS = "Reading: from 3b to 3a, on progress target; the target is 4b."


def _panel(*, address: str = "/classes/5A/marks/2026-27-autumn") -> LinePanel:
    return LinePanel(
        grades=GRADES,
        actual=[
            Mark(0, 21.0, words="Autumn 2025: 3b", address=address),
            Mark(1, 21.0, words="Spring 2026: 3b", address=address),
            Mark(3, 23.0, words="Autumn 2026: 3a", label="3a", address=address, status="on"),
        ],
        expected=[[Mark(place, 20 + 7 * place / 5) for place in range(6)]],
        targets=[Mark(5, 27.0, label="4b")],
        prior=[Mark(0, 20.0)],
    )


def _large(panel: LinePanel, *, width: int = 880) -> str:
    return line_chart({0: panel}, SLOTS, words=WORDS, width=width, height=300)


def _classes(drawn: str, tag: str) -> list[str]:
    return re.findall(rf'<{tag}[^>]* class="([^"]+)"', drawn)


def test_it_draws_well_formed_svg_that_says_its_story() -> None:
    root = ElementTree.fromstring(_large(_panel()))

    assert root.tag == "svg"
    assert root.get("aria-label") == WORDS
    assert root.get("viewBox") == "0 0 880 300"


def test_it_draws_the_same_values_as_the_same_bytes() -> None:
    assert _large(_panel()).encode() == _large(_panel()).encode()
    assert small_line_chart({0: _panel()}, SLOTS, words=WORDS) == small_line_chart({0: _panel()}, SLOTS, words=WORDS)


def test_it_tells_lines_apart_by_what_they_are() -> None:
    drawn = _large(_panel())

    assert _classes(drawn, "polyline") == ["chart-expected", "chart-actual", "chart-actual chart-gap"]
    assert _classes(drawn, "polygon") == ["chart-target"]
    assert _classes(drawn, "circle") == ["chart-dot", "chart-dot", "chart-status fill-on"]
    assert "chart-prior" in _classes(drawn, "rect")


def test_it_gives_no_colour_of_its_own() -> None:
    drawn = _large(_panel())

    assert not re.search(r'(fill|stroke|style)="', drawn)


def test_it_opens_what_each_mark_stands_for() -> None:
    drawn = _large(_panel())

    assert drawn.count('<a href="/classes/5A/marks/2026-27-autumn"><title>') == 3
    assert 'role="group"' in drawn


def test_it_offers_no_link_smaller_than_a_fingertip() -> None:
    drawn = _large(_panel(), width=200)

    assert "<a " not in drawn
    assert "<title>Autumn 2026: 3a</title>" in drawn


def test_it_is_one_image_where_nothing_can_be_opened() -> None:
    assert 'role="img"' in _large(_panel(address=""))


def test_it_has_nothing_to_press_inside_a_small_one() -> None:
    drawn = small_line_chart({0: _panel()}, SLOTS, words=WORDS)

    assert "<a " not in drawn
    assert 'role="img"' in drawn


def test_it_names_every_grade_where_there_is_room_and_the_whole_ones_where_not() -> None:
    large = re.findall(r'class="chart-grade">([^<]+)<', _large(_panel()))
    far = LinePanel(GRADES, actual=[Mark(0, 13.0), Mark(1, 35.0)], expected=[])
    small = re.findall(r'class="chart-grade">([^<]+)<', small_line_chart({0: far}, SLOTS, words=WORDS))

    assert large == ["3c", "3b", "3a", "4c", "4b"]
    assert small == ["2b", "3b", "4b", "5b"]


def test_it_gives_a_flat_line_room_above_and_below() -> None:
    flat = LinePanel(GRADES, actual=[Mark(0, 21.0)], expected=[[Mark(0, 21.0), Mark(5, 21.0)]])

    assert len(re.findall("chart-grade", _large(flat))) == 3


def test_it_keeps_names_apart_where_the_last_judgement_meets_the_target() -> None:
    far, met = (
        LinePanel(GRADES, actual=[Mark(5, 27.0, label="4b")], expected=[], targets=[Mark(5, value, label="4a")])
        for value in (33.0, 27.5)
    )

    (above,), (below,) = (
        re.findall(r'<text x="[^"]+" y="([^"]+)" class="chart-now">', _large(each)) for each in (far, met)
    )
    assert float(below) - float(re.findall(r'cy="([^"]+)"', _large(met))[0]) > 0
    assert float(above) - float(re.findall(r'cy="([^"]+)"', _large(far))[0]) < 0


def test_it_draws_a_range_where_there_is_one() -> None:
    panel = LinePanel(GRADES, actual=[], expected=[], band={4: (21.0, 27.0), 5: (20.0, 29.0)})

    assert _classes(_large(panel), "polygon") == ["chart-band"]


def test_it_gives_each_scale_an_axis_of_its_own() -> None:
    slots = [*SLOTS[:3], *(Slot(term, "Y10", "KS4", 1) for term in ("Aut", "Spr", "Sum"))]
    gcse = LinePanel([GradeTick("C", 40.0, True), GradeTick("B", 46.0, True)], actual=[Mark(3, 40.0)], expected=[])
    levels = LinePanel(GRADES, actual=[Mark(0, 33.0)], expected=[])

    drawn = line_chart({0: levels, 1: gcse}, slots, words=WORDS, width=880, height=300)

    assert {"5b", "C", "B"} <= set(re.findall(r'class="chart-grade">([^<]+)<', drawn))
    assert ">KS4</text>" in drawn


def test_it_draws_an_axis_alone_where_nothing_is_known() -> None:
    drawn = small_line_chart({0: LinePanel(GRADES, actual=[], expected=[[]])}, SLOTS, words="Art: not assessed yet.")

    assert "chart-axis" in drawn
    assert "chart-grade" not in drawn


def test_it_escapes_what_it_is_given() -> None:
    panel = LinePanel(GRADES, actual=[Mark(0, 21.0, words="<b>", label="3b")], expected=[])

    assert "<b>" not in line_chart({0: panel}, SLOTS, words='"<script>', width=880, height=300)
