"""DOIs with something of an address at their end, and numbers that lead to two different papers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.check.sources.fields import text
from newsletter.check.sources.rule import found, source_rule
from newsletter.model.problem import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.check.knowledge import Knowledge
    from newsletter.check.rulebook import Finding
    from newsletter.model.reference import Reference

_LONGEST = 500

#: what is surely no part of a DOI: the last part of a page's address, its query, an end of quotation
_TAIL = re.compile(
    r"(?:/(?:full|fulltext|full-text|abstract|abs|pdf|epdf|html|summary|meta)|\.pdf|\.html?|[\"'”’»…])$", re.IGNORECASE
)
_PREPRINT_TAIL = re.compile(r"(?<=\d)v\d{1,2}(?:\.full|\.abstract|\.full-text)?(?:\.pdf)?$")
_PREPRINTS = "10.1101/"
#: a lone # may be the check character of an old DOI
_QUERY = re.compile(r"[?#](?:[\w.-]{1,40}=|abstract|full)|\?$|&(?:amp;)?utm_")
_SECOND = re.compile(r"(?:doi\.org/|[;,|]|https?://|doi:)\W{0,3}(?:10\.\d{4,9}/)", re.IGNORECASE)
_NUMBER = re.compile(r"\W{0,2}(?:PMID|PMCID|PMC(?=\d{5}))\W?\d*$", re.IGNORECASE)
#: hyphens and dashes of typesetting, which come with a DOI copied out of a PDF
_DASH = re.compile(r"[\u2010-\u2015\u2212]")
_ENCODED = re.compile(r"%(?:2[0-9A-F]|3[A-F]|5[BD])", re.IGNORECASE)

_PUBMED = re.compile(
    r"https?://(?:pubmed\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pubmed)/(\d{1,9})(?:[/?#]|$)", re.IGNORECASE
)
_CENTRAL = re.compile(
    r"https?://(?:pmc\.ncbi\.nlm\.nih\.gov|(?:www\.)?ncbi\.nlm\.nih\.gov/pmc)/articles/PMC(\d{1,9})(?:[/?#]|$)",
    re.IGNORECASE,
)
_RESOLVER = re.compile(r"https?://(?:dx\.|www\.)?doi\.org/(10\.\d{4,9}/[^?#\s]{1,400})", re.IGNORECASE)


@source_rule("reference-doi-malformed", Level.WARNING)
def dois_hold_nothing_else(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """A DOI with something that does not belong to it.

    It was copied out of an address or a PDF and leads nowhere: "/full" or ".pdf" at its end, a second DOI, a dash
    instead of a hyphen. Open https://doi.org/ with the corrected one.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one/full
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
        ---

        Walking early helps [@one].
    """
    del knowledge
    doi = text(reference, "DOI")[:_LONGEST]
    if doi and (wrong := _foreign(doi)):
        yield found(
            reference, f"has {wrong} in its DOI: {doi[:120]}", "Leave only the DOI, such as 10.1177/0363546511434564."
        )


def _foreign(doi: str) -> str:
    """What does not belong to it, in words."""
    if _SECOND.search(doi):
        return "a second DOI"
    if dash := _DASH.search(doi):
        return f'the dash "{dash[0]}" instead of a hyphen'
    for pattern in (_NUMBER, _TAIL, _QUERY, _ENCODED):
        if piece := pattern.search(doi):
            return f'"{piece[0].strip()}"'
    if doi.startswith(_PREPRINTS) and (version := _PREPRINT_TAIL.search(doi)):
        return f'"{version[0]}", the version of a preprint,'
    return next((f'a lone "{close}"' for opening, close in ("()", "[]") if _lone(doi, opening, close)), "")


def _lone(doi: str, opening: str, close: str) -> bool:
    """Some DOIs have brackets, but then both."""
    return doi.endswith(close) and doi.count(close) > doi.count(opening)


@source_rule("reference-identifiers-differ", Level.WARNING)
def numbers_lead_to_one_paper(reference: Reference, knowledge: Knowledge) -> Iterator[Finding]:
    """An address that leads to another paper than the DOI or the PubMed number.

    One was copied from another reference. Open both and keep the right one.

    Bad:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            PMID: 12345678
            URL: https://pubmed.ncbi.nlm.nih.gov/12345687/
        ---

        Walking early helps [@one].

    Good:

        ---
        title: Walking after a knee operation
        preheader: How far, how often, and when to stop and call us
        references:
          - key: one
            type: article-journal
            title: Walking early after surgery
            author: [{family: Example, given: Ada}]
            container-title: Journal of Examples
            issued: 2020
            volume: 7
            page: 12-19
            DOI: 10.1234/one
            PMID: 12345678
            URL: https://pubmed.ncbi.nlm.nih.gov/12345678/
        ---

        Walking early helps [@one].
    """
    del knowledge
    url = text(reference, "URL")[:_LONGEST]
    for name, pattern in _IN_ADDRESSES.items():
        stored, match = text(reference, name), pattern.match(url)
        if stored and match and not _are_one(stored, match[1]):
            message = f"has the {name} {stored[:80]}, but its address leads to {match[1][:80]}"
            yield found(reference, message, f"Open both and correct `{name}` or `URL`.")


#: a part or a version of the same: "/full", ".2", "_3", "v1"
_MORE = re.compile(r"[/._]|v\d")
_IN_ADDRESSES: Mapping[str, re.Pattern[str]] = {"DOI": _RESOLVER, "PMID": _PUBMED, "PMCID": _CENTRAL}


def _are_one(stored: str, linked: str) -> bool:
    """The same but for case, escapes, "PMC" before the number and left-overs at an end, which are another rule's."""
    one, other = (unquote(each).casefold().removeprefix("pmc").strip("/.,; ").lstrip("0") for each in (stored, linked))
    short, long = sorted((one, other), key=len)
    return short == long or (
        short.startswith("10.") and long.startswith(short) and bool(_MORE.match(long[len(short) :]))
    )


RULES = (dois_hold_nothing_else, numbers_lead_to_one_paper)
