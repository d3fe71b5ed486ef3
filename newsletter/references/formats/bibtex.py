"""BibTeX and BibLaTeX text -> records in CSL-JSON with their lines. An entry that is broken never costs the others.

Fields and types: BibLaTeX manual, section 2; how they map to CSL: https://docs.citationstyles.org, appendix III and IV.
"""

from __future__ import annotations

import logging
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import NormalizeFieldKeys
from bibtexparser.model import (
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    ImplicitComment,
    ParsingFailedBlock,
)

from newsletter.model.problem import Place, error, warning
from newsletter.references.formats.bibtex_fields import csl_name, csl_of
from newsletter.references.library.duplicates import duplicate_key
from newsletter.references.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bibtexparser.model import Block, Field

    from newsletter.model.problem import Problem

#: letters of the longest entry, far beyond one with thousands of authors, and commands, which are decoded one by one
_LONGEST_ENTRY, _MOST_SIGNS = 200_000, 50_000
#: a field, in text that belongs to no entry
_FIELD = re.compile(r"^[ \t]*[A-Za-z_-]+[ \t]*=[ \t]*[{\"]", re.MULTILINE)
#: a further field within the value of one, whose comma is missing
_NO_COMMA = re.compile(r"\n[ \t]*[A-Za-z_-]+[ \t]*=[ \t]*[{\"]")
_NOT_CLOSED = "the entry that begins here is not closed: a brace or quotation mark is missing"
#: what the parser says -> what an author understands
_REASONS = {
    "still looking for": _NOT_CLOSED,
    "end of file": _NOT_CLOSED,
    "after a closed entry field value": "the entry that begins here has no comma between two of its fields",
    "Expected comma after entry key": "the entry that begins here has no comma behind its key",
    "Expected a `=`": "the entry that begins here has a field without `=`, or lacks a comma",
    "Expected equals sign": "the entry that begins here has a field without `=`, or lacks a comma",
}
_BEGINNING = re.compile(r"@[A-Za-z]+[ \t]*[{(]")

# what they say is said by our problems, with its place
for _name in ("bibtexparser", "pylatexenc"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def count_entries(text: str) -> int:
    """How many beginnings of entries there are, whether or not they can be read."""
    return sum(1 for _ in _BEGINNING.finditer(text))


def too_heavy(text: str) -> str:
    """What makes the text take minutes to parse, in words; "" where nothing does."""
    starts = [found.start() for found in _BEGINNING.finditer(text)]
    longest = max((after - start for start, after in pairwise([*starts, len(text)])), default=0)
    if longest > _LONGEST_ENTRY:
        return f"an entry of {longest // 1000:,} KB; {_LONGEST_ENTRY // 1000} are allowed"
    signs = sum(text.count(sign) for sign in "\\$#")
    return f"{signs:,} signs of LaTeX; {_MOST_SIGNS:,} are allowed" if signs > _MOST_SIGNS else ""


def read_bibtex(text: str, file: str) -> tuple[list[Record], list[Problem]]:
    """The entries, and a problem for each block that cannot be read."""
    if "@" not in text:
        fix = "Export the references as BibTeX: entries such as @article{smith2014, ...}."
        return [], [error("reference-bibtex", Place(file=file, line=1, column=1), "the file has no entries", fix)]
    try:
        library = parse_string(text, append_middleware=[NormalizeFieldKeys()])
    except Exception as why:  # noqa: BLE001 - the parser raises what it did not foresee; a file is an author's mistake
        fix = "Export it again, or split it to find the entry that cannot be read."
        return [], [error("reference-bibtex", Place(file=file), f"the file cannot be read as BibTeX: {why}", fix)]
    problems = [_failure(block, file) for block in library.failed_blocks]
    problems += [_lost(block, file) for block in _lost_fields(library.blocks)]
    problems.sort(key=lambda problem: problem.place.line)
    return [_record(entry, file, problems) for entry in library.entries], problems


def _place(block: Block | Field, file: str) -> Place:
    return Place(file=file, line=(block.start_line or 0) + 1, column=1)


def _lost_fields(blocks: Iterable[Block]) -> Iterator[Block]:
    """BibTeX takes all text between entries for comments; one with a field in it was meant to be read."""
    before: Block | None = None
    for block in blocks:
        # behind an entry that cannot be read stands the rest of it
        is_rest = isinstance(before, ParsingFailedBlock)
        if isinstance(block, ImplicitComment) and not is_rest and _FIELD.search(block.comment):
            yield block
        before = block


def _lost(block: Block, file: str) -> Problem:
    fix = "Look for a missing `@` or `{` at the beginning of this entry, or one `}` too many in the one before it."
    return error("reference-bibtex", _place(block, file), "these fields belong to no entry and are not read", fix)


def _failure(block: ParsingFailedBlock, file: str) -> Problem:
    place = _place(block, file)
    if isinstance(block, DuplicateFieldKeyBlock):
        twice = ", ".join(f"`{name}`" for name in sorted(block.duplicate_keys))
        message = f"this entry has {twice} more than once"
        return error("reference-bibtex", place, message, "Keep one of them.")
    if isinstance(block, DuplicateBlockKeyBlock):
        return _duplicate(block, place, file)
    reason = str(getattr(block.error, "abort_reason", ""))
    message = next((words for sign, words in _REASONS.items() if sign in reason), "this entry cannot be read")
    fix = "Look for a missing comma, brace or quotation mark in this entry."
    return error("reference-bibtex", place, message, fix)


def _duplicate(block: DuplicateBlockKeyBlock, place: Place, file: str) -> Problem:
    if isinstance(block.previous_block, Entry):
        return duplicate_key(block.key, _place(block.previous_block, file), place)
    return warning("reference-bibtex", place, f"the abbreviation `{block.key}` is defined twice", "Keep one of them.")


def _record(entry: Entry, file: str, problems: list[Problem]) -> Record:
    at = _place(entry, file)
    for field in entry.fields:
        if match := _NO_COMMA.search(str(field.value)):
            field.value = str(field.value)[: match.start()].strip().strip('{}"')
            message = f"the field behind `{field.key}` is not read, since a comma is missing between them"
            problems.append(
                error("reference-bibtex", _place(field, file), message, "Write a comma at the end of this line.")
            )
    csl, found = csl_of(entry, at)
    problems += found
    return Record(csl=csl, at=at, places={csl_name(field.key): _place(field, file) for field in entry.fields})
