"""The fields of a reference as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.cli.references.marks import marked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.model.notice import NoticeKind
    from newsletter.model.reference import Reference


def fields(reference: Reference, kind: NoticeKind | None = None) -> Iterator[tuple[str, str]]:
    """Names and values in the order of the record; the title says what became of it."""
    for name, value in reference.csl.items():
        if name == "custom" and isinstance(value, dict):
            yield from _custom(value)
        elif name == "title":
            yield name, marked(_words(value), kind)
        elif name != "id":
            yield name, _words(value)


def _custom(custom: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What PubMed says beyond CSL's own fields."""
    if kinds := custom.get("publication-types"):
        yield "publication types", "; ".join(map(str, kinds))
    for notice in custom.get("notices", ()):
        number = f"PMID {notice['PMID']}" if notice.get("PMID") else ""
        yield notice["kind"], ", ".join(part for part in (str(notice.get("text", "")).rstrip(" ."), number) if part)


def _words(value: Any) -> str:  # noqa: ANN401 - any field
    """Names and dates as people write them."""
    from newsletter.references.names import are_others, printable_name

    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        names = ["and others" if are_others(one) else ", ".join(printable_name(one).values()) for one in value]
        return "; ".join(names)
    if isinstance(value, dict) and "date-parts" in value:
        return " to ".join("-".join(f"{part:02}" for part in parts) for parts in value["date-parts"])
    if isinstance(value, dict) and "literal" in value:
        return str(value["literal"])
    return str(value)
