"""What the workspace knows of a source beyond its record, filled in before it is printed: the abbreviation of its journal,
and what the table of retractions says. The library itself, and what is checked, stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from newsletter.model.journal import journal_key
from newsletter.model.notice import NoticeKind
from newsletter.references.identifiers import doi_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.model.journal import Journal
    from newsletter.model.notice import Notice
    from newsletter.model.reference import Reference

#: what readers of a list are told of
_TOLD = frozenset({NoticeKind.RETRACTION, NoticeKind.CONCERN})
_RETRACTED = "Retracted Publication"
_NOTICE_DOI = re.compile(r"\bdoi:(10\.\S+)$", re.IGNORECASE)
_TAG = re.compile(r"</?(?:i|b|em|strong|sub|sup)>")


class JournalNames(Protocol):
    """A table of journals."""

    def named(self, name: str) -> Journal | None: ...


class Notices(Protocol):
    """A table of retractions."""

    def notice(self, doi: str, pmid: str) -> Notice | None: ...


def completed(reference: Reference, journals: JournalNames, retractions: Notices | None = None) -> Reference:
    """The reference as it is printed. What its record says itself comes before what a table says."""
    csl: dict[str, Any] = dict(reference.csl)
    if short := _short_name(csl, journals):
        csl["container-title-short"] = short
    if retractions and (notice := _notice(csl, retractions)):
        custom = csl["custom"] if isinstance(csl.get("custom"), dict) else {}
        csl["custom"] = {**custom, "notices": [*_list(custom.get("notices")), notice]}
    return replace(reference, csl=csl) if csl != reference.csl else reference


def all_completed(
    references: Iterable[Reference], journals: JournalNames, retractions: Notices | None = None
) -> list[Reference]:
    return [completed(one, journals, retractions) for one in references]


def _short_name(csl: Mapping[str, Any], journals: JournalNames) -> str:
    """The abbreviation of an article's journal, where it has none and the table leaves no doubt which journal it is."""
    full = _TAG.sub("", _text(csl, "container-title"))
    if csl.get("type") != "article-journal" or not full or _text(csl, "container-title-short"):
        return ""
    journal = journals.named(full)
    return journal.abbreviation if journal and not (_is_one_of_several(journal, full) or _differ(journal, csl)) else ""


def _is_one_of_several(journal: Journal, name: str) -> bool:
    """Journal of Bone and Joint Surgery: the table has to choose between the American Volume and the British."""
    key = journal_key(name)
    return key.count(" ") > 1 and journal_key(journal.title).startswith(f"{key} ")


def _differ(journal: Journal, csl: Mapping[str, Any]) -> bool:
    """Two journals of one name have other ISSNs."""
    written = {_letters(one) for one in re.split(r"[,;\s]+", _text(csl, "ISSN")) if len(_letters(one)) == 8}
    known = {_letters(one) for one in journal.issns}
    return bool(written and known and not written & known)


def _notice(csl: Mapping[str, Any], retractions: Notices) -> dict[str, str] | None:
    """What the table says, as PubMed's notices are stored, unless the record says the same or graver."""
    doi, pmid = _text(csl, "DOI"), _text(csl, "PMID")
    found = retractions.notice(doi, pmid) if doi or pmid else None
    if found is None or found.kind not in _TOLD:
        return None
    own = csl["custom"] if isinstance(csl.get("custom"), dict) else {}
    stored = [one for one in _list(own.get("notices")) if isinstance(one, dict)]
    told = {str(one.get("kind")): one.get("text") for one in stored}
    retracted = NoticeKind.RETRACTION in told or _RETRACTED in _list(own.get("publication-types"))
    if told.get(found.kind) or (found.kind is NoticeKind.CONCERN and retracted):
        return None
    return {"kind": found.kind.value, "text": _where(found, doi)}


def _where(notice: Notice, doi: str) -> str:
    """The DOI of the notice, which readers can open; it is no news where the paper's own DOI now leads to it."""
    match = _NOTICE_DOI.search(notice.text)
    said = doi_of(match[1]) if match else None
    return f"doi:{said}" if said and said.lower() != doi.lower() else ""


def _text(csl: Mapping[str, Any], name: str) -> str:
    value = csl.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - any shape
    return list(value) if isinstance(value, list | tuple) else []


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()
