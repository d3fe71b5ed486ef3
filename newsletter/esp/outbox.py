"""The sender that needs no account: one `.eml` file per delivery in a folder per mailing.

A file appears whole or not at all (write, fsync, rename) and its name is the delivery's number, so handing the same
chunk over again makes the same files once more. Nothing leaves the machine.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

from newsletter.compose.carrying import envelope_obstacle, letter_obstacle
from newsletter.compose.message import compiled
from newsletter.files import flush_folder
from newsletter.model.letter import Answer, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.model.letter import Envelope, Letter

_PLAIN_WORDS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "we may not write there",
    errno.EPERM: "we may not write there",
    errno.EROFS: "the disk is read-only",
}


class Outbox:
    """Writes mail into `folder` instead of sending it."""

    name = "outbox"
    repeatable = True
    chunk_size = 200
    in_flight = 1
    real = False

    def __init__(self, folder: Path, *, embeds: bool = True) -> None:
        self._folder = folder
        self.embeds = embeds

    def expect(self, attempt: str) -> None:
        """Nothing needs to be known of an attempt."""

    def submit(self, letter: Letter, attempt: str, envelopes: Sequence[Envelope]) -> Answer:  # noqa: ARG002 - the port's
        """Write one file per envelope; a failure leaves whole files only, and the chunk may be handed over again."""
        if why := letter_obstacle(letter):
            return Answer(verdict=Verdict.REFUSED, detail=why)
        blamed = {envelope.n: why for envelope in envelopes if (why := envelope_obstacle(letter, envelope))}
        if blamed:
            there = self._there(letter, envelopes)
            return Answer(
                verdict=Verdict.BLAMED, detail="some readers cannot be written to", blamed=blamed, taken=there
            )
        try:
            self._write(letter, envelopes)
        except OSError as failure:
            why = _PLAIN_WORDS.get(failure.errno or 0) or failure.strerror or type(failure).__name__
            detail = f"{self._folder} cannot be written to: {why}"
            return Answer(verdict=Verdict.TRY_LATER, detail=detail, taken=self._there(letter, envelopes))
        return Answer(verdict=Verdict.ACCEPTED)

    def recall(self, attempt: str, numbers: Sequence[int]) -> Answer:  # noqa: ARG002 - the port's
        """Repeating is harmless, so nothing needs to be known of an interrupted attempt."""
        return Answer(verdict=Verdict.UNCERTAIN, detail="interrupted before all mails were written")

    def remarks(self, letter: Letter) -> Sequence[str]:
        return ["the outbox notes no opens and clicks"] if letter.opens or letter.clicks else []

    def close(self) -> None:
        """Nothing is held open."""

    def _there(self, letter: Letter, envelopes: Sequence[Envelope]) -> frozenset[int]:
        """Who has a file, of this attempt or of one that was interrupted."""
        folder = self._folder / letter.mailing
        with suppress(OSError):
            if letter.list_id and not _holds(folder, letter):
                return frozenset()
            flush_folder(folder)
            return frozenset(one.n for one in envelopes if (folder / f"{one.n:06}.eml").exists())
        return frozenset()

    def _write(self, letter: Letter, envelopes: Sequence[Envelope]) -> None:
        folder = self._folder / letter.mailing
        if letter.list_id:
            _keep_apart(folder, letter)
        _make(folder)
        message = compiled(letter)
        for envelope in envelopes:
            _write_whole(folder / f"{envelope.n:06}.eml", message.bytes_for(envelope))
        flush_folder(folder)


def _keep_apart(folder: Path, letter: Letter) -> None:
    """A new database counts mailings from 1 again: the mails of an older mailing of that number are moved aside.

    A hidden file beside the folder tells whose mails it holds.
    """
    if _holds(folder, letter):
        return
    if folder.is_dir() and any(folder.glob("*.eml")):
        asides = (folder.with_name(f"{folder.name}.old{n}") for n in count(1))
        folder.rename(next(aside for aside in asides if not aside.exists()))
    _make(folder)
    _write_whole(_mark_of(folder), _mark(letter).encode())


def _holds(folder: Path, letter: Letter) -> bool:
    """Whether the mails in a folder are those of this mailing."""
    file = _mark_of(folder)
    return file.exists() and file.read_text(encoding="ascii") == _mark(letter)


def _mark_of(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.mailing")


def _mark(letter: Letter) -> str:
    """To the microsecond; all variants of a mailing share it."""
    return f"{letter.date.isoformat()}\n"


def _make(folder: Path) -> None:
    """Make the folder and its parents for us alone, and flush the entry of each one made."""
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    flush_folder(folder.parent)


def _write_whole(path: Path, content: bytes) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)  # left by a killed process, perhaps
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
