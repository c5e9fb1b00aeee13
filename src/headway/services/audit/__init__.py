"""The audit: who looked at whom and who did what; kept in a chain, searched, verified, and told to families.

Services write with `note`; the guards of pages with `looked`. Changes are durable in the history already and come into
the chain by `catch_up`, so that saving a mark pays nothing for them.
"""

from headway.services.audit.acts import catch_up
from headway.services.audit.alerts import Alert, mark_seen, unseen_alerts
from headway.services.audit.checking import ChainState, NoSuchHeadError, chain_state, kept_head, verify
from headway.services.audit.families import Look, looks_at
from headway.services.audit.noting import Way, looked, note
from headway.services.audit.reading import Entries, Entry, Wanted, entries, export_entries, people_of, wanted_of
from headway.services.audit.signing_in import note_failed_account, note_failed_sign_in, note_sign_in

__all__ = [
    "Alert",
    "ChainState",
    "Entries",
    "Entry",
    "Look",
    "NoSuchHeadError",
    "Wanted",
    "Way",
    "catch_up",
    "chain_state",
    "entries",
    "export_entries",
    "kept_head",
    "looked",
    "looks_at",
    "mark_seen",
    "note",
    "note_failed_account",
    "note_failed_sign_in",
    "note_sign_in",
    "people_of",
    "unseen_alerts",
    "verify",
    "wanted_of",
]
