"""What the journal of an attempt tells a later process."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.esp.smtp.journal import Journal
from newsletter.model.letter import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from tests.esp.smtp_bench import Smtp

BOOT = "0f9e8d7c-0000-4000-8000-123456789abc"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(folder=tmp_path / ".newsletter" / "journal", boot=BOOT)


def write(journal: Journal, attempt: str, *marks: str) -> Path:
    """An attempt that was interrupted after these marks."""
    record = journal.begin(attempt)
    for mark in marks:
        what, n = mark.split()
        if what == "begun":
            record.begun(int(n))
        else:
            record.replied(int(n), taken=what == "taken")
    record.close()
    return journal.folder / attempt


def test_it_knows_who_has_it_who_has_not_and_for_whom_nobody_can_say(journal: Journal) -> None:
    write(journal, "a", "begun 1", "taken 1", "refused 2", "begun 3", "refused 3", "begun 4", "taken 4", "begun 5")
    marks = journal.recall("a")
    assert [set(marks.taken), set(marks.refused), set(marks.begun)] == [{1, 4}, {2, 3}, {5}]
    assert marks.unknown == ""


def test_a_message_begun_again_after_a_broken_connection_counts_as_it_stands_last(journal: Journal) -> None:
    write(journal, "a", "begun 1", "refused 1", "begun 1", "taken 1", "begun 2", "refused 2", "begun 2")
    marks = journal.recall("a")
    assert [set(marks.taken), set(marks.begun)] == [{1}, {2}]


def test_nothing_is_known_where_there_is_no_journal(journal: Journal) -> None:
    assert "no journal" in journal.recall("a").unknown


def test_after_a_crash_of_the_machine_only_marks_are_believed(journal: Journal) -> None:
    write(journal, "a", "begun 1", "taken 1", "begun 2")
    marks = Journal(folder=journal.folder, boot="11111111-2222-3333-4444-555555555555").recall("a")
    assert [set(marks.taken), set(marks.begun)] == [{1}, {2}]
    assert "started again" in marks.unknown
    assert Journal(folder=journal.folder, boot="").recall("a").unknown


@pytest.mark.parametrize("tail", [b"begun", b"\x00\x00\x00\x00", b"hello\n", b"begun x\n", b"begun -1\n", b"taken 7"])
def test_a_damaged_journal_is_believed_only_where_it_has_marks(journal: Journal, tail: bytes) -> None:
    path = write(journal, "a", "begun 1", "taken 1")
    path.write_bytes(path.read_bytes() + tail)
    marks = journal.recall("a")
    assert marks.taken == {1}
    assert "damaged" in marks.unknown


def test_an_empty_journal_tells_nothing(journal: Journal) -> None:
    write(journal, "a").write_bytes(b"")
    assert journal.recall("a").unknown


def test_a_process_that_is_still_at_it_keeps_its_secrets(journal: Journal) -> None:
    record = journal.begin("a")
    record.begun(1)
    assert "still at it" in journal.recall("a").unknown
    record.close()
    assert journal.recall("a").unknown == ""


def test_an_attempt_is_begun_by_one_process_at_a_time(journal: Journal) -> None:
    record = journal.begin("a")
    with pytest.raises(OSError, match="unavailable"):
        journal.begin("a")
    record.close()


def test_the_lock_of_a_killed_process_is_gone(journal: Journal) -> None:
    code = (
        "import os, sys, pathlib; from newsletter.esp.smtp.journal import Journal\n"
        "record = Journal(folder=pathlib.Path(sys.argv[1]), boot=sys.argv[2]).begin('a')\n"
        "record.begun(3); print('ready', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(journal.folder), BOOT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        assert "still at it" in journal.recall("a").unknown
        process.kill()
    marks = journal.recall("a")
    assert (set(marks.begun), marks.unknown) == ({3}, "")


def test_a_full_disk_is_said_and_leaves_the_journal_whole(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    record = journal.begin("a")
    record.begun(1)
    really = os.write
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda handle, data: really(handle, data[:4]))
        with pytest.raises(OSError, match="No space"):
            record.begun(2)
        record.replied(1, taken=True)  # is missed, and becomes doubt
    record.close()
    marks = journal.recall("a")
    assert (set(marks.begun), marks.unknown) == ({1}, "")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    outcomes=st.lists(st.sampled_from(["taken", "refused", "lost"]), max_size=12),
    cut=st.integers(min_value=0, max_value=40),
)
def test_wherever_a_process_is_killed_what_had_begun_is_never_called_not_begun(
    journal: Journal, outcomes: list[str], cut: int
) -> None:
    marks = [mark for n, outcome in enumerate(outcomes) for mark in (f"begun {n}", f"{outcome} {n}")]
    written = [mark for mark in marks if not mark.startswith("lost")][:cut]
    path = write(journal, "a", *written)
    told = journal.recall("a")
    path.unlink()
    begun = {int(mark.split()[1]) for mark in written if mark.startswith("begun")}
    assert told.unknown == ""
    assert begun == told.begun | told.taken | told.refused
    assert told.taken == {n for n in begun if f"taken {n}" in written}


def test_any_attempt_has_a_file_of_its_own_in_the_folder(journal: Journal) -> None:
    names = ["notice7", "../../escape", "a/b", "", "x" * 300, "Ä"]
    for at, name in enumerate(names):
        record = journal.begin(name)
        record.begun(at)
        record.close()
    assert [journal.recall(name).begun for name in names] == [{at} for at in range(len(names))]
    assert len(list(journal.folder.iterdir())) == len(names)


def test_old_journals_go_and_those_that_are_needed_stay(journal: Journal) -> None:
    for attempt, days in (("done-young", 6), ("done-old", 8), ("cut-old", 80), ("cut-ancient", 91)):
        record = journal.begin(attempt)
        if attempt.startswith("done"):
            record.done()
        record.close()
        moment = 1_800_000_000 - days * 86_400
        os.utime(journal.folder / attempt, (moment, moment))
    journal.sweep(1_800_000_000)
    assert sorted(path.name for path in journal.folder.iterdir()) == ["cut-old", "done-young"]


def test_the_sender_tells_it_as_an_answer(smtp: Smtp) -> None:
    sender = smtp(25)
    own = Journal(folder=smtp.folder / ".newsletter" / "journal")
    path = write(own, "a", "begun 1", "taken 1", "refused 2", "begun 3")
    answer = sender.recall("a", [1, 2, 3, 4])
    assert (answer.verdict, set(answer.taken), list(answer.doubtful)) == (Verdict.TRY_LATER, {1}, [3])
    path.write_bytes(path.read_bytes().replace(own.boot.encode(), BOOT.encode()))
    answer = sender.recall("a", [1, 2, 3, 4])
    assert (answer.verdict, set(answer.taken), list(answer.doubtful)) == (Verdict.UNCERTAIN, {1}, [3])
    assert list(answer.deferred) == [2]
    assert sender.recall("never seen", [1]).verdict is Verdict.UNCERTAIN


def test_the_lock_is_one_that_other_programs_see(journal: Journal) -> None:
    record = journal.begin("a")
    with (journal.folder / "a").open("rb") as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    record.close()
