"""The table of retractions: read whatever its rows look like, indexed once, and asked by DOI or PubMed number."""

from __future__ import annotations

import csv
import io
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.model.notice import NoticeKind
from newsletter.model.problem import Place
from newsletter.references.retractions import index as retractions_index
from newsletter.references.retractions.csv_file import OtherColumns, read_rows
from newsletter.references.retractions.table import open_retractions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.references.retractions.table import Retractions

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes"
)
RETRACTION, CONCERN, CORRECTION, REINSTATEMENT = NoticeKind


def row(
    doi: str = "10.1234/one",
    nature: str = "Retraction",
    day: str = "3/14/2019 0:00",
    pmid: str = "0",
    number: object = 1,
    notes: str = "",
) -> list[str]:
    head = [
        str(number),
        "Walking early",
        "(HSC) Medicine;",
        "Larkmeadow",
        "J Examples",
        "Press",
        "Nowhere",
        "A Example",
    ]
    notice = ["", "Research Article;", day, "10.1234/notice", "0", "1/1/2015 0:00", doi, pmid, nature]
    return [*head, *notice, "+Error in Data;+Investigation by Journal/Publisher;", "No", notes]


def written(folder: Path, *rows: Sequence[str], name: str = "retractions.csv") -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = folder / name
    path.write_text(f"{HEADER}\n{text.getvalue()}", "utf-8")
    return path


def opened(path: Path) -> Retractions:
    table, problems = open_retractions(path, path.parent / "cache")
    assert problems == []
    assert table is not None
    return table


def kind_of(folder: Path, *rows: Sequence[str]) -> NoticeKind | None:
    notice = opened(written(folder, *rows)).notice("10.1234/one", "")
    return notice.kind if notice else None


def test_a_paper_is_found_by_its_doi_in_any_case_and_by_its_number(tmp_path: Path) -> None:
    table = opened(written(tmp_path, row("10.1234/One", pmid="31674240"), row("10.1234/two", pmid="0", number=2)))
    for doi, pmid in (
        ("10.1234/ONE", ""),
        ("https://doi.org/10.1234/one", ""),
        ("", "31674240"),
        ("10.9/x", "31674240"),
    ):
        notice = table.notice(doi, pmid)
        assert notice is not None
        assert (notice.kind, notice.date, notice.source) == (RETRACTION, date(2019, 3, 14), "Retraction Watch")
        assert notice.text == "Error in Data, Investigation by Journal/Publisher; doi:10.1234/notice"
    assert table.notice("10.1234/three", "0") is None
    assert table.notice("", "") is None


@pytest.mark.parametrize("nothing", ["0", "unavailable", "Unavailable", "", " ", "n/a"])
def test_no_doi_and_no_number_mean_no_paper(nothing: str, tmp_path: Path) -> None:
    table = opened(written(tmp_path, row(nothing, pmid=nothing)))
    assert (table.facts.rows, table.facts.papers) == (1, 0)
    assert table.notice(nothing, nothing) is None


@pytest.mark.parametrize(
    ("natures", "left"),
    [
        (["Expression of concern", "Retraction"], RETRACTION),
        (["Retraction", "Reinstatement"], REINSTATEMENT),
        (["Retraction", "Reinstatement", "Retraction"], RETRACTION),
        (["Retraction", "Reinstatement", "Correction"], CORRECTION),
        (["Correction", "Expression of concern"], CONCERN),
        (["Expression of concern", "Correction"], CORRECTION),
        (["Retraction", "Correction"], RETRACTION),
        (["Retraction", "Expression of concern"], RETRACTION),
        (["RETRACTION"], RETRACTION),
    ],
)
def test_the_latest_notice_counts_but_only_a_reinstatement_lifts_a_retraction(
    natures: list[str], left: NoticeKind, tmp_path: Path
) -> None:
    rows = [row(nature=nature, day=f"1/2/{2010 + n} 0:00", number=n) for n, nature in enumerate(natures)]
    assert kind_of(tmp_path, *rows) is left
    assert kind_of(tmp_path, *reversed(rows)) is left


def test_of_one_day_the_later_record_counts(tmp_path: Path) -> None:
    assert kind_of(tmp_path, row(nature="Reinstatement", number=12), row(number=11)) is REINSTATEMENT


