"""What git says of a workspace: which commit a name means, which files changed since. It reads and never writes.

The `git` program is asked, without a shell, a pager or a lock; nothing here touches the index or a file.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from newsletter.errors import GitRefuses, NotInGit, RevisionNotFound, ServiceMissing
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

#: set by git for its hooks, where they only make sense in the folder that the hook runs in
_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")
_DUBIOUS = re.compile(r"(?:dubious ownership in|unsafe) repository (?:at|\()?\s*'?([^'\n]+)'")
_HASH = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, kw_only=True)
class Commit:
    """A state of the repository. `named` is how it was asked for, `day` the ISO date of the commit."""

    named: str
    hash: str
    day: str

    @property
    def words(self) -> str:
        named = self.named if not self.hash.startswith(self.named) else "commit"
        return f"{named} ({self.hash[:7]}, {self.day})"


def find_commit(folder: Path, revision: str) -> Commit:
    """The commit that a revision means. `main...` is where the present work branched off from `main` (the merge base).

    Raises:
        NotInGit, GitRefuses, RevisionNotFound
        ServiceMissing: git is not installed, or fails.
    """
    git(folder, "rev-parse", "--git-dir")
    name, dots, other = revision.partition("...")
    if dots and other not in {"", "HEAD"}:
        step = f"The other side is always the files as they are now; write {name}... instead."
        raise RevisionNotFound(revision, step)
    found = _resolved(folder, name)
    if dots:
        found = _merge_base(folder, name, found)
    return Commit(named=revision, hash=found, day=git(folder, "show", "-s", "--format=%cs", found).decode().strip())


def changed_files(folder: Path, commit: Commit) -> list[PurePosixPath]:
    """Files of the workspace that are not as they were: changed, new, gone or never added to git, by name."""
    fields = _names(
        git(folder, "diff-index", "--no-abbrev", "--no-renames", "-z", "--relative", commit.hash, "--", ".")
    )
    since = {name for facts, name in zip(fields[::2], fields[1::2], strict=True) if not _holds(folder / name, facts)}
    new = _names(git(folder, "ls-files", "--others", "--exclude-standard", "-z", "--", "."))
    return [PurePosixPath(name) for name in sorted({*since, *new})]


def _holds(path: Path, facts: str) -> bool:
    """Whether a file holds what git has: git also names those that were only touched. `facts` are `:mode mode hash hash M`."""
    wanted = facts.split(" ")[2]
    if path.is_symlink() or not path.is_file():
        return False
    content = path.read_bytes()
    made = hashlib.new("sha1" if len(wanted) == 40 else "sha256", b"blob %d\0" % len(content), usedforsecurity=False)
    made.update(content)
    return made.hexdigest() == wanted


def tree_of(folder: Path, commit: Commit) -> str | None:
    """The hash of the workspace's own tree at that commit, None when it was not there."""
    prefix = os.fsdecode(git(folder, "rev-parse", "--show-prefix").removesuffix(b"\n")).rstrip("/")
    done = _run(folder, ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit.hash}:{prefix}"))
    return None if done.returncode else done.stdout.strip().decode()


def former_name(folder: Path, commit: Commit, path: PurePosixPath) -> PurePosixPath | None:
    """What a file of the workspace was called, where git knows that it was renamed since (`git mv`)."""
    words = ("--name-status", "-M", "--diff-filter=R", "-z", "--relative", commit.hash, "--", ".")
    fields = _names(git(folder, "diff-index", *words))
    renamed = {new: old for _, old, new in zip(fields[::3], fields[1::3], fields[2::3], strict=True)}
    old = renamed.get(str(path))
    return PurePosixPath(old) if old else None


def git(folder: Path, *words: str) -> bytes:
    """What git prints.

    Raises:
        NotInGit, GitRefuses
        ServiceMissing: git is not installed, or it fails.
    """
    done = _run(folder, words)
    if done.returncode:
        raise _failure(folder, done.stderr.decode("utf-8", "replace"))
    return done.stdout


def command(folder: Path, *words: str) -> list[str]:
    """The command line. A program that Windows finds in the current folder is not taken.

    Raises:
        ServiceMissing: git is not installed.
    """
    program = shutil.which("git")
    if program is None:
        why = "it is not installed, and the workspace as it was comes from there; install git"
        raise ServiceMissing("git", why)
    return [
        program,
        "--no-pager",
        "-c",
        "core.quotePath=false",
        "-c",
        "log.showSignature=false",
        "-C",
        str(folder),
        *words,
    ]


def environment() -> Mapping[str, str]:
    """Ours, but without questions, locks and translated messages; a repository that is named with its files stays named."""
    named = all(Path(os.environ.get(name, "")).is_absolute() for name in ("GIT_DIR", "GIT_WORK_TREE"))
    kept = {name: value for name, value in os.environ.items() if named or name not in _PLACES}
    return {**kept, "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _run(folder: Path, words: tuple[str, ...]) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - no shell, and every word of a person stands behind --end-of-options
        command(folder, *words), env=environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
    )


def _failure(folder: Path, said: str) -> NotInGit | GitRefuses | ServiceMissing:
    if found := _DUBIOUS.search(said):
        return GitRefuses(Path(found[1]))
    if "not a git repository" in said or "must be run in a work tree" in said:
        return NotInGit(folder)
    first = next((line for line in said.splitlines() if line.strip()), "it failed without a word")
    return ServiceMissing("git", first.removeprefix("fatal: "))


def _names(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _resolved(folder: Path, name: str) -> str:
    """The hash of the commit; a name that looks like an option is never shown to git."""
    found = b""
    if name and not name.startswith("-") and "\0" not in name:
        done = _run(folder, ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"))
        found = b"" if done.returncode else done.stdout.strip()
    if not found:
        raise _unknown(folder, name)
    return found.decode()


def _merge_base(folder: Path, name: str, commit: str) -> str:
    done = _run(folder, ("merge-base", commit, _resolved(folder, "HEAD")))
    if done.returncode:
        step = f"The two have no common commit here. In a shallow clone: {_fetch(name, '--unshallow')}"
        raise RevisionNotFound(f"{name}...", step)
    return done.stdout.split()[0].decode()


def _unknown(folder: Path, name: str) -> RevisionNotFound:
    known = _run(folder, ("for-each-ref", "--format=%(refname:short)")).stdout.decode("utf-8", "replace").split()
    if name == "HEAD":
        return RevisionNotFound(name, "Nothing is committed yet: git add ., git commit. Then compare with that state.")
    if b"true" in _run(folder, ("rev-parse", "--is-shallow-repository")).stdout:
        step = f"This clone is shallow and lacks it. Get it: {_fetch(name, '--depth=1')}"
        return RevisionNotFound(name, step)
    step = "Name a branch, a tag or a commit, such as HEAD~1, main or origin/main; `git log` shows them."
    return RevisionNotFound(name, step, nearest(name, known) if name else None)


def _fetch(name: str, depth: str) -> str:
    """The command that brings a branch of a remote, or a commit."""
    remote, slash, branch = name.partition("/")
    if slash:
        wanted = f"+refs/heads/{branch}:refs/remotes/{remote}/{branch}"
    else:
        remote, wanted = "origin", name if _HASH.fullmatch(name) else f"{name}:{name}"
    return shlex.join(["git", "fetch", depth, remote, wanted])
