"""[segments]: the values that a segment can ask for, and every mistake at its place, all at once."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from newsletter.errors import BadSettings
from newsletter.settings import Settings, load
from tests.support.segment_settings import HEAD

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem


def equals(attribute: str, value: str) -> object:
    """What a segment that is written like this asks for."""
    text = f"{HEAD}[segments.some]\nattribute = '{attribute}'\nequals = {value}\n"
    return Settings.model_validate(tomllib.loads(text)).segments["some"].equals


@pytest.mark.parametrize(
    ("attribute", "value", "asked"),
    [
        ("seen", "2026-12-01", "2026-12-01"),
        ("seen", '"2026-12-01"', "2026-12-01"),
        ("sport", '"l\u00e4uft"', "l\u00e4uft"),
        ("sport", '"la\u0308uft"', "l\u00e4uft"),
        ("city", '" Oslo "', "Oslo"),
        ("age", "1e3", 1000.0),
        ("age", "-0.5", -0.5),
        ("member", "false", False),
    ],
)
def test_a_value_is_asked_for_as_an_import_would_have_stored_it(attribute: str, value: str, asked: object) -> None:
    found = equals(attribute, value)
    assert (found, type(found)) == (asked, type(asked))


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("age", "inf"),
        ("age", "nan"),
        ("age", "1e15"),
        ("age", "1000000000000000"),
        ("age", "true"),
        ("age", '"70"'),
        ("city", '""'),
        ("city", '"  "'),
        ("city", '"a\\nb"'),
        ("city", '"a\\u0000"'),
        ("city", "70"),
        ("seen", "2026-12-01T10:00:00"),
        ("seen", '"1 December"'),
        ("member", '"yes"'),
        ("sport", '"swims"'),
    ],
)
def test_a_value_that_nobody_can_have_is_refused(attribute: str, value: str) -> None:
    with pytest.raises(ValidationError):
        equals(attribute, value)


def test_a_segment_is_given_back_as_it_was_written() -> None:
    """Its digest is part of what an approval is bound to: new keys must not change old files."""
    written = {
        "runners": {"attribute": "sport", "equals": "geht"},
        "others": {"not": {"segment": "runners"}, "all": [{"tag": "VIP"}], "joined_after": "2026-01-01"},
    }
    settings = Settings.model_validate(tomllib.loads(HEAD) | {"segments": written})
    assert settings.model_dump(mode="json")["segments"] == written
    assert Settings.model_validate(settings.model_dump()).segments == settings.segments


def told(folder: Path, text: str) -> set[tuple[str, str]]:
    """(what stands at the place of each mistake, its message and what to do)"""
    file = folder / "newsletter.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(BadSettings) as why:
        load(folder, {})
    lines = file.read_text("utf-8").split("\n")
    return {(lines[p.place.line - 1][p.place.column - 1 :].strip(), _words(p)) for p in why.value.problems}


def _words(problem: Problem) -> str:
    return f"{problem.message} -> {problem.fix}"


@pytest.mark.parametrize(
    ("condition", "at", "words"),
    [
        ("{}", "{}", "no condition in it"),
        ("{ attribute = 'city' }", "attribute = 'city' }", "what should it be? -> Add beside it one of: equals"),
        ("{ equals = 'x' }", "equals = 'x' }", "which attribute is meant?"),
        ("{ attribute = 'town', equals = 'x' }", "attribute = 'town', equals = 'x' }", "not in [attributes]"),
        ("{ attribute = 'sprot', equals = 'geht' }", "attribute = 'sprot', equals = 'geht' }", "Did you mean `sport`?"),
        (
            "{ attribute = 'sport', equals = 'swims' }",
            "equals = 'swims' }",
            "nobody can have -> Give one of its choices",
        ),
        ("{ attribute = 'sport', one_of = ['geht', 'x'] }", "'x'] }", "nobody can have"),
        ("{ attribute = 'sport', one_of = [] }", "one_of = [] }", "is empty"),
        ("{ attribute = 'sport', equals = ['geht'] }", "equals = ['geht'] }", "Write one_of = [...]"),
        ("{ attribute = 'city', equals = 'x', known = true }", "known = true }", "only one of the two is understood"),
        ("{ attribute = 'age', at_least = 1, equals = 2 }", "at_least = 1, equals = 2 }", "beside `equals`"),
        ("{ attribute = 'seen', after = 2026-01-01, at_least = 2026-01-01 }", "after = 2026-01-01, at", "at_least"),
        ("{ attribute = 'city', at_least = 'x' }", "at_least = 'x' }", "of type text"),
        ("{ attribute = 'age', before = 5 }", "before = 5 }", "a number, not a date"),
        ("{ attribute = 'age', at_least = '5' }", "at_least = '5' }", "a number of at most 15 digits, without quotes"),
        ("{ attribute = 'age', at_least = 5, at_most = 4 }", "at_most = 4 }", "nothing lies between"),
        ("{ attribute = 'seen', after = 2026-01-01, before = 2026-01-01 }", "before = 2026-01-01 }", "nothing lies"),
        ("{ attribute = 'seen', before = 0001-01-01 }", "before = 0001-01-01 }", "no such day"),
        ("{ attribute = 'seen', at_least = 2026-01-01T10:00:00 }", "at_least = 2026-01-01T10:00:00 }", "Write a text"),
        ("{ attribute = 5, known = true }", "attribute = 5, known = true }", "should be a text"),
        ("{ tag = 'a,b' }", "tag = 'a,b' }", "no comma"),
        ("{ tag = ['a'] }", "tag = ['a'] }", "Write any_tag = [...]"),
        ("{ tags = ['a'] }", "tags = ['a'] }", "a segment has no `tags` -> Write any_tag"),
        ("{ langauge = 'de' }", "langauge = 'de' }", "Did you mean `language`?"),
        ("{ language = 'klingonisch' }", "language = 'klingonisch' }", "is not a language"),
        ("{ list = 'My Friends' }", "list = 'My Friends' }", "`segments.some.any[2].list` should be a short name"),
        ("{ list = 3 }", "list = 3 }", "`segments.some.any[2].list` should be a text"),
        ("{ list = ['a', 'b'] }", "list = ['a', 'b'] }", "For several write any = ["),
        ("{ joined_after = 20260101 }", "joined_after = 20260101 }", "Write a date such as"),
        ("{ joined_before = 2026-01-01T00:00:00Z }", "joined_before = 2026-01-01T00:00:00Z }", "Write a date such as"),
        ("{ not_mailed_for_days = 0 }", "not_mailed_for_days = 0 }", "too small"),
        ("{ sent = '' }", "sent = '' }", "is empty"),
        ("{ segment = 'somme' }", "segment = 'somme' }", "Did you mean `some`?"),
        ("{ segment = 'some' }", "segment = 'some' }", "the segment that it stands in"),
        ("{ all = [] }", "all = [] }", "is empty"),
        ("{ all = 'x' }", "all = 'x' }", "it takes a list -> Write all = [{"),
        ("{ any = { tag = 'x' } }", "any = { tag = 'x' } }", "[[segments.NAME.any]]"),
        ("{ any_tag = 'a, b' }", "any_tag = 'a, b' }", 'Write any_tag = ["...'),
        ("{ attribute = 'sport', one_of = 'a' }", "one_of = 'a' }", 'Write one_of = ["...'),
        ("{ not = 'x' }", "not = 'x' }", "Write a condition in braces"),
        ("{ not = [{ tag = 'x' }] }", "not = [{ tag = 'x' }] }", "Write a condition in braces"),
        ("{ any = [{ tgag = 'x' }] }", "tgag = 'x' }] }", "Did you mean `tag`?"),
        ("{ sport = 'x' }", "sport = 'x' }", 'Write attribute = "sport" and, beside it, equals'),
        ("{ attribute = 'sport', is = 'x' }", "is = 'x' }", "Write equals"),
        ("{ attribute = 'age', at_leat = 5 }", "at_leat = 5 }", "Did you mean `at_least`?"),
        ("{ attribute = 'seen', before = ' 0001-01-01' }", "before = ' 0001-01-01' }", "there is no such day"),
        ("{ segment = 'friends' }", "segment = 'friends' }", 'for a list write list = "..."'),
        ("{ opened = 'issues/may' }", "opened = 'issues/may' }", "Write only the name of its folder"),
        ("7", "7", "should be a table"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, condition: str, at: str, words: str) -> None:
    text = f"[segments.some]\nany = [\n  {{ tag = 'right' }}, # {{ not = 'this' }}\n  {condition}\n]\n"
    ((where, message),) = told(tmp_path, text)
    assert where.startswith(at)
    assert words in message


def test_all_mistakes_of_all_segments_are_told_at_once(tmp_path: Path) -> None:
    text = """
