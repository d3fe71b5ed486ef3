"""The workspace's library: looking at it, adding to it, and everything that is wrong with it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.check.sources import check_sources
from newsletter.errors import FileUnreadable, ReferenceNotFound
from newsletter.model.document import cited_keys
from newsletter.model.problem import Place, has_errors, in_reading_order
from newsletter.pipeline.knowledge import knowledge_of_library
from newsletter.references.duplicates import Sources, same_sources
from newsletter.references.files import read_text
from newsletter.references.formats import read_records
from newsletter.references.intake import Intake
from newsletter.references.library import load
from newsletter.references.record import Record
from newsletter.references.shelf import open_shelf
from newsletter.references.store import FILE, locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.model.identifier import Identifier
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.references.intake import Taken
    from newsletter.references.shelf import Shelf
    from newsletter.settings import Workspace


def library_folder(workspace: Workspace) -> Path:
    return workspace.folder / workspace.settings.references.folder


def library_of(workspace: Workspace) -> Shelf:
    """All references that the issues of this workspace share."""
    return open_shelf(library_folder(workspace), workspace.folder)


def named(library: Mapping[str, Reference], keys: Sequence[str]) -> list[Reference]:
    """Those with these keys, or all where none is named.

    Raises:
        ReferenceNotFound: with the nearest key, if one is near.
    """
    from newsletter.validate import nearest

    for key in keys:
        if key not in library:
            raise ReferenceNotFound(key, nearest(key, library))
    return [library[key] for key in dict.fromkeys(keys or library)]


def library_problems(workspace: Workspace, now: datetime, keys: Sequence[str] = ()) -> tuple[int, list[Problem]]:
    """How many references were looked at, and what is wrong with them; without keys also with the files."""
    library = library_of(workspace)
    references = named(library, keys)
    knowledge, problems = knowledge_of_library(workspace, library, now)
    problems += check_sources(references, knowledge, Place(file=str(library_folder(workspace))))
    of_entries = [problem for one in references for problem in one.problems]
    if not keys:
        problems += [problem for problem in library.problems if problem not in set(of_entries)]
        return len(references), in_reading_order([*problems, *of_entries, *same_sources(references)])
    known = Sources(library.values())
    twins = [twin for one in references if (twin := known.same_as(one.csl)) and twin.key not in keys]
    return len(references), in_reading_order([*problems, *of_entries, *same_sources([*references, *twins])])


def with_number(library: Mapping[str, Reference], identifier: Identifier) -> Reference | None:
    """The reference that has this DOI or PubMed number."""
    return Sources(library.values()).same_as({identifier.register.value: identifier.value})


def add(workspace: Workspace, csl: Mapping[str, Any], key: str, source: str) -> tuple[Taken | None, list[Problem]]:
    """Put one record into the library, under this key where one is given; `source` says where it comes from."""
    record = Record(csl={**csl, "id": key}, at=Place(file=source))
    with locked(library_folder(workspace), workspace.folder) as write:
        intake = Intake(library_of(workspace))
        taken, problems = intake.take(record)
        if intake.new:
            write([reference.csl for reference in intake.new])
    return taken, problems


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of the records of files. `problems` are those of what was broken or is doubtful, by file and line."""

    file: Path
    taken: Sequence[Taken]
    problems: Sequence[Problem]

    @property
    def broken(self) -> bool:
        return has_errors(self.problems)


def import_files(workspace: Workspace, paths: Sequence[Path], *, dry_run: bool = False) -> Imported:
    """Put the records of these files into the library; what is broken costs nothing else."""
    records, problems = _records(paths)
    folder = library_folder(workspace)
    if dry_run:
        taken, found = _taken(Intake(library_of(workspace)), records)
    else:
        with locked(folder, workspace.folder) as write:
            intake = Intake(library_of(workspace))
            taken, found = _taken(intake, records)
            if intake.new:
                write([reference.csl for reference in intake.new])
    return Imported(file=folder / FILE, taken=taken, problems=in_reading_order([*problems, *found]))


def _records(paths: Sequence[Path]) -> tuple[list[Record], list[Problem]]:
    records: list[Record] = []
    problems: list[Problem] = []
    for path in dict.fromkeys(path.resolve() for path in paths):
        at = Place(file=str(path))
        text, problem = read_text(path.parent, path.name, at, any_suffix=True)
        if text is None:
            problems += [problem] if problem else []
            continue
        read, found = read_records(text, path.name, str(path), at)
        records += read
        problems += found
    return records, problems


def _taken(intake: Intake, records: Iterable[Record]) -> tuple[list[Taken], list[Problem]]:
    taken: list[Taken] = []
    problems: list[Problem] = []
    for record in records:
        one, found = intake.take(record)
        taken += [one] if one else []
        problems += found
    return taken, problems


def citing(workspace: Workspace, key: str) -> list[str]:
    """The slugs of the issues that cite this reference of the library."""
    from newsletter.read import every_issue, read_issue, slug_of

    found = []
    for path in every_issue(workspace.folder):
        with suppress(FileUnreadable):
            if key not in path.read_text(encoding="utf-8", errors="replace"):
                continue
            reading = read_issue(path, workspace.settings, load, workspace.folder)
            cited = cited_keys(reading.issue.body) if reading.issue else ()
            if key in cited and reading.references[key].shared:
                found.append(slug_of(path))
    return found
