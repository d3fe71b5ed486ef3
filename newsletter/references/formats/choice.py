"""Which format a file of references has, and its entries as records. Each format's reader is loaded when it is needed."""

from __future__ import annotations

import re
from enum import StrEnum
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from newsletter.model.problem import error
from newsletter.references.formats.limits import too_large, too_many_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from newsletter.model.problem import Place, Problem
    from newsletter.references.record import Record


class Format(StrEnum):
    CSL_JSON = "csl-json"
    BIBTEX = "bibtex"
    RIS = "ris"
    NBIB = "nbib"
    ENDNOTE = "endnote"
    ENW = "enw"


class Kind(NamedTuple):
    """What to know of a format."""

    #: as staff call it
    name: str
    suffix: str
    #: bytes; BibTeX is read slowly, about 500 KB a second
    largest: int
    module: str
    reader: str
    counter: str
    #: what its text begins with, perhaps after a preamble
    mark: re.Pattern[str]


KINDS: Mapping[Format, Kind] = {
    Format.CSL_JSON: Kind(
        "CSL-JSON",
        ".json",
        5_000_000,
        "csl_json",
        "read_csl_json",
        "",
        re.compile(r"\A[\s\ufeff]*(?:\[\s*[{\]]|\{\s*\")"),
    ),
    Format.BIBTEX: Kind(
        "BibTeX",
        ".bib",
        2_000_000,
        "bibtex",
        "read_bibtex",
        "count_entries",
        re.compile(r"^[ \t\ufeff]*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE),
    ),
    Format.RIS: Kind(
        "RIS",
        ".ris",
        5_000_000,
        "ris",
        "read_ris",
        "count_entries",
        re.compile(r"^[ \t\ufeff]*TY[ \t]{0,3}-(?:[ \t]|$)", re.MULTILINE),
    ),
    Format.NBIB: Kind(
        "PubMed", ".nbib", 5_000_000, "nbib", "read_nbib", "count_entries", re.compile(r"^\ufeff?PMID- ", re.MULTILINE)
    ),
    Format.ENDNOTE: Kind(
        "EndNote XML",
        ".xml",
        5_000_000,
        "endnote",
        "read_endnote",
        "count_entries",
        re.compile(r"\A[\s\ufeff]*<(?:\?xml|xml|records?)\b"),
    ),
    Format.ENW: Kind(
        "EndNote",
        ".enw",
        5_000_000,
        "enw",
        "read_enw",
        "count_entries",
        re.compile(r"^\ufeff?%0[ \t]", re.MULTILINE),
    ),
}
#: the formats that an issue can name, by the end of a file's name
SUFFIXES: Mapping[str, Format] = {kind.suffix: name for name, kind in KINDS.items()}
#: characters in which a format shows itself
_HEAD = 20_000


def sniff(text: str, file_name: str = "") -> Format | None:
    """The format that the text shows; where it shows none, the one that the name ends in."""
    head = text[:_HEAD]
    found = [(match.start(), name) for name, kind in KINDS.items() if (match := kind.mark.search(head))]
    return min(found)[1] if found else SUFFIXES.get(PurePath(file_name).suffix.lower())


def read_records(text: str, name: str, file: str, written_at: Place) -> tuple[list[Record], list[Problem]]:
    """The entries of a file, whatever its format, and what is wrong with them.

    `name` is the file as written at `written_at`, for problems with the file as a whole; `file` is its path. A name that
    ends in no known format (`.txt`) is read as what the text shows.
    """
    named, shown = SUFFIXES.get(PurePath(name).suffix.lower()), sniff(text, name)
    which = named or shown
    if which is None:
        return [], [error("reference-file-type", written_at, f"`{name}` is no references file", HOW_TO_EXPORT)]
    if shown is not None and shown is not which and not KINDS[which].mark.search(text[:_HEAD]):
        return [], [_wrong_name(name, which, shown, written_at)]
    if problem := _beyond_limits(text, name, which, written_at):
        return [], [problem]
    records, problems = _function(which, KINDS[which].reader)(text, file)
    many = too_many_entries(name, len(records), written_at)
    return ([], [many]) if many else (records, problems)


HOW_TO_EXPORT = "Export the references as .json (CSL-JSON), .bib (BibTeX), .ris (RIS) or .nbib (PubMed)."


def _wrong_name(name: str, named: Format, shown: Format, written_at: Place) -> Problem:
    better = PurePath(name).with_suffix(KINDS[shown].suffix).name
    message = f"`{name}` holds {KINDS[shown].name}, not {KINDS[named].name}"
    return error("reference-file-type", written_at, message, f"Rename it to `{better}`, or export it again.")


def _beyond_limits(text: str, name: str, which: Format, written_at: Place) -> Problem | None:
    """Entries are counted first: what is wrong with one takes long to find out."""
    kind = KINDS[which]
    if len(text) > kind.largest:
        return too_large(f"`{name}` is larger than {kind.largest // 1_000_000} MB", written_at)
    if kind.counter and (many := too_many_entries(name, _function(which, kind.counter)(text), written_at)):
        return many
    if which is Format.BIBTEX and (much := _function(which, "too_heavy")(text)):
        return too_large(f"`{name}` has {much}", written_at)
    return None


def _function(which: Format, name: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(import_module(f"newsletter.references.formats.{KINDS[which].module}"), name)
    return function
