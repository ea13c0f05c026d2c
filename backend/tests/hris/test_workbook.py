"""Excel workbooks: read as their people see them, and refused when they are no workbooks of people."""

import csv
import zipfile
from io import BytesIO

import pytest
from hris_imports import applied, checked, read, send
from hris_tables import WORKDAY

from vuoro.hris import workbook
from vuoro.hris.problems import FileError
from vuoro.hris.workbook import csv_of

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet {MAIN}><numFmts count="2"><numFmt numFmtId="164" formatCode="d.m.yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="0.00&quot; days&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/>'
    '<xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def book(rows: str, *, strings: str = "", sheets: str | None = None, properties: str = "", **more: str) -> bytes:
    """A workbook as Excel writes it: `rows` is what stands in the sheet's data."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        sheets = sheets or '<sheet name="People" sheetId="1" r:id="rId1"/>'
        archive.writestr(
            "xl/workbook.xml", f'<workbook {MAIN} xmlns:r="{REL}">{properties}<sheets>{sheets}</sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
            '<Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
        )
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{strings}</sst>")
        archive.writestr("xl/styles.xml", STYLES)
        for name, content in {"sheet1": rows, **more}.items():
            archive.writestr(
                f"xl/worksheets/{name}.xml", f"<worksheet {MAIN}><sheetData>{content}</sheetData></worksheet>"
            )
    return packed.getvalue()


def typed(*rows: list[str]) -> bytes:
    """A workbook of texts alone."""
    text = "".join(
        f'<row r="{at}">' + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
        for at, row in enumerate(rows, 1)
    )
    return book(text)


def test_cells_come_as_people_see_them() -> None:
    strings = "<si><t>Name</t></si><si><r><t>Ma</t></r><r><t>ria</t></r><rPh><t>x</t></rPh></si>"
    content = book(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>a, "b"</t></is></c></row>'
        '<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4"><v>1001</v></c><c r="C4"><v>4.5E3</v></c></row>'
        '<row r="5"><c r="A5" s="1"><v>45628</v></c><c r="B5" s="2"><v>45628.0</v></c>'
        '<c r="C5" s="3"><v>45628.5</v></c>'
        '<c r="D5" s="4"><v>2.5</v></c><c r="E5" t="b"><v>1</v></c><c r="F5" t="str"><v>sum</v></c>'
        '<c r="G5" t="e"><v>#REF!</v></c><c r="H5" t="d"><v>2024-12-02</v></c></row>',
        strings=strings,
    )
    assert csv_of(content).decode().splitlines() == [
        'Name,,"a, ""b"""', "", "", "Maria,1001,4500",
        "2024-12-02,2024-12-02,2024-12-02 12:00:00,2.5,true,sum,,2024-12-02",
    ]  # fmt: skip


def test_the_first_sheet_that_is_not_hidden_counts_and_the_macs_calendar_too() -> None:
    sheets = '<sheet name="Old" state="hidden" r:id="rId1"/><sheet name="People" r:id="rId2"/>'
    row = '<row><c s="1"><v>0</v></c></row>'
    content = book("", sheets=sheets, properties='<workbookPr date1904="1"/>', sheet2=row)
    assert csv_of(content) == b"1904-01-01\n"


async def test_a_workbook_brings_people_in_and_names_the_row_that_excel_shows(api, world, run_jobs):
    hr = api(world.other_admin)
    header = ["Employee ID", "Name", "Work email", "Manager ID"]
    content = typed(
        header, ["1", "Anna Alku", "anna@x.example"], [], ["2", "Bo Berg", "no mail", "1"],
        ["3", "Cia Cron", "cia@x.example", "1"],
    )  # fmt: skip
    found = await checked(hr, run_jobs, content, name="people.xlsx")
    assert (found["detected"]["encoding"], found["detected"]["delimiter"]) == ("xlsx", None)
    assert (found["summary"]["created"], found["summary"]["errors"]) == (2, 1)
    rows = (await hr.get(f"/v1/imports/{found['id']}/rows", params={"kind": "error"})).json()["items"]
    assert [(row["row"], row["problems"][0]["column"]) for row in rows] == [(4, "Work email")]
    await hr.post(f"/v1/imports/{found['id']}/apply", json={})
    await run_jobs()
    assert (await read(hr, found["id"]))["state"] == "applied"


async def test_the_workday_export_is_the_same_as_a_workbook(api, world, run_jobs):
    hr = api(world.other_admin)
    rows = list(csv.reader(WORKDAY.read_text("utf-8-sig").splitlines()))
    escaped = [[cell.replace("&", "&amp;").replace("<", "&lt;") for cell in row] for row in rows]
    made = await applied(hr, run_jobs, typed(*escaped), name="workday.xlsx")
    assert made["summary"]["created"] == 2366
    again = await checked(hr, run_jobs, WORKDAY.read_bytes())
    assert again["summary"]["unchanged"] == 2366


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (book("<row>"), "workbook_damaged"),
        (book('<row><c t="s"><v>7</v></c></row>'), "workbook_damaged"),
        (book('<row><c t="s"><v>x</v></c></row>'), "workbook_damaged"),
        (book('<row r="9999999999"/>'), "workbook_damaged"),
        (book('<row><c r="ZZZ1"><v>1</v></c></row>'), "workbook_damaged"),
        (book('<row><c s="1"><v>1e99</v></c></row>'), "workbook_damaged"),
        (book("", sheets='<sheet state="hidden" r:id="rId1"/>'), "file_empty"),
        (book("", sheets='<sheet r:id="rId9"/>'), "workbook_damaged"),
        (book("<row/>"), "file_empty"),
        (b"PK\x03\x04 and so on", "workbook_damaged"),
    ],
)
async def test_what_is_no_workbook_of_people_is_told_so(api, world, run_jobs, content, code):
    found = await checked(api(world.other_admin), run_jobs, content, name="people.xlsx")
    assert (found["state"], found["problem"]["code"]) == ("failed", code)


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1_000_000)
    bomb = book("<row><c><v>1</v></c></row>" * 60_000)
    assert len(bomb) < 20_000
    with pytest.raises(FileError) as caught:
        csv_of(bomb)
    assert caught.value.code == "file_too_large"


def test_entities_that_grow_are_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
        )
    with pytest.raises(FileError) as caught:
        csv_of(packed.getvalue())
    assert caught.value.code == "workbook_damaged"


async def test_tabs_between_the_columns_are_recognized(api, world, run_jobs):
    content = "Employee ID\tName\tManager ID\n1\tAnna Alku\t\n2\tBo Berg\t1\n"
    answer = await send(api(world.other_admin), content, name="people.tsv")
    await run_jobs()
    found = await read(api(world.other_admin), answer.json()["id"])
    assert (found["detected"]["delimiter"], found["summary"]["created"]) == ("\t", 2)
