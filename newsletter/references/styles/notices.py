"""What was said later about a source, for its line in the list: retractions, and expressions of concern.

They come with records of PubMed: `custom.notices` (kind, text) and `custom.publication-types`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.references.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: kind -> language -> the words before the place of the notice
_WORDS = {
    "retraction": {"en": "Retracted in", "de": "Zurückgezogen in", "es": "Retractado en"},
    "concern": {"en": "Expression of concern in", "de": "Bedenken geäußert in", "es": "Expresión de preocupación en"},
}
_BARE = {
    "retraction": {"en": "Retracted", "de": "Zurückgezogen", "es": "Retractado"},
    "concern": {"en": "Expression of concern", "de": "Bedenken geäußert", "es": "Expresión de preocupación"},
}
_RETRACTED = "Retracted Publication"
_MOST = 5
_PUBMED_NUMBER = re.compile(r"[\s.;]*PMID:?\s*\d{1,9}\.?$")


def later_notices(csl: Mapping[str, Any], language: str) -> str:
    """`Retracted in: Lancet. 2010;375(9713):445.`, or nothing. Corrections are left to the source's own page."""
    custom = csl.get("custom")
    if not isinstance(custom, dict):
        return ""
    base = language[:2].lower()
    notices = list(_notices(custom))
    told = [f"{_in(_WORDS[kind], base)}: {where}." for kind, where in notices if where]
    kinds = {kind for kind, _ in notices} | (
        {"retraction"} if _RETRACTED in _list(custom.get("publication-types")) else set()
    )
    bare = (kind for kind in _BARE if kind in kinds and not any(where for one, where in notices if one == kind))
    return " ".join([*(f"{_in(_BARE[kind], base)}." for kind in bare), *told])


def _notices(custom: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Kind and place of each that readers are told of."""
    for notice in _list(custom.get("notices"))[:_MOST]:
        kind = notice.get("kind") if isinstance(notice, dict) else None
        if isinstance(kind, str) and kind in _WORDS:
            text = notice.get("text")
            yield kind, _PUBMED_NUMBER.sub("", plain(text) if isinstance(text, str) else "").rstrip(" .;,")


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - any shape
    return value if isinstance(value, list) else []


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language, words["en"])