[segments.one]
attribute = "sport"
equals = "swims"
tag = 5
[[segments.one.all]]
not.langauge = "de"
[[segments.one.all]]
not = { attribute = "age", one_of = [1, "2"] }
[segments."Two"]
list = 5
"""
    places = {where.partition(" ")[0] for where, _ in told(tmp_path, text)}
    assert places == {"equals", "tag", "langauge", '"2"]', '[segments."Two"]', "list"}


def test_segments_that_ask_in_a_ring_are_told_with_the_ring(tmp_path: Path) -> None:
    text = """
[segments.a]
segment = "b"
[segments.b]
not = { any = [{ tag = "x" }, { segment = "c" }] }
[segments.c]
all = [{ segment = "a" }, { segment = "d" }]
[segments.d]
segment = "e"
[segments.e]
tag = "x"
"""
    ((where, message),) = told(tmp_path, text)
    assert where.startswith('segment = "a" }')
    assert "a → b → c → a" in message


@pytest.mark.parametrize(
    "text",
    [
        "[segments.deep]\nnot = " + "{ not = " * 24 + "{ tag = 'x' }" + " }" * 24,
        "".join(f"[segments.s{n}]\ntag = 'x'\nnot = {{ segment = 's{n + 1}' }}\n" for n in range(24))
        + "[segments.s24]\ntag = 'x'",
        "".join(f"[segments.s{n}]\nall = [{{ segment = 's{n + 1}' }}, {{ segment = 's{n + 1}' }}]\n" for n in range(9))
        + "[segments.s9]\ntag = 'x'",
    ],
    ids=["within each other", "by reuse", "doubled by reuse"],
)
def test_what_is_too_deep_or_too_much_is_told_once(tmp_path: Path, text: str) -> None:
    ((_, message),) = told(tmp_path, text)
    assert "more than" in message


@pytest.mark.parametrize("depth", [400, 100_000])
def test_endless_nesting_is_told_and_fails_nothing(tmp_path: Path, depth: int) -> None:
    assert len(told(tmp_path, "[segments.deep]\nnot = " + "{ not = " * depth + "{ tag = 'x' }" + " }" * depth)) == 1


_keys = st.sampled_from(
    ["attribute", "equals", "one_of", "at_least", "before", "known", "tag", "list", "segment", "all", "any", "not", "x"]
)
_said = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["one", "two", "Three"]), _said, max_size=3))
def test_whatever_stands_there_is_understood_or_refused(segments: object) -> None:
    raw = tomllib.loads(HEAD) | {"segments": segments}
    with suppress(ValidationError):
        Settings.model_validate(raw)


def test_editors_get_a_schema_without_null_and_with_words() -> None:
    segment = Settings.model_json_schema()["$defs"]["Segment"]
    assert "null" not in str(segment)
    assert set(segment["properties"]) >= {"not", "all", "any", "equals", "list"}
    assert all(key["description"] for key in segment["properties"].values())
