"""Who wrote the files of an issue, as git knows it, and which commit the workspace stands at."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import NotInGit, ServiceMissing
from newsletter.model.staff import Author
from newsletter.probe.git import git

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

#: of each commit, its author, its committer, and whoever wrote it with them; also under the names that a mailmap of the
#: workspace gives them, and not only: whoever can write that file is nobody else by it
_FORMAT = "%an <%ae>%n%aN <%aE>%n%cn <%ce>%n%cN <%cE>%n%(trailers:key=Co-authored-by,valueonly)"
#: a folder may be called [draft]
_LITERAL = "--literal-pathspecs"
_PERSON = re.compile(r"\s*(.*?)\s*<([^<>]*)>")
#: commits that a forge makes are its users', who stand beside it as authors
_FORGES = ("noreply@github.com",)


@dataclass(frozen=True, kw_only=True)
class Written:
    """`commit` is HEAD, with + behind it where files were changed since."""

    authors: tuple[Author, ...] = ()
    commit: str = ""
    #: whether git could be asked at all
    known: bool = False


def written_by(folder: Path, paths: Sequence[Path]) -> Written:
    """Who committed these files of the workspace in `folder`, and who has changed them since: the user of git here.

    Where there is no git, or it is not installed, nothing is known.

    Raises:
        GitRefuses: the repository belongs to somebody else.
    """
    try:
        git(folder, "rev-parse", "--git-dir")
        named = [os.fspath(path) for path in paths]
        committed = [*_committed(folder, named)]
        changed = bool(git(folder, _LITERAL, "status", "--porcelain", "-z", "--untracked-files=normal", "--", *named))
        by_now = _present_user(folder) if changed or not committed else []
        return Written(
            authors=tuple(dict.fromkeys([*by_now, *committed])),
            commit=_commit(folder, changed=changed),
            known=True,
        )
    except (NotInGit, ServiceMissing):
        return Written()


def _committed(folder: Path, paths: Iterable[str]) -> Iterator[Author]:
    """All who ever did, also under a file's former names."""
    for path in paths:
        with suppress(ServiceMissing):  # nothing is committed yet
            options = ("--follow",) if not (folder / path).is_dir() else ("--full-history",)
            said = git(folder, _LITERAL, "log", *options, f"--format={_FORMAT}", "--", path)
            yield from _people(said.decode("utf-8", "replace").splitlines())


def _present_user(folder: Path) -> list[Author]:
    """Name and address that git would write into a commit made here."""
    with suppress(ServiceMissing):  # nobody is set up
        return [*_people(git(folder, "var", "GIT_AUTHOR_IDENT").decode("utf-8", "replace").splitlines())]
    return []


def _people(lines: Iterable[str]) -> Iterator[Author]:
    for line in lines:
        found = _PERSON.match(line)
        if found and found[2] not in _FORGES:
            yield Author(name=found[1], email=found[2])


def _commit(folder: Path, *, changed: bool) -> str:
    with suppress(ServiceMissing):  # there is none yet
        head = git(folder, "rev-parse", "--verify", "HEAD").decode().strip()
        since = changed or bool(git(folder, "status", "--porcelain", "-z", "--untracked-files=no", "--", "."))
        return f"{head}{'+' if since else ''}"
    return ""
