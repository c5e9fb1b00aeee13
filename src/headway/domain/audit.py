"""The audit's kinds of entries, and when what somebody does should be looked at by somebody else."""

from collections.abc import Mapping
from typing import Literal

__all__ = [
    "EXPORT_ALERT",
    "KINDS",
    "LOOKS_ALERT",
    "LOOKS_HOURS",
    "REFUSALS_ALERT",
    "REFUSALS_MINUTES",
    "SHOWN_KINDS",
    "Kind",
    "kind_of",
]

Kind = Literal["looked", "changed", "exported", "signed in", "refused", "managed", "noted", "alert", "seen", "verified"]

KINDS: Mapping[Kind, str] = {
    "looked": "something about pupils was shown to somebody",
    "changed": "records were changed: one entry an act",
    "exported": "records left as a file",
    "signed in": "somebody signed in or out, tried to, or changed how they do",
    "refused": "somebody asked for what they may not have",
    "managed": "something else was done: an account, a file, a setting",
    "noted": "said of a change when it was made; the change has an entry of its own",
    "alert": "something that somebody should look at",
    "seen": "an alert was looked at",
    "verified": "the chain was walked",
}
"""Every kind of entry, and what it tells."""

SHOWN_KINDS: Mapping[Kind, str] = {
    "looked": "Looked",
    "changed": "Changed",
    "exported": "Exported",
    "signed in": "Signed in",
    "refused": "Refused",
    "managed": "Managed",
}
"""The kinds people choose among."""

EXPORT_ALERT = 100
"""An export of more pupils than this is an alert."""
LOOKS_ALERT, LOOKS_HOURS = 300, 1
"""More different pupils than this within so many hours are an alert, where somebody does not see the whole school."""
REFUSALS_ALERT, REFUSALS_MINUTES = 20, 5
"""So many refusals within so many minutes are an alert."""

_SIGNING_IN = ("sign", "failed sign", "new device", "claim account", "change password", "reset account", "locked")
_SECOND_STEPS = ("passkey", "second step", "recovery code", "authenticator")


def kind_of(action: str) -> Kind:
    """The kind of an entry that a service notes by its action.

    >>> kind_of("export"), kind_of("new device"), kind_of("rename passkey"), kind_of("discard upload")
    ('exported', 'signed in', 'signed in', 'managed')
    """
    if action.startswith("export"):
        return "exported"
    if action.startswith("refused"):
        return "refused"
    if action.startswith(_SIGNING_IN) or any(word in action for word in _SECOND_STEPS):
        return "signed in"
    return "managed"
