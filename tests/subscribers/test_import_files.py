"""Which files are read, and how; the whole way into the store."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from newsletter.errors import FileUnreadable

if TYPE_CHECKING:
    from tests.support.readers import Desk

SAMPLE = Path(__file__).parents[2] / "issues" / "sample-readers.csv"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_separators_line_ends_and_a_byte_order_mark(
    reading_desk: Desk, separator: str, line_end: str, mark: bytes
) -> None:
    rows = [("First Name", "E-Mail", "City"), ("Zoë", "zoe@example.org", '"Köln; Ehrenfeld, NRW"'), ("", "broken", "")]
    content = line_end.join(separator.join(row) for row in rows)
    report = reading_desk.import_(mark + content.encode())
    assert (report.added, [r.line for r in report.rejected]) == (1, [3])
    zoe = reading_desk.get("zoe@example.org")
    assert (zoe.first_name, zoe.attributes) == ("Zoë", {"city": "Köln; Ehrenfeld, NRW"})


@pytest.mark.parametrize(
    ("heading", "field", "value"),
    [
        ("EMAIL ADDRESS", "address", "ada@example.org"),
        ("e-mail", "address", "ada@example.org"),
        ("Mail", "address", "ada@example.org"),
        ("E-Mail-Adresse", "address", "ada@example.org"),
        ("firstname", "first_name", "Ada"),
        ("Given Name", "first_name", "Ada"),
        ("Vorname", "first_name", "Ada"),
        ("Surname", "last_name", "King"),
        ("  family-name ", "last_name", "King"),
        ("Nachname", "last_name", "King"),
        ("Sprache", "language", "de"),
        ("Time Zone", "timezone", "Europe/Berlin"),
    ],
)
def test_the_headings_that_exports_use(reading_desk: Desk, heading: str, field: str, value: str) -> None:
    other = "" if field == "address" else ",email"
    report = reading_desk.import_(f"{heading}{other}\n{value}{other and ',ada@example.org'}\n")
    assert report.ignored == ()
    assert getattr(reading_desk.get("ada@example.org"), field) == value


def test_columns_that_mean_nothing_to_us_are_told_once(reading_desk: Desk) -> None:
    report = reading_desk.import_("Nickname,email,,Postal Address\nx,a@example.org,y,z\nx,b@example.org,y,z\n")
    assert report.ignored == ("Nickname", "column 3, without a heading", "Postal Address")
    assert report.added == 2


def test_what_an_ignored_column_holds_does_not_matter(reading_desk: Desk) -> None:
    report = reading_desk.import_(
        'email,notes\nada@example.org,"two\nlines\tand\x07a bell"\nbob@example.org,\nbroken,\n'
    )
    assert report.added == 2
    assert [r.line for r in report.rejected] == [5]


def test_attributes_are_stored_with_their_types(reading_desk: Desk) -> None:
    reading_desk.import_(
        "email,Sport,AGE,operated on,member\n"
        "a@example.org,nordic WALKING,61.5,2026-02-28,Yes\n"
        "b@example.org,Running,61,,0\n"
    )
    a = reading_desk.get("a@example.org").attributes
    assert a == {"sport": "Nordic walking", "age": 61.5, "operated_on": "2026-02-28", "member": True}
    b = reading_desk.get("b@example.org").attributes
    assert b == {"sport": "running", "age": 61, "member": False}
    assert [type(b["age"]), type(b["member"])] == [int, bool]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("sport", "chess", "`sport`: `chess` is not one of: running, Nordic walking"),
        ("age", "old", "`age`: `old` is not a number such as 12 or 1.5"),
        ("age", "nan", "`age`: `nan` is not a number such as 12 or 1.5"),
        ("age", "1e999", "`age`: `1e999` is not a number such as 12 or 1.5"),
        ("age", "١٢", "`age`: `١٢` is not a number such as 12 or 1.5"),
        ("operated_on", "2026-02-30", "`operated_on`: `2026-02-30` is not a date such as 2026-12-01"),
        ("operated_on", "20260228", "`operated_on`: `20260228` is not a date such as 2026-12-01"),
        ("member", "perhaps", "`member`: `perhaps` is neither yes nor no"),
        ("language", "English", "`language`: `English` is not a language tag such as en, de or es-MX"),
        ("language", "xx", "`language`: `xx` is not a language tag such as en, de or es-MX"),
        ("language", "de@euro", "`language`: `de@euro` is not a language tag such as en, de or es-MX"),
        ("timezone", "Berlin", "`timezone`: `Berlin` is not a time zone such as Europe/Berlin"),
        ("timezone", "../../etc/passwd", "`timezone`: `../../etc/passwd` is not a time zone such as Europe/Berlin"),
        ("first_name", "x" * 401, "`first_name` is 401 characters long; at most 400 are kept"),
        ("city", "x" * 401, "`city` is 401 characters long; at most 400 are kept"),
        ("first_name", '"A\rB"', "`first_name` has a line break in it"),
        ("first_name", '"A\nB"', "`first_name` has a line break in it"),
        ("first_name", "A\u2028B", "`first_name` has a line break in it"),
        ("last_name", "A\tB", "`last_name` has a tab in it"),
        ("last_name", "A\0B", "`last_name` has a control character (U+0000) in it"),
        ("city", "A\x1b[31mB", "`city` has a control character (U+001B) in it"),
        ("city", "A\x85B", "`city` has a control character (U+0085) in it"),
        ("first_name", "A\u202eB", "`first_name` has a character that turns the direction of text (U+202E) in it"),
        ("language", "e\x00n", "`language` has a control character (U+0000) in it"),
    ],
)
def test_a_cell_that_does_not_fit_rejects_its_row_and_no_other(
    reading_desk: Desk, column: str, cell: str, reason: str
) -> None:
    report = reading_desk.import_(f"email,{column}\na@example.org,{cell}\nb@example.org,\n")
    assert [(r.line, r.reason) for r in report.rejected] == [(2, reason)]
    assert [person.address for person in reading_desk.everybody()] == ["b@example.org"]


def test_everything_that_is_wrong_with_a_row_is_told_at_once(reading_desk: Desk) -> None:
    (rejection,) = reading_desk.import_("email,language,age\nada,klingon,old\n").rejected
    assert rejection.reason.count(";") == 2


@pytest.mark.parametrize(
    "name", ["Ṅ" * 400, "{{ 7*7 }}", "<script>alert(1)</script>", "می‌خواهد", "👩‍⚕️", "نوعה", "-x-", "%n", "null", "=1+1"]
)
def test_difficult_names_are_kept_as_they_are(reading_desk: Desk, name: str) -> None:
    reading_desk.import_(f"email,first_name\nada@example.org,{name}\n")
    assert reading_desk.get("ada@example.org").first_name == name


def test_the_sample_readers_are_all_good(reading_desk: Desk) -> None:
    content = SAMPLE.read_bytes().replace(b",sport,", b",activity,")
    report = reading_desk.import_(content)
    assert report.rejected == ()
    assert report.added == len(content.splitlines()) - 1


def test_lines_are_counted_as_an_editor_counts_them(reading_desk: Desk) -> None:
    report = reading_desk.import_(
        '\n\nemail,notes\r\n\r\nbad1,\r\na@example.org,"one\r\ntwo\r\nthree"\r\nbad2,\r\n,,\r\nb@example.org,x\rbad3,\n'
    )
    assert [r.line for r in report.rejected] == [5, 9, 12]
    assert (report.rows, report.added) == (5, 2)


def test_a_quote_that_is_never_closed_costs_one_line(reading_desk: Desk) -> None:
    rows = ['email,first_name,city\na@example.org,"Ada,London\n']
    rows += [f'r{i}@example.org,"R{i}",Town\n' for i in range(50)]
    report = reading_desk.import_("".join(rows))
    assert [r.line for r in report.rejected] == [2]
    assert "quotes do not match" in report.rejected[0].reason
    assert report.added == 50


def test_a_quote_that_is_never_closed_and_no_other_quote_costs_one_line(reading_desk: Desk) -> None:
    rows = "".join(f"r{i}@example.org,{'x' * 60}\n" for i in range(3_000))
    report = reading_desk.import_(f'email,city\na@example.org,"London\n{rows}')
    assert [r.line for r in report.rejected] == [2]
    assert "is a closing quote missing?" in report.rejected[0].reason
    assert report.added == 3_000


def test_a_text_that_is_far_too_long_rejects_its_row(reading_desk: Desk) -> None:
    report = reading_desk.import_(f"email,notes\na@example.org,{'x' * 200_000}\nb@example.org,y\n")
    assert [r.line for r in report.rejected] == [2]
    assert report.added == 1


def test_rows_that_are_too_wide_are_rejected_and_short_ones_are_not(reading_desk: Desk) -> None:
    report = reading_desk.import_("email,first_name\na@example.org,Ada,King\nb@example.org,Bob,,\nc@example.org\n")
    assert [r.line for r in report.rejected] == [2]
    assert report.rejected[0].reason.startswith("the row has 3 cells and the header 2")
    assert report.added == 2


def test_a_row_without_an_address_is_rejected_and_a_blank_one_is_no_row(reading_desk: Desk) -> None:
    report = reading_desk.import_("email,first_name\n,Ada\n , \nb@example.org,\n")
    assert [(r.line, r.reason) for r in report.rejected] == [(2, "there is no address in this row")]
    assert report.rows == 2


ADDRESSES = "email,city\nada@example.org,Köln\n"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"\n\r\n \n", "it is empty"),
        (b";;;\n", "it has no header, only separators"),
        (b"email,first_name\n", "it has a header and no readers below it"),
        (b"email\n\n,\n", "it has a header and no readers below it"),
        (b"name,city\nAda,London\n", "no column holds the addresses; call it `email` (the columns found are: `name`, `city`)"),
        (b"ada@example.org,Ada\nbob@example.org,Bob\n", "its first line is a reader, not a header"),
        (b"email,E-Mail\na@example.org,b@example.org\n", "the columns `email` and `E-Mail` both hold email; keep one of them"),
        (b'"email,first_name\na@example.org,Ada\n', "its header cannot be read: the quotes do not match"),
        (b"email,\x1b[2Jx\na@example.org,\n", "its first line is not a header: a heading has a control character (U+001B) in it"),
        (b"email\na@example.org,\xc3", "it ends in the middle of a letter, on line 2"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "it is a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "it is a damaged workbook"),
        (b"email\n" + b"x" * (11 << 20), "line 2 is longer than any reader's can be"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_in_words_and_changes_nothing(
    reading_desk: Desk, content: bytes, why: str
) -> None:
    with pytest.raises(FileUnreadable) as caught:
        reading_desk.import_(content)
    assert caught.value.why.startswith(why)
    assert caught.value.path == reading_desk.file
    assert reading_desk.everybody() == []


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"])
def test_other_encodings_are_imported(reading_desk: Desk, codec: str) -> None:
    text = "email,first_name,city\nada@example.org,Zoë,Köln\nbob@example.org,Jörg,Düren\n"
    assert reading_desk.import_(text.encode(codec)).added == 2
    assert reading_desk.get("ada@example.org").attributes == {"city": "Köln"}


def test_one_broken_letter_among_many_good_ones_costs_its_row(reading_desk: Desk) -> None:
    good = "".join(f"r{i}@example.org,Köln\n" for i in range(20)).encode()
    report = reading_desk.import_(b"email,city\n" + good + b"x@example.org,K\xf6ln\n")
    assert [(r.line, r.reason) for r in report.rejected] == [
        (22, "`city` has a letter in it that was lost when the file was saved (U+FFFD)")
    ]
    assert report.added == 20


def test_a_workbook_is_imported(reading_desk: Desk) -> None:
    book = openpyxl.Workbook()
    for row in (["E-Mail", "City", "age"], ["ada@example.org", "Köln", 61], ["broken", None, None]):
        book.active.append(row)
    book.save(reading_desk.file)
    report = reading_desk.import_file()
    assert [r.line for r in report.rejected] == [3]
    assert reading_desk.get("ada@example.org").attributes == {"city": "Köln", "age": 61}


def test_an_archive_without_tables_is_told_in_words(reading_desk: Desk) -> None:
    with zipfile.ZipFile(reading_desk.file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(FileUnreadable, match="it is an archive without a CSV file in it"):
        reading_desk.import_file()


def test_no_message_about_a_missing_header_repeats_an_address(reading_desk: Desk) -> None:
    with pytest.raises(FileUnreadable) as caught:
        reading_desk.import_("ada@example.org,Ada\n")
    assert "ada@" not in str(caught.value)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (Path.mkdir, "it is a folder, not a file"),
        (lambda _path: None, "there is no such file"),
        (os.mkfifo, "it is not a file on a disk"),
    ],
)
def test_what_is_no_file_is_told_in_words(reading_desk: Desk, tmp_path: Path, make: Any, why: str) -> None:
    reading_desk.file = tmp_path / "other"
    make(reading_desk.file)
    with pytest.raises(FileUnreadable, match=why):
        reading_desk.import_file()
