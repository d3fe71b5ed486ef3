from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.problem import Level
from newsletter.references.formats.csl_json import read_csl_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.references.records import Loaded

BOOK = '{"id": "%s", "type": "book", "title": "%s", "issued": 2001, "author": [{"family": "Doe"}]}'


@pytest.mark.parametrize("text", ["", "  \n", "hello", '"a"', "12", "null"])
def test_a_file_that_holds_no_list_says_so(text: str) -> None:
    records, problems = read_csl_json(text, "a.json")
    assert records == []
    assert [problem.code for problem in problems] == ["reference-json"]


def test_an_empty_list_has_no_entries_and_no_problems() -> None:
    assert read_csl_json(" [ ] \n", "a.json") == ([], [])


def test_a_single_object_is_one_entry() -> None:
    records, problems = read_csl_json('\n {"type": "book",\n  "id": "a"} ', "a.json")
    assert problems == []
    assert (records[0].csl["id"], records[0].at.line, records[0].at.column) == ("a", 3, 3)
    assert records[0].place("type").line == 2


def test_an_entry_without_id_stands_at_its_brace() -> None:
    records, _ = read_csl_json('[\n  {"title": "a"}]', "a.json")
    assert (records[0].at.line, records[0].at.column) == (2, 3)


def test_what_looks_like_an_id_within_an_entry_is_not_taken_for_it() -> None:
    text = '[{"title": "\\"id\\": 1",\n "custom": {"id": "inner"},\n "id": "outer"}]'
    records, _ = read_csl_json(text, "a.json")
    assert records[0].at.line == 3


def test_a_broken_entry_does_not_cost_the_others(load_text: Callable[[str, str], Loaded]) -> None:
    broken = '{"id": "bad", "author": [{"family": "Doe" "given": "J"}]}'
    text = f"[\n{BOOK % ('a', 'A')},\n{broken},\n{BOOK % ('b', 'B')},\n{broken},\n{BOOK % ('c', 'C')}\n]"
    references, problems = load_text(text, "refs.json")
    assert list(references) == ["a", "b", "c"]
    assert [(problem.code, problem.place.line, problem.place.column) for problem in problems] == [
        ("reference-json", 3, 43),
        ("reference-json", 5, 43),
    ]


def test_a_comma_too_many_keeps_all_entries(load_text: Callable[[str, str], Loaded]) -> None:
    references, problems = load_text(f"[{BOOK % ('a', 'A')},\n{BOOK % ('b', 'B')},\n]", "refs.json")
    assert list(references) == ["a", "b"]
    assert [(problem.code, problem.place.line) for problem in problems] == [("reference-json", 3)]


def test_a_missing_comma_and_text_after_the_end_are_told(load_text: Callable[[str, str], Loaded]) -> None:
    references, problems = load_text(f"[{BOOK % ('a', 'A')}\n{BOOK % ('b', 'B')}]\nmore", "refs.json")
    assert list(references) == ["a", "b"]
    assert [problem.place.line for problem in problems] == [2, 3]
    _, problems = load_text(BOOK % ("a", "A") + "\n" + BOOK % ("b", "B"), "refs.json")
    assert [problem.code for problem in problems] == ["reference-json"]


def test_what_is_no_object_is_a_problem_of_its_own(load_text: Callable[[str, str], Loaded]) -> None:
    references, problems = load_text(f"[null, 5,\n{BOOK % ('a', 'A')}]", "refs.json")
    assert list(references) == ["a"]
    assert [problem.code for problem in problems] == ["reference-json"] * 2


@pytest.mark.parametrize("hostile", ["9" * 5000, "[" * 100_000, '{"a":' * 100_000])
def test_hostile_values_are_told_and_the_rest_is_read(load_text: Callable[[str, str], Loaded], hostile: str) -> None:
    references, problems = load_text(f'[{{"id": "z", "x": {hostile}}},\n{BOOK % ("a", "A")}]', "refs.json")
    assert problems[0].code == "reference-json"
    assert problems[0].level is Level.ERROR
    assert set(references) <= {"a"}


def test_beyond_five_hundred_mistakes_reading_stops_and_says_so() -> None:
    records, problems = read_csl_json("[" + '{"id": "a"} x ' * 600, "a.json")
    assert len(records) == len(problems) - 1 == 501
    assert "too many mistakes" in problems[-1].message


def test_an_entry_nested_too_deep_does_not_cost_the_next() -> None:
    deep = '{"id": "z", "x": ' + '{"y": ' * 1500 + "1" + "}" * 1501
    records, problems = read_csl_json(f'[{{"id": "a"}}, {deep}, {{"id": "b"}}]', "a.json")
    assert {"a", "b"} <= {record.csl["id"] for record in records}
    assert [problem.code for problem in problems] == ["reference-json"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=4)), st.sampled_from([None, 1, "\t"]))
def test_every_valid_file_is_read_as_json_reads_it(entries: list[dict[str, object]], indent: int | str | None) -> None:
    text = json.dumps(entries, indent=indent)
    records, problems = read_csl_json(text, "a.json")
    assert problems == []
    assert [record.csl for record in records] == entries
    lines = text.split("\n")
    for record in records:
        for name, place in record.places.items():
            assert lines[place.line - 1][place.column - 1 :].startswith(json.dumps(name))


@given(st.text(alphabet='[]{}",: \nid0a\\'))
def test_no_text_raises(text: str) -> None:
    read_csl_json(text, "a.json")
