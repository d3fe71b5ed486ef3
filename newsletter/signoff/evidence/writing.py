"""Files -> a zip of evidence. Same files: same bytes. What is large goes through in pieces."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

from newsletter.signoff.evidence.layout import (
    AT_ONCE,
    COMMENT_LENGTH,
    MANIFEST,
    SEAL,
    SUMS,
    Held,
    Manifest,
    seal_json,
    sha256,
    sums,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, BinaryIO


#: the least time that a zip can tell: the same whenever it is made
_NO_TIME = (1980, 1, 1, 0, 0, 0)
#: for its owner alone, also when it is unpacked
_MODE = 0o100600 << 16


class EvidenceZip:
    """Writes into a stream that can be read, too. Add the files in the order of their names, then `finish`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._zip = zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._files: dict[str, Held] = {}

    def add(self, name: str, content: bytes) -> None:
        self._zip.writestr(_info(name), content)
        self._files[name] = Held(sha256=sha256(content), size=len(content))

    def pour(self, name: str, produce: Callable[[BinaryIO], None]) -> None:
        """A file that is never in memory as a whole."""
        with self._zip.open(_info(name), "w", force_zip64=True) as target:
            through = _Hashing(target)
            produce(through)  # type: ignore[arg-type] # a stream, as far as one is written to
        self._files[name] = Held(sha256=through.hash.hexdigest(), size=through.size)

    def finish(self, facts: Mapping[str, Any], seal: Callable[[str], str]) -> str:
        """The manifest, its seal, and the hash of the whole; returns the manifest's SHA-256. `seal` is given that."""
        manifest = Manifest(facts=facts, files=dict(self._files))
        content = manifest.to_json()
        sealed = seal_json(seal(sha256(content)))
        for name, one in ((MANIFEST, content), (SEAL, sealed), (SUMS, sums(manifest, content, sealed))):
            self._zip.writestr(_info(name), one)
        self._zip.comment = b"-" * COMMENT_LENGTH
        self._zip.close()
        self._sign()
        return sha256(content)

    def _sign(self) -> None:
        """Put the hash of all that stands before the comment into it."""
        left = self._stream.seek(0, io.SEEK_END) - COMMENT_LENGTH
        self._stream.seek(0)
        whole = hashlib.sha256()
        while left:
            piece = self._stream.read(min(AT_ONCE, left))
            whole.update(piece)
            left -= len(piece)
        self._stream.write(f"sha256 of all before this: {whole.hexdigest()}".encode())


class _Hashing(io.BufferedIOBase):
    """Passes on what is written, and takes its hash on the way."""

    def __init__(self, target: Any) -> None:  # noqa: ANN401 - zipfile gives no name to it
        self._target = target
        self.hash = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:  # noqa: ANN401 - any buffer, as io has it
        self.hash.update(content)
        self.size += len(content)
        self._target.write(content)
        return len(content)


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _NO_TIME)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, _MODE
    return info
