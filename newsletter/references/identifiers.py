"""DOI, PubMed and web addresses: their one spelling, and the link that a reader follows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from newsletter.compose.escaping import safe_url

if TYPE_CHECKING:
    from collections.abc import Mapping

_DOI_LINK = re.compile(r"^(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_DOI_LABEL = re.compile(r"^doi\s*:?\s*(?=10\.)", re.IGNORECASE)
#: DOI handbook 2.2; Crossref's advice for matching
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_PMID = re.compile(r"(?:https?://pubmed\.ncbi\.nlm\.nih\.gov/|PMID:?\s*)?(\d{1,9})/?", re.IGNORECASE)
_PMCID = re.compile(r"(?:PMCID:?\s*)?(?:PMC)?(\d{1,9})", re.IGNORECASE)


def doi_of(text: str) -> str | None:
    """The bare DOI in the case it was written in, None when it is none."""
    text = text.strip().rstrip(".,;")
    bare = _DOI_LINK.sub("", text)
    if bare != text:
        bare = unquote(bare)
    bare = _DOI_LABEL.sub("", bare)
    return bare if _DOI.fullmatch(bare) else None


def pmid_of(text: str) -> str | None:
    """The digits of a PubMed number."""
    match = _PMID.fullmatch(text.strip())
    return match[1] if match else None


def pmcid_of(text: str) -> str | None:
    """A PubMed Central number in the form PMC6824412."""
    match = _PMCID.fullmatch(text.strip())
    return f"PMC{match[1]}" if match else None


def web_address(text: str) -> str | None:
    """An http or https address, percent-encoded where needed; None for every other scheme."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    return safe_url(text) if parts.scheme.lower() in {"http", "https"} and host else None


def link_of(csl: Mapping[str, Any]) -> str | None:
    """Where a reader finds the source: its DOI, PubMed, PubMed Central or its own address, in this order."""
    if doi := doi_of(_text(csl, "DOI")):
        return "https://doi.org/" + quote(doi, safe="/:;().,-_~!$*+=@&")
    if pmid := pmid_of(_text(csl, "PMID")):
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"
    if pmcid := pmcid_of(_text(csl, "PMCID")):
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/"
    return web_address(_text(csl, "URL"))


def _text(csl: Mapping[str, Any], name: str) -> str:
    value = csl.get(name)
    return str(value) if isinstance(value, str | int) else ""
