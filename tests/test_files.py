"""Two that change the same file one after the other lose nothing; one that waits too long is told."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from newsletter.errors import FileUnreadable
from newsletter.files import alone_in, write_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_nobody_writes_over_what_another_one_wrote(tmp_path: Path) -> None:
    file = tmp_path / "count"
    file.write_text("0")

    def count(_: int) -> None:
        with alone_in(tmp_path):
            before = int(file.read_text())
            time.sleep(0.002)
            file.write_text(str(before + 1))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(8)))
    assert file.read_text() == "8"
    assert [one.name for one in tmp_path.iterdir()] == ["count"]


def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsletter.files._WAIT", 0.05)
    with alone_in(tmp_path), pytest.raises(FileUnreadable, match="wait for it"), alone_in(tmp_path):
        pass


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable), alone_in(tmp_path / "gone"):
        pass


def test_a_file_is_replaced_with_its_rights_and_through_its_link(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, "new\n")
    assert link.is_symlink()
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new\n", 0o640)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "link"]
