"""What a person says of a table with --map: of its columns, or of all its rows (`*`)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from newsletter.errors import OptionUnusable
from newsletter.subscribers.columns import Kind
from newsletter.subscribers.columns.claims import NOTHING, Field, field_of
from newsletter.subscribers.columns.headings import word_of
from newsletter.subscribers.columns.standings import PENDING, READING_OF, SUBSCRIBED, by_word
from newsletter.validate import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.model.importing import Mark
    from newsletter.settings.schema import Attribute

EVERYBODY = "*"
_MOST_NAMED = 30
_OPTION = "--map"
#: headings that can be typed as they are; others are named by their number
_TYPABLE = re.compile(r"[^\"`$\\!=]{1,60}")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def given_mark(given: Mapping[str, str]) -> Mark | None:
    """How everybody in the file stands: `*` -> pending, unsubscribed, bounced, complained, blocked.

    Raises:
        OptionUnusable: it is another word; that they are subscribed is said with the ground for it.
    """
    if (word := given.get(EVERYBODY)) is None:
        return None
    mark = by_word(word)
    if mark == SUBSCRIBED:
        raise OptionUnusable(
            f"{_OPTION} {EVERYBODY}", 'that everybody is subscribed is said with --consent "how and when they agreed"'
        )
    if mark == PENDING and word_of(word) != "pending":
        raise OptionUnusable(
            f"{_OPTION} {EVERYBODY}",
            f"`{word[:40]}` is none of pending, unsubscribed, bounced, complained, blocked",
        )
    return mark


def given_places(
    headings: Sequence[str], attributes: Mapping[str, Attribute], given: Mapping[str, str]
) -> dict[int, Field | None]:
    """Raises:
    OptionUnusable: there is no such column or field, or a column is named twice.
    """
    places: dict[int, Field | None] = {}
    for column, field in given.items():
        if column == EVERYBODY:
            continue
        index = _index_of(column, headings)
        if index in places:
            raise OptionUnusable(_OPTION, f"the column `{headings[index][:40]}` is named twice")
        places[index] = _field_of(field, attributes)
    return places


def _index_of(column: str, headings: Sequence[str]) -> int:
    exact = [index for index, heading in enumerate(headings) if heading == column.strip()[:200]]
    alike = exact or [index for index, heading in enumerate(headings) if word_of(heading) == word_of(column)]
    if len(alike) == 1:
        return alike[0]
    if not alike and column.strip().isdecimal() and 1 <= int(column[:6]) <= len(headings):
        return int(column) - 1
    if alike:
        raise OptionUnusable(
            _OPTION, f"several columns are called `{column[:40]}`; name it by its number: --map {alike[0] + 1}=..."
        )
    raise OptionUnusable(
        _OPTION,
        f"no column is called `{column[:40]}` (the columns are: {named(headings)})",
        nearest(column[:100], [heading for heading in headings[:1_000] if heading]),
    )


def _field_of(field: str, attributes: Mapping[str, Attribute]) -> Field | None:
    if field.strip() in {NOTHING, ""}:
        return None
    word = word_of(field)
    found = field_of(word, attributes.keys())
    if (found is None or found.kind is Kind.STATUS) and word in READING_OF:
        return Field(Kind.STATUS, word)  # the name tells marks.py how its cells are read
    if found is None:
        raise _no_field(field.strip(), [*(kind for kind in Kind if kind is not Kind.ATTRIBUTE), *attributes])
    return found


def _no_field(field: str, known: Sequence[str]) -> OptionUnusable:
    why = f"there is no field `{field[:40]}`; there are {', '.join(known)}, and {NOTHING} for a column to leave out"
    guess = nearest(field[:100], known)
    if guess is None and _ATTRIBUTE.fullmatch(name := word_of(field)):
        why += (
            f'. To keep it as an attribute, add `{name[:40]} = {{ type = "text" }}` under [attributes] in newsletter.toml '
            '(or "number", "date", "yes-no")'
        )
    return OptionUnusable(_OPTION, why, guess)


def map_options(headings: Sequence[str]) -> Callable[[int, str], str]:
    """What to type so that the column at some place is taken for some field."""
    times = Counter(map(word_of, headings))

    def option(place: int, field: str) -> str:
        heading = headings[place]
        typable = _TYPABLE.fullmatch(heading) and times[word_of(heading)] == 1 and heading != EVERYBODY
        return f'{_OPTION} "{heading if typable else place + 1}={field}"'

    return option


def named(headings: Sequence[str]) -> str:
    return ", ".join(f"`{heading[:40]}`" for heading in headings[:_MOST_NAMED] if heading) or "none"
