"""One person's files leave the outbox, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newsletter.esp.outbox_copies import delete_copies

if TYPE_CHECKING:
    from pathlib import Path

DATE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def is_ada(address: str) -> bool:
    return address.lower() == "ada@example.org"


def put(file: Path, to: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(f"From: x@example.org\r\nTo: {to}\r\n\r\nTo: ada@example.org\r\n".encode())
    return file


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    (tmp_path / ".1.mailing").write_text(f"{DATE.isoformat()}\n", "ascii")
    for name in ("1/000001.eml", "1/000002.eml", "1/000002.part", "1/000022.eml", "2/000002.eml"):
        put(tmp_path / name, "somebody@example.org")
    return tmp_path


def left(outbox: Path) -> set[str]:
    return {str(file.relative_to(outbox)) for file in outbox.rglob("*") if file.suffix in {".eml", ".part"}}


def test_in_a_folder_of_this_database_the_number_says_whose_a_file_is(outbox: Path) -> None:
    """Also when the address has changed since."""
    assert delete_copies(outbox, [(1, 2)], {1: DATE}, is_ada) == 2
    assert left(outbox) == {"1/000001.eml", "1/000022.eml", "2/000002.eml"}


def test_elsewhere_the_to_line_says_it(outbox: Path) -> None:
    put(outbox / "1.old1" / "000007.eml", '"Lovelace, Ada" <ADA@example.org>')
    put(outbox / "1.old1" / "000008.eml", "nevada@example.org")
    put(outbox / "notices" / "000001.eml", "ada@example.org")
    put(outbox / "notices" / "000001.part", "=?utf-8?q?=C3=84da?=\r\n <ada@example.org>")
    assert delete_copies(outbox, [], {1: DATE}, is_ada) == 3
    assert left(outbox) >= {"1/000002.eml", "1.old1/000008.eml"}


@pytest.mark.parametrize("date", [datetime(2026, 1, 1, tzinfo=UTC), None])
def test_a_folder_of_an_earlier_database_is_not_gone_by_numbers(outbox: Path, date: datetime | None) -> None:
    put(outbox / "1" / "000009.eml", "ada@example.org")
    assert delete_copies(outbox, [(1, 2)], {1: date} if date else {}, is_ada) == 1
    assert left(outbox) >= {"1/000002.eml"}


def test_no_outbox_is_no_trouble(tmp_path: Path) -> None:
    assert delete_copies(tmp_path / "outbox", [(1, 2)], {1: DATE}, is_ada) == 0


def test_links_and_other_files_stay(outbox: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    put(elsewhere / "000001.eml", "ada@example.org")
    (outbox / "link").symlink_to(elsewhere)
    (outbox / "notices").mkdir()
    (outbox / "notices" / "notes.txt").write_text("To: ada@example.org", "utf-8")
    assert delete_copies(outbox, [], {1: DATE}, is_ada) == 0
