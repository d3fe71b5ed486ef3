from __future__ import annotations

import csv
import io
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.tables.delimited import delimited
from newsletter.subscribers.tables.separators import given_separator, said_separator, separator_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.subscribers.tables.table import Fault


def lines_of(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


def read(text: str, separator: str = ",", at_once: int = 1_000_000) -> tuple[dict[int, list[str]], list[Fault]]:
    """Line -> cells, and the faults; `at_once` lines are handed out at a time."""
    lines = lines_of(text)
    pieces = iter([lines[at : at + at_once] for at in range(0, len(lines), at_once)])
    rows: dict[int, list[str]] = {}
    faults: list[Fault] = []
    for batch in delimited(lambda: next(pieces, []), separator):
        rows |= dict(zip(batch.lines, batch.rows, strict=True))
        faults += batch.faults
    return rows, faults


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0@"), max_size=12)


@given(
    st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
    st.integers(1, 4),
)
def test_what_the_csv_module_writes_comes_back_with_true_lines(
    rows: list[list[str]], separator: str, at_once: int
) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL)
    expected = {}
    for row in rows:
        if any(cell.strip() for cell in row):
            expected[len(lines_of(written.getvalue())) + 1] = row
        writer.writerow(row)
    assert read(written.getvalue(), separator, at_once) == (expected, [])


@given(st.text(st.sampled_from('a@",\n\r;'), max_size=60), st.integers(1, 5))
def test_no_line_is_lost_or_told_twice_however_the_quotes_stand(text: str, at_once: int) -> None:
    rows, faults = read(text, ",", at_once)
    lines = lines_of(text)
    told = sorted([*rows, *(fault.line for fault in faults)])
    assert len({*told}) == len(told)
    assert blank(lines[: told[0] - 1] if told else lines)
    for line, end in pairwise([*told, len(lines) + 1]):
        raw = lines[line - 1 : end - 1]
        used = next(n for n in range(1, len(raw) + 1) if line not in rows or parsed(raw[:n]) == rows[line])
        assert blank(raw[used:]), "behind a fault or a row only blank lines go without a word"
    assert read(text, ",") == (rows, faults), "how much is read at once makes no difference"


def blank(lines: list[str]) -> bool:
    return not any(any(cell.strip() for cell in row) for row in csv.reader(lines))


def parsed(lines: list[str]) -> list[str]:
    return next(csv.reader(lines), [])


ROWS = "".join(f"r{i}@example.org,Reader {i}\n" for i in range(300))


def test_rows_that_an_open_quote_has_swallowed_are_given_back() -> None:
    rows, faults = read(f'email,height\na@example.org,"6 feet\n{ROWS}b@example.org,5\' 6",tall\n')
    assert [fault.line for fault in faults] == [2]
    assert "the quotes do not match" in faults[0].why
    assert len(rows) == 302


def test_a_text_of_many_lines_in_quotes_is_one_cell() -> None:
    notes = "\n".join(f"On day {day}, we wrote to a@example.org about walking" for day in range(100))
    rows, faults = read(f'email,first_name,last_name,notes\na@example.org,Ada,King,"{notes}"\nb@example.org,,,\n')
    assert rows[2][3] == notes
    assert [*rows, faults] == [1, 2, 102, []]


def test_a_row_of_too_many_lines_is_a_fault_and_costs_one_line() -> None:
    rows, faults = read('email,notes\na@example.org,"' + "\n" * 1_500 + '"\nb@example.org,\n', at_once=100)
    assert faults[0].line == 2
    assert 1503 in rows


def noted(lines: list[str], given: list[int]) -> Iterator[str]:
    for line in lines:
        given[0] += 1
        yield line


@pytest.mark.parametrize("line", ['x","\n', '"""\n', '"a""\n', 'a,"b\n', '"@,"\n'])
def test_lines_made_to_be_read_again_and_again_cost_linear_time(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = csv.reader
    lines = [line] * 30_000
    pieces = iter([lines, []])
    given = [0]
    monkeypatch.setattr(csv, "reader", lambda lines, **options: reader(noted(lines, given), **options))
    told = sum(len(batch.rows) + len(batch.faults) for batch in delimited(lambda: next(pieces, []), ","))
    assert told > 0
    assert given[0] < 40 * len(lines)


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("email", ","),
        ("email,name", ","),
        ("email;name, full;city", ";"),
        ("email|name|city", "|"),
        ('"a,b,c"\tcity\temail', "\t"),
        ("", ","),
        ('"', ","),
    ],
)
def test_the_separator_is_the_one_that_makes_most_columns(header: str, separator: str) -> None:
    assert separator_of(header) == separator


def test_rows_that_agree_with_the_header_say_more_than_a_comma_in_it() -> None:
    assert separator_of("email;city, street, number", ["a@example.org;x", "b@example.org;y"]) == ";"


@pytest.mark.parametrize(
    ("line", "separator"),
    [("sep=;\r\n", ";"), ("SEP=,", ","), ('"sep=|"', "|"), ("sep=\t\n", "\t"), ("sep=;;;\n", ";")],
)
def test_a_first_line_may_say_the_separator(line: str, separator: str) -> None:
    assert said_separator(line) == separator


@pytest.mark.parametrize("line", ["sep", "sep=", "sep=ab", "september;x", "email,sep=;"])
def test_another_first_line_says_nothing(line: str) -> None:
    assert said_separator(line) is None


def test_a_separator_may_be_given_by_name() -> None:
    assert [given_separator(text) for text in ("tab", "\\t", "\t", "Semicolon", "^")] == ["\t", "\t", "\t", ";", "^"]
    for text in ("", "ab", '"', "\n"):
        with pytest.raises(ValueError, match="cannot separate columns"):
            given_separator(text)
