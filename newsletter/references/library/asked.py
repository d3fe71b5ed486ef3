"""What people paste when they mean a source -> the DOI or PubMed number in it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from newsletter.model.identifier import Identifier, Register
from newsletter.references.identifiers import doi_of, pmcid_of, pmid_of

_LONGEST = 2_000
_PMC = re.compile(r"(?:PMCID:?\s*)?(PMC\d{1,9})", re.IGNORECASE)
_PMC_PAGE = re.compile(r"/(PMC\d{1,9})(?:/|$)", re.IGNORECASE)
_PUBMED_PAGE = re.compile(r"/(?:pubmed/)?(\d{1,9})/?", re.IGNORECASE)
_NCBI = frozenset({"pubmed.ncbi.nlm.nih.gov", "www.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov"})
_DOI_IN_PATH = re.compile(r"10\.\d{4,9}/\S+")
#: what publishers put behind the DOI in the address of a page
_TAIL = re.compile(r"/(?:full|abstract|pdf|epdf|html|fulltext|summary|references|meta)$", re.IGNORECASE)


def identifier_of(text: str) -> Identifier | None:
    """None where there is no such number in it."""
    text = text.strip()[:_LONGEST]
    if not text.isprintable():
        return None
    if pmc := _PMC.fullmatch(text):
        return Identifier(register=Register.PMCID, value=pmcid_of(pmc[1]) or "")
    if doi := doi_of(text):
        return Identifier(register=Register.DOI, value=doi)
    if pmid := pmid_of(text):
        return _pubmed(pmid)
    return _in_address(text) if text.lower().startswith(("http://", "https://")) else None


def without_tail(doi: str) -> str:
    """A DOI without what publishers put behind it in the address of a page."""
    return _TAIL.sub("", doi.rstrip("/"))


def _in_address(text: str) -> Identifier | None:
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if pmc := _PMC_PAGE.search(parts.path):
        return Identifier(register=Register.PMCID, value=pmc[1].upper())
    if host in _NCBI and (pubmed := _PUBMED_PAGE.fullmatch(parts.path)):
        return _pubmed(pubmed[1])
    if found := _DOI_IN_PATH.search(unquote(parts.path)):
        return _doi(without_tail(found[0]))
    return None


def _doi(text: str) -> Identifier | None:
    doi = doi_of(text)
    return Identifier(register=Register.DOI, value=doi) if doi else None


def _pubmed(digits: str) -> Identifier | None:
    bare = digits.lstrip("0")
    return Identifier(register=Register.PMID, value=bare) if bare else None
