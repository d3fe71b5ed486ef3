"""Records on their way into the library: which are there already, which are new, and under what key each can be cited."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from newsletter.references.entry import checked
from newsletter.references.library.duplicates import Sources, different_sources, identifiers
from newsletter.references.library.keys import Keys, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.problem import Problem
    from newsletter.model.reference import Reference
    from newsletter.references.record import Record

#: keys that can stand in `[@key]` as they are (https://pandoc.org/MANUAL.html#citation-syntax)
_PLAIN = re.compile(r"\w+(?:[:.#$%&+?<>~/-]\w+)*")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of one record."""

    #: with the key to cite it by; one that was there already is the library's own
    reference: Reference
    new: bool
    #: the key that the record came with
    wanted: str = ""
    #: the record that came, where another one of the same source stays in its place
    came: Reference | None = None


class Intake:
    """Decides, one record after the other, as if each new one were in the library already."""

    def __init__(self, library: Mapping[str, Reference]) -> None:
        self._library = library
        self._sources = Sources(library.values())
        self._keys = Keys(library)
        self.new: list[Reference] = []

    def take(self, record: Record) -> tuple[Taken | None, list[Problem]]:
        """None for a record of which nothing can be made: what it is cannot even be found out."""
        wanted = key_of(record.csl.get("id"))
        reference, problems = checked(_named(record, wanted or "new"))
        if reference is None or not (reference.csl.get("title") or any(identifiers(reference.csl))):
            return None, problems
        if there := self._sources.same_as(reference.csl) or self._under(wanted, reference.csl):
            return Taken(reference=there, new=False, wanted=wanted, came=reference), []
        key = self._keys.take(reference.csl, wanted)
        if key != reference.key:
            # told again, since problems name the key
            reference, problems = checked(_named(record, key))
        if reference is None:
            return None, problems
        reference = replace(reference, shared=True)
        self._sources.add(reference)
        self.new.append(reference)
        return Taken(reference=reference, new=True, wanted=wanted), problems

    def _under(self, key: str, csl: Mapping[str, Any]) -> Reference | None:
        """What the library has under this very key, unless it is another source: files are imported a second time."""
        there = self._library.get(key)
        return None if there is None or different_sources(there.csl, csl) else there


def _named(record: Record, key: str) -> Record:
    csl: dict[str, Any] = {**record.csl, "id": key}
    return replace(record, csl=csl)


def cite_as(key: str) -> str:
    """What an author writes into the text."""
    return f"[@{key}]" if _PLAIN.fullmatch(key) else f"[@{{{key}}}]"
