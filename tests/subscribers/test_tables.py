"""Encodings, separators, zips: what is found out about a file, and what is refused."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import FileUnreadable, OptionUnusable
from newsletter.subscribers.columns.values import refuse_hostile
from newsletter.subscribers.tables import open_table, open_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.subscribers.tables import Described, Table

GERMAN = (
    "Vorname;Nachname;E-Mail;Ort\nJörg;Müller;joerg@example.org;Köln\nGünther;Groß;guenther@example.org;Österreich\n"
)
FRENCH = "Prénom,Nom,E-mail\nÉlodie,Lefèvre,elodie@example.org\nFrançois,Hébert,francois@example.org\n"
POLISH = "imię,nazwisko,email\nŁukasz,Wiśniewski,lukasz@example.org\nMałgorzata,Dąbrowska,m@example.org\n"
RUSSIAN = "email,имя,город\nivan@example.org,Иван,Москва\nolga@example.org,Ольга,Казань\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "readers.csv"


def read(path: Path, content: bytes, **options: str) -> tuple[Described, list[list[str]]]:
    """What was found out, and all rows with the headings as the first."""
    path.write_bytes(content)
    with open_table(path, **options) as table:
        return table.described, [row for batch in table.batches(first_line_too=True) for row in batch.rows]


@pytest.mark.parametrize(
    ("text", "codec", "label", "guessed"),
    [
        (GERMAN, "utf-8", "UTF-8", False),
        (GERMAN, "utf-8-sig", "UTF-8", False),
        (GERMAN, "utf-16", "UTF-16", False),
        (GERMAN, "utf-16-le", "UTF-16", False),
        (GERMAN, "utf-16-be", "UTF-16", False),
        (GERMAN, "utf-32", "UTF-32", False),
        (GERMAN, "cp1252", "Windows-1252", True),
        (GERMAN, "mac-roman", "Mac Roman", True),
        (GERMAN, "cp850", "CP850", True),
        (FRENCH, "cp1252", "Windows-1252", True),
        (FRENCH, "mac-roman", "Mac Roman", True),
        (POLISH, "cp1250", "Windows-1250", True),
        (POLISH, "iso8859-2", "ISO-8859-2", True),
        (RUSSIAN, "cp1251", "Windows-1251", True),
        (RUSSIAN, "koi8-r", "KOI8-R", True),
        (RUSSIAN, "utf-16", "UTF-16", False),
        ("email,name\na@example.org,O’Hara – “Ada”\n", "cp1252", "Windows-1252", True),
    ],
)
def test_encodings_are_told_proven_or_guessed(file: Path, text: str, codec: str, label: str, guessed: bool) -> None:
    described, rows = read(file, text.encode(codec))
    separator = ";" if text is GERMAN else ","
    assert rows == [line.split(separator) for line in text.splitlines()]
    assert (described.encoding, described.guessed, described.separator) == (label, guessed, separator)
    assert described.damaged is None


def test_a_guess_and_damage_are_remarked_and_nothing_else(file: Path) -> None:
    assert read(file, GERMAN.encode())[0].remarks == ()
    (guess,) = read(file, GERMAN.encode("cp1252"))[0].remarks
    assert "Windows-1252, which is a guess" in guess
    assert "--encoding" in guess
    (damage,) = read(file, GERMAN.encode() + b"\xff;;;\n")[0].remarks
    assert damage.startswith("From line 4 on some letters do not fit UTF-8")


def test_letters_far_down_in_the_file_are_looked_at(file: Path) -> None:
    _, rows = read(file, b"email,city\n" + b"a@example.org,Bonn\n" * 90_000 + "b@example.org,Köln\n".encode("cp1252"))
    assert rows[-1] == ["b@example.org", "Köln"]


def test_some_broken_lines_of_utf8_cost_only_themselves(file: Path) -> None:
    good = "".join(f"r{i}@example.org,Köln\n" for i in range(5))
    described, rows = read(file, b"email,city\n" + good.encode() + "x@example.org,Köln\n".encode("cp1252"))
    assert (described.encoding, described.guessed, described.damaged) == ("UTF-8", False, 7)
    assert [row[1] for row in rows[1:6]] == ["Köln"] * 5
    with pytest.raises(ValueError, match="has a letter in it that was lost"):
        refuse_hostile(rows[6][1])


def test_a_person_may_say_the_encoding(file: Path) -> None:
    assert read(file, POLISH.encode("cp1250"), encoding="windows-1250")[1][1][0] == "Łukasz"
    assert read(file, POLISH.encode("utf-16"), encoding="UTF-16")[1][1][0] == "Łukasz"
    assert read(file, POLISH.encode("utf-16-be"), encoding="utf-16")[1][0][0] == "imię"
    assert read(file, b"\xef\xbb\xbfemail\na@example.org\n", encoding="utf-8")[1][0] == ["email"]
    described, rows = read(file, "email,n\na@example.org,Jörg\n".encode("cp1252"), encoding="utf8")
    assert described.damaged == 2
    assert "\ufffd" in rows[1][1]


@pytest.mark.parametrize("name", ["klingon", "base64", "zip", "", "utf-8\0", "idna", "unicode_escape", "undefined"])
def test_an_encoding_that_there_is_not_is_told(file: Path, name: str) -> None:
    with pytest.raises(OptionUnusable, match="--encoding: there is no encoding"):
        read(file, b"email\n", encoding=name)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_that_excel_writes_says_the_separator(file: Path, first: str, line_end: str) -> None:
    file.write_bytes(line_end.join([first, "email;city, street", "a@example.org;x"]).encode())
    with open_table(file) as table:
        assert (table.line, table.headings, table.described.separator) == (2, ("email", "city, street"), ";")
        assert [record.line for record in table.records] == [3]


def test_a_person_may_say_the_separator(file: Path) -> None:
    assert read(file, b"email^name\na@example.org^Ada", separator="^")[1] == [
        ["email", "name"],
        ["a@example.org", "Ada"],
    ]
    with pytest.raises(OptionUnusable, match=r"--separator: .* cannot separate columns"):
        read(file, b"email\n", separator="ab")


def test_zeros_in_a_text_file_stay_in_their_cells(file: Path) -> None:
    assert read(file, b"email,name\na@example.org,A\0B\n")[1][1] == ["a@example.org", "A\0B"]


def test_the_sample_is_still_among_the_rows(file: Path) -> None:
    file.write_bytes(b"email\n" + b"".join(b"r%d@example.org\n" % i for i in range(50_000)))
    with open_table(file) as table:
        assert table.sample[0] == ["r0@example.org"]
        assert len(table.sample) == 200
        rows = [row for batch in table.batches() for row in batch.rows]
    assert len(rows) == 50_000


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf \r\n", "it is empty"),
        (b"sep=;\n", "it has no header"),
        (b";;\n", "it has no header, only separators"),
        (b'"email\n', "its header cannot be read: the quotes do not match"),
        (b"email" + b",tags" * 50_000 + b"|" + b"x" * 140_000, "its header cannot be read: a text is longer than"),
        (b"%PDF-1.7\n", "it is a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "it is a picture"),
        (b"\x1f\x8b\x08\0", "it is packed with gzip"),
        (b"SQLite format 3\0", "it is a database"),
        (b"\0\0\1\2\n", "it is not a text file"),
        (bytes(range(256)) * 3, "it is not a text file"),
        ("email,city\na@example.org,Köln\nb@example.org,K\xf6".encode()[:-1], "it ends in the middle of a letter, on line 3"),
        (b"email\n" + b"x" * (11 << 20), "line 2 is longer than any reader's can be"),
        (b"email,\xff\n" + b"x" * (11 << 20), "line 2 is longer than any reader's can be"),
        (b"PK\x03\x04 but no zip", "it is damaged or locked"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_told_in_words(file: Path, content: bytes, why: str) -> None:
    with pytest.raises(FileUnreadable) as caught:
        read(file, content)
    assert caught.value.why.startswith(why)
    assert caught.value.path == file


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (Path.mkdir, "it is a folder, not a file"),
        (lambda _path: None, "there is no such file"),
        (os.mkfifo, "it is not a file on a disk"),
    ],
)
def test_what_is_no_file_is_told_in_words(tmp_path: Path, make: Callable[[Path], None], why: str) -> None:
    make(tmp_path / "other")
    with pytest.raises(FileUnreadable, match=why), open_table(tmp_path / "other"):
        pass


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_gives_each_of_its_tables_with_its_name(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "export.zip",
        {
            "b/subscribed.csv": b"email\na@example.org\n",
            "b/cleaned.csv": "email;Ort\nb@example.org;Köln\n".encode("cp1252"),
            "__MACOSX/b/._cleaned.csv": b"\0\1",
            "readme.pdf": b"%PDF",
        },
    )
    with open_tables(path) as tables:
        found = [(table.name, table.described.member, facts(table)) for table in tables]
    assert found == [
        ("cleaned.csv", "b/cleaned.csv", [["b@example.org", "Köln"]]),
        ("subscribed.csv", "b/subscribed.csv", [["a@example.org"]]),
    ]
    with pytest.raises(FileUnreadable, match=r"several tables \(cleaned.csv, subscribed.csv\)"), open_table(path):
        pass


def facts(table: Table) -> list[list[str]]:
    return [row for batch in table.batches() for row in batch.rows]


def test_a_file_that_is_no_zip_gives_its_one_table(file: Path) -> None:
    file.write_bytes(b"email\na@example.org\n")
    with open_tables(file) as tables:
        assert [facts(table) for table in tables] == [[["a@example.org"]]]


def test_a_member_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", {"a.csv": b"", "b.csv": b"email\n"})
    with pytest.raises(FileUnreadable, match=r"export.zip: a.csv: it is empty"), open_tables(path) as tables:
        list(tables)


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"readme.txt.pdf": b""}, "an archive without a CSV file in it"),
        ({"bomb.csv": b"a" * (30 << 20)}, "bomb.csv in it is absurdly large"),
        ({f"{n}.csv": b"" for n in range(101)}, "it holds 101 tables"),
    ],
)
def test_an_archive_that_cannot_be_used_is_told_in_words(tmp_path: Path, members: dict[str, bytes], why: str) -> None:
    path = zipped(tmp_path / "export.zip", members)
    with pytest.raises(FileUnreadable, match=why), open_tables(path) as tables:
        list(tables)


def test_a_damaged_member_is_told_in_words(tmp_path: Path) -> None:
    path = zipped(tmp_path / "export.zip", {"a.csv": b"email\n" + os.urandom(50_000).hex().encode()})
    content = bytearray(path.read_bytes())
    content[3_000:3_020] = bytes(20)
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match=r"a\.csv: it is damaged"), open_table(path):
        pass


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300)
    | st.builds(
        lambda text, codec: text.encode(codec, "replace"), st.text(max_size=100), st.sampled_from(["utf-16", "cp1252"])
    )
)
def test_any_bytes_are_a_table_or_are_refused_in_words(file: Path, content: bytes) -> None:
    try:
        _, rows = read(file, content)
    except FileUnreadable as why:
        assert why.why  # noqa: PT017
    else:
        assert any(cell.strip() for row in rows for cell in row)
