"""The workspace's library: looking at it, adding to it, and everything that is wrong with it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from newsletter.check.knowledge import Knowledge
from newsletter.check.sources import check_sources
from newsletter.check.sources.notices import became_of
from newsletter.check.sources.retracted import LATER_RULES
from newsletter.check.sources.rule import Library
from newsletter.errors import FileUnreadable, ReferenceNotFound
from newsletter.model.document import cited_keys
from newsletter.model.problem import Level, Place, has_errors, in_reading_order
from newsletter.pipeline.knowledge import journals_of, knowledge_of_library, retractions_of
from newsletter.references.completing import all_completed
from newsletter.references.formats.choice import read_records
from newsletter.references.formats.files import read_text
from newsletter.references.library.duplicates import Sources, same_sources
from newsletter.references.library.intake import Intake
from newsletter.references.library.loading import load
from newsletter.references.library.shelf import open_shelf
from newsletter.references.library.store import FILE, locked
from newsletter.references.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.model.identifier import Identifier
    from newsletter.model.notice import Notice, NoticeKind
    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.references.library.intake import Taken
    from newsletter.references.library.shelf import Shelf
    from newsletter.settings import Workspace


def library_folder(workspace: Workspace) -> Path:
    return workspace.folder / workspace.settings.references.folder


def library_of(workspace: Workspace) -> Shelf:
    """All references that the issues of this workspace share."""
    return open_shelf(library_folder(workspace), workspace.folder)


def named(library: Mapping[str, Reference], keys: Sequence[str]) -> list[Reference]:
    """Those with these keys, or all by their keys where none is named.

    Raises:
        ReferenceNotFound: with the nearest key, if one is near.
    """
    from newsletter.validate import nearest

    for key in keys:
        if key not in library:
            raise ReferenceNotFound(key, nearest(key, library))
    return [library[key] for key in dict.fromkeys(keys or sorted(library, key=str.casefold))]


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


def printable(workspace: Workspace, references: Iterable[Reference]) -> list[Reference]:
    """As they are printed: with the abbreviations of their journals, and what became of them."""
    return all_completed(references, journals_of(workspace), retractions_of(workspace)[0])


def became(workspace: Workspace) -> Callable[[Reference], Mapping[NoticeKind, Notice]]:
    """What is known to have become of a reference: from its record, its title, and the table."""
    knowledge = Knowledge(retractions=retractions_of(workspace)[0])
    return lambda reference: became_of(reference, knowledge)


def told_later(workspace: Workspace, references: Iterable[Reference]) -> list[Problem]:
    """What the rules say about those of them that were retracted, doubted or corrected."""
    sources = Library(references=tuple(references), knowledge=Knowledge(retractions=retractions_of(workspace)[0]))
    return [problem for rule in LATER_RULES for problem in rule(sources)]


def warnings_of(workspace: Workspace, taken: Iterable[Taken]) -> list[Problem]:
    """That a source was retracted or is in doubt, in the words of these rules. Here it is a warning: it does no harm yet.

    A record that comes a second time may know more than the one that is there already.
    """
    taken = list(taken)
    found = told_later(workspace, (one.reference for one in taken))
    known = {(one.code, one.message.partition(" ")[0]) for one in found}
    twins = (replace(one.came, key=one.reference.key) for one in taken if one.came)
    for problem in told_later(workspace, twins):
        if (problem.code, problem.message.partition(" ")[0]) not in known:
            fix = f"{problem.fix} The library's own record does not say so yet: replace it by this one."
            found.append(replace(problem, fix=fix))
    return [replace(one, level=Level.WARNING) for one in found if one.level is not Level.INFORMATION]


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
    """What became of the records of files. `problems` are those of what was broken or is doubtful, by file and line.

    `doubtful` are those of them that `newsletter references check` tells again: of what went in.
    """

    file: Path
    taken: Sequence[Taken]
    problems: Sequence[Problem]
    doubtful: Sequence[Problem] = ()

    @property
    def broken(self) -> bool:
        return has_errors(self.problems)


def import_files(workspace: Workspace, paths: Sequence[Path], *, dry_run: bool = False) -> Imported:
    """Put the records of these files into the library; what is broken costs nothing else."""
    records, problems = _records(paths)
    folder = library_folder(workspace)
    if dry_run:
        taken, doubtful, left_out = _taken(Intake(library_of(workspace)), records)
    else:
        with locked(folder, workspace.folder) as write:
            intake = Intake(library_of(workspace))
            taken, doubtful, left_out = _taken(intake, records)
            if intake.new:
                write([reference.csl for reference in intake.new])
    later = warnings_of(workspace, taken)
    every = in_reading_order([*problems, *doubtful, *left_out, *later])
    return Imported(file=folder / FILE, taken=taken, problems=every, doubtful=[*doubtful, *later])


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


def _taken(intake: Intake, records: Iterable[Record]) -> tuple[list[Taken], list[Problem], list[Problem]]:
    """What became of each, what is wrong with those that went in, and with those that did not."""
    taken: list[Taken] = []
    of_new: list[Problem] = []
    of_others: list[Problem] = []
    for record in records:
        one, found = intake.take(record)
        taken += [one] if one else []
        (of_new if one and one.new else of_others).extend(found)
    return taken, of_new, of_others


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
