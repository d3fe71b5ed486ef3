"""The folder of a workspace's library -> the text of its files; a file that cannot be read is a problem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.model.problem import Place, error

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model.problem import Problem

#: room for MOST_ENTRIES with their abstracts
_LARGEST = 60_000_000
MOST_ENTRIES = 25_000
ENDING = ".json"


@dataclass(frozen=True, kw_only=True)
class LibraryFile:
    """`text` has plain line feeds and no BOM."""

    path: Path
    text: str


def library_files(folder: Path, workspace: Path) -> tuple[list[LibraryFile], list[Problem]]:
    """The files of the library by name. A folder that is not there is an empty library."""
    try:
        paths = sorted(path for path in folder.iterdir() if _counts(path)) if _is_there(folder) else []
    except OSError as why:
        return [], [_unreadable(folder, folder.name, why.strerror or str(why))]
    if paths and not within(folder, workspace):
        return [], [_outside(folder)]
    files: list[LibraryFile] = []
    problems: list[Problem] = []
    for path in paths:
        text, problem = read_file(path, workspace)
        files += [LibraryFile(path=path, text=text)] if text is not None else []
        problems += [problem] if problem else []
    return files, problems


def read_file(path: Path, workspace: Path) -> tuple[str | None, Problem | None]:
    """The text of one file of the library, or why there is none."""
    if not within(path, workspace):
        return None, _outside(path)
    try:
        if path.exists() and not path.is_file():
            return None, _unreadable(path, path.name, "it is no file")
        if path.stat().st_size > _LARGEST:
            message = f"`{path.name}` is larger than {_LARGEST // 1_000_000} MB"
            fix = "Share its entries out over several files of the folder, or take out those that nobody cites."
            return None, error("reference-file-too-large", Place(file=str(path)), message, fix)
        raw = path.read_bytes()
    except OSError as why:
        return None, _unreadable(path, path.name, why.strerror or str(why))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        place = Place(file=str(path), line=raw[: why.start].count(b"\n") + 1, column=1)
        fix = "Save or export it as UTF-8."
        return None, error("reference-file-encoding", place, f"`{path.name}` is not UTF-8 text", fix)
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def _is_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except (OSError, ValueError):  # a name that is too long, or has a NUL
        return False


def _counts(path: Path) -> bool:
    """Not what editors and other programs keep beside a file, and no pipe, which would be waited for."""
    return path.suffix.lower() == ENDING and not path.name.startswith(".") and (path.is_file() or path.is_symlink())


def within(path: Path, workspace: Path) -> bool:
    """Where it leads to, if it is a link."""
    try:
        return path.resolve().is_relative_to(workspace.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def _outside(path: Path) -> Problem:
    fix = "Keep the library in a folder of the workspace ([references] folder), as files and not as links to elsewhere."
    message = f"`{path.name}` of the library lies outside the workspace"
    return error("reference-file-outside", Place(file=str(path)), message, fix)


def _unreadable(path: Path, name: str, why: str) -> Problem:
    message = f"`{name}` cannot be read: {why}"
    return error("reference-file-unreadable", Place(file=str(path)), message, "Make the file readable.")
