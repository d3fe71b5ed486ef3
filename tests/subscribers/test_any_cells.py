"""Whatever stands in the cells of a file: no exception, every row accounted for, nothing harmful stored."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from contextlib import suppress
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model.subscriber import Subscriber
    from tests.support.readers import Desk

#: what breaks lines, headers, terminals and databases turns up often
NASTY = st.sampled_from([*"\0\r\n\t\"',;\x1b\x85\u2028\u202e\ufeff\U0010ffff"])
TEXT = st.lists(NASTY | st.text(st.characters(codec="utf-8"), max_size=6), max_size=4).map("".join)
LOCAL = st.from_regex(r"[a-z]{1,3}", fullmatch=True)
ROW = st.tuples(
    st.builds("{}@example.org".format, LOCAL) | TEXT | st.builds("{}@{}.example".format, TEXT, TEXT),
    TEXT,
    TEXT,
    st.sampled_from(["en", "de_AT", "es-419", "zh-Hant-TW", ""]) | TEXT,
    st.sampled_from(["Europe/Berlin", ""]) | TEXT,
    st.sampled_from(["running", ""]) | TEXT,
    TEXT,
    st.floats().map(str) | st.integers().map(str) | TEXT,
    st.dates().map(str) | TEXT,
    st.sampled_from(["yes", "0"]) | TEXT,
)
HEADER = ("email", "first_name", "last_name", "language", "timezone", "sport", "city", "age", "operated_on", "member")

slow_fixtures = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@slow_fixtures
@given(rows=st.lists(ROW, min_size=1, max_size=12))
def test_any_cells_are_imported_or_rejected(desk: Desk, rows: list[tuple[str, ...]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([HEADER, *rows])
    try:
        report = desk.import_(written.getvalue())
    except FileUnreadable:
        assert not any(cell.strip() for row in rows for cell in row), "only a file without readers is unreadable"
        return
    assert report.rows == report.added + report.updated + report.unchanged + len(report.rejected)
    assert all(rejection.line > 1 and rejection.reason for rejection in report.rejected)
    assert_harmless(desk.everybody())


@slow_fixtures
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: "email,city\n" + text))
def test_any_content_is_imported_rejected_or_unreadable(desk: Desk, content: bytes | str) -> None:
    if isinstance(content, str):
        content = content.encode("utf-8", "replace")
    with suppress(FileUnreadable):
        desk.import_(content)
    assert_harmless(desk.everybody())


def assert_harmless(people: list[Subscriber]) -> None:
    for text in (text for person in people for text in texts_of(person)):
        assert all(unicodedata.category(character) not in {"Cc", "Zl", "Zp", "Cs"} for character in text)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
        assert len(text) <= 400


def texts_of(person: Subscriber) -> Iterator[str]:
    yield from (person.address, person.first_name, person.last_name, person.language, person.timezone)
    yield from (value for value in person.attributes.values() if isinstance(value, str))
