"""References -> the text of a file that other programs read: CSL-JSON (everything), BibTeX and RIS (what they can hold)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from newsletter.model.reference import Reference

#: fields in the order in which people read them; the others follow by their names
_FIRST = (
    "id",
    "type",
    "title",
    "author",
    "editor",
    "container-title",
    "container-title-short",
    "issued",
    "available-date",
    "published-print",
    "volume",
    "issue",
    "number",
    "page",
    "DOI",
    "PMID",
    "PMCID",
    "URL",
)
_NAMES = {"bibtex": "BibTeX", "ris": "RIS"}
#: keys that a message names
_MOST_NAMED = 10
_PLACE = {name: place for place, name in enumerate(_FIRST)}


def export(references: Iterable[Reference], format: str) -> str:  # noqa: A002 - as users call it
    """The text of a file in one of FORMATS, its last line ended. The same references always give the same text.

    Raises:
        KeyError: no such format.
    """
    return _WRITERS[format](references)


def csl_json(references: Iterable[Reference]) -> str:
    """As the library itself is stored: one entry after another, every key in its place."""
    entries = [ordered({**reference.csl, "id": reference.key}) for reference in references]
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def ordered(csl: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its keys in the order of the store."""
    return {name: csl[name] for name in sorted(csl, key=lambda name: (_PLACE.get(name, len(_PLACE)), name))}


def left_out(references: Iterable[Reference], format: str) -> str:  # noqa: A002 - as users call it
    """What other programs will not know, in words: that a source was retracted, doubted or corrected."""
    if format == "csl-json":
        return ""
    keys = [one.key for one in references if _has_notices(one.csl.get("custom"))]
    if not keys:
        return ""
    named = ", ".join(keys[:_MOST_NAMED]) + (
        f" and {len(keys) - _MOST_NAMED:,} more" if len(keys) > _MOST_NAMED else ""
    )
    return (
        f"{_NAMES[format]} has no field for what became of a source. Left out are the notices of retraction, concern or "
        f"correction of: {named}. CSL-JSON keeps them."
    )


def _has_notices(custom: Any) -> bool:  # noqa: ANN401 - any shape
    return isinstance(custom, dict) and bool(
        custom.get("notices") or "Retracted Publication" in custom.get("publication-types", ())
    )


def _bibtex(references: Iterable[Reference]) -> str:
    from newsletter.references.formats.exports_bibtex import bibtex

    return bibtex(references)


def _ris(references: Iterable[Reference]) -> str:
    from newsletter.references.formats.exports_ris import ris

    return ris(references)


_WRITERS: Mapping[str, Callable[[Iterable[Reference]], str]] = {"csl-json": csl_json, "bibtex": _bibtex, "ris": _ris}
FORMATS = tuple(_WRITERS)
