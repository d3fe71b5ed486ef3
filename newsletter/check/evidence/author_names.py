"""Family names of authors, compared whatever their accents, particles and hyphens."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.model.reference import Reference

_ROLES = ("author", "editor", "translator", "container-author", "collection-editor", "reviewed-author", "director")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss", "ı": "i"})
_ACCENTS = re.compile("[\u0300-\u036f]+")
_UMLAUTS = re.compile(r"([aou])e")
_PIECE = re.compile(r"[^\W\d_]+")
#: parts of a name that many people share
PARTICLES = frozenset("van von der den de del della di da dos du la le el al ter ten zu af av bin ibn st y e".split())


def plain_name(name: str) -> str:
    """Without accents and apostrophes, in small letters; Müller and Mueller are one."""
    name = name.replace("’", "'").removesuffix("'s").replace("'", "")
    name = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return _UMLAUTS.sub(r"\1", _ACCENTS.sub("", name))


def pieces(name: str) -> frozenset[str]:
    """The words of a name: "García-López" has two. Particles are left out unless there is nothing else."""
    found = frozenset(_PIECE.findall(plain_name(name)))
    return found - PARTICLES or found


def families(references: Iterable[Reference]) -> frozenset[str]:
    """Every word of the names of those who made the references, groups included."""
    return frozenset(piece for reference in references for name in _names(reference) for piece in pieces(name))


def has_people(reference: Reference) -> bool:
    return any(_names(reference))


def _names(reference: Reference) -> Iterator[str]:
    for role in _ROLES:
        for name in reference.csl.get(role) or ():
            if text := name.get("literal") or " ".join(
                name.get(part, "") for part in ("non-dropping-particle", "dropping-particle", "family")
            ):
                yield text
