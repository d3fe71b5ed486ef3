"""The fields of one BibTeX entry as CSL-JSON, LaTeX decoded. Names are split first, since braces mean something in them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import Entry, Field

from newsletter.model.problem import error
from newsletter.references.dates import month_of

if TYPE_CHECKING:
    from newsletter.model.problem import Place, Problem

_TYPES = {
    "article": "article-journal",
    "book": "book",
    "booklet": "pamphlet",
    "collection": "book",
    "conference": "paper-conference",
    "dataset": "dataset",
    "electronic": "webpage",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "manual": "report",
    "mastersthesis": "thesis",
    "misc": "document",
    "online": "webpage",
    "patent": "patent",
    "periodical": "periodical",
    "phdthesis": "thesis",
    "proceedings": "book",
    "report": "report",
    "software": "software",
    "techreport": "report",
    "thesis": "thesis",
    "unpublished": "manuscript",
    "www": "webpage",
}
_GENRES = {"phdthesis": "Dissertation", "mastersthesis": "Master’s thesis"}
_FIELDS = {
    "abstract": "abstract",
    "address": "publisher-place",
    "author": "author",
    "booktitle": "container-title",
    "chapter": "chapter-number",
    "date": "issued",
    "doi": "DOI",
    "edition": "edition",
    "editor": "editor",
    "eid": "number",
    "eventtitle": "event-title",
    "institution": "publisher",
    "isbn": "ISBN",
    "issn": "ISSN",
    "issue": "issue",
    "journal": "container-title",
    "journaltitle": "container-title",
    "keywords": "keyword",
    "langid": "language",
    "location": "publisher-place",
    "note": "note",
    "number": "number",
    "organization": "publisher",
    "pages": "page",
    "pmcid": "PMCID",
    "pmid": "PMID",
    "publisher": "publisher",
    "school": "publisher",
    "series": "collection-title",
    "shortjournal": "container-title-short",
    "shorttitle": "title-short",
    "title": "title",
    "translator": "translator",
    "type": "genre",
    "url": "URL",
    "urldate": "accessed",
    "version": "version",
    "volume": "volume",
    "year": "issued",
}
_NAME_FIELDS = ("author", "editor", "translator")
#: never LaTeX text: a `%` or `~` in them means itself
_VERBATIM = ("doi", "url", "pmid", "pmcid")
#: types whose `number` is the issue of a journal
_HAS_ISSUES = frozenset({"article", "periodical"})

_FORMATS = {"textit": "i", "emph": "i", "textsl": "i", "textbf": "b", "textsuperscript": "sup", "textsubscript": "sub"}
_FORMATTED = re.compile(r"\\(" + "|".join(_FORMATS) + r")\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_RAISED = re.compile(r"\$\s*([\^_])\s*(?:\{([^{}$]*)\}|(\w))\s*\$")
#: has nothing that LaTeX would read otherwise
_PLAIN = re.compile(r"[^\\{}$%&~^_#'`\"-]*")
_BARE = re.compile(r"(?<!\\)[%&#]")
_ESCAPED = re.compile(r"\\([%&#_~$])")
#: signs that the decoder must not see, as private characters meanwhile
_SIGN = re.compile(r"\\(\{|\}|(?:textbraceleft|textbraceright|textasciicircum)(?![A-Za-z]))(?:\{\})?")
_SIGNS = dict(
    zip(("{", "}", "textbraceleft", "textbraceright", "textasciicircum"), "\ue020\ue021\ue020\ue021\ue022", strict=True)
)
_KEPT = str.maketrans("\ue020\ue021\ue022", "{}^")
_URL_MACRO = re.compile(r"\\url\s*\{([^{}]*)\}")
_CORPORATE = re.compile(r"\{(.*)\}", re.DOTALL)


def csl_name(field: str) -> str:
    """What a BibTeX field is called in CSL."""
    return _FIELDS.get(field, field)


def csl_of(entry: Entry, at: Place) -> tuple[dict[str, Any], list[Problem]]:
    """The entry as CSL-JSON; names that cannot be split are problems."""
    raw = {field.key: str(field.value) for field in entry.fields}
    problems: list[Problem] = []
    names = {name: _names(name, raw.pop(name), at, problems) for name in _NAME_FIELDS if name in raw}
    verbatim = {name: _verbatim(raw.pop(name)) for name in _VERBATIM if name in raw}
    howpublished = _URL_MACRO.search(raw.get("howpublished", ""))
    texts = _decoded(raw)
    csl: dict[str, Any] = {"id": entry.key, "type": _type(entry.entry_type.lower(), texts, verbatim)}
    if entry.entry_type.lower() in _GENRES:
        csl["genre"] = _GENRES[entry.entry_type.lower()]
    csl |= {_FIELDS[name]: text for name, text in {**texts, **verbatim}.items() if name in _FIELDS}
    if howpublished and "URL" not in csl:
        csl["URL"] = _verbatim(howpublished[1])
    if entry.entry_type.lower() in _HAS_ISSUES and "number" in texts:
        csl["issue"] = texts["number"]
        csl["number"] = texts.get("eid", "")
    if subtitle := texts.get("subtitle"):
        csl["title"] = f"{csl.get('title', '')}: {subtitle}"
    return {**csl, **names, **_issued(texts)}, problems


def _type(written: str, texts: dict[str, str], verbatim: dict[str, str]) -> str:
    kind = _TYPES.get(written, written)
    has_page = "url" in verbatim or "url" in texts.get("howpublished", "") or "http" in texts.get("howpublished", "")
    return "webpage" if kind == "document" and has_page and "doi" not in verbatim else kind


def _issued(texts: dict[str, str]) -> dict[str, Any]:
    """`date` of BibLaTeX, or `year` with `month` and `day`."""
    if "date" in texts or not texts.get("year", "").strip().isdecimal():
        written = texts.get("date") or texts.get("year")
        return {"issued": written} if written else {}
    parts = [int(texts["year"][:9]), month_of(texts.get("month", "")), texts.get("day")]
    known = [part for part in parts if part]
    return {"issued": {"date-parts": [known if all(parts[: len(known)]) else parts[:1]]}}


def _verbatim(text: str) -> str:
    text = _URL_MACRO.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text).replace("{", "").replace("}", "")


def _names(name: str, text: str, at: Place, problems: list[Problem]) -> list[dict[str, str]]:
    names = []
    for written in split_multiple_persons_names(text):
        try:
            names.append(_person(written))
        except InvalidNameError as why:
            message = f"`{name}` has a name that cannot be split: {written[:80]} ({why.reason.lower()})"
            fix = "Put `and` between names, and write each as `Family, Given`; put the name of a group in braces."
            problems.append(error("reference-names", at, message, fix))
            names.append({"literal": next(iter(_decoded({"name": written}).values()))})
    return names


def _person(written: str) -> dict[str, str]:
    if group := _CORPORATE.fullmatch(written.strip()):
        return {"literal": _decoded({"name": group[1]})["name"]}
    parts = parse_single_name_into_parts(written)
    pieces = {
        "given": " ".join(parts.first),
        "non-dropping-particle": " ".join(parts.von),
        "family": " ".join(parts.last),
        "suffix": " ".join(parts.jr),
    }
    return {name: text for name, text in _decoded(pieces).items() if text}


def _decoded(texts: dict[str, str]) -> dict[str, str]:
    """LaTeX as plain text with `<i>`, `<b>`, `<sup>`, `<sub>`; what cannot be decoded stays as it is."""
    latex = [Field(key=name, value=_prepared(text)) for name, text in texts.items() if not _PLAIN.fullmatch(text)]
    # an entry that fails is changed in place as far as it could be
    _decoder().transform_entry(Entry(entry_type="misc", key="", fields=latex), Library())
    return texts | {field.key: str(field.value).translate(_KEPT) for field in latex}


@cache
def _decoder() -> LatexDecodingMiddleware:
    return LatexDecodingMiddleware(keep_math_mode=False)


def _prepared(text: str) -> str:
    # the decoder drops all braces, and takes the circumflex for an accent
    text = _SIGN.sub(lambda match: _SIGNS[match[1]], text)
    # bare, LaTeX would drop a & and take a % for a comment that swallows the rest; reference managers write both
    text = _BARE.sub(r"\\\g<0>", text)
    text = _FORMATTED.sub(lambda match: f"<{_FORMATS[match[1]]}>{match[2]}</{_FORMATS[match[1]]}>", text)
    return _RAISED.sub(lambda match: _raised("sup" if match[1] == "^" else "sub", match[2] or match[3]), text)


def _raised(tag: str, text: str) -> str:
    return f"<{tag}>{text}</{tag}>"
