"""The words of CSL 1.0.2 (https://docs.citationstyles.org/en/stable/specification.html): types of sources and their fields."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: type of a record that says nothing better
FALLBACK_TYPE = "document"

TYPES = _words(
    """article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset
    document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation
    manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song speech standard thesis
    treaty webpage"""
)

#: what Crossref, DataCite and Zotero call them -> CSL
FOREIGN_TYPES = {
    "book-chapter": "chapter",
    "book-part": "chapter",
    "book-section": "chapter",
    "component": "document",
    "dissertation": "thesis",
    "edited-book": "book",
    "journal-article": "article-journal",
    "journalArticle": "article-journal",
    "monograph": "book",
    "other": "document",
    "posted-content": "article",
    "preprint": "article",
    "proceedings": "book",
    "proceedings-article": "paper-conference",
    "reference-book": "book",
    "reference-entry": "entry",
    "report-component": "report",
}

#: fields that hold a text or a number
TEXTS = _words(
    """abstract archive archive_location archive-place authority call-number chapter-number citation-label
    collection-number collection-title container-title container-title-short dimensions DOI edition event event-place
    event-title genre ISBN ISSN issue jurisdiction keyword language medium note number number-of-pages
    number-of-volumes original-publisher original-publisher-place original-title page PMCID PMID publisher
    publisher-place references section source status supplement-number title title-short URL version volume"""
)

NAMES = _words(
    """author collection-editor composer container-author director editor editorial-director illustrator interviewer
    original-author recipient reviewed-author translator"""
)

#: dates that styles print
DATES = _words("accessed container event-date issued original-date submitted")
#: dates that are kept for the checks of prose: electronic publication, and print where it is not `issued`
KEPT_DATES = _words("available-date published-print")

#: field names of exports that mean one of ours: Zotero's, Crossref's, and those of PubMed's own CSL-JSON
SYNONYMS = {
    "article-number": "number",
    "edition-number": "edition",
    "epub-date": "available-date",
    "journalAbbreviation": "container-title-short",
    "published": "issued",
    "published-online": "available-date",
    "short-container-title": "container-title-short",
    "short-title": "title-short",
    "shortTitle": "title-short",
}

ARTICLES = frozenset({"article-journal", "article-magazine", "article-newspaper"})
#: parts of a larger work, which must be named
PARTS = ARTICLES | {"chapter", "paper-conference"}
#: works that always have a year and somebody who made them
PUBLISHED = PARTS | {"book", "report", "thesis", "article"}
