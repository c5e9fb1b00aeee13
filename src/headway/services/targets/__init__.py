"""Targets as a class's people see and set them: the sheet, a target tried as it is typed, targets set."""

from headway.services.targets.checking import Checked, Prospect, check_targets
from headway.services.targets.ground import TargetCell
from headway.services.targets.rows import LatestMark, SheetPoint, SheetRow, SheetTarget
from headway.services.targets.setting import Outcome, OutcomeKind, Standing, set_targets
from headway.services.targets.sheets import TargetSheet, target_sheet

__all__ = [
    "Checked",
    "LatestMark",
    "Outcome",
    "OutcomeKind",
    "Prospect",
    "SheetPoint",
    "SheetRow",
    "SheetTarget",
    "Standing",
    "TargetCell",
    "TargetSheet",
    "check_targets",
    "set_targets",
    "target_sheet",
]
