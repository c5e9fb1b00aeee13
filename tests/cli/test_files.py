"""Files in and out from the command line: the plan, all or nothing, the counts that always come last, undo."""

import csv as csv_module
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.conftest import BEN, CAT, MARKS, TERM, Headway, Write
from tests.school import csv, make_upn

GOOD, BAD = f"{BEN},reading,{TERM},3a", f"{CAT},reading,{TERM},9z"
OUT_AND_IN = ("pupils", "subjects", "staff", "classes", "groups", "results", "assessments", "targets")


def exported(headway: Headway, folder: Path, kind: str, *options: str, ending: str = ".csv") -> bytes:
    """What an export writes."""
    out = folder / f"{kind}{ending}"
    done = headway("export", kind, "--out", out, *options)
    assert done.code == 0, done.err
    return out.read_bytes()


def everything_in(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with closing(sqlite3.connect(data / "headway.sqlite3")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: database.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables}


class TestImport:
    def test_it_shows_what_it_did_and_ends_in_the_counts(self, headway: Headway, file: Write) -> None:
        done = headway("import", file("assessments.csv", csv(MARKS + ",room", f"{GOOD},12", f"{CAT},reading,{TERM},,")))

        assert (done.code, done.err) == (0, "")
        said = done.out.splitlines()
        assert said[:3] == ["assessments.csv: assessments.", "Columns left aside: room.", "1 blank grade left aside."]
        assert said[-2].startswith("To undo it: headway undo ")
        assert said[-1] == "1 new, 0 changed, 0 same, 0 refused"

    def test_the_same_file_again_changes_nothing(self, headway: Headway, file: Write) -> None:
        marks = file("assessments.csv", csv(MARKS, GOOD))
        headway("import", marks)

        again = headway("import", marks)

        assert again.last == "0 new, 0 changed, 1 same, 0 refused"
        assert "headway undo" not in again.out

    def test_a_refused_row_refuses_the_file(self, headway: Headway, file: Write, tmp_path: Path) -> None:
        done = headway("import", file("assessments.csv", csv(MARKS, GOOD, BAD)))

        assert done.code == 1
        assert done.last == "1 new, 0 changed, 0 same, 1 refused"
        assert "assessments.csv, row 3, column grade: '9z' it is not a grade" in done.err
        assert done.err.endswith("Nothing was changed.\n")
        assert exported(headway, tmp_path, "assessments").count(b"\n") == 1

    def test_a_dry_run_shows_every_row(self, headway: Headway, file: Write) -> None:
        rows = (f"{BEN},reading,KS2,4a", f"{CAT},writing,KS2,5c")

        done = headway("import", file("targets.csv", csv("upn,subject,key_stage,grade", *rows)), "--dry-run")

        assert (done.code, done.err) == (0, "")
        assert f"Row 2: changed {BEN} KS2 reading: grade 4b → grade 4a" in done.out
        assert f"Row 3: new {CAT} KS2 writing: 5c" in done.out
        assert done.last == "1 new, 1 changed, 0 same, 0 refused"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("targets.csv", csv("upn,subject,key_stage,grade", f"{BEN},reading,KS2,4a")),
            ("assessments.csv", csv(MARKS, GOOD)),
            ("classes.csv", csv("class,subject,year_group,upn", f"5B,reading,5,{BEN}")),
            ("attendance.csv", csv("upn,term,possible,attended", f"{BEN},2025-26-spring,100,90")),
        ],
        ids=["targets", "assessments", "classes", "attendance"],
    )
    def test_a_dry_run_changes_nothing(
        self, headway: Headway, file: Write, data: Path, name: str, content: bytes
    ) -> None:
        before = everything_in(data)

        done = headway("import", file(name, content), "--dry-run")

        assert done.code == 0
        assert everything_in(data) == before

    def test_a_refused_file_changes_nothing(self, headway: Headway, file: Write, data: Path) -> None:
        before = everything_in(data)

        done = headway("import", file("assessments.csv", csv(MARKS, GOOD, BAD)))

        assert done.code == 1
        assert everything_in(data) == before

    @pytest.mark.parametrize("options", [(), ("--accept-valid",)], ids=["", "accepting the valid"])
    def test_a_dry_run_with_refusals_is_1(self, headway: Headway, file: Write, options: tuple[str, ...]) -> None:
        done = headway("import", file("assessments.csv", csv(MARKS, GOOD, BAD)), "--dry-run", *options)

        assert done.code == 1
        assert done.last == "1 new, 0 changed, 0 same, 1 refused"

    def test_the_good_rows_may_be_accepted_and_the_rest_reported(
        self, headway: Headway, file: Write, tmp_path: Path
    ) -> None:
        report = tmp_path / "report.csv"

        done = headway("import", file("assessments.csv", csv(MARKS, GOOD, BAD)), "--accept-valid", "--report", report)

        assert done.code == 0
        assert done.last == "1 new, 0 changed, 0 same, 1 refused"
        assert b"3a" in exported(headway, tmp_path, "assessments")
        with report.open(encoding="utf-8-sig", newline="") as opened:
            (refused,) = csv_module.DictReader(opened)
        assert {name: refused[name] for name in ("file", "row", "column", "value")} == {
            "file": "assessments.csv",
            "row": "3",
            "column": "grade",
            "value": "9z",
        }
        assert refused["wrong"]
        assert refused["right"]

    def test_where_no_row_is_good_there_is_nothing_to_accept(self, headway: Headway, file: Write) -> None:
        done = headway("import", file("assessments.csv", csv(MARKS, BAD)), "--accept-valid")

        assert done.code == 1
        assert done.last == "0 new, 0 changed, 0 same, 1 refused"

    def test_a_file_that_cannot_be_read_at_all_ends_in_the_counts_and_the_report_too(
        self, headway: Headway, file: Write, tmp_path: Path
    ) -> None:
        report = tmp_path / "report.csv"

        done = headway("import", file("mystery.csv", b"colour,shape\nred,square\n"), "--report", report)

        assert done.code == 1
        assert done.last == "0 new, 0 changed, 0 same, 1 refused"
        assert "its headers fit no kind of file" in done.err
        assert "its headers fit no kind of file" in report.read_text("utf-8-sig")

    def test_a_wide_sheet_is_shown_in_its_long_form_before_anything_is_applied(
        self, headway: Headway, file: Write
    ) -> None:
        sheet = file("5B.csv", csv("UPN;Name;Reading;Mathematics", f"{BEN};Ben;3a;abs", f"{CAT};Cat;4c;"))

        shown = headway("import", sheet, "--term", TERM, "--dry-run")
        applied = headway("import", sheet, "--term", TERM)

        assert shown.out.splitlines() == [
            "5B.csv: assessments, a wide mark sheet read as a row a pupil and subject.",
            "Columns left aside: Name.",
            "1 blank grade left aside.",
            f"Row 2: new {BEN} reading {TERM}: 3a",
            f"Row 2: new {BEN} mathematics {TERM}: Abs",
            f"Row 3: new {CAT} reading {TERM}: 4c",
            "3 new, 0 changed, 0 same, 0 refused",
        ]
        assert applied.last == "3 new, 0 changed, 0 same, 0 refused"

    def test_a_wide_sheet_without_a_term_is_refused(self, headway: Headway, file: Write) -> None:
        done = headway("import", file("5B.csv", csv("upn,reading", f"{BEN},3a")))

        assert done.code == 1
        assert "--term 2026-27-autumn" in done.err

    def test_the_kind_may_be_named(self, headway: Headway, file: Write) -> None:
        content = csv("upn,subject,key_stage,grade", f"{BEN},reading,KS1,2b")
        mystery = file("mystery.csv", content)

        assert "its headers fit results and targets" in headway("import", mystery).err
        assert headway("import", mystery, "--as", "results").last == "0 new, 0 changed, 1 same, 0 refused"
        assert "there is no kind called nonsense" in headway("import", mystery, "--as", "nonsense").err

    def test_the_academic_year_may_be_named(self, headway: Headway, file: Write) -> None:
        pupils = csv("upn,surname,forename,sex,dob,year_group", f"{make_upn(9)},Ali,Dee,F,2015-03-01,4")

        done = headway("import", file("pupils.csv", pupils), "--academic-year", "2025-26")
        wrong = headway("import", file("pupils.csv", pupils), "--academic-year", "2025")

        assert done.last == "1 new, 0 changed, 0 same, 0 refused"
        assert wrong.code == 1
        assert "2025" in wrong.err

    def test_it_flags_a_target_that_is_already_attained(self, headway: Headway, file: Write) -> None:
        targets = csv("upn,subject,key_stage,grade,reason", f"{CAT},reading,KS2,3b,a long absence")

        done = headway("import", file("targets.csv", targets))

        assert done.code == 0
        assert f"Flagged: row 2, {CAT} reading: T2." in done.out


