"""Untrusted text of imported records, made fit to print: without control characters, entities decoded, quotes curled.

Only balanced `<i>`, `<b>`, `<sub>` and `<sup>` mean anything; every other `<` is a plain character that the renderer escapes.
"""

from __future__ import annotations

import html
import re
import unicodedata

from newsletter.references import marks

#: characters of a field; more is a quotation mark forgotten, or an attack
LONGEST = 20_000

#: embeddings, overrides and isolates turn the text around them; soft hyphens, zero-width spaces and BOMs come from PDFs
_INVISIBLE = frozenset("\u00ad\u200b\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SPACE_LIKE = frozenset({"Cc", "Zl", "Zp"})
#: lone surrogates, and private characters: marks.py keeps those for itself
_FORBIDDEN = frozenset({"Cs", "Co"})

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_FOREIGN_TAG = re.compile(r"</?(?:jats|mml):[^<>]*>|</?(?:p|br|div|li|ol|ul|sec|scp|inline-formula)(?:\s[^<>]*)?/?>")
#: JATS's name for a formatting of ours
_JATS_FORMAT = re.compile(r"<(/?)(?:jats:)?(italic|bold|jats:sub|jats:sup)>")
_FORMATS = {"italic": "i", "bold": "b", "jats:sub": "sub", "jats:sup": "sup"}
#: what such a tag is, when it parts words
_PARTS_WORDS = re.compile(r"</?(?:jats:)?(?:p|br|div|li|list-item|ol|ul|sec|title)\b")
#: the spans that CSL-JSON allows; they carry nothing that a reader sees
_SPAN = re.compile(r"<span (?:class=\"nocase\"|style=\"font-variant: ?small-caps;\")>((?:(?!</?span).)*)</span>")
_TAG = re.compile(r"<(/?)(i|em|b|strong|sub|sup)>")
#: no honest title has more
_MOST_TAGS = 200
_SAME_AS = {"em": "i", "strong": "b"}

_OPENS_AFTER = frozenset("([{-–—/=“‘„«")


def clean(text: str) -> str:
    """One line of NFC text, cut at LONGEST, without control characters, direction overrides and invisible left-overs."""
    text = unicodedata.normalize("NFC", text[:LONGEST])
    if not text.isprintable():
        text = "".join(_harmless(character) for character in text)
    return " ".join(text.split())


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACE_LIKE:
        return " "
    return "" if category in _FORBIDDEN or character in _INVISIBLE else character


def imported(text: str) -> str:
    """Clean text as Crossref and others export it: the tags of JATS, MathML and paragraphs dropped, entities decoded once."""
    text = text[: 2 * LONGEST]
    if "<" in text:
        text = _JATS_FORMAT.sub(lambda match: f"<{match[1]}{_FORMATS[match[2]]}>", text)
        text = _FOREIGN_TAG.sub(lambda match: " " if _PARTS_WORDS.match(match[0]) else "", text)
    return clean(decode_entities(text))


def decode_entities(text: str) -> str:
    """`&amp;` and the like, decoded once; `&copy` without a semicolon is part of a text and stays."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text)


def marked(text: str) -> str:
    """Clean text with balanced formatting tags as marks (marks.py) and typographic quotes."""
    return curled(_with_marks(_SPAN.sub(r"\1", clean(text))))


def plain(text: str) -> str:
    """The same without any formatting."""
    return marks.without(marked(text))


def _with_marks(text: str) -> str:
    tags = list(_TAG.finditer(text))
    if len(tags) > _MOST_TAGS:
        return text
    pieces, end = [], 0
    for tag, mark in zip(tags, _balanced(tags), strict=True):
        pieces += [text[end : tag.start()], mark or tag[0]]
        end = tag.end()
    return "".join([*pieces, text[end:]])


def _balanced(tags: list[re.Match[str]]) -> list[str | None]:
    """For each tag its mark, or None when it has no partner."""
    found: list[str | None] = [None] * len(tags)
    open_tags: list[int] = []
    for index, tag in enumerate(tags):
        if not tag[1]:
            open_tags.append(index)
            continue
        partner = next((i for i in reversed(open_tags) if tags[i][2] == tag[2]), None)
        if partner is not None:
            name = _SAME_AS.get(tag[2], tag[2])
            found[partner], found[index] = marks.OPEN[name], marks.CLOSE[name]
            # what was opened in between has lost its partner
            open_tags = open_tags[: open_tags.index(partner)]
    return found


def curled(text: str) -> str:
    """Straight quotes as typographic ones; marks do not count as neighbours."""
    if '"' not in text and "'" not in text:
        return text
    output: list[str] = []
    before = ""
    for index, character in enumerate(text):
        curly = _curly(character, before, text[index + 1 : index + 2])
        output.append(curly)
        before = before if marks.is_mark(character) else curly
    return "".join(output)


def _curly(character: str, before: str, after: str) -> str:
    if character not in "\"'":
        return character
    opens = not before or before.isspace() or before in _OPENS_AFTER
    if character == '"':
        return "“" if opens else "”"
    return "‘" if opens and not after.isdigit() else "’"
