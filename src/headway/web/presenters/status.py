"""Statuses as people meet them: the word, and the name their shape and colour go by."""

from collections.abc import Mapping

from headway.domain.status import Status

__all__ = ["STATUS_MEANINGS", "STATUS_WORDS"]

STATUS_WORDS: Mapping[Status, str] = {
    "above": "Above",
    "on": "On",
    "below": "Below",
    "well_below": "Well below",
    "not_known": "Not known",
}
"""The word of each status. Templates draw the shape and colour of the same name (parts/shapes.html, headway.css)."""

STATUS_MEANINGS: Mapping[Status, str] = {
    "above": "above progress target",
    "on": "on progress target",
    "below": "below progress target",
    "well_below": "well below progress target",
    "not_known": "not known",
}
"""Each status as part of a sentence."""
