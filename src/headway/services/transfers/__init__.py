"""Files in: parse, plan, show, apply — all or nothing — and undo. The kinds' own rules live beside this module."""

from headway.services.transfers.apply import Applied, LaterAct, StalePlanError, UndoRefusedError, apply, undo
from headway.services.transfers.draft import Plan, PlannedRow
from headway.services.transfers.past import (
    Change,
    PastTransfer,
    PastTransfers,
    RecordTally,
    TransferDetail,
    transfer_of,
    transfers_of,
)
from headway.services.transfers.plan import plan

__all__ = [
    "Applied",
    "Change",
    "LaterAct",
    "PastTransfer",
    "PastTransfers",
    "Plan",
    "PlannedRow",
    "RecordTally",
    "StalePlanError",
    "TransferDetail",
    "UndoRefusedError",
    "apply",
    "plan",
    "transfer_of",
    "transfers_of",
    "undo",
]
