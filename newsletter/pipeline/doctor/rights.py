"""Who else on this machine can read secrets and readers' data?"""

from __future__ import annotations

import os
import shlex
import stat
from itertools import islice
from typing import TYPE_CHECKING

from newsletter.pipeline.doctor.finding import Findings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.pipeline.doctor.finding import Finding
    from newsletter.pipeline.doctor.look import Look

AREA = "files"
_say = Findings(AREA)
#: an outbox may hold a million mails
_MOST = 2_000
_MOST_NAMED = 8


def findings(look: Look) -> Iterator[Finding]:
    yield from _in_git(look)
    if os.name == "nt":
        yield _say.unseen("files-unseen", "who can read the files: this system has no file modes")
        return
    open_files = [path for path in _private_files(look) if _mode(path) & 0o077]
    # whoever cannot enter a folder cannot read what is in it
    open_folders = [path for path in _private_folders(look) if _mode(path) & 0o077]
    for path in open_files[:_MOST_NAMED]:
        yield _say.wrong(
            "file-open",
            f"{path}: {_who(path)}",
            f"Run: chmod 600 {shlex.quote(str(path))}",
        )
    if len(open_files) > _MOST_NAMED:
        yield _say.wrong(
            "file-open",
            f"and {len(open_files) - _MOST_NAMED:,} more files, mostly in {open_files[-1].parent}",
            f"Run: find {shlex.quote(str(open_files[-1].parent))} -type f -exec chmod 600 {{}} +",
        )
    for path in open_folders:
        yield _say.wrong("folder-open", f"{path}: {_who(path)}", f"Run: chmod 700 {shlex.quote(str(path))}")
    if not open_files and not open_folders:
        yield _say.ok("files-private", "nobody else on this machine can read secrets and readers' data")


def _in_git(look: Look) -> Iterator[Finding]:
    """Whoever gets a copy of the repository has them, also of an old commit."""
    from newsletter.errors import GitRefuses, NotInGit, ServiceMissing
    from newsletter.probe.git import git

    wanted = (".env", "outbox", "backups", "*.db", "*.db-wal", look.workspace.settings.database.erasures)
    try:
        found = git(look.workspace.folder, "ls-files", "-z", "--", *wanted).decode("utf-8", "replace")
    except (GitRefuses, NotInGit, ServiceMissing):
        return
    if names := [name for name in found.split("\0") if name]:
        more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
        yield _say.wrong(
            "file-in-git",
            f"secrets or readers' data are in git: {', '.join(names[:5])}{more}",
            "Take each out: git rm --cached FILE, and name it in .gitignore. A secret that was pushed is known: rotate it; old "
            "commits keep readers' data until their history is rewritten.",
        )


def _private_files(look: Look) -> Iterator[Path]:
    from newsletter.store import witness
    from newsletter.store.upkeep import private, sqlite_file

    folder = look.workspace.folder
    yield from _there(folder / ".env", look.workspace.erasures)
    if look.store and (file := sqlite_file.file_of(look.store.url)):
        yield from _there(*(file.with_name(file.name + end) for end in ("", *private.COMPANIONS)), witness.beside(file))
        yield from sorted(file.parent.glob(f"{file.name}.before-*"))
    for inner in _private_folders(look):
        yield from islice((path for path in inner.rglob("*") if path.is_file() and not path.is_symlink()), _MOST)


def _private_folders(look: Look) -> list[Path]:
    from newsletter.store.upkeep import sqlite_file
    from newsletter.store.upkeep.inspecting_place import backups_beside

    folder = look.workspace.folder
    file = sqlite_file.file_of(look.store.url) if look.store else None
    wanted = (
        backups_beside(file) if file else folder / "backups",
        folder / "outbox",
        folder / ".newsletter" / "journal",
    )
    return [path for path in wanted if path.is_dir()]


def _there(*paths: Path) -> Iterator[Path]:
    return (path for path in paths if path.is_file())


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0


def _who(path: Path) -> str:
    """Such as: everybody can read it."""
    mode = _mode(path)
    if mode & 0o007:
        return f"everybody on this machine can {'change' if mode & 0o002 else 'read'} it"
    return f"the group {_group(path)} can {'change' if mode & 0o020 else 'read'} it"


def _group(path: Path) -> str:
    try:
        return path.group()
    except (KeyError, OSError):
        return "of its owner"