class TestUndo:
    def test_it_puts_everything_back(self, headway: Headway, file: Write, tmp_path: Path) -> None:
        kinds = ("targets", "progress_targets")
        before = [exported(headway, tmp_path, kind) for kind in kinds]
        targets = file("targets.csv", csv("upn,subject,key_stage,grade", f"{BEN},reading,KS2,5b"))
        transfer = headway("import", targets).out.splitlines()[-2].rpartition(" ")[2]

        done = headway("undo", transfer)

        assert done.code == 0
        assert done.out == "Undone: 2 records are as they were.\n"
        assert [exported(headway, tmp_path, kind) for kind in kinds] == before
        assert headway("undo", transfer).err == "That transfer has been undone already.\n"

    def test_it_refuses_what_was_never_imported(self, headway: Headway) -> None:
        done = headway("undo", uuid4())

        assert done.code == 1
        assert "Right would be the id that its import printed." in done.err

    def test_it_refuses_what_later_imports_build_on(self, headway: Headway, file: Write) -> None:
        first = headway("import", file("assessments.csv", csv(MARKS, GOOD)))
        headway("import", file("assessments.csv", csv(MARKS, f"{BEN},reading,{TERM},3b")))

        done = headway("undo", first.out.splitlines()[-2].rpartition(" ")[2])

        assert done.code == 1
        assert "import by Command line on 23 November 2026" in done.err


