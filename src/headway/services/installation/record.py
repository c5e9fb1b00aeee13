"""Is the record of looking whole: every entry, and every change it tells of."""

from collections.abc import Iterator
from datetime import datetime

from headway.services.audit import verify
from headway.services.installation.finding import Finding

__all__ = ["record_of_looking"]


def record_of_looking(now: datetime) -> Iterator[Finding]:
    """The chain of the audit holds from its first entry to its last."""
    state = verify(now=now, by="headway check")
    if state.broken:
        said = f"The record of who looked and who changed what is broken at entry {state.broken.sequence}"
        right = "Right would be to keep this installation as it is and compare it with a backup."
        yield Finding(False, f"{said}: {state.broken.wrong}. {right}")
    else:
        yield Finding(True, f"The record of who looked and who changed what is whole: {state.n_entries:,} entries.")
