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
    "audit": Help(
        "This is the record of who looked at which pupils, who changed what, took records out, signed in or was "
        "refused.",
        "The newest stand first; a number of pupils opens to their names. What is one pupil’s, their own page leads "
        "to.",
        "Look at what stands on top and mark it as seen; narrow the rest by person, by kind or by days, and ask "
        "whoever it names before you conclude anything.",
    ),
    "pupil": Help(
        "This is everything known of one pupil: every subject's way to its target, what stood beside it, and who "
        "agreed what.",
        "The solid line is what was judged, the dashed one the progress target, the diamond the target; each small "
        "chart opens its subject with all its numbers.",
        "Where subjects are far apart or one has turned down, ask those who teach it before deciding anything.",
    ),
    "pupil-as-family": Help(
        "This is what the pupil, or the family, sees of this pupil’s progress today.",
        "Only terms that are released stand here, without notes, ranks or anybody else; the words are theirs.",
        "If something should not be seen yet, withdraw the term under Releases; if it is wrong, correct the mark.",
    ),
    "my-progress": Help(
        "This is how you, or your child, are getting on in each subject, as far as the school has shown it.",
        "The solid line is the grades, the dashed line the way to the target, and the diamond the target.",
        "Where it says a little behind, ask the teacher what would help next. You can print the page.",
    ),
    "my-child": Help(
        "This is how your child is getting on in each subject, as far as the school has shown it.",
        "The solid line is the grades, the dashed line the way to the target, and the diamond the target.",
        "Where it says a little behind, ask the school what would help next. You can print the page.",
    ),
    "families": Help(
        "This lists the parents and guardians of a class, pupil by pupil, and whether they can sign in.",
        "Who is restricted, has ended or was never invited sees nothing; one account may see several children, each by "
        "an invitation of its own.",
        "Open a contact to invite them, to restrict them at once, or to read what was done and why.",
    ),
    "contact": Help(
        "This is one parent or guardian of one pupil: how they stand, and everything that was ever done.",
        "What they may see follows from their dates, a restriction, the pupil’s age and an invitation made for this "
        "child.",
        "Invite them, hand over the one-time link, or restrict them with the reason: it holds from their next click.",
    ),
    "releases": Help(
        "This says which term’s marks each year group’s pupils and families can see, since when, and who said so.",
        "Pupils and families are decided one by one for each term; what is not released is not shown to them.",
        "Tick boxes, choose the day, and release; or tick what was a mistake and withdraw it.",
    ),
    "class-cards": Help(
        "This lists the classes whose pupils you can make sign-in cards for, and how many have one.",
        "A card is a name of two words and a number with three words or pictures; it opens the pupil’s own page alone.",
        "Open a class to make the cards that are missing, or new ones for those that were lost.",
    ),
    "class-cards-of": Help(
        "This is one class: who has a sign-in card and of which kind.",
        "Ticked are those who have none; making a card anew ends the old one and whatever it had open.",
        "Choose words or pictures, make the cards, and print them at once: they are shown only then.",
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
    "school": Help(
        "This lists what is managed here: people, roles, and what pupils and families see.",
        "You see what your role may open; the head and the assessment manager see all of it.",
        "Open what you came for; daily work stays at the top of the page.",
    ),
    "roles": Help(
        "This is every role there is: whom it sees, what of them, what it may do and what it never does.",
        "A dot means yes. What is not said here is not allowed, and somebody with two roles has what either allows.",
        "Print it for the staffroom. If somebody should see more or less, their role is changed under People.",
    ),
    "people": Help(
        "This is everybody who works at the school: their roles, whether they can sign in, and when they were last "
        "here.",
        "Asleep means not used for 90 days: it takes a new link. A second step is missing where a role asks for one.",
        "Open a name to change roles, make a one-time link or end somebody's time; invite whoever is new.",
    ),
    "people-invite": Help(
        "This makes an account for somebody with the roles they need, and a one-time link to make it theirs.",
        "A role for a subject, a year or a registration group stands in the list with its name.",
        "Fill it in, then copy the link and the words from the next page: it is shown only once.",
    ),
    "person": Help(
        "This is one person who works here: their roles, their account, and when their time ends.",
        "A change of roles or an end holds from their next click, wherever they are signed in.",
        "Take a tick away or add a role, make a one-time link, or end their time; below stands what changed before.",
    ),
    "tokens": Help(
        "This lists the tokens by which other programs ask Headway for what you may see.",
        "Last used says whether anything still needs it; those who look after people see everybody's.",
        "Make one for each program, and revoke what nobody uses, or what may have been seen by somebody.",
    ),
    "token-new": Help(
        "This makes a token: what a program sends instead of a password to ask for what you may see.",
        "Look up is enough for most programs; take out gives the marks of all terms at once.",
        "Say what uses it, give it no more than it needs, and copy it from the next page: it is shown once.",
    ),
    "account": Help(
        "This is how you sign in: your password, your second step, and the browsers you have signed in from.",
        "A second step is a passkey or a code from your telephone; recovery codes stand in for it when it is not "
        "at hand.",
        "Take away what you no longer have, make recovery codes before you need them, and sign out where you do not "
        "know the browser.",
    ),
    "account-password": Help(
        "This changes your password.",
        "It takes at least 12 characters; well-known ones, your name and the school's are refused.",
        "Choose three or four words that only you would put together; there is no need to change it from time to time.",
    ),
    "second-step-new": Help(
        "This adds a second step to your sign-in: a passkey, a code app, or both.",
        "A passkey is kept by your device and opened by your finger, face or PIN; a code app shows six digits to type.",
        "Make a passkey where you work every day, then print your recovery codes.",
    ),
    "code-app": Help(
        "This connects an app on your telephone that shows a new code every half minute.",
        "The picture and the letters beside it say the same; the app needs only one of them.",
        "Add it in the app, type the code it shows, and it is asked for after your password from then on.",
    ),
    "recovery-codes": Help(
        "These are ten codes for the day your telephone or passkey is not at hand.",
        "Each lets you in once, after your password; making new ones ends the old.",
        "Print them or write them down, and keep them away from the computer.",
    ),
    "prove-again": Help(
        "This asks once more who you are, before you change how you sign in.",
        "It holds for ten minutes, so that nobody who finds your screen open can lock you out.",
        "Give your password, your passkey or a code, and you go on to where you were going.",
    ),
    "locking": Help(
        "This is after how many minutes the school's pages are covered when nobody does anything.",
        "A covered page asks for the password again; what was typed stays.",
        "Choose fewer minutes where children pass by the screens.",
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
