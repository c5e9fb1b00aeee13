"""Files in: parse, plan, show, apply — all or nothing — and undo. The kinds' own rules live beside this module."""

from headway.services.transfers.apply import Applied, StalePlanError, UndoRefusedError, apply, undo
from headway.services.transfers.draft import Plan, PlannedRow
from headway.services.transfers.plan import plan

__all__ = ["Applied", "Plan", "PlannedRow", "StalePlanError", "UndoRefusedError", "apply", "plan", "undo"]
