"""A small framework unlike any that ships, and the refusals it earns with one thing in it changed."""

import pytest

from headway.formats.frameworks import FrameworkRefused, read_framework
from headway.formats.refusals import Problem

SMALL = """\
framework: { code: our-own, version: 3, name: Our own, source: our school }
terms:
  first: { starts: 09-01, ends: 02-29 }
  second: { starts: 03-01, ends: 08-31 }
mark_codes:
  Abs: { words: absent, also: [A] }
scales:
  stars:
    name: stars
    version: 1
    prefixes: [star]
    parts:
      - { code: "-", words: low, points: -1/3, band_from: -1/2 }
      - { code: "", words: secure, points: 0, band_from: -1/6 }
      - { code: "+", words: high, points: +1/3, band_from: +1/6 }
    grades:
      - { code: N, words: none, points: 0, divided: no }
      - { code: 1, words: one star, points: 1, level: 1 }
      - { code: 2, words: two stars, points: 2.0, level: 2 }
  marks:
    name: marks
    version: 1
    range: { from: 0, to: 20, words: mark }
key_stages:
  LOW: { name: Lower school, years: [R, 1, 2], prior: none }
  UP: { name: Upper school, years: [3, 4], prior: { from: LOW, kinds: [test, teacher] } }
named_points:
  Y3: { key_stage: UP, term: 2 }
subjects:
  painting:
    name: Painting
    threshold: 2
    stages:
      LOW: { scale: stars, judgement: current }
      UP: { scale: stars, judgement: current, results_scales: [marks] }
  drawing:
    name: Drawing
    stages:
      UP: { scale: stars, judgement: current }
  art:
    name: Art
    counts_as: [art]
    gcse_size: 0.5
    stages:
      UP: { scale: stars, judgement: current, parts: [painting, drawing] }
thresholds:
  good: { stars: 2-, marks: 15 }
rules: { points_rule: band, tolerance: 1, redraw: from_latest, undivided: yes }
"""


def problems_of(text: str) -> list[Problem]:
    with pytest.raises(FrameworkRefused) as refusal:
        read_framework(text, file="ours.yaml")
    assert refusal.value.problems
    return list(refusal.value.problems)


def problem_of(old: str, new: str) -> Problem:
    """The one problem of the small framework with one thing in it changed."""
    assert SMALL.count(old) == 1
    problems = problems_of(SMALL.replace(old, new))
    assert len(problems) == 1, [problem.sentence() for problem in problems]
    return problems[0]


def line_of(of: str, text: str = SMALL) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if of in line)
