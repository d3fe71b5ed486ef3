"""A chunk of which the outbox wrote some: who has a file has it, whatever comes of the others."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.esp import outbox
from newsletter.esp.outbox import Outbox
from newsletter.model.letter import Verdict
from tests.compose.letters import envelope, letter

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def full_after(monkeypatch: pytest.MonkeyPatch, files: int) -> None:
    """No room for any more mails than that."""
    real = outbox._write_whole
    written: list[Path] = []

    def write(path: Path, content: bytes) -> None:
        if len(written) >= files:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(path, content)
        written.extend([path] if path.suffix == ".eml" else [])

    monkeypatch.setattr(outbox, "_write_whole", write)


def test_it_tells_whom_it_wrote_to_before_the_disk_was_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full_after(monkeypatch, files=2)
    answer = Outbox(tmp_path).submit(letter(), "attempt", [envelope(n) for n in (1, 2, 3)])
    assert (answer.verdict, answer.taken) == (Verdict.TRY_LATER, frozenset({1, 2}))


def test_it_tells_whom_an_interrupted_attempt_wrote_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Outbox(tmp_path).submit(letter(), "killed", [envelope(1), envelope(3)])
    full_after(monkeypatch, files=0)
    answer = Outbox(tmp_path).submit(letter(), "again", [envelope(n) for n in (1, 2, 3)])
    assert (answer.verdict, answer.taken) == (Verdict.TRY_LATER, frozenset({1, 3}))


def test_files_of_an_older_mailing_of_that_number_tell_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Outbox(tmp_path).submit(letter(), "attempt", [envelope(1)])
    later = replace(letter(), date=letter().date + timedelta(days=1))
    monkeypatch.setattr(outbox, "_keep_apart", lambda *_: (_ for _ in ()).throw(OSError(errno.EACCES, "no")))
    answer = Outbox(tmp_path).submit(later, "attempt", [envelope(1)])
    assert (answer.verdict, answer.taken) == (Verdict.TRY_LATER, frozenset())