class TestExport:
    @pytest.mark.parametrize("ending", [".csv", ".xlsx"])
    def test_what_goes_out_comes_back_in_unchanged(
        self, headway: Headway, file: Write, tmp_path: Path, ending: str
    ) -> None:
        headway("import", file("staff.csv", b"staff,name,email,roles\nAKH,A. Khan,a.khan@hillside.example,tutor\n"))
        headway("import", file("classes.csv", csv("class,subject,year_group,upn,teacher", f"5B,reading,5,{BEN},AKH")))
        headway("import", file("groups.csv", csv("group,upn,from", f"=cmd|' /C calc'!A0,{CAT},2026-09-01")))
        headway("import", file("assessments.csv", csv(MARKS + ",comment", f'{GOOD},"+1, he says"')))

        for kind in OUT_AND_IN:
            exported(headway, tmp_path, kind, ending=ending)
            back = headway("import", tmp_path / f"{kind}{ending}")
            assert (back.code, back.err) == (0, "")
            assert back.last.startswith("0 new, 0 changed, "), kind
            assert not back.last.startswith("0 new, 0 changed, 0 same"), kind

    def test_an_empty_schools_export_has_its_headers(self, headway_anew: Headway, tmp_path: Path) -> None:
        headway_anew("init", "--name", "New", "--dfe", "8231234", "--framework", "england-2008")

        assert exported(headway_anew, tmp_path, "targets").startswith(b"upn,subject,key_stage,grade,")

    def test_export_and_import_into_an_empty_school_and_export_give_the_same_bytes(
        self, headway: Headway, file: Write, tmp_path: Path
    ) -> None:
        headway("import", file("assessments.csv", csv(MARKS, GOOD)))
        first = {kind: exported(headway, tmp_path, kind) for kind in OUT_AND_IN}
        headway("init", "--name", "Twin", "--dfe", "8239999", "--framework", "england-2008", "--add")
        one, two = ("--school", "8231234"), ("--school", "8239999")

        for kind, content in first.items():
            done = headway("import", file(f"{kind}.csv", content), *two)
            assert done.code == 0, done.err

        assert {kind: exported(headway, tmp_path, kind, *two) for kind in OUT_AND_IN} == first
        lines = [exported(headway, tmp_path, "progress_targets", *which) for which in (one, two)]
        assert lines[0] == lines[1]

    def test_a_part_may_be_asked_for(self, headway: Headway, tmp_path: Path) -> None:
        term = exported(headway, tmp_path, "progress_targets", "--term", TERM, "--subject", "reading")
        nobody = exported(headway, tmp_path, "pupils", "--year-group", "6")

        assert term.count(b"\n") == 3
        assert nobody.count(b"\n") == 1

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("nonsense", "--out", "x.csv"), "There is no kind 'nonsense' to export. Right would be one of pupils, "),
            (("pupils", "--out", "x.docx"), "'x.docx' would be neither CSV nor XLSX."),
            (("pupils", "--out", "x"), "'x' would be neither CSV nor XLSX."),
            (("pupils", "--out", "x.csv", "--year-group", "15"), "14"),
            (("pupils", "--out", "x.csv", "--class", "5B"), "The school has no class '5B'."),
            (("targets", "--out", "x.csv", "--subject", "zz"), "The school has no subject 'zz'."),
            (("assessments", "--out", "x.csv", "--term", "autumn"), "2026-27-autumn"),
        ],
        ids=["kind", "ending", "no ending", "year group", "class", "subject", "term"],
    )
    def test_it_refuses_what_cannot_go_out(
        self,
        headway: Headway,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        words: tuple[str, ...],
        said: str,
    ) -> None:
        monkeypatch.chdir(tmp_path)

        done = headway("export", *words)

        assert (done.code, done.out) == (1, "")
        assert said in done.err
        assert not list(tmp_path.glob("x*"))

    def test_it_says_how_many_rows_there_are(self, headway: Headway, tmp_path: Path) -> None:
        out = tmp_path / "pupils.csv"

        assert headway("export", "pupils", "--out", out).out == f"2 rows of pupils in {out}\n"

    def test_it_leaves_the_old_file_where_the_new_one_cannot_be_written(self, headway: Headway, tmp_path: Path) -> None:
        (tmp_path / "pupils.csv").write_text("as it was")
        (tmp_path / "pupils.csv.part").mkdir()

        done = headway("export", "pupils", "--out", tmp_path / "pupils.csv")

        assert done.code == 1
        assert "cannot be used" in done.err
        assert (tmp_path / "pupils.csv").read_text() == "as it was"
