"""All references of an issue, from its files and its front matter, under their keys, with everything wrong about them."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from newsletter.model.problem import warning
from newsletter.references.csl_json import read_csl_json
from newsletter.references.duplicates import duplicate_key, same_sources
from newsletter.references.entry import checked
from newsletter.references.files import read_text, too_large, too_many_entries
from newsletter.references.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.problem import Place, Problem
    from newsletter.model.reference import Reference, ReferenceSources


def load(sources: ReferenceSources) -> tuple[dict[str, Reference], list[Problem]]:
    """The references by key, in the order of the files and entries; the first of two with one key counts."""
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
    file = str(sources.folder / name)
    if name.lower().endswith(".bib"):
        return _read_bibtex(text, name, file, written_at)
    records, problems = read_csl_json(text, file)
    many = too_many_entries(name, len(records), written_at)
    return ([], [many]) if many else (records, problems)


def _read_bibtex(text: str, name: str, file: str, written_at: Place) -> tuple[list[Record], list[Problem]]:
    """They are counted first: what is wrong with an entry takes long to find out."""
    from newsletter.references.bibtex import count_entries, read_bibtex, too_heavy

    many = too_many_entries(name, count_entries(text), written_at)
    if many is None and (much := too_heavy(text)):
        many = too_large(f"`{name}` has {much}", written_at)
    return ([], [many]) if many else read_bibtex(text, file)


def _with_key(csl: Mapping[str, Any]) -> Mapping[str, Any]:
    """In front matter the key may be called `key`, as staff call it."""
    return csl if "id" in csl or "key" not in csl else {"id": csl["key"], **csl}
