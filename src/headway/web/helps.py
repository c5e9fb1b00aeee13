"""Help on every page, in three sentences: what this is, how to read it, what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["HELPS", "Help"]


@dataclass(frozen=True, slots=True)
class Help:
    """Three sentences about a page."""

    what: str
    how: str
    then: str


HELPS: Mapping[str, Help] = {
    "home": Help(
        "This is what needs you now: the marks you owe, the pupils newly off track, and what others changed.",
        "Newly off track means apparently off track in a subject in which the pupil was not the term before; in the "
        "table for the whole school the lowest shares are the darkest and bear a mark.",
        "Open a sheet to fill it, a name for the pupil's page, or a number of the table for the names behind it.",
    ),
    "search": Help(
        "This finds a pupil or a class by the beginning of any of its names.",
        "Pupils on roll come first, those who have left after them; you find those you have a reason to see.",
        "Open a name for the pupil's page, or a class for its mark sheet; the key / brings you here from anywhere.",
    ),
    "classes": Help(
        "This lists the mark sheets of a term: one for each class in each of its subjects, yours first.",
        "Each bar says how many marks are entered of how many pupils; a code such as Abs counts as entered, because "
        "somebody has decided it.",
        "Open a sheet that is not full, or choose another term to read what was entered then.",
    ),
    "marks": Help(
        "This is the mark sheet of one class in one term: a cell for each pupil's mark, beside the progress target and "
        "last term's mark.",
        "Each mark saves by itself as you go; the status beside it compares the mark with the progress target, and is "
        "a prompt to look, not a verdict.",
        "Fill what is missing. Where nothing can be judged, enter a code such as Abs or NE: it counts as entered.",
    ),
    "targets": Help(
        "This is the target sheet of one class in one subject: what each pupil is hoped to reach, beside where they "
        "began, where they are, and this term's progress target.",
        "A target says under it who agreed it and how it last changed; a flag is a sentence that asks you to look "
        "again, and decides nothing.",
        "Type a new target, read what it would mean, say why if it goes down, and save: the progress targets of the "
        "terms still open are redrawn at once.",
    ),
    "progress": Help(
        "This shows who is apparently on and off track in one subject and term: of a year group, a class or a group "
        "you have made.",
        "The counts, the comparison and the list are about the same pupils; every number opens the names behind it, "
        "and an interval says how much of a difference could be chance.",
        "Open a pupil's name for the whole story and ask why before deciding anything; tick pupils to make a group of "
        "them.",
    ),
    "groups": Help(
        "This lists the groups of pupils somebody here has made for a reason of their own.",
        "The number is of pupils you can see who are in the group today; those who left it stay in its history.",
        "Open a group to see who is in it and how they are getting on, or make one from a list of pupils.",
    ),
    "group": Help(
        "This is one group: who is in it, since when, and how its pupils are getting on in each subject.",
        "Each bar counts its pupils from above to well below their progress target; the numbers and parts open names.",
        "Open a subject to see every pupil, add or take out pupils as things change: nothing of the history is lost.",
    ),
    "group-new": Help(
        "This makes a group of the pupils you chose, from today on.",
        "The names of those who will be in it stand below the field; nobody else is added by itself.",
        "Give the group the name people call it by; you can rename it and add or take out pupils later.",
    ),
    "pupil": Help(
        "This is everything known of one pupil: every subject's way to its target, what stood beside it, and who "
        "agreed what.",
        "The solid line is what was judged, the dashed one the progress target, the diamond the target; each small "
        "chart opens its subject with all its numbers.",
        "Where subjects are far apart or one has turned down, ask those who teach it before deciding anything.",
    ),
    "transfers": Help(
        "Here files come in: pupils, classes, results, targets, marks and more, from any spreadsheet.",
        "Below the field stands every file that came in before, with how many of its rows were new, changed, the same "
        "or left out.",
        "Drop a file: you see what it would do, row by row, before anything changes.",
    ),
    "upload": Help(
        "This is the plan of one file: what each of its rows would do to the records as they are now.",
        "New and changed rows are listed before and after; a refused row names its column, what is wrong and what "
        "would be right.",
        "Apply it, leave the refused rows out knowingly, or correct the file and drop it again.",
    ),
    "transfer": Help(
        "This is a file that came in, with every record it made or changed.",
        "Records stand by kind, each with its values before and after; those that were the same are only counted.",
        "If it was the wrong file, undo it: everything goes back, unless later changes build on it, and then you see "
        "which.",
    ),
    "set-up": Help(
        "These are the steps from a new, empty school to its first mark sheet.",
        "A step that is done says how much is there; the next one is open, and each says which columns its file needs.",
        "Drop the next step's file: you see what it would do, apply it, and come back here.",
    ),
    "set-up-school": Help(
        "This makes the first school of this installation, and your account to look after it.",
        "The framework is what the school assesses by: its levels or grades, its key stages and subjects.",
        "Fill it in once: you are signed in and go on to the pupils, and this address stops working.",
    ),
}
"""The help of each page, by the name of its address. A test asks for one wherever a page is shown."""
