"""A zip of evidence -> whether it is as it was made. Needs nothing but the file; whoever made that may be hostile.

Nothing is unpacked to a disk. What is read is limited: names, their number, the size of each file by the manifest, all
sizes together by what a file of that size can honestly hold.
"""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from struct import error as StructError  # noqa: N812 - a class
from typing import TYPE_CHECKING

from newsletter.signoff.evidence.layout import AT_ONCE, BESIDE, MANIFEST, SEAL, SUMS, Manifest, seal_value, sha256, sums
from newsletter.signoff.evidence.packing import Packing, holds_more, packing_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import BinaryIO

#: the manifest and what stands beside it
_LARGEST_BESIDE = 8_000_000
#: a table of deliveries shrinks to a thirtieth; deflate itself can do a thousandth
_MOST_RATIO, _ALWAYS = 300, 64_000_000
_LONGEST_NAME = 1_000
#: what the reading of a zip that was tampered with raises
_FAULTS = (
    *(zipfile.BadZipFile, zlib.error, StructError, EOFError, OSError, RuntimeError, NotImplementedError),
    *(ValueError, LookupError, OverflowError, MemoryError),
)
CHANGED, MISSING, ADDED = "is not as it was made", "is missing", "was added"
MORE = "holds something that is none of its files"
NOT_EVIDENCE = "is no file of evidence that can be read"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`name` is that of a file inside; empty where it is the whole."""

    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.name or 'it'} {self.what}"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """`manifest` is None where it cannot be read; its facts are then not known."""

    packing: Packing
    findings: tuple[Finding, ...] = ()
    manifest: Manifest | None = None
    manifest_sha256: str = ""
    seal: str = field(default="", repr=False)


class _TooMuch(Exception):
    """More was read than there can be."""


def look(stream: BinaryIO) -> Looked:
    """Read all of it, and say what is not as it was made."""
    packing = packing_of(stream)
    if packing is Packing.UNREADABLE:
        return Looked(packing=packing, findings=(Finding(name="", what=NOT_EVIDENCE),))
    size = stream.seek(0, 2)
    try:
        with zipfile.ZipFile(stream) as opened:
            more = [Finding(name="", what=MORE)] if holds_more(opened, stream) else []
            looked = _Inside(opened, _ALWAYS + size * _MOST_RATIO).look(packing, more)
    except _TooMuch:
        return Looked(packing=packing, findings=(Finding(name="", what="holds more than it can honestly hold"),))
    except _FAULTS:
        return Looked(packing=packing, findings=(Finding(name="", what=NOT_EVIDENCE),))
    return looked


class _Inside:
    """The files of an opened zip; all that is read counts."""

    def __init__(self, opened: zipfile.ZipFile, budget: int) -> None:
        self._zip = opened
        self._left = budget
        self._files: dict[str, zipfile.ZipInfo] = {}

    def look(self, packing: Packing, found: Sequence[Finding]) -> Looked:
        findings = [*found, *self._names(folders=packing is Packing.AGAIN)]
        beside = {name: self._beside(name) for name in BESIDE}
        manifest = _manifest(beside[MANIFEST])
        if manifest is None:
            findings.append(Finding(name=MANIFEST, what=CHANGED if MANIFEST in self._files else MISSING))
        else:
            findings += self._compare(manifest, beside)
        if packing is Packing.CHANGED and not findings:
            findings.append(Finding(name="", what="is not as it was made, although every file in it is"))
        return Looked(
            packing=packing,
            findings=tuple(sorted(findings, key=lambda one: one.name)),
            manifest=manifest,
            manifest_sha256=sha256(beside[MANIFEST] or b""),
            seal=seal_value(beside[SEAL] or b""),
        )

    def _names(self, *, folders: bool) -> Iterator[Finding]:
        """Take the names that may be; each once, whatever its capitals, for a disk knows no two."""
        taken: set[str] = set()
        for info in self._zip.infolist():
            if folders and info.is_dir() and info.file_size == 0 and is_safe(info.filename[:-1]):
                continue
            odd = info.flag_bits & 1 or info.orig_filename != info.filename or not _is_file(info)
            if not is_safe(info.filename) or odd:
                yield Finding(name=info.filename[:_LONGEST_NAME], what="must not be in such a file")
            elif info.filename.casefold() in taken:
                yield Finding(name=info.filename, what="is in it twice")
            else:
                taken.add(info.filename.casefold())
                self._files[info.filename] = info

    def _beside(self, name: str) -> bytes | None:
        info = self._files.get(name)
        if info is None or info.file_size > _LARGEST_BESIDE:
            return None
        try:
            return b"".join(self._pieces(info, _LARGEST_BESIDE))
        except _FAULTS:
            return None

    def _compare(self, manifest: Manifest, beside: Mapping[str, bytes | None]) -> Iterator[Finding]:
        told = sums(manifest, beside[MANIFEST] or b"", beside[SEAL] or b"")
        for name, good in ((SEAL, bool(seal_value(beside[SEAL] or b""))), (SUMS, beside[SUMS] == told)):
            if not good:
                yield Finding(name=name, what=CHANGED if name in self._files else MISSING)
        for name in manifest.files:
            if name not in self._files:
                yield Finding(name=name[:_LONGEST_NAME], what=MISSING)
        for name, info in self._files.items():
            if name in BESIDE:
                continue
            held = manifest.files.get(name)
            if held is None:
                yield Finding(name=name, what=ADDED)
            elif info.file_size != held.size or self._hash(info, held.size) != held.sha256:
                yield Finding(name=name, what=CHANGED)

    def _hash(self, info: zipfile.ZipInfo, size: int) -> str:
        """Empty where it cannot be read."""
        taken = hashlib.sha256()
        try:
            for piece in self._pieces(info, size):
                taken.update(piece)
        except _FAULTS:
            return ""
        return taken.hexdigest()

    def _pieces(self, info: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise zipfile.BadZipFile
        with self._zip.open(info) as file:
            while piece := file.read(AT_ONCE):
                most, self._left = most - len(piece), self._left - len(piece)
                if self._left < 0:
                    raise _TooMuch
                if most < 0:
                    raise zipfile.BadZipFile
                yield piece


def _is_file(info: zipfile.ZipInfo) -> bool:
    """No link, where the system that packed it knows such."""
    return stat.S_IFMT(info.external_attr >> 16) in {0, stat.S_IFREG}


def _manifest(content: bytes | None) -> Manifest | None:
    try:
        return Manifest.from_json(content) if content else None
    except ValueError:
        return None


def is_safe(name: str) -> bool:
    """Whether a file of this name, unpacked, lands within the folder, on any system."""
    parts = name.split("/")
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and not any(character in name for character in '\\:*?"<>|')
        and not any(part in {"", ".", ".."} for part in parts)
    )
