"""Page ranges with plain hyphens and in full: `889–94` is 889-894, `1-1` is 1. AMA Manual of Style 11, 3.11.5."""

from __future__ import annotations

import re

_DASHES = re.compile(r"\s*(?:--+|[\u2010-\u2015\u2212-])\s*")
_LABEL = re.compile(r"pp?(?:\.\s*|\s+)(?=\w)")
_RANGE = re.compile(r"([A-Za-z]{0,4})(\d{1,12})-([A-Za-z]{0,4})(\d{1,12})")


def full_range(pages: str) -> str:
    """The pages in their one spelling; several ranges are kept apart by their commas."""
    pages = _LABEL.sub("", pages.strip(), count=1) if pages.strip().startswith("p") else pages
    return ", ".join(_expanded(_DASHES.sub("-", part.strip())) for part in pages.split(",") if part.strip())


def _expanded(part: str) -> str:
    match = _RANGE.fullmatch(part)
    if not match:
        return part
    letters, first, last_letters, last = match.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    if last_letters not in {"", letters} or int(last) < int(first):
        return part
    return f"{letters}{first}" if last == first else f"{letters}{first}-{letters}{last}"
