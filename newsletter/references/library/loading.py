"""All references that an issue can cite, under their keys: from its files and its front matter with everything wrong about
them, and from the library, whose problems go with the references (shelf.py).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import warning
from newsletter.model.reference import References
from newsletter.references.entry import checked
from newsletter.references.formats.choice import read_records
from newsletter.references.formats.files import read_text
from newsletter.references.library.duplicates import (
    Sources,
    different_sources,
    duplicate_key,
    same_source,
    same_sources,
    where,
)
from newsletter.references.library.shelf import open_shelf
from newsletter.references.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference, ReferenceSources


def load(sources: ReferenceSources) -> tuple[Mapping[str, Reference], list[Problem]]:
    """The issue's own references by key, in the order of the files and entries, then the library's."""
    own, problems = load_own(sources)
    if sources.library is None:
        return own, problems
    shelf = open_shelf(sources.library, sources.workspace or sources.library)
    hiding = {key: _hiding(reference, shelf[key]) for key, reference in own.items() if key in shelf}
    return References({**own, **hiding}, shelf), [*problems, *shelf.lost]


def _hiding(own: Reference, shared: Reference) -> Reference:
    """An issue's own reference under a key of the library: told where it is cited, if it is another source."""
    if not different_sources(own.csl, shared.csl):
        return own
    message = f"`{own.key}` is another source here than in the library ({where(shared.at, own.at)}); this one is cited"
    fix = "Give the one here another key; or take it out, if you mean the library's."
    return replace(own, problems=(*own.problems, warning("reference-shadows-library", own.at, message, fix)))


def cited_twice(cited: Iterable[Reference]) -> Iterator[Problem]:
    """A warning where an issue cites one source by two keys and one of them is the library's (`load` tells the others)."""
    known = Sources()
    for reference in cited:
        if (earlier := known.same_as(reference.csl)) and (earlier.shared or reference.shared):
            yield same_source(earlier, reference)
        known.add(reference)


def load_own(sources: ReferenceSources) -> tuple[dict[str, Reference], list[Problem]]:
    """What the issue brings along; the first of two with one key counts."""
    problems: list[Problem] = []
    references: dict[str, Reference] = {}
    for record in _records(sources, problems):
        reference, found = checked(record)
        problems += found
        if reference is None:
            continue
        if reference.key in references:
            problems.append(duplicate_key(reference.key, references[reference.key].at, reference.at))
        else:
            references[reference.key] = reference
    problems += same_sources(references.values())
    return references, problems


def _records(sources: ReferenceSources, problems: list[Problem]) -> Iterator[Record]:
    seen: set[str] = set()
    for name, written_at in sources.files:
        if PurePath(name).as_posix() in seen:
            message = f"`{name}` is listed twice"
            problems.append(warning("reference-file-twice", written_at, message, "Remove one of the two."))
            continue
        seen.add(PurePath(name).as_posix())
        records, found = _read(sources, name, written_at)
        problems += found
        yield from records
    for csl, written_at in sources.inline:
        yield Record(csl=_with_key(csl), at=written_at)


def _read(sources: ReferenceSources, name: str, written_at: Place) -> tuple[list[Record], list[Problem]]:
    text, problem = read_text(sources.folder, name, written_at)
    if problem or text is None:
        return [], [problem] if problem else []
    return read_records(text, name, str(sources.folder / name), written_at)


def _with_key(csl: Mapping[str, Any]) -> Mapping[str, Any]:
    """In front matter the key may be called `key`, as staff call it."""
    return csl if "id" in csl or "key" not in csl else {"id": csl["key"], **csl}
