"""Where keys stand in a file: whatever tomllib finds has its place, and that is where its name is written."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.settings.toml_places import toml_places

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = """\
top = 1 # [no] = "x"
[segments."vip ones"]
any = [
  { tag = "x, y = {", not = { list = 'y' } },
  # { tag = "no" },
  { all = [ { tag = "z" },
            { language = "de" } ] },
]
not.attribute = "city"
not.equals = '''
[segments.fake]
x = 1'''
[[segments.z.all]]
when = 1979-05-27 07:32:00.5
[[segments.z.all]]
[segments.z.all.not]
tag="b"
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("top", (1, 1)),
        ("segments/vip ones", (2, 1)),
        ("segments/vip ones/any/0/tag", (4, 5)),
        ("segments/vip ones/any/0/not/list", (4, 31)),
        ("segments/vip ones/any/1", (6, 3)),
        ("segments/vip ones/any/1/all/1/language", (7, 15)),
        ("segments/vip ones/not/attribute", (9, 5)),
        ("segments/vip ones/not/equals", (10, 5)),
        ("segments/z/all/0/when", (14, 1)),
        ("segments/z/all/1", (15, 1)),
        ("segments/z/all/1/not/tag", (17, 1)),
    ],
)
def test_nested_keys_have_their_own_places(path: str, place: tuple[int, int]) -> None:
    assert toml_places(FILE)[tuple(path.split("/"))] == place


def test_what_stands_in_texts_and_comments_is_no_key() -> None:
    known = {path for path, _ in walked(tomllib.loads(FILE))}
    assert set(toml_places(FILE)) <= known


def walked(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every path of a file as tomllib reads it, and what stands there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, str(key)), one
        yield from walked(one, (*path, str(key)))


_words = st.sampled_from(("a", "b", "all", "not", "a b", "x.y", "#", "[z]", "é", "0", "'"))
_leaves = st.sampled_from(("1", "true", '"t"', "'[x] = {'", '"""a\nb = 1\n"""', "1979-05-27 07:32:00", "0.5", "inf"))
_values = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3), max_leaves=8
)


def written(value: Any) -> str:
    """As a value of one line, but for texts and arrays."""
    if isinstance(value, list):
        return "[ # { x = 1\n" + "".join(f"  {written(one)},\n" for one in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(key)} = {written(one)}" for key, one in value.items()) + " }"
    return str(value)


def quoted(word: str) -> str:
    return word if word.isascii() and word.isalnum() else f'"{word}"'


def as_file(tables: dict[str, Any], draw: Any) -> str:
    lines = []
    for name, value in tables.items():
        if isinstance(value, dict) and draw(st.booleans()):
            lines += [f"[ {quoted(name)} ]", *(f"{quoted(key)}={written(one)}" for key, one in value.items())]
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value) and draw(st.booleans()):
            for one in value:
                lines += [f"[[{quoted(name)}]]", *(f"{quoted(key)} = {written(inner)}" for key, inner in one.items())]
        else:
            lines.insert(0, f"{quoted(name)} = {written(value)}")
    return "\n".join(lines)


@given(st.data(), st.dictionaries(_words, _values, max_size=4))
def test_whatever_is_written_has_a_place_where_it_stands(data: st.DataObject, tables: dict[str, Any]) -> None:
    text = as_file(tables, data.draw)
    places = toml_places(text)
    lines = text.split("\n")
    paths = dict(walked(tomllib.loads(text)))
    assert set(places) == set(paths)
    for path in paths:
        line, column = places[path]
        there = lines[line - 1][column - 1 :]
        is_entry = isinstance(paths.get(path[:-1]), list)
        assert is_entry or there.startswith((quoted(path[-1]), "["))


@given(st.text(max_size=300) | st.text("[]{}=,.\"'\\\n#a ", max_size=60))
def test_looking_for_places_never_fails(text: str) -> None:
    toml_places(text)
