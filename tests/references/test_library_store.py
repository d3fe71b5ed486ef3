"""Adding to library.json: nothing is lost, nothing is touched that was there, whoever else writes."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.errors import FileUnreadable, LibraryDamaged
from newsletter.references.library import store
from newsletter.references.library.files import library_files
from newsletter.references.library.store import locked

if TYPE_CHECKING:
    from pathlib import Path

#: as people and other programs write: odd spaces, numbers that JSON readers round, fields that nobody knows
ODD = '[{"id":"m",\r\n  "x-ours" : 1.10, "big": 12345678901234567890123.0, "u": "\\u00e9", "x":1, "x":2},\n"a note", {"title": "no key"} ]'


def add(workspace: Path, *records: dict[str, Any]) -> str:
    with locked(workspace / "references", workspace) as write:
        return write(records).read_text("utf-8")


def put(workspace: Path, text: str) -> Path:
    path = workspace / "references" / "library.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_entries_stand_by_key_one_field_a_line(tmp_path: Path) -> None:
    assert add(tmp_path, {"id": "b", "title": "é"}) == '[\n {\n  "id": "b",\n  "title": "é"\n }\n]\n'
    text = add(tmp_path, {"id": "c"}, {"id": "a", "author": [{"family": "Doe"}]})
    assert [entry["id"] for entry in json.loads(text)] == ["a", "b", "c"]


def test_what_was_there_stays_letter_by_letter(tmp_path: Path) -> None:
    put(tmp_path, ODD)
    text = add(tmp_path, {"id": "z"}, {"id": "b"})
    for piece in (
        '{"id":"m",\n  "x-ours" : 1.10, "big": 12345678901234567890123.0, "u": "\\u00e9", "x":1, "x":2}',
        "a note",
    ):
        assert piece in text
    ids = [entry.get("id") if isinstance(entry, dict) else entry for entry in json.loads(text)]
    assert ids == ["a note", None, "b", "m", "z"]


def test_a_second_writing_changes_only_what_it_adds(tmp_path: Path) -> None:
    before = add(tmp_path, {"id": "a", "title": "A"}, {"id": "c", "title": "C"})
    after = add(tmp_path, {"id": "b", "title": "B"})
    assert after.replace(' {\n  "id": "b",\n  "title": "B"\n },\n', "") == before


@pytest.mark.parametrize("text", ["", "[{]", '[{"id": "a"}] x', '[{"id": "a"},]', "7", "[" * 100_000])
def test_nothing_is_added_to_a_file_that_is_broken(tmp_path: Path, text: str) -> None:
    path = put(tmp_path, text)
    with pytest.raises(LibraryDamaged) as stopped:
        add(tmp_path, {"id": "b"})
    assert stopped.value.problems
    assert path.read_text() == text


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    threads = [threading.Thread(target=add, args=(tmp_path, {"id": f"key{number}"})) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = (tmp_path / "references" / "library.json").read_text()
    assert len(json.loads(text)) == 12
    assert [path.name for path in (tmp_path / "references").iterdir()] == ["library.json"]


def test_a_command_that_does_not_let_go_is_not_waited_for_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.files._WAIT", 0.0)
    with (
        locked(tmp_path / "references", tmp_path),
        pytest.raises(FileUnreadable, match="another command"),
        locked(tmp_path / "references", tmp_path),
    ):
        pass


def test_a_file_that_somebody_saved_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(tmp_path, '[{"id": "a"}]')
    written = store._written
    monkeypatch.setattr(store, "_written", lambda entry: path.write_text("[]") and written(entry))
    with pytest.raises(FileUnreadable, match="just now"):
        add(tmp_path, {"id": "b"})
    assert path.read_text() == "[]"


def test_rights_and_links_stay(tmp_path: Path) -> None:
    path = put(tmp_path, "[]")
    path.chmod(0o640)
    (tmp_path / "kept.json").write_bytes(path.read_bytes())
    add(tmp_path, {"id": "a"})
    assert path.stat().st_mode & 0o777 == 0o640
    path.unlink()
    path.symlink_to(tmp_path / "kept.json")
    add(tmp_path, {"id": "b"})
    assert path.is_symlink()
    assert "b" in (tmp_path / "kept.json").read_text()


def test_nothing_is_written_outside_the_workspace(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    (home / "references").symlink_to(elsewhere)
    with pytest.raises(FileUnreadable, match="within the workspace"), locked(home / "references", home):
        pass
    (home / "references").unlink()
    put(home, "[]").unlink()
    (elsewhere / "x.json").write_text("[]")
    (home / "references" / "library.json").symlink_to(elsewhere / "x.json")
    with pytest.raises(LibraryDamaged):
        add(home, {"id": "a"})
    assert (elsewhere / "x.json").read_text() == "[]"


def test_a_folder_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "references").write_text("a file")
    with pytest.raises(FileUnreadable), locked(tmp_path / "references", tmp_path):
        pass


def test_a_folder_that_is_a_loop_of_links_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "references"
    folder.symlink_to(folder)
    with pytest.raises(FileUnreadable, match="within the workspace"), locked(folder, tmp_path):
        pass


def test_a_pipe_behind_a_link_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "references").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "references" / "library.json").symlink_to(tmp_path / "pipe")
    files, problems = library_files(tmp_path / "references", tmp_path)
    assert files == []
    assert [problem.message for problem in problems] == ["`library.json` cannot be read: it is no file"]


def test_a_full_disk_changes_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "references"
    with locked(folder, tmp_path) as write:
        file = write([{"id": "a", "title": "A"}])
    before = file.read_text()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left") as stopped, locked(folder, tmp_path) as write:
        write([{"id": "b", "title": "B"}])
    assert stopped.value.filename == str(file)
    assert [(one.name, one.read_text()) for one in folder.iterdir()] == [("library.json", before)]
