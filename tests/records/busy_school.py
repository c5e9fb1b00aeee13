"""A school in which anything may be written at any moment, and what is asked of it meanwhile."""

import random
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import transaction

from headway.domain.questions import Population, Question
from headway.records import history
from headway.records.kept import KEPT
from headway.records.models import (
    Act,
    Assessment,
    Attendance,
    Characteristic,
    ClassMember,
    Enrolment,
    GroupMember,
    Placement,
    Pupil,
    Result,
    Scale,
    School,
    StageSubject,
    Subject,
    Target,
    TeachingGroup,
    Term,
)
from headway.services.access import COMMAND_LINE, Viewer
from headway.services.choices import choices
from headway.services.collections import close, reopen
from headway.services.progress_targets import lay_lines
from headway.services.questions import Asking
from headway.services.schools import framework_of
from tests.school import NOW, bring_in, csv, make_school, make_upn, pupils_file

TERM, LAST = "2026-27-autumn", "2025-26-summer"
SUBJECTS = ("reading", "writing", "mathematics")
GRADES = ("2c", "2b", "2a", "3c", "3b", "3a", "4c", "4b", "4a", "5c")
UPNS = tuple(make_upn(number) for number in range(1, 17))


def busy_school() -> School:
    """Sixteen pupils in Years 4 to 7 with prior attainment, targets, marks, classes, a group and attendance."""
    school = make_school()
    said = {
        upn: {
            "year_group": str(4 + number % 4),
            "dob": f"{2018 - number % 4}-0{1 + number % 9}-1{number % 9}",
            "sex": "MF"[number % 2],
            "fsm": "YN"[number % 3 == 0],
        }
        for number, upn in enumerate(UPNS)
    }
    stage = {upn: ("KS1", "KS2") if said[upn]["year_group"] != "7" else ("KS2", "KS3") for upn in UPNS}
    cells = [(upn, subject) for upn in UPNS for subject in SUBJECTS]
    bring_in(school, pupils_file(said, columns=["fsm"]), file="pupils.csv")
    tables = {
        "results": ("upn,subject,key_stage,grade", [f"{upn},{s},{stage[upn][0]},2b" for upn, s in cells[::2]]),
        "targets": ("upn,subject,key_stage,grade", [f"{upn},{s},{stage[upn][1]},4b" for upn, s in cells[::3]]),
        "assessments": ("upn,subject,term,grade", [f"{upn},{s},{t},3b" for upn, s in cells[::2] for t in (LAST, TERM)]),
        "classes": ("upn,class,subject,year_group", [f"{upn},5{'AB'[n % 2]},reading,5" for n, upn in enumerate(UPNS)]),
        "groups": ("upn,group", [f"{UPNS[0]},choir"]),
        "attendance": ("upn,term,possible,attended", [f"{upn},{TERM},100,9{n % 10}" for n, upn in enumerate(UPNS)]),
    }
    for kind, (headers, rows) in tables.items():
        bring_in(school, csv(headers, *rows), file=f"{kind}.csv")
    return school


@contextmanager
def nothing_kept() -> Iterator[None]:
    """As in a process that has just begun; what this one keeps comes back."""
    entries, n_bytes = KEPT._entries, KEPT._n_bytes
    KEPT._entries, KEPT._n_bytes = OrderedDict(), 0
    try:
        yield
    finally:
        KEPT._entries, KEPT._n_bytes = entries, n_bytes


QUESTIONS = (
    Question("status", subjects=("reading",), term=TERM, by=("sex", "fsm")),
    Question("gap", subjects=("english",), by=("year_group",)),
    Question("grades", subjects=("mathematics",), term=LAST),
    Question("points", by=("class",)),
    Question("status", Population(year_groups=(5, 6)), basis="target", by=("group",)),
    Question("at_least:3", Population(where=(("sex", "F"),)), by=("attendance_band",)),
    Question("status", subjects=("reading", "english"), as_of=date(2026, 10, 1), by=("prior_band",)),
    Question("status", subjects=("writing",), as_of=date(2027, 7, 1)),
)


def told(question: Question, *, school: School, viewer: Viewer = COMMAND_LINE) -> object:
    """Everything that is said in answer to a question, the names behind it and what else could be asked."""
    school = School.objects.get(pk=school.pk)
    asking = Asking(viewer=viewer, school=school, now=NOW)
    named = asking.names(question) if len(question.subjects) == 1 else ()
    return asking.ask(question), named, choices(viewer=viewer, school=school, now=NOW)