@pytest.mark.parametrize(
    ("written_so", "meant"),
    [
        ("3/14/2019 0:00", date(2019, 3, 14)),
        ("3/4/2019", date(2019, 3, 4)),
        ("14/3/2019 0:00", date(2019, 3, 14)),
        ("2019-03-14", date(2019, 3, 14)),
        ("2/31/2019 0:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_dates_are_month_day_year(written_so: str, meant: date | None, tmp_path: Path) -> None:
    notice = opened(written(tmp_path, row(day=written_so))).notice("10.1234/one", "")
    assert notice is not None
    assert notice.date == meant


def test_the_table_is_as_old_as_its_newest_entry_that_is_no_slip_of_typing(tmp_path: Path) -> None:
    days = ["10/30/2026 0:00", "11/2/2026 0:00", "11/20/2091 0:00"]
    table = opened(written(tmp_path, *(row(day=day, number=n) for n, day in enumerate(days))))
    assert table.newest == date(2026, 11, 2)
    assert table.described() == "Retraction Watch, 2026-11-02"


def test_a_day_of_several_rows_is_no_slip_of_typing(tmp_path: Path) -> None:
    days = ["3/30/2026 0:00", "4/2/2026 0:00", "11/20/2026 0:00", "11/20/2026 0:00"]
    assert opened(written(tmp_path, *(row(day=day, number=n) for n, day in enumerate(days)))).newest == date(
        2026, 11, 20
    )


def test_a_table_without_dates_is_as_old_as_its_file(tmp_path: Path) -> None:
    path = written(tmp_path, row(day=""))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert opened(path).newest == date(2023, 11, 14)


def test_broken_rows_are_counted_and_cost_no_other(tmp_path: Path) -> None:
    path = written(
        tmp_path, row("10.1234/first"), ["2", "too short"], row("10.1234/x", "Odd nature"), row("10.1234/last")
    )
    table, problems = open_retractions(path, tmp_path / "cache", Place(file="newsletter.toml", line=9))
    assert table is not None
    assert (table.facts.rows, table.facts.broken) == (4, 2)
    assert [(one.code, one.level.value, one.place.line) for one in problems] == [
        ("retraction-data-rows", "information", 9)
    ]
    assert problems[0].message == "2 of the 4 rows of `retractions.csv` cannot be read and are left out"
    assert table.notice("10.1234/first", "")
    assert table.notice("10.1234/last", "")


def test_a_quotation_mark_that_nobody_closes_costs_one_row(tmp_path: Path) -> None:
    path = written(tmp_path, *(row(f"10.1234/{n}", notes='said "no"', number=n) for n in range(200)))
    lines = path.read_text("utf-8").split("\n")
    lines[100] = lines[100].replace("Walking early", '"Walking early')
    path.write_text("\n".join(lines), "utf-8")
    table, _ = open_retractions(path, tmp_path / "cache")
    assert table is not None
    assert (table.facts.rows, table.facts.broken, table.facts.papers) == (200, 1, 199)


def test_marks_of_inches_in_cells_without_quotation_marks_cost_their_rows_only(tmp_path: Path) -> None:
    path = written(tmp_path, *(row(f"10.1234/{n}", number=n) for n in range(6)))
    lines = path.read_text("utf-8").split("\n")
    for number in (2, 4):
        lines[number] = lines[number].replace("Walking early", 'A 5" rod')
    path.write_text("\n".join(lines), "utf-8")
    table, _ = open_retractions(path, tmp_path / "cache")
    assert table is not None
    assert (table.facts.rows, table.facts.papers) == (6, 6 - table.facts.broken)
    assert table.facts.broken <= 2


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Path) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("newsletter.references.retractions.table.index_name", refused)
    table, (problem,) = open_retractions(written(tmp_path, row()), tmp_path / "cache")
    assert table is None
    assert problem.code == "retraction-data-unreadable"
    assert "(Permission denied)" in problem.message


def test_a_quoted_cell_may_go_over_several_lines(tmp_path: Path) -> None:
    table = opened(written(tmp_path, row(notes="one\ntwo, three\n\nfour"), row("10.1234/two")))
    assert (table.facts.rows, table.facts.papers) == (2, 2)


def test_a_file_that_is_not_utf_8_and_begins_with_a_mark_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, row("10.1234/caf\u00e9"), row("10.1234/two"))
    text = path.read_text("utf-8").replace("A Example", "Müller\0")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("cp1252"))
    table = opened(path)
    assert table.notice("10.1234/CAFÉ", "")
    assert table.notice("10.1234/two", "")


def test_columns_are_found_by_their_names_and_semicolons_may_part_them(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "retraction_date;RETRACTION NATURE;OriginalPaperPubMedID;OriginalPaperDOI\n1/2/2020;Retraction;7;10.1234/one\n",
        "utf-8",
    )
    notice = opened(path).notice("", "7")
    assert notice is not None
    assert (notice.kind, notice.text) == (RETRACTION, "")


def test_texts_are_made_fit_to_print(tmp_path: Path) -> None:
    cells = row()
    cells[17] = "+Error\u202e in\x07 Data;" + "+Reason;" * 500
    notice = opened(written(tmp_path, cells)).notice("10.1234/one", "")
    assert notice is not None
    assert notice.text.startswith("Error in Data, Reason")
    assert len(notice.text) < 350


