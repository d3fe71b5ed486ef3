"""An item as citeproc reads it: with the fields that it does not know, and under both spellings of their names."""

from __future__ import annotations

from typing import Any

from citeproc import VARIABLES, Citation, CitationItem
from citeproc.source.json import CiteProcJSON

_KNOWN = frozenset(VARIABLES) | {"id", "type", "language"}
_NAMES_TOO, _DATES_TOO = frozenset({"director", "reviewed-author"}), frozenset({"available-date"})


class _Keys:
    """What a citation asks its bibliography for: there is one item, and nobody prints its number."""

    def __init__(self, source: CiteProcJSON, key: str) -> None:
        self.source = source
        self.keys = [key]


def cited(item: dict[str, Any]) -> Any:  # noqa: ANN401 - citeproc's CitationItem
    """The item, ready to be printed by a layout."""
    known = {name: value for name, value in item.items() if name.replace("-", "_") in _KNOWN}
    source = CiteProcJSON([known])
    citation_item = CitationItem(item["id"])
    citation = Citation([citation_item])
    citation.bibliography = _Keys(source, citation_item.key)
    reference = source[citation_item.key]
    for name in item.keys() - known.keys():
        reference[name.replace("-", "_")] = _parsed(source, name, item[name])
    # some of its elements look for `number-of-pages`, others for `number_of_pages`
    for name in item:
        if "-" in name and (under := name.replace("-", "_")) in reference:
            reference[name] = reference[under]
    return citation_item


def _parsed(source: CiteProcJSON, name: str, value: Any) -> Any:  # noqa: ANN401 - citeproc's types
    if name in _NAMES_TOO:
        return source.parse_names(value)
    return source.parse_date(value) if name in _DATES_TOO else source.parse_string(value)
