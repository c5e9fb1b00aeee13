"""Attendance and behaviour under the lines."""

import re
from xml.etree import ElementTree

from headway.charts.strips import Missed, Moment, strip_chart
from headway.charts.terms import Slot, TermAxis

SLOTS = [Slot(term, "Y6", "KS2") for term in ("Aut", "Spr", "Sum")]


def _heights(drawn: str) -> list[float]:
    return [float(each) for each in re.findall(r'height="([\d.]+)" class="chart-missed"', drawn)]


def test_it_draws_missed_sessions_in_proportion_from_none() -> None:
    missed = [Missed(0, 5.0, "95", "a"), Missed(1, 10.0, "90", "b"), Missed(2, 0.0, "100", "c")]

    drawn = strip_chart(SLOTS, missed=missed, moments=[], words="Attendance", width=300)

    assert _heights(drawn) == [8.0, 16.0, 0.5]
    assert ">95</text>" in drawn


def test_it_lets_no_bar_run_out_of_its_strip() -> None:
    missed = [Missed(0, 80.0, "20", "a"), Missed(1, 40.0, "60", "b")]

    drawn = strip_chart(SLOTS, missed=missed, moments=[], words="Attendance", width=300)

    assert _heights(drawn) == [40.0, 20.0]


def test_it_puts_an_incident_on_its_day_and_on_its_side() -> None:
    moments = [Moment(1, 0.5, 5, "good"), Moment(1, 0.5, -5, "bad")]

    drawn = strip_chart(SLOTS, missed=[], moments=moments, words="Behaviour", width=300)

    at = TermAxis(SLOTS, left=36, right=270).at(1, 0.5)
    (good, up), (bad, down) = re.findall(r'<circle cx="(\d+)" cy="([\d.]+)"', drawn)
    assert float(good) == float(bad) == at
    assert float(up) < float(down)
    assert re.findall(r'r="3" class="([^"]+)"', drawn) == ["chart-good", "chart-bad"]


def test_it_stands_on_the_terms_of_the_lines() -> None:
    drawn = strip_chart(SLOTS, missed=[Missed(0, 5.0, "95", "a")], moments=[], words="Attendance", width=300)

    assert ElementTree.fromstring(drawn).get("aria-label") == "Attendance"
    assert ">Aut</text>" in drawn
    assert drawn == strip_chart(SLOTS, missed=[Missed(0, 5.0, "95", "a")], moments=[], words="Attendance", width=300)