def test_a_file_that_is_not_there_or_another_one_is_a_problem(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("Title,Year\nWalking,2020\n", "utf-8")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    binary = tmp_path / "binary.csv"
    binary.write_bytes(bytes(range(256)) * 20)
    told = {}
    for path in (tmp_path / "none.csv", tmp_path, other, empty, binary, written(tmp_path)):
        table, problems = open_retractions(path, tmp_path / "cache")
        assert table is None
        (told[path.name],) = [(one.code, one.level.value) for one in problems]
    assert told.pop("none.csv") == told.pop(tmp_path.name) == ("retraction-data-missing", "warning")
    assert set(told.values()) == {("retraction-data-unreadable", "warning")}


def test_the_file_is_read_once_and_again_when_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, row())
    opened(path)
    with monkeypatch.context() as patched:
        patched.setattr("newsletter.references.retractions.table.read_contents", None)
        assert opened(path).notice("10.1234/one", "")
    state = path.stat()
    path.write_text(path.read_text("utf-8").replace("10.1234/one", "10.1234/two"), "utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert opened(path).notice("10.1234/one", "") is None
    assert len(list((tmp_path / "cache").iterdir())) == 1, "the index of the earlier state is gone"


def test_a_damaged_index_is_made_anew(tmp_path: Path) -> None:
    path = written(tmp_path, row())
    opened(path)
    (index,) = (tmp_path / "cache").iterdir()
    for damage in (b"", b"no database", index.read_bytes()[:5000]):
        index.write_bytes(damage)
        assert opened(path).notice("10.1234/one", "")


def test_an_index_that_vanishes_while_it_is_used_costs_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, row())
    table = opened(path)
    (index,) = (tmp_path / "cache").iterdir()
    index.unlink()
    assert table.notice("10.1234/one", "")
    assert table.notice("10.1234/two", "") is None


@pytest.mark.parametrize("why", [OSError("read-only"), sqlite3.OperationalError("disk full")])
def test_a_folder_that_cannot_be_written_costs_only_time(
    why: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise why

    monkeypatch.setattr(retractions_index, "_fill", full)
    assert opened(written(tmp_path, row())).notice("10.1234/one", "")
    assert list((tmp_path / "cache").iterdir()) == []


def test_many_checks_at_once_index_one_file_without_harm(tmp_path: Path) -> None:
    path = written(tmp_path, *(row(f"10.1234/{n}", number=n) for n in range(300)))
    with ThreadPoolExecutor(8) as pool:
        tables = list(pool.map(lambda _: opened(path), range(8)))
    assert all(table.notice("10.1234/7", "") for table in tables)
    assert [one.suffix for one in (tmp_path / "cache").iterdir()] == [".sqlite"]


def test_tables_of_two_places_are_kept_apart(tmp_path: Path) -> None:
    first, second = written(tmp_path, row()), written(tmp_path, row("10.1234/two"), name="other.csv")
    assert opened(first).notice("10.1234/one", "")
    assert opened(second).notice("10.1234/two", "")
    assert opened(first).notice("10.1234/two", "") is None
    assert len(list((tmp_path / "cache").iterdir())) == 2


_CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)
_quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_quick
@given(st.lists(st.tuples(_CELL, _CELL), max_size=6))
def test_whatever_the_other_cells_hold_every_row_is_found(cells: list[tuple[str, str]]) -> None:
    text = io.StringIO()
    rows = [[*row(f"10.1234/p{n}", notes=notes)] for n, (_, notes) in enumerate(cells)]
    for one, (title, _) in zip(rows, cells, strict=True):
        one[1] = title
    csv.writer(text).writerows(rows)
    found = list(read_rows(io.BytesIO(f"{HEADER}\n{text.getvalue()}".encode())))
    assert [one.papers if one else None for one in found] == [(f"doi:10.1234/p{n}",) for n in range(len(cells))]


@_quick
@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_make_reading_fail(junk: bytes, headed: bool) -> None:
    good = io.StringIO()
    csv.writer(good).writerow(row("10.1234/after"))
    file = io.BytesIO((f"{HEADER}\n".encode() if headed else b"") + junk + b"\n" + good.getvalue().encode())
    try:
        found = list(read_rows(file))
    except OtherColumns:
        assert not headed
    else:
        assert found[-1] is not None
        assert found[-1].papers == ("doi:10.1234/after",)


def test_quotation_marks_without_end_cost_linear_time() -> None:
    lines = "\n".join(['a,"b' if n % 50 == 0 else '"c","d' * (n % 2) for n in range(20_000)])
    assert set(read_rows(io.BytesIO(f"{HEADER}\n{lines}".encode()))) == {None}
