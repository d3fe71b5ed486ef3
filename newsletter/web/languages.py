"""Which language a page is shown in that belongs to no reader, and how the languages are called."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.render.translations import primary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: RFC 9110, 12.5.4: a language range, or a star for any, and how much it is liked
_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")
#: nobody speaks more, and a header may be long
_MOST_RANGES = 20
_MOST_PARTS = 4


def chosen(asked: str, accepted: str, known: Sequence[str], own: str) -> str:
    """One of `known`: that of the address, else the best of an Accept-Language header, else the newsletter's own."""
    wanted = [asked, *_ranges(accepted)]
    return next((tag for tag in (_lookup(one, known) for one in wanted) if tag), own)


def _ranges(accepted: str) -> list[str]:
    """The languages that a browser asks for, the best liked first; those it refuses are left out."""
    liked = [(float(found[2] or 1), found[1]) for found in _each(accepted)]
    return [tag for q, tag in sorted(liked, key=lambda one: -one[0]) if q > 0 and tag != "*"]


def _each(accepted: str) -> Iterator[re.Match[str]]:
    for part in accepted.split(",", _MOST_RANGES)[:_MOST_RANGES]:
        if found := _RANGE.fullmatch(part):
            yield found


def _lookup(wanted: str, known: Sequence[str]) -> str:
    """RFC 4647, 3.4: `de-AT` finds `de-at`, else `de`. A language that has another form of the same is that form."""
    if not wanted:
        return ""
    first, _, rest = wanted.lower().partition("-")
    tags = {tag.lower(): tag for tag in known}
    parts = [_of_today(first), *rest.split("-", _MOST_PARTS)[: _MOST_PARTS - 1]] if rest else [_of_today(first)]
    shorter = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    found = next((tags[tag] for tag in shorter if tag in tags), "")
    return found or next((tag for tag in known if primary(tag) == parts[0]), "")


def _of_today(language: str) -> str:
    """`he` for `iw`: some programs still send codes that were withdrawn in 1989."""
    from babel.core import get_global

    todays: str = get_global("language_aliases").get(language, language)
    return todays.partition("_")[0]


@lru_cache(maxsize=64)
def own_name(tag: str, *, alone: bool) -> str:
    """`Deutsch`; with its region or script where it is not the only form of the language that there is."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return tag
    name = (locale.get_language_name() if alone else locale.get_display_name()) or tag
    return name[:1].upper() + name[1:]
