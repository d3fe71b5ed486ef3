"""Cells of the tolerant fields: names, tags, moments, JSON maps."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.tag import tag_name
from newsletter.subscribers.columns import Kind
from newsletter.subscribers.columns.cell_readers import ip_value, reader_of
from newsletter.subscribers.columns.moments import moment_value
from newsletter.subscribers.columns.names import split_name
from newsletter.subscribers.columns.tag_cells import tags_value
from tests.support.readers import ATTRIBUTES


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Ada", "Ada", ""),
        ("Ada King", "Ada", "King"),
        ("Ada  Augusta King", "Ada Augusta", "King"),
        ("King, Ada Augusta", "Ada Augusta", "King"),
        ("Ludwig van Beethoven", "Ludwig", "van Beethoven"),
        ("Anna van der Berg", "Anna", "van der Berg"),
        ("Maria de la Cruz", "Maria", "de la Cruz"),
        ("van Gogh", "van", "Gogh"),
        ("King,", "King,", ""),
        ("a, b, c", "a, b,", "c"),
    ],
)
def test_a_whole_name_is_split(text: str, first: str, last: str) -> None:
    assert split_name(text) == (first, last)


@given(st.text(max_size=60))
def test_no_word_of_a_name_is_lost(text: str) -> None:
    first, last = split_name(text)
    assert sorted("".join((first + last).split())) == sorted(
        "".join(text.split()).replace(",", "", "," not in first + last)
    )


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("VIP", ("VIP",)),
        ("VIP, Spring 2024", ("VIP", "Spring 2024")),
        ('"VIP","Spring, 2024"', ("VIP", "Spring 2024")),
        ('"VIP", "Spring, 2024"', ("VIP", "Spring 2024")),
        ('["VIP", "Spring, 2024", 7]', ("VIP", "Spring 2024")),
        ("a;b", ("a", "b")),
        ("a|b", ("a", "b")),
        ("VIP, vip ,,", ("vip",)),
        ('a "b, c', ('a "b', "c")),
        ("[x]", ("[x]",)),
        (",", ()),
    ],
)
def test_tags_of_a_cell(text: str, tags: tuple[str, ...]) -> None:
    assert tags_value(text) == tags


@given(st.text(max_size=200))
def test_any_cell_holds_tags_or_is_refused(text: str) -> None:
    try:
        tags = tags_value(text)
    except ValueError:
        return
    assert [tag_name(tag) for tag in tags] == [*tags]


def test_a_cell_of_very_many_tags_is_refused() -> None:
    with pytest.raises(ValueError, match="has 300 tags; at most 200"):
        tags_value(",".join(f"t{n}" for n in range(300)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-02", "2026-11-02T00:00"),
        ("2026/11/2", "2026-11-02T00:00"),
        ("2026-11-02 10:11:12", "2026-11-02T10:11:12"),
        ("2026-11-02T10:11:12.123456Z", "2026-11-02T10:11:12"),
        ("2026-11-02T10:11:12+02:00", "2026-11-02T08:11:12"),
        ("2026-11-02 10:11:12.123456 +0000 +0000", "2026-11-02T10:11:12"),
        ("2026-11-02 10:11:12 -0530", "2026-11-02T15:41:12"),
        ("2026-11-02 10:11:12 UTC", "2026-11-02T10:11:12"),
        ("2026-11-02 10:11:12 +0000 UTC", "2026-11-02T10:11:12"),
        ("02.11.2026", "2026-11-02T00:00"),
        ("2.11.2026 9:05", "2026-11-02T09:05"),
        ("25/12/2024", "2024-12-25T00:00"),
        ("12/25/2024 1:05 PM", "2024-12-25T13:05"),
        ("12/25/2024 12:05 am", "2024-12-25T00:05"),
        ("03/03/2024", "2024-03-03T00:00"),
        ("Nov 2, 2026", "2026-11-02T00:00"),
        ("2 November 2026 10:11", "2026-11-02T10:11"),
        ("1793613600", "2026-11-02T10:00"),
        ("1793613600123", "2026-11-02T10:00"),
    ],
)
def test_moments_as_other_programs_write_them(text: str, expected: str) -> None:
    assert moment_value(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("03/04/2024", "03-04-2024", "03/04/24", "2024", "20240304", "yesterday", "0000-00-00 00:00:00", "2026-02-30"),
        *(
            "31.31.2024",
            "2026-11-02 25:00",
            "12/25/2024 13:05 PM",
            "1900-01-01",
            "2999-01-01",
            "Foo 2, 2026",
            "0",
            "x" * 1000,
        ),
        *("2026-11-02T10:11:12+99:99", "٢٠٢٦-١١-٠٢", "9999999999999"),
    ],
)
def test_what_is_not_sure_is_unknown_and_not_wrong(text: str) -> None:
    assert moment_value(text) is None


@given(
    st.text(max_size=70)
    | st.datetimes().map(str)
    | st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4} ?[0-9:+APM]*")
)
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    moment = moment_value(text)
    assert moment is None or moment.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize(
    ("text", "ip"), [("192.0.2.7", "192.0.2.7"), ("2001:DB8::1", "2001:db8::1"), ("x", ""), ("1.2.3", "")]
)
def test_addresses_of_the_internet(text: str, ip: str) -> None:
    assert ip_value(text) == ip


READ_MAP = reader_of(Kind.ATTRIBUTES, "attributes", ATTRIBUTES, lenient=True, guarded=False)


def test_a_map_fills_the_attributes_that_are_known() -> None:
    cell = '{"City": " Köln ", "AGE": 61, "member": true, "operated on": "2026-02-28", "sport": "", "x": 1, "n": {"city": "y"}}'
    assert READ_MAP(cell) == {"city": "Köln", "age": 61, "member": True, "operated_on": "2026-02-28"}
    for nothing in ("{}", "null", "[]", '{"city": null, "age": [1]}'):
        assert READ_MAP(nothing) == {}


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("{", "is not a JSON map"),
        ('{"age": "old"}', "age: `old` is not a number"),
        ('{"city": "a\\nb"}', "has a line break in it"),
        ('{"city": "a\\u202eb"}', "turns the direction of text"),
        ("[" * 5_000, "is not a JSON map"),
    ],
)
def test_a_map_that_does_not_fit_is_refused(cell: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        READ_MAP(cell)


def test_another_systems_words_for_languages_and_zones_reject_nobody() -> None:
    lenient = {"attributes": ATTRIBUTES, "lenient": True, "guarded": False}
    assert reader_of(Kind.LANGUAGE, "language", **lenient)("Klingon") == ""  # type: ignore[arg-type]
    assert reader_of(Kind.TIMEZONE, "timezone", **lenient)("Europe/Berlin") == "Europe/Berlin"  # type: ignore[arg-type]
