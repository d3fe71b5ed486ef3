"""What the manuals of AMA and NLM ask for and CSL cannot say: for our own two styles, known by their ids.

AMA Manual of Style, 11th edition, chapter 3; Citing Medicine, 2nd edition (https://www.ncbi.nlm.nih.gov/books/NBK7256/).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from newsletter.references.vocabulary import ARTICLES

if TYPE_CHECKING:
    from collections.abc import Mapping

_IDS = "https://news.example.org/styles/"

#: `suppl 1`, `12 Suppl 7`, `Suppl_1`, `25(suppl)`, `Supplement 2`
_SUPPLEMENT = re.compile(
    r"(?P<number>[^\s(,;_]{0,20})[\s(,;_]*suppl(?:ement)?s?[\s._]*(?P<supplement>\w{0,10})\)?", re.IGNORECASE
)
_CITY_AND_STATE = re.compile(r"([^,()]{1,80}), ([A-Z]{2})")
_ARTICLE_IN = {"en": "Article in {}", "de": "Artikel auf {}", "es": "Artículo en {}"}


@dataclass(frozen=True)
class Manual:
    """The customs of one manual."""

    #: a group behind persons is set apart by a semicolon
    groups_apart: bool = False
    #: how a supplement is written; "" leaves volume and issue as they are
    supplement: str = ""
    #: family ranks in other words: III -> 3rd
    ranks: Mapping[str, str] = field(default_factory=dict)
    #: the state of a place of publication in brackets: Springfield (IL)
    states_in_brackets: bool = False
    #: where the language of an article with a translated title stands
    language_after_title: bool = False
    language_at_end: bool = False
    #: letters of the longest word that stays small in the title of a book
    small_words: int | None = None


_AMA = Manual(groups_apart=True, supplement="suppl", language_after_title=True, small_words=3)
_NLM = Manual(
    groups_apart=True,
    states_in_brackets=True,
    language_at_end=True,
    supplement="Suppl",
    ranks={"II": "2nd", "2d": "2nd", "III": "3rd", "3d": "3rd", "IV": "4th", "V": "5th"},
)
_NONE = Manual()
#: our names come without the full stops that styles with `J. R.` want
_WITH_STOPS = Manual(ranks={"Jr": "Jr.", "Sr": "Sr."})
_MANUALS = {f"{_IDS}american-medical-association": _AMA, f"{_IDS}nlm-citation-sequence": _NLM}


def manual_of(style_id: str, *, bare_initials: bool) -> Manual:
    """The customs that go with a style; next to none for styles that are not ours."""
    return _MANUALS.get(style_id.strip(), _NONE if bare_initials else _WITH_STOPS)


def by_manual(item: dict[str, Any], manual: Manual, language: str) -> dict[str, Any]:
    """The item as the manual wants it, in an issue of that language."""
    if manual.ranks:
        item = {name: _ranked(value, manual) if isinstance(value, list) else value for name, value in item.items()}
    if manual.supplement:
        item = item | _supplement(item, manual)
    if manual.states_in_brackets and (match := _CITY_AND_STATE.fullmatch(item.get("publisher-place", ""))):
        item = item | {"publisher-place": f"{match[1]} ({match[2]})"}
    if manual.language_after_title and (foreign := _translated_from(item, language)):
        words = _ARTICLE_IN.get(language[:2], _ARTICLE_IN["en"]).format(foreign)
        item = item | {"title": f"{item['title']}. {words}"}
    return {name: value for name, value in item.items() if value}


def closing_words(item: Mapping[str, Any], manual: Manual, language: str) -> str:
    """What stands behind the line: `German.` for an article whose title was translated."""
    foreign = _translated_from(item, language) if manual.language_at_end else ""
    return f"{foreign[:1].upper()}{foreign[1:]}." if foreign else ""


def _translated_from(item: Mapping[str, Any], language: str) -> str:
    """The language of an article whose title stands in brackets, as PubMed writes translated ones."""
    from babel import Locale

    title, written = item.get("title", ""), item.get("language", "")[:2].lower()
    translated = item["type"] in ARTICLES and title.startswith("[") and title.rstrip(".").endswith("]")
    if not translated or written == language[:2].lower():
        return ""
    try:
        return str(Locale.parse(language[:2].lower()).languages.get(written, ""))
    except ValueError:
        return ""


def _ranked(names: list[dict[str, str]], manual: Manual) -> list[dict[str, str]]:
    return [
        {**one, "suffix": manual.ranks.get(one["suffix"], one["suffix"])} if "suffix" in one else one for one in names
    ]


def _supplement(item: Mapping[str, Any], manual: Manual) -> dict[str, str]:
    """The supplement apart from the volume (PubMed) or the issue (Crossref) that holds it."""
    if "supplement-number" in item:
        return {"supplement-number": f"{manual.supplement} {item['supplement-number']}"}
    for holder in ("issue", "volume"):
        match = _SUPPLEMENT.fullmatch(str(item.get(holder, "")))
        if match:
            return {
                holder: match["number"],
                "supplement-number": f"{manual.supplement} {match['supplement']}".strip(),
            }
    return {}
