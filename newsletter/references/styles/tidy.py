"""What citeproc prints -> one tidy line: links and colliding punctuation removed.

DOI and URL are marks here (marks.py); they go, together with the words that lead to them: "Available from:".
"""

from __future__ import annotations

import re

from newsletter.references import marks

_OPEN = "".join(marks.OPEN.values())
_CLOSE = "".join(marks.CLOSE.values())
_LINKS = marks.DOI + marks.URL

_RESOLVER = re.compile(rf"https?://(?:dx\.)?doi\.org/(?=[{_LINKS}])")
#: from the last punctuation to the link, unless figures or formatting stand between: those may be content
_LED_TO = re.compile(rf"(^|[.,;)\]?!”»(\[{_CLOSE}])[^.,;()\[\]?!”»\d{_OPEN}{_CLOSE}{_LINKS}]{{0,40}}[{_LINKS}]\.?")
_LINK = re.compile(rf"\(\s*[{_LINKS}]\s*\)|\[\s*[{_LINKS}]\s*\]|[{_LINKS}]")
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE = re.compile(rf"\s+(?=[{_CLOSE}]*[.,](?:\s|$))")
#: a stop after a mark that already ends the sentence; two dots that are not part of three; a stop before ;
_AFTER_END = re.compile(rf"([?!…][”’]?[{_CLOSE}]*)\.(?!\.)")
_TWO_DOTS = re.compile(rf"(?<!\.)\.([{_CLOSE}]*)\.(?!\.)")
_STOP_BEFORE = re.compile(r"\.(?=;)|[,;:]\s*(?=\.(?:\s|$))")
_DOUBLE = re.compile(r"([,;:])(?:\s*[,;:])+")
_BEFORE_QUOTE = re.compile(rf"([^”’])([{_CLOSE}]*’?”[{_CLOSE}]*)([.,])(?=[{_OPEN}\s]|$)")
_ENDS = frozenset(".?!…")


def tidy(text: str, *, stops_in_quotes: bool = False) -> str:
    """One line that ends a sentence, or nothing. Americans put commas and full stops within quotation marks."""
    text = _without_links(_SPACES.sub(" ", text))
    for pattern, replacement in (
        (_SPACES, " "),
        (_SPACE_BEFORE, ""),
        (_AFTER_END, r"\1"),
        (_TWO_DOTS, r".\1"),
        (_STOP_BEFORE, ""),
        (_DOUBLE, r"\1"),
    ):
        text = pattern.sub(replacement, text)
    line = _ended(text.strip().strip(",;: "))
    return _BEFORE_QUOTE.sub(_within, line) if stops_in_quotes else line


def _within(match: re.Match[str]) -> str:
    before, quotes, stop = match.groups()
    return before + quotes if before in _ENDS else before + stop + quotes


def _without_links(text: str) -> str:
    text = _RESOLVER.sub("", text)
    return _LINK.sub("", _LED_TO.sub(rf"\1{marks.URL}", text))


def _ended(text: str) -> str:
    visible = marks.without(text).rstrip("”’\"')]")
    if not marks.without(text):
        return ""
    return text if visible[-1:] in _ENDS and marks.without(text)[-1] not in ")]" else f"{text}."
