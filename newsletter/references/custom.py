"""What PubMed says of a paper beyond CSL's own fields, kept under CSL's `custom`: its kinds, and notices about it."""

from __future__ import annotations

from typing import Any

from newsletter.references.identifiers import pmid_of
from newsletter.references.text import imported

#: what a notice can be; model/notice.py has the same words
NOTICE_KINDS = frozenset({"retraction", "concern", "correction", "reinstatement"})
_MOST = 100
_LONGEST = 1000


def custom_of(value: Any) -> dict[str, Any] | None:  # noqa: ANN401 - whatever a file holds
    """The known parts in their shape, every text cleaned; None when nothing is left. Others' extras are no mistake."""
    if not isinstance(value, dict):
        return None
    kinds = [text for item in _list(value.get("publication-types")) if (text := _text(item))]
    notices = [notice for item in _list(value.get("notices")) if (notice := _notice(item))]
    known = {"publication-types": list(dict.fromkeys(kinds)), "notices": notices}
    return {name: part for name, part in known.items() if part} or None


def _notice(item: Any) -> dict[str, str] | None:  # noqa: ANN401 - whatever a file holds
    kind = item.get("kind") if isinstance(item, dict) else None
    if not isinstance(kind, str) or kind not in NOTICE_KINDS:
        return None
    pmid = pmid_of(_text(item.get("PMID")))
    notice = {"kind": kind, "text": _text(item.get("text")), "PMID": pmid or ""}
    return {name: text for name, text in notice.items() if text}


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - whatever a file holds
    return value[:_MOST] if isinstance(value, list) else []


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a file holds
    return imported(str(value))[:_LONGEST] if isinstance(value, str | int) and not isinstance(value, bool) else ""
