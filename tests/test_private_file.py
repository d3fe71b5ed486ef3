"""A file with readers' data: for its owner alone, whole or not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.errors import FileUnreadable
from newsletter.files import private_file, reserved

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_for_its_owner_alone_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "readers.csv"
    path.write_text("before", "ascii")
    path.chmod(0o644)
    with private_file(path) as file:
        file.write(b"after")
        assert path.read_bytes() == b"before"
        assert {one.stat().st_mode & 0o777 for one in tmp_path.iterdir() if one != path} == {0o600}
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"after", 0o600)
    assert [*tmp_path.iterdir()] == [path]


def half(path: Path, why: BaseException) -> None:
    with private_file(path) as file:
        file.write(b"half")
        raise why


@pytest.mark.parametrize("why", [KeyboardInterrupt(), OSError(28, "No space left on device"), ValueError()])
def test_what_ends_badly_leaves_everything_as_it_was(tmp_path: Path, why: BaseException) -> None:
    with pytest.raises(type(why)):
        half(tmp_path / "readers.csv", why)
    assert [*tmp_path.iterdir()] == []


def test_a_full_disk_names_the_file_that_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "readers.csv"
    with pytest.raises(OSError, match="No space") as caught:
        half(path, OSError(28, "No space left on device"))
    assert caught.value.filename == str(path)


def test_what_is_no_file_stays(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable):
        half(tmp_path, ValueError())


def test_a_name_that_is_taken_gets_a_number_and_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "x.rejected.csv").write_text("mended", "ascii")
    (tmp_path / "x.rejected-2.csv").symlink_to(tmp_path / "elsewhere")
    with reserved(tmp_path / "x.rejected.csv") as path:
        assert (path.name, path.stat().st_mode & 0o777) == ("x.rejected-3.csv", 0o600)
    assert path.exists()
    assert not (tmp_path / "elsewhere").exists()


def test_a_reserved_name_is_free_again_when_it_ends_badly(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), reserved(tmp_path / "x.csv"):
        raise KeyboardInterrupt
    assert [*tmp_path.iterdir()] == []
