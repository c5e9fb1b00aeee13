"""The installation itself: its tables kept up to date, and whether it is sound (`rows` says what is looked at)."""

from headway.services.installation.copies import remember_backup
from headway.services.installation.finding import Finding, InstallationRefusedError
from headway.services.installation.rows import ROWS, Row, findings, require_sound
from headway.services.installation.tables import bring_up_to_date, is_up_to_date, require_up_to_date

__all__ = [
    "ROWS",
    "Finding",
    "InstallationRefusedError",
    "Row",
    "bring_up_to_date",
    "findings",
    "is_up_to_date",
    "remember_backup",
    "require_sound",
    "require_up_to_date",
]
