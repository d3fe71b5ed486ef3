"""Readers found by a piece of their address or name, or by their public id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.store.database import Store
from newsletter.store.people import finding
from tests.support.readers import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = """\
email,first_name,last_name
ada@example.org,Ada,Lind
ada.b@example.org,Ada,Berg
o_neil@example.com,Pat,O'Neil
percent@example.com,100%,Sure
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = Store(f"sqlite:///{tmp_path / 'newsletter.db'}")
    made = Desk(store, tmp_path)
    made.import_(ROWS)
    yield made
    store.close()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ada", ["ada@example.org", "ada.b@example.org"]),
        ("ADA@", ["ada@example.org"]),
        ("berg ada", ["ada.b@example.org"]),
        ("o'neil", ["o_neil@example.com"]),
        ("_", ["o_neil@example.com"]),
        ("%", ["percent@example.com"]),
        ("\\", []),
        ("nobody", []),
        (" \t ", []),
        ("", []),
    ],
)
def test_all_words_must_be_found_somewhere(desk: Desk, words: str, found: list[str]) -> None:
    with desk.store.read() as connection:
        assert [one.address for one in finding.search(connection, words, 10)] == found
        assert [one.address for one in finding.search(connection, words, 1)] == found[:1]


def test_a_public_id_finds_its_reader_only(desk: Desk) -> None:
    ada = desk.get("ada@example.org")
    with desk.store.read() as connection:
        assert finding.by_public_id(connection, ada.public_id) == ada
        assert finding.by_public_id(connection, "") is None
        assert finding.by_public_id(connection, ada.public_id + "0") is None
