"""Sheets of workbooks as tables."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from newsletter.errors import FileUnreadable, OptionUnusable
from newsletter.subscribers.tables import open_table

if TYPE_CHECKING:
    from pathlib import Path

READERS = ("email", "age", "height", "joined", "born", "at", "member", "left", "formula", "note")
ADA = (
    *("ada@example.org", 61, 1.75, dt.datetime(2024, 3, 4, 5, 6, 7), dt.date(1815, 12, 10), dt.time(9, 30)),  # noqa: DTZ001
    *(True, False, "=1+1", "=SUM(A1)"),
)


def book(path: Path, **sheets: list[tuple[Any, ...]]) -> Path:
    made = openpyxl.Workbook()
    del made["Sheet"]
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def test_cells_are_texts_as_a_person_would_type_them(tmp_path: Path) -> None:
    people = [READERS, (*ADA[:4], dt.date(1915, 12, 10), *ADA[5:]), ("bob@example.org", 4_912_345_678_901, None, "007")]
    with open_table(book(tmp_path / "readers.xlsx", People=people)) as table:
        assert table.headings == READERS
        ada, bob = (record.cells for record in table.records)
    assert ada[:8] == [
        *("ada@example.org", "61", "1.75", "2024-03-04 05:06:07", "1915-12-10", "09:30:00", "true", "false"),
    ]
    assert bob[:4] == ["bob@example.org", "4912345678901", "", "007"]


def test_rows_keep_their_numbers_and_empty_ones_are_left_out(tmp_path: Path) -> None:
    rows: list[tuple[Any, ...]] = [
        (),
        (None, None),
        (None, "email"),
        (),
        (None, "a@example.org"),
        (None, " "),
        (None, "b@example.org"),
    ]
    with open_table(book(tmp_path / "readers.xlsx", People=rows)) as table:
        assert (table.line, table.headings) == (3, ("email",))
        assert [(record.line, record.cells) for record in table.records] == [
            (5, ["a@example.org"]),
            (7, ["b@example.org"]),
        ]


def test_the_sheet_that_holds_addresses_is_taken_or_the_one_that_is_named(tmp_path: Path) -> None:
    path = book(
        tmp_path / "b.xlsx",
        Notes=[("read me",)],
        People=[("e",), ("a@example.org",)],
        More=[("m",), ("m@example.org",)],
    )
    with open_table(path) as table:
        assert (table.headings, table.described.sheet, table.described.other_sheets) == (
            ("e",),
            "People",
            ("Notes", "More"),
        )
        assert table.described.remarks == (
            "Its other sheets are not read: Notes, More. To read one of them: --sheet NAME",
        )
    with open_table(path, sheet="more") as table:
        assert table.headings == ("m",)
    with (
        pytest.raises(OptionUnusable, match=r"--sheet: .* has no sheet `x`; its sheets are: Notes, People, More"),
        open_table(path, sheet="x"),
    ):
        pass


def test_a_workbook_without_addresses_gives_its_first_sheet_with_anything(tmp_path: Path) -> None:
    with open_table(book(tmp_path / "b.xlsx", Empty=[], Names=[("name",), ("Ada",)])) as table:
        assert table.described.sheet == "Names"
    with pytest.raises(FileUnreadable, match="it is empty"), open_table(book(tmp_path / "c.xlsx", Empty=[])):
        pass


def with_sheet(path: Path, xml: str) -> Path:
    """A workbook whose sheet is made of this XML."""
    whole = book(path.with_suffix(".whole"), People=[("email",), ("a@example.org",)])
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            is_sheet = info.filename == "xl/worksheets/sheet1.xml"
            new.writestr(info.filename, xml if is_sheet else old.read(info))
    return path


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
FIRST = '<row r="1"><c r="A1" t="inlineStr"><is><t>email</t></is></c></row>'


@pytest.mark.parametrize(
    "rows",
    [
        f'{FIRST}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        f"{FIRST}<row\n spans='1:1' r = '1048576'><c s='1' r='XFD1048576'><v>1</v></c></row>",
        f'{FIRST}<row r="2"><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="1">' + "<c><v>1</v></c>" * 500 + '</row><row r="1048576"><c><v>1</v></c></row>',
    ],
)
def test_a_small_file_that_asks_for_a_huge_sheet_is_refused_before_it_is_opened(tmp_path: Path, rows: str) -> None:
    path = with_sheet(tmp_path / "bomb.xlsx", SHEET.format(rows))
    with pytest.raises(FileUnreadable, match="reaches too far down or to the right; save it as CSV"), open_table(path):
        pass


def test_a_file_that_is_huge_when_it_is_unpacked_is_refused(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "bomb.xlsx", SHEET.format(FIRST))
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    # the size that the directory of the archive declares
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 22
    assert int.from_bytes(content[at : at + 4], "little") == size
    path.write_bytes(content[:at] + (500 << 20).to_bytes(4, "little") + content[at + 4 :])
    with pytest.raises(FileUnreadable, match="too large for a workbook; save it as CSV"), open_table(path):
        pass


@pytest.mark.parametrize(
    "xml",
    [
        "<worksheet",
        "",
        "no xml",
        SHEET.format('<row r="1"><c r="A1" t="s"><v>99999</v></c></row>'),
        SHEET.format("<row r='x'/>"),
    ],
)
def test_a_damaged_sheet_ends_in_words_or_in_a_table(tmp_path: Path, xml: str) -> None:
    try:
        with open_table(with_sheet(tmp_path / "damaged.xlsx", xml)):
            pass
    except FileUnreadable as why:
        assert why.why  # noqa: PT017


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged workbook"),
        (b"PK\x03\x04" + bytes(100), "it is damaged"),
    ],
)
def test_what_only_begins_like_a_workbook_is_told_in_words(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "old.xls").write_bytes(content)
    with pytest.raises(FileUnreadable, match=why), open_table(tmp_path / "old.xls"):
        pass


def test_a_workbook_whose_parts_are_missing_is_told_in_words(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(FileUnreadable, match=r"damaged workbook|it is empty"), open_table(tmp_path / "b.xlsx"):
        pass
