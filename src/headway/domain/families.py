"""Words about pupils and families as readers: how the young sign in, and to whom a term can be released."""

from collections.abc import Mapping

__all__ = ["ADULT_AGE", "AUDIENCES", "PASSWORD_KINDS"]

ADULT_AGE = 18
"""From this birthday a family sees a pupil's record only where the pupil has agreed."""

AUDIENCES: Mapping[str, str] = {"pupils": "the pupils themselves", "families": "their parents and guardians"}
"""To whom the marks of a term can be released, by code."""

PASSWORD_KINDS: Mapping[str, str] = {"pictures": "three pictures", "words": "three words"}
"""What a pupil signs in with beside their sign-in name, by code."""
