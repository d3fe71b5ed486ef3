"""What was under way when a process died: one small file per attempt, with a mark before each message and one after.

`begun n` is written before the content of delivery n leaves, `taken n` or `refused n` after its reply. The file is
locked while the attempt lasts. So a later process knows, of an attempt that never came back, who certainly has the mail,
who certainly has not, and for whom nobody can say. Nothing is flushed to the disk: a killed process loses no write, and
after a crash of the machine (another boot id) only the marks that are there are believed.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

_MARK = re.compile(rb"(begun|taken|refused) ([0-9]{1,12})")
_BOOT = re.compile(rb"boot ([0-9a-f-]{8,64})")
_DONE = b"done\n"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_DAY = 86_400
#: the answer of an attempt that came back is in the database long before
_KEEP_DONE = 7 * _DAY
_KEEP_INTERRUPTED = 90 * _DAY


def boot_id() -> str:
    """The kernel's own (Linux); elsewhere nobody can say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What a journal tells. `unknown` is empty, or says why what is not marked may have been begun all the same."""

    taken: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    #: begun, and no reply is known
    begun: frozenset[int] = frozenset()
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The open file of one attempt. Each mark is one write; it raises OSError when the disk does not take it."""

    handle: int

    def begun(self, n: int) -> None:
        self.write(b"begun %d\n" % n)

    def replied(self, n: int, *, taken: bool) -> None:
        """The mark can be missed: what has no reply is doubt."""
        with suppress(OSError):
            self.write(b"taken %d\n" % n if taken else b"refused %d\n" % n)

    def done(self) -> None:
        """The attempt came back with an answer."""
        with suppress(OSError):
            self.write(_DONE)

    def close(self) -> None:
        os.close(self.handle)

    def write(self, mark: bytes) -> None:
        written = os.write(self.handle, mark)
        if written < len(mark):
            os.ftruncate(self.handle, os.fstat(self.handle).st_size - written)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@dataclass(frozen=True, kw_only=True)
class Journal:
    """The folder of all attempts."""

    folder: Path
    #: different after each start of the machine; empty where it cannot be known
    boot: str = field(default_factory=boot_id)

    def begin(self, attempt: str) -> Record:
        """The file of a new attempt, locked until it is closed.

        Raises:
            OSError: it cannot be made or written.
        """
        _make(self.folder)
        handle = os.open(self._path(attempt), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            record = Record(handle)
            record.write(f"boot {self.boot}\n".encode())
        except OSError:
            os.close(handle)
            raise
        return record

    def recall(self, attempt: str) -> Marks:
        """What is known of an attempt that never came back."""
        try:
            with self._path(attempt).open("rb") as file:
                ended = _ended(file.fileno())
                lines = file.read().split(b"\n")
        except OSError:
            return Marks(unknown="there is no journal of it on this machine")
        marks, strange, boots = _read(lines)
        if not ended:
            unknown = "the process that began it is still at it"
        elif strange:
            unknown = "its journal is damaged"
        elif not self.boot or boots != {self.boot}:
            unknown = "the machine was started again in between"
        else:
            unknown = ""
        seen = {
            kind: frozenset(n for n, state in marks.items() if state == kind)
            for kind in (b"taken", b"refused", b"begun")
        }
        return Marks(taken=seen[b"taken"], refused=seen[b"refused"], begun=seen[b"begun"], unknown=unknown)

    def sweep(self, now: float | None = None) -> None:
        """Delete old files: of attempts that came back after a week, of interrupted ones after three months."""
        moment = time.time() if now is None else now
        with suppress(OSError):  # another day
            for file in os.scandir(self.folder):
                age = moment - file.stat(follow_symlinks=False).st_mtime
                if age > _KEEP_INTERRUPTED or (age > _KEEP_DONE and _is_done(Path(file.path))):
                    Path(file.path).unlink(missing_ok=True)

    def _path(self, attempt: str) -> Path:
        plain = _NAME.fullmatch(attempt)
        return self.folder / (attempt if plain else hashlib.sha256(attempt.encode()).hexdigest())


def _read(lines: list[bytes]) -> tuple[dict[int, bytes], bool, set[str]]:
    """Delivery -> its last mark; whether there is anything else than marks; the boots in which it was written."""
    marks: dict[int, bytes] = {}
    boots: set[str] = set()
    strange = lines.pop() != b""  # a line that does not end
    for line in lines:
        if mark := _MARK.fullmatch(line):
            n = int(mark[2])
            if marks.get(n) != b"taken":  # somebody who has it has it, whatever came later
                marks[n] = mark[1]
        elif boot := _BOOT.fullmatch(line):
            boots.add(boot[1].decode())
        elif line != _DONE.strip():
            strange = True
    return marks, strange, boots


def _ended(handle: int) -> bool:
    """Whether nobody writes there any more. The lock ends with the process, however that ends."""
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_done(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - len(_DONE)))
        return file.read() == _DONE


def _make(folder: Path) -> None:
    """Make the folder for us alone; git leaves out what is in `.newsletter/`."""
    if folder.is_dir():
        return
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignoring = folder.parent / ".gitignore"
    if not ignoring.exists():
        ignoring.write_text("*\n", encoding="ascii")
    folder.mkdir(mode=0o700, exist_ok=True)
