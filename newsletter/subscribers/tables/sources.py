"""Where the bytes of a table are: a file, or a member of a zip. They can be read more than once."""

from __future__ import annotations

import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import FileUnreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import IO


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    path: Path
    open: Callable[[], IO[bytes]]
    #: the name inside a zip
    member: str = ""

    @property
    def name(self) -> str:
        """The name without folders."""
        return self.member.rpartition("/")[2] or self.path.name

    def unreadable(self, why: str) -> FileUnreadable:
        return FileUnreadable(f"{self.path}: {self.member}" if self.member else self.path, why)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What goes wrong while the bytes are read, as FileUnreadable."""
        try:
            yield
        except OSError as why:
            raise self.unreadable(why.strerror or str(why)) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise self.unreadable(
                "it is damaged or locked; unpack it with another program and name the files"
            ) from None


def file_source(path: Path) -> Source:
    """A file by itself.

    Raises:
        FileUnreadable: it is not a file on a disk.
    """
    if not path.is_file():
        raise FileUnreadable(path, _no_file(path))
    return Source(path=path, open=lambda: path.open("rb"))


def _no_file(path: Path) -> str:
    if path.is_dir():
        return "it is a folder, not a file"
    # a pipe cannot be read a second time
    return "it is not a file on a disk; save it to one first" if path.exists() else "there is no such file"
