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

#: no names of people, though they stand where one may stand
_NO_NAMES = frozenset(
    """doctors surgeons researchers scientists physicians patients people runners family friends experts therapists he she they
    we you i it these those our your this that the readers nurses trainers coaches today year month week last world
    women men everyone everybody nobody both all hospital university clinic institute medicine surgery society academy
    college center centre england britain germany france sweden norway denmark finland italy spain australia canada
    america china japan india korea europe asia africa scotland wales ireland switzerland austria belgium netherlands
    brazil turkey israel poland mayo cochrane nice oxford cambridge harvard stanford london paris rio tokyo beijing
    athens sydney boston chicago york vienna new national american british european nephew medicare medicaid congress
    hip knee shoulder ankle spine bone joint cartilage muscle exercise walking running alzheimer parkinson baker
    achilles spring summer fall autumn winter christmas easter olympics jan feb mar apr jun jul aug sep sept oct nov dec
    january february march april may june july august september october november december journal annals archives lancet
    today's table figure source study trial review paper report survey chapter section page day since until in from by
    of between before after during around about and""".split()
)


def is_no_name(name: str) -> bool:
    """Whether the last word of what may be a name is known to be none; nor is an acronym."""
    last = name.rsplit(maxsplit=1)[-1]
    return last.casefold() in _NO_NAMES or (len(last) > 1 and last.isupper())


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
