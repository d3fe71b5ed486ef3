from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.subscribers.records import records, separator_of


def lines_of(text: str) -> list[str]:
    return list(io.StringIO(text, newline=""))


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_what_the_csv_module_writes_comes_back_with_true_lines(rows: list[list[str]], separator: str) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL)
    starts = []
    for row in rows:
        starts.append(len(lines_of(written.getvalue())) + 1)
        writer.writerow(row)
    found = list(records(lines_of(written.getvalue()), separator))
    assert [record.cells for record in found] == rows
    assert [record.line for record in found] == starts


@given(st.text(st.sampled_from('a",\n\r;'), max_size=60))
def test_no_line_is_lost_or_told_twice_however_the_quotes_stand(text: str) -> None:
    lines = lines_of(text)
    found = list(records(lines, ","))
    starts = [record.line for record in found]
    assert all(earlier < later for earlier, later in pairwise(starts))
    for record, following in pairwise([*found, None]):
        assert record is not None
        end = following.line if following else len(lines) + 1
        if record.fault:
            assert end == record.line + 1
        else:
            raw = "".join(lines[record.line - 1 : end - 1])
            assert record.cells == next(csv.reader(io.StringIO(raw, newline="")), [])


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("email", ","),
        ("email,name", ","),
        ("email;name, full;city", ";"),
        ('"a,b,c"\tcity\temail', "\t"),
        ("", ","),
        ('"', ","),
    ],
)
def test_the_separator_is_the_one_that_makes_most_columns(header: str, separator: str) -> None:
    assert separator_of(header) == separator
