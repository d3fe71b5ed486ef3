"""The outbox on a real disk: whole files or none, for our eyes only."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

import pytest

from newsletter.compose.message import compiled
from newsletter.esp.outbox import Outbox
from newsletter.model.letter import Verdict
from tests.compose.letters import envelope, letter

if TYPE_CHECKING:
    from pathlib import Path


def test_each_delivery_becomes_a_file_named_by_its_number(tmp_path: Path) -> None:
    given = letter()
    answer = Outbox(tmp_path / "outbox").submit(given, "attempt", [envelope(1), envelope(2), envelope(1234567)])
    assert answer.verdict is Verdict.ACCEPTED
    folder = tmp_path / "outbox" / "7"
    assert sorted(path.name for path in folder.iterdir()) == ["000001.eml", "000002.eml", "1234567.eml"]
    assert (folder / "000002.eml").read_bytes() == compiled(given).bytes_for(envelope(2))


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_files_and_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    Outbox(tmp_path / "outbox").submit(letter(), "attempt", [envelope()])
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "outbox").rglob("*")}
    assert modes == {"7": 0o700, "000001.eml": 0o600, ".7.mailing": 0o600}
    assert stat.S_IMODE((tmp_path / "outbox").stat().st_mode) == 0o700


def test_repeating_a_chunk_gives_the_same_files(tmp_path: Path) -> None:
    folder = tmp_path / "7"
    for _ in range(2):
        Outbox(tmp_path).submit(letter(), "attempt", [envelope(1), envelope(2)])
        seen = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert seen == {f"00000{n}.eml": compiled(letter()).bytes_for(envelope(n)) for n in (1, 2)}


def test_mails_of_another_mailing_with_the_same_number_are_moved_aside(tmp_path: Path) -> None:
    Outbox(tmp_path).submit(letter(), "attempt", [envelope(1), envelope(2)])
    later = replace(letter(), date=letter().date + timedelta(days=1))
    for n in (1, 2):
        Outbox(tmp_path).submit(later, "attempt", [envelope(n)])
    for folder, count in (("7", 2), ("7.old1", 2)):
        assert len(list((tmp_path / folder).glob("*.eml"))) == count
    assert (tmp_path / "7" / "000001.eml").read_bytes() == compiled(later).bytes_for(envelope(1))


def test_what_a_killed_process_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "000001.part").write_bytes(b"half a mes")
    Outbox(tmp_path).submit(letter(), "attempt", [envelope()])
    assert [path.name for path in (tmp_path / "7").iterdir()] == ["000001.eml"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EACCES, "may not write"), (errno.EIO, "Input/output error")],
)
def test_a_disk_that_fails_halfway_is_worth_another_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    real_fsync, calls = os.fsync, []

    def failing(handle: int) -> None:
        calls.append(handle)
        if len(calls) > 3:
            raise OSError(number, os.strerror(number))
        real_fsync(handle)

    monkeypatch.setattr(os, "fsync", failing)
    answer = Outbox(tmp_path).submit(letter(), "attempt", [envelope(1), envelope(2), envelope(3)])
    assert answer.verdict is Verdict.TRY_LATER
    assert words in answer.detail
    assert [path.name for path in (tmp_path / "7").iterdir()] == ["000001.eml"]
    monkeypatch.undo()
    assert Outbox(tmp_path).submit(letter(), "again", [envelope(1), envelope(2)]).verdict is Verdict.ACCEPTED


def test_a_file_where_the_folder_should_be_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")
    answer = Outbox(tmp_path / "outbox").submit(letter(), "attempt", [envelope()])
    assert answer.verdict is Verdict.TRY_LATER
    assert "outbox cannot be written to" in answer.detail


def test_a_written_file_is_mail_with_a_way_to_leave(tmp_path: Path) -> None:
    Outbox(tmp_path).submit(letter(), "attempt", [envelope()])
    message = message_from_bytes((tmp_path / "7" / "000001.eml").read_bytes(), policy=policy.default)
    assert message["To"] == "Ada Moss <reader1@example.net>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