class Writer:
    """Writes whatever may be written in a school, by chance."""

    def __init__(self, school: School, chance: random.Random) -> None:
        self.school, self.chance = school, chance
        self.pupils = list(Pupil.objects.order_by("pk"))
        self.ways: Sequence[Callable[[Act], object]] = (
            *[self.mark] * 6,
            *[self.target] * 3,
            self.characteristic,
            self.class_move,
            self.group_move,
            self.leave_or_return,
            self.year_group,
            self.birthday,
            self.result,
            self.attendance,
            self.composite,
        )

    def write(self) -> str:
        """One write, an undo of the last one, or a collection closed or opened; says which."""
        draw = self.chance.random()
        if draw < 0.1:
            return self.undo()
        if draw < 0.15:
            way = self.chance.choice([close, reopen])
            way(self.chance.choice([TERM, LAST]), school=self.school, by=COMMAND_LINE, now=NOW)
            return way.__name__
        way = self.chance.choice(self.ways)
        with transaction.atomic():
            way(self.begin())
        return way.__name__

    def begin(self) -> Act:
        return history.begin(self.school, kind="busy", by=COMMAND_LINE.author(self.school), at=NOW)

    def undo(self) -> str:
        last = Act.objects.filter(kind="busy", school=self.school).order_by("-pk").first()
        if last is None:
            return "nothing to undo"
        try:
            with transaction.atomic():
                history.undo(last, as_act=self.begin())
        except history.BuiltOnError:
            return "no undo"
        return f"undo of {last.pk}"

    def pupil(self) -> Pupil:
        return self.chance.choice(self.pupils)

    def subject(self) -> Subject:
        return Subject.objects.get(school=self.school, code=self.chance.choice(SUBJECTS))

    def graded(self, row: Assessment | Target | Result) -> None:
        scale = framework_of(self.school).scales["nc_levels"]
        grade = scale.parse(self.chance.choice(GRADES))
        row.scale = Scale.objects.get(school=self.school, code="nc_levels")
        row.grade, row.rank, row.units = grade.code, grade.rank, grade.units

    def mark(self, act: Act) -> None:
        term = Term.objects.get(school=self.school, code=self.chance.choice([TERM, TERM, LAST]))
        mine = {"pupil": self.pupil(), "subject": self.subject(), "term": term, "kind": "current"}
        found = Assessment.objects.filter(**mine).first()
        if found and self.chance.random() < 0.2:
            history.record(act, removed=[found])
        else:
            row = found or Assessment(school=self.school, **mine)
            self.graded(row)
            row.mark_code = ""
            if self.chance.random() < 0.2:
                row.grade, row.rank, row.units, row.mark_code = "", None, None, "Abs"
            row.date = self.chance.choice([None, term.starts, NOW.date(), NOW.date() + timedelta(days=9)])
            history.record(act, **{"changed" if found else "new": [row]})
        self.lay(act, mine["pupil"], mine["subject"])

    def target(self, act: Act) -> None:
        pupil, subject = self.pupil(), self.subject()
        found = Target.objects.filter(pupil=pupil, subject=subject).first()
        if found and self.chance.random() < 0.2:
            self.lay_without(act, found)
            return
        row = found or Target(school=self.school, pupil=pupil, subject=subject, point="KS2")
        self.graded(row)
        row.agreed_on = self.chance.choice([None, date(2026, 9, 1), date(2026, 12, 24)])
        history.record(act, **{"changed" if found else "new": [row]})
        self.lay(act, pupil, subject)

    def lay_without(self, act: Act, target: Target) -> None:
        """A line refers to its target, and goes first."""
        history.record(act, removed=[*target.pupil.progress_targets.filter(target=target)])
        history.record(act, removed=[target])
        self.lay(act, target.pupil, target.subject)

    def lay(self, act: Act, pupil: Pupil, subject: Subject) -> None:
        lay_lines(self.school, act=act, pupils=[pupil.pk], subjects=[subject.pk], today=NOW.date())

    def characteristic(self, act: Act) -> None:
        kind, values = self.chance.choice([("sex", "MF"), ("fsm", "YN")])
        mine = {"pupil": self.pupil(), "kind": kind, "starts": date(2026, 9, self.chance.randint(1, 3))}
        found = Characteristic.objects.filter(**mine).first()
        row = found or Characteristic(school=self.school, **mine)
        row.value = self.chance.choice(values)
        history.record(act, **{"changed" if found else "new": [row]})

    def class_move(self, act: Act) -> None:
        pupil, group = self.pupil(), self.chance.choice(list(TeachingGroup.objects.filter(school=self.school)))
        before = list(ClassMember.objects.filter(pupil=pupil))
        history.record(act, new=[ClassMember(school=self.school, pupil=pupil, teaching_group=group)], removed=before)

    def group_move(self, act: Act) -> None:
        pupil, before = self.pupil(), GroupMember.objects.filter(school=self.school).first()
        if before:
            before.pupil = pupil
            history.record(act, changed=[before])

    def leave_or_return(self, act: Act) -> None:
        row = Enrolment.objects.filter(pupil=self.pupil()).first()
        assert row is not None
        row.ends = self.chance.choice([None, date(2026, 10, 31), NOW.date()])
        history.record(act, changed=[row])

    def year_group(self, act: Act) -> None:
        row = Placement.objects.filter(pupil=self.pupil()).first()
        assert row is not None
        row.year_group, row.reg_group = self.chance.randint(4, 8), self.chance.choice(["", "Oak"])
        history.record(act, changed=[row])

    def birthday(self, act: Act) -> None:
        """Another cohort, so that what is kept of the pupil is kept with others."""
        row = Pupil.objects.get(pk=self.pupil().pk)
        row.dob = date(self.chance.randint(2013, 2019), 1, 5)
        history.record(act, changed=[row])

    def result(self, act: Act) -> None:
        mine = {"pupil": self.pupil(), "subject": self.subject(), "key_stage": "KS1", "kind": "", "year": None}
        found = Result.objects.filter(**mine).first()
        row = found or Result(school=self.school, **mine)
        self.graded(row)
        history.record(act, **{"changed" if found else "new": [row]})
        self.lay(act, row.pupil, row.subject)

    def attendance(self, act: Act) -> None:
        row = Attendance.objects.filter(school=self.school, pupil=self.pupil()).first()
        assert row is not None
        row.attended = self.chance.randint(80, 100)
        history.record(act, changed=[row])

    def composite(self, act: Act) -> None:
        """English made of its parts, or judged by itself."""
        row = StageSubject.objects.get(school=self.school, subject__code="english", key_stage="KS2")
        row.parts = self.chance.choice([[], ["reading", "writing"]])
        history.record(act, changed=[row])
