"""Mark sheets: a class in a term, every cell with what stands beside it; and the list of all of them."""

from headway.services.mark_sheets.class_terms import ClassTerm
from headway.services.mark_sheets.sheets import Sheet, SheetCell, SheetPupil, SheetSubject, sheet_of
from headway.services.mark_sheets.summaries import SheetSummary, sheet_terms, sheets_of
from headway.services.mark_sheets.tallies import digest_of, missing_of

__all__ = [
    "ClassTerm",
    "Sheet",
    "SheetCell",
    "SheetPupil",
    "SheetSubject",
    "SheetSummary",
    "digest_of",
    "missing_of",
    "sheet_of",
    "sheet_terms",
    "sheets_of",
]
