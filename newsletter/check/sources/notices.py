"""What became of a source, by all that is known: what PubMed says in its record, how its title begins, and a table of retractions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.check.sources.fields import text, words
from newsletter.model.notice import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.knowledge import Knowledge
    from newsletter.model.reference import Reference

_PUBMED = "PubMed"
_TITLE = "its title"
#: PubMed's types for papers that something became of
_TYPES: Mapping[str, NoticeKind] = {"retracted publication": NoticeKind.RETRACTION}
#: PubMed's types for the notices themselves
_NOTICES: Mapping[str, NoticeKind] = {
    "retraction of publication": NoticeKind.RETRACTION,
    "retraction notice": NoticeKind.RETRACTION,
    "expression of concern": NoticeKind.CONCERN,
    "published erratum": NoticeKind.CORRECTION,
}
#: "RETRACTED: Walking early", "[Retracted article] ...": publishers mark the paper itself so
_RETRACTED = re.compile(r"retracted\s?[:\])]|[\[(]retracted|retracted (?:article|paper)\s?[:.–—-]", re.IGNORECASE)
#: "Retraction: ...", "Retraction notice to: ...": papers about other papers
_NOTICE_TITLES: Mapping[NoticeKind, re.Pattern[str]] = {
    NoticeKind.RETRACTION: re.compile(
        r"\W?(?:(?:notice|statement) of retraction\b|retraction (?:notice|note|statement)\b|"
        r"retraction(?: to)?\s?[:.]\s|retraction of [\"“‘'])",
        re.IGNORECASE,
    ),
    NoticeKind.CONCERN: re.compile(r"\W?(?:editorial )?expression of concern\b", re.IGNORECASE),
    NoticeKind.CORRECTION: re.compile(
        r"\W?(?:(?:author |publisher )?correction(?: to)?\s?:|correction to [\"“‘']|(?:corrigendum|erratum)\b)",
        re.IGNORECASE,
    ),
}
_MOST = 20


def became_of(reference: Reference, knowledge: Knowledge) -> dict[NoticeKind, Notice]:
    """The notices by their kind, the first of each. A reinstatement lifts the retraction that the same source tells."""
    told: dict[NoticeKind, Notice] = {}
    for notices in (_table(reference, knowledge), _record(reference), _title(reference)):
        kinds = {notice.kind for notice in notices}
        for notice in notices:
            if not (notice.kind is NoticeKind.RETRACTION and NoticeKind.REINSTATEMENT in kinds):
                told.setdefault(notice.kind, notice)
    return told


def is_a_notice(reference: Reference) -> NoticeKind | None:
    """Whether it is itself a notice about another paper."""
    by_type = next((_NOTICES[one] for one in _types(reference) if one in _NOTICES), None)
    title = words(reference, "title")[:200]
    return by_type or next((kind for kind, pattern in _NOTICE_TITLES.items() if pattern.match(title)), None)


def _table(reference: Reference, knowledge: Knowledge) -> list[Notice]:
    doi, pmid = text(reference, "DOI"), text(reference, "PMID")
    if knowledge.retractions is None or not (doi or pmid):
        return []
    notice = knowledge.retractions.notice(doi, pmid)
    return [notice] if notice else []


def _record(reference: Reference) -> list[Notice]:
    by_type = [Notice(kind=_TYPES[one], source=_PUBMED) for one in _types(reference) if one in _TYPES]
    return [*_stored(reference), *by_type]


def _stored(reference: Reference) -> Iterator[Notice]:
    for one in _list(reference, "notices"):
        if isinstance(one, dict) and str(one.get("kind", "")) in set(NoticeKind):
            words_of_it = one.get("text")
            text_of_it = " ".join(words_of_it.split())[:300] if isinstance(words_of_it, str) else ""
            yield Notice(kind=NoticeKind(str(one["kind"])), text=text_of_it, source=_PUBMED)


def _title(reference: Reference) -> list[Notice]:
    begins = _RETRACTED.match(words(reference, "title")[:200])
    return [Notice(kind=NoticeKind.RETRACTION, source=_TITLE)] if begins else []


def _types(reference: Reference) -> list[str]:
    return [str(one).strip().casefold() for one in _list(reference, "publication-types")]


def _list(reference: Reference, name: str) -> list[Any]:
    custom = reference.csl.get("custom")
    value = custom.get(name) if isinstance(custom, dict) else None
    return list(value[:_MOST]) if isinstance(value, list | tuple) else []
