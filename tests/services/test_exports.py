"""Files out: what goes out comes back unchanged, and into an empty school it makes the same bytes."""

import random

import pytest

from headway.formats.kinds import KINDS
from headway.formats.sheets_out import write_csv, write_xlsx
from headway.records.models import AuditEntry, School
from headway.services.access import COMMAND_LINE, NotAllowedError
from headway.services.exports import ExportRefusedError, Wanted, export
from tests.recount.test_recount import random_school
from tests.school import NOW, bring_in, csv, make_school, make_upn, planned, viewer_for

ORDER = (
    "subjects",
    "pupils",
    "staff",
    "contacts",
    "classes",
    "groups",
    "results",
    "assessments",
    "targets",
    "attendance",
    "behaviour",
)


def exported(school: School, kind: str, *, ending: str = "csv") -> bytes:
    sheet = export(kind, school=school, by=COMMAND_LINE, now=NOW)
    if ending == "csv":
        return write_csv(sheet.headers, sheet.rows)
    return write_xlsx(sheet.headers, sheet.rows, sheet=kind)


@pytest.fixture
def full(db: None) -> School:
    """A school with something of every kind, and texts that try to be something else."""
    school = random_school(random.Random(7))
    upns = [make_upn(number) for number in range(24)]
    files = {
        "staff": csv(
            "staff,name,email,roles,from,to",
            "AB,Ann O’Brien,ann@school.example,head; class_teacher,2020-09-01,",
            "CD,=cmd(),cd@school.example,class_teacher; subject_leader:mathematics; "
            "learning_mentor:+Boosters,,2026-12-31",
        ),
        "subjects": csv(
            "subject,name,key_stages,scale,judgement,counts_as",
            "drama,Drama,KS3,nc_levels,current,",
            "drama,Drama,KS4,gcse,likely,",
        ),
        "classes": csv(
            "class,subject,year_group,upn,teacher",
            *(f"5A,{subject},5,{upn},AB" for subject in ("reading", "mathematics") for upn in upns[:8]),
            f"5A,reading,5,{upns[9]},AB; CD",
        ),
        "groups": csv("group,upn,from,to", f"Choir,{upns[0]},2026-09-01,2026-10-01", f"+Boosters,{upns[1]},,"),
        "contacts": csv(
            "upn,name,relationship,email,language,receives_reports,restricted,from,to",
            f"{upns[0]},Máire O’Brien,mother,maire@home.example,Irish,Y,N,2024-09-01,",
            f"{upns[0]},=Dad(),father,,,N,Y,,2027-01-31",
            f"{upns[1]},Máire O’Brien,aunt,maire@home.example,,,,,",
        ),
        "attendance": csv(
            "upn,term,possible,attended,half_term,unauthorised",
            f"{upns[0]},2026-27-autumn,70,68,1,",
            f"{upns[0]},2026-27-autumn,60,60,2,0",
            f"{upns[1]},2026-27-autumn,130,100,,12",
        ),
        "behaviour": csv(
            "upn,date,type,points,note",
            f"{upns[0]},2026-10-01,praise,2,-1 is not a formula",
            f'{upns[0]},2026-10-02,late,-1,"said ""sorry"", twice"',
        ),
    }
    for kind in ("staff", "contacts", "subjects", "classes", "groups", "attendance", "behaviour"):
        bring_in(school, files[kind], file=f"{kind}.csv")
    leaver = csv(
        "upn,surname,forename,sex,dob,year_group,enrolled_from,enrolled_to,fsm,ethnicity,reg_group",
        f"{make_upn(50)},Gone,Zoë,F,2014-05-05,6,2019-09-01,2025-07-21,Y,APKN,",
        f"{make_upn(51)},'Tick,+Ada,M,2016-05-05,5,2026-10-05,,,,5A",
    )
    bring_in(school, leaver, file="pupils.csv")
    return school


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ORDER)
def test_export_then_import_changes_nothing(full: School, kind: str, ending: str) -> None:
    plan = planned(full, exported(full, kind, ending=ending), file=f"{kind}.{ending}")
    assert not plan.problems, plan.problems[0].sentence()
    assert (plan.count("new"), plan.count("changed"), plan.n_refused) == (0, 0, 0)
    assert plan.count("same") > 0


def test_into_an_empty_school_it_makes_the_same_bytes(full: School) -> None:
    other = make_school("8239999")
    for kind in ORDER:
        bring_in(other, exported(full, kind), file=f"{kind}.csv")
    for kind in (*ORDER, "progress_targets"):
        assert exported(other, kind) == exported(full, kind), kind


def test_the_order_of_rows_in_a_file_changes_nothing(full: School) -> None:
    other = make_school("8239999")
    for kind in ORDER:
        headers, *rows = exported(full, kind).decode().splitlines()
        random.Random(3).shuffle(rows)
        bring_in(other, csv(headers, *rows), file=f"{kind}.csv")
    assert exported(other, "progress_targets") == exported(full, "progress_targets")


def test_every_kind_goes_out_with_the_headers_it_comes_in_with(full: School) -> None:
    for kind in KINDS:
        sheet = export(kind, school=full, by=COMMAND_LINE, now=NOW)
        assert sheet.headers == KINDS[kind].headers
        assert sheet.rows


def test_it_can_be_narrowed(full: School) -> None:
    narrow = Wanted(subject="reading", term="2026-27-autumn")
    rows = export("assessments", school=full, by=COMMAND_LINE, now=NOW, wanted=narrow).rows
    assert {(row[1], row[2]) for row in rows} == {("reading", "2026-27-autumn")}
    of_class = export("pupils", school=full, by=COMMAND_LINE, now=NOW, wanted=Wanted(class_code="5A")).rows
    assert len(of_class) == 9


def test_an_unknown_kind_is_refused_with_what_would_be_right(full: School) -> None:
    with pytest.raises(ExportRefusedError, match="progress_targets"):
        export("marks", school=full, by=COMMAND_LINE, now=NOW)


def test_it_is_in_the_audit(full: School) -> None:
    export("pupils", school=full, by=COMMAND_LINE, now=NOW)
    entry = AuditEntry.objects.filter(action="export").latest("pk")
    assert entry.detail == {"kind": "pupils", "rows": 26}


def test_contacts_go_out_only_to_those_who_manage_people(full: School) -> None:
    data_manager = viewer_for(full, "data_manager")

    with pytest.raises(NotAllowedError):
        export("contacts", school=full, by=data_manager, now=NOW)
    assert export("pupils", school=full, by=data_manager, now=NOW).rows
