"""The file of erased people: it survives crashes, hands and two commands at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import FileUnreadable
from newsletter.store.people import erasures

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 22)
A, B = "a" * 32, "0123456789abcdef" * 2


def test_what_was_appended_is_read(tmp_path: Path) -> None:
    file = tmp_path / "erasures.txt"
    assert erasures.read(file) == frozenset()
    erasures.append(file, A, DAY)
    erasures.append(file, B, DAY)
    assert erasures.read(file) == {A, B}
    assert file.read_text("ascii").splitlines()[1:] == [f"{A} 2026-11-22", f"{B} 2026-11-22"]


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "erasures.txt"
    erasures.append(file, A, DAY)
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_same_person_is_noted_once(tmp_path: Path) -> None:
    file = tmp_path / "erasures.txt"
    erasures.append(file, A, DAY)
    before = file.read_bytes()
    erasures.append(file, A, date(2027, 1, 1))
    assert file.read_bytes() == before


@pytest.mark.parametrize("torn", [B[:20], f"{B[:31]}", "\x00\x00", "# a note", "ü"])
def test_a_torn_last_line_costs_nobody(tmp_path: Path, torn: str) -> None:
    file = tmp_path / "erasures.txt"
    file.write_text(f"{A} 2026-11-22\n{torn}", "utf-8")
    assert erasures.read(file) == {A}
    erasures.append(file, B, DAY)
    assert erasures.read(file) == {A, B}


@pytest.mark.parametrize("line", [B, f"{B} 2026", f"  {B} 2026-11-22  ", f"{B}\t2026-11-22"])
def test_a_whole_hash_counts_however_its_line_goes_on(tmp_path: Path, line: str) -> None:
    file = tmp_path / "erasures.txt"
    file.write_text(f"# heading\r\n\r\n{line}\r\n", "ascii")
    assert erasures.read(file) == {B}


def test_the_last_line_of_a_person_decides(tmp_path: Path) -> None:
    file = tmp_path / "erasures.txt"
    for one in (A, B):
        erasures.append(file, one, DAY)
    erasures.forget(file, A, DAY)
    assert erasures.read(file) == {B}
    erasures.append(file, A, date(2027, 1, 1))
    assert erasures.read(file) == {A, B}
    erasures.forget(file, A, date(2027, 1, 2))
    assert erasures.read(file) == {B}
    assert file.read_text("ascii").splitlines()[-1] == f"{A} 2027-01-02 back"


def test_only_who_is_noted_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "erasures.txt"
    erasures.forget(file, A, DAY)
    assert not file.exists()
    erasures.append(file, B, DAY)
    erasures.forget(file, B, DAY)
    before = file.read_bytes()
    erasures.forget(file, B, DAY)
    assert file.read_bytes() == before


@pytest.mark.parametrize("torn", [f"{A} 2026-11-23 bac", f"{A} 2026-11-23 backwards", f"{A} 2026-11-", f"{A} back"])
def test_half_a_word_brings_nobody_back(tmp_path: Path, torn: str) -> None:
    file = tmp_path / "erasures.txt"
    erasures.append(file, A, DAY)
    file.write_text(file.read_text("ascii") + torn, "ascii")
    assert erasures.read(file) == {A}
    erasures.forget(file, A, DAY)
    assert erasures.read(file) == frozenset()


def test_commands_at_once_lose_no_line(tmp_path: Path) -> None:
    file = tmp_path / "erasures.txt"
    hashes = [f"{number:032x}" for number in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: erasures.append(file, one, DAY), hashes))
    assert erasures.read(file) == {*hashes}


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        erasures.append(tmp_path / "no" / "erasures.txt", A, DAY)
    (tmp_path / "erasures.txt").mkdir()
    with pytest.raises(FileUnreadable):
        erasures.read(tmp_path / "erasures.txt")
