"""The authors of a citation as they stand in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.model.document import Citation
    from newsletter.model.reference import Reference


def authors_of(citation: Citation, library: Mapping[str, Reference]) -> str:
    """Of all its sources."""
    return " ".join(_authors(item.key, library.get(item.key)) for item in citation.items) or "…"


def _authors(key: str, reference: Reference | None) -> str:
    """`Sample`, `Sample and Example`, `Sample et al`; the key where nobody is known."""
    people = reference.csl.get("author") if reference else None
    names = [_family(one) for one in people if isinstance(one, dict)] if isinstance(people, list) else []
    match [name for name in names if name]:
        case [one]:
            return one
        case [one, two]:
            return f"{one} and {two}"
        case [one, *_]:
            return f"{one} et al"
        case _:
            return f"@{key}"


def _family(name: Mapping[str, object]) -> str:
    family = name.get("family")
    parts = (name.get("non-dropping-particle"), family) if family else (name.get("literal"),)
    return " ".join(" ".join(part.split()) for part in parts if isinstance(part, str) and part.strip())
