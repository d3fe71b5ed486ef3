"""What citeproc prints -> one tidy line: repeated titles, links and colliding punctuation removed.

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
_STOP_BEFORE = re.compile(r"\.(?=;)")
_DOUBLE = re.compile(r"([,;])(?:\s*\1)+")
_ENDS = frozenset(".?!…")


def tidy(text: str) -> str:
    """One line that ends a sentence, or nothing."""
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
    return _ended(text.strip().strip(",;: "))


def _without_links(text: str) -> str:
    text = _RESOLVER.sub("", text)
    return _LINK.sub("", _LED_TO.sub(rf"\1{marks.URL}", text))


def _ended(text: str) -> str:
    visible = marks.without(text).rstrip("”’\"')]")
    if not marks.without(text):
        return ""
    return text if visible[-1:] in _ENDS and marks.without(text)[-1] not in ")]" else f"{text}."


def without_second_title(text: str, title: str) -> str:
    """Styles that put the title in the place of the author print it again, since citeproc forgets that it did."""
    if not title or not text.lstrip(_OPEN).startswith(title):
        return text
    again = re.compile(rf"(?<=\s)[{_OPEN}]*{re.escape(title)}[{_CLOSE}]*[.,]?(?=\s|$)")
    second = again.search(text, text.index(title) + len(title))
    return text[: second.start()] + text[second.end() :] if second else text
