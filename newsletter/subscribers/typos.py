"""Was a great domain misspelled? "gmial.com: did you mean gmail.com?" A hint for people, never a reason to refuse.

Only long names are compared letter by letter: next to a short one (me.com, gmx.de) stand too many others that are real.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: the name of a great domain -> its usual endings, the likeliest first
_GREAT: Mapping[str, tuple[str, ...]] = {
    "gmail": ("com",),
    "googlemail": ("com",),
    "hotmail": ("com", "de", "es", "fr", "it", "co.uk"),
    "outlook": ("com", "de", "es", "fr", "it"),
    "yahoo": ("com", "de", "es", "fr", "it", "ca", "co.uk", "com.mx", "com.br", "com.ar"),
    "icloud": ("com",),
    "protonmail": ("com", "ch"),
    "comcast": ("net",),
    "verizon": ("net",),
    "sbcglobal": ("net",),
    "bellsouth": ("net",),
    "earthlink": ("net",),
    "btinternet": ("com",),
    "t-online": ("de",),
    "freenet": ("de",),
}
_ENDINGS = frozenset(ending for endings in _GREAT.values() for ending in endings)
#: domains of their own that are one letter away from a great one
_REAL = frozenset({"mail.com", "email.com", "ymail.com", "fmail.com", "qmail.com", "cloud.com"})
#: endings that no domain has, and what was meant
_NO_ENDINGS: Mapping[str, str] = {
    **dict.fromkeys(("con", "cmo", "ocm", "vom", "xom", "cpm", "cim", "cok", "comm", "coom", "ccom", "comn"), "com"),
    **dict.fromkeys(("nte", "ner", "nett", "bet"), "net"),
    **dict.fromkeys(("ogr", "rog", "orgg"), "org"),
}
#: endings that exist, but hardly behind these names
_RARE_ENDINGS = frozenset({"co", "cm", "om"})
_LONGEST = max(map(len, _GREAT)) + 1


def hint(address: str) -> str | None:
    """The domain that was probably meant, None when the one that is there looks right."""
    return meant_domain(address.rpartition("@")[2].casefold())


@lru_cache(maxsize=4096)
def meant_domain(domain: str) -> str | None:
    """The same for a domain in small letters."""
    name, _, ending = domain.partition(".")
    if domain in _REAL or ending in _GREAT.get(name, ()):
        return None
    right = _existing(ending)
    if name in _GREAT:
        return f"{name}.com" if right in _RARE_ENDINGS and "com" in _GREAT[name] else _corrected(name, ending, right)
    if right in _ENDINGS:
        for near in _near(name):
            if right in _GREAT[near]:
                return f"{near}.{right}"
    return _corrected(name, ending, right)


def _existing(ending: str) -> str:
    """The ending, or the one that was meant where no domain can end like this."""
    before, dot, last = ending.rpartition(".")
    return before + dot + _NO_ENDINGS.get(last, last)


def _corrected(name: str, ending: str, right: str) -> str | None:
    return f"{name}.{right}" if right != ending else None


def _shortened(name: str) -> Iterator[str]:
    """The name without one of its letters."""
    return (name[:place] + name[place + 1 :] for place in range(len(name)))


def _by_shortened() -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for name in _GREAT:
        for one in (name, *_shortened(name)):
            known.setdefault(one, set()).add(name)
    return known


#: a name, or a name without one letter -> great names: two names that share one are at most two letters apart
_SHORTENED: Mapping[str, set[str]] = _by_shortened()


def _near(name: str) -> list[str]:
    """Great names that are one slip away: a letter too many, too few, a wrong one, or two that changed places."""
    if len(name) > _LONGEST:
        return []
    candidates = {great for one in (name, *_shortened(name)) for great in _SHORTENED.get(one, ())}
    return sorted(great for great in candidates if _one_slip(name, great))


def _one_slip(name: str, great: str) -> bool:
    """Once the common beginning and end are gone, hardly anything is left."""
    start = 0
    while start < min(len(name), len(great)) and name[start] == great[start]:
        start += 1
    end = 0
    while end < min(len(name), len(great)) - start and name[-1 - end] == great[-1 - end]:
        end += 1
    ours, theirs = name[start : len(name) - end], great[start : len(great) - end]
    return max(len(ours), len(theirs)) <= 1 or (len(ours) == 2 and ours == theirs[::-1])
