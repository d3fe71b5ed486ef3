"""One `<record>` of EndNote XML as the tags of RIS that mean the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.references.formats.tagged import TaggedEntry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

    from newsletter.model.problem import Place

#: path within the record -> tag of RIS
_TAGS: Mapping[str, str] = {
    "contributors/authors/author": "AU",
    "contributors/secondary-authors/author": "A2",
    "contributors/tertiary-authors/author": "A3",
    "contributors/subsidiary-authors/author": "A4",
    "titles/title": "TI",
    "titles/secondary-title": "T2",
    "titles/tertiary-title": "T3",
    "titles/alt-title": "J2",
    "titles/short-title": "ST",
    "periodical/full-title": "JF",
    "periodical/abbr-1": "JA",
    "alt-periodical/abbr-1": "J2",
    "pages": "SP",
    "volume": "VL",
    "number": "IS",
    "issue": "IS",
    "num-vols": "NV",
    "edition": "ET",
    "keywords/keyword": "KW",
    "dates/year": "PY",
    "dates/pub-dates/date": "DA",
    "pub-location": "CY",
    "publisher": "PB",
    "isbn": "SN",
    "accession-num": "AN",
    "electronic-resource-num": "DO",
    "abstract": "AB",
    "notes": "N1",
    "label": "LB",
    "work-type": "M3",
    "remote-database-name": "DB",
    "remote-database-provider": "DP",
    "language": "LA",
    "access-date": "Y2",
    "custom2": "C2",
    "custom7": "C7",
    "urls/web-urls/url": "UR",
    "urls/related-urls/url": "UR",
}
#: EndNote writes several ISSNs into one field
_FIRST_WORD = frozenset({"SN"})
#: what a `<style face>` is in CSL; "bold italic" is both
_FACES = {"italic": "i", "bold": "b", "superscript": "sup", "subscript": "sub"}
_FORMATTED = frozenset({"TI", "T2", "AB"})


def entry_of(record: etree._Element, at: Place) -> TaggedEntry:
    """The record's fields under the tags of RIS; `at` is where it begins in the file."""
    entry = TaggedEntry(at.line, at.column)
    kind = record.find("ref-type")
    entry.add("TY", "" if kind is None else kind.get("name") or "", at.line)
    for path, tag in _TAGS.items():
        for element in record.iterfind(path):
            text = _formatted(element) if tag in _FORMATTED else _text(element)
            if tag in _FIRST_WORD:
                text = (text.split(maxsplit=1) or [""])[0]
            entry.add(tag, " ".join(text.split()), at.line + (_line(element) or 1) - 1)
    return entry


def _line(element: etree._Element) -> int | None:
    return getattr(element, "sourceline", None)


def _text(element: etree._Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _formatted(element: etree._Element) -> str:
    """The text with CSL's tags; all in one face says nothing (EndNote marks headings of its own so)."""
    pieces = [(element.text or "", "")]
    for style in element.iterchildren("style"):
        pieces += [(_text(style), style.get("face") or ""), (style.tail or "", "")]
    pieces = [(text, face) for text, face in pieces if text.strip()] if len(pieces) < 4 else pieces
    if len(pieces) == 1:
        return pieces[0][0]
    return "".join(_in_face(text, face) for text, face in pieces)


def _in_face(text: str, face: str) -> str:
    tags = [tag for name, tag in _FACES.items() if name in face.split()] if text.strip() else []
    return "".join(f"<{tag}>" for tag in tags) + text + "".join(f"</{tag}>" for tag in reversed(tags))
