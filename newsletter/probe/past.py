"""The workspace as it was at a commit, written into a private folder for as long as it is needed.

Blobs are read one by one (`git cat-file`), not as an archive: what .gitattributes keeps out of archives or changes in them
(export-ignore, export-subst, filters) was there for readers all the same.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from newsletter.errors import ServiceMissing
from newsletter.probe.git import command, environment, git, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.probe.git import Commit

_LINK, _SUBMODULE = "120000", "160000"
#: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md: a pointer names the SHA-256 of the content
_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n")
_LONGEST_POINTER = 1024


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A file that git has: its path in the workspace, its kind (git's mode), the hash of its content."""

    path: PurePosixPath
    mode: str
    hash: str


@dataclass(frozen=True, kw_only=True)
class Past:
    """`folder` holds the workspace as it was; `notes` say, in words, what of it is not as it was."""

    folder: Path
    notes: tuple[str, ...] = ()


def stored_files(folder: Path, commit: Commit) -> list[Stored]:
    """What git has of the workspace in `folder`; empty when it was not there then."""
    tree = tree_of(folder, commit)
    listed = git(folder, "ls-tree", "-r", "-z", "--full-tree", tree) if tree else b""
    found = (_stored(os.fsdecode(entry)) for entry in listed.split(b"\0") if entry)
    return [one for one in found if _is_safe(one.path)]


@contextmanager
def written(files: Sequence[Stored], folder: Path) -> Iterator[Past]:
    """These files of the workspace in `folder`, written as they were; they are gone when the block ends, however it ends.

    Raises:
        ServiceMissing: git fails, or lacks a file's content.
    """
    with tempfile.TemporaryDirectory(prefix="newsletter-") as made:  # mode 0700
        target = Path(made).resolve() / (folder.name or "workspace")
        target.mkdir()
        yield Past(folder=target, notes=tuple(_write(files, folder, target)) if files else ())


def _stored(entry: str) -> Stored:
    """From `<mode> <type> <hash>\\t<path>`."""
    facts, _, path = entry.partition("\t")
    mode, _, rest = facts.partition(" ")
    return Stored(path=PurePosixPath(path), mode=mode, hash=rest.rpartition(" ")[2])


def _is_safe(path: PurePosixPath) -> bool:
    """Whether it stays within the folder: git refuses to make others, but a tree that somebody sends may hold them."""
    return not path.is_absolute() and not {"..", ".git"} & {part.lower() for part in path.parts}


def _write(files: Iterable[Stored], folder: Path, target: Path) -> Iterator[str]:
    """Ordinary files first, so that none is written through a symbolic link; yields notes."""
    links: list[tuple[Path, bytes]] = []
    with _Contents(folder) as contents:
        for one in files:
            path = target / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            if one.mode == _SUBMODULE:
                yield _as_it_is_now(folder / one.path, path, one)
            elif one.mode == _LINK:
                links.append((path, contents.of(one)))
            else:
                content = contents.of(one)
                whole = _without_pointer(content, folder, one)
                path.write_bytes(content if whole is None else whole)
                if whole is None:
                    yield f"{one.path} lies in Git LFS and was not fetched: it is missing in the earlier state."
    yield from _link(links, target)


def _link(links: Iterable[tuple[Path, bytes]], target: Path) -> Iterator[str]:
    made = []
    for path, leads_to in links:
        path.symlink_to(os.fsdecode(leads_to))
        made.append(path)
    for path in made:
        if not _leads_inside(path, target):
            path.unlink()
            yield f"{path.relative_to(target)} is a link out of the workspace: it is missing in the earlier state."


def _leads_inside(path: Path, target: Path) -> bool:
    try:
        return path.resolve().is_relative_to(target)
    except (OSError, RuntimeError):  # a circle of links
        return False


def _as_it_is_now(present: Path, path: Path, one: Stored) -> str:
    if present.is_dir():
        shutil.copytree(present, path, symlinks=True, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True)
    return f"{one.path} is a git submodule: it is compared as it is now."


def _without_pointer(content: bytes, folder: Path, one: Stored) -> bytes | None:
    """The content that a Git LFS pointer stands for, None when it is nowhere here; anything else as it is."""
    pointer = _POINTER.match(content) if len(content) < _LONGEST_POINTER else None
    if pointer is None:
        return content
    wanted = pointer[1].decode()
    common = Path(os.fsdecode(git(folder, "rev-parse", "--git-common-dir").removesuffix(b"\n")))
    kept = folder / common / "lfs" / "objects" / wanted[:2] / wanted[2:4] / wanted
    for path in (folder / one.path, kept):
        found = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(found).hexdigest() == wanted:
            return found
    return None


class _Contents:
    """One `git cat-file --batch` for all files."""

    def __init__(self, folder: Path) -> None:
        self._command = command(folder, "cat-file", "--batch")

    def __enter__(self) -> _Contents:
        self._process = subprocess.Popen(  # noqa: S603 - no shell, no words of a person
            self._command,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(self, *_: object) -> None:
        for stream in self._streams():
            stream.close()
        self._process.wait()

    def of(self, one: Stored) -> bytes:
        """The content of a stored file."""
        ask, answer = self._streams()
        ask.write(f"{one.hash}\n".encode())
        ask.flush()
        kind, _, size = answer.readline().strip().decode().partition(" ")[2].partition(" ")
        if kind != "blob":
            why = f"it has no content for {one.path} here; get it: git fetch --refetch, or git fetch --unshallow"
            raise ServiceMissing("git", why)
        content = answer.read(int(size))
        answer.read(1)  # the line end behind it
        return content

    def _streams(self) -> tuple[IO[bytes], IO[bytes]]:
        ask, answer = self._process.stdin, self._process.stdout
        if ask is None or answer is None:
            msg = "opened with pipes"
            raise RuntimeError(msg)
        return ask, answer
