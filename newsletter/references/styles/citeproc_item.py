"""A reference's CSL-JSON -> what citeproc-py prints right: known fields only, marks for formatting, names and dates cured.

The cures: initials apart, particles joined, pages in full, plain edition numbers, and marks in the place of DOI and URL.
Tolerates any shape, so that a record that never met our checks does no harm either.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.references import marks
from newsletter.references.dates import NotADate, date_of
from newsletter.references.identifiers import doi_of, web_address
from newsletter.references.names import printable_name
from newsletter.references.pages import full_range
from newsletter.references.text import clean, marked
from newsletter.references.vocabulary import ARTICLES, DATES, FALLBACK_TYPE, NAMES, TEXTS, TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

#: printed by us, or not for printing
_LEFT_OUT = frozenset({"DOI", "URL", "abstract", "keyword", "language", "note", "references", "source"})
#: CSL 1.0.2 names -> how older styles call them
_OLDER_NAMES = {"event-title": "event"}

#: whether or not our vocabulary of fields has them: electronic publication, and the supplement of an issue
_DATES = DATES | {"available-date"}
_TEXTS = TEXTS | {"supplement-number"}

_EDITION = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?|(\w+)")
_ELISION = re.compile(r"(\b[dlDL]’) ")
_EDITION_WORD = re.compile(r"[\s,]*(?:ed\.?|edn\.?|edition)$", re.IGNORECASE)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def citeproc_item(csl: Mapping[str, Any], item_id: str) -> dict[str, Any]:
    """The item to print, under an id of ours: citeproc folds the case of ids."""
    kind = csl.get("type")
    item: dict[str, Any] = {"id": item_id, "type": kind if kind in TYPES else FALLBACK_TYPE}
    item |= {name: text for name in sorted(_TEXTS - _LEFT_OUT) if (text := _text(name, csl))}
    item |= {older: item[name] for name, older in _OLDER_NAMES.items() if name in item}
    item |= {name: people for name in sorted(NAMES - _LEFT_OUT) if (people := _people(csl.get(name)))}
    item |= {name: when for name in sorted(_DATES) if (when := _when(csl.get(name)))}
    if doi_of(_string(csl.get("DOI"))):
        item["DOI"] = marks.DOI
    if web_address(_string(csl.get("URL"))):
        item["URL"] = marks.URL
    if language := clean(_string(csl.get("language"))):
        item["language"] = language
    if item["type"] == "article-journal" and item.get("number") == item.get("page"):
        # an article number in both places
        item.pop("number", None)
    return _ahead_of_print(item)


def _ahead_of_print(item: dict[str, Any]) -> dict[str, Any]:
    """Without volume and pages the day of publication is the day on which it came out online."""
    printed = {"volume", "issue", "page", "number"} & item.keys()
    if "available-date" not in item or item["type"] not in ARTICLES:
        return item
    if printed:
        first, then = (item.get(name, {}).get("date-parts", [[]])[0] for name in ("available-date", "issued"))
        # the same day, month or year, said in more or fewer words
        return item if first[: len(then)] != then else {name: item[name] for name in item if name != "available-date"}
    return item | {"issued": item["available-date"]}


def _string(value: Any) -> str:  # noqa: ANN401 - any shape
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _text(name: str, csl: Mapping[str, Any]) -> str:
    text = marked(_string(csl.get(name)))
    if name == "page":
        return full_range(text)
    return _edition(text) if name == "edition" else text


def _edition(text: str) -> str:
    """`2nd ed.`, `Second edition` and `2` are all 2; a first edition is not mentioned (AMA 3.12.5)."""
    bare = _EDITION_WORD.sub("", text)
    match = _EDITION.fullmatch(bare)
    if not match:
        return text
    if match[2] and match[2].lower() not in _ORDINALS:
        return text
    number = int(match[1]) if match[1] else _ORDINALS.index(match[2].lower()) + 1
    return str(number) if number > 1 else ""


def _people(value: Any) -> list[dict[str, str]]:  # noqa: ANN401 - any shape
    if not isinstance(value, list | tuple):
        return []
    return [_curled(name) for item in value if isinstance(item, dict) and (name := printable_name(item))]


def _curled(name: Mapping[str, str]) -> dict[str, str]:
    """The parts of a name; `d'` and `l'` stand close to what follows."""
    return {part: _ELISION.sub(r"\1", marked(text)) for part, text in name.items()}


def _when(value: Any) -> dict[str, Any] | None:  # noqa: ANN401 - any shape
    try:
        when = date_of(value)
    except NotADate:
        return None
    parts = when.get("date-parts", []) if when else []
    if len(parts) == 2 and parts[0] == parts[1]:
        return {"date-parts": parts[:1]}
    return when
